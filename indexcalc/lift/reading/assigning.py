"""Assignments: to names, to elements, to attributes, and those that change in place."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from indexcalc.lift.arrays.array import Array
from indexcalc.lift.arrays.slicing import Mask, MaskPlaces
from indexcalc.lift.arrays.writing import written_at
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library import comparing as c
from indexcalc.lift.library.calls import as_array, as_integer
from indexcalc.lift.reading.changing import RULES as UPDATES
from indexcalc.lift.reading.changing import in_place, updated
from indexcalc.lift.reading.elements import items_of
from indexcalc.lift.reading.expressions import OPERATORS, operated
from indexcalc.lift.reading.special import layer_objects
from indexcalc.lift.reading.values import (
    Listed,
    Mapping,
    Module,
    Ref,
    Thing,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader


def assign(reader: Reader, node: ast.Assign) -> None:
    """Go through target = value."""
    value = _lenient(reader, node.value, node.targets)
    for target in node.targets:
        assigned(reader, target, value)


def _lenient(reader: Reader, node: ast.expr, targets: Sequence[ast.expr]) -> Value:
    """The value of an expression; one that is not known taints the names that it is given to."""
    try:
        return reader.value(node)
    except UnreadableError as error:
        if all(isinstance(each, ast.Name) for each in targets) and _pure(node):
            return Unknown(error.cause, error.line or node.lineno)
        raise


def _pure(node: ast.expr) -> bool:
    """Whether an expression surely changes nothing: it calls nothing but what hangs on a module's name."""
    for each in ast.walk(node):
        if isinstance(each, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom):
            return False
        if isinstance(each, ast.Call):
            root: ast.expr = each.func
            while isinstance(root, ast.Attribute):
                root = root.value
            if not (isinstance(root, ast.Name) and isinstance(each.func, ast.Attribute)):
                return False
            if root.id not in ("np", "numpy", "jnp", "torch", "F", "math", "scipy", "jax"):
                return False
    return True


def assigned(reader: Reader, target: ast.expr, value: Value) -> None:
    """target = value."""
    if isinstance(target, ast.Name):
        layer_objects.placed(reader, value, target.id)
        reader.bind(target.id, value)
    elif isinstance(target, ast.Tuple | ast.List):
        _unpacked(reader, target.elts, value)
    elif isinstance(target, ast.Subscript):
        _element(reader, reader.value(target.value), target.slice, value)
    elif isinstance(target, ast.Attribute):
        _attribute(reader, reader.value(target.value), target, value)
    elif isinstance(target, ast.Starred):
        raise UnreadableError("a starred target")
    else:
        raise UnreadableError("this target of an assignment")


def mask_places(mask: Mask) -> list[Value]:
    """The places of a mask along each axis."""
    return [MaskPlaces(mask, axis) for axis in range(mask.condition.rank)]


def _unpacked(reader: Reader, targets: Sequence[ast.expr], value: Value) -> None:
    items = mask_places(value) if isinstance(value, Mask) else reader.sequence(value)
    starred = next((n for n, each in enumerate(targets) if isinstance(each, ast.Starred)), None)
    if starred is None:
        if len(items) != len(targets):
            raise RaisesError(f"{len(items)} values for {len(targets)} names")
        for target, item in zip(targets, items, strict=True):
            assigned(reader, target, item)
        return
    after = len(targets) - starred - 1
    if len(items) < len(targets) - 1:
        raise RaisesError(f"{len(items)} values for {len(targets)} names")
    middle = items[starred : len(items) - after]
    for target, item in zip(targets[:starred], items, strict=False):
        assigned(reader, target, item)
    inner = targets[starred]
    assert isinstance(inner, ast.Starred)
    assigned(reader, inner.value, reader.state.store.new(Listed(middle)))
    for target, item in zip(targets[starred + 1 :], items[len(items) - after :], strict=True):
        assigned(reader, target, item)


def _attribute(reader: Reader, owner: Value, target: ast.Attribute, value: Value) -> None:
    content = reader.content(owner)
    if isinstance(content, Thing) and isinstance(owner, Ref):
        layer_objects.placed(reader, value, target.attr)
        kept = reader.state.store.new(value) if isinstance(value, Array) else value
        attributes = {**content.attributes, target.attr: kept}
        reader.state.store.cells[owner.cell] = Thing(attributes, content.kind, content.methods)
        return
    if isinstance(owner, Module):
        reader.patched[f"{owner.name}.{target.attr}"] = target.lineno
        return
    if isinstance(content, Array) and target.attr in ("requires_grad", "grad"):
        return
    if isinstance(content, Array) and target.attr in ("shape", "data"):
        raise UnreadableError(f"the attribute {target.attr} of an array is set")
    raise UnreadableError(f"the attribute {target.attr} is set")


def _element(reader: Reader, owner: Value, index: ast.expr, value: Value) -> None:
    """owner[index] = value."""
    store = reader.state.store
    content = reader.content(owner)
    if isinstance(content, Mapping) and isinstance(owner, Ref):
        key = reader.value(index)
        name = key if isinstance(key, str) else as_integer(store.resolved(key))
        kept = store.new(value) if isinstance(value, Array) else value
        store.cells[owner.cell] = Mapping({**content.items, name: kept})
        return
    if isinstance(content, Listed) and isinstance(owner, Ref):
        place = as_integer(store.resolved(reader.value(index)))
        items = list(content.items)
        if not -len(items) <= place < len(items):
            raise RaisesError(f"there is no element {place} among {len(items)}")
        items[place] = store.new(value) if isinstance(value, Array) else value
        store.cells[owner.cell] = Listed(items)
        return
    old = _writable(reader, owner)
    new = as_array(store.resolved(value))
    items = items_of(reader, index)
    store.write(owner, written_at(old, items, _cut(new, old)))


def _cut(new: Array, old: Array) -> Array:
    """What an array of whole numbers keeps of an array that is written to it."""
    from indexcalc.lift.library.making import cast

    return cast(new, "int") if old.kind == "int" and new.kind == "float" else new


def _writable(reader: Reader, owner: Value) -> Array:
    """The array that something is written to. Raises where it cannot be."""
    if not isinstance(owner, Ref):
        raise UnreadableError("what is written to is no variable")
    old = reader.state.store.array(owner)
    if reader.library(old) == "jax":
        raise RaisesError("arrays of jax cannot be written to")
    return old


def augmented(reader: Reader, node: ast.AugAssign) -> None:
    """Go through target op= value."""
    target = node.target
    if isinstance(target, ast.Subscript):
        owner = reader.value(target.value)
        content = reader.content(owner)
        if not isinstance(content, Mapping | Listed):
            _augmented_element(reader, owner, target.slice, node)
            return
    old = reader.value(target)
    right = reader.value(node.value)
    store = reader.state.store
    items, more = reader.listed(old), reader.listed(right)
    if items is not None and isinstance(old, Ref) and isinstance(node.op, ast.Add):
        store.cells[old.cell] = Listed([*items, *(more if more is not None else reader.sequence(right))])
        return
    new = operated(reader, node.op, old, right)
    if isinstance(old, Ref) and isinstance(new, Array) and isinstance(reader.content(old), Array):
        before = store.array(old)
        alone = not before.rank and not (reader.library(before) == "torch" and old.path)
        if not alone and reader.library(before) != "jax":
            in_place(reader, old, new)
            return
    assigned(reader, target, new)


def _augmented_element(reader: Reader, owner: Value, index: ast.expr, node: ast.AugAssign) -> None:
    """owner[index] op= value."""
    store = reader.state.store
    old = _writable(reader, owner)
    items = items_of(reader, index)
    right = as_array(store.resolved(reader.value(node.value)))
    name = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide", ast.Pow: "power"}.get(
        type(node.op)
    )
    masked = len(items) == 1 and (
        isinstance(items[0], Mask) or (isinstance(items[0], Array) and items[0].kind == "bool")
    )
    if old.kind == "int" and right.kind == "float":
        raise RaisesError("an array of whole numbers is changed in place by fractions")
    if masked:
        mask = items[0].condition if isinstance(items[0], Mask) else items[0]
        new = c.where(mask, OPERATORS[type(node.op)](old, right), old)
        store.write(owner, new)
        return
    if name is None:
        from indexcalc.lift.arrays.indexing import taken

        store.write(owner, written_at(old, items, OPERATORS[type(node.op)](taken(old, items), right)))
        return
    assert name in UPDATES
    store.write(owner, updated(old, items, name, right))


def annotated(reader: Reader, node: ast.AnnAssign) -> None:
    """Go through target: type = value."""
    if node.value is not None:
        assigned(reader, node.target, _lenient(reader, node.value, [node.target]))
