"""What is wrong with a statement that is refuted, and the statement as it should be."""

from __future__ import annotations

import ast
from dataclasses import replace

from indexcalc.audit.proving.proof import Verdict
from indexcalc.lift.arrays.array import Array
from indexcalc.lift.beside.known import Formula
from indexcalc.lift.errors import LiftError, UnreadableError
from indexcalc.lift.judging.code import term_along, verdict_of
from indexcalc.lift.judging.slips import explained
from indexcalc.lift.reading.reader import Reader
from indexcalc.lift.reading.values import Ref
from indexcalc.terms import Term


def mended(node: ast.stmt, name: str, reader: Reader, verdict: Verdict, formula: Formula) -> Verdict:
    """The refutation of name = value, with the small change of the value that makes it right, if there is one."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
        return verdict
    used = {each.id for each in ast.walk(node.value) if isinstance(each, ast.Name)}
    if name in used or formula.terms is None:
        return verdict
    term, axes, sheet = formula.terms

    def array(code: str) -> Array:
        tree = ast.parse(code)
        last = tree.body[0]
        if len(tree.body) != 1 or not isinstance(last, ast.Expr):
            raise UnreadableError("a change of more than the value")
        return reader.state.store.array(reader.value(last.value))

    def read(code: str) -> Term | None:
        return term_along(axes, array(code))

    def judge(code: str) -> Verdict:
        try:
            return formula.judge(array(code))
        except LiftError as error:
            return verdict_of(error)

    arrays = [each for each in sorted(used) if _rank(reader, each)]
    found = explained(verdict, ast.unparse(node.value), (term, axes, sheet), read, judge, (arrays, []))
    return replace(found, fix=f"{name} = {found.fix}") if found.fix else found


def _rank(reader: Reader, name: str) -> int:
    """The number of axes of what a name stands for; 0 for what is no array."""
    frame = reader.state.frame.find(name)
    value = frame.names[name] if frame is not None else reader.given(name)
    content = reader.content(value)
    return len(content.axes) if isinstance(value, Ref) and isinstance(content, Array) else 0
