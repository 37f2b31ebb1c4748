"""Dummies that are used twice: a sum over all of a product where each part was meant to have a sum of its own.

    sum[i](a[i]*b[i]*a[i]*b[i])               was meant as    (sum[i] a[i]*b[i])^2
    sum[k]((u[k]*v[k] - c)*w[k]*v[k])         was meant as    ((sum[k] u[k]*v[k]) - c) * sum[k] w[k]*v[k]
    sum[k](a[k]*b[k] / (c[k]*d[k])^2)         was meant as    (sum[k] a[k]*b[k]) / (sum[k] c[k]*d[k])^2
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

from indexcalc.terms import (
    ONE,
    Call,
    Contraction,
    Derivative,
    Index,
    Number,
    Power,
    Product,
    Sum,
    Term,
    factors_of,
)

if TYPE_CHECKING:
    from indexcalc.audit.slips.edits import Edit, Slips

MOST_FACTORS = 6  # of a product whose factors are put into two sums


def clashing_dummies(term: Term, slips: Slips) -> Iterator[Edit]:
    """A sum parted into sums."""
    if not isinstance(term, Contraction) or not isinstance(term.body, Product):
        return
    for index in term.bound:
        rest = [other for other in term.bound if other is not index]
        sentence = f"the dummy {index.name} is used twice: two sums need two letters"
        for body in _parted(term.body, index):
            yield sentence, Contraction(rest, body)


def _parted(product: Product, index: Index) -> Iterator[Term]:
    outside = [factor for factor in product.factors if index not in factor.free]
    inside = [factor for factor in product.factors if index in factor.free]
    own = [_own_sum(factor, index) for factor in inside]
    others = [factor for factor, summed in zip(inside, own, strict=True) if summed is None]
    if len(inside) > 1:
        summed = [each for each in own if each is not None]
        for rest in _in_quotients(others, index):
            if len(summed) + len(rest) > 1:
                yield Product(*outside, *summed, *rest)
    if 4 <= len(inside) <= MOST_FACTORS:
        for count in range(1, len(inside)):
            for chosen in combinations(range(len(inside)), count):
                groups: tuple[list[Term], list[Term]] = ([], [])
                for place, factor in enumerate(inside):
                    groups[place in chosen].append(factor)
                yield Product(*outside, *(Contraction([index], Product(*group)) for group in groups))


def _in_quotients(factors: list[Term], index: Index) -> Iterator[list[Term]]:
    """One sum over the factors above the line, and one over those below it: as it is, or under their common power."""
    above = [factor for factor in factors if _power(factor) > 0]
    below = [factor for factor in factors if _power(factor) < 0]
    if len(above) == 1:
        return
    over = [Contraction([index], Product(*above))] if above else []
    if not below:
        yield over
    powers = {Fraction(1), *(-_power(factor) for factor in below)} if below else set[Fraction]()
    for power in sorted(powers):
        roots = Product(*(Power(_base(factor), Number(-_power(factor) / power)) for factor in below))
        yield [*over, Power(Contraction([index], roots), Number(-power))]


def _base(factor: Term) -> Term:
    return factor.base if isinstance(factor, Power) else factor


def _power(factor: Term) -> Fraction:
    exponent = factor.exponent if isinstance(factor, Power) else ONE
    return Fraction(exponent.value) if isinstance(exponent, Number) else Fraction(1)


def _own_sum(factor: Term, index: Index) -> Term | None:
    """The factor with sums of its own over an index; none if it has it only once in some product."""
    match factor:
        case Sum(terms):
            parts = [_sum_in(term, index) if index in term.free else term for term in terms]
            return None if None in parts else Sum(*(part for part in parts if part is not None))
        case Power(base, exponent) if index not in exponent.free:
            inner = _sum_in(base, index)
            return None if inner is None else Power(inner, exponent)
        case Call(function, (argument,)):
            inner = _sum_in(argument, index)
            return None if inner is None else Call(function, inner)
        case Derivative(body, variable) if index not in variable.free:
            inner = _sum_in(body, index)
            return None if inner is None else Derivative(inner, variable)
    return None


def _sum_in(term: Term, index: Index) -> Term | None:
    """The sum over an index that stands at least twice in a product, or in one factor of it."""
    inside = [factor for factor in factors_of(term) if index in factor.free]
    if len(inside) > 1:
        outside = [factor for factor in factors_of(term) if factor not in inside]
        return Product(*outside, Contraction([index], Product(*inside)))
    if inside == [term]:
        return _own_sum(term, index)
    summed = _own_sum(inside[0], index) if inside else None
    others = (factor for factor in factors_of(term) if factor is not (inside[0] if inside else None))
    return None if summed is None else Product(*others, summed)
