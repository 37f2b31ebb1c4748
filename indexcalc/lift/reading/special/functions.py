"""Functions of the libraries that need the reader, or give what is no single array: shapes, grids, windows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from indexcalc.lift.arrays.array import KINDS, Array, number, whole_number
from indexcalc.lift.arrays.shaping import place_of
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library.calls import as_array, as_integer, as_whole, bound
from indexcalc.lift.library.making import minus_infinity
from indexcalc.lift.reading.changing import CHANGES
from indexcalc.lift.reading.values import Items, Kind, Span, Thing, Value

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader

Arguments = list[Value]
Keywords = dict[str, Value]


def torch_size(reader: Reader, owner: Value, arguments: Arguments) -> Value:
    """x.size() and x.size(0) of torch."""
    shape = reader.state.store.array(owner).shape
    if not arguments:
        return tuple(whole_number(size) for size in shape)
    place = as_integer(reader.state.store.resolved(arguments[0]))
    if not -len(shape) <= place < len(shape):
        raise RaisesError(f"axis {place} of an array with {len(shape)} axes")
    return whole_number(shape[place])


def counted(value: Array) -> Array:
    """The number of elements."""
    total = Whole.of(1)
    for size in value.shape:
        total = total * size
    return whole_number(total)


def resolved_all(reader: Reader, arguments: Arguments, keywords: Keywords) -> tuple[list[Any], dict[str, Any]]:
    """The arguments with arrays in place of references."""
    store = reader.state.store
    return [store.resolved(each) for each in arguments], {key: store.resolved(each) for key, each in keywords.items()}


def windows(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    """np.lib.stride_tricks.sliding_window_view."""
    from indexcalc.lift.library.joining import sliding

    found = bound("sliding_window_view", "a, shape:s, axis:i=None", *resolved_all(reader, arguments, keywords))
    value, lengths, axes = found["a"], found["shape"], found["axis"]
    axes = range(value.rank) if axes is None else axes if isinstance(axes, tuple) else (axes,)
    if len(axes) != len(lengths):
        raise RaisesError("as many windows as axes are needed")
    for axis, length in zip([place_of(each, value.rank) for each in axes], lengths, strict=True):
        value = sliding(value, length, axis)
    return reader.state.store.new(value)


def _shape(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    value = reader.state.store.array(arguments[0])
    return tuple(whole_number(size) for size in value.shape)


def _ndim(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    return number(reader.state.store.array(arguments[0]).rank)


def _size(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    value = reader.state.store.array(arguments[0])
    if len(arguments) > 1:
        return torch_size(reader, arguments[0], arguments[1:])
    return counted(value)


def _fill_diagonal(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    return CHANGES["fill_diagonal_"](reader, arguments[0], arguments[1:], keywords) and None


def _ix(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    from indexcalc.lift.arrays.array import Axis

    found = []
    for place, each in enumerate(arguments):
        value = as_array(reader.state.store.resolved(each))
        axes = tuple(value.axes[0] if n == place else Axis() for n in range(len(arguments)))
        found.append(replace(value, axes=axes).numbered())
    return tuple(found)


def _meshgrid(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    from indexcalc.lift.arrays.combine import broadcast

    if keywords.get("indexing") != "ij":
        raise UnreadableError("np.meshgrid without indexing='ij'")
    rows = _ix(reader, arguments, {})
    axes, parts = broadcast(list(rows))
    return tuple(replace(part, axes=axes) for part in parts)


def _float_info(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    """np.finfo: the spacing of numbers at 1, and a number below all others."""
    spacing = number(Fraction(1, 2**52), "float")
    return reader.state.store.new(Thing({"eps": spacing, "min": minus_infinity()}, "finfo"))


def _kind_of_all(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    """np.result_type: the kind that arrays and kinds promote to."""
    values = [reader.state.store.resolved(each) for each in arguments]
    names = [each.kind if isinstance(each, Array) else getattr(each, "name", "float") for each in values]
    return Kind(max(names, key=lambda name: KINDS.index(name) if name in KINDS else len(KINDS)))


def _ndindex(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    """np.ndindex: all places of a shape."""
    first = arguments[0] if len(arguments) == 1 else None
    sizes = list(first) if isinstance(first, tuple) else arguments
    spans = [Span(Whole(), as_whole(reader.state.store.resolved(each))) for each in sizes]
    return Items("product", tuple(spans))


def _ndenumerate(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    """np.ndenumerate: all places of an array, with what is there."""
    array = reader.state.store.array(arguments[0])
    spans = tuple(Span(Whole(), size) for size in array.shape)
    return Items("elements", (arguments[0], *spans))


SPECIAL: dict[str, Callable[[Any, Arguments, Keywords], Value]] = {
    "shape": _shape,
    "ndindex": _ndindex,
    "ndenumerate": _ndenumerate,
    "ndim": _ndim,
    "size": _size,
    "fill_diagonal": _fill_diagonal,
    "ix_": _ix,
    "meshgrid": _meshgrid,
    "finfo": _float_info,
    "result_type": _kind_of_all,
}
