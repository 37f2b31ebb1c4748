"""Which parts of code are a forward pass and its backward pass, and what they give.

Known are: a class with `forward` and `backward` (torch.autograd.Function, or one that keeps values in `self`), a
function with `jax.custom_vjp`, two functions whose names belong together (`affine_forward`, `affine_backward`), and a
function that returns a loss and its gradients.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from indexcalc.lift.errors import LiftError, RaisesError, UnreadableError
from indexcalc.lift.judging.naming import gradient_of, partner
from indexcalc.lift.judging.passes.classes import chosen, of_class
from indexcalc.lift.judging.passes.gradients import (
    Flow,
    Gradients,
    arrays_in,
    called_with,
    flows_into,
    gradient_in,
    named_inputs,
    names_of,
    nonempty,
    positional,
)
from indexcalc.lift.judging.passes.pairs import of_pair
from indexcalc.lift.judging.results import as_result
from indexcalc.lift.library.calls import as_integer
from indexcalc.lift.reading.reader import Reader
from indexcalc.lift.reading.values import Class, Function, Ref, Value
from indexcalc.lift.reading.values import Mapping as Dictionary


def gradients_of(reader: Reader, tree: ast.Module, flow: Flow) -> Gradients:
    """What the backward pass of code gives. Raises LiftError where none is found or it cannot be read."""
    reader.block(tree.body)
    values = dict(reader.state.frame.names)
    owner = chosen([value for value in values.values() if isinstance(value, Class)])
    if owner is not None:
        return of_class(reader, owner, flow)
    custom = _custom_vjp(tree)
    if custom is not None:
        rules = [values.get(name) for name in custom]
        if all(isinstance(each, Function) for each in rules):
            return _of_custom_vjp(reader, rules, flow)
    functions = {name: each for name, each in values.items() if isinstance(each, Function)}
    pair = partner(list(functions))
    if pair is not None:
        return of_pair(reader, functions[pair[0]], functions[pair[1]], flow)
    for function in reversed(functions.values()):
        found = _of_loss(reader, function)
        if found is not None:
            return found
    raise UnreadableError("no backward pass is found")


# ----- The kinds -------------------------------------------------------------------------------------------------


def _custom_vjp(tree: ast.Module) -> tuple[str, str, str] | None:
    """The names in f.defvjp(forward, backward)."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr="defvjp"), args=[ast.Name(id=one), ast.Name(id=two)]
            ):
                return name, one, two
    return None


def _of_custom_vjp(reader: Reader, functions: Sequence[Any], flow: Flow) -> Gradients:
    primal, forward, backward = functions
    inputs = names_of(primal)
    outputs = arrays_in(reader, called_with(reader, primal, {}))
    flows = flows_into(outputs, flow)
    pair = called_with(reader, forward, dict(zip(names_of(forward), map(reader.given, inputs), strict=False)))
    if not (isinstance(pair, tuple) and len(pair) == 2):
        raise UnreadableError("the forward rule must give the output and what is kept for the backward rule")
    cotangents: Value = tuple(reader.state.store.new(each) for each in flows)
    cotangents = cotangents[0] if len(flows) == 1 else cotangents
    parameters = names_of(backward)
    places = _fixed_places(reader, primal, len(parameters) - 2)
    fixed = {name: reader.given(inputs[at]) for name, at in zip(parameters[:-2], places, strict=False)}
    back = called_with(reader, backward, {**fixed, parameters[-2]: pair[1], parameters[-1]: cotangents})
    if not isinstance(back, tuple):
        raise RaisesError("a backward rule of jax must give a tuple")
    found = Gradients(list(zip(outputs, flows, strict=True)))
    rest = [name for at, name in enumerate(inputs) if at not in places]
    positional(reader, found, rest, back, backward, strict=True, by_name=False)
    return nonempty(found)


def _fixed_places(reader: Reader, primal: Function, count: int) -> list[int]:
    """The places of the arguments that are not differentiated by, as `nondiff_argnums` names them; else the first."""
    for node in getattr(primal.node, "decorator_list", []):
        for each in ast.walk(node):
            if isinstance(each, ast.keyword) and each.arg == "nondiff_argnums":
                found = as_integer(reader.state.store.resolved(reader.value(each.value)))
                places = found if isinstance(found, tuple) else (found,)
                if len(places) != count or not all(0 <= at < len(names_of(primal)) for at in places):
                    raise UnreadableError("the arguments that are not differentiated by")
                return list(places)
    return list(range(count))


def _of_loss(reader: Reader, function: Function) -> Gradients | None:
    """A function that returns a loss and its gradients; none if it is no such function."""
    if isinstance(function.node, ast.Lambda):
        return None
    returned = [each.value for each in ast.walk(function.node) if isinstance(each, ast.Return)]
    if len(returned) != 1 or not isinstance(returned[0], ast.Tuple) or len(returned[0].elts) < 2:
        return None
    value = called_with(reader, function, {})
    if not isinstance(value, tuple):
        return None
    inputs = named_inputs(reader, function)
    found = Gradients([(as_result(reader, value[0]), None)])
    if found.outputs[0][0].rank:
        raise UnreadableError("what is returned first is no number: which output the gradients are of is not known")
    words = [each.id if isinstance(each, ast.Name) else "" for each in returned[0].elts[1:]]
    for word, each in zip(words, value[1:], strict=True):
        content = reader.content(each)
        if isinstance(content, Dictionary):
            for key, gradient in content.items.items():
                name = gradient_of(str(key), inputs) or gradient_of(f"d{key}", inputs)
                if name is not None:
                    found.gradients[name] = gradient_in(reader, gradient)
        elif (name := gradient_of(word, inputs)) is not None:
            found.gradients[name] = gradient_in(reader, each)
        else:
            _by_shape(reader, found, inputs, each)
    return nonempty(found)


def _by_shape(reader: Reader, found: Gradients, inputs: Sequence[str], value: Value) -> None:
    """A gradient whose name says nothing: that of the first input, where it alone has its shape."""
    gradient = gradient_in(reader, value)
    if isinstance(gradient, LiftError):
        raise gradient
    fitting = []
    for name in inputs:
        leaf = reader.given(name)
        if isinstance(leaf, Ref) and reader.state.store.array(leaf).shape == gradient.shape:
            fitting.append(name)
    if not fitting:
        raise UnreadableError("which input a gradient belongs to is not known")
    found.gradients.setdefault(fitting[0], gradient)
