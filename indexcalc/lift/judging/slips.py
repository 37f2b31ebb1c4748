"""What is wrong with code that is refuted: the small change of it that makes it right, confirmed like any code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from indexcalc.audit.proving.proof import Verdict
from indexcalc.budget import SpentError, limited, spend
from indexcalc.errors import IndexcalcError
from indexcalc.lift.errors import LiftError
from indexcalc.lift.judging.edits import edits
from indexcalc.lift.judging.onehot import with_ranges
from indexcalc.sheet import Sheet
from indexcalc.terms import Index, Term
from indexcalc.verify.evaluator import World
from indexcalc.verify.reference import evaluate
from indexcalc.verify.samples import sample

MOST = 250  # changes that are tried
TOLERANCE = 1e-6

Reading = Callable[[str], Term | None]  # code -> its term along the axes of the formula; none for another shape
Judge = Callable[[str], Verdict]


def explained(
    verdict: Verdict,
    code: str,
    formula: tuple[Term, tuple[Index, ...], Sheet],
    read: Reading,
    judge: Judge,
    names: tuple[Sequence[str], Sequence[str]],
) -> Verdict:
    """A refutation with what is wrong and the statement as it should be, where a small change makes the code right."""
    term, axes, sheet = formula
    try:
        world = sample(sheet, (term,), 0)
        wanted = np.asarray(evaluate(term, world, axes))
    except (IndexcalcError, FloatingPointError):
        return verdict
    try:
        with limited():  # all of them together
            for edit in islice(edits(code, *names), MOST):
                try:
                    found = read(edit.code)
                except (LiftError, IndexcalcError, RecursionError):
                    continue
                same = found is not None and _same(found, world, axes, wanted)
                if same and str(judge(edit.code)) in ("proved", "agrees"):
                    return replace(verdict, reason=f"{verdict.reason}; {edit.sentence}", fix=edit.fix)
    except SpentError:
        pass
    return verdict


ELEMENTS = 100  # that are evaluated for one unit of work


def _work(term: Term, world: World) -> int:
    """The units of work that an evaluation may take: all places of all indices."""
    places = 1
    for index in term.indices:
        places *= max(world.sizes.get(index.range, 3), 1)
    return 1 + min(places, 10**9) // ELEMENTS


def _same(term: Term, world: World, axes: tuple[Index, ...], wanted: np.ndarray) -> bool:
    """Whether a term has the values of the formula on a sample."""
    spend(_work(term, world))
    try:
        world = with_ranges(world, world.sheet, term)
        value = np.asarray(evaluate(term, world, axes))
    except (IndexcalcError, FloatingPointError, KeyError):  # KeyError: a range that the formula does not have
        return False
    if value.shape != wanted.shape or not np.isfinite(value).all():
        return False
    return bool(np.abs(value - wanted).max(initial=0.0) <= TOLERANCE * max(np.abs(wanted).max(initial=0.0), 1e-9))
