"""Functions of jax.lax, which name axes, lengths and places where those of numpy infer them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from indexcalc.lift.arrays.array import Array, number
from indexcalc.lift.arrays.combine import contracted
from indexcalc.lift.arrays.indexing import taken
from indexcalc.lift.arrays.shaping import broadcast_to, permuted, place_of
from indexcalc.lift.arrays.slicing import Slice
from indexcalc.lift.arrays.views import Elements
from indexcalc.lift.arrays.whole import UNIT, Whole
from indexcalc.lift.errors import RaisesError, UndecidedError, UnreadableError
from indexcalc.lift.library import making, padding, reductions, variants, windows
from indexcalc.lift.library.calls import as_integer, as_whole
from indexcalc.lift.library.elementwise import exp, log
from indexcalc.lift.library.joining import sliding
from indexcalc.lift.library.row import Row
from indexcalc.terms import Number


def stretch(a: Array, start: Sequence[Whole], stop: Sequence[Whole], strides: Any = None) -> Array:
    """lax.slice: from and to a place along each axis."""
    steps = (1,) * len(start) if strides is None else as_integer(strides)
    if not len(start) == len(stop) == len(steps) == a.rank:
        raise RaisesError("as many places as axes are needed")
    return taken(a, [Slice(one, other, step) for one, other, step in zip(start, stop, steps, strict=True)])


def stretch_along(a: Array, start: Whole, stop: Whole, stride: int = 1, axis: int = 0) -> Array:
    """lax.slice_in_dim."""
    return taken(a, [*[Slice()] * place_of(axis, a.rank), Slice(start, stop, stride)])


def _inside(start: Whole, length: Whole, size: Whole) -> Slice:
    """A stretch that is moved into its axis where it would leave it. Raises where that is not known."""
    if not start.at_least() or not (size - start - length).at_least():
        raise UndecidedError("whether a stretch leaves its axis, from where it is moved back, is not known")
    return Slice(start, start + length)


def dynamic_stretch(a: Array, starts: Any, lengths: Sequence[Whole]) -> Array:
    """lax.dynamic_slice: places that are values, and lengths."""
    items = [starts] if isinstance(starts, Array) and not starts.rank else starts
    if isinstance(items, Array):
        raise UnreadableError("places that are an array")
    places = [as_whole(each) for each in items]
    if not len(places) == len(lengths) == a.rank:
        raise RaisesError("as many places as axes are needed")
    return taken(a, [_inside(*each) for each in zip(places, lengths, a.shape, strict=True)])


def dynamic_along(a: Array, start: Whole, length: Whole, axis: int = 0) -> Array:
    """lax.dynamic_slice_in_dim."""
    place = place_of(axis, a.rank)
    return taken(a, [*[Slice()] * place, _inside(start, length, a.shape[place])])


def dynamic_place(a: Array, index: Array, axis: int = 0, keepdims: bool = True) -> Array:
    """lax.dynamic_index_in_dim."""
    place = place_of(axis, a.rank)
    found = taken(a, [*[Slice()] * place, index])
    return taken(found, [*[Slice()] * place, None]) if keepdims else found


def written(a: Array, b: Array, starts: Any) -> Array:
    """lax.dynamic_update_slice: another array in place of a stretch."""
    items = [starts] if isinstance(starts, Array) and not starts.rank else starts
    if isinstance(items, Array) or len(items) != a.rank or b.rank != a.rank:
        raise UnreadableError("places that are an array")
    view = Elements(tuple(_inside(as_whole(s), n, size) for s, n, size in zip(items, b.shape, a.shape, strict=True)))
    found: Array = view.write(a, b)
    return found


def dot_general(a: Array, b: Array, dimension_numbers: Any) -> Array:
    """lax.dot_general: axes that are summed over, and axes that both have; the latter come first."""
    (left, right), (batch_left, batch_right) = as_integer(dimension_numbers)
    one: list[object] = [("l", n) for n in range(a.rank)]
    other: list[object] = [("r", n) for n in range(b.rank)]
    for mine, theirs in zip((*left, *batch_left), (*right, *batch_right), strict=True):
        other[place_of(theirs, b.rank)] = one[place_of(mine, a.rank)]
    batch = [one[n] for n in batch_left]
    summed = [one[n] for n in left]
    rest = [each for each in (*one, *other) if each not in batch and each not in summed]
    return contracted([a, b], [one, other], [*batch, *rest])


def broadcast_in_dim(a: Array, shape: Sequence[Whole], axes: Any) -> Array:
    """lax.broadcast_in_dim: the axes of the result that those of the array are."""
    places = [] if axes == () else list(axes if isinstance(axes, tuple) else (axes,))
    if len(places) != a.rank or places != sorted(set(places)):
        raise RaisesError("the axes must be named in their order")
    return broadcast_to(taken(a, [Slice() if n in places else None for n in range(len(shape))]), list(shape))


def running_logsumexp(a: Array, axis: Any = 0, reverse: bool = False) -> Array:
    """lax.cumlogsumexp, torch.logcumsumexp."""
    return log(reductions.running(exp(a), axis, reverse=reverse))


def lax_pad(a: Array, value: Array, widths: Any) -> Array:
    """lax.pad: places before, behind and between."""
    rows = as_integer(widths)
    if any(len(row) != 3 or row[2] or min(row) < 0 for row in rows):
        raise UnreadableError("padding between the elements, or that cuts some off")
    return padding.pad(a, tuple(tuple(number(each) for each in row[:2]) for row in rows), value=value)


def iota(kind: Any, n: Whole) -> Array:
    """lax.iota."""
    found = making.arange(Whole(), n)
    return making.cast(found, "float") if getattr(kind, "name", kind) == "float" else found


def reduce_window(a: Array, init: Array, kind: Any, window: Any, strides: Any = None, pads: Any = "valid") -> Array:
    """lax.reduce_window with lax.add, lax.max or lax.min and no places outside."""
    name = getattr(kind, "name", "")
    rules = {"add": reductions.total, "max": reductions.largest, "min": reductions.smallest}
    if name not in rules or not isinstance(pads, str) or pads.lower() != "valid":
        raise UnreadableError("lax.reduce_window with this function, or with places outside")
    if name == "add" and not (isinstance(init.term, Number) and init.term.value == 0):
        raise UnreadableError("lax.reduce_window from another number than 0")
    steps = (1,) * a.rank if strides is None else as_integer(strides)
    for n, (length, step) in enumerate(zip(as_integer(window), steps, strict=True)):
        a = rules[name](sliding(a, Whole.of(length), n, step), -1)
    return a


DEFAULT = ("NCHWD", "OIHWD", "NCHWD")


def convolved(
    a: Array,
    weight: Array,
    strides: Any,
    padding: Any,
    lhs_dilation: Any = None,
    dilation: Any = None,
    dimension_numbers: Any = None,
    groups: Whole | None = None,
) -> Array:
    """lax.conv_general_dilated, with its axes in any order."""
    if dimension_numbers is None:
        dimension_numbers = tuple(text[: a.rank] for text in DEFAULT)
    if not (isinstance(dimension_numbers, tuple) and all(isinstance(each, str) for each in dimension_numbers)):
        raise UnreadableError("the axes of a convolution that are no letters")
    signal, kernel, result = dimension_numbers
    places = [letter for letter in signal if letter not in "NC"]
    if any(sorted(text) != sorted(wanted) for text, wanted in ((kernel, ["O", "I", *places]), (result, signal))):
        raise RaisesError(f"the axes {dimension_numbers} of a convolution do not fit")
    a = permuted(a, [signal.index(letter) for letter in ("N", "C", *places)])
    weight = permuted(weight, [kernel.index(letter) for letter in ("O", "I", *places)])
    if groups is not None and groups != UNIT:
        if lhs_dilation is not None or (isinstance(padding, str) and padding.lower() != "valid"):
            raise UnreadableError("a convolution in groups with these arguments")
        if not isinstance(padding, str):
            if any(as_integer(each[0]) != as_integer(each[1]) for each in padding):
                raise UnreadableError("a convolution in groups with these arguments")
            padding = tuple(each[0] for each in padding)
        found = windows.conv(a.rank - 2, a, weight, None, strides, padding, dilation, number(groups.number or 0))
    else:
        found = windows.jax_conv(a, weight, strides, padding, lhs_dilation, dilation)
    order = ("N", "C", *places)
    return permuted(found, [order.index(letter) for letter in result])


_WINDOW = "a, init, kind:v, window:v, strides:v=None, pads:v=valid"
_CONV = "a, weight, strides:v, padding:v, lhs_dilation:v=None, dilation:v=None, dimension_numbers:v=None, groups:w=None"
_RUN = "a, axis:i=0, reverse:b=False"
LAX = (
    Row("slice", "a, start:s, stop:s, strides:v=None", stretch, only="lax", method=False),
    Row("slice_in_dim", "a, start:w, stop:w, stride:i=1, axis:i=0", stretch_along, only="lax", method=False),
    Row("dynamic_slice", "a, starts:v, lengths:s", dynamic_stretch, only="lax", method=False),
    Row("dynamic_slice_in_dim", "a, start:w, length:w, axis:i=0", dynamic_along, only="lax", method=False),
    Row("dynamic_index_in_dim", "a, index, axis:i=0, keepdims:b=True", dynamic_place, only="lax", method=False),
    Row("dynamic_update_slice", "a, b, starts:v", written, only="lax", method=False),
    Row("dot_general", "a, b, dimension_numbers:v", dot_general, only="lax", method=False),
    Row("broadcast_in_dim", "a, shape:s, axes:i", broadcast_in_dim, only="lax", method=False),
    Row("reduce_sum", "a, axis:i", reductions.total, only="lax", method=False),
    Row("reduce_prod", "a, axis:i", reductions.product, only="lax", method=False),
    Row("reduce_max", "a, axis:i", reductions.largest, only="lax", method=False),
    Row("reduce_min", "a, axis:i", reductions.smallest, only="lax", method=False),
    Row("rev", "a, axis:i", variants.flip, only="lax", method=False),
    Row("iota", "kind:v, n:w", iota, only="lax", method=False),
    Row("pad", "a, value, widths:v", lax_pad, only="lax", method=False),
    Row("cumsum", _RUN, reductions.running, only="lax", method=False),
    Row("cumprod", _RUN, partial(reductions.running, kind="prod"), only="lax", method=False),
    Row("cummax", _RUN, partial(reductions.running, kind="max"), only="lax", method=False),
    Row("cummin", _RUN, partial(reductions.running, kind="min"), only="lax", method=False),
    Row("cumlogsumexp", _RUN, running_logsumexp, only="lax", method=False),
    Row("reduce_window", _WINDOW, reduce_window, only="lax", method=False),
    Row("conv_general_dilated", _CONV, convolved, only="lax", method=False),
    Row("logcumsumexp", "a, axis:i", running_logsumexp, only="torch"),
)
