"""The special functions of the table: gamma, Bessel and error functions, the dilogarithm, distribution functions.

Where the derivative of a function is a quotient with a limit (0/0 at some point), that quotient is a row of its own,
with the order of its derivative as first argument: `iv(n, x)`, `spherical_jn(n, x)`, `log_slope(n, x)`, ... Such a row
has a value everywhere, and so have its derivatives of any order; no condition picks a point out, which would spoil the
next derivative there. Far out nothing cancels: the slope of erfcx is -2*ierfcx(1, x), not 2*x*erfcx(x) - 2/sqrt(pi).

Formulas, from the NIST Handbook of Mathematical Functions: gamma functions 5.2.2, 5.15.1; repeated integrals of erfc
7.18.7; Bessel functions 10.29.1, spherical ones 10.51.2; incomplete gamma and beta functions 8.8.13, 8.17.1; the
dilogarithm 25.12.2. By their parameters incomplete gamma and beta functions have derivatives that are none of these.

    log_slope(n, x)      the n-th derivative of log(x)/(x - 1)
    exp_moment(n, x)     the n-th derivative of (exp(x) - 1)/x, which is the integral of t^n*exp(t*x), t from 0 to 1
    ive_slope(m, n, x)   the m-th derivative of exp(-|x|)*I_n(x), without the cancellation of that by I_n far out
    ierfcx(n, x)         exp(x^2) times the n-th repeated integral of erfc
    gamma_density(n, a, x), beta_density(n, a, b, x)    the n-th derivative of the density
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from indexcalc.calculus.parts import ODD, ONE_AT_ZERO, at_zero, bell, exp_of, one_minus, phi, slope_of_erf
from indexcalc.calculus.rows import HALF, NOT_NEGATIVE, PI, TWO, Function, Laws, Spelling
from indexcalc.terms import MINUS_ONE, ONE, ZERO, Call, Number, Power, Product, Sum, Term, negative, quotient

Slopes = tuple[Term | None, ...]


def _at_last_zero(*arguments: Term) -> tuple[Term, ...]:
    return (arguments[-1],)


def _whole(order: Term) -> int:
    """An order, which is written out as a number."""
    assert isinstance(order, Number)
    return int(order.value)


def _next(name: str, scale: Callable[[int], int] = lambda n: 1) -> Callable[..., Slopes]:
    """The slopes of a row with an order: the next order, times a number."""

    def slopes(y: Term, order: Term, *arguments: Term) -> Slopes:
        n, others = _whole(order), [None] * (len(arguments) - 1)
        return ZERO, *others, Product(Number(scale(n)), Call(name, Number(n + 1), *arguments))

    return slopes


def _slope_of_log_phi(y: Term, x: Term) -> Slopes:
    """By the value, which is a logarithm: far out the bell and the distribution function itself are 0."""
    inside = Sum(Product(Number(Fraction(-1, 2)), Power(x, TWO)), negative(y))
    return (quotient(exp_of(inside), Call("sqrt", Product(TWO, PI))),)


# ----- Bessel functions ------------------------------------------------------------------------------------------


def _bessel(n: int, x: Term) -> Term:
    """I_n(x)."""
    return Call(f"i{n}", x) if n < 2 else Call("iv", Number(n), x)


def _bessel_slope(n: int, x: Term) -> Term:
    return Product(HALF, Sum(_bessel(n - 1, x), _bessel(n + 1, x))) if n else _bessel(1, x)


def _scaled_slope(n: int, x: Term) -> Slopes:
    return (Call("ive_slope", ONE, Number(n), x),)


def _scaled_bessel(n: int, x: Term) -> Term:
    return Product(exp_of(negative(Call("abs", x))), _bessel(n, x))


def _slope_of_scaled(order: Term, n: Term, x: Term) -> Term:
    """The derivatives of exp(-|x|)*I_n(x) by those functions themselves."""
    m, around = _whole(order), _whole(n)
    if m == 0:
        return _scaled_bessel(around, x)
    lower, own, upper = (
        _slope_of_scaled(Number(m - 1), Number(each), x) for each in (abs(around - 1), around, around + 1)
    )
    return Sum(Product(HALF, Sum(lower, upper)), negative(Product(Call("sign", x), own)))


def _lower_bessel(order: Term, x: Term) -> Term:
    """I_n by I_0 and I_1."""
    n = _whole(order)
    if n < 2:
        return _bessel(n, x)
    return Sum(_lower_bessel(Number(n - 2), x),
               Product(Number(-2 * (n - 1)), Power(x, MINUS_ONE), _lower_bessel(Number(n - 1), x)))  # fmt: skip


def _spherical(order: Term, x: Term) -> Term:
    """j_n by sine and cosine."""
    n = _whole(order)
    first = quotient(Call("sin", x), x)
    if n == 0:
        return first
    if n == 1:
        return Sum(quotient(first, x), negative(quotient(Call("cos", x), x)))
    return Sum(Product(Number(2 * n - 1), Power(x, MINUS_ONE), _spherical(Number(n - 1), x)),
               negative(_spherical(Number(n - 2), x)))  # fmt: skip


def _spherical_slopes(y: Term, order: Term, x: Term) -> Slopes:
    n = _whole(order)
    lower = Product(Number(Fraction(n, 2 * n + 1)), Call("spherical_jn", Number(n - 1), x)) if n else ZERO
    upper = Product(Number(Fraction(n + 1, 2 * n + 1)), Call("spherical_jn", Number(n + 1), x))
    return ZERO, Sum(lower, negative(upper))


# ----- Quotients with a limit ------------------------------------------------------------------------------------


def _log_slope(order: Term, x: Term) -> Term:
    n = _whole(order)
    below = Power(Sum(x, MINUS_ONE), MINUS_ONE)
    if n == 0:
        return Product(Call("log", x), below)
    own = Product(Number((-1) ** (n - 1) * math.factorial(n - 1)), Power(x, Number(-n)))
    return Product(Sum(own, Product(Number(-n), _log_slope(Number(n - 1), x))), below)


def _exp_moment(order: Term, x: Term) -> Term:
    n = _whole(order)
    before = Product(Number(-n), _exp_moment(Number(n - 1), x)) if n else MINUS_ONE
    return quotient(Sum(exp_of(x), before), x)


def _box_slopes(y: Term, x: Term, power: Term) -> Slopes:
    by_power = Product(Power(Call("log", x), TWO), Call("exp_moment", ONE, Product(power, Call("log", x))))
    return Power(x, Sum(power, MINUS_ONE)), by_power


def _integrals_of_erfc(order: Term, x: Term) -> Term:
    n = _whole(order)
    if n == -1:
        return quotient(TWO, Call("sqrt", PI))
    if n == 0:
        return Product(exp_of(Power(x, TWO)), one_minus(Call("erf", x)))
    last = Product(Number(-2), x, _integrals_of_erfc(Number(n - 1), x))
    return quotient(Sum(_integrals_of_erfc(Number(n - 2), x), last), Number(2 * n))


# ----- Densities -------------------------------------------------------------------------------------------------


def _falling(a: Term, order: int) -> Term:
    """(a - 1)*(a - 2)*...: what differentiating a power a - 1 so many times puts before it."""
    return Product(*(Sum(a, Number(-k)) for k in range(1, order + 1)))


def _slope_of_power(x: Term, a: Term, order: int) -> Term:
    return Product(_falling(a, order), Power(x, Sum(a, Number(-1 - order))))


def _gamma_density(order: Term, a: Term, x: Term) -> Term:
    n = _whole(order)
    below = exp_of(Sum(negative(x), negative(Call("gammaln", a))))
    return Product(below, Sum(*(
        Product(Number(math.comb(n, k) * (-1) ** (n - k)), _slope_of_power(x, a, k)) for k in range(n + 1)
    )))  # fmt: skip


def _beta_density(order: Term, a: Term, b: Term, x: Term) -> Term:
    n = _whole(order)
    constant = exp_of(Sum(Call("gammaln", Sum(a, b)), *(negative(Call("gammaln", each)) for each in (a, b))))
    return Product(constant, Sum(*(
        Product(Number(math.comb(n, k) * (-1) ** (n - k)), _slope_of_power(x, a, k),
                _slope_of_power(one_minus(x), b, n - k))
        for k in range(n + 1)
    )))  # fmt: skip


# ----- The table -------------------------------------------------------------------------------------------------

_F, _S, _L = Function, Spelling, Laws


def _scipy(name: str, torch: str = "", jax: str = "jax.scipy.special.{}", arity: int = 1, numba: str = "") -> Spelling:
    """A function of scipy; of numbers, and in loops, one of ours."""
    slots = ", ".join(f"{{{place}}}" for place in range(arity))
    own = numba or f"{name}({slots})"
    head, bracket, rest = own.partition("(")
    return Spelling(
        numpy=f"scipy.special.{name}({slots})",
        scalar=f"{head}_of_number{bracket}{rest}",
        numba=own,
        torch=torch or f"torch.special.{name}({slots})",
        jax=f"{jax.format(name)}({slots})" if jax.endswith("{}") else jax,
    )


def _own(name: str, arity: int = 2) -> Spelling:
    """A function of ours in all targets."""
    slots = ", ".join(f"{{{place}}}" for place in range(arity))
    text = f"{name}({slots})"
    return Spelling(
        numpy=text, scalar=f"{name}_of_number({slots})", numba=text, torch=text, jax=text,
        dask=f"np.map_blocks({name}, {slots})",
    )  # fmt: skip


# that of scipy.special makes float64 of float32
_POLYGAMMA = "((-1) ** ({0} + 1) * math.factorial({0}) * scipy.special.zeta({0} + 1, {1}))"
_GAMMA = (
    _F("digamma", lambda y, x: (Call("polygamma", ONE, x),),
       _S(numpy="scipy.special.digamma({0})", scalar="float(scipy.special.digamma({0}))", numba="digamma({0})",
          jax="jax.scipy.special.digamma({0})"),
       domain="no pole", harmless=ONE, kinks=at_zero),
    _F("gammaln", lambda y, x: (Call("digamma", x),),
       _S(numpy="scipy.special.gammaln({0})", scalar="math.lgamma({0})", torch="torch.lgamma({0})",
          jax="jax.scipy.special.gammaln({0})"),
       _L(at={1: ZERO, 2: ZERO}), domain="no pole", harmless=ONE, kinks=at_zero),
    _F("polygamma", _next("polygamma"),
       _S(numpy=_POLYGAMMA, scalar="float(scipy.special.polygamma({0}, {1}))",
          numba="polygamma({0}, {1})",  # torch.polygamma(1, x) has nine digits
          torch="((-1) ** ({0} + 1) * math.factorial({0}) * torch.special.zeta({0} + 1, {1}))",
          jax="jax.scipy.special.polygamma({0}, {1})",
          dask=_POLYGAMMA),
       domain="no pole", harmless=ONE, kinks=_at_last_zero, arity=2, orders=1, in_place=False),
    _F("gammainc", lambda y, a, x: (None, Call("gamma_density", ZERO, a, x)),
       _scipy("gammainc", arity=2), _L(between=(0.0, 1.0)), domain="nonnegative", harmless=ONE, arity=2, is_name=True),
    _F("gammaincc", lambda y, a, x: (None, negative(Call("gamma_density", ZERO, a, x))),
       _scipy("gammaincc", arity=2), _L(formula=lambda a, x: one_minus(Call("gammainc", a, x)), between=(0.0, 1.0)),
       domain="nonnegative", harmless=ONE, arity=2, is_name=True),
    _F("gamma_density", _next("gamma_density"), _own("gamma_density", 3), _L(formula=_gamma_density),
       domain="nonnegative", harmless=ONE, kinks=_at_last_zero, arity=3, orders=1, lowest=0, is_name=True,
       in_place=False),
    _F("betainc", lambda y, a, b, x: (None, None, Call("beta_density", ZERO, a, b, x)),
       _scipy("betainc", arity=3, torch="betainc({0}, {1}, {2})"), _L(between=(0.0, 1.0)),
       domain="unit", harmless=HALF, arity=3, is_name=True),
    _F("beta_density", _next("beta_density"), _own("beta_density", 4), _L(formula=_beta_density),
       domain="unit", harmless=HALF, arity=4, orders=1, lowest=0, is_name=True, in_place=False),
)  # fmt: skip
_NORMAL = (
    _F("erfc", lambda y, x: (negative(slope_of_erf(x)),),
       _S(numpy="scipy.special.erfc({0})", jax="jax.scipy.special.erfc({0})"),
       _L(formula=lambda x: one_minus(Call("erf", x)), at=ONE_AT_ZERO, positive=True, between=(0.0, 2.0))),
    _F("erfcx", lambda y, x: (Product(Number(-2), Call("ierfcx", ONE, x)),),
       _scipy("erfcx", numba="ierfcx(0, {0})", jax="ierfcx(0, {0})"),
       _L(formula=lambda x: _integrals_of_erfc(ZERO, x), at=ONE_AT_ZERO, positive=True, between=NOT_NEGATIVE),
       harmless=ZERO, is_name=True),
    _F("ierfcx", _next("ierfcx", lambda n: -2 * (n + 1)), _own("ierfcx"),
       _L(formula=_integrals_of_erfc, positive=True, between=NOT_NEGATIVE),
       harmless=ZERO, arity=2, orders=1, lowest=0, is_name=True, in_place=False),
    _F("log_ndtr", _slope_of_log_phi,
       _S(numpy="scipy.special.log_ndtr({0})", scalar="float(scipy.special.log_ndtr({0}))", numba="log_ndtr({0})",
          torch="torch.special.log_ndtr({0})", jax="jax.scipy.special.log_ndtr({0})"),
       _L(formula=lambda x: Call("log", phi(x)), between=(-math.inf, 0.0))),
    _F("ndtr", lambda y, x: (bell(x),),
       _S(numpy="scipy.special.ndtr({0})", scalar="(math.erfc(-({0}) / 2**0.5) / 2)",
          torch="(torch.special.erfc(-({0}) / 2**0.5) / 2)",  # torch.special.ndtr(-10) is 0
          jax="jax.scipy.special.ndtr({0})"),
       _L(formula=phi, at={0: HALF}, positive=True, between=(0.0, 1.0))),
)  # fmt: skip
_BESSEL = (
    _F("i0", lambda y, x: (_bessel_slope(0, x),), _scipy("i0", numba="iv(0, {0})"),
       _L(parity=1, at=ONE_AT_ZERO, positive=True, between=(1.0, math.inf)), harmless=ZERO, is_name=True),
    _F("i1", lambda y, x: (_bessel_slope(1, x),), _scipy("i1", numba="iv(1, {0})"),
       _L(parity=ODD, at={0: ZERO}), harmless=ZERO, is_name=True),
    _F("i0e", lambda y, x: _scaled_slope(0, x), _scipy("i0e", numba="ive(0, {0})"),
       _L(formula=lambda x: _scaled_bessel(0, x), parity=1, at=ONE_AT_ZERO, positive=True, between=(0.0, 1.0)),
       kinks=at_zero, is_name=True),
    _F("i1e", lambda y, x: _scaled_slope(1, x), _scipy("i1e", numba="ive(1, {0})"),
       _L(formula=lambda x: _scaled_bessel(1, x), parity=ODD, at={0: ZERO}, between=(-1.0, 1.0)),
       kinks=at_zero, is_name=True),
    _F("iv", lambda y, n, x: (ZERO, _bessel_slope(_whole(n), x)), _own("iv"), _L(formula=_lower_bessel),
       harmless=ZERO, arity=2, orders=1, lowest=0, is_name=True, in_place=False),
    _F("ive", lambda y, n, x: (ZERO, *_scaled_slope(_whole(n), x)), _own("ive"),
       _L(formula=lambda n, x: _scaled_bessel(_whole(n), x), between=(-1.0, 1.0)),
       kinks=_at_last_zero, arity=2, orders=1, lowest=0, is_name=True, in_place=False),
    _F("ive_slope", lambda y, m, n, x: (ZERO, ZERO, Call("ive_slope", Sum(m, ONE), n, x)), _own("ive_slope", 3),
       _L(formula=_slope_of_scaled),
       kinks=_at_last_zero, arity=3, orders=2, lowest=0, is_name=True, in_place=False),
    _F("sinc", lambda y, x: (Product(MINUS_ONE, PI, Call("spherical_jn", ONE, Product(PI, x))),),
       _S(scalar="sinc_of_number({0})", numba="sinc({0})"),
       _L(formula=lambda x: quotient(Call("sin", Product(PI, x)), Product(PI, x)), parity=1, at=ONE_AT_ZERO,
          between=(-1.0, 1.0)), is_name=True, in_place=False),
    _F("spherical_jn", _spherical_slopes, _own("spherical_jn"), _L(formula=_spherical, between=(-1.0, 1.0)),
       arity=2, orders=1, lowest=0, is_name=True, in_place=False),
)  # fmt: skip
_QUOTIENTS = (
    _F("spence", lambda y, x: (negative(Call("log_slope", ZERO, x)),),
       _scipy("spence", torch="spence({0})"), _L(at={1: ZERO}),
       domain="nonnegative", harmless=ONE, kinks=at_zero, poles=(0,), is_name=True),
    _F("log_slope", _next("log_slope"), _own("log_slope"), _L(formula=_log_slope),
       domain="positive", harmless=ONE, kinks=_at_last_zero, arity=2, orders=1, lowest=0, is_name=True, in_place=False),
    _F("boxcox", _box_slopes,
       _S(numpy="scipy.special.boxcox({0}, {1})", scalar="boxcox_of_number({0}, {1})", numba="boxcox({0}, {1})",
          torch="boxcox({0}, {1})", jax="boxcox({0}, {1})"),
       _L(formula=lambda x, power: quotient(Sum(Power(x, power), MINUS_ONE), power)),
       domain="positive", kinks=lambda x, power: (x,), arity=2, is_name=True),
    _F("exp_moment", _next("exp_moment"), _own("exp_moment"),
       _L(formula=_exp_moment, positive=True, between=NOT_NEGATIVE),
       harmless=ZERO, arity=2, orders=1, lowest=0, is_name=True, in_place=False),
)  # fmt: skip
SPECIAL = (*_GAMMA, *_NORMAL, *_BESSEL, *_QUOTIENTS)
