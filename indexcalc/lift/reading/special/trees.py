"""Arrays in tuples, lists and dictionaries, as jax takes and gives them: a rule for each array, the containers kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from indexcalc.lift.errors import UnreadableError
from indexcalc.lift.reading.values import Listed, Mapping, Value

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader


def mapped(reader: Reader, rule: Callable[..., Value], value: Value, *others: Value) -> Value:
    """A value with a rule applied to each array in it, and to those at the same places of other values.

    Raises UnreadableError for others that are built differently.
    """
    store = reader.state.store
    if value is None:
        return None
    parts = _items(reader, value)
    if parts is None:
        return rule(value, *others)
    rest = [_items(reader, each) for each in others]
    if any(each is None or each.keys() != parts.keys() for each in rest):
        raise UnreadableError("containers that are built differently")
    found = {
        key: mapped(reader, rule, part, *(each[key] for each in rest if each is not None))
        for key, part in parts.items()
    }
    if isinstance(value, tuple):
        return tuple(found.values())
    content = reader.content(value)
    return store.new(Mapping(found) if isinstance(content, Mapping) else Listed(list(found.values())))


def leaves(reader: Reader, value: Value) -> list[Value]:
    """The arrays in a value, in their order."""
    found: list[Value] = []
    mapped(reader, lambda each: found.append(each), value)
    return found


def rebuilt(reader: Reader, value: Value, new: list[Value]) -> Value:
    """A value with others in the places of its arrays."""
    left = iter(new)
    return mapped(reader, lambda each: next(left), value)


def _items(reader: Reader, value: Value) -> dict[object, Value] | None:
    """The parts of a container by their keys; none for anything else."""
    if isinstance(value, tuple):
        return dict(enumerate(value))
    content = reader.content(value)
    if isinstance(content, Listed):
        return dict(enumerate(content.items))
    return dict(content.items) if isinstance(content, Mapping) else None
