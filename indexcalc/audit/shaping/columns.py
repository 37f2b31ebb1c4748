r"""Vectors that are taken for rows so that formulas fit, where definitions make them columns: p = s(z), z = W h + b.

Such a formula may lack a transposition: what it says as it stands is not confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from indexcalc.audit.shaping.choices import CHOSEN, MATRIX
from indexcalc.context.spoken import names_of, whole_names
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Formula

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge


def column_for_row(judge: Judge, formulas: Iterable[Formula], place: int) -> str:
    """The vector that stands as a whole in formulas at a place, is taken for a row, and is a column; empty if none."""
    known = judge.known
    names = {name for formula in formulas for name in whole_names(formula, known)}
    rows = (name for name in sorted(names) if known.has(name, CHOSEN) and known.has(name, "row"))
    return next((name for name in rows if _is_column(judge, name, place, set())), "")


def _is_column(judge: Judge, name: str, place: int, seen: set[str]) -> bool:
    """Whether the definition of a name multiplies a matrix by a column, itself or through what it speaks of."""
    found = judge.meanings.find(name, place)
    if name in seen or found is None or found[0].given is not None or found[0].use.indices:
        return False
    seen.add(name)
    kept = judge.meanings.keep()
    value = judge.value(found[0].body, judge.meanings.scope(found[0].place))
    judge.meanings.restore(kept)
    if not isinstance(value, Value) or (value.order, value.stands) != (1, "column"):
        return False
    inner = names_of(found[0].body, judge.known)
    return any(judge.known.rank(each) == MATRIX for each in inner) or any(
        _is_column(judge, each, found[0].place, seen) for each in sorted(inner)
    )
