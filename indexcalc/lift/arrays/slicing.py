"""Slices, and the places that they and whole numbers pick of an axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from indexcalc.lift.arrays.array import Array, Axis, axis_of, written
from indexcalc.lift.arrays.conditions import compared
from indexcalc.lift.arrays.whole import UNIT, Whole
from indexcalc.lift.errors import LabelsError, RaisesError, UndecidedError, UnreadableError
from indexcalc.terms import ONE, Delta, Index, Number, Product, Sum, Tensor, Term
from indexcalc.walk import substitute


@dataclass(frozen=True)
class Slice:
    """start:stop:step with whole numbers; none where the code has none."""

    start: Whole | None = None
    stop: Whole | None = None
    step: int = 1


@dataclass(frozen=True)
class Mask:
    """The places at which a condition holds, as `np.triu_indices` or a comparison gives them."""

    condition: Array


@dataclass(frozen=True)
class MaskPlaces:
    """One of the arrays that the places of a mask are given as: those along one axis."""

    mask: Mask
    axis: int


Item = Any  # Array (of whole numbers), Slice, None, Ellipsis or Mask


def full_items(items: Sequence[Item], rank: int) -> list[Item]:
    """The items with the ellipsis and the missing slices written out."""
    used = sum(
        each.condition.rank if isinstance(each, Mask) else each is not None and each is not Ellipsis for each in items
    )
    if used > rank:
        raise RaisesError(f"{used} indices for an array of {rank} axes")
    missing = [Slice()] * (rank - used)
    if any(each is Ellipsis for each in items):
        place = next(n for n, each in enumerate(items) if each is Ellipsis)
        return [*items[:place], *missing, *items[place + 1 :]]
    return [*items, *missing]


def only_mask(items: Sequence[Item]) -> Array | None:
    """The condition of the mask that is the only item; none if there is no such."""
    if len(items) == 1:
        if isinstance(items[0], Mask):
            return items[0].condition
        if isinstance(items[0], Array) and items[0].kind == "bool":
            return items[0]
    return None


def picked(axis: Axis, place: Array) -> tuple[Term, Whole | None]:
    """The selector of one place of an axis (for each element of an array of places)."""
    if place.kind == "float" and isinstance(place.term, Tensor) and len(axis.factors) == 1:
        raise LabelsError(place.term.name, axis.factors[0].range)
    if place.kind == "float":
        raise RaisesError("an index must be a whole number")
    if len(axis.factors) > 1:
        return _picked_merged(axis, place), None
    if not axis.factors:
        if place.whole is not None and place.whole.number in (0, -1):
            return ONE, place.whole
        if place.whole is not None and place.whole.number is not None:
            raise RaisesError(f"the place {place.whole.number} is outside an axis of length 1")
        raise UndecidedError("a place in an axis of length 1 that is not known")
    index = axis.factors[0]
    if place.choice is not None:
        letter, term = place.choice
        if letter.range != index.range:
            raise UndecidedError("labels of one range are places in another")
        return substitute(term, {letter: index}), None
    if place.whole is None:
        return _listed(index, place, axis.size), None
    return _at(index, place.whole, axis.size), place.whole


MOST_LISTED = 64


def _listed(index: Index, place: Array, size: Whole) -> Term:
    """The selector for places that are written out as numbers: those of an array of few elements."""
    ranges = [each.range for each in place.indices]
    count = 1
    for each in ranges:
        count *= each.size or MOST_LISTED + 1
    if count > MOST_LISTED:
        raise UnreadableError("places that are not known")
    addends: list[Term] = []
    for at in product(*([n + 1 for n in range(each.size or 0)] for each in ranges)):
        fixed = {own: Index(str(n), own.range) for own, n in zip(place.indices, at, strict=True)}
        value = substitute(place.term, fixed)
        if not isinstance(value, Number) or value.value != int(value.value):
            raise UnreadableError("places that are not known")
        ties = [Delta(own, new) for own, new in fixed.items()]
        addends.append(Product(*ties, _at(index, Whole.of(int(value.value)), size)))
    return Sum(*addends)


def _at(index: Index, place: Whole, size: Whole) -> Term:
    """1 where an index stands at a place; a negative one counts from the end. Raises for a place outside."""
    here = Whole.atom(index)
    if place.at_least() and inside(place, size):
        return compared("==", here, place)
    if (-place).at_least(1):
        if inside(-place - UNIT, size):
            return compared("==", here, place + size)
        raise _outside(place, size)
    if (place - size).at_least() and not place.indices:
        raise _outside(place, size)
    if (place + size).at_least() and inside(place, size):
        return Sum(compared("==", here, place), compared("==", here, place + size))
    raise UndecidedError(f"whether place {written(place)} is inside an axis of length {written(size)} is not known")


def inside(place: Whole, size: Whole) -> bool:
    """Whether a place is known to lie before the end."""
    return (size - place).at_least(1)


def _outside(place: Whole, size: Whole) -> RaisesError:
    return RaisesError(f"place {written(place)} is outside an axis of length {written(size)}")


def _picked_merged(axis: Axis, place: Array) -> Term:
    whole = place.whole
    if whole is not None and whole.number is not None and whole.number >= 0:
        rest, selectors = whole.number, []
        for index in reversed(axis.factors):
            if index.range.size is None:
                if rest:
                    raise UnreadableError("a place in an axis that was merged")
                selectors.append(compared("==", Whole.atom(index), Whole()))
            else:
                rest, here = divmod(rest, index.range.size)
                selectors.append(compared("==", Whole.atom(index), Whole.of(here)))
        return Product(*selectors)
    if whole is not None:
        ordered = sorted(whole.indices, key=lambda index: -index.serial)
        ordered = [index for each in axis.factors for index in ordered if index.range == each.range]
        if len(ordered) == len(axis.factors) and mixed(ordered) == whole:
            return Product(*(Delta(a, b) for a, b in zip(axis.factors, ordered, strict=True)))
    raise UnreadableError("a place in an axis that was merged")


def mixed(indices: Sequence[Index]) -> Whole:
    """The number of an element of an axis that was merged from others, row-major, from 0."""
    total = Whole()
    for index in indices:
        total = total * Whole.atom(index.range) + Whole.atom(index)
    return total


def sliced(axis: Axis, item: Slice, number: int) -> tuple[Axis, Term]:
    """The axis that a slice gives, and the selector of its places in the axis that it is taken of."""
    size = axis.size
    if item.step == -1 and item.start is None and item.stop is None:
        return _reversed(axis, number)
    if item.step != 1:
        return _strided(axis, item, number)
    start, stop = _bound(item.start, size, Whole()), _bound(item.stop, size, size)
    if start == Whole() and stop == size:
        new = axis.renamed({index: Index("s", index.range, 10 * number + n) for n, index in enumerate(axis.factors)})
        return new, Product(*(Delta(a, b) for a, b in zip(axis.factors, new.factors, strict=True)))
    if len(axis.factors) != 1:
        return _blocks(axis, start, stop, number)
    if not (start.at_least() and (size - stop).at_least() and _is_length(stop - start)) or start == stop:
        raise UndecidedError(f"the slice {written(start)}:{written(stop)} of an axis of length {written(size)}")
    new = axis_of(stop - start, 10 * number)
    new = new.renamed({index: Index("s", index.range, index.serial) for index in new.factors})
    if len(new.factors) > 1:
        raise UnreadableError("a slice whose length is a product")
    if not new.factors:
        return new, compared("==", Whole.atom(axis.factors[0]), start)
    return new, compared("==", Whole.atom(axis.factors[0]), Whole.atom(new.factors[0]) + start)


MOST_CUT = 8  # places that a slice of a whole axis leaves out, of one that is taken to be longer


def _is_length(size: Whole) -> bool:
    """Whether a length is one: surely, or as that of x[1:-1], which has n - 2 places for every n that has any."""
    if size.at_least():
        return True
    lengths = [times for monomial, times in size.terms if monomial]
    fixed = [times for monomial, times in size.terms if not monomial]
    return lengths == [1] and len(fixed) == 1 and -MOST_CUT <= fixed[0] < 0


def _bound(bound: Whole | None, size: Whole, default: Whole) -> Whole:
    """A bound of a slice, counted from the start and cut at the end."""
    if bound is None:
        return default
    if (-bound).at_least(1):
        bound = bound + size
        if not bound.at_least():
            known = bound.number
            if known is not None and known < 0:
                return Whole()
    if (bound - size).at_least():
        return size
    return bound


def _reversed(axis: Axis, number: int) -> tuple[Axis, Term]:
    if len(axis.factors) > 1:
        raise UnreadableError("a merged axis is reversed")
    new = axis.renamed({index: Index("s", index.range, 10 * number) for index in axis.factors})
    if not axis.factors:
        return new, ONE
    place = axis.size - UNIT - Whole.atom(new.factors[0])
    return new, compared("==", Whole.atom(axis.factors[0]), place)


def _strided(axis: Axis, item: Slice, number: int) -> tuple[Axis, Term]:
    size = axis.size.number
    if size is None or len(axis.factors) != 1:
        raise UnreadableError(f"a slice with step {item.step} of an axis whose length is no number")
    start, stop = (None if each is None else each.number for each in (item.start, item.stop))
    places = list(range(size))[start : stop : item.step]
    if not places:
        raise RaisesError("a slice is empty")
    new = axis_of(Whole.of(len(places)), 10 * number)
    if not new.factors:
        return new, compared("==", Whole.atom(axis.factors[0]), Whole.of(places[0]))
    place = Whole.atom(new.factors[0]) * Whole.of(item.step) + Whole.of(places[0])
    return new, compared("==", Whole.atom(axis.factors[0]), place)


def _blocks(axis: Axis, start: Whole, stop: Whole, number: int) -> tuple[Axis, Term]:
    """A slice of a merged axis that begins and ends at whole blocks."""
    if not axis.factors:
        raise UndecidedError("a slice of an axis of length 1")
    first, rest = axis.factors[0], axis.factors[1:]
    block = Axis(rest).size
    low, high = start.divided(block), stop.divided(block)
    if low is None or high is None or not (high - low).at_least(1):
        raise UnreadableError("a slice of a merged axis that cuts its blocks")
    kept = [Index("s", index.range, 10 * number + n + 1) for n, index in enumerate(rest)]
    ties = Product(*(Delta(a, b) for a, b in zip(rest, kept, strict=True)))
    if high - low == UNIT:
        return Axis(tuple(kept)), Product(ties, compared("==", Whole.atom(first), low))
    outer = axis_of(high - low, 10 * number)
    if len(outer.factors) != 1 or outer.length is not None:
        raise UnreadableError("a slice of a merged axis")
    new = Index("s", outer.factors[0].range, 10 * number)
    place = compared("==", Whole.atom(first), Whole.atom(new) + low)
    return Axis((new, *kept)), Product(ties, place)
