"""Arrays with further places around them: zeros, another number, or elements of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indexcalc.lift.arrays.array import Array
from indexcalc.lift.arrays.indexing import taken
from indexcalc.lift.arrays.padding import Pair, padded
from indexcalc.lift.arrays.shaping import concatenated
from indexcalc.lift.arrays.slicing import Slice
from indexcalc.lift.arrays.whole import UNIT, Whole
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library.calls import as_whole

ZERO = Whole()


def _mirrored(a: Array, place: int, widths: Pair, mode: str) -> Array:
    """An axis with elements of its own before and behind it."""
    low, high = widths
    size = a.axes[place].size
    before: list[Any] = [Slice()] * place

    def part(start: Whole, stop: Whole, backwards: bool = False) -> list[Array]:
        if start == stop:
            return []
        found = taken(a, [*before, Slice(start, stop)])
        return [taken(found, [*before, Slice(step=-1)]) if backwards else found]

    if mode == "wrap":
        parts = [*part(size - low, size), a, *part(ZERO, high)]
    elif mode == "reflect":
        parts = [*part(UNIT, low + UNIT, True), a, *part(size - high - UNIT, size - UNIT, True)]
    elif mode == "symmetric":
        parts = [*part(ZERO, low, True), a, *part(size - high, size, True)]
    elif mode == "edge":
        first, last = low.number, high.number
        if first is None or last is None or max(first, last) > 8:
            raise UnreadableError("padding by as many elements")
        parts = [*part(ZERO, UNIT) * first, a, *part(size - UNIT, size) * last]
    else:
        raise UnreadableError(f"padding by {mode}")
    return concatenated(parts, place)


def pad(a: Array, widths: Any, mode: str = "constant", value: Any = None) -> Array:
    """np.pad: widths for all axes, or a pair for each of them."""
    if isinstance(value, tuple | list):
        raise UnreadableError("padding by several numbers")
    for place, pair in enumerate(_pairs(widths, a.rank)):
        a = padded(a, place, pair, value) if mode == "constant" else _mirrored(a, place, pair, mode)
    return a


def _pairs(widths: Any, rank: int) -> list[Pair]:
    if not isinstance(widths, tuple | list):
        return [(as_whole(widths), as_whole(widths))] * rank
    if all(not isinstance(each, tuple | list) for each in widths):
        ends = [as_whole(each) for each in widths]
        if len(ends) not in (1, 2):
            raise RaisesError("widths of a padding are a number, a pair, or a pair for each axis")
        return [(ends[0], ends[-1])] * rank
    rows = [[as_whole(each) for each in row] for row in widths]
    if len(rows) not in (1, rank) or any(len(row) not in (1, 2) for row in rows):
        raise RaisesError("widths of a padding are a number, a pair, or a pair for each axis")
    return [(row[0], row[-1]) for row in (rows if len(rows) == rank else rows * rank)]


def torch_pad(a: Array, shape: Sequence[Whole], mode: str = "constant", value: Array | None = None) -> Array:
    """F.pad: pairs from the last axis on."""
    names = {"constant": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
    if len(shape) % 2 or len(shape) > 2 * a.rank or mode not in names:
        raise RaisesError("the widths of a padding are pairs, from the last axis on")
    for n in range(len(shape) // 2):
        place, pair = a.rank - 1 - n, (shape[2 * n], shape[2 * n + 1])
        a = padded(a, place, pair, value) if mode == "constant" else _mirrored(a, place, pair, names[mode])
    return a
