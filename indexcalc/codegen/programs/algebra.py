"""Primitives of linear algebra as values of a program."""

from __future__ import annotations

from typing import Protocol

from indexcalc.codegen.programs.program import Apply, Assemble, Axes, Builder, Use
from indexcalc.sheet import Primitive
from indexcalc.terms import Tensor, Term


class Lowers(Protocol):
    """What makes values of terms."""

    build: Builder

    def lower(self, term: Term, order: Axes = ()) -> Use:
        """The value of a term."""


def primitive(scheduler: Lowers, made: Primitive, slots: Axes) -> Use:
    """An inverse or its like, at these indices."""
    uses = []
    for operand, matrix in zip(made.operands, made.matrices, strict=True):
        use = scheduler.lower(operand)
        if not set(matrix) <= set(use.axes):  # the same along an index: the primitive wants all of the matrix
            use = scheduler.build.make(Assemble((operand.slots,), (False,)), [use], operand.slots, operand)
        uses.append(use)
    batch = tuple(axis for axis in made.batch if any(axis in use.axes for use in uses))
    op = Apply(made.kind, made.matrices, made.result)
    use = scheduler.build.make(op, uses, (*batch, *made.result), Tensor(made.name, made.axes))
    return use.renamed(dict(zip(made.axes, slots, strict=True)))
