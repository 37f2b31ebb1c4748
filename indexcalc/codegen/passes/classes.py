"""Which letters of a program are one index: the classes that can be postponed.

Each value has its own letters. The letter that a user gives an axis of a value and the letter of that axis are one
index if both values are sums of products; whatever else is done to an array ends the class, and so does an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indexcalc.codegen.passes.cost import SizeOfRange, value_cost
from indexcalc.codegen.programs.program import Einsum, Map, Program, Value
from indexcalc.terms import Index

LINEAR = frozenset({"add", "div", "mul", "neg"})
Letter = tuple[Value, Index]


@dataclass(frozen=True, slots=True)
class Class:
    """One index of a program: for each value that has it the letters by which it does. weight: what these cost."""

    letters: Mapping[Value, tuple[Index, ...]]
    weight: float

    def lead(self, value: Value) -> Index | None:
        """The letter of a value, if it has exactly one."""
        found = self.letters.get(value, ())
        return found[0] if len(found) == 1 else None


def is_linear(value: Value) -> bool:
    """Whether a value is a sum of products of its operands."""
    return isinstance(value.op, Einsum) or (isinstance(value.op, Map) and value.op.function in LINEAR)


def classes(program: Program, size: SizeOfRange) -> list[Class]:
    """The classes of the letters of a program, those that cost most first."""
    values = [value for value in program.values if is_linear(value)]
    joined: dict[Letter, Letter] = {}
    for value in values:
        for use in value.operands:
            if is_linear(use.value):
                for axis, index in zip(use.value.axes, use.indices, strict=True):
                    if index.place is None:
                        _join(joined, (value, index), (use.value, axis))
    found: dict[Letter, dict[Value, list[Index]]] = {}
    for value in values:
        for index in value.letters:
            found.setdefault(_root(joined, (value, index)), {}).setdefault(value, []).append(index)
    costs = {value: value_cost(value, size) for value in values}
    made = [
        Class({value: tuple(letters) for value, letters in each.items()}, sum(costs[value] for value in each))
        for each in found.values()
    ]
    return sorted(made, key=lambda each: -each.weight)


def _root(joined: dict[Letter, Letter], letter: Letter) -> Letter:
    """What stands for all letters of a class."""
    root = letter
    while root in joined:
        root = joined[root]
    while letter in joined:
        joined[letter], letter = root, joined[letter]
    joined.pop(root, None)
    return root


def _join(joined: dict[Letter, Letter], first: Letter, second: Letter) -> None:
    one, other = _root(joined, first), _root(joined, second)
    if one != other:
        joined[one] = other
