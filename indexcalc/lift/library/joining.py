"""Arrays joined, and windows of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from indexcalc.lift.arrays.array import Array, axis_of, number, written
from indexcalc.lift.arrays.indexing import read_at
from indexcalc.lift.arrays.shaping import concatenated, expanded, moved_axes, place_of, stacked
from indexcalc.lift.arrays.slicing import Slice
from indexcalc.lift.arrays.views import Elements, Order
from indexcalc.lift.arrays.whole import UNIT, Whole
from indexcalc.lift.errors import LiftError, RaisesError, UndecidedError, UnreadableError


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


def sliding(a: Array, window: Whole, axis: int, step: int = 1) -> Array:
    """sliding_window_view along one axis: windows of a number of places, as a new last axis; every `step` places."""
    place = place_of(axis, a.rank)
    old = a.axes[place]
    size = old.size - window
    if step != 1:
        if size.number is None:
            raise UnreadableError(f"windows with step {step} of an axis whose length is no number")
        size = Whole.of(size.number // step)
    if (-size).at_least(1):
        raise RaisesError(f"windows of length {written(window)} of an axis of length {old}")
    if not size.at_least() and size.form is None:
        raise UndecidedError(f"windows of length {written(window)} of an axis of length {old}")
    starts, inner = (
        axis_of(size + UNIT, 960).renamed_letters("w"),
        axis_of(window, 970).renamed_letters("w"),
    )
    if any(len(each.factors) > 1 or each.length is not None for each in (starts, inner)):
        raise UnreadableError("windows of such lengths")
    first, more = (Whole.atom(each.factors[0]) if each.factors else Whole() for each in (starts, inner))
    found = read_at(a, place, first * Whole.of(step) + more)
    axes = (*found.axes[:place], starts, *found.axes[place:], inner)
    return replace(found, axes=axes).numbered()


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


def concatenate_along(arrays: Any, axis: Any = 0) -> Array:
    """np.concatenate, along no axis of all elements one behind the other."""
    from indexcalc.lift.library.calls import as_integer
    from indexcalc.lift.library.products import flat

    if axis is None:
        return concatenated([flat(each) for each in arrays], 0)
    return concatenate(arrays, axis if isinstance(axis, int) else as_integer(axis))


MOST_PARTS = 64


def split(a: Array, parts: Any, axis: int = 0) -> tuple[Elements, ...]:
    """np.split into a number of equal parts, or at places."""
    from indexcalc.lift.library.calls import as_integer, as_whole

    place = place_of(axis, a.rank)
    size = a.axes[place].size
    if isinstance(parts, tuple | list):
        at = [as_whole(each) for each in parts]
        return _parts(a, place, list(zip([Whole(), *at], [*at, size], strict=True)))
    count = as_integer(parts)
    if not isinstance(count, int) or not 0 < count <= MOST_PARTS:
        raise UnreadableError("how an array is split")
    block = size.divided(Whole.of(count))
    if block is None:
        raise UnreadableError(f"an axis that is split into {count} parts")
    return _parts(a, place, [(block * Whole.of(n), block * Whole.of(n + 1)) for n in range(count)])


def torch_split(a: Array, parts: Any, axis: int = 0) -> tuple[Elements, ...]:
    """torch.split: into parts of a length, or of several lengths."""
    from indexcalc.lift.library.calls import as_whole

    place = place_of(axis, a.rank)
    size = a.axes[place].size
    if isinstance(parts, tuple | list):
        lengths = [as_whole(each) for each in parts]
    else:
        length = as_whole(parts)
        count = size.divided(length)
        number, whole = size.number, length.number
        if count is not None and count.number is not None:
            lengths = [length] * count.number
        elif number is not None and whole:
            lengths = [length] * (number // whole) + [Whole.of(number % whole)] * bool(number % whole)
        else:
            raise UnreadableError("how an array is split")
    if not 0 < len(lengths) <= MOST_PARTS:
        raise UnreadableError("how an array is split")
    bounds = [Whole()]
    for each in lengths:
        bounds.append(bounds[-1] + each)
    if bounds[-1] != size:
        raise unlike_lengths(bounds[-1], size)
    return _parts(a, place, list(pairwise(bounds)))


def unlike_lengths(total: Whole, size: Whole) -> LiftError:
    """What to raise where lengths do not add up to that of an axis."""
    words = f"parts that are {written(total)} long together, of an axis of length {written(size)}"
    return RaisesError(words) if (total - size).number is not None else UndecidedError(words)


def _parts(a: Array, place: int, bounds: Sequence[tuple[Whole, Whole]]) -> tuple[Elements, ...]:
    before = [Slice()] * place
    return tuple(Elements((*before, Slice(start, stop))) for start, stop in bounds)


def unbind(a: Array, axis: int = 0) -> tuple[Elements, ...]:
    """The rows of an axis whose length is a number."""
    place = place_of(axis, a.rank)
    count = a.axes[place].size.number
    if count is None or count > 64:
        raise UnreadableError("how many rows an array has")
    return tuple(Elements((*[Slice()] * place, number(n))) for n in range(count))
