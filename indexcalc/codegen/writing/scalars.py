"""Numbers and functions of them, as text: what targets write for a number made of numbers and sizes alone."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.codegen.programs.arithmetic import is_decimal
from indexcalc.codegen.writing.pen import ATOM, MULTIPLICATION, NEGATION, Text
from indexcalc.errors import IndexcalcError

LARGEST_INTEGER = 2**53  # above it an integer is written as the float that it becomes anyway

# What the table of functions does not hold; by the module `math` alone.
OTHERS = {"logaddexp": "(max({0}, {1}) + math.log1p(math.exp(-abs(({0}) - ({1})))))"}


def scalar(function: str, arguments: Sequence[str]) -> Text:
    """A function of Python numbers."""
    spelling = OTHERS.get(function) or FUNCTIONS[function].spelled("scalar")
    return Text(spelling.format(*arguments))


ROUNDING = 64  # the largest relative difference that is taken for one of rounding, in units of the precision


def same(sides: Sequence[str], precision: str, module: str = "np") -> Text:
    """x == y of arrays: a maximum, and the element that it is, may have been computed in different orders."""
    return Text(f"{module}.isclose({', '.join(sides)}, {ROUNDING} * {precision}.eps, 0)")


def number(value: Fraction | float) -> Text:
    """A number as an expression: an integer, a decimal if it ends soon, else a quotient."""
    if isinstance(value, Fraction) and max(abs(value.numerator), value.denominator) <= LARGEST_INTEGER:
        if value.denominator == 1:
            return Text(str(value.numerator), NEGATION if value < 0 else ATOM)
        if not is_decimal(value):
            return Text(f"{value.numerator} / {value.denominator}", MULTIPLICATION)
    try:
        return Text(repr(float(value)), NEGATION if value < 0 else ATOM)
    except OverflowError:
        raise IndexcalcError("a number is too large for a float") from None
