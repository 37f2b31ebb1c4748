"""Moments that the prose tells: noise of zero mean, with variance s^2."""

from __future__ import annotations

from fractions import Fraction

from indexcalc.audit.outline.statements import Side, Statement
from indexcalc.context.told import Told
from indexcalc.notation.formula import Bracket, Formula, Name, Numeral, Opaque, Scripted


def moments(each: Told, by_formula: dict[int, list[Statement]]) -> list[tuple[Side, Formula]]:
    """What a sentence says of expectations: that they are zero, or which numbers variances are, in the same order."""
    assert isinstance(each.value, tuple)
    sides = [side for number in each.formulas for side in _said_alone(number, by_formula)]
    own = [side for side in sides if isinstance(side.formula, Name | Scripted)]
    if each.trait == "zero mean":
        return [(moment("E", side), Numeral("0", Fraction(0))) for side in own]
    values = [side.formula for number in each.value for side in _said_alone(number, by_formula)]
    values = values * len(own) if len(values) == 1 else values
    return [(moment("Cov", side), value) for side, value in zip(own, values, strict=False) if len(own) == len(values)]


def _said_alone(number: int, by_formula: dict[int, list[Statement]]) -> list[Side]:
    return [each.sides[0] for each in by_formula.get(number, ()) if not each.links]


def moment(sign: str, side: Side) -> Side:
    """An expectation, or a covariance, of what a side is, as a side."""
    return Side([], f"{sign}[{side.text}]", side.start, Opaque(sign, (Bracket("[", side.formula),)))
