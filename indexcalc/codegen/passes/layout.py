"""The order of axes in memory: an index that is reduced comes first where it is short.

    s[p] = max[q](z[p,q])      with few q: z is kept as z[q,p]

A reduction over a short last axis takes one short loop for each row; over the first axis it is a few operations on long
rows. The axes of arrays that are made of each other element by element are the same axes and go together; those of
results stay in their order, and so do those of arguments, of arrays that are assembled by patterns, and of recurrences.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from indexcalc.codegen.programs.order import rebuilt
from indexcalc.codegen.programs.planning import SizeOfRange
from indexcalc.codegen.programs.program import (
    Assemble,
    Axes,
    Builder,
    Einsum,
    Item,
    Map,
    Normal,
    Program,
    Reduce,
    Use,
    Value,
)

SHORT = 32  # the longest axis that goes first; measured: from about 64 on there is nothing to gain
Axis = tuple[Value, int]  # an axis of a value, by its place


def reduces(value: Value) -> bool:
    """Whether a value may ask for another order of axes."""
    return isinstance(value.op, Normal | Reduce)


def with_short_axes_first(program: Program, size: SizeOfRange) -> Program:
    """The program with arrays laid out for their reductions, for these sizes."""
    same = _Classes(program)
    kept = [*(result.use.value for result in program.results), *filter(_is_filled, program.values)]
    fixed = {same.of(value, place) for value in kept for place in range(len(value.axes))}
    wanted = {each for value in program.values if reduces(value) for each in _short(value, same, size)}
    if not wanted - fixed:
        return program

    def order(value: Value) -> Axes:
        classes = [same.of(value, place) for place in range(len(value.axes))]
        if value.is_free or len(set(classes)) < len(classes) or not fixed.isdisjoint(classes):
            return value.axes
        places = sorted(range(len(classes)), key=lambda place: classes[place] not in wanted)
        return tuple(value.axes[place] for place in places)

    def make(build: Builder, value: Value, operands: Sequence[Use]) -> Use:
        return build.make(value.op, operands, order(value), value.formula)

    return rebuilt(program, make)


def _short(value: Value, same: _Classes, size: SizeOfRange) -> set[Axis]:
    """The axes that a reduction wants to have first."""
    (use,) = value.operands
    over = value.op.over if isinstance(value.op, Normal) else [axis for axis in use.axes if axis not in value.axes]
    length = prod(size(axis.range) for axis in over)
    rest = prod(size(axis.range) for axis in use.axes if axis not in over)
    holder, indices = (use.value, use.indices) if set(over) - set(value.axes) else (value, value.axes)
    if length > SHORT or length >= rest:
        return set()
    return {same.of(holder, place) for place, index in enumerate(indices) if index in over}


class _Classes:
    """Which axes are the same: those at which arrays meet element by element, if neither lacks one."""

    def __init__(self, program: Program) -> None:
        self.parent: dict[Axis, Axis] = {}
        for value in program.values:
            if isinstance(value.op, Map | Normal) or (isinstance(value.op, Einsum) and _is_product(value)):
                for use in value.operands:
                    if not use.value.is_free and len(use.indices) == len(use.axes) and set(use.axes) == set(value.axes):
                        self._join(value, use)

    def of(self, value: Value, place: int) -> Axis:
        """The axis that stands for all that are the same."""
        axis = value, place
        while axis in self.parent:
            axis = self.parent[axis]
        return axis

    def _join(self, value: Value, use: Use) -> None:
        for place, index in enumerate(use.indices):
            one, other = self.of(use.value, place), self.of(value, value.axes.index(index))
            if one != other:
                self.parent[other] = one


def _is_filled(value: Value) -> bool:
    """Whether an array is written to part by part, by patterns or by the loop of a recurrence."""
    return isinstance(value.op, Assemble | Item)


def _is_product(value: Value) -> bool:
    return set(value.letters) == set(value.axes)
