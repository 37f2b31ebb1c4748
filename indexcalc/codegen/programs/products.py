"""Products of terms: what is divided by, and what is multiplied out before arrays are made."""

from __future__ import annotations

from collections.abc import Sequence

from indexcalc.codegen.programs.program import Axes
from indexcalc.terms import (
    NOTHING,
    Contraction,
    Index,
    Number,
    Power,
    Product,
    Sum,
    Tensor,
    Term,
    coefficient_and_rest,
    coefficient_of,
    factors_of,
    negative,
)


def sign_of(term: Term) -> int:
    """-1 if the number in front of a term is negative, else 1."""
    return -1 if coefficient_of(term) < 0 else 1


def divisor_of(factor: Term) -> Term | None:
    """x if the factor is 1/x, x^2 if it is x^-2, and so on; none if it divides by nothing."""
    if isinstance(factor, Power) and coefficient_of(factor.exponent) < 0:
        return Power(factor.base, negative(factor.exponent))
    return None


def is_product(term: Term) -> bool:
    """Whether a term has at least two factors with indices, or a sum over indices in it."""
    factors = [factor for factor in factors_of(term) if factor.free]
    return len(factors) > 1 or any(isinstance(factor, Contraction) for factor in factors)


def like(factor: Term, factors: Sequence[Term]) -> Axes:
    """The indices of the tensor among the factors that a factor shares most of them with, if it shares several."""
    slots = [other.slots for other in factors if isinstance(other, Tensor) and other is not factor]
    best = max(slots, key=lambda each: len(factor.free.intersection(each)), default=())
    return tuple(dict.fromkeys(best)) if len(factor.free.intersection(best)) > 1 else ()


def is_spread(term: Sum) -> bool:
    """Whether a sum has more indices than any array in it: v[j,d] - o[i,d]."""
    pending: list[Term] = [term]
    while pending:
        each = pending.pop()
        if isinstance(each, Sum | Product):
            pending += each.fields
        elif isinstance(each, Power) and divisor_of(each) is not None:
            pending.append(each.base)
        elif each.free == term.free:
            return False
    return True


def multiplied_out(bound: Axes, factors: Sequence[Term], spread: Sum) -> Term:
    """The sum over indices of a product with one factor that is spread, such that no array of its size is made.

    The factor is multiplied out. Where the sum over one index, taken first, leaves fewer indices than the factor has,
    only that sum stands apart. (Of two factors that are spread none is multiplied out: their product may be a square,
    which would lose digits.)
    """
    found: list[tuple[int, Index, list[Term]]] = []
    for index in bound:
        holding = [factor for factor in factors if index in factor.free]
        left = len(NOTHING.union(*(factor.free for factor in holding))) - 1
        if spread in holding and len(holding) < len(factors) and left < len(spread.free):
            found.append((left, index, holding))
    if found:
        _, index, holding = min(found, key=lambda each: (each[0], each[1].key))
        rest = [factor for factor in factors if factor not in holding]
        outer = [each for each in bound if each is not index]
        return Contraction(outer, Product(*rest, Contraction((index,), Product(*holding))))
    others = [factor for factor in factors if factor is not spread]
    return Sum(*(Contraction(bound, Product(*others, each)) for each in _from_first(spread)))


def _from_first(spread: Sum) -> tuple[Term, ...]:
    """The addends; those of x[j,d] - x[i,d] less x[1,d], so that it does not matter how far from 0 all of them are."""
    if len(spread.terms) != 2:
        return spread.terms
    (number, one), (opposite, other) = (coefficient_and_rest(each) for each in spread.terms)
    if number != -opposite or not isinstance(one, Tensor) or not isinstance(other, Tensor) or one.name != other.name:
        return spread.terms
    places = [place for place, pair in enumerate(zip(one.slots, other.slots, strict=True)) if pair[0] is not pair[1]]
    if len(places) != 1 or one.slots.count(one.slots[places[0]]) > 1 or other.slots.count(other.slots[places[0]]) > 1:
        return spread.terms
    slots = list(one.slots)
    slots[places[0]] = Index("1", slots[places[0]].range)
    first = negative(Tensor(one.name, slots))
    return Product(Number(number), Sum(one, first)), Product(Number(opposite), Sum(other, first))
