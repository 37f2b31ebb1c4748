"""What is not known behind a statement that could not be gone through."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from indexcalc.lift.errors import LiftError
from indexcalc.lift.reading import values as v

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader

COMPOUND = (ast.For, ast.If, ast.While, ast.With, ast.Return, ast.FunctionDef, ast.ClassDef)


def taint(reader: Reader, statement: ast.stmt, error: LiftError) -> None:
    """What a statement that could not be gone through binds or changes is not known behind it."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            reader.state.frame.names[node.id] = v.Unknown(error.cause, error.line)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    targets = [statement.target] if isinstance(statement, ast.AugAssign) else targets
    if isinstance(statement, COMPOUND):
        targets = [each for each in ast.walk(statement) if isinstance(each, ast.expr) and _may_change(each)]
    for target in targets:
        _taint_target(reader, target, v.Unknown(error.cause, error.line))


def _taint_target(reader: Reader, target: ast.expr, unknown: v.Unknown) -> None:
    """What is written to is not known; of an object the attribute alone, of a dictionary the entry."""
    match target:
        case ast.Subscript(value=ast.Name() | ast.Attribute() as inner, slice=ast.Constant(value=str() as key)):
            try:
                owner = reader.value(inner)
            except LiftError:
                owner = None
            content = reader.content(owner)
            if isinstance(content, v.Mapping) and isinstance(owner, v.Ref):
                reader.state.store.cells[owner.cell] = v.Mapping({**content.items, key: unknown})
                return
    while isinstance(target, ast.Subscript | ast.Attribute):
        outer, target = target, target.value
        frame = reader.state.frame.find(target.id) if isinstance(target, ast.Name) else None
        value = frame.names[target.id] if frame is not None and isinstance(target, ast.Name) else None
        content = reader.content(value)
        if isinstance(outer, ast.Attribute) and isinstance(content, v.Thing) and isinstance(value, v.Ref):
            attributes = {**content.attributes, outer.attr: unknown}
            reader.state.store.cells[value.cell] = v.Thing(attributes, content.kind, content.methods)
            return
    frame = reader.state.frame.find(target.id) if isinstance(target, ast.Name) else None
    if frame is not None and isinstance(target, ast.Name) and isinstance(frame.names[target.id], v.Ref):
        frame.names[target.id] = unknown


def _may_change(node: ast.expr) -> bool:
    """Whether an expression is written to, or is something that a method is called of."""
    context = getattr(node, "ctx", None)
    return isinstance(context, ast.Store) or (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name))
