"""Programs as loops over elements: what is stored, what is written in place, and in which loops.

A value that is needed once, and there no more often than it has elements, is written in place; so is one that costs no
more than what it takes to store and load it. The others are stored, each by a nest of loops (`fusion`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from indexcalc.codegen.loops.fusion import Path, Step, Unit, fused, paths, stored_axes, units
from indexcalc.codegen.programs.matrices import is_for_blas, summed
from indexcalc.codegen.programs.program import (
    Apply,
    Assemble,
    At,
    Axes,
    Compare,
    Einsum,
    Gather,
    Item,
    Leaf,
    Map,
    Permutation,
    Places,
    Program,
    Reduce,
    Scan,
    Scatter,
    Use,
    Value,
    compared,
    is_exact,
)
from indexcalc.codegen.writing.pen import is_mask
from indexcalc.terms import Index, Range

CHEAP = Map("add"), Map("mul"), Map("neg")
ELSEWHERE = "~"  # the letter of a place where no loop is
MOST_CHEAP = 2  # additions and multiplications that are done again wherever their value is needed


class Plan:
    """What of a program is stored, along which axes, and in which loops. results: the values that are returned."""

    def __init__(self, program: Program, size: Callable[[Range], int]) -> None:
        self.program = program
        self.results = tuple(_returned(result.use, result.pattern) for result in program.results)
        self.values = [*program.values, *(use.value for use in self.results if use.value not in program.values)]
        self.products = {each for each in self.values if isinstance(each.op, Scan) or is_for_blas(each, size)}
        self.stored: set[Value] = set()
        self._find_stored()
        statements = [
            unit
            for value in self.values
            if value in self.stored and not isinstance(value.op, Item)
            for unit in units(value, lambda use: [*self.reads(use)], value in self.products)
        ]
        self.steps: list[Step] = fused(statements)
        self.paths: dict[Unit, Path] = paths(self.steps)
        self.axes = {value: value.axes for value in self.values if value in self.stored}  # of zeros alone
        self.axes |= stored_axes(self.steps, self._whole())
        self.groups = self._groups()
        self.outside = self._outside()

    # ----- What is stored ------------------------------------------------------------------------------------

    def _find_stored(self) -> None:
        """The values that get memory of their own, users before what they use."""
        uses = Counter(use.value for value in self.values for use in value.operands)
        wanted = {use.value for use in self.results if use.axes}
        wider: set[Value] = set()
        costs = _costs(self.program, self.values)
        for value in reversed(self.values):
            if value.is_free:
                continue
            if self._is_stored(value, uses[value], value in wanted, value in wider, costs.get(value, MOST_CHEAP + 1)):
                self.stored.add(value)
            if is_exact(value):  # what is compared exactly is computed once
                wanted.update(each for each in compared(value) if not each.is_free)
            for use in value.operands:
                if value in self.products and not use.value.is_free:
                    wanted.add(use.value)
                if set(use.axes) != set(value.letters) or isinstance(value.op, Assemble | Scatter):
                    wider.add(use.value)

    def _is_stored(self, value: Value, uses: int, is_wanted: bool, is_wider: bool, cost: int) -> bool:
        if is_mask(value) or isinstance(value.op, At | Compare | Gather | Permutation | Places):
            return is_wanted
        if is_wanted or isinstance(value.op, Apply | Assemble | Item | Reduce | Scan | Scatter) or summed(value):
            return True
        if value in self.program.names:
            return True
        return (uses > 1 or is_wider) and cost > MOST_CHEAP

    def reads(self, use: Use) -> Iterator[Use]:
        """The stored values and arguments that the expression of an operand reads, in the letters of its user."""
        if use.value in self.stored or isinstance(use.value.op, Leaf):
            yield use
            if isinstance(use.value.op, Item):  # which is there once its recurrence is worked out
                yield Use(use.value.operands[0].value, ())
            return
        names = dict(zip(use.value.axes, use.indices, strict=True))
        if isinstance(use.value.op, At | Gather):
            names[use.value.op.axis] = Index(ELSEWHERE, use.value.op.axis.range)
        for inner in use.value.operands:
            yield from self.reads(inner.renamed(names))

    # ----- What is compiled together -------------------------------------------------------------------------

    def _groups(self) -> list[list[Step]]:
        """The steps between matrix products; each of these is a group of its own."""
        groups: list[list[Step]] = []
        is_open = False
        for step in self.steps:
            is_product = isinstance(step, Unit) and step.is_product
            if is_open and not is_product:
                groups[-1].append(step)
            else:
                groups.append([step])
            is_open = not is_product
        return groups

    def _outside(self) -> list[Value]:
        """The arrays that are made outside of what is compiled.

        They are those that leave it, and those of two axes and more that are stored whole.
        """
        where: dict[Value, set[int]] = {}
        for number, group in enumerate(self.groups):
            for unit in paths(group):
                for value in (unit.value, *(use.value for use in unit.reads)):
                    where.setdefault(value, set()).add(number)
        returned = {use.value for use in self.results}
        return [
            value
            for value, axes in self.axes.items()
            if value not in self.products
            and (value in returned or len(where.get(value, ())) != 1 or (len(axes) > 1 and axes == value.axes))
        ]

    def _whole(self) -> set[Value]:
        """The values that are wanted with all of their axes: those that are returned, or read where one is."""
        return {each.value for use in self.results for each in (use, *self.reads(use))}


def _returned(use: Use, pattern: Axes) -> Use:
    """What is returned: a value as it is, or a copy of it in the order of the result's axes."""
    axes = tuple(dict.fromkeys(index for index in pattern if index.place is None and index in use.axes))
    if not axes or (axes == use.indices and not isinstance(use.value.op, Leaf)):
        return use
    return Use(Value(Einsum(), axes, (use,), -1), axes)


def _costs(program: Program, values: list[Value]) -> dict[Value, int]:
    """The additions and multiplications that a value takes where it is written in place, if it takes nothing else."""
    costs: dict[Value, int] = {}
    for value in values:
        if value.is_free or summed(value) or isinstance(value.op, Reduce) or value in program.names:
            costs[value] = 0
        elif isinstance(value.op, Einsum) or value.op in CHEAP:
            parts = [costs.get(use.value, MOST_CHEAP + 1) for use in value.operands]
            costs[value] = sum(parts) + max(len(parts) - 1, 0)
    return costs


def place_of(index: Index, at: Mapping[Index, str]) -> str:
    """The place on one axis: a number, or the variable of a loop."""
    return str(index.place - 1) if index.place is not None else at[index]
