"""Values of frozen types as JSON and back, so that what a check found can be kept in a file that anybody may read.

Only types that hold numbers, texts, tuples, lists, dictionaries by text, and such types again can be stored.
"""

from __future__ import annotations

import types
import typing
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_origin


class NotStoredError(Exception):
    """A value that JSON has no place for, or JSON that is not of its type."""


def stored(value: Any) -> Any:
    """The value as JSON. Raises NotStoredError."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return {"float": value.hex()}
    if isinstance(value, tuple | list):
        return [stored(each) for each in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: stored(each) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: stored(getattr(value, each.name)) for each in fields(value)}
    raise NotStoredError(f"{type(value).__name__} has no place in JSON")


def restored(value: Any, kind: Any) -> Any:
    """The value of a type that was stored as JSON. Raises NotStoredError."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (typing.Union, types.UnionType):
        if value is None and type(None) in inner:
            return None
        (kind,) = (each for each in inner if each is not type(None))
        return restored(value, kind)
    if kind is float and isinstance(value, dict):
        return float.fromhex(value["float"])
    if kind in (bool, int, str) and type(value) is kind:
        return value
    if origin in (tuple, list) and isinstance(value, list):
        return _sequence(value, origin, inner)
    if origin is dict and isinstance(value, dict):
        return {key: restored(each, inner[1]) for key, each in value.items()}
    if is_dataclass(kind) and isinstance(kind, type) and isinstance(value, dict):
        hints = typing.get_type_hints(kind)
        if value.keys() != {each.name for each in fields(kind)}:
            raise NotStoredError(f"these are not the fields of {kind.__name__}")
        return kind(**{name: restored(each, hints[name]) for name, each in value.items()})
    raise NotStoredError(f"{type(value).__name__} is no {kind}")


def _sequence(value: list[Any], origin: Any, inner: tuple[Any, ...]) -> Any:
    if origin is list or inner[-1] is Ellipsis:
        return origin(restored(each, inner[0]) for each in value)
    if len(value) != len(inner):
        raise NotStoredError("too few or too many")
    return tuple(restored(each, kind) for each, kind in zip(value, inner, strict=True))
