"""Numbers on their way to obey the facts of a sheet, and whether they do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexcalc.errors import IndexcalcError
from indexcalc.notation.writing import text
from indexcalc.sheet import Fact, Sheet
from indexcalc.terms import FLIPPED, Index, Range, Tensor, Term, in_order
from indexcalc.verify.evaluator import RELATIONS, Array, Function, World
from indexcalc.verify.reference import Reference, evaluate


class UnsatisfiedError(IndexcalcError):
    """No numbers were found for which a fact holds."""

    def __init__(self, fact: Fact, sheet: Sheet, why: str = "") -> None:
        self.fact = fact
        left, right = text.write(fact.left, sheet), text.write(fact.right, sheet)
        super().__init__(
            f"no sample obeys the fact {left} {fact.relation} {right}{why}",
            "Give sizes for which it can hold, or leave the fact out",
        )


class NotFiniteError(IndexcalcError):
    """No numbers were found for which the terms are finite."""


@dataclass
class Draw:
    """Numbers on their way to obey the facts: the arrays may be replaced."""

    sheet: Sheet
    sizes: Mapping[Range, int]
    arrays: dict[str, Array]
    functions: Mapping[str, Function]
    random: np.random.Generator
    solved: bool = False  # whether facts were solved for, by steps of Newton's

    @property
    def world(self) -> World:
        """The sheet with the numbers as they are now."""
        return World(self.sheet, self.sizes, self.arrays, self.functions)

    def value(self, term: Term, axes: tuple[Index, ...]) -> Array:
        """The array of a term, with the numbers as they are now."""
        return evaluate(term, self.world, axes)

    def is_leaf(self, term: Term) -> bool:
        """Whether a term is an element of a tensor that may be changed."""
        return isinstance(term, Tensor) and term.name in self.arrays and not self.sheet.is_pi(term.name)

    def places(self, tensor: Tensor) -> tuple[tuple[Any, ...], tuple[Index, ...]]:
        """What to index a tensor's array with so as to get its values along its free indices, in order."""
        axes = tuple(dict.fromkeys(slot for slot in tensor.slots if slot.place is None))
        grids = np.ix_(*(np.arange(self.sizes[axis.range]) for axis in axes))
        grid = dict(zip(axes, grids, strict=True))
        return tuple(slot.place - 1 if slot.place is not None else grid[slot] for slot in tensor.slots), axes


def holds(fact: Fact, world: World) -> bool:
    """Whether a fact holds for the numbers of a world."""
    return _holds(fact, Reference(world))


def _holds(fact: Fact, reference: Reference) -> bool:
    axes = in_order(fact.left.free | fact.right.free)
    left, right = (np.asarray(reference.array(side, axes), dtype=float) for side in (fact.left, fact.right))
    if fact.relation == "=":
        return bool(np.allclose(left, right, rtol=1e-9, atol=1e-11))
    if fact.relation in FLIPPED:
        return bool(RELATIONS[FLIPPED[fact.relation]](right, left).all())
    return bool(RELATIONS[fact.relation](left, right).all())


def broken(draw: Draw, facts: Iterable[Fact]) -> list[Fact]:
    """The facts that do not hold."""
    reference = Reference(draw.world)
    return [fact for fact in facts if not _holds(fact, reference)]
