"""Which names a statement of code binds or changes."""

from __future__ import annotations

import ast

CHANGING = frozenset(("at", "fill_diagonal", "copyto", "put", "place", "putmask"))  # they change their first argument


def _changed_by(call: ast.Call) -> list[ast.expr]:
    """What a call changes: np.add.at(x, ...), np.fill_diagonal(x, ...), x.add_(...), x.fill(...), f(..., out=x)."""
    found = [keyword.value for keyword in call.keywords if keyword.arg == "out"]
    if isinstance(call.func, ast.Attribute):
        name = call.func.attr
        if name in CHANGING and call.args:
            found.append(call.args[0])
        if name == "fill" or (name.endswith("_") and not name.endswith("__")):
            found.append(call.func.value)
    return found


def changed(node: ast.stmt) -> list[str]:
    """The names that a statement binds or changes, those inside a loop too."""
    found: dict[str, None] = {}
    for each in ast.walk(node):
        targets: list[ast.expr] = []
        if isinstance(each, ast.Assign):
            targets = list(each.targets)
        elif isinstance(each, ast.AugAssign | ast.AnnAssign):
            targets = [each.target]
        elif isinstance(each, ast.Call):
            targets = _changed_by(each)
        for target in targets:
            for part in target.elts if isinstance(target, ast.Tuple | ast.List) else [target]:
                while isinstance(part, ast.Subscript):
                    part = part.value
                if isinstance(part, ast.Name):
                    found[part.id] = None
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return []
    return list(found)
