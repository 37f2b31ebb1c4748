"""Reading and writing elements: whole numbers, slices, new axes, arrays of places, masks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexcalc.lift.arrays.array import Array, Axis, array, axis_of
from indexcalc.lift.arrays.combine import broadcast, gathered, summed
from indexcalc.lift.arrays.conditions import compared
from indexcalc.lift.arrays.slicing import Item, Slice, full_items, mixed, only_mask, picked, sliced
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.errors import UnreadableError
from indexcalc.terms import Delta, Index, Product, Term

OWN = "j"  # the letter of the axes that are read from, while they are


@dataclass(frozen=True)
class Selection:
    """What is read: for each axis of the source (its indices renamed) the selector that picks its places.

    axes: of the result. advanced: whether arrays of places were used, so that the result is a copy.
    """

    source: Array
    selectors: tuple[tuple[Axis, Term], ...]
    axes: tuple[Axis, ...]
    advanced: bool


def selection(value: Array, items: Sequence[Item]) -> Selection:
    """The selection that items mean for an array. Raises for places that do not exist."""
    items = full_items(items, value.rank)
    own = {index: Index(OWN, index.range, index.serial) for index in value.indices}
    value = value.renamed(own)
    arrays = [each for each in items if isinstance(each, Array) and each.rank]
    shared, places = broadcast([each for each in items if isinstance(each, Array)]) if arrays else ((), [])
    shared, places = _lettered(shared, places)
    selectors: list[tuple[Axis, Term]] = []
    left, axes, spots = iter(value.axes), [], []
    found = iter(places)
    for number, item in enumerate(items):
        if item is None:
            axes.append(Axis())
            continue
        axis = next(left)
        if isinstance(item, Array):
            term, _ = picked(axis, next(found) if arrays else item)
            selectors.append((axis, term))
            spots.append((number, len(axes)))
        elif isinstance(item, Slice):
            new, term = sliced(axis, item, len(axes) + 1)
            selectors.append((axis, term))
            axes.append(new)
        else:
            raise UnreadableError("a mask among other indices")
    if arrays:
        numbers_in = [number for number, _ in spots]
        together = numbers_in == list(range(numbers_in[0], numbers_in[0] + len(numbers_in)))
        at = spots[0][1] if together else 0
        axes[at:at] = list(shared)
    return Selection(value, tuple(selectors), tuple(axes), bool(arrays))


def _lettered(axes: tuple[Axis, ...], parts: list[Array]) -> tuple[tuple[Axis, ...], list[Array]]:
    """The shared axes of arrays of places with letters of their own."""
    renaming = {index: Index("p", index.range, index.serial) for axis in axes for index in axis.factors}
    return tuple(axis.renamed(renaming) for axis in axes), [part.renamed(renaming) for part in parts]


# ----- Reading ---------------------------------------------------------------------------------------------------


def taken(value: Array, items: Sequence[Item]) -> Array:
    """value[items], as a value. Raises for places that do not exist."""
    mask = only_mask(items)
    if mask is not None:
        if mask.shape != value.shape:
            raise UnreadableError("a mask of another shape than the array")
        return replace(value, mask=mask.renamed(dict(zip(mask.indices, value.indices, strict=True))).term)
    chosen_parts = selection(value, items)
    found = chosen_parts.source
    for axis, selector in chosen_parts.selectors:
        for index in axis.factors:
            found = _read(found, axis, index, selector) if index is axis.factors[-1] else found
    found = replace(found, axes=chosen_parts.axes)
    return found.numbered()


def _read(found: Array, axis: Axis, last: Index, selector: Term) -> Array:
    """The array read along all indices of an axis."""
    from indexcalc.terms import factors_of

    pending = list(axis.factors)
    factors = list(factors_of(selector))
    for index in list(pending):
        for factor in factors:
            if isinstance(factor, Delta) and index in factor.slots:
                found = gathered(found, index, factor)
                factors.remove(factor)
                pending.remove(index)
                break
    for index in pending:
        own = [factor for factor in factors if index in factor.free]
        found = gathered(found, index, Product(*own))
    return found


def read_at(value: Array, place: int, where: Whole, times: int = 1) -> Array:
    """The array without an axis, read at the place whose multiple (by `times`) is a number; 0 where there is none.

    Raises for an axis that was merged from several.
    """
    axis = value.axes[place]
    rest = tuple(each for n, each in enumerate(value.axes) if n != place)
    if not axis.factors:
        return replace(value, axes=rest, term=Product(compared("==", where, Whole()), value.term)).plain()
    if len(axis.factors) > 1 or value.hidden is not None:
        raise UnreadableError("places in an axis that was merged")
    own = Index(OWN, axis.factors[0].range, 1)
    value = value.renamed({axis.factors[0]: own})
    selector = Product(
        compared("==", Whole.atom(own) * Whole.of(times), where), axis.renamed({axis.factors[0]: own}).inside
    )
    if own not in value.term.free:  # the same everywhere, but only where there is a place
        found = replace(value, term=Product(summed((own,), selector), value.term)).plain()
    else:
        found = gathered(value, own, selector)
    return replace(found, axes=rest)


# ----- Writing ---------------------------------------------------------------------------------------------------


def place_array(size: Whole, start: Whole | None = None, library: str = "") -> Array:
    """The whole numbers from a start, as many as an axis is long: np.arange."""
    axis = axis_of(size)
    value = mixed(axis.factors) + (start or Whole())
    return array((axis,), value.term(), "int", library, whole=value)
