"""What the tests of the core compare with: the reference evaluator on random numbers, all sizes different."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from indexcalc.api import derive
from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import parse_sheet, read_expression
from indexcalc.results import Derivation, Expression
from indexcalc.sheet import Sheet
from indexcalc.terms import Derivative, Index, Term
from indexcalc.verify.reference import evaluate
from indexcalc.verify.samples import sample
from indexcalc.walk import holds, subterms
from tests.strategies import random_problem

SEEDS = (0, 1)
EXACT, OF_DIFFERENCES = 1e-9, 1e-5  # of the largest value


def term_of(sheet: str | Sheet, text: str) -> Term:
    """The term of an expression."""
    return read(sheet, text).term


def read(sheet: str | Sheet, text: str) -> Expression:
    """An expression with its axes, and the sheet that knows its letters."""
    reading = read_expression(parse_sheet(sheet) if isinstance(sheet, str) else sheet, text)
    return Expression(reading.term, reading.sheet, reading.axes)


def assert_same_values(
    first: Term, others: Iterable[Term], sheet: Sheet, axes: tuple[Index, ...], signed: Iterable[str] = ()
) -> None:
    """Every other term is worth what the first one is worth, at every place of the axes."""
    others = tuple(others)
    tolerance = OF_DIFFERENCES if _is_nested(first) else EXACT
    for seed in SEEDS:
        world = sample(sheet, (first, *others), seed, signed=signed)
        wanted = evaluate(first, world, axes)
        for other in others:
            found = evaluate(other, world, axes)
            scale = max(1e-3, float(np.abs(wanted).max(initial=0)))
            assert np.abs(found - wanted).max(initial=0) <= tolerance * scale, Expression(other, sheet, axes)


def assert_right(sheet: str, target: str, signed: Iterable[str] = ()) -> Derivation:
    """The short form of a target, and every step to it, has the target's value."""
    result = derive(sheet, target)
    terms = [result.derived.term, *(step.expression.term for step in result.steps)]
    assert_same_values(result.target.term, terms, result.sheet, result.derived.axes, signed)
    return result


def assert_value_stays(change: Callable[[Expression], Term], seed: int) -> None:
    """A pass keeps the value of every line of a random derivation that has no derivative in it."""
    problem = random_problem(seed)
    result = derive(problem.sheet, problem.target)
    for line in (step.expression for step in result.steps if not holds(step.expression.term, Derivative)):
        new = change(line)
        try:
            assert_same_values(line.term, [new], line.sheet, line.axes)
        except IndexcalcError as error:  # facts that no numbers obey
            assert "sample" in str(error) or "numbers" in str(error)


def _is_nested(term: Term) -> bool:
    return any(isinstance(each, Derivative) and holds(each.body, Derivative) for each in subterms(term))
