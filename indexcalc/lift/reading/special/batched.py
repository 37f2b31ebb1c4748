"""Functions applied to every row at once: vmap, np.vectorize, np.apply_along_axis, lax.map.

An axis that is gone through is taken out of the arguments; its indices stay free while the function is read, and are
an axis of what it gives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from indexcalc.lift.arrays.array import Array, Axis
from indexcalc.lift.arrays.combine import broadcast
from indexcalc.lift.arrays.shaping import moved_axes, permuted, place_of
from indexcalc.lift.errors import RaisesError, UndecidedError, UnreadableError
from indexcalc.lift.library.calls import as_array, as_integer
from indexcalc.lift.reading.special import trees
from indexcalc.lift.reading.values import Builtin, Value
from indexcalc.terms import Index

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader

Apply = Callable[[Any, Value, list[Value], dict[str, Value]], Value]
NUMBERS = count(1)
BATCH = "y"  # the letter of the indices that are gone through


def vmap(reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value], apply: Apply) -> Value:
    """jax.vmap(f, in_axes, out_axes): a function."""
    names = {"in_dims": "in_axes", "out_dims": "out_axes"}
    given = {names.get(key, key): value for key, value in keywords.items()}
    if not given.keys() <= {"in_axes", "out_axes", "fun", "axis_name", "axis_size"} or "axis_size" in given:
        raise UnreadableError("vmap with these arguments")
    given |= dict(zip(("in_axes", "out_axes"), arguments[1:], strict=False))
    inner = arguments[0] if arguments else given["fun"]
    places = tuple(_axes(reader, given[key]) if key in given else 0 for key in ("in_axes", "out_axes"))
    return Builtin("vmap", "batched", (inner, *places))


def _axes(reader: Reader, value: Value) -> Any:
    if value is None or isinstance(value, tuple):
        return None if value is None else tuple(_axes(reader, each) for each in value)
    if reader.listed(value) is not None:
        return tuple(_axes(reader, each) for each in reader.sequence(value))
    return as_integer(reader.state.store.resolved(value))


def batched(
    reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value], apply: Apply
) -> Value:
    """The value of what vmap gives, at arguments."""
    inner, places, out = function.owner
    places = places if isinstance(places, tuple) else (places,) * len(arguments)
    if len(places) != len(arguments):
        raise RaisesError(f"{len(places)} axes for {len(arguments)} arguments")
    batch = _Batch()
    rows = [_rows(reader, each, place, batch) for each, place in zip(arguments, places, strict=True)]
    named = {key: _rows(reader, each, 0, batch) for key, each in keywords.items()}
    if batch.axis is None:
        raise RaisesError("vmap over no axis")
    return _put_back(reader, apply(reader, inner, rows, named), out, batch.axis)


class _Batch:
    """The axis that is gone through, once it is known."""

    axis: Axis | None = None

    def taken_out(self, value: Array, place: int) -> Array:
        """The array without an axis, whose indices are those of the batch."""
        own = value.axes[place]
        if self.axis is None:
            new = {index: Index(BATCH, index.range, next(NUMBERS)) for index in own.factors}
            self.axis = own.renamed(new)
        if self.axis.size != own.size:
            raise _unlike(self.axis, own)
        if [index.range for index in own.factors] != [index.range for index in self.axis.factors]:
            raise UnreadableError("axes that were merged from different ranges meet")
        renaming = dict(zip(own.factors, self.axis.factors, strict=True))
        rest = tuple(axis for n, axis in enumerate(value.axes) if n != place)
        return replace(value.renamed(renaming), axes=rest).numbered()


def _unlike(one: Axis, other: Axis) -> RaisesError | UndecidedError:
    words = f"an axis of length {one} is gone through together with one of length {other}"
    known = (one.size.number is None) == (other.size.number is None)
    return RaisesError(words) if known else UndecidedError(words)


def _rows(reader: Reader, value: Value, place: Any, batch: _Batch) -> Value:
    if place is None:
        return value
    if isinstance(place, tuple):
        parts = reader.sequence(value)
        if len(parts) != len(place):
            raise RaisesError(f"{len(place)} axes for {len(parts)} arrays")
        return tuple(_rows(reader, each, at, batch) for each, at in zip(parts, place, strict=True))
    store = reader.state.store

    def taken_out(leaf: Value) -> Value:
        array = as_array(store.resolved(leaf))
        return store.new(batch.taken_out(array, place_of(place, array.rank)))

    return trees.mapped(reader, taken_out, value)


def _put_back(reader: Reader, value: Value, out: Any, axis: Axis) -> Value:
    if isinstance(out, tuple):
        parts = reader.sequence(value)
        if len(parts) != len(out):
            raise RaisesError(f"{len(out)} axes for {len(parts)} arrays")
        return tuple(_put_back(reader, each, at, axis) for each, at in zip(parts, out, strict=True))
    if out is None:
        raise UnreadableError("vmap that gives what is the same in all rows")
    store = reader.state.store

    def put_back(leaf: Value) -> Value:
        return store.new(with_axis(as_array(store.resolved(leaf)), axis, out))

    return trees.mapped(reader, put_back, value)


def with_axis(value: Array, axis: Axis, place: int) -> Array:
    """The array with an axis whose indices are free in it, at a place of the result."""
    found = replace(value, axes=(axis, *value.axes)).numbered()
    return permuted(found, moved_axes(found, (0,), (place_of(place, found.rank),)))


# ----- numpy's, and lax.map --------------------------------------------------------------------------------------


def vectorize(
    reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value], apply: Apply
) -> Value:
    """np.vectorize(f): a function of numbers, at each element. Raises for a signature."""
    if len(arguments) != 1 or keywords.keys() - {"otypes"}:
        raise UnreadableError("np.vectorize with a signature")
    return Builtin("vectorize", "elementwise", arguments[0])


def elementwise(
    reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value], apply: Apply
) -> Value:
    """The value of what np.vectorize gives, at arguments."""
    store = reader.state.store
    axes, parts = broadcast([as_array(store.resolved(each)) for each in arguments])
    renaming = {index: Index(BATCH, index.range, next(NUMBERS)) for axis in axes for index in axis.factors}
    numbers = [store.new(replace(part, axes=()).renamed(renaming)) for part in parts]
    found = as_array(store.resolved(apply(reader, function.owner, numbers, keywords)))
    if found.rank:
        raise UnreadableError("np.vectorize of a function that gives arrays")
    return store.new(replace(found, axes=tuple(axis.renamed(renaming) for axis in axes)).numbered())


def along_axis(
    reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value], apply: Apply
) -> Value:
    """np.apply_along_axis(f, axis, x, ...): f at each vector along an axis."""
    store = reader.state.store
    inner, place, value, *more = arguments
    array = as_array(store.resolved(value))
    own = place_of(as_integer(store.resolved(place)), array.rank)
    rest = tuple(axis for n, axis in enumerate(array.axes) if n != own)
    renaming = {index: Index(BATCH, index.range, next(NUMBERS)) for axis in rest for index in axis.factors}
    vector = replace(array, axes=(array.axes[own],)).renamed(renaming).numbered()
    found = as_array(store.resolved(apply(reader, inner, [store.new(vector), *more], keywords)))
    outer = [axis.renamed(renaming) for axis in rest]
    axes = (*outer[:own], *found.axes, *outer[own:])
    return store.new(replace(found, axes=axes).numbered())


def mapped_rows(
    reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value], apply: Apply
) -> Value:
    """lax.map(f, x): f at each row, which may be rows of several arrays in one container."""
    if len(arguments) != 2:
        raise UnreadableError("lax.map with these arguments")
    return batched(reader, Builtin("vmap", "batched", (arguments[0], 0, 0)), arguments[1:], {}, apply)
