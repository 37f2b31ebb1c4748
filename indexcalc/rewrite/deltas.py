"""Eliminate Kronecker deltas: sum[j](delta[i,j]*x[j]) = x[i], and delta[i,j]*x[j] = delta[i,j]*x[i].

The deltas of a monomial say which indices are equal. A class of equal indices is represented by a fixed place if it
holds one, else by its first free index, else by a bound one; the representative takes the place of the others
everywhere, inside functions too. What remains is one delta for each further free index, and no bound index of the class
but the representative. Deltas in one addend of a factor are the business of `expand`.
"""

from __future__ import annotations

from collections.abc import Mapping

from indexcalc.rewrite.monomial import Monomial, Powers, combined, power_terms, without_idle
from indexcalc.terms import ONE, ZERO, Contraction, Delta, Index, Number, Product, Term
from indexcalc.walk import substitute

Rank = Mapping[Index, int]  # the order of the free indices: the first one represents its class


def equal_indices(powers: Powers, bound: frozenset[Index], rank: Rank) -> dict[Index, Index]:
    """Each index that a delta names, with the representative of its class."""
    parent: dict[Index, Index] = {}

    def root(index: Index) -> Index:
        while parent.setdefault(index, index) is not index:
            index = parent[index]
        return index

    def weight(index: Index) -> tuple[object, ...]:
        return (index.place is None, index in bound, rank.get(index, len(rank)), index.key)

    for base, exponent in powers.items():
        if isinstance(base, Delta) and exponent is ONE:
            first, second = sorted(map(root, base.slots), key=weight)
            parent[second] = first
    return {index: root(index) for index in parent}


def eliminate(monomial: Monomial, rank: Rank) -> Monomial | Term:
    """The monomial without deltas on bound indices.

    A term comes back where a factor is no longer an atom after the substitution, so that it must be expanded anew.
    """
    classes = equal_indices(monomial.powers, monomial.bound, rank)
    renaming = {index: chosen for index, chosen in classes.items() if index is not chosen}
    if not renaming:
        return monomial
    deltas = [Delta(index, chosen) for index, chosen in renaming.items() if index not in monomial.bound]
    if ZERO in deltas:
        return ZERO
    factors: list[tuple[Term, Term]] = [(delta, ONE) for delta in deltas if delta is not ONE]
    anew = False
    for base, exponent in monomial.powers.items():
        if not (isinstance(base, Delta) and exponent is ONE):
            new = substitute(base, renaming)
            anew = anew or type(new) is not type(base)
            factors.append((new, substitute(exponent, renaming)))
    bound, powers = monomial.bound.difference(renaming), combined(factors)
    if anew:
        return Contraction(bound, Product(Number(monomial.coefficient), *power_terms(powers)))
    return without_idle(monomial.coefficient, bound, powers)
