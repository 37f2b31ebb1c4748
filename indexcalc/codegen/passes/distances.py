"""Squared distances between the rows of two matrices, one coordinate after the other.

    d[n,m] = sum[i]((x[n,i] - y[m,i])^2)

The array of all differences, which has three axes, is never made; the differences themselves are squared, since
x*x - 2*x*y + y*y loses the digits of small distances.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from indexcalc.codegen.programs.order import again, rebuilt
from indexcalc.codegen.programs.planning import SizeOfRange
from indexcalc.codegen.programs.program import Apply, Builder, Einsum, Literal, Map, Program, Use, Value

TWO = Literal(Fraction(2))


def with_distances(program: Program, size: SizeOfRange) -> Program:
    """The program with each such sum as one operation, where nothing else needs the differences."""
    count = Counter(use.value for use in program.uses)
    found = {value: sides for value in program.values if (sides := _sides(value, count, program)) is not None}
    if not found:
        return program
    new: dict[Value, Use] = {}

    def make(build: Builder, value: Value, operands: Sequence[Use]) -> Use:
        if value in found:
            made = _distances(build, value, found[value], new)
        else:
            made = again(build, value, operands)
        new[value] = made
        return made

    return rebuilt(program, make)


def _sides(value: Value, count: Counter[Value], program: Program) -> tuple[Use, Use] | None:
    """x[n,i] and y[m,i], in the letters of the value; none if it is something else."""
    if not isinstance(value.op, Einsum) or len(value.operands) != 1 or len(value.axes) != 2:
        return None
    (use,) = value.operands
    power = use.value
    if power.op != Map("pow") or power.operands[1].value.op != TWO or not _is_own(power, count, program):
        return None
    use = _inside(power.operands[0], use)
    inner = use.value
    if inner.op != Map("add") or len(inner.operands) != 2 or not _is_own(inner, count, program):
        return None
    first, second = (_inside(each, use) for each in inner.operands)
    if second.value.op != Map("neg"):
        return None
    second = _inside(second.value.operands[0], second)
    shared = set(first.axes) & set(second.axes)
    fits = all(len(each.axes) == len(each.indices) == 2 for each in (first, second))
    return (first, second) if fits and len(shared) == 1 and not shared & set(value.axes) else None


def _is_own(value: Value, count: Counter[Value], program: Program) -> bool:
    """Whether nothing else uses a value, and the sheet has no name for it."""
    return count[value] == 1 and value not in program.names


def _inside(use: Use, outer: Use) -> Use:
    """An operand of a value, in the letters in which the value is used."""
    return use.renamed(dict(zip(outer.value.axes, outer.indices, strict=True)))


def _distances(build: Builder, value: Value, sides: tuple[Use, Use], new: dict[Value, Use]) -> Use:
    (shared,) = set(sides[0].axes) & set(sides[1].axes)
    rows = tuple(index for each in sides for index in each.axes if index is not shared)
    operands = [new[each.value].renamed(dict(zip(each.value.axes, each.indices, strict=True))) for each in sides]
    op = Apply("squared_distances", tuple((row, shared) for row in rows), rows)
    return build.make(op, operands, rows, value.formula)
