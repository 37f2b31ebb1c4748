"""Calls: functions of the table, methods of arrays, functions of the code, builtins of Python."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from indexcalc.lift.arrays.array import Array, number
from indexcalc.lift.arrays.combine import combined
from indexcalc.lift.arrays.views import Elements, Labelled, Order, Shape
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library import reductions
from indexcalc.lift.library.calls import IGNORED, as_array, as_whole, bound, check_kind
from indexcalc.lift.library.products import outer_of
from indexcalc.lift.library.table import UFUNCS, own_row, row_for
from indexcalc.lift.reading.changing import CHANGES, at_update, changed_by_ufunc
from indexcalc.lift.reading.containers import container_call
from indexcalc.lift.reading.modules import CHANGING, library_of
from indexcalc.lift.reading.python import PYTHON, converted
from indexcalc.lift.reading.special import automatic, layer_objects, objects, primitives, transforms
from indexcalc.lift.reading.special.functions import SPECIAL, counted, resolved_all, torch_size, windows
from indexcalc.lift.reading.special.sharing import sharing, viewed
from indexcalc.lift.reading.values import (
    Builtin,
    Class,
    Function,
    Kind,
    Listed,
    Module,
    Ref,
    Thing,
    Unknown,
    Value,
)
from indexcalc.terms import Call

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader

Arguments = list[Value]
Keywords = dict[str, Value]


def called(reader: Reader, node: ast.Call) -> Value:
    """The value of a call."""
    if objects.is_of_super(node):
        function: Value = objects.of_super(reader, node)
        return applied(reader, function, [reader.value(each) for each in node.args], {})
    sized = isinstance(node.func, ast.Attribute) and node.func.attr == "size"
    owner = reader.value(node.func.value) if sized and isinstance(node.func, ast.Attribute) else None
    function = None if isinstance(owner, Ref | Array) else reader.value(node.func)
    if isinstance(function, Builtin) and function.module == "python" and function.name == "print":
        return None
    arguments: Arguments = []
    for each in node.args:
        if isinstance(each, ast.Starred):
            arguments += reader.sequence(reader.value(each.value))
        else:
            arguments.append(_argument(reader, function, each))
    keywords: Keywords = {}
    for keyword in node.keywords:
        value = reader.value(keyword.value)
        if keyword.arg is None:
            keywords |= reader.mapping(value)
        else:
            keywords[keyword.arg] = value
    if function is None:
        return torch_size(reader, owner, [*arguments, *keywords.values()])
    return applied(reader, function, arguments, keywords)


def _argument(reader: Reader, function: Value, node: ast.expr) -> Value:
    """The value of an argument; the lengths of a layer may be unknown, for its numbers tell them."""
    if not (isinstance(function, Builtin) and function.name in layer_objects.LEARNED):
        return reader.value(node)
    try:
        return reader.value(node)
    except UnreadableError as error:
        return Unknown(error.cause, error.line)


def applied(reader: Reader, function: Value, arguments: Arguments, keywords: Keywords) -> Value:
    """The value of a function at arguments."""
    if isinstance(function, Function):
        return reader.run(function, arguments, keywords)
    if isinstance(function, Kind):
        return converted(reader, function.name, arguments)
    if isinstance(function, Unknown):
        raise UnreadableError(function.why)
    if isinstance(function, Class):
        return objects.made(reader, function, arguments, keywords)
    content = reader.content(function)
    if isinstance(content, Thing) and layer_objects.PLACE in content.attributes:
        return layer_objects.with_numbers(reader, content, arguments, applied)
    if isinstance(content, Thing):
        return objects.called(reader, function, arguments, keywords)
    if isinstance(function, Builtin):
        return _builtin(reader, function, arguments, keywords)
    if isinstance(function, Module):
        raise RaisesError(f"the module {function.name} is called")
    raise UnreadableError("what is called here is not known")


def _builtin(reader: Reader, function: Builtin, arguments: Arguments, keywords: Keywords) -> Value:
    kind = function.module
    taking = transforms.rule_for(function)
    if taking is not None:
        return taking(reader, function, arguments, keywords, applied)
    if kind == "python":
        return PYTHON[function.name](reader, arguments, keywords)
    if kind == "at":
        return at_update(reader, function, arguments, keywords)
    if kind == "container":
        return container_call(reader, function.owner, function.name, arguments, keywords)
    if kind == "ctx":
        return _context(reader, function, arguments)
    if kind == "function":
        return _of_function(function)
    if kind == "class":
        return reader.apply_class(function.owner, function.name, arguments)
    if kind == "method":
        return _method(reader, function, arguments, keywords)
    if kind == "thing":
        objects.registered(reader, function.owner, arguments)
        return None
    if kind == "nothing":
        return None
    if kind == "layer":
        return layer_objects.applied(reader, function, arguments, keywords, applied)
    if kind == "unknown":
        arrays = [as_array(reader.state.store.resolved(each)) for each in arguments]
        return reader.state.store.new(combined(arrays, lambda *terms: Call(function.name, *terms)))
    if kind == "derivative":
        return automatic.derived(reader, function, arguments, keywords, applied)
    return _library(reader, function, arguments, keywords)


def _context(reader: Reader, function: Builtin, arguments: Arguments) -> Value:
    content = reader.content(function.owner)
    assert isinstance(content, Thing)
    if function.name == "save_for_backward":
        content.attributes["saved_tensors"] = content.attributes["saved_variables"] = tuple(arguments)
        return None
    if function.name in ("mark_non_differentiable", "set_materialize_grads", "mark_dirty"):
        return None
    raise UnreadableError(f"the attribute {function.name} is not known")


def _of_function(function: Builtin) -> Value:
    if function.name in ("defvjp", "defjvp"):
        return None
    raise UnreadableError(f"the attribute {function.name} of a function")


def _method(reader: Reader, function: Builtin, arguments: Arguments, keywords: Keywords) -> Value:
    value = reader.state.store.array(function.owner)
    library = reader.library(value)
    if function.name in CHANGES:
        return CHANGES[function.name](reader, function.owner, arguments, keywords)
    if function.name == "dim" and not arguments:
        return number(value.rank)
    if function.name == "__array_namespace__":
        return Module("array_api")
    if function.name == "numel" and not arguments:
        return counted(value)
    if function.name.endswith("_") and not function.name.startswith("__"):
        return changed_by_ufunc(reader, function.name.rstrip("_"), function.owner, arguments, keywords)
    if library == "torch" and function.name in primitives.OF_TORCH:
        of_torch = Builtin(function.name, "torch")
        return primitives.primitive(reader, of_torch, [function.owner, *arguments], keywords)
    if function.name == "where" and library == "torch" and len(arguments) == 2:  # x.where(condition, y)
        return _by_row(reader, "where", library, [arguments[0], function.owner, arguments[1]], keywords)
    row = row_for(function.name, library, method=True)
    if row is None:
        if function.name in PURE:
            return Unknown(f"the method {function.name} is not known")
        raise UnreadableError(f"the method {function.name} is not known")
    return _by_row(reader, function.name, library, [function.owner, *arguments], keywords)


PURE = frozenset(("argmax", "argmin", "argsort", "nonzero", "round", "backward", "sort_values", "tobytes", "numpy"))


def _library(reader: Reader, function: Builtin, arguments: Arguments, keywords: Keywords) -> Value:
    """A function of a module."""
    name, _, suffix = function.name.partition(".")
    library = library_of(function.module)
    if automatic.is_random(function):
        return automatic.random(reader, function, arguments, keywords)
    if primitives.is_primitive(function):
        return primitives.primitive(reader, function, arguments, keywords)
    if automatic.makes_derivatives(function):
        return automatic.made(reader, function, arguments, keywords, applied)
    if suffix:
        return _of_ufunc(reader, name, suffix, library, arguments, keywords)
    if library == "einops" and name in ("rearrange", "reduce", "repeat"):
        return _einops(reader, name, arguments, keywords)
    if name in ("jit", "no_grad", "enable_grad", "checkpoint", "named_call", "remat") and len(arguments) == 1:
        return arguments[0]
    if function.module == "operator":
        if name == "index" and len(arguments) == 1:
            return arguments[0]
        raise UnreadableError(f"operator.{name} is not known")
    if library == "torch" and name in OF_TORCH and arguments:
        return CHANGES[name](reader, arguments[0], arguments[1:], keywords)
    special = SPECIAL.get(name)
    if special is not None:
        return special(reader, arguments, keywords)
    if name == "sliding_window_view":
        return windows(reader, arguments, keywords)
    if name in CHANGING:
        raise UnreadableError(f"{name} changes its arguments")
    if function.module.endswith("linalg") and row_for(name, "linalg") is not None:
        return _by_row(reader, name, "linalg", arguments, keywords)
    if own_row(name, function.module) is not None:
        return _by_row(reader, name, function.module.rsplit(".", 1)[-1], arguments, keywords)
    if function.module == "einops.layers.torch" or (function.module == "torch.nn" and name in layer_objects.KNOWN):
        return layer_objects.made(reader, function, arguments, keywords)
    if row_for(name, library) is None or (function.module == "torch.nn"):
        if name.endswith("_") and arguments and isinstance(arguments[0], Ref):
            return changed_by_ufunc(reader, name.rstrip("_"), arguments[0], arguments[1:], keywords)
        return Unknown(f"the function {function.module}.{name} is not known")
    return _by_row(reader, name, library, arguments, keywords)


LISTS = frozenset(("split", "array_split", "hsplit", "vsplit"))  # numpy gives their parts as a list
OF_TORCH = frozenset(("scatter", "scatter_add", "index_put"))  # functions too, that change nothing


def _by_row(reader: Reader, name: str, library: str, arguments: Arguments, keywords: Keywords) -> Value:
    """A function of the table: its rule at the values of its arguments; views of the first one stay views."""
    store = reader.state.store
    row = row_for(name, library)
    assert row is not None
    if reader.deriving and name in ("stop_gradient", "detach", "numpy", "item", "tolist"):
        raise UnreadableError(f"{name} in what is differentiated")
    out = keywords.pop("out", None)
    if "inplace" in keywords and reader.truth(keywords.pop("inplace")) is not False:
        out = arguments[0] if isinstance(arguments[0], Ref) else None
    copied = keywords.pop("copy", ...)
    keywords = {key: value for key, value in keywords.items() if key not in IGNORED}
    kinds = keywords.pop("dtype", None)
    resolved = [store.resolved(each) for each in arguments]
    if "kind" not in row.signature and kinds is not None:
        check_kind(name, kinds, *resolved)
        kinds = None
    named = {key: store.resolved(value) for key, value in keywords.items()}
    if kinds is not None:
        named["kind"] = kinds
    signature = row.parameters(library)
    if library not in ("torch", "F") and name == "reshape" and len(arguments) > 2:
        resolved = resolved[:2] if isinstance(resolved[1], tuple) and isinstance(resolved[2], str) else resolved
    if "kind" in signature and len(resolved) > 1 and isinstance(resolved[-1], Kind):
        named["kind"] = resolved.pop()
    found = row.rule(**bound(name, signature, resolved, named))
    if found is resolved[0] and isinstance(arguments[0], Ref):
        shared = sharing(reader, name, arguments[0], copied)
        if shared is not None:
            return shared
    if isinstance(found, Elements | Order | Shape | Labelled):
        first = arguments[int(isinstance(arguments[0], str))]
        if isinstance(first, Ref) and reader.content(first).__class__ is not Listed:
            return viewed(reader, first, found)
        found = found.read(as_array(next(each for each in resolved if not isinstance(each, str))))
    if isinstance(found, tuple):
        parts = [_part(reader, arguments[0], as_array(resolved[0]), each, library) for each in found]
        return store.new(Listed(parts)) if name in LISTS and library not in ("torch", "F") else tuple(parts)
    if not isinstance(found, Array):
        return found
    found = _labelled(found, library)
    if out is not None:
        store.write(out, found)
        return out
    return store.new(found)


def _part(reader: Reader, owner: Value, whole: Array, part: Any, library: str) -> Value:
    """One of the parts that a function gives: a view of its argument, or an array of its own."""
    if isinstance(part, Elements):
        if isinstance(owner, Ref) and reader.content(owner).__class__ is not Listed:
            return viewed(reader, owner, part)
        part = part.read(whole)
    return reader.state.store.new(_labelled(part, library)) if isinstance(part, Array) else part


def _labelled(found: Array, library: str) -> Array:
    own = {"F": "torch", "math": "", "einops": "", "linalg": ""}.get(library, library)
    return replace(found, library=own or found.library)


def _of_ufunc(reader: Reader, name: str, suffix: str, library: str, arguments: Arguments, keywords: Keywords) -> Value:
    """np.subtract.outer, np.add.reduce, np.add.at, np.add.accumulate."""
    store = reader.state.store
    if name == "logaddexp" and suffix == "reduce":
        found = bound(name, "a, axis:i=0, _dtype:v=None, _out:v=None", *resolved_all(reader, arguments, keywords))
        return store.new(reductions.logsumexp(**found))
    if name not in UFUNCS:
        raise UnreadableError(f"{name}.{suffix} is not known")
    if suffix == "outer":
        first, second = (as_array(store.resolved(each)) for each in arguments)
        row = row_for(name, library)
        assert row is not None
        return store.new(row.rule(*outer_of(first, second)))
    if suffix == "at":
        return changed_by_ufunc(reader, name, arguments[0], arguments[1:], keywords, accumulate=True)
    kinds = {"add": reductions.total, "multiply": reductions.product, "maximum": reductions.largest}
    kinds["minimum"] = reductions.smallest
    if suffix == "reduce" and name in kinds:
        found = bound(
            name,
            "a, axis:i=0, _dtype:v=None, _out:v=None, keepdims:b=False",
            *resolved_all(reader, arguments, keywords),
        )
        return store.new(kinds[name](**found))
    running = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min"}
    if suffix == "accumulate" and name in running:
        found = bound(name, "a, axis:i=0", *resolved_all(reader, arguments, keywords))
        return store.new(reductions.running(**found, kind=running[name]))
    raise UnreadableError(f"{name}.{suffix} is not known")


def _einops(reader: Reader, name: str, arguments: Arguments, keywords: Keywords) -> Value:
    from indexcalc.lift.library.subscripts import rearrange

    store = reader.state.store
    value = as_array(store.resolved(arguments[0]))
    pattern = arguments[1]
    reduction = keywords.pop("reduction", arguments[2] if len(arguments) > 2 else "")
    lengths = {key: as_whole(store.resolved(each)) for key, each in keywords.items()}
    if not isinstance(pattern, str) or not isinstance(reduction, str):
        raise UnreadableError("a pattern of einops that is not known")
    return store.new(rearrange(value, pattern, lengths, reduction if name == "reduce" else "", name == "repeat"))
