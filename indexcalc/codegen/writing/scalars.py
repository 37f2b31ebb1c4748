"""Numbers and functions of them, as text: what targets write for a number made of numbers and sizes alone."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from indexcalc.codegen.programs.arithmetic import is_decimal
from indexcalc.codegen.writing.pen import ATOM, MULTIPLICATION, NEGATION, Text
from indexcalc.errors import IndexcalcError

LARGEST_INTEGER = 2**53  # above it an integer is written as the float that it becomes anyway

# By the module `math` alone, in forms that do not overflow where the value is finite.
SCALAR = {
    "abs": "abs({0})",
    "arccos": "math.acos({0})",
    "arcsin": "math.asin({0})",
    "arctan": "math.atan({0})",
    "cos": "math.cos({0})",
    "cosh": "math.cosh({0})",
    "erf": "math.erf({0})",
    "exp": "math.exp({0})",
    "gelu": "(({0}) * (1 + math.erf(({0}) / 2**0.5)) / 2)",
    "log": "math.log({0})",
    "logaddexp": "(max({0}, {1}) + math.log1p(math.exp(-abs(({0}) - ({1})))))",
    "max": "max({0}, {1})",
    "min": "min({0}, {1})",
    "relu": "max({0}, 0)",
    "sigmoid": "((1 + math.tanh(({0}) / 2)) / 2)",
    "sign": "(float(({0}) > 0) - float(({0}) < 0))",
    "sin": "math.sin({0})",
    "sinh": "math.sinh({0})",
    "softplus": "(max({0}, 0) + math.log1p(math.exp(-abs({0}))))",
    "sqrt": "math.sqrt({0})",
    "tan": "math.tan({0})",
    "tanh": "math.tanh({0})",
}


def scalar(function: str, arguments: Sequence[str]) -> Text:
    """A function of Python numbers."""
    return Text(SCALAR[function].format(*arguments))


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
