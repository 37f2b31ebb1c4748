"""Recurrences for numba: the loops over places with a step in them.

Where no product of a step is left to BLAS, all of it is compiled as one. Else the loops are Python's, and call compiled
parts of the step between its products.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.codegen.loops.kernels import Part
from indexcalc.codegen.programs.program import Item, Program, Scan, Value
from indexcalc.codegen.writing import loops
from indexcalc.terms import Range

if TYPE_CHECKING:
    from indexcalc.codegen.loops.nests import LoopPen


def recurrence(pen: LoopPen, value: Value) -> list[Part]:
    """The parts that fill the arrays of a recurrence."""
    assert isinstance(value.op, Scan)
    pen.lines, pen.done = [], []
    pen.is_whole = True
    names = loops.begun(pen, value)
    given = dict(names)
    for each, use in zip(value.op.given, value.operands, strict=True):
        given[each] = pen.named(use, use.indices)
    pen.is_whole = False
    for item in pen.program.values:
        if isinstance(item.op, Item) and item.operands[0].value is value:
            pen.names[item] = names[item.op.name]
    known = {*pen.given.values(), *pen.names.values()}
    pen.recurrent += [*names.values(), *(each for each in given.values() if each not in known)]
    heads, counters = loops.heads(pen, value)
    steps = [_inner(pen, program, given, counters) for _, _, _, program in value.op.parts]
    is_one = not any(step.plan.products for step in steps)
    lines = list(heads)
    for (part, _, over, _), step in zip(value.op.parts, steps, strict=True):
        inside, result = step.inline() if is_one else step.statements()
        pen.inner += [] if is_one else [step.before]
        place = ", ".join(":" if loop is None else counters[value.op.loops[loop][0]] for loop in over)
        lines += [f"{'    ' * len(counters)}{line}" for line in (*inside, f"{names[part]}[{place}] = {result}")]
    return [Part([*pen.done, *pen.lines], False), Part(lines, is_one)]


def _inner(pen: LoopPen, program: Program, given: dict[str, str], counters: dict[Range, str]) -> LoopPen:
    """The pen of a step."""
    size = loops.sizes(pen, counters)
    inner = type(pen)(program, pen.table, pen.fresh, given, size, lambda value, name: "", pen.dtype, pen.extent)
    inner.begin()
    return inner
