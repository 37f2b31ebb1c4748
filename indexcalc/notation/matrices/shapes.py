"""What a formula in matrix notation is: its shape, the letters that its axes would have, and its elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from indexcalc.notation.syntax.places import Syntax

Group = list[str]  # the letters of one axis: several for an axis of vec or kron, that of the slowest first
Letters = Sequence[Group]
ANY = -1  # the rank of `ones`, which has that of what stands beside it

# How tightly the text of a formula holds together.
SUM, PRODUCT, POWER, ATOM = range(4)


@dataclass(frozen=True)
class Matrix:
    """A formula as it was read.

    tree: where it stands. rank: 0 for a number, 1 for a vector, 2 for a matrix; ANY for ones. base: for each axis the
    letters that the sheet has for what runs along it, empty where nothing says. element: what stands at given letters.
    text: the formula in one spelling, and how tightly it holds together. row: whether a vector lies. direct: a
    tensor, and its slots: a letter, or nothing where an axis is. symmetric: whether it is its own transpose.
    """

    tree: Syntax
    rank: int
    base: tuple[tuple[str, ...], ...]
    element: Callable[[Letters], Syntax]
    text: str
    level: int = ATOM
    row: bool = False
    direct: tuple[str, tuple[str | None, ...]] | None = None
    symmetric: bool = False
    sizeless: bool = field(default=False)

    @property
    def is_number(self) -> bool:
        """Whether it has no axes."""
        return self.rank == 0

    def within(self, level: int) -> str:
        """The text, in brackets unless it holds together at least as tightly."""
        return self.text if self.level >= level else f"({self.text})"

    @property
    def what(self) -> str:
        """A number, a vector, a matrix, for a message."""
        if self.rank == 1:
            return "a row vector" if self.row else "a vector"
        return {0: "a number", 2: "a matrix", ANY: "ones"}.get(self.rank, f"an array of {self.rank} axes")
