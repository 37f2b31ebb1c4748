"""Which part of a statement that goes over several lines a comment stands behind."""

from __future__ import annotations

import ast


def part_at(node: ast.stmt, line: int) -> ast.expr | None:
    """The expression inside a statement that a comment in one of its lines stands behind; none: the statement itself.

    That is the largest one that ends in the line before the statement does, else the call whose bracket opens there.
    """
    whole = getattr(node, "value", None)
    if not isinstance(whole, ast.expr) or line >= (node.end_lineno or line):
        return None
    parts = [each for each in ast.walk(whole) if isinstance(each, ast.expr) and each is not whole]
    ending = [each for each in parts if each.end_lineno == line and each.lineno < line and isinstance(each, COMPUTED)]
    if ending:
        return min(ending, key=lambda each: (each.lineno, each.col_offset))
    opening = [
        each for each in (whole, *parts) if isinstance(each, ast.Call) and each.lineno == line < (each.end_lineno or 0)
    ]
    last = max(opening, key=lambda each: each.col_offset, default=None)
    if last is not None:
        return None if last is whole else last
    alone = [each for each in parts if each.lineno == each.end_lineno == line and isinstance(each, COMPUTED)]
    return min(alone, key=lambda each: (each.col_offset, -(each.end_col_offset or 0)), default=None)


COMPUTED = (ast.Call, ast.BinOp, ast.UnaryOp, ast.Subscript, ast.Name, ast.Attribute)
