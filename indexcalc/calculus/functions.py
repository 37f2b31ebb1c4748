r"""The scalar functions: one table, which holds all that is known of each. A new function is a new row.

A derivative is written in terms of the arguments *and of the value y* of the function, which is shorter and stabler
(tanh' = 1 - y^2). At a kink (abs, relu, max, min) the derivative is the one from the side where the argument is not
greater: relu'(0) = 0, abs'(0) = 0; max(a, b) belongs to b where a = b.

The derivative of erf is formula 7.2.1 of the NIST Handbook of Mathematical Functions. Those that this handbook calls
special stand in `special`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from indexcalc.calculus.parts import ODD, ONE_AT_ZERO, ZERO_AT_ZERO, at_zero, bell, exp_of, one_minus, phi, slope_of_erf
from indexcalc.calculus.rows import HALF, NOT_NEGATIVE, SLOPES, THIRD, TWO, Function, Laws, Spelling
from indexcalc.calculus.special import SPECIAL
from indexcalc.errors import IndexcalcError
from indexcalc.terms import (
    MINUS_ONE,
    ONE,
    ZERO,
    Call,
    Power,
    Product,
    Sum,
    Term,
    Where,
    indicator,
    negative,
    quotient,
)

# ----- Parts of derivatives and laws -----------------------------------------------------------------------------


def _reciprocal_root(x: Term) -> Term:
    """1/sqrt(1 - x^2)."""
    return quotient(ONE, Call("sqrt", one_minus(Power(x, TWO))))


def _positive_part(x: Term) -> Term:
    return Product(x, indicator(">", x, ZERO))


def _sign(x: Term) -> Term:
    return Sum(indicator(">", x, ZERO), negative(indicator("<", x, ZERO)))


def _abs(x: Term) -> Term:
    return Sum(_positive_part(x), _positive_part(negative(x)))


def _tanh(x: Term) -> Term:
    return quotient(Sum(exp_of(Product(TWO, x)), MINUS_ONE), Sum(exp_of(Product(TWO, x)), ONE))


def _gelu(x: Term) -> Term:
    return Product(HALF, x, Sum(ONE, Call("erf", Product(x, Power(TWO, negative(HALF))))))


OPPOSITE = {">": "<=", "<": ">="}


def _both(relation: str) -> SLOPES:
    """Each argument's slope is 1 where it is chosen: the first one where the relation holds."""

    def slopes(y: Term, a: Term, b: Term) -> tuple[Term, ...]:
        return indicator(relation, a, b), indicator(OPPOSITE[relation], a, b)

    return slopes


def _chosen(relation: str) -> Callable[[Term, Term], Term]:
    return lambda x, y: Where(indicator(relation, x, y), x, y)


def _at_equal(x: Term, y: Term) -> tuple[Term, ...]:
    return (Sum(x, negative(y)),)


_F, _S, _L = Function, Spelling, Laws

# ----- The table -------------------------------------------------------------------------------------------------

_TABLE = (
    _F("abs", lambda y, x: (Call("sign", x),),
       _S(scalar="abs({0})"),
       _L(formula=_abs, of_number=lambda x: x if x > 0 else -x, between=NOT_NEGATIVE),
       kinks=at_zero, cheap=True),
    _F("arccos", lambda y, x: (negative(_reciprocal_root(x)),),
       _S(scalar="math.acos({0})"), latex=r"\arccos", domain="open unit", harmless=ZERO, poles=(-1, 1)),
    _F("arcsin", lambda y, x: (_reciprocal_root(x),),
       _S(scalar="math.asin({0})"), _L(parity=ODD, at=ZERO_AT_ZERO),
       latex=r"\arcsin", domain="open unit", harmless=ZERO, poles=(-1, 1)),
    _F("arctan", lambda y, x: (quotient(ONE, Sum(ONE, Power(x, TWO))),),
       _S(scalar="math.atan({0})"), _L(parity=ODD, at=ZERO_AT_ZERO), latex=r"\arctan"),
    _F("cbrt", lambda y, x: (quotient(THIRD, Power(y, TWO)),),
       _S(numba="np.cbrt({0})", torch="torch.copysign(torch.abs({0}) ** (1 / 3), {0})"),
       _L(formula=lambda x: Product(_sign(x), Power(_abs(x), THIRD)), at=ZERO_AT_ZERO),
       kinks=at_zero, poles=(0,)),
    _F("cos", lambda y, x: (negative(Call("sin", x)),),
       laws=_L(parity=1, inverse="arccos", at=ONE_AT_ZERO), latex=r"\cos"),
    _F("cosh", lambda y, x: (Call("sinh", x),),
       laws=_L(formula=lambda x: Product(HALF, Sum(exp_of(x), exp_of(negative(x)))), at=ONE_AT_ZERO, positive=True,
               between=(1.0, math.inf)),
       latex=r"\cosh", harmless=ZERO),
    _F("erf", lambda y, x: (slope_of_erf(x),),
       _S(numpy="erf({0})", numba="erf({0})", jax="jax.scipy.special.erf({0})"), _L(parity=ODD, at=ZERO_AT_ZERO)),
    _F("exp", lambda y, x: (y,),
       _S(numba="exp({0})"), _L(at=ONE_AT_ZERO, positive=True, between=NOT_NEGATIVE), latex=r"\exp", harmless=ZERO),
    _F("expm1", lambda y, x: (exp_of(x),),
       laws=_L(formula=lambda x: Sum(exp_of(x), MINUS_ONE), at=ZERO_AT_ZERO, between=(-1.0, math.inf)), harmless=ZERO),
    _F("gelu", lambda y, x: (Sum(phi(x), Product(x, bell(x))),),
       _S(numpy="gelu({0})", scalar="(({0}) * (1 + math.erf(({0}) / 2**0.5)) / 2)", numba="gelu({0})",
          torch="torch.nn.functional.gelu({0})", jax="jax.nn.gelu({0}, approximate=False)"),
       _L(formula=_gelu, at=ZERO_AT_ZERO)),
    _F("log", lambda y, x: (Power(x, MINUS_ONE),),
       _S(numba="log({0})"), _L(at={1: ZERO}), latex=r"\log", domain="positive", harmless=ONE, kinks=at_zero),
    _F("log1p", lambda y, x: (quotient(ONE, Sum(ONE, x)),),
       laws=_L(formula=lambda x: Call("log", Sum(ONE, x)), at=ZERO_AT_ZERO),
       domain="above -1", harmless=ZERO, kinks=lambda x: (Sum(ONE, x),)),
    _F("max", _both(">"),
       _S(numpy="np.maximum({0}, {1})", scalar="max({0}, {1})", numba="greater({0}, {1})",
          torch="torch.maximum({0}, {1})"),
       _L(formula=_chosen(">")), latex=r"\max", kinks=_at_equal, arity=2, cheap=True),
    _F("min", _both("<"),
       _S(numpy="np.minimum({0}, {1})", scalar="min({0}, {1})", numba="less({0}, {1})",
          torch="torch.minimum({0}, {1})"),
       _L(formula=_chosen("<")), latex=r"\min", kinks=_at_equal, arity=2, cheap=True),
    _F("relu", lambda y, x: (indicator(">", x, ZERO),),
       _S(numpy="np.maximum({0}, 0)", scalar="max({0}, 0)", numba="relu({0})", jax="jax.nn.relu({0})"),
       _L(formula=_positive_part, of_number=lambda x: x if x > 0 else Fraction(0)),
       latex=r"\operatorname{ReLU}", kinks=at_zero, cheap=True),
    _F("sigmoid", lambda y, x: (Product(y, one_minus(y)),),
       _S(numpy="sigmoid({0})", scalar="((1 + math.tanh(({0}) / 2)) / 2)", numba="sigmoid({0})",
          jax="jax.nn.sigmoid({0})"),
       _L(formula=lambda x: quotient(ONE, Sum(ONE, exp_of(negative(x)))), at={0: HALF}, positive=True,
          between=(0.0, 1.0))),
    _F("sign", lambda y, x: (ZERO,),
       _S(scalar="(float(({0}) > 0) - float(({0}) < 0))", numba="sign({0})"),
       _L(formula=_sign, of_number=lambda x: Fraction((x > 0) - (x < 0)), between=(-1.0, 1.0)),
       kinks=at_zero, cheap=True),
    _F("sin", lambda y, x: (Call("cos", x),),
       laws=_L(parity=ODD, inverse="arcsin", at=ZERO_AT_ZERO), latex=r"\sin"),
    _F("sinh", lambda y, x: (Call("cosh", x),),
       laws=_L(formula=lambda x: Product(HALF, Sum(exp_of(x), negative(exp_of(negative(x))))), at=ZERO_AT_ZERO),
       latex=r"\sinh", harmless=ZERO),
    _F("softplus", lambda y, x: (Call("sigmoid", x),),
       _S(numpy="np.logaddexp(0, {0})", scalar="(max({0}, 0) + math.log1p(math.exp(-abs({0}))))",
          numba="softplus({0})", torch="torch.nn.functional.softplus({0}, threshold=50)", jax="jax.nn.softplus({0})"),
       _L(formula=lambda x: Call("log", Sum(ONE, exp_of(x))), positive=True, between=NOT_NEGATIVE)),
    _F("sqrt", lambda y, x: (quotient(HALF, y),),
       laws=_L(formula=lambda x: Power(x, HALF), between=NOT_NEGATIVE),
       latex=r"\sqrt", domain="nonnegative", harmless=ONE, kinks=at_zero, poles=(0,)),
    _F("tan", lambda y, x: (Sum(ONE, Power(y, TWO)),),
       laws=_L(formula=lambda x: quotient(Call("sin", x), Call("cos", x)), inverse="arctan", at=ZERO_AT_ZERO),
       latex=r"\tan"),
    _F("tanh", lambda y, x: (one_minus(Power(y, TWO)),),
       _S(numba="tanh({0})"), _L(formula=_tanh, at=ZERO_AT_ZERO, between=(-1.0, 1.0)), latex=r"\tanh"),
)  # fmt: skip
FUNCTIONS: dict[str, Function] = {
    row.name: row for row in sorted((*_TABLE, *SPECIAL), key=lambda row: row.name)
}


def slopes(call: Call) -> tuple[Term | None, ...]:
    """The derivative of a call by each of its arguments, none if no formula is known; an unknown f(x) gives f'(x).

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


def known(call: Call, slope: Term | None) -> Term:
    """A slope of a call, by an argument that moves. Raises IndexcalcError if no formula for it is known."""
    if slope is None:
        raise IndexcalcError(
            f"{call.function} has a derivative by its last argument, and none by the others",
            "Take what the others depend on as given, or differentiate by something else",
        )
    return slope
