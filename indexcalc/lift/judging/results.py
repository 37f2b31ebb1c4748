"""The result of code: its last expression, the variable `result`, or what its only function returns."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from indexcalc.lift.arrays.array import Array
from indexcalc.lift.errors import TOO_MUCH, LiftError, UnreadableError
from indexcalc.lift.reading.reader import Reader
from indexcalc.lift.reading.source import parsed
from indexcalc.lift.reading.values import Class, Function, Ref, Thing, Unknown, Value
from indexcalc.lift.reading.values import Mapping as Dictionary
from indexcalc.sheet import Sheet

LIBRARIES = {
    "np": "numpy",
    "numpy": "numpy",
    "anp": "numpy",
    "torch": "torch",
    "F": "torch",
    "jnp": "jax",
    "jax": "jax",
}


def default_library(tree: ast.Module) -> str:
    """The library of arrays that are given: the one whose functions the code uses, numpy where there is none."""
    used = {LIBRARIES[node.id] for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in LIBRARIES}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            used |= {LIBRARIES[each.name.split(".")[0]] for each in node.names if each.name.split(".")[0] in LIBRARIES}
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in LIBRARIES:
            used.add(LIBRARIES[(node.module or "").split(".")[0]])
    if "torch" in used or (not used and _is_torch(tree)):
        return "torch"
    return "jax" if used == {"jax"} else "numpy"


TORCH_ONLY = frozenset(
    (
        "unsqueeze",
        "permute",
        "inverse",
        "logdet",
        "det",
        "pow",
        "matmul",
        "softmax",
        "sigmoid",
        "exp",
        "sqrt",
        "square",
        "t",
        "mm",
    )
)


def _is_torch(tree: ast.Module) -> bool:
    """Whether methods are used, or arguments named, that arrays of torch alone have."""
    methods = {each.attr for each in ast.walk(tree) if isinstance(each, ast.Attribute)}
    keywords = {each.arg for each in ast.walk(tree) if isinstance(each, ast.keyword)}
    return bool(methods & TORCH_ONLY or keywords & {"dim", "keepdim"})


def result_of(code: str, given: Mapping[str, Value], sheet: Sheet | None = None) -> tuple[Array, Reader]:
    """The value of code, with the reader that found it, whose sheet may have grown. Raises LiftError."""
    tree = parsed(code)
    reader = Reader(given, default_library(tree))
    reader.sheet = sheet
    reader.objects = True
    try:
        value = _value(reader, tree)
        try:
            return as_result(reader, value), reader
        except LiftError as error:
            error.line = error.line or (tree.body[-1].lineno if tree.body else 0)
            raise
    except RecursionError:
        raise UnreadableError(TOO_MUCH[1]) from None


def as_result(reader: Reader, value: Value) -> Array:
    """A value as the array that it is. Raises for what is none."""
    from indexcalc.lift.library.calls import as_array

    if value is None:
        raise UnreadableError("the code gives no result")
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    if isinstance(reader.content(value), Dictionary | Thing):
        raise UnreadableError("the result is a dictionary or an object")
    return as_array(reader.state.store.resolved(value))


def _value(reader: Reader, tree: ast.Module) -> Value:
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Constant):
        reader.block(tree.body[:-1])
        return reader.value(last.value)
    reader.block(tree.body)
    names = reader.state.frame.names
    if "result" in names:
        return reader.lookup("result")
    functions = [each for each in names.values() if isinstance(each, Function)]
    chosen = functions[0] if len(functions) == 1 else _outermost(functions)
    classes = [each for each in names.values() if isinstance(each, Class)]
    if chosen is None and not functions and len(classes) == 1:
        return _of_module(reader, classes[0])
    if chosen is None:
        raise UnreadableError("the code has no last expression, no variable result and no single function")
    return call_with_given(reader, chosen)


def _of_module(reader: Reader, owner: Class) -> Value:
    """What an object of a class gives for what is given: its `forward`, or `__call__`."""
    methods = owner.methods
    name = next((each for each in ("forward", "__call__") if each in methods), None)
    if name is None:
        raise UnreadableError(f"the class {owner.node.name} has neither forward nor __call__", owner.node.lineno)
    thing = reader.state.store.new(Thing({}, owner.node.name, owner))
    if "__init__" in methods:
        method, home = methods["__init__"]
        spec = method.args
        names = [each.arg for each in (*spec.posonlyargs, *spec.args)][1 : len(spec.args) - len(spec.defaults)]
        given = [reader.given(each) for each in names]
        said = [
            Unknown(f"nothing is said of the argument {each}", method.lineno) if value is None else value
            for each, value in zip(names, given, strict=True)
        ]
        reader.lenient, reader.forgiving = (lambda statement, error: None), True  # what is not known may not be asked
        try:
            reader.run(Function(method, home.frame, "__init__", owner=thing, home=home), said, {})
        finally:
            reader.lenient, reader.forgiving = None, False
    _put_given(reader, thing)
    method, home = methods[name]
    return call_with_given(reader, Function(method, home.frame, name, owner=thing, home=home))


def _put_given(reader: Reader, thing: Ref) -> None:
    """Let attributes that `__init__` starts with numbers of its own be what is given by their names."""
    content = reader.content(thing)
    assert isinstance(content, Thing)
    attributes = dict(content.attributes)
    for name, value in content.attributes.items():
        found = reader.content(value)
        if reader.given(name) is not None and isinstance(found, Array) and not found.term.symbols:
            attributes[name] = reader.given(name)
    reader.state.store.cells[thing.cell] = Thing(attributes, content.kind, content.methods)


def _outermost(functions: list[Function]) -> Function | None:
    """The function that no other one calls, if there is one."""
    called = {each.id for function in functions for each in ast.walk(function.node) if isinstance(each, ast.Name)}
    rest = [function for function in functions if function.name not in called]
    return rest[0] if len(rest) == 1 else None


def call_with_given(reader: Reader, function: Function) -> Value:
    """A function of the code at the values that are given under the names of its parameters."""
    spec = function.node.args
    keywords: dict[str, Value] = {}
    optional = {each.arg for each in spec.args[len(spec.args) - len(spec.defaults) :]}
    optional |= {each.arg for each, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if default}
    positional = [*spec.posonlyargs, *spec.args]
    for each in (*positional[function.owner is not None :], *spec.kwonlyargs):
        value = reader.given(each.arg)
        if value is not None:
            keywords[each.arg] = value
        elif each.arg == "self":
            keywords[each.arg] = reader.state.store.new(Thing({}, "self"))
        elif each.arg not in optional:
            raise UnreadableError(f"nothing is said of the argument {each.arg}", function.node.lineno)
    return reader.run(function, [], keywords)
