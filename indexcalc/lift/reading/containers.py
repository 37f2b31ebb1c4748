"""Methods of lists, dictionaries and texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library.calls import as_integer
from indexcalc.lift.reading.values import Listed, Mapping, Ref, Unknown, Value

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader


def container_call(
    reader: Reader, owner: Value, name: str, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    """owner.name(...) of a list, a dictionary, a tuple or a text."""
    content = reader.content(owner)
    if isinstance(content, Listed) and isinstance(owner, Ref):
        return _of_list(reader, owner, content, name, arguments)
    if isinstance(content, Mapping) and isinstance(owner, Ref):
        return _of_mapping(reader, owner, content, name, arguments, keywords)
    if isinstance(owner, str):
        return Unknown("a text that is put together")
    raise UnreadableError(f"the method {name} is not known")


def _of_list(reader: Reader, owner: Ref, content: Listed, name: str, arguments: list[Value]) -> Value:
    items = list(content.items)
    result: Value = None
    if name == "append":
        items.append(arguments[0])
    elif name == "extend":
        items += reader.sequence(arguments[0])
    elif name == "insert":
        items.insert(as_integer(reader.state.store.resolved(arguments[0])), arguments[1])
    elif name == "pop" and items:
        place = as_integer(reader.state.store.resolved(arguments[0])) if arguments else -1
        result = items.pop(place)
    elif name == "reverse":
        items.reverse()
    elif name == "copy":
        return reader.state.store.new(Listed(items))
    else:
        raise UnreadableError(f"the method {name} of a list")
    reader.state.store.cells[owner.cell] = Listed(items)
    return result


def _of_mapping(
    reader: Reader, owner: Ref, content: Mapping, name: str, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    items = dict(content.items)
    if name == "items":
        return tuple(items.items())
    if name == "keys":
        return tuple(items)
    if name == "values":
        return tuple(items.values())
    if name == "copy":
        return reader.state.store.new(Mapping(items))
    if name == "update":
        items |= reader.mapping(arguments[0]) if arguments else {}
        reader.state.store.cells[owner.cell] = Mapping(items | keywords)
        return None
    if name in ("get", "pop", "setdefault") and arguments and isinstance(arguments[0], str):
        key, default = arguments[0], arguments[1] if len(arguments) > 1 else None
        if name == "pop" and key not in items and len(arguments) < 2:
            raise RaisesError(f"the dictionary has no {key!r}")
        found = items.get(key, default)
        if name == "pop":
            items.pop(key, None)
        elif name == "setdefault":
            items.setdefault(key, default)
        reader.state.store.cells[owner.cell] = Mapping(items)
        return found
    raise UnreadableError(f"the method {name} of a dictionary")
