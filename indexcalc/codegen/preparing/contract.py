"""Sums of products of arrays that may have structure: what deltas say is used, not multiplied in.

Each operand is an array, a pattern and one label for each axis, as in an einsum. Axes with one label agree, and so do
those that a pattern links; what results from it is again a reduced array and its pattern. Nothing dense is made.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexcalc.errors import IndexcalcError

Array = np.ndarray[Any, np.dtype[Any]]
Token = tuple[object, str]


@dataclass(frozen=True, slots=True)
class Operand:
    """A reduced array with the names of its axes; the pattern, the sizes and the labels of all axes."""

    reduced: Array
    core: tuple[str, ...]
    pattern: tuple[str, ...]
    shape: tuple[int, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contracted:
    """A reduced array with the names of its axes; the pattern and the sizes of all axes."""

    reduced: Array
    core: tuple[str, ...]
    pattern: tuple[str, ...]
    shape: tuple[int, ...]


def contract(operands: Sequence[Operand], output: Sequence[str]) -> Contracted:
    """The product of the operands, summed over the labels that are not in the output."""
    groups = _Groups(operands)
    pattern = tuple(groups.name(("label", label)) for label in output)
    shape = tuple(groups.size["label", label] for label in output)
    kept = tuple(dict.fromkeys(name for name in pattern if not name.isdigit()))
    arrays, factor = _elements(operands, groups, kept)
    present = {name for _, names in arrays for name in names}
    core = tuple(name for name in kept if name in present)
    if groups.is_zero:
        return Contracted(np.zeros((), np.result_type(*(array for array, _ in arrays))), (), pattern, shape)
    numbers = {name: number for number, name in enumerate(dict.fromkeys([*core, *sorted(present)]))}
    terms = [part for array, names in arrays for part in (array, [numbers[name] for name in names])]
    result = np.einsum(*terms, [numbers[name] for name in core], optimize=len(arrays) > 1)
    return Contracted(np.asarray(result if factor == 1 else result * factor), core, pattern, shape)


def _elements(
    operands: Iterable[Operand], groups: _Groups, kept: tuple[str, ...]
) -> tuple[list[tuple[Array, tuple[str, ...]]], int]:
    """The arrays with their places taken and their axes named, and how often a sum counts what does not change."""
    found = []
    for number, operand in enumerate(operands):
        names = tuple(groups.name((number, name)) for name in operand.core)
        keys = tuple(int(name) - 1 if name.isdigit() else slice(None) for name in names)
        array = operand.reduced if groups.is_zero else operand.reduced[keys]
        found.append((array, tuple(name for name in names if not name.isdigit())))
    varying = {*kept, *(name for _, names in found for name in names)}
    return found, math.prod(size for name, size in groups.sizes_of_names().items() if name not in varying)


class _Groups:
    """Which axes agree. A token is a label, a name of an operand's pattern, or a place."""

    def __init__(self, operands: Sequence[Operand]) -> None:
        self._next: dict[Token, Token] = {}
        self.size: dict[Token, int] = {}
        self.is_zero = False
        links: list[tuple[Token, Token, int]] = [
            (("label", label), ("place", name) if name.isdigit() else (number, name), size)
            for number, operand in enumerate(operands)
            for label, name, size in zip(operand.labels, operand.pattern, operand.shape, strict=True)
        ]
        for label, token, _ in links:
            self._join(label, token)
        for label, _, size in links:
            for token in dict.fromkeys((label, self.root(label))):
                if token[0] != "place" and self.size.setdefault(token, size) != size:
                    raise IndexcalcError(
                        f"axes of {self.size[token]} and of {size} elements cannot be paired",
                        "Give an array whose shape fits",
                    )
        self._names = {root: f"n{number}" for number, root in enumerate(dict.fromkeys(map(self.root, self.size)))}

    def sizes_of_names(self) -> dict[str, int]:
        """The size of each name that is no place."""
        return {name: self.size[root] for root, name in self._names.items() if root[0] != "place"}

    def root(self, token: Token) -> Token:
        """What stands for all tokens that agree with this one; a place if there is one."""
        while token in self._next:
            token = self._next[token]
        return token

    def name(self, token: Token) -> str:
        """The name of the axes that agree with a token, or their place."""
        root = self.root(token)
        return root[1] if root[0] == "place" else self._names[root]

    def _join(self, first: Token, second: Token) -> None:
        first, second = self.root(first), self.root(second)
        if first == second:
            return
        if first[0] == second[0] == "place":
            self.is_zero = True
        elif first[0] == "place":
            self._next[second] = first
        else:
            self._next[first] = second
