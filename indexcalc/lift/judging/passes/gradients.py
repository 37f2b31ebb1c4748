"""What a backward pass gives: a gradient for each input, as it is returned, by name or by place."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from indexcalc.lift.arrays.array import Array
from indexcalc.lift.errors import LiftError, RaisesError, UnreadableError
from indexcalc.lift.judging.naming import gradient_of
from indexcalc.lift.judging.results import as_result
from indexcalc.lift.reading.reader import Reader
from indexcalc.lift.reading.values import Function, Unknown, Value
from indexcalc.lift.reading.values import Mapping as Dictionary

Flow = Callable[[Array, str], Array]


@dataclass
class Gradients:
    """Outputs of a forward pass, each with what flows back into it (none: 1), and a gradient for each input."""

    outputs: list[tuple[Array, Array | None]]
    gradients: dict[str, Array | LiftError] = field(default_factory=dict)


def names_of(function: Function) -> list[str]:
    """The names of a function's parameters."""
    spec = function.node.args
    return [each.arg for each in (*spec.posonlyargs, *spec.args)]


def named_inputs(reader: Reader, function: Function) -> list[str]:
    """The names of a function's inputs; in place of a dictionary of inputs those that are taken out of it."""
    found: list[str] = []
    for name in names_of(function):
        parts = reader.content(_parts(reader, function, name)) if reader.given(name) is None else None
        found += list(parts.items) if isinstance(parts, Dictionary) else [name]
    return found


def called_with(reader: Reader, function: Function, given: Mapping[str, Value]) -> Value:
    """A function at values by parameter, else at the inputs of these names, else at its defaults."""
    spec = function.node.args
    optional = set(names_of(function)[len(names_of(function)) - len(spec.defaults) :])
    optional |= {each.arg for each, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if default}
    keywords: dict[str, Value] = {}
    for name in (*names_of(function), *(each.arg for each in spec.kwonlyargs)):
        if name in given:
            keywords[name] = given[name]
        elif (known := reader.given(name)) is not None:
            keywords[name] = known
        elif (parts := _parts(reader, function, name)) is not None:
            keywords[name] = parts
        elif name not in optional:
            keywords[name] = Unknown(f"nothing is said of the input {name}")
    return reader.run(function, [], keywords)


def _parts(reader: Reader, function: Function, name: str) -> Value:
    """A dictionary of inputs, for a parameter that a function takes them out of by their names: params["W"]."""
    keys = {
        each.slice.value
        for each in ast.walk(function.node)
        if isinstance(each, ast.Subscript) and isinstance(each.value, ast.Name) and each.value.id == name
        if isinstance(each.slice, ast.Constant)
    }
    found = {key: reader.given(key) for key in sorted(keys, key=str) if isinstance(key, str)}
    known = {key: each for key, each in found.items() if each is not None}
    return reader.state.store.new(Dictionary(dict(known))) if known and len(known) == len(keys) else None


def arrays_in(reader: Reader, value: Value) -> list[Array]:
    """The arrays that a function returns."""
    items = value if isinstance(value, tuple) else (value,)
    return [as_result(reader, each) for each in items]


def flows_into(outputs: Sequence[Array], flow: Flow) -> list[Array]:
    """What flows back into each output."""
    return [flow(output, "g" if len(outputs) == 1 else f"g{n + 1}") for n, output in enumerate(outputs)]


def positional(
    reader: Reader,
    found: Gradients,
    inputs: Sequence[str],
    back: Value,
    backward: Function,
    strict: bool,
    by_name: bool = True,
) -> None:
    """The gradients that are returned: by the names of what is returned, else in the order of the inputs."""
    content = reader.content(back)
    if isinstance(content, Dictionary):
        for key, gradient in content.items.items():
            name = gradient_of(str(key), inputs) or gradient_of(f"d{key}", inputs)
            if name is not None:
                found.gradients[name] = gradient_in(reader, gradient)
        return
    items = back if isinstance(back, tuple) else (back,)
    listed = reader.listed(back)
    items = tuple(listed) if listed is not None else items
    words = _returned_words(backward, len(items)) if by_name else [""] * len(items)
    named = [gradient_of(word, inputs) for word in words]
    if not strict and None not in named and len(set(named)) == len(named):
        places = [str(name) for name in named]
    else:
        if strict and len(items) != len(inputs) and not all(each is None for each in items[len(inputs) :]):
            raise RaisesError(f"{len(items)} gradients for {len(inputs)} inputs")
        places = list(inputs)
    for name, item in zip(places, items, strict=False):
        if item is not None:
            found.gradients[name] = gradient_in(reader, item)


def _returned_words(function: Function, count: int) -> list[str]:
    returned = [each.value for each in ast.walk(function.node) if isinstance(each, ast.Return)]
    if len(returned) == 1:
        node = returned[0]
        nodes = node.elts if isinstance(node, ast.Tuple | ast.List) else [node]
        if len(nodes) == count:
            return [each.id if isinstance(each, ast.Name) else "" for each in nodes]
    return [""] * count


def gradient_in(reader: Reader, value: Value) -> Array | LiftError:
    """A gradient as an array, or why it is none."""
    try:
        return as_result(reader, value)
    except LiftError as error:
        return error


def nonempty(found: Gradients) -> Gradients:
    """The gradients. Raises where there are none."""
    if not found.gradients:
        raise UnreadableError("the backward pass gives no gradient of a known input")
    return found
