"""The scalar functions: one table. A new function is a new line.

A derivative is written in terms of the arguments *and of the value y* of the function, which is shorter and stabler
(tanh' = 1 - y^2). At a kink (abs, relu, max, min) the derivative is the one from the side where the argument is not
greater: relu'(0) = 0, abs'(0) = 0; max(a, b) belongs to b where a = b.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from indexcalc.errors import IndexcalcError
from indexcalc.terms import (
    MINUS_ONE,
    ONE,
    ZERO,
    Call,
    Number,
    Power,
    Product,
    Sum,
    Tensor,
    Term,
    indicator,
    negative,
    quotient,
)

TWO, HALF = Number(2), Number(Fraction(1, 2))
PI = Tensor("pi")  # a scalar that everybody knows: it need not be given
SLOPES = Callable[..., tuple[Term, ...]]


@dataclass(frozen=True, slots=True)
class Function:
    """A scalar function.

    `slopes(y, x, ...)` are the derivatives by each argument; `numpy` is its text with {0}, {1} for the arguments;
    `latex` its name there; `domain` where it is defined: "all", "positive", "nonnegative" or "open unit" (-1 to 1).
    """

    name: str
    slopes: SLOPES
    numpy: str
    latex: str
    domain: str = "all"
    arity: int = 1


def _one_minus(x: Term) -> Term:
    return Sum(ONE, negative(x))


def _bell(x: Term) -> Term:
    """exp(-x^2/2)/sqrt(2 pi): the slope of the normal distribution function."""
    return quotient(
        Call("exp", Product(Number(Fraction(-1, 2)), Power(x, TWO))),
        Call("sqrt", Product(TWO, PI)),
    )


def _phi(x: Term) -> Term:
    """The normal distribution function, by erf."""
    return Product(HALF, Sum(ONE, Call("erf", quotient(x, Call("sqrt", TWO)))))


def _slope_of_erf(y: Term, x: Term) -> tuple[Term]:
    bell = Call("exp", negative(Power(x, TWO)))
    return (quotient(Product(TWO, bell), Call("sqrt", PI)),)


def _reciprocal_root(x: Term, sign: int) -> Term:
    """1/sqrt(1 + sign*x^2)."""
    return quotient(ONE, Call("sqrt", Sum(ONE, Product(Number(sign), Power(x, TWO)))))


OPPOSITE = {">": "<=", "<": ">="}


def _both(relation: str) -> SLOPES:
    """Each argument's slope is 1 where it is chosen: the first one where the relation holds."""

    def slopes(y: Term, a: Term, b: Term) -> tuple[Term, ...]:
        return indicator(relation, a, b), indicator(OPPOSITE[relation], a, b)

    return slopes


_TABLE = (
    Function("abs", lambda y, x: (Call("sign", x),), "np.abs({0})", r"\operatorname{abs}"),
    Function("arccos", lambda y, x: (negative(_reciprocal_root(x, -1)),), "np.arccos({0})", r"\arccos", "open unit"),
    Function("arcsin", lambda y, x: (_reciprocal_root(x, -1),), "np.arcsin({0})", r"\arcsin", "open unit"),
    Function("arctan", lambda y, x: (quotient(ONE, Sum(ONE, Power(x, TWO))),), "np.arctan({0})", r"\arctan"),
    Function("cos", lambda y, x: (negative(Call("sin", x)),), "np.cos({0})", r"\cos"),
    Function("cosh", lambda y, x: (Call("sinh", x),), "np.cosh({0})", r"\cosh"),
    Function("erf", _slope_of_erf, "erf({0})", r"\operatorname{erf}"),
    Function("exp", lambda y, x: (y,), "np.exp({0})", r"\exp"),
    Function("gelu", lambda y, x: (Sum(_phi(x), Product(x, _bell(x))),), "gelu({0})", r"\operatorname{gelu}"),
    Function("log", lambda y, x: (Power(x, MINUS_ONE),), "np.log({0})", r"\log", "positive"),
    Function("max", _both(">"), "np.maximum({0}, {1})", r"\max", arity=2),
    Function("min", _both("<"), "np.minimum({0}, {1})", r"\min", arity=2),
    Function("relu", lambda y, x: (indicator(">", x, ZERO),), "np.maximum({0}, 0)", r"\operatorname{ReLU}"),
    Function("sigmoid", lambda y, x: (Product(y, _one_minus(y)),), "sigmoid({0})", r"\operatorname{sigmoid}"),
    Function("sign", lambda y, x: (ZERO,), "np.sign({0})", r"\operatorname{sign}"),
    Function("sin", lambda y, x: (Call("cos", x),), "np.sin({0})", r"\sin"),
    Function("sinh", lambda y, x: (Call("cosh", x),), "np.sinh({0})", r"\sinh"),
    Function("softplus", lambda y, x: (Call("sigmoid", x),), "np.logaddexp(0, {0})", r"\operatorname{softplus}"),
    Function("sqrt", lambda y, x: (quotient(HALF, y),), "np.sqrt({0})", r"\sqrt", "nonnegative"),
    Function("tan", lambda y, x: (Sum(ONE, Power(y, TWO)),), "np.tan({0})", r"\tan"),
    Function("tanh", lambda y, x: (_one_minus(Power(y, TWO)),), "np.tanh({0})", r"\tanh"),
)  # fmt: skip
FUNCTIONS: dict[str, Function] = {function.name: function for function in _TABLE}


def slopes(call: Call) -> tuple[Term, ...]:
    """The derivative of a call by each of its arguments; an unknown f(x) gives f'(x).

    Raises IndexcalcError for an unknown function of several arguments.
    """
    known = FUNCTIONS.get(call.function)
    if known is not None:
        return known.slopes(call, *call.arguments)
    if len(call.arguments) == 1:
        return (Call(call.function + "'", *call.arguments),)
    raise IndexcalcError(
        f"the function {call.function} of {len(call.arguments)} arguments is unknown, so it has no derivative",
        "Define it, or use unknown functions of one argument only",
    )
