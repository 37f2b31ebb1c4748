"""A minus in front of code: numpy gives truth values none, and a matrix product is negated after it is worked out."""

from __future__ import annotations

from indexcalc.codegen.programs.program import Einsum, Map, Value
from indexcalc.codegen.writing.pen import ATOM, MULTIPLICATION, NEGATION, Text, is_mask


def negated(text: Text, value: Value, level: int) -> str:
    """-x for what a value negates (or the value itself). A product that holds truth values is negated as a whole."""
    inner = value.operands[0].value if value.op == Map("neg") else value
    if _is_boolean(inner):
        return f"-1 * {text.within(MULTIPLICATION)}"
    if _has_boolean_factor(inner) and text.level < ATOM:
        return f"-{text.within(ATOM)}"
    return negative(text) if level == MULTIPLICATION else f"-{text.within(level)}"


def negative(text: Text) -> str:
    """-x; of a matrix product the result is negated, not the first matrix, which would be copied for it."""
    return f"-{text.within(NEGATION if ' @ ' in text.text else MULTIPLICATION)}"


def _is_boolean(value: Value) -> bool:
    """Whether an array holds truth values."""
    if isinstance(value.op, Map) and value.op.function == "mul":
        return all(_is_boolean(use.value) for use in value.operands)
    return is_mask(value)


def _has_boolean_factor(value: Value) -> bool:
    """Whether truth values may stand first in a product or quotient, where a minus would meet them."""
    seen, pending = {value}, [value]
    while pending:
        each = pending.pop()
        if _is_boolean(each):
            return True
        if isinstance(each.op, Einsum) or (isinstance(each.op, Map) and each.op.function in ("mul", "div", "neg")):
            inside = [use.value for use in each.operands if use.value not in seen]
            seen.update(inside)
            pending += inside
    return False
