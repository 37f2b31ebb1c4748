"""What values are: truth values, Python numbers, what is cheap to write twice."""

from __future__ import annotations

from fractions import Fraction

from indexcalc.codegen.programs.program import (
    RELATIONS,
    Assemble,
    Chosen,
    Compare,
    Fits,
    Literal,
    Map,
    Program,
    SizeOf,
    Value,
    is_exact,
)
from indexcalc.terms import Index

MOST_CHEAP = 8  # operations in a scalar that is written wherever it is used


def is_mask(value: Value) -> bool:
    """Whether a value is made of truth values."""
    is_relation = isinstance(value.op, Map) and value.op.function in RELATIONS
    return is_relation or isinstance(value.op, Chosen | Compare | Fits)


def is_of_places(value: Value) -> bool:
    """Whether a value compares places only, so that without axes it is a truth value of Python."""
    return isinstance(value.op, Compare | Fits)


def is_plain(value: Value) -> bool:
    """Whether a value is made of numbers and sizes alone, so that it is a Python number."""
    inside, pending = True, [value]
    while pending and inside:
        each = pending.pop()
        inside = isinstance(each.op, Map | Literal | SizeOf)
        pending += [use.value for use in each.operands]
    return inside


def is_near(value: Value) -> bool:
    """Whether a value compares numbers that may differ by rounding alone where they are equal."""
    return value.op == Map("==") and not is_plain(value) and not is_exact(value)


def cheap_values(program: Program) -> frozenset[Value]:
    """The values that cost no more to write twice than to keep: scalars made of arguments by few operations."""
    operations: dict[Value, int] = {}
    for value in program.values:
        parts = [operations.get(use.value, MOST_CHEAP) for use in value.operands]
        number = 0 if value.is_free else 1 + sum(parts)
        if (not value.axes and number <= MOST_CHEAP) or value.is_free:
            operations[value] = number
    return frozenset(operations)


def is_identity(value: Value) -> bool:
    """Whether a value is the identity matrix."""
    match value.op:
        case Assemble(((Index() as row, Index() as column),), _) if row is column and row.place is None:
            return value.operands[0].value.op == Literal(Fraction(1))
    return False
