"""Parts of derivatives and laws of scalar functions."""

from __future__ import annotations

from fractions import Fraction

from indexcalc.calculus.rows import HALF, PI, TWO
from indexcalc.terms import ONE, ZERO, Call, Number, Power, Product, Sum, Term, negative, quotient

ODD, ZERO_AT_ZERO, ONE_AT_ZERO = -1, {0: ZERO}, {0: ONE}


def one_minus(x: Term) -> Term:
    """1 - x."""
    return Sum(ONE, negative(x))


def exp_of(x: Term) -> Term:
    """exp(x)."""
    return Call("exp", x)


def bell(x: Term) -> Term:
    """exp(-x^2/2)/sqrt(2 pi): the slope of the normal distribution function."""
    return quotient(exp_of(Product(Number(Fraction(-1, 2)), Power(x, TWO))), Call("sqrt", Product(TWO, PI)))


def phi(x: Term) -> Term:
    """The normal distribution function, by erf."""
    return Product(HALF, Sum(ONE, Call("erf", quotient(x, Call("sqrt", TWO)))))


def slope_of_erf(x: Term) -> Term:
    """2/sqrt(pi)*exp(-x^2)."""
    return quotient(Product(TWO, exp_of(negative(Power(x, TWO)))), Call("sqrt", PI))


def at_zero(x: Term) -> tuple[Term, ...]:
    """A kink at 0."""
    return (x,)
