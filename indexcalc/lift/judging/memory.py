"""Changes of code about what is kept where: copies, updates, bounds of loops, types, axes that are not named."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

Change = Iterator[tuple[str, "Undo"]]


@dataclass(frozen=True)
class Undo:
    """Sets a field of a node back."""

    node: ast.AST
    field: str
    old: object

    def __call__(self) -> None:
        setattr(self.node, self.field, self.old)


def changed(node: ast.AST, field: str, new: object) -> Undo:
    """Set a field of a node, and say what sets it back."""
    undo = Undo(node, field, getattr(node, field))
    setattr(node, field, new)
    return undo


def copied(node: ast.AST) -> Change:
    """T = P for T = P.copy(): what is changed in place then is one array."""
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and isinstance(node.targets[0], ast.Name):
        new = ast.Call(ast.Attribute(node.value, "copy", ast.Load()), [], [])
        names = f"{node.targets[0].id} and {node.value.id}"
        yield f"{names} are one array, and one of them is changed in place", changed(node, "value", new)


def assigned_back(node: ast.AST) -> Change:
    """x.at[i].add(y) alone: the new array is dropped."""
    call = node.value if isinstance(node, ast.Expr) else None
    owner = call.func.value if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) else None
    if not isinstance(node, ast.Expr) or not isinstance(owner, ast.Subscript):
        return
    at = owner.value
    if isinstance(at, ast.Attribute) and at.attr == "at" and isinstance(at.value, ast.Name):
        new = ast.NamedExpr(ast.Name(at.value.id, ast.Store()), ast.copy_location(node.value, node))
        yield (
            f"the update gives a new array, which is dropped: {at.value.id} stays as it is",
            changed(node, "value", new),
        )


def bounded(node: ast.AST) -> Change:
    """range(i, n) for range(i + 1, n), range(t) for range(t + 1)."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range" and node.args:
        for place, bound in enumerate(node.args[:2]):
            for operator, word in ((ast.Add(), "+"), (ast.Sub(), "-")):
                new = ast.BinOp(bound, operator, ast.Constant(1))
                arguments = [*node.args[:place], new, *node.args[place + 1 :]]
                text = f"{ast.unparse(bound)} {word} 1"
                yield f"the bound {ast.unparse(bound)} should be {text}", changed(node, "args", arguments)


def typed(node: ast.AST) -> Change:
    """dtype=int: fractions are cut off."""
    if isinstance(node, ast.Call):
        rest = [each for each in node.keywords if each.arg != "dtype"]
        if len(rest) < len(node.keywords):
            yield "the array holds whole numbers: fractions are cut off", changed(node, "keywords", rest)


def updated(node: ast.AST) -> Change:
    """x.at[i].set(y) for x.at[i].add(y)."""
    pairs = {"set": "add", "add": "set"}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in pairs:
        if isinstance(node.func.value, ast.Subscript):
            old, new = node.func.attr, pairs[node.func.attr]
            yield f"{old} should be {new}", changed(node.func, "attr", new)


ALONG = ("sum", "mean", "max", "min", "softmax", "log_softmax", "var", "std", "prod", "amax", "logsumexp")


def along(node: ast.AST) -> Change:
    """An axis that is not named."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr not in ALONG:
        return
    if any(each.arg in ("axis", "dim") for each in node.keywords):
        return
    function = isinstance(node.func.value, ast.Name) and node.func.value.id in ("np", "jnp", "torch", "F", "jax")
    if len(node.args) > int(function):
        return
    for text in ("0", "1", "-1"):
        axis = ast.keyword("axis", ast.parse(text, mode="eval").body)
        for more in ([], [ast.keyword("keepdims", ast.Constant(True))]):
            words = f"axis={text}" + (", keepdims=True" if more else "")
            new = [*node.keywords, axis, *more]
            yield f"{node.func.attr} runs over all axes: {words} is missing", changed(node, "keywords", new)


def accumulated(node: ast.AST) -> Change:
    """out[i] = y in a loop, for out[i] += y."""
    body = getattr(node, "body", None)
    if not isinstance(body, list):
        return
    for place, each in enumerate(body):
        target = each.targets[0] if isinstance(each, ast.Assign) else None
        if isinstance(each, ast.Assign) and isinstance(target, ast.Name | ast.Subscript) and isinstance(node, ast.For):
            new = ast.AugAssign(target, ast.Add(), each.value)
            name = ast.unparse(target)
            rest = [*body[:place], ast.copy_location(new, each), *body[place + 1 :]]
            yield f"{name} is overwritten in each round, not added to", changed(node, "body", rest)
