r"""The scalar functions: one table, which holds all that is known of each. A new function is a new row.

A derivative is written in terms of the arguments *and of the value y* of the function, which is shorter and stabler
(tanh' = 1 - y^2). At a kink (abs, relu, max, min) the derivative is the one from the side where the argument is not
greater: relu'(0) = 0, abs'(0) = 0; max(a, b) belongs to b where a = b.

Derivatives and laws that are not in every table of integrals, from the NIST Handbook of Mathematical Functions:
erf' = 2/sqrt(pi)*exp(-x^2) (7.2.1), gammaln' = digamma (5.2.2), polygamma(n, x)' = polygamma(n + 1, x) (5.15.1).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
    Where,
    indicator,
    negative,
    quotient,
)

TWO, HALF, THIRD = Number(2), Number(Fraction(1, 2)), Number(Fraction(1, 3))
PI = Tensor("pi")  # a scalar that everybody knows: it need not be given
SLOPES = Callable[..., tuple[Term, ...]]
ANY = (-math.inf, math.inf)
NOT_NEGATIVE = (0.0, math.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """How code writes a function; {0}, {1} stand for the arguments.

    Parameters
    ----------
    numpy: for arrays of numpy; by default np.name. A function that numpy lacks is one of `codegen.writing.helpers` or
        of scipy.special, which is imported where its name stands in the text.
    scalar: for Python numbers; by default math.name. numba: for one element in a loop; by default as `scalar`.
    torch: by default torch.name. jax, dask: by default as `numpy`.
    """

    numpy: str = ""
    scalar: str = ""
    numba: str = ""
    torch: str = ""
    jax: str = ""
    dask: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Laws:
    """What holds for a function, exactly.

    Parameters
    ----------
    formula: the function by others, which the normal form puts in its place.
    parity: f(-x) = parity*f(x), where it is not 0. inverse: the function g with f(g(x)) = x wherever g(x) is defined.
    at: exact values, by the argument. of_number: the exact value for any number.
    positive: whether it is greater than 0 everywhere. between: bounds on its values, which hold for floats too.
    """

    formula: Callable[..., Term] | None = None
    parity: int = 0
    inverse: str = ""
    at: Mapping[int, Term] = field(default_factory=dict)
    of_number: Callable[[Fraction | float], Fraction | float] | None = None
    positive: bool = False
    between: tuple[float, float] = ANY


@dataclass(frozen=True, slots=True)
class Function:
    """A scalar function.

    Parameters
    ----------
    slopes: `slopes(y, x, ...)` are the derivatives by each argument.
    domain: where it is defined: "all", "positive", "nonnegative", "open unit" (-1 to 1), "above -1", or "no pole"
        (not at 0, -1, -2, ...). harmless: an argument for places where its value is not wanted, if another one may
        give an error or an overflow.
    kinks: terms of the arguments; where one is 0, the function or its derivative jumps or is infinite.
    poles: numbers at which it has a value, but its derivative none.
    orders: how many arguments, the first ones, are whole numbers that are written out and not differentiated by.
    cheap: whether it costs no more than an addition. in_place: whether numpy's spelling takes `out`.
    """

    name: str
    slopes: SLOPES
    spelling: Spelling = Spelling()
    laws: Laws = Laws()
    latex: str = ""
    domain: str = "all"
    harmless: Number | None = None
    kinks: Callable[..., tuple[Term, ...]] | None = None
    poles: tuple[int, ...] = ()
    arity: int = 1
    orders: int = 0
    cheap: bool = False
    in_place: bool = True

    @property
    def command(self) -> str:
        r"""The name in LaTeX."""
        return self.latex or rf"\operatorname{{{self.name}}}"

    @property
    def is_limited(self) -> bool:
        """Whether it is not defined for every number."""
        return self.domain != "all"

    def spelled(self, target: str) -> str:
        """The text for a target: numpy, scalar, numba, torch, jax or dask."""
        text: str = getattr(self.spelling, target)
        if text:
            return text
        other = {"numba": "scalar", "jax": "numpy", "dask": "numpy"}.get(target)
        if other:
            return self.spelled(other)
        module = {"numpy": "np", "scalar": "math", "torch": "torch"}[target]
        return f"{module}.{self.name}({', '.join(f'{{{place}}}' for place in range(self.arity))})"


# ----- Parts of derivatives and laws -----------------------------------------------------------------------------


def _one_minus(x: Term) -> Term:
    return Sum(ONE, negative(x))


def _exp(x: Term) -> Term:
    return Call("exp", x)


def _bell(x: Term) -> Term:
    """exp(-x^2/2)/sqrt(2 pi): the slope of the normal distribution function."""
    return quotient(_exp(Product(Number(Fraction(-1, 2)), Power(x, TWO))), Call("sqrt", Product(TWO, PI)))


def _phi(x: Term) -> Term:
    """The normal distribution function, by erf."""
    return Product(HALF, Sum(ONE, Call("erf", quotient(x, Call("sqrt", TWO)))))


def _slope_of_log_phi(y: Term, x: Term) -> tuple[Term, ...]:
    """By the value, which is a logarithm: far out the bell and the distribution function itself are 0."""
    inside = Sum(Product(Number(Fraction(-1, 2)), Power(x, TWO)), negative(y))
    return (quotient(_exp(inside), Call("sqrt", Product(TWO, PI))),)


def _slope_of_erf(x: Term) -> Term:
    return quotient(Product(TWO, _exp(negative(Power(x, TWO)))), Call("sqrt", PI))


def _reciprocal_root(x: Term) -> Term:
    """1/sqrt(1 - x^2)."""
    return quotient(ONE, Call("sqrt", _one_minus(Power(x, TWO))))


def _positive_part(x: Term) -> Term:
    return Product(x, indicator(">", x, ZERO))


def _sign(x: Term) -> Term:
    return Sum(indicator(">", x, ZERO), negative(indicator("<", x, ZERO)))


def _abs(x: Term) -> Term:
    return Sum(_positive_part(x), _positive_part(negative(x)))


def _tanh(x: Term) -> Term:
    return quotient(Sum(_exp(Product(TWO, x)), MINUS_ONE), Sum(_exp(Product(TWO, x)), ONE))


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


def _of_order(y: Term, order: Term, x: Term) -> tuple[Term, ...]:
    """The derivatives of polygamma(n, x): there is none by the order, which no text lets depend on anything."""
    return ZERO, Call("polygamma", Sum(order, ONE), x)


def _at_zero(x: Term) -> tuple[Term, ...]:
    return (x,)


def _at_equal(x: Term, y: Term) -> tuple[Term, ...]:
    return (Sum(x, negative(y)),)


ODD, ZERO_AT_ZERO, ONE_AT_ZERO = -1, {0: ZERO}, {0: ONE}
_F, _S, _L = Function, Spelling, Laws

# ----- The table -------------------------------------------------------------------------------------------------

_TABLE = (
    _F("abs", lambda y, x: (Call("sign", x),),
       _S(scalar="abs({0})"),
       _L(formula=_abs, of_number=lambda x: x if x > 0 else -x, between=NOT_NEGATIVE),
       kinks=_at_zero, cheap=True),
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
       kinks=_at_zero, poles=(0,)),
    _F("cos", lambda y, x: (negative(Call("sin", x)),),
       laws=_L(parity=1, inverse="arccos", at=ONE_AT_ZERO), latex=r"\cos"),
    _F("cosh", lambda y, x: (Call("sinh", x),),
       laws=_L(formula=lambda x: Product(HALF, Sum(_exp(x), _exp(negative(x)))), at=ONE_AT_ZERO, positive=True,
               between=(1.0, math.inf)),
       latex=r"\cosh", harmless=ZERO),
    _F("digamma", lambda y, x: (Call("polygamma", ONE, x),),
       _S(numpy="scipy.special.digamma({0})", scalar="float(scipy.special.digamma({0}))", numba="digamma({0})",
          jax="jax.scipy.special.digamma({0})"),
       domain="no pole", harmless=ONE, kinks=_at_zero),
    _F("erf", lambda y, x: (_slope_of_erf(x),),
       _S(numpy="erf({0})", numba="erf({0})", jax="jax.scipy.special.erf({0})"), _L(parity=ODD, at=ZERO_AT_ZERO)),
    _F("erfc", lambda y, x: (negative(_slope_of_erf(x)),),
       _S(numpy="scipy.special.erfc({0})", jax="jax.scipy.special.erfc({0})"),
       _L(formula=lambda x: _one_minus(Call("erf", x)), at=ONE_AT_ZERO, positive=True, between=(0.0, 2.0))),
    _F("exp", lambda y, x: (y,),
       _S(numba="exp({0})"), _L(at=ONE_AT_ZERO, positive=True, between=NOT_NEGATIVE), latex=r"\exp", harmless=ZERO),
    _F("expm1", lambda y, x: (_exp(x),),
       laws=_L(formula=lambda x: Sum(_exp(x), MINUS_ONE), at=ZERO_AT_ZERO, between=(-1.0, math.inf)), harmless=ZERO),
    _F("gammaln", lambda y, x: (Call("digamma", x),),
       _S(numpy="scipy.special.gammaln({0})", scalar="math.lgamma({0})", torch="torch.lgamma({0})",
          jax="jax.scipy.special.gammaln({0})"),
       _L(at={1: ZERO, 2: ZERO}), domain="no pole", harmless=ONE, kinks=_at_zero),
    _F("gelu", lambda y, x: (Sum(_phi(x), Product(x, _bell(x))),),
       _S(numpy="gelu({0})", scalar="(({0}) * (1 + math.erf(({0}) / 2**0.5)) / 2)", numba="gelu({0})",
          torch="torch.nn.functional.gelu({0})", jax="jax.nn.gelu({0}, approximate=False)"),
       _L(formula=_gelu, at=ZERO_AT_ZERO)),
    _F("log", lambda y, x: (Power(x, MINUS_ONE),),
       _S(numba="log({0})"), _L(at={1: ZERO}), latex=r"\log", domain="positive", harmless=ONE, kinks=_at_zero),
    _F("log1p", lambda y, x: (quotient(ONE, Sum(ONE, x)),),
       laws=_L(formula=lambda x: Call("log", Sum(ONE, x)), at=ZERO_AT_ZERO),
       domain="above -1", harmless=ZERO, kinks=lambda x: (Sum(ONE, x),)),
    _F("log_ndtr", _slope_of_log_phi,
       _S(numpy="scipy.special.log_ndtr({0})", scalar="float(scipy.special.log_ndtr({0}))", numba="log_ndtr({0})",
          torch="torch.special.log_ndtr({0})", jax="jax.scipy.special.log_ndtr({0})"),
       _L(formula=lambda x: Call("log", _phi(x)), between=(-math.inf, 0.0)), latex=r"\operatorname{log\_ndtr}"),
    _F("max", _both(">"),
       _S(numpy="np.maximum({0}, {1})", scalar="max({0}, {1})", numba="greater({0}, {1})",
          torch="torch.maximum({0}, {1})"),
       _L(formula=_chosen(">")), latex=r"\max", kinks=_at_equal, arity=2, cheap=True),
    _F("min", _both("<"),
       _S(numpy="np.minimum({0}, {1})", scalar="min({0}, {1})", numba="less({0}, {1})",
          torch="torch.minimum({0}, {1})"),
       _L(formula=_chosen("<")), latex=r"\min", kinks=_at_equal, arity=2, cheap=True),
    _F("ndtr", lambda y, x: (_bell(x),),
       _S(numpy="scipy.special.ndtr({0})", scalar="(math.erfc(-({0}) / 2**0.5) / 2)",
          torch="(torch.special.erfc(-({0}) / 2**0.5) / 2)",  # torch.special.ndtr(-10) is 0
          jax="jax.scipy.special.ndtr({0})"),
       _L(formula=_phi, at={0: HALF}, positive=True, between=(0.0, 1.0))),
    _F("polygamma", _of_order,
       _S(numpy="scipy.special.polygamma({0}, {1})", scalar="float(scipy.special.polygamma({0}, {1}))",
          numba="polygamma({0}, {1})",  # torch.polygamma(1, x) has nine digits
          torch="((-1) ** ({0} + 1) * math.factorial({0}) * torch.special.zeta({0} + 1, {1}))",
          jax="jax.scipy.special.polygamma({0}, {1})",
          dask="((-1) ** ({0} + 1) * math.factorial({0}) * scipy.special.zeta({0} + 1, {1}))"),
       domain="no pole", harmless=ONE, kinks=lambda order, x: (x,), arity=2, orders=1, in_place=False),
    _F("relu", lambda y, x: (indicator(">", x, ZERO),),
       _S(numpy="np.maximum({0}, 0)", scalar="max({0}, 0)", numba="relu({0})", jax="jax.nn.relu({0})"),
       _L(formula=_positive_part, of_number=lambda x: x if x > 0 else Fraction(0)),
       latex=r"\operatorname{ReLU}", kinks=_at_zero, cheap=True),
    _F("sigmoid", lambda y, x: (Product(y, _one_minus(y)),),
       _S(numpy="sigmoid({0})", scalar="((1 + math.tanh(({0}) / 2)) / 2)", numba="sigmoid({0})",
          jax="jax.nn.sigmoid({0})"),
       _L(formula=lambda x: quotient(ONE, Sum(ONE, _exp(negative(x)))), at={0: HALF}, positive=True,
          between=(0.0, 1.0))),
    _F("sign", lambda y, x: (ZERO,),
       _S(scalar="(float(({0}) > 0) - float(({0}) < 0))", numba="sign({0})"),
       _L(formula=_sign, of_number=lambda x: Fraction((x > 0) - (x < 0)), between=(-1.0, 1.0)),
       kinks=_at_zero, cheap=True),
    _F("sin", lambda y, x: (Call("cos", x),),
       laws=_L(parity=ODD, inverse="arcsin", at=ZERO_AT_ZERO), latex=r"\sin"),
    _F("sinh", lambda y, x: (Call("cosh", x),),
       laws=_L(formula=lambda x: Product(HALF, Sum(_exp(x), negative(_exp(negative(x))))), at=ZERO_AT_ZERO),
       latex=r"\sinh", harmless=ZERO),
    _F("softplus", lambda y, x: (Call("sigmoid", x),),
       _S(numpy="np.logaddexp(0, {0})", scalar="(max({0}, 0) + math.log1p(math.exp(-abs({0}))))",
          numba="softplus({0})", torch="torch.nn.functional.softplus({0}, threshold=50)", jax="jax.nn.softplus({0})"),
       _L(formula=lambda x: Call("log", Sum(ONE, _exp(x))), positive=True, between=NOT_NEGATIVE)),
    _F("sqrt", lambda y, x: (quotient(HALF, y),),
       laws=_L(formula=lambda x: Power(x, HALF), between=NOT_NEGATIVE),
       latex=r"\sqrt", domain="nonnegative", harmless=ONE, kinks=_at_zero, poles=(0,)),
    _F("tan", lambda y, x: (Sum(ONE, Power(y, TWO)),),
       laws=_L(formula=lambda x: quotient(Call("sin", x), Call("cos", x)), inverse="arctan", at=ZERO_AT_ZERO),
       latex=r"\tan"),
    _F("tanh", lambda y, x: (_one_minus(Power(y, TWO)),),
       _S(numba="tanh({0})"), _L(formula=_tanh, at=ZERO_AT_ZERO, between=(-1.0, 1.0)), latex=r"\tanh"),
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
