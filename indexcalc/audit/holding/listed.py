r"""Names of which the text lists the elements as numbers: w = [1, 0, 0], a matrix that is written out.

What is said of them behind it is meant of these numbers: nothing that differs for other ones is refuted. Nor is what
differs only if small letters are no elements of the capital beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.audit.comparing.worlds import world_of
from indexcalc.audit.fields.refuted import Refuted
from indexcalc.notation.formula import Bracket, Formula, Name, Numeral, Scripted, Sequence, Signed, Table

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge


def listed(refuted: Refuted) -> str:
    """Why a difference says nothing where the text lists the elements of a name that stands in it, before it."""
    judge, place = refuted.judge, refuted.statement.start
    given = {name: judge.lines.at(start)[0] for name, start in given_as_numbers(judge).items() if start <= place}
    if not given:
        return ""
    world = world_of(judge.meanings, [refuted.left.term, refuted.right.term], place)
    name = min(world.leaves & given.keys(), default="")
    if not name:
        return ""
    return f"the elements of {name} are listed in line {given[name]}, and nothing is calculated with them"


def given_as_numbers(judge: Judge) -> dict[str, int]:
    """The names of which the text lists the elements as numbers, and where."""
    given: dict[str, int] = {}
    for statement in judge.statements:
        for one, link, other in zip(statement.sides, statement.links, statement.sides[1:], strict=False):
            if link.kind not in ("equality", "definition"):
                continue  # a set of values
            use = judge.known.use(one.formula) if isinstance(one.formula, Name | Scripted) else None
            if use is not None and _is_list_of_numbers(other.formula):
                given[use.name] = statement.start
    return given


def of_a_capital(refuted: Refuted) -> str:
    """Why a difference says nothing where one side alone speaks of the x_i, and of X too: they may be its elements."""
    judge, place = refuted.judge, refuted.statement.start
    world = world_of(judge.meanings, [refuted.left.term, refuted.right.term], place)
    reached = [
        {each for name in side.term.symbols for each in (name, *world.made_of(name))}
        for side in (refuted.left, refuted.right)
    ]
    own, other = (each & world.leaves for each in reached)
    for name in sorted(own ^ other):
        capital = name[:1].upper() + name[1:]
        if capital == name or name in judge.known.declared:
            continue
        is_beside = capital in own & other and bool(judge.known.count(name))
        is_opposite = capital in reached[name in own] and capital not in reached[name not in own]
        if is_beside or is_opposite:
            return f"nothing says whether {name} are the elements of {capital}"
    return ""


def _is_list_of_numbers(formula: Formula) -> bool:
    """Whether a formula is a list or a matrix of nothing but numbers; some write a transposition behind it."""
    body = formula.base if isinstance(formula, Scripted) else formula
    inner = body.body if isinstance(body, Bracket) else body
    entries: tuple[Formula, ...] = ()
    if isinstance(inner, Table):
        entries = tuple(each for row in inner.rows for each in row)
    elif isinstance(inner, Sequence) and isinstance(body, Bracket):
        entries = inner.items
    return bool(entries) and all(_is_number(each) for each in entries)


def _is_number(formula: Formula) -> bool:
    return isinstance(formula.body if isinstance(formula, Signed) else formula, Numeral)
