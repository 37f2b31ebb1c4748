"""Classes with a forward and a backward pass: functions of torch, layers that keep values in `self`, activations.

What `__init__` sets is gone through as far as it can be read; attributes and entries that go by the name of an input
are that input. A class may also say what its slope is: `gradient(x)` beside `__call__(x)`, `grad(y, p)` beside
`loss(y, p)`; nothing flows back into that, so that it is the derivative of each element.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from indexcalc.lift.arrays.array import Array
from indexcalc.lift.errors import LiftError, UnreadableError
from indexcalc.lift.judging.naming import gradient_of, stands_for_truth
from indexcalc.lift.judging.passes.gradients import (
    Flow,
    Gradients,
    arrays_in,
    called_with,
    flows_into,
    gradient_in,
    names_of,
    nonempty,
    positional,
)
from indexcalc.lift.judging.passes.pairs import of_pair
from indexcalc.lift.judging.results import as_result
from indexcalc.lift.reading.reader import Reader
from indexcalc.lift.reading.values import Class, Function, Listed, Ref, Thing, Unknown, Value
from indexcalc.lift.reading.values import Mapping as Dictionary
from indexcalc.terms import Tensor
from indexcalc.walk import subterms

PASSES = (("forward", "backward"), ("forward_pass", "backward_pass"), ("_fwd", "_bwd"), ("fprop", "bprop"))
VALUES = ("__call__", "fn", "forward", "loss")
SLOPES = tuple((one, other) for one in VALUES for other in ("gradient", "grad", "derivative"))


def chosen(classes: Sequence[Class]) -> Class | None:
    """The class whose backward pass is meant: the last one that no other one is made of, or makes objects of."""
    able = [each for each in classes if pair_of(each) is not None]
    used: set[str] = set()
    for each in able:
        words = {part.id for part in ast.walk(each.node) if isinstance(part, ast.Name)}
        used |= words - {each.node.name}
    outer = [each for each in able if each.node.name not in used]
    return outer[-1] if outer else able[-1] if able else None


def pair_of(owner: Class) -> tuple[str, str] | None:
    """The names of the two functions of a class that belong together; none for one that leaves them to others."""
    methods = owner.methods
    for one, other in (*PASSES, *SLOPES):
        if one in methods and other in methods and not any(_is_left_out(methods[name][0]) for name in (one, other)):
            return one, other
    return None


def _is_left_out(node: ast.FunctionDef) -> bool:
    """Whether a function has no body of its own."""
    empty = (ast.Raise, ast.Pass)
    return all(isinstance(each, empty) or _is_text(each) or _gives_error(each) for each in node.body)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _gives_error(node: ast.stmt) -> bool:
    return isinstance(node, ast.Return) and "NotImplemented" in ast.unparse(node)


def of_class(reader: Reader, owner: Class, flow: Flow) -> Gradients:
    """The gradients that a class gives."""
    names = pair_of(owner)
    assert names is not None
    forward, backward = (
        Function(owner.methods[name][0], owner.methods[name][1].frame, name, home=owner.methods[name][1])
        for name in names
    )
    if names in SLOPES:
        return _of_slope(reader, owner, forward, backward)
    first = names_of(forward)[:1]
    static = "staticmethod" in [ast.unparse(each) for each in forward.node.decorator_list]  # type: ignore[union-attr]
    if static and first != ["ctx"] and names_of(backward)[:1] != ["ctx"]:
        return of_pair(reader, forward, backward, flow)
    own = not static and first != ["ctx"]
    context = _object(reader, owner) if own else reader.state.store.new(Thing({}, "ctx", owner))
    inputs = names_of(forward)[1:]
    outputs = arrays_in(reader, called_with(reader, forward, {names_of(forward)[0]: context}))
    flows = flows_into(outputs, flow)
    given: dict[str, Value] = {names_of(backward)[0]: context}
    given |= {name: reader.state.store.new(each) for name, each in zip(names_of(backward)[1:], flows, strict=False)}
    back = called_with(reader, backward, given)
    found = Gradients(list(zip(outputs, flows, strict=True)))
    if back is not None:
        positional(reader, found, inputs, back, backward, strict=not own)
    if own:
        _attributes(reader, found, context)
    return nonempty(found)


# ----- Objects ---------------------------------------------------------------------------------------------------


def _object(reader: Reader, owner: Class) -> Ref:
    """An object of a class as `__init__` leaves it, as far as that can be read; inputs go by their names."""
    context = reader.state.store.new(Thing({}, "self", owner))
    method = owner.methods.get("__init__")
    if method is not None:
        node, home = method
        function = Function(node, home.frame, "__init__", home=home)
        given: dict[str, Value] = {names_of(function)[0]: context}
        lenient, forgiving = reader.lenient, reader.forgiving
        reader.lenient, reader.forgiving = (lambda statement, error: None), True
        try:
            called_with(reader, function, given)
        except LiftError:
            pass  # what it sets behind this place is not known
        finally:
            reader.lenient, reader.forgiving = lenient, forgiving
    _put_inputs(reader, context)
    return context


def _put_inputs(reader: Reader, context: Ref) -> None:
    """Let attributes and entries that go by the name of an input be that input."""
    thing = reader.content(context)
    assert isinstance(thing, Thing)
    attributes = dict(thing.attributes)
    for name, value in thing.attributes.items():
        given = reader.given(f"self.{name}", name)
        content = reader.content(value)
        if given is not None and not isinstance(content, Listed | Dictionary):
            attributes[name] = given
        elif isinstance(content, Dictionary) and isinstance(value, Ref):
            items = {key: _given_entry(reader, key, each) for key, each in content.items.items()}
            reader.state.store.cells[value.cell] = Dictionary(items)
        elif isinstance(value, Unknown):
            del attributes[name]
    reader.state.store.cells[context.cell] = Thing(attributes, thing.kind, thing.methods)


def _given_entry(reader: Reader, key: object, value: Value) -> Value:
    known = reader.given(key) if isinstance(key, str) else None
    return value if known is None else known


def _attributes(reader: Reader, found: Gradients, context: Ref) -> None:
    """Gradients that a backward pass leaves in attributes: self.dW, self.grads["W"], self.grads[0]."""
    thing = reader.content(context)
    assert isinstance(thing, Thing)
    inputs = [name.removeprefix("self.") for name in reader.names]
    items = dict(thing.attributes)
    for value in list(items.values()):
        content = reader.content(value)
        if isinstance(content, Dictionary):
            items |= {f"d{key}": each for key, each in content.items.items() if isinstance(key, str)}
    items |= _listed(reader, thing.attributes)
    for name, value in items.items():
        wanted = gradient_of(name, [each for each in inputs if each not in found.gradients])
        if wanted is not None and name not in inputs:
            found.gradients[wanted] = gradient_in(reader, value)


def _listed(reader: Reader, attributes: Mapping[str, Value]) -> dict[str, Value]:
    """The gradients in a list beside one of parameters, under the names of these."""
    lists = {name: reader.content(value) for name, value in attributes.items()}
    params, grads = lists.get("params"), lists.get("grads")
    if not isinstance(params, Listed) or not isinstance(grads, Listed) or len(params.items) != len(grads.items):
        return {}
    names = {value.cell: name for name, value in reader.names.items() if isinstance(value, Ref)}
    pairs = zip(params.items, grads.items, strict=True)
    return {f"d{names[one.cell]}": other for one, other in pairs if isinstance(one, Ref) and one.cell in names}


# ----- Slopes ----------------------------------------------------------------------------------------------------


def _of_slope(reader: Reader, owner: Class, forward: Function, backward: Function) -> Gradients:
    """A function that gives the derivative of each element of another one's value, with nothing flowing back."""
    context = _object(reader, owner)
    static = "staticmethod" in [ast.unparse(each) for each in forward.node.decorator_list]  # type: ignore[union-attr]
    inputs, others = names_of(forward)[not static :], names_of(backward)[not static :]
    if len(inputs) != len(others):
        raise UnreadableError("the derivative has other inputs than what it is of")
    own = {} if static else {names_of(forward)[0]: context, names_of(backward)[0]: context}
    values = [reader.given(one) or reader.given(other) for one, other in zip(inputs, others, strict=True)]
    given = [{**own, **dict(zip(names, values, strict=True))} for names in (inputs, others)]
    for each in given:
        for name in [name for name, value in each.items() if value is None]:
            del each[name]
    value = as_result(reader, called_with(reader, forward, given[0]))
    slope = as_result(reader, called_with(reader, backward, given[1]))
    known = [
        name
        for each_value in values
        for name, each in reader.names.items()
        if each is each_value and each is not None and not stands_for_truth(name)
    ]
    if len(known) != 1:
        raise UnreadableError("by which input the derivative is taken is not said")
    if not _is_of_each_element(value, known[0]):
        raise UnreadableError("what is derived is no function of each element: what its derivative is, is not said")
    return Gradients([(value, None)], {known[0]: slope})


def _is_of_each_element(value: Array, name: str) -> bool:
    """Whether each element of an array, or each addend of a number, is made of that element of an input alone."""
    slots = {each.slots for each in subterms(value.term) if isinstance(each, Tensor) and each.name == name}
    return len(slots) == 1 and (not value.rank or slots == {value.indices})
