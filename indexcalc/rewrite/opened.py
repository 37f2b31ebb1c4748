"""Multiply out so that a power of a sum meets the same product written in full, where both stand under one more sum.

    sum[i](sum[k](u[k]*x[i,k])^2) = sum[i,k,l](u[k]*u[l]*x[i,k]*x[i,l])

Without the sum over i the factors share no index, and the product of two sums is their square already.
"""

from __future__ import annotations

from collections.abc import Iterable

from indexcalc.rewrite.expand import Expansion, Polynomial
from indexcalc.rewrite.monomial import Monomial, apart, divided, whole_number
from indexcalc.terms import Contraction, Term

HIGHEST_OPENED_POWER = 3


class Opened(Expansion):
    """Expansion where no power of a sum stands under a sum that it shares an index with."""

    def contracted(self, polynomial: Iterable[Monomial]) -> Polynomial:
        """The monomials with the deltas on bound indices eliminated, and powers of sums opened."""
        return [each for monomial in super().contracted(polynomial) for each in self._opened(monomial)]

    def _opened(self, monomial: Monomial) -> Polynomial:
        for base, exponent in monomial.powers.items():
            number = whole_number(exponent) or 0
            if 1 < number <= HIGHEST_OPENED_POWER and _shares(base, monomial):
                rest = Monomial(monomial.coefficient, frozenset(), divided(monomial.powers, base, exponent))
                found = [rest]
                for _ in range(number):
                    found = self._times(found, self.polynomial(base))
                inside = (apart(each, monomial.bound) for each in found)
                wider = (Monomial(each.coefficient, each.bound | monomial.bound, each.powers) for each in inside)
                return self.contracted(wider)
        return [monomial]


def _shares(base: Term, monomial: Monomial) -> bool:
    return isinstance(base, Contraction) and not base.free.isdisjoint(monomial.bound)
