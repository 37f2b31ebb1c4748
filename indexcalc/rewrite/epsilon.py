"""Products of permutation symbols as Kronecker deltas.

    eps[i,j,k]*eps[l,m,n] = det [[delta[i,l], delta[i,m], delta[i,n]], [delta[j,l], ...], ...]
"""

from __future__ import annotations

from itertools import combinations, permutations

from indexcalc.rewrite.monomial import Monomial, combined, divided, without_idle
from indexcalc.terms import ONE, ZERO, Delta, Epsilon, Number

EVEN = ((0, 1, 2), (1, 2, 0), (2, 0, 1))


def epsilon_pair(monomial: Monomial, always: bool) -> tuple[Epsilon, Epsilon] | None:
    """Two permutation symbols of a monomial that share an index that is summed, or any two."""
    listed: list[Epsilon] = []
    for base, exponent in monomial.powers.items():
        if isinstance(base, Epsilon) and isinstance(exponent, Number) and exponent.value > 0:
            listed += [base] * int(exponent.value)
    for first, second in combinations(listed, 2):
        shared = set(first.slots).intersection(second.slots)
        if always or not shared.isdisjoint(monomial.bound):
            return first, second
    return None


def as_deltas(monomial: Monomial, first: Epsilon, second: Epsilon) -> list[Monomial]:
    """The monomial with the determinant of the deltas in place of two of its permutation symbols."""
    rest = divided(divided(monomial.powers, first, ONE), second, ONE)
    found: list[Monomial] = []
    for order in permutations(range(3)):
        deltas = [Delta(first.slots[a], second.slots[b]) for a, b in enumerate(order)]
        if ZERO not in deltas:
            powers = combined((*rest.items(), *((delta, ONE) for delta in deltas if delta is not ONE)))
            sign = 1 if order in EVEN else -1
            found.append(without_idle(monomial.coefficient * sign, monomial.bound, powers))
    return found
