"""Functions of Python numbers, as text: what targets write for a number that is made of numbers and sizes alone."""

from __future__ import annotations

from collections.abc import Sequence

from indexcalc.codegen.pen import Text

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
