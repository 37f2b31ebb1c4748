"""What the statements of code bind: names, how often, lengths, numbers that are written out."""

from __future__ import annotations

import ast

from indexcalc.lift.arrays.array import Array
from indexcalc.lift.judging.changes import changed

MOST_WRITTEN = 12  # a length up to this is kept as a number: places may be asked for by it
MAKING = frozenset(
    "zeros ones empty eye full arange randn rand randint normal standard_normal random uniform integers reshape".split()
)


def lengths_named(tree: ast.Module, times: dict[str, int]) -> set[str]:
    """The names of lengths: whole numbers that are bound once, in digits, and that arrays are made with."""
    used = {
        each.id
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in MAKING
        for argument in (*call.args, *(keyword.value for keyword in call.keywords))
        for each in (argument.elts if isinstance(argument, ast.Tuple | ast.List) else [argument])
        if isinstance(each, ast.Name)
    }
    return {
        name
        for node in tree.body
        if isinstance(node, ast.Assign) and len(node.targets) == 1
        for name, value in _pairs(node.targets[0], node.value)
        if name in used and times.get(name) == 1 and isinstance(value, ast.Constant) and _is_length(value.value)
    }


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        return [(target.id, value)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        pairs = zip(target.elts, value.elts, strict=True)
        return [(each.id, other) for each, other in pairs if isinstance(each, ast.Name)]
    return []


def _is_length(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > MOST_WRITTEN


def is_number(content: object) -> bool:
    """Whether a value is a whole number that the code gives in digits."""
    return isinstance(content, Array) and content.whole is not None and content.whole.number is not None


def is_literal(node: ast.stmt) -> bool:
    """Whether a statement binds numbers that are written out."""
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    if isinstance(value, ast.Call) and len(value.args) == 1:
        value = value.args[0]
    names = (ast.Name, ast.Call, ast.Attribute)
    return isinstance(value, ast.List | ast.Tuple) and not any(isinstance(each, names) for each in ast.walk(value))


def times_bound(tree: ast.AST) -> dict[str, int]:
    """How often each name is bound or changed by a statement of its own."""
    found: dict[str, int] = {}
    for each in getattr(tree, "body", []):
        for name in changed(each):
            found[name] = found.get(name, 0) + 1
    return found
