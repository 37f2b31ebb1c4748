"""Arrays put together from others, and their elements in another order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from indexcalc.lift.arrays.array import Array, number, whole_number
from indexcalc.lift.arrays.combine import broadcast
from indexcalc.lift.arrays.indexing import place_array, taken
from indexcalc.lift.arrays.padding import padded
from indexcalc.lift.arrays.shaping import broadcast_to, concatenated, expanded, place_of, swapped
from indexcalc.lift.arrays.slicing import Slice
from indexcalc.lift.arrays.whole import UNIT, Whole
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library.calls import as_array
from indexcalc.lift.library.comparing import truth, where
from indexcalc.lift.library.products import flat

NOTHING = Whole()


def appended(a: Array, b: Array, axis: int | None = None) -> Array:
    """np.append: flat unless an axis is given."""
    if axis is None:
        return concatenated([_row(a), _row(b)], 0)
    return concatenated([a, b], axis)


def _row(a: Array) -> Array:
    return expanded(a, (0,)) if not a.rank else flat(a)


def deleted(a: Array, index: Whole, axis: int | None = None) -> Array:
    """np.delete of one place."""
    a, place = (flat(a), 0) if axis is None else (a, place_of(axis, a.rank))
    at = _counted(index, a.axes[place].size)
    before: list[Any] = [Slice()] * place
    size = a.axes[place].size
    bounds = [(NOTHING, at), (at + UNIT, size)]
    parts = [taken(a, [*before, Slice(start, stop)]) for start, stop in bounds if start != stop]
    return concatenated(parts, place)


def _counted(index: Whole, size: Whole) -> Whole:
    """A place, counted from the start."""
    at = index + size if (-index).at_least(1) else index
    if not at.at_least() or not (size - at).at_least():
        raise UnreadableError("a place that may be outside")
    return at


def inserted(a: Array, index: Whole, b: Array, axis: int | None = None) -> Array:
    """np.insert of something before one place."""
    a, place = (flat(a), 0) if axis is None else (a, place_of(axis, a.rank))
    size = a.axes[place].size
    at = _counted(index, size)
    before: list[Any] = [Slice()] * place
    if axis is None and b.rank == 1:
        new = b
    elif not b.rank or (b.rank == a.rank - 1):
        new = broadcast_to(expanded(b, (place,)) if b.rank else b, [*a.shape[:place], UNIT, *a.shape[place + 1 :]])
    else:
        raise UnreadableError("what is put between others")
    parts = [taken(a, [*before, Slice(stop=at)])] if at != NOTHING else []
    parts.append(new)
    parts += [taken(a, [*before, Slice(at)])] if at != size else []
    return concatenated(parts, place)


def blocks(rows: Any) -> Array:
    """np.block of a list of arrays, or of rows of them."""
    if isinstance(rows, Array):
        raise UnreadableError("np.block of one array")
    if not rows or not isinstance(rows[0], tuple | list):
        return concatenated([as_array(each) for each in rows], -1)
    depth = max(as_array(each).rank for row in rows for each in row)
    joined = [concatenated([_deep(as_array(each), max(depth, 2)) for each in row], -1) for row in rows]
    return concatenated(joined, -2)


def _deep(a: Array, rank: int) -> Array:
    return expanded(a, tuple(range(rank - a.rank))) if a.rank < rank else a


def block_diagonal(operands: Sequence[Any]) -> Array:
    """block_diag: matrices along the diagonal, 0 elsewhere."""
    matrices = [_deep(as_array(each), 2) for each in operands]
    left, total = NOTHING, NOTHING
    for each in matrices:
        total = total + each.shape[1]
    rows = []
    for each in matrices:
        right = total - left - each.shape[1]
        rows.append(padded(each, 1, (left, right)))
        left = left + each.shape[1]
    return concatenated(rows, 0)


def depth_stacked(arrays: Any) -> Array:
    """np.dstack."""
    if isinstance(arrays, Array):
        raise UnreadableError("np.dstack of one array")
    deep = [_deep(each, 2) for each in arrays]
    return concatenated([expanded(each, (2,)) if each.rank == 2 else each for each in deep], 2)


def rotated(a: Array, times: int = 1) -> Array:
    """np.rot90 of the first two axes."""
    backwards = Slice(step=-1)
    turns = times % 4
    if turns == 0:
        return a
    if turns == 2:
        return taken(a, [backwards, backwards])
    if turns == 1:
        return swapped(taken(a, [Slice(), backwards]), 0, 1)
    return taken(swapped(a, 0, 1), [Slice(), backwards])


def grid_places(shape: Sequence[Whole]) -> tuple[Array, ...]:
    """np.indices: for each axis the place along it, at all places."""
    found = []
    for n, size in enumerate(shape):
        row = place_array(size)
        row = expanded(row, tuple(k for k in range(len(shape)) if k != n)) if len(shape) > 1 else row
        whole = row.whole
        found.append(replace(broadcast_to(row, list(shape)), whole=whole, kind="int"))
    return tuple(found)


def broadcast_all(operands: Sequence[Any]) -> tuple[Array, ...]:
    """np.broadcast_arrays."""
    axes, parts = broadcast([as_array(each) for each in operands])
    return tuple(replace(part, axes=axes) for part in parts)


def broadcast_before(a: Array, shape: Sequence[Whole]) -> Array:
    """lax.broadcast: with axes in front."""
    return broadcast_to(a, [*shape, *a.shape])


def selected(conditions: Any, choices: Any, default: Array | None = None) -> Array:
    """np.select: the first of some arrays whose condition holds."""
    if isinstance(conditions, Array) or isinstance(choices, Array) or len(conditions) != len(choices):
        raise RaisesError("as many conditions as arrays are needed")
    found = default or number(0)
    for condition, choice in reversed(list(zip(conditions, choices, strict=True))):
        found = where(truth(condition), choice, found)
    return found


def element_count(a: Array) -> Array:
    """The number of elements."""
    total = UNIT
    for size in a.shape:
        total = total * size
    return whole_number(total)


def gathered_rows(arrays: Sequence[Array], columns: bool) -> Array:
    """np.c_ and np.r_: vectors as columns, or everything in a row."""
    if columns:
        deep = [expanded(each, (1,)) if each.rank == 1 else _deep(each, 2) for each in arrays]
        return concatenated(deep, -1)
    return concatenated([_row(each) if each.rank < 2 else each for each in arrays], 0)
