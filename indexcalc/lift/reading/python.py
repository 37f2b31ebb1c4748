"""The builtins of Python that are known: len, sum, range, zip and the like."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from indexcalc.lift.arrays.array import Array, number
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.errors import UnreadableError
from indexcalc.lift.library import comparing as c
from indexcalc.lift.library import elementwise as e
from indexcalc.lift.library import reductions
from indexcalc.lift.library.calls import as_array, as_whole
from indexcalc.lift.library.making import cast, minus_infinity
from indexcalc.lift.reading.elements import length_of
from indexcalc.lift.reading.modules import Infinity
from indexcalc.lift.reading.values import Builtin, Class, Items, Kind, Listed, Mapping, Ref, Span, Thing, Unknown, Value

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader

Arguments = list[Value]
Keywords = dict[str, Value]


def converted(reader: Reader, kind: str, arguments: Arguments) -> Value:
    """float(x), int(x), bool(x)."""
    if not arguments:
        return number(0, kind)
    value = arguments[0]
    if isinstance(value, str):
        text = value.strip().lower()
        if text in ("-inf", "-infinity"):
            return minus_infinity()
        if text in ("inf", "+inf", "infinity"):
            return Infinity()
        raise UnreadableError("a text is made a number")
    return cast(as_array(reader.state.store.resolved(value)), kind)


def _python_sum(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    store = reader.state.store
    if keywords:
        raise UnreadableError("sum with the argument start")
    items = reader.listed(arguments[0])
    items = list(arguments[0]) if isinstance(arguments[0], tuple) else items
    start = as_array(store.resolved(arguments[1])) if len(arguments) > 1 else number(0)
    if items is None:
        return store.new(e.add(start, reductions.total(store.array(arguments[0]), 0)))
    for each in items:
        start = e.add(start, as_array(store.resolved(each)))
    return store.new(start)


def _python_extreme(kind: str) -> Callable[[Any, Arguments, Keywords], Value]:
    def rule(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
        store = reader.state.store
        if keywords:
            raise UnreadableError(f"{kind} with the argument {next(iter(keywords))}")
        if len(arguments) == 1 and reader.listed(arguments[0]) is None and not isinstance(arguments[0], tuple):
            value = store.array(arguments[0])
            if value.rank != 1:
                raise UnreadableError(f"{kind} of the rows of an array")
            return store.new((reductions.largest if kind == "max" else reductions.smallest)(value))
        items = arguments if len(arguments) > 1 else reader.sequence(arguments[0])
        values = [as_array(store.resolved(each)) for each in items]
        found = values[0]
        for each in values[1:]:
            found = c.extreme(kind, found, each)
        return store.new(found)

    return rule


def _python_range(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    bounds = [as_whole(reader.state.store.resolved(each)) for each in arguments]
    step = bounds[2].number if len(bounds) > 2 else 1
    if step is None or not step:
        raise UnreadableError("the step of a range is not known")
    start, stop = (Whole(), bounds[0]) if len(bounds) == 1 else bounds[:2]
    return Span(start, stop, step)


def _python_list(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    if not arguments:
        return reader.state.store.new(Listed([]))
    items = reader.listed(arguments[0])
    if items is None and not isinstance(arguments[0], tuple | Items):
        return arguments[0]
    return reader.state.store.new(Listed(reader.sequence(arguments[0])))


def _isinstance(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    if len(arguments) != 2:
        raise UnreadableError("isinstance with these arguments")
    value, wanted = arguments
    types = wanted if isinstance(wanted, tuple) else (wanted,)
    return number(int(any(_is_of(reader, value, each) for each in types)), "bool")


CONTAINERS = {"list": Listed, "dict": Mapping}
NO_NUMBERS = frozenset(("list", "tuple", "dict", "str"))


def _is_of(reader: Reader, value: Value, wanted: Value) -> bool:
    """Whether a value is of a type. Raises where that is not known."""
    content = reader.content(value)
    name = wanted.name if isinstance(wanted, Builtin | Kind) else ""
    if isinstance(wanted, Class):
        made = content.methods if isinstance(content, Thing) else None
        return made is not None and (made is wanted or wanted.node.name in {each.node.name for each in made.lineage})
    if isinstance(content, Listed | Mapping) or isinstance(value, tuple | str) or value is None:
        kind = type(value).__name__ if isinstance(value, tuple | str) else ""
        if name in NO_NUMBERS or isinstance(wanted, Kind):
            return name == kind or isinstance(content, CONTAINERS.get(name, ()))
    if isinstance(content, Array | None) and isinstance(value, Ref | Array):
        array = reader.state.store.array(value)
        if name in NO_NUMBERS or (array.rank and isinstance(wanted, Kind)):
            return False
        if array.rank and name in ("ndarray", "Tensor"):
            return (name == "Tensor") == (reader.library(array) == "torch")
    raise UnreadableError("whether a value is of a class is asked")


def _absolute(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    return reader.state.store.new(e.absolute(as_array(reader.state.store.resolved(arguments[0]))))


def _power(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    first, second = (as_array(reader.state.store.resolved(each)) for each in arguments)
    return e.power(first, second)


def _tuple(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    return tuple(reader.sequence(arguments[0])) if arguments else ()


def _items(kind: str) -> Callable[[Any, Arguments, Keywords], Value]:
    def rule(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
        if keywords.pop("strict", None) is not None or not keywords:
            return Items(kind, tuple(arguments))
        raise UnreadableError(f"{kind} with arguments")

    return rule


def _dict(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    items = dict(reader.mapping(arguments[0])) if arguments else {}
    return reader.state.store.new(Mapping(items | keywords))


def _object(reader: Reader, arguments: Arguments, keywords: Keywords) -> Value:
    raise UnreadableError("super() is not known")


PYTHON: dict[str, Callable[[Any, Arguments, Keywords], Value]] = {
    "len": lambda reader, arguments, keywords: length_of(reader, arguments[0]),
    "sum": _python_sum,
    "max": _python_extreme("max"),
    "min": _python_extreme("min"),
    "abs": _absolute,
    "pow": _power,
    "range": _python_range,
    "xrange": _python_range,
    "list": _python_list,
    "tuple": _tuple,
    "dict": _dict,
    "enumerate": _items("enumerate"),
    "zip": _items("zip"),
    "reversed": _items("reversed"),
    "isinstance": _isinstance,
    "print": lambda reader, arguments, keywords: None,
    "super": _object,
}
PYTHON["str"] = lambda reader, arguments, keywords: Unknown("a text that is put together")
TYPES = {"float": Kind("float"), "int": Kind("int"), "bool": Kind("bool"), "Ellipsis": ...}
