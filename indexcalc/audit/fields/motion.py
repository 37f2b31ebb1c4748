r"""Equations of motion: m \ddot x = -k x holds for some x only, and so does what an energy makes of it.

A step that fails is one if its sides differ by the highest rate that they speak of, and one of them does not have it:
it says what that is. Where both have it they are meant to be the same, and a slip mostly leaves it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.audit.comparing.comparison import aligned_sides, compare
from indexcalc.audit.comparing.motion import highest_rates
from indexcalc.audit.outline.statements import Statement
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.values import Value
from indexcalc.terms import ZERO, Derivative, Sum, negative

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge


def rate_given(judge: Judge, statement: Statement, left: Value, right: Value) -> str:
    """The rate that a step would give as an equation of motion; empty if it gives none."""
    if not judge.known.moving:
        return ""
    try:
        first, second, axes = aligned_sides(left, right, judge.meanings)
        rates = highest_rates([first, second], judge.meanings, statement.start)
    except UnclearError:
        return ""
    for rate, sides in rates:
        slope = Value(Derivative(Sum(first, negative(second)), rate), (*axes, *rate.slots))
        if not all(sides):
            found = compare(slope, Value(ZERO), judge.meanings, statement.start, only_proof=True)
            if found.verdict.word != "proved":
                return rate.name
    return ""
