"""What stands in brackets behind a value: elements of arrays, sequences and dictionaries."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from indexcalc.lift.arrays.array import Array, number, whole_number
from indexcalc.lift.arrays.indexing import place_array, taken
from indexcalc.lift.arrays.shaping import permuted
from indexcalc.lift.arrays.slicing import Mask, MaskPlaces, Slice
from indexcalc.lift.arrays.views import Elements
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library.calls import as_whole
from indexcalc.lift.library.making import literal
from indexcalc.lift.library.variants import Extremes
from indexcalc.lift.reading.values import Builtin, Items, Listed, Mapping, Ref, Slot, Span, Unknown, Value

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader


def element(reader: Reader, owner: Value, index: ast.expr) -> Value:
    """owner[index]."""
    content = reader.content(owner)
    if isinstance(owner, Slot):
        return Slot(owner.owner, tuple(items_of(reader, index)), True)
    if isinstance(content, Mapping):
        key = reader.value(index)
        name = key if isinstance(key, str) else key_of(reader, key)
        if name not in content.items:
            raise RaisesError(f"the dictionary has no {name!r}")
        return content.items[name]
    if isinstance(owner, Extremes):
        owner = (reader.state.store.new(owner.values), Unknown("the places of the extremes"))
    sequence = list(owner) if isinstance(owner, tuple) else reader.listed(owner)
    if sequence is not None:
        return _of_sequence(reader, sequence, index, isinstance(owner, tuple))
    if isinstance(owner, Builtin) and owner.name in ("c_", "r_"):
        return _joined(reader, owner.name, items_of(reader, index))
    if isinstance(owner, Mask):
        return _of_sequence(reader, [MaskPlaces(owner, n) for n in range(owner.condition.rank)], index, True)
    if isinstance(owner, Span | Items):
        raise UnreadableError("an element of a range")
    items = items_of(reader, index)
    try:
        return _of_array(reader, owner, items)
    except RaisesError as error:
        if reader.library(reader.state.store.array(owner)) == "jax" and "outside an axis" in error.cause:
            raise UnreadableError(f"{error.cause}, into which jax moves it") from None
        raise


def _joined(reader: Reader, name: str, items: list[Any]) -> Value:
    """np.c_[...] and np.r_[...] of arrays."""
    from indexcalc.lift.library.rearranging import gathered_rows

    if not all(isinstance(each, Array) for each in items):
        raise UnreadableError(f"np.{name} of what is no array")
    return reader.state.store.new(gathered_rows(items, name == "c_"))


def _of_sequence(reader: Reader, sequence: list[Value], index: ast.expr, fixed: bool) -> Value:
    if isinstance(index, ast.Slice):
        bounds = [
            None if each is None else key_of(reader, reader.value(each))
            for each in (index.lower, index.upper, index.step)
        ]
        part = sequence[slice(*bounds)]
        return tuple(part) if fixed else reader.state.store.new(Listed(part))
    place = key_of(reader, reader.value(index))
    if not -len(sequence) <= place < len(sequence):
        raise RaisesError(f"there is no element {place} among {len(sequence)}")
    return sequence[place]


def _of_array(reader: Reader, owner: Value, items: list[Any]) -> Value:
    store = reader.state.store
    value = store.array(owner)
    basic = all(item is None or item is Ellipsis or isinstance(item, Slice) or _scalar(item) for item in items)
    if basic and isinstance(owner, Ref):
        view = store.viewed(owner, Elements(tuple(items)))
        found = store.array(view)
        return view if found.rank or reader.library(value) == "torch" else store.new(found)
    return store.new(taken(value, items))


def _scalar(item: Any) -> bool:
    return isinstance(item, Array) and not item.rank and item.kind != "bool"


def items_of(reader: Reader, index: ast.expr) -> list[Any]:
    """The items of an index: whole numbers, slices, new axes, arrays of places, masks."""
    if isinstance(index, ast.Tuple):
        found = [each for node in index.elts for each in _item(reader, node)]
    else:
        found = _item(reader, index)
    return with_masks(found)


def with_masks(items: list[Any]) -> list[Any]:
    """The items of an index with the mask in place of its places along all axes, in whatever order these stand."""
    places = [each for each in items if isinstance(each, MaskPlaces)]
    if not places:
        return items
    mask, order = places[0].mask, [each.axis for each in places]
    if len(places) < len(items) or any(each.mask is not mask for each in places):
        raise UnreadableError("places of a mask among other indices")
    if sorted(order) != list(range(mask.condition.rank)):
        raise UnreadableError("places of a mask along some of its axes")
    return [Mask(permuted(mask.condition, order))]


def _item(reader: Reader, node: ast.expr) -> list[Any]:
    if isinstance(node, ast.Slice):
        bounds = [None if each is None else _bound(reader, each) for each in (node.lower, node.upper)]
        step = 1 if node.step is None else key_of(reader, reader.value(node.step))
        return [Slice(bounds[0], bounds[1], step)]
    value = reader.value(node.value if isinstance(node, ast.Starred) else node)
    return index_values(reader, value)


def index_values(reader: Reader, value: Value) -> list[Any]:
    """The items of an index that is a value."""
    if value is None or value is Ellipsis or isinstance(value, Mask | MaskPlaces | Slice):
        return [value]
    if isinstance(value, tuple):
        return with_masks([each for part in value for each in index_values(reader, part)])
    if isinstance(value, Span):
        return [span_array(value)]
    found = reader.state.store.resolved(value)
    found = literal(found) if isinstance(found, list) else found
    if not isinstance(found, Array):
        raise UnreadableError("an index that is not known")
    return [found]


def span_array(span: Span) -> Array:
    """The numbers of a range as an array."""
    if span.step == 1:
        return place_array(span.stop - span.start, span.start)
    if span.step == -1:
        found = place_array(span.start - span.stop)
        assert found.whole is not None
        whole = span.start - found.whole
        return replace(found, whole=whole, term=whole.term())
    raise UnreadableError(f"a range with step {span.step}")


def _bound(reader: Reader, node: ast.expr) -> Whole | None:
    value = reader.value(node)
    return None if value is None else as_whole(reader.state.store.resolved(value))


def length_of(reader: Reader, value: Value) -> Array:
    """len(value)."""
    items = reader.listed(value)
    content = reader.content(value)
    if isinstance(content, Mapping):
        return number(len(content.items))
    if isinstance(value, tuple) or items is not None:
        return number(len(value if isinstance(value, tuple) else items or ()))
    if isinstance(value, Span):
        return whole_number((value.stop - value.start) if value.step == 1 else value.start - value.stop)
    found = reader.state.store.array(value)
    if not found.rank:
        raise RaisesError("a number has no length")
    return whole_number(found.axes[0].size)


def key_of(reader: Reader, value: Value) -> int:
    """The number that a value is, as a key or a place."""
    found = as_whole(reader.state.store.resolved(value)).number
    if found is None:
        raise UnreadableError("a key of a dictionary that is not known")
    return found
