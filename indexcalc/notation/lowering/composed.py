"""Functions that are written out as soon as they are read: the multivariate log-gamma function."""

from __future__ import annotations

from fractions import Fraction

from indexcalc.calculus.rows import PI
from indexcalc.terms import MINUS_ONE, Call, Contraction, Index, Indicator, Number, Product, Size, Sum, Term
from indexcalc.walk import fresh

MOST = 100  # of addends that are written out


def multivariate_gamma(a: Term, order: Term) -> Term | None:
    """p(p - 1)/4*log(pi) + sum over j of gammaln(a - (j - 1)/2), j from 1 to p; none if p is no whole number or size.

    NIST Handbook of Mathematical Functions, 35.3.4.
    """
    before = Product(Number(Fraction(1, 4)), order, Sum(order, MINUS_ONE), Call("log", PI))
    if isinstance(order, Number):
        if order.value != int(order.value) or not 1 <= order.value <= MOST:
            return None
        steps = range(int(order.value))
        return Sum(before, *(Call("gammaln", Sum(a, Number(Fraction(-step, 2)))) for step in steps))
    if not isinstance(order, Size):
        return None
    one = fresh(Index("j", order.range), a.indices)
    other = fresh(Index("k", order.range), {*a.indices, one})
    lower = Contraction((other,), Indicator("<", other, one))
    return Sum(before, Contraction((one,), Call("gammaln", Sum(a, Product(Number(Fraction(-1, 2)), lower)))))
