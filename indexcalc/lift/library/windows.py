"""What looks at neighbouring places: convolutions, correlations, pooling, unfolding.

The place of an input element that belongs to a place of the result is an affine form; outside of the input there is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from indexcalc.lift.arrays.array import Array, Axis, axis_of, number, shape_text
from indexcalc.lift.arrays.combine import contracted, mean_of, reduced, sum_over
from indexcalc.lift.arrays.indexing import read_at, taken
from indexcalc.lift.arrays.padding import padded
from indexcalc.lift.arrays.shaping import merged_axis, permuted, place_of, reshaped
from indexcalc.lift.arrays.whole import UNIT, Whole
from indexcalc.lift.errors import RaisesError, UndecidedError, UnreadableError
from indexcalc.lift.library.calls import as_integer, as_whole
from indexcalc.lift.library.elementwise import add
from indexcalc.lift.library.joining import sliding
from indexcalc.terms import Product

Pair = tuple[Whole, Whole]
ZERO = Whole()


# ----- Convolutions of vectors and matrices ----------------------------------------------------------------------


def convolve(a: Array, b: Array, mode: str = "full") -> Array:
    """np.convolve, and those of scipy along all axes."""
    if a.rank == 1 and (b.axes[0].size - a.axes[0].size).at_least(1):
        a, b = b, a
    return _convolved(a, b, mode, 1)


def correlate(a: Array, b: Array, mode: str = "valid") -> Array:
    """np.correlate: the sum of a at a place and further ones, times b. Raises where b is longer."""
    if any((theirs.size - own.size).at_least(1) for own, theirs in zip(a.axes, b.axes, strict=True)) and mode != "full":
        raise UnreadableError("a correlation with what is longer")
    return _convolved(a, b, mode, -1)


def scipy_correlate(a: Array, b: Array, mode: str = "full") -> Array:
    """scipy.signal.correlate: of all elements, unless told otherwise."""
    return correlate(a, b, mode)


def _convolved(a: Array, b: Array, mode: str, sign: int) -> Array:
    """Sums of a at shifted places times b; sign: 1 where b runs backwards (a convolution), else -1."""
    if a.rank != b.rank or not a.rank:
        raise RaisesError(f"arrays of shapes {shape_text(a.shape)} and {shape_text(b.shape)} are convolved")
    b = b.renamed({index: type(index)("x", index.range, index.serial) for index in b.indices})
    outer: list[Axis] = []
    for n, (own, theirs) in enumerate(zip(a.axes, b.axes, strict=True)):
        if len(theirs.factors) > 1 or theirs.length is not None:
            raise UnreadableError("a convolution along such an axis")
        start, size = _extent(own.size, theirs.size, mode)
        new = axis_of(size, 900 + 10 * n).renamed_letters("w")
        if len(new.factors) > 1 or new.length is not None:
            raise UnreadableError("a convolution along such an axis")
        outer.append(new)
        here = (Whole.atom(new.factors[0]) if new.factors else ZERO) + start
        shift = Whole.atom(theirs.factors[0]) if theirs.factors else ZERO
        a = read_at(a, 0, here - shift if sign > 0 else here + shift - (theirs.size - UNIT))
    term = sum_over(b.axes, Product(a.term, b.term))
    return Array(tuple(outer), term, library=a.library or b.library).numbered()


def _extent(size: Whole, window: Whole, mode: str) -> Pair:
    """Where the result begins in the full one, and how long it is."""
    if mode == "full":
        return ZERO, size + window - UNIT
    if mode == "valid":
        return window - UNIT, size - window + UNIT
    if mode == "same":
        many = window.number
        if many is None or not (size - window).at_least():
            raise UnreadableError("a convolution of the same length whose window is no number")
        return Whole.of((many - 1) // 2), size
    raise RaisesError(f"there is no mode {mode!r} of a convolution")


# ----- Layers ----------------------------------------------------------------------------------------------------


def _each(value: Any, depth: int) -> list[int]:
    """A number for each of the last axes."""
    found = as_integer(value)
    numbers = list(found) if isinstance(found, tuple) else [found]
    if len(numbers) not in (1, depth):
        raise RaisesError(f"{len(numbers)} numbers for {depth} axes")
    return numbers if len(numbers) == depth else numbers * depth


def _paddings(padding: Any, windows: Sequence[Whole], dilation: Sequence[int], strides: Sequence[int]) -> list[Pair]:
    """The places before and behind each axis."""
    depth = len(windows)
    if isinstance(padding, str):
        if padding.lower() == "valid":
            return [(ZERO, ZERO)] * depth
        total = [(w - UNIT) * Whole.of(d) for w, d in zip(windows, dilation, strict=True)]
        if padding.lower() != "same" or any(s != 1 for s in strides) or any(each.number is None for each in total):
            raise UnreadableError("padding to the same length")
        return [(Whole.of((each.number or 0) // 2), Whole.of(-(-(each.number or 0) // 2))) for each in total]
    if isinstance(padding, tuple | list) and padding and isinstance(padding[0], tuple | list):
        return [(as_whole(each[0]), as_whole(each[1])) for each in padding]
    return [(Whole.of(each), Whole.of(each)) for each in _each(padding, depth)]


def _steps(size: Whole, step: int) -> Whole:
    """How many steps fit into a length, and one more."""
    if step == 1:
        return size + UNIT
    if size.number is None:
        raise UnreadableError(f"a stride of {step} along an axis whose length is no number")
    return Whole.of(size.number // step + 1)


def _in_batch(depth: int, a: Array, weight: Array) -> tuple[Array, bool]:
    """The signals of a convolution as a batch, and whether there was one alone."""
    alone = a.rank == depth + 1
    batch = reshaped(a, [UNIT, *a.shape]) if alone else a
    if batch.rank != depth + 2 or weight.rank != depth + 2:
        raise RaisesError(f"a convolution of arrays of shapes {shape_text(batch.shape)} and {shape_text(weight.shape)}")
    return batch, alone


def conv(
    depth: int,
    a: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Any = None,
    padding: Any = None,
    dilation: Any = None,
    groups: Any = None,
) -> Array:
    """F.conv1d, conv2d, conv3d: a (batch, channels, places ...), weight (filters, channels, places ...)."""
    a, alone = _in_batch(depth, a, weight)
    strides, holes = (_each(number(1) if each is None else each, depth) for each in (stride, dilation))
    windows = weight.shape[2:]
    widths = _paddings(number(0) if padding is None else padding, windows, holes, strides)
    weight, letters = _taken_apart(weight)
    outer: list[Axis] = []
    for n in range(depth):
        reach = (windows[n] - UNIT) * Whole.of(holes[n])
        size = _steps(a.axes[2].size + widths[n][0] + widths[n][1] - reach - UNIT, strides[n])
        outer.append(_axis(size, n))
        here = _place(outer[-1]) * Whole.of(strides[n]) + letters[n] * Whole.of(holes[n]) - widths[n][0]
        a = read_at(a, 2, here)
    found = _channels(a, weight, as_integer(groups) if groups is not None else 1)
    return _finished(found, weight, outer, bias, alone)


def conv_transpose(
    depth: int,
    a: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Any = None,
    padding: Any = None,
) -> Array:
    """F.conv_transpose1d, 2d, 3d: the gradient of a convolution by its input. weight (channels, filters, ...)."""
    a, alone = _in_batch(depth, a, weight)
    strides, widths = _each(number(1) if stride is None else stride, depth), _each(padding or number(0), depth)
    windows = weight.shape[2:]
    weight, letters = _taken_apart(permuted(weight, (1, 0, *range(2, depth + 2))))
    outer: list[Axis] = []
    for n in range(depth):
        size = (a.axes[2].size - UNIT) * Whole.of(strides[n]) - Whole.of(2 * widths[n]) + windows[n]
        outer.append(_axis(size, n))
        a = read_at(a, 2, _place(outer[-1]) + Whole.of(widths[n]) - letters[n], strides[n])
    return _finished(_channels(a, weight, 1), weight, outer, bias, alone)


def _axis(size: Whole, n: int) -> Axis:
    if (-size).at_least():
        raise RaisesError("a window that is larger than what it moves over")
    found = axis_of(size, 900 + 10 * n).renamed_letters("w")
    if len(found.factors) > 1 or found.length is not None:
        raise UnreadableError("a convolution along such an axis")
    return found


def _place(axis: Axis) -> Whole:
    return Whole.atom(axis.factors[0]) if axis.factors else ZERO


def _taken_apart(weight: Array) -> tuple[Array, list[Whole]]:
    """The weights with the indices of their places free under letters of their own, and these places."""
    if any(len(axis.factors) > 1 or axis.length is not None for axis in weight.axes[2:]):
        raise UnreadableError("a convolution along such an axis")
    own = {index: type(index)("x", index.range, index.serial) for axis in weight.axes[2:] for index in axis.factors}
    weight = weight.renamed(own)
    return weight, [_place(axis) for axis in weight.axes[2:]]


def _channels(a: Array, weight: Array, groups: Any) -> Array:
    """The sums over channels, with the places of the weights left free."""
    lone = replace(weight, axes=weight.axes[:2])
    if groups == 1:
        return contracted([a, lone], ["bc", "oc"], "bo")
    a = reshaped(a, [a.axes[0].size, Whole.of(groups), Whole.of(-1)])
    lone = reshaped(lone, [Whole.of(groups), Whole.of(-1), lone.axes[1].size])
    return merged_axis(contracted([a, lone], ["bgc", "goc"], "bgo"), 1, 2)


def _finished(found: Array, weight: Array, outer: list[Axis], bias: Array | None, alone: bool) -> Array:
    term = sum_over(weight.axes[2:], found.term)
    result = replace(found, axes=(*found.axes, *outer), term=term).plain().numbered()
    if bias is not None:
        result = add(result, replace(bias, axes=(*bias.axes, *(Axis() for _ in outer))).numbered())
    return taken(result, [number(0)]) if alone else result


def jax_conv(
    a: Array, weight: Array, strides: Any, padding: Any, lhs_dilation: Any = None, dilation: Any = None
) -> Array:
    """lax.conv_general_dilated of arrays (batch, channels, places ...)."""
    if lhs_dilation is not None:
        raise UnreadableError("a convolution with places put between")
    if isinstance(padding, str) and padding.upper() == "SAME_LOWER":
        raise UnreadableError("padding to the same length")
    return conv(a.rank - 2, a, weight, None, strides, padding, dilation)


# ----- Pooling, windows ------------------------------------------------------------------------------------------


def pool(depth: int, kind: str, a: Array, size: Any, stride: Any = None, padding: Any = None) -> Array:
    """F.avg_pool and F.max_pool: the mean or the maximum of windows."""
    windows = _each(size, depth)
    steps = windows if stride is None or stride == () else _each(stride, depth)
    widths = _each(padding if padding is not None else number(0), depth)
    if kind == "max" and any(widths):
        raise UnreadableError("the maximum of padded windows")
    first = a.rank - depth
    for n in range(depth):
        a = padded(a, first + n, (Whole.of(widths[n]), Whole.of(widths[n])))
        a = sliding(a, Whole.of(windows[n]), first + n, steps[n])
    places = range(a.rank - depth, a.rank)
    return mean_of(a, places, False) if kind == "avg" else reduced(a, places, False, "max")


def adaptive_pool(depth: int, kind: str, a: Array, size: Any) -> Array:
    """F.adaptive_avg_pool: to a number of places that divides the length."""
    for n, goal in enumerate(_each(size, depth)):
        place = a.rank - depth + n
        block = a.axes[place].size.divided(Whole.of(goal))
        if block is None:
            raise UnreadableError("windows of different lengths")
        parts = reshaped(a, [*a.shape[:place], Whole.of(goal), block, *a.shape[place + 1 :]])
        a = mean_of(parts, (place + 1,), False) if kind == "avg" else reduced(parts, (place + 1,), False, "max")
    return a


def unfold(a: Array, size: Any, dilation: Any = None, padding: Any = None, stride: Any = None) -> Array:
    """F.unfold: the windows of (batch, channels, rows, columns) as columns."""
    if a.rank != 4:
        raise UnreadableError("F.unfold of such an array")
    windows, steps = _each(size, 2), _each(number(1) if stride is None else stride, 2)
    widths = _each(padding if padding is not None else number(0), 2)
    if dilation is not None and _each(dilation, 2) != [1, 1]:
        raise UnreadableError("windows with gaps")
    for n in range(2):
        a = padded(a, 2 + n, (Whole.of(widths[n]), Whole.of(widths[n])))
        a = sliding(a, Whole.of(windows[n]), 2 + n, steps[n])
    a = permuted(a, (0, 1, 4, 5, 2, 3))
    return merged_axis(merged_axis(a, 4, 5), 1, 3)


def fold(a: Array, shape: Any, size: Any, dilation: Any = None, padding: Any = None, stride: Any = None) -> Array:
    """F.fold: windows added where they stand; the gradient of F.unfold."""
    goal, windows = _each(shape, 2), _each(size, 2)
    steps, widths = _each(number(1) if stride is None else stride, 2), _each(padding or number(0), 2)
    if a.rank != 3 or (dilation is not None and _each(dilation, 2) != [1, 1]):
        raise UnreadableError("F.fold of such an array")
    counts = [(goal[n] + 2 * widths[n] - windows[n]) // steps[n] + 1 for n in range(2)]
    lengths = [a.axes[0].size, Whole.of(-1), *map(Whole.of, (*windows, *counts))]
    channels = a.axes[1].size.divided(Whole.of(windows[0] * windows[1]))
    if channels is None:
        raise UndecidedError("F.fold of such an array")
    lengths[1] = channels
    a = reshaped(a, lengths)  # batch, channels, rows and columns of a window, rows and columns of windows
    outer: list[Axis] = []
    for n in range(2):
        outer.append(_axis(Whole.of(goal[n]), n))
        own = {index: type(index)("x", index.range, 900 + n) for index in a.axes[2].factors}
        inner = a.axes[2].renamed(own)
        a = replace(a.renamed(own), axes=(*a.axes[:2], *a.axes[3:]))
        a = read_at(a, 3 - n, _place(outer[-1]) + Whole.of(widths[n]) - _place(inner), steps[n])
        a = replace(a, term=sum_over([inner], a.term))
    return replace(a, axes=(*a.axes[:2], *outer)).plain().numbered()


def windows_of(a: Array, axis: int, size: Whole, step: int) -> Array:
    """x.unfold(axis, size, step) of torch."""
    return sliding(a, size, place_of(axis, a.rank), step)
