"""Recurrences of jax as `lax.scan`: what the next steps read is carried, and each step's arrays are stacked.

A recurrence over one letter that reads a fixed number of steps back carries these steps alone, so that no step writes
into a whole array, which XLA may copy each time. Places before the first step are zeros, as everywhere.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from indexcalc.affine import constant
from indexcalc.codegen.programs.program import At, Leaf, Program, Scan, Use, Value
from indexcalc.codegen.writing import loops
from indexcalc.codegen.writing.pen import Pen, Text

DEEPEST = 8  # steps back that are carried; beyond that, whole arrays are


def depths(value: Value) -> dict[str, int] | None:
    """How many steps back each array of a recurrence is read; none where that is no fixed number, or many."""
    assert isinstance(value.op, Scan)
    if len(value.op.loops) > 1:
        return None
    found = {name: 0 for name, _, _, _ in value.op.parts}
    for _, _, _, program in value.op.parts:
        for reader, use in _reads(program, found):
            steps = None if reader is None else _steps(value.op, reader, use)
            if steps is None or steps > DEEPEST:
                return None
            assert isinstance(use.value.op, Leaf)
            found[use.value.op.name] = max(found[use.value.op.name], steps)
    return found


def _reads(program: Program, names: Container[str]) -> Iterator[tuple[Value | None, Use]]:
    """Each use of an array of the recurrence in a step, with the value that has it as an operand."""
    pairs = [(value, use) for value in program.values for use in value.operands]
    for reader, use in (*pairs, *((None, result.use) for result in program.results)):
        if isinstance(use.value.op, Leaf) and use.value.op.name in names:
            yield reader, use


def _steps(op: Scan, reader: Value, use: Use) -> int | None:
    """How many steps back an array is read; none if the read is no element at such a place."""
    assert isinstance(use.value.op, Leaf)
    ((counter, _, direction),) = op.loops
    looped = next(loops_of.index(0) for name, _, loops_of, _ in op.parts if name == use.value.op.name)
    if not isinstance(reader.op, At) or reader.op.period != constant(0) or reader.op.step > 1:
        return None
    form, axis = reader.op.form, reader.op.axis
    is_there = use.indices[looped] is axis and use.indices.count(axis) == 1
    if form.letters or form.sizes != ((counter, 1),) or not is_there:
        return None
    return direction * (1 - form.constant)  # the counter counts from 0


def scan(pen: Pen, value: Value, carried: dict[str, int]) -> None:
    """The statements of a recurrence that carries these numbers of steps of its arrays."""
    assert isinstance(value.op, Scan)
    names = pen.arrays[value] = {part: pen.fresh.take(part) for part in carried}
    ((counter, over, direction),) = value.op.loops
    place, function = pen.fresh.numbered("n"), pen.fresh.take("step")
    steps = {part: [pen.fresh.take(f"{part}_{back}") for back in range(carried[part] + 1)] for part in carried}
    shapes, lines = {}, []
    for part, axes, looped, program in value.op.parts:
        shapes[part] = tuple(axis for axis, loop in zip(axes, looped, strict=True) if loop is None)
        elements = _elements(pen, value.op, program, steps)
        inner, result = loops.step(pen, value, names, {counter: place}, program, elements)
        lines += [*inner, f"{steps[part][0]} = np.full({pen.shape(shapes[part])}, {result}, {pen.dtype})"]
    held, kept = ([name for each in steps.values() for name in each[part]] for part in (slice(1, None), slice(-1)))
    pen.lines += [f"def {function}(carry, {place}):", f"    {_tuple(held)} = carry", *(f"    {line}" for line in lines)]
    pen.lines += [f"    return {_tuple(kept)}, {_tuple([each[0] for each in steps.values()])}", ""]
    zeros = _tuple([pen.empty(shapes[part]) for part in carried for _ in range(carried[part])])
    way = ", reverse=True" if direction < 0 else ""
    every = f"np.arange({pen.size(over)})"
    pen.lines.append(f"_, {_tuple(list(names.values()))} = jax.lax.scan({function}, {zeros}, {every}{way})")
    for part, _, looped, _ in value.op.parts:
        if looped.index(0):
            pen.lines.append(f"{names[part]} = np.moveaxis({names[part]}, 0, {looped.index(0)})")


def _elements(pen: Pen, op: Scan, program: Program, steps: dict[str, list[str]]) -> dict[Value, str]:
    """What is carried, for the values of a step that read it."""
    found = {}
    for reader, use in _reads(program, steps):
        assert reader is not None and isinstance(reader.op, At) and isinstance(use.value.op, Leaf)
        back = _steps(op, reader, use)
        assert back is not None
        rest = tuple(index for index in use.indices if index is not reader.op.axis)
        found[reader] = pen.view(Text(steps[use.value.op.name][back]), rest, reader.axes).text
    return found


def _tuple(words: list[str]) -> str:
    return f"({words[0]},)" if len(words) == 1 else f"({', '.join(words)})"
