"""Recurrences as loops over arrays: the statements of a step stand in the loop, and fill an element of each array."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from indexcalc.codegen.programs.program import At, Fits, Item, Program, Scan, Value
from indexcalc.codegen.writing import places
from indexcalc.codegen.writing.pen import Pen, Table, Text
from indexcalc.terms import Range


def scan(pen: Pen, value: Value, name: str) -> Text:
    """The loops of a recurrence; its arrays get the names that the sheet gives them."""
    assert isinstance(value.op, Scan)
    names = begun(pen, value)
    lines, counters = heads(pen, value)
    for part, _, loops, program in value.op.parts:
        inner, result = step(pen, value, names, counters, program)
        place = ", ".join(":" if loop is None else counters[value.op.loops[loop][0]] for loop in loops)
        lines += [f"{'    ' * len(counters)}{line}" for line in (*inner, f"{names[part]}[{place}] = {result}")]
    pen.lines += lines
    return Text(name)  # no statement: the arrays have names of their own


def item(pen: Pen, value: Value, name: str) -> Text:
    """One array of a recurrence."""
    assert isinstance(value.op, Item)
    (use,) = value.operands
    return Text(pen.arrays[use.value][value.op.name])


def begun(pen: Pen, value: Value) -> dict[str, str]:
    """The names of the arrays of a recurrence, which are made."""
    assert isinstance(value.op, Scan)
    names: dict[str, str] = {}
    for part, axes, _, _ in value.op.parts:
        names[part] = pen.fresh.take(part)
        pen.lines.append(f"{names[part]} = {pen.empty(axes)}")
    pen.arrays[value] = names
    return names


def heads(pen: Pen, value: Value) -> tuple[list[str], dict[Range, str]]:
    """The heads of the loops of a recurrence, and the names of their counters."""
    assert isinstance(value.op, Scan)
    lines: list[str] = []
    counters: dict[Range, str] = {}
    for counter, over, direction in value.op.loops:
        variable = counters[counter] = pen.fresh.numbered("n")
        size = pen.size(over)
        steps = f"range({size})" if direction > 0 else f"range({size} - 1, -1, -1)"
        lines.append(f"{'    ' * (len(counters) - 1)}for {variable} in {steps}:")
    return lines, counters


def step(
    pen: Pen,
    value: Value,
    names: dict[str, str],
    counters: dict[Range, str],
    program: Program,
    known: Mapping[Value, str] = MappingProxyType({}),
) -> tuple[list[str], str]:
    """The statements of one step, and its result. known: values that have a name already."""
    assert isinstance(value.op, Scan)
    given = dict(names)
    for each, use in zip(value.op.given, value.operands, strict=True):
        given[each] = pen.named(use, use.indices)
    inner = type(pen)(
        program, pen.table, pen.fresh, given, sizes(pen, counters), lambda value, name: "", pen.dtype, pen.extent
    )
    inner.names |= known
    return inner.statements()


def sizes(pen: Pen, counters: dict[Range, str]) -> Callable[[Range], str]:
    """The sizes, and the places of loops in place of the sizes of their counters."""

    def size(range: Range) -> str:
        return counters[range] if range in counters else pen.size(range)

    return size


SHIFTED: Table = {At: places.at, Fits: places.fits, Item: item, Scan: scan}
