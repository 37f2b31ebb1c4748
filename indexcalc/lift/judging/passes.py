"""Which parts of code are a forward pass and its backward pass, and what they give.

Known are: a class with `forward` and `backward` (torch.autograd.Function, or one that keeps values in `self`), a
function with `jax.custom_vjp`, two functions whose names belong together (`affine_forward`, `affine_backward`), and a
function that returns a loss and its gradients.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from indexcalc.lift.arrays.array import Array
from indexcalc.lift.errors import LiftError, RaisesError, UnreadableError
from indexcalc.lift.judging.naming import gradient_of, partner
from indexcalc.lift.judging.results import as_result
from indexcalc.lift.reading.reader import Reader
from indexcalc.lift.reading.values import Class, Frame, Function, Ref, Thing, Unknown, Value
from indexcalc.lift.reading.values import Mapping as Dictionary

Flow = Callable[[Array, str], Array]


@dataclass
class Gradients:
    """Outputs of a forward pass, each with what flows back into it (none: 1), and a gradient for each input."""

    outputs: list[tuple[Array, Array | None]]
    gradients: dict[str, Array | LiftError] = field(default_factory=dict)


def gradients_of(reader: Reader, tree: ast.Module, flow: Flow) -> Gradients:
    """What the backward pass of code gives. Raises LiftError where none is found or it cannot be read."""
    reader.block(tree.body)
    values = dict(reader.state.frame.names)
    for value in values.values():
        if isinstance(value, Class) and {"forward", "backward"} <= {each.name for each in reader.methods(value)}:
            return _of_class(reader, value, flow)
    custom = _custom_vjp(tree)
    if custom is not None:
        rules = [values.get(name) for name in custom]
        if all(isinstance(each, Function) for each in rules):
            return _of_custom_vjp(reader, rules, flow)
    functions = {name: each for name, each in values.items() if isinstance(each, Function)}
    pair = partner(list(functions))
    if pair is not None:
        return _of_pair(reader, functions[pair[0]], functions[pair[1]], flow)
    for function in reversed(functions.values()):
        found = _of_loss(reader, function)
        if found is not None:
            return found
    raise UnreadableError("no backward pass is found")


def names_of(function: Function) -> list[str]:
    """The names of a function's parameters."""
    spec = function.node.args
    return [each.arg for each in (*spec.posonlyargs, *spec.args)]


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
        elif name not in optional:
            keywords[name] = Unknown(f"nothing is said of the input {name}")
    return reader.run(function, [], keywords)


def _arrays(reader: Reader, value: Value) -> list[Array]:
    items = value if isinstance(value, tuple) else (value,)
    return [as_result(reader, each) for each in items]


def _flows(outputs: Sequence[Array], flow: Flow) -> list[Array]:
    return [flow(output, "g" if len(outputs) == 1 else f"g{n + 1}") for n, output in enumerate(outputs)]


# ----- The kinds -------------------------------------------------------------------------------------------------


def _of_class(reader: Reader, owner: Class, flow: Flow) -> Gradients:
    methods = {each.name: Function(each, owner.frame, each.name) for each in reader.methods(owner)}
    forward, backward = methods["forward"], methods["backward"]
    own = not _is_static(forward)
    thing = Thing({}, "self" if own else "ctx", owner)
    context = reader.state.store.new(thing)
    if own and "__init__" in methods:
        _constants(reader, methods["__init__"], context)
    inputs = names_of(forward)[1:]
    outputs = _arrays(reader, called_with(reader, forward, {names_of(forward)[0]: context}))
    flows = _flows(outputs, flow)
    given: dict[str, Value] = {names_of(backward)[0]: context}
    given |= {name: reader.state.store.new(each) for name, each in zip(names_of(backward)[1:], flows, strict=False)}
    back = called_with(reader, backward, given)
    found = Gradients(list(zip(outputs, flows, strict=True)))
    if back is not None:
        _positional(reader, found, inputs, back, backward, strict=not own)
    if own:
        _attributes(reader, found, context)
    return _nonempty(found)


def _is_static(function: Function) -> bool:
    node = function.node
    assert isinstance(node, ast.FunctionDef)
    words = [ast.unparse(each) for each in node.decorator_list]
    return "staticmethod" in words or names_of(function)[:1] == ["ctx"]


def _constants(reader: Reader, function: Function, context: Ref) -> None:
    """What `__init__` sets that is no input: the attributes whose values can be read."""
    node = function.node
    assert isinstance(node, ast.FunctionDef)
    frame = reader.state.frame
    reader.state.frame = Frame(_defaults(reader, function), function.frame)
    for statement in node.body:
        if not (isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Attribute)):
            continue
        name = statement.targets[0].attr
        thing = reader.content(context)
        assert isinstance(thing, Thing)
        if reader.given(f"self.{name}", name) is not None or name in thing.attributes:
            continue
        try:
            value = reader.value(statement.value)
        except LiftError:
            continue
        reader.state.store.cells[context.cell] = Thing({**thing.attributes, name: value}, thing.kind, thing.methods)
    reader.state.frame = frame


def _defaults(reader: Reader, function: Function) -> dict[str, Value]:
    """The parameters of a function that have a default which can be read."""
    spec = function.node.args
    found: dict[str, Value] = {}
    for name, default in zip(reversed(names_of(function)), reversed(spec.defaults), strict=False):
        try:
            found[name] = reader.value(default)
        except LiftError:
            continue
    return found


def _attributes(reader: Reader, found: Gradients, context: Ref) -> None:
    """Gradients that a backward pass leaves in attributes: self.dW, self.grads["W"]."""
    thing = reader.content(context)
    assert isinstance(thing, Thing)
    inputs = [name.removeprefix("self.") for name in reader.names]
    items = dict(thing.attributes)
    for value in list(items.values()):
        content = reader.content(value)
        if isinstance(content, Dictionary):
            items |= {f"d{key}": each for key, each in content.items.items() if isinstance(key, str)}
    for name, value in items.items():
        wanted = gradient_of(name, [each for each in inputs if each not in found.gradients])
        if wanted is not None and name not in inputs:
            found.gradients[wanted] = _gradient(reader, value)


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
    outputs = _arrays(reader, called_with(reader, primal, {}))
    flows = _flows(outputs, flow)
    pair = called_with(reader, forward, dict(zip(names_of(forward), map(reader.given, inputs), strict=False)))
    if not (isinstance(pair, tuple) and len(pair) == 2):
        raise UnreadableError("the forward rule must give the output and what is kept for the backward rule")
    cotangents: Value = tuple(reader.state.store.new(each) for each in flows)
    cotangents = cotangents[0] if len(flows) == 1 else cotangents
    parameters = names_of(backward)
    fixed = dict(zip(parameters[:-2], map(reader.given, inputs), strict=False))
    back = called_with(reader, backward, {**fixed, parameters[-2]: pair[1], parameters[-1]: cotangents})
    if not isinstance(back, tuple):
        raise RaisesError("a backward rule of jax must give a tuple")
    found = Gradients(list(zip(outputs, flows, strict=True)))
    rest = [name for name in inputs if name not in fixed or len(back) == len(inputs)]
    _positional(reader, found, rest, back, backward, strict=True, by_name=False)
    return _nonempty(found)


CACHES = frozenset("cache caches ctx context saved residuals res residual memory tape stash state".split())


def _of_pair(reader: Reader, forward: Function, backward: Function, flow: Flow) -> Gradients:
    value = called_with(reader, forward, {})
    local = dict(reader.left)
    inputs, parameters = names_of(forward), names_of(backward)
    spec = backward.node.args
    needed = parameters[: len(parameters) - len(spec.defaults)]
    caches = [name for name in parameters if name in CACHES]
    items = value if isinstance(value, tuple) else (value,)
    kept = items[len(items) - 1] if caches and len(items) > 1 else None
    outputs = [as_result(reader, each) for each in (items[:-1] if kept is not None else items)]
    open_names = [name for name in needed if name not in caches and name not in inputs and reader.given(name) is None]
    flows = _flows(outputs, flow)
    given: dict[str, Value] = dict.fromkeys(caches, kept if kept is not None else value)
    for name, each in zip(_upstream(open_names, local, len(flows)), flows, strict=False):
        given[name] = reader.state.store.new(each)
    given |= {name: local[name] for name in open_names if name in local and name not in given}
    back = called_with(reader, backward, given)
    found = Gradients(list(zip(outputs, flows, strict=True)))
    _positional(reader, found, inputs, back, backward, strict=False)
    return _nonempty(found)


def _upstream(names: Sequence[str], local: Mapping[str, Value], count: int) -> list[str]:
    """The parameters of a backward pass that take what flows back."""
    fresh = [name for name in names if name not in local]
    return (fresh or list(names))[:count]


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
    inputs = names_of(function)
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
                    found.gradients[name] = _gradient(reader, gradient)
        elif (name := gradient_of(word, inputs)) is not None:
            found.gradients[name] = _gradient(reader, each)
        else:
            _by_shape(reader, found, inputs, each)
    return _nonempty(found)


def _by_shape(reader: Reader, found: Gradients, inputs: Sequence[str], value: Value) -> None:
    """A gradient whose name says nothing: that of the first input, where it alone has its shape."""
    gradient = _gradient(reader, value)
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


# ----- What is returned ------------------------------------------------------------------------------------------


def _positional(
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
                found.gradients[name] = _gradient(reader, gradient)
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
            found.gradients[name] = _gradient(reader, item)


def _returned_words(function: Function, count: int) -> list[str]:
    returned = [each.value for each in ast.walk(function.node) if isinstance(each, ast.Return)]
    if len(returned) == 1:
        node = returned[0]
        nodes = node.elts if isinstance(node, ast.Tuple | ast.List) else [node]
        if len(nodes) == count:
            return [each.id if isinstance(each, ast.Name) else "" for each in nodes]
    return [""] * count


def _gradient(reader: Reader, value: Value) -> Array | LiftError:
    try:
        return as_result(reader, value)
    except LiftError as error:
        return error


def _nonempty(found: Gradients) -> Gradients:
    if not found.gradients:
        raise UnreadableError("the backward pass gives no gradient of a known input")
    return found
