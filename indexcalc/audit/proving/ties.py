"""Where numbers are equal by chance only: a derivative is compared away from there, since it does not exist there.

1[x[i] == 0] is 0 in general. That is not so of an equality which the form of its sides, or a choice of places, brings
about: an extreme equals one of its elements, x[i] equals x[j] where i = j, delta[i,j] is 0 at most places, a size may
be any whole number, and a tensor with a definition any of these, or the other side under another name.
"""

from __future__ import annotations

from itertools import product

from indexcalc.rewrite.expand import Polynomial
from indexcalc.rewrite.normal import NormalForm
from indexcalc.sheet import Sheet
from indexcalc.terms import (
    Delta,
    Epsilon,
    Index,
    Indicator,
    Range,
    Reduction,
    Size,
    Sum,
    Term,
    Where,
    in_order,
    negative,
)
from indexcalc.walk import substitute, subterms

NOT_GENERAL = (Reduction, Delta, Epsilon, Indicator, Where, Size)


def is_tie(term: Term) -> bool:
    """Whether a term says that two numbers are equal."""
    return isinstance(term, Indicator) and term.relation == "=="


def without_ties(polynomial: Polynomial, sheet: Sheet, normal: NormalForm) -> Polynomial:
    """The polynomial where no two numbers that differ in general are equal."""

    def vanishes(base: Term) -> bool:
        return is_tie(base) and _is_chance(base, sheet, normal)

    return [monomial for monomial in polynomial if not any(map(vanishes, monomial.powers))]


def _is_chance(tie: Term, sheet: Sheet, normal: NormalForm) -> bool:
    """Whether the sides of an equality are equal at no places but by a coincidence of numbers."""
    assert isinstance(tie, Indicator)
    left, right = tie.left, tie.right
    if isinstance(left, Index) or isinstance(right, Index) or not tie.symbols - {"pi"}:
        return False  # it compares places, or numbers and sizes
    if not tie.symbols.isdisjoint(sheet.definitions):
        return False
    if any(isinstance(each, NOT_GENERAL) for side in (left, right) for each in subterms(side)):
        return False
    difference = Sum(left, negative(right))
    return all(normal(substitute(difference, at)) for at in _coincidences(difference))


def _coincidences(term: Term) -> list[dict[Index, Index]]:
    """The ways to let all free indices of a range be one: the first of them, or a place that the term names."""
    places: dict[Range, list[Index]] = {}
    for index in in_order(term.indices):
        places.setdefault(index.range, []).append(index)
    moving = [index for index in in_order(term.free) if index.place is None]
    choices = [[each for each in found if each.place is not None] + found[:1] for found in places.values()]
    return [
        {index: at[index.range] for index in moving if at[index.range] is not index}
        for chosen in product(*choices)
        for at in [{index.range: index for index in chosen}]
    ]
