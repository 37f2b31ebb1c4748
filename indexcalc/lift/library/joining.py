"""Arrays joined, and windows of one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from indexcalc.lift.arrays.array import Array, number
from indexcalc.lift.arrays.indexing import taken
from indexcalc.lift.arrays.shaping import concatenated, expanded, moved_axes, place_of, stacked
from indexcalc.lift.arrays.slicing import Slice
from indexcalc.lift.arrays.views import Order
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.errors import UnreadableError


def joined(arrays: Any, kind: str) -> Array:
    """np.vstack, hstack and column_stack."""
    if isinstance(arrays, Array):
        if kind == "rows" and arrays.rank == 2:
            return arrays
        if kind == "vectors" and arrays.rank == 2:
            turned: Array = stack(arrays, -1).read(arrays)
            return turned
        return concatenate(arrays, 1 if kind == "columns" and arrays.rank > 2 else 0)
    if kind == "columns":
        return concatenated(arrays, 1 if arrays[0].rank > 1 else 0)
    if kind == "vectors":
        return concatenated([expanded(each, (1,)) if each.rank == 1 else each for each in arrays], 1)
    if all(each.rank == 1 for each in arrays):
        return stacked(arrays, 0)
    return concatenated([expanded(each, (0,)) if each.rank == 1 else each for each in arrays], 0)


def sliding(a: Array, window: int, axis: int) -> Array:
    """sliding_window_view along one axis: windows of a number of places, as a new last axis."""
    from indexcalc.lift.arrays.array import axis_of, compared
    from indexcalc.lift.arrays.combine import gathered
    from indexcalc.terms import Index

    place = place_of(axis, a.rank)
    old = a.axes[place]
    if len(old.factors) != 1 or old.length is not None:
        raise UnreadableError("windows of such an axis")
    starts, inner = axis_of(old.size - Whole.of(window - 1), 960), axis_of(Whole.of(window), 961)
    starts = starts.renamed({index: Index("w", index.range, 1) for index in starts.factors})
    own = Index("j", old.factors[0].range, 1)
    a = a.renamed({old.factors[0]: own})
    where_at = Whole.atom(starts.factors[0]) + (Whole.atom(inner.factors[0]) if inner.factors else Whole())
    a = gathered(a, own, compared("==", Whole.atom(own), where_at))
    return replace(a, axes=(*a.axes[:place], starts, *a.axes[place + 1 :], inner)).numbered()


def stack(arrays: Any, axis: int = 0) -> Any:
    """np.stack, also of the rows of one array."""
    if isinstance(arrays, Array):
        place = place_of(axis, arrays.rank)
        return Order(moved_axes(arrays, (0,), (place,)))
    return stacked(arrays, axis)


def concatenate(arrays: Any, axis: int = 0) -> Array:
    """np.concatenate, also of the rows of one array."""
    if isinstance(arrays, Array):
        from indexcalc.lift.arrays.shaping import merged_axis, permuted

        place = place_of(axis, arrays.rank - 1)
        moved = permuted(arrays, moved_axes(arrays, (0,), (place,)))
        return merged_axis(moved, place, place + 1)
    return concatenated(arrays, axis)


def split(a: Array, parts: Any, axis: int = 0) -> tuple[Array, ...]:
    """np.split into a number of equal parts."""
    from indexcalc.lift.library.calls import as_integer

    count = as_integer(parts)
    place = place_of(axis, a.rank)
    if not isinstance(count, int) or not 0 < count <= 64:
        raise UnreadableError("how an array is split")
    block = a.axes[place].size.divided(Whole.of(count))
    if block is None:
        raise UnreadableError(f"an axis that is split into {count} parts")
    before = [Slice()] * place
    return tuple(taken(a, [*before, Slice(block * Whole.of(n), block * Whole.of(n + 1))]) for n in range(count))


def unbind(a: Array, axis: int = 0) -> tuple[Array, ...]:
    """The rows of an axis whose length is a number."""
    place = place_of(axis, a.rank)
    count = a.axes[place].size.number
    if count is None or count > 64:
        raise UnreadableError("how many rows an array has")
    return tuple(taken(a, [*[Slice()] * place, number(n)]) for n in range(count))
