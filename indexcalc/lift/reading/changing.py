"""What changes an array in place, or seems to: x.fill, x.add_, np.add.at, np.fill_diagonal, x.at[i].set of jax."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from indexcalc.lift.arrays.array import KINDS, Array, number
from indexcalc.lift.arrays.indexing import taken
from indexcalc.lift.arrays.shaping import place_of
from indexcalc.lift.arrays.slicing import Slice
from indexcalc.lift.arrays.writing import written_at
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library import comparing as c
from indexcalc.lift.library import elementwise as e
from indexcalc.lift.library.calls import as_array, as_integer
from indexcalc.lift.library.making import filled_where, like
from indexcalc.lift.library.products import with_diagonal
from indexcalc.lift.library.table import row_for
from indexcalc.lift.reading.store import same_shape
from indexcalc.lift.reading.values import Builtin, Ref, Slot, Value

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader

Arguments = list[Value]
Keywords = dict[str, Value]
RULES: dict[str, Callable[[Array, Array], Array]] = {
    "add": e.add,
    "sub": e.subtract,
    "subtract": e.subtract,
    "mul": e.multiply,
    "multiply": e.multiply,
    "div": e.divide,
    "divide": e.divide,
    "pow": e.power,
    "power": e.power,
    "max": lambda a, b: c.extreme("max", a, b),
    "min": lambda a, b: c.extreme("min", a, b),
    "maximum": lambda a, b: c.extreme("max", a, b),
    "minimum": lambda a, b: c.extreme("min", a, b),
}


def in_place(reader: Reader, owner: Value, new: Array) -> None:
    """Write a result over the array that it was reckoned from. Raises where its shape or kind does not fit."""
    old = reader.state.store.array(owner)
    if not isinstance(owner, Ref):
        raise UnreadableError("a value that is no variable is changed")
    same_shape(old, new)
    if KINDS.index(new.kind) > KINDS.index(old.kind):
        raise RaisesError(f"an array of kind {old.kind} is changed in place by numbers of kind {new.kind}")
    reader.state.store.write(owner, new)


def changed_by_ufunc(
    reader: Reader,
    name: str,
    owner: Value,
    arguments: Arguments,
    keywords: Keywords,
    accumulate: bool = False,
) -> Value:
    """x.add_(y), x.exp_(), np.add.at(x, places, y): the array is changed, and is the result in torch."""
    store = reader.state.store
    if accumulate:
        _accumulated(reader, name, owner, arguments)
        return None
    old = store.array(owner)
    resolved = [as_array(store.resolved(each)) for each in arguments]
    if name in RULES and len(resolved) == 1:
        alpha = keywords.pop("alpha", None)
        operand = resolved[0] if alpha is None else e.multiply(as_array(store.resolved(alpha)), resolved[0])
        new = RULES[name](old, operand)
    else:
        row = row_for(name, "torch", method=True)
        if row is None or name in ("requires_grad", "index_add", "scatter_reduce"):
            if name == "requires_grad":
                return owner
            raise UnreadableError(f"the method {name}_ is not known")
        from indexcalc.lift.library.calls import bound

        named = {key: store.resolved(value) for key, value in keywords.items()}
        new = row.rule(**bound(name, row.parameters("torch"), [old, *resolved], named))
        if not isinstance(new, Array):
            raise UnreadableError(f"the method {name}_ is not known")
    in_place(reader, owner, new)
    return owner


def _accumulated(reader: Reader, name: str, owner: Value, arguments: Arguments) -> None:
    """np.add.at: elements that are named several times are added to several times."""
    if name not in ("add", "subtract"):
        raise UnreadableError(f"{name}.at is not known")
    items = reader.index_items(arguments[0])
    value = as_array(reader.state.store.resolved(arguments[1]))
    value = e.negate(value) if name == "subtract" else value
    in_place(reader, owner, written_at(reader.state.store.array(owner), items, value, adds=True))


def updated(value: Array, items: list[Any], name: str, operand: Array) -> Array:
    """value[items] op= operand, as numpy does it: an element that is named twice is changed once."""
    if name in ("add", "subtract"):
        operand = e.negate(operand) if name == "subtract" else operand
        return written_at(value, items, operand, adds=True, once=True)
    return written_at(value, items, RULES[name](taken(value, items), operand))


# ----- jax -------------------------------------------------------------------------------------------------------


def at_update(reader: Reader, function: Builtin, arguments: Arguments, keywords: Keywords) -> Value:
    """x.at[index].set(y): a new array; x stays as it is."""
    slot = function.owner
    assert isinstance(slot, Slot)
    if not slot.indexed:
        raise UnreadableError("x.at without an index")
    store = reader.state.store
    value, items = store.array(slot.owner), list(slot.index)
    if function.name == "get":
        return store.new(taken(value, items))
    operand = as_array(store.resolved(arguments[0])) if arguments else number(0)
    if function.name == "set":
        new = written_at(value, items, operand)
    elif function.name in ("add", "subtract"):
        operand = e.negate(operand) if function.name == "subtract" else operand
        new = written_at(value, items, operand, adds=True)
    elif function.name in RULES:
        new = updated(value, items, function.name, operand)
    else:
        raise UnreadableError(f"the update {function.name} is not known")
    return store.new(replace(new, library="jax"))


# ----- Methods ---------------------------------------------------------------------------------------------------


def _fill(reader: Reader, owner: Value, arguments: Arguments, keywords: Keywords) -> Value:
    value = as_array(reader.state.store.resolved(arguments[0])) if arguments else number(0)
    old = reader.state.store.array(owner)
    reader.state.store.write(owner, like(old, value))
    return owner


def _zero(reader: Reader, owner: Value, arguments: Arguments, keywords: Keywords) -> Value:
    return _fill(reader, owner, [number(0)], {})


def _copy(reader: Reader, owner: Value, arguments: Arguments, keywords: Keywords) -> Value:
    reader.state.store.write(owner, as_array(reader.state.store.resolved(arguments[0])))
    return owner


def _diagonal(reader: Reader, owner: Value, arguments: Arguments, keywords: Keywords) -> Value:
    store = reader.state.store
    value = as_array(store.resolved(arguments[0] if arguments else keywords["val"]))
    store.write(owner, with_diagonal(store.array(owner), value))
    return owner


def _masked_fill(reader: Reader, owner: Value, arguments: Arguments, keywords: Keywords) -> Value:
    store = reader.state.store
    given = named("masked_fill", "mask value", arguments, keywords)
    mask, value = (as_array(store.resolved(each)) for each in given)
    store.write(owner, filled_where(store.array(owner), mask, value))
    return owner


def _scatter(adds: bool, changes: bool) -> Callable[[Any, Value, Arguments, Keywords], Value]:
    """x.scatter(axis, places, values), for places that name one element of an axis for each of the others."""

    def rule(reader: Reader, owner: Value, arguments: Arguments, keywords: Keywords) -> Value:
        store = reader.state.store
        old = store.array(owner)
        keywords = {("src" if name == "value" else name): each for name, each in keywords.items()}
        given = named("scatter", "dim index src", arguments, keywords)
        axis = place_of(as_integer(store.resolved(given[0])), old.rank)
        places, value = (as_array(store.resolved(each)) for each in given[1:3])
        new = scattered(old, axis, places, value, adds)
        if changes:
            store.write(owner, new)
            return owner
        return store.new(new)

    return rule


def scattered(old: Array, axis: int, places: Array, value: Array, adds: bool) -> Array:
    """Values written at, or added to, one place of an axis for each of the other places."""
    from indexcalc.lift.arrays.array import Axis
    from indexcalc.lift.arrays.indexing import place_array

    if places.rank != old.rank:
        raise RaisesError("places along an axis need as many axes as the array")
    items: list[Any] = []
    for n, own in enumerate(old.axes):
        if n == axis:
            items.append(places)
            continue
        if places.axes[n].size != own.size:
            raise UnreadableError("places along an axis for some of the other places only")
        row = place_array(own.size)
        axes = tuple(row.axes[0] if k == n and row.rank else Axis() for k in range(old.rank))
        items.append(replace(row, axes=axes).numbered())
    return written_at(old, items, value, adds=adds)


def _index_add(reader: Reader, owner: Value, arguments: Arguments, keywords: Keywords) -> Value:
    store = reader.state.store
    alpha = keywords.pop("alpha", None)
    given = named("index_add", "dim index source", arguments, keywords)
    old = store.array(owner)
    axis = place_of(as_integer(store.resolved(given[0])), old.rank)
    items = [*[Slice()] * axis, as_array(store.resolved(given[1]))]
    source = as_array(store.resolved(given[2]))
    source = source if alpha is None else e.multiply(as_array(store.resolved(alpha)), source)
    store.write(owner, written_at(old, items, source, adds=True))
    return owner


def named(name: str, parameters: str, arguments: Arguments, keywords: Keywords) -> list[Value]:
    """The arguments in the order of parameters, all of which must be given. Raises for others."""
    names = parameters.split()
    found = dict(zip(names, arguments, strict=False)) | keywords
    if len(arguments) + len(keywords) != len(names) or found.keys() != set(names):
        raise UnreadableError(f"{name} with these arguments")
    return [found[each] for each in names]


def _index_put(adds_too: bool) -> Callable[[Any, Value, Arguments, Keywords], Value]:
    """x.index_put(places, values, accumulate)."""

    def rule(reader: Reader, owner: Value, arguments: Arguments, keywords: Keywords) -> Value:
        store = reader.state.store
        adds = keywords.pop("accumulate", arguments[2] if len(arguments) > 2 else None)
        places, values = named("index_put", "indices values", arguments[:2], keywords)
        items = [as_array(store.resolved(each)) for each in reader.sequence(places)]
        sums = adds is not None and reader.truth(adds) is True
        new = written_at(store.array(owner), items, as_array(store.resolved(values)), adds=sums)
        if not adds_too:
            return store.new(new)
        store.write(owner, new)
        return owner

    return rule


def _index_fill(reader: Reader, owner: Value, arguments: Arguments, keywords: Keywords) -> Value:
    store = reader.state.store
    axis, places, value = named("index_fill", "dim index value", arguments, keywords)
    old = store.array(owner)
    own = place_of(as_integer(store.resolved(axis)), old.rank)
    items = [*[Slice()] * own, as_array(store.resolved(places))]
    store.write(owner, written_at(old, items, as_array(store.resolved(value))))
    return owner


CHANGES: dict[str, Callable[[Any, Value, Arguments, Keywords], Value]] = {
    "fill": _fill,
    "fill_": _fill,
    "zero_": _zero,
    "copy_": _copy,
    "fill_diagonal_": _diagonal,
    "masked_fill_": _masked_fill,
    "scatter": _scatter(adds=False, changes=False),
    "scatter_": _scatter(adds=False, changes=True),
    "scatter_add": _scatter(adds=True, changes=False),
    "scatter_add_": _scatter(adds=True, changes=True),
    "index_add_": _index_add,
    "index_put": _index_put(False),
    "index_put_": _index_put(True),
    "index_fill_": _index_fill,
}
