"""Unknown functions: the Taylor polynomial that stands for one in derivatives of a given order."""

from __future__ import annotations

from indexcalc.indices import Index, Range
from indexcalc.sheet import Definition
from indexcalc.terms import Number, Product, Sum, Tensor, Term


def taylor(
    name: str, slots: tuple[Range, ...], variables: list[Tensor], order: int
) -> tuple[Definition, dict[str, str]]:
    """The Taylor polynomial of an unknown function, and the names of the places at which it is taken: v* for v.

    Only the symmetric part of its coefficients counts, since each is summed with the same differences.
    """
    axes = tuple(Index("s", range, -900 - place) for place, range in enumerate(slots))
    places = {variable.name: f"{variable.name}?at" for variable in variables}
    body: Term = Tensor(f"{name}?0", axes)
    for degree in range(1, order + 1):
        for chosen in _multisets(len(variables), degree):
            picked = [variables[place] for place in chosen]
            body = Sum(body, _monomial(name, axes, picked, places))
    return Definition(name, axes, body, recognised=False), places


def _multisets(count: int, degree: int) -> list[tuple[int, ...]]:
    if degree == 0:
        return [()]
    return [(*rest, place) for rest in _multisets(count, degree - 1) for place in range(rest[-1] if rest else 0, count)]


def _coefficient(name: str, axes: tuple[Index, ...], picked: list[Tensor]) -> tuple[Tensor, list[tuple[Index, ...]]]:
    groups = [
        tuple(Index("v", slot.range, -100 * (place + 1) - number) for number, slot in enumerate(each.slots))
        for place, each in enumerate(picked)
    ]
    word = f"{name}?" + "?".join(each.name for each in picked)
    return Tensor(word, (*axes, *(index for group in groups for index in group))), groups


def _monomial(name: str, axes: tuple[Index, ...], picked: list[Tensor], places: dict[str, str]) -> Term:
    from collections import Counter
    from fractions import Fraction
    from math import factorial, prod

    from indexcalc.terms import Contraction, negative

    coefficient, groups = _coefficient(name, axes, picked)
    times = prod(factorial(count) for count in Counter(each.name for each in picked).values())
    moves = [
        Sum(Tensor(each.name, group), negative(Tensor(places[each.name], group)))
        for each, group in zip(picked, groups, strict=True)
    ]
    bound = [index for group in groups for index in group]
    return Product(Number(Fraction(1, times)), Contraction(bound, Product(coefficient, *moves)))
