"""The operation of a primitive of linear algebra."""

from __future__ import annotations

from dataclasses import dataclass

from indexcalc.terms import Index

Axes = tuple[Index, ...]


@dataclass(frozen=True, slots=True)
class Apply:
    """A primitive of linear algebra. The axes of the value are those of a batch, then the result's.

    matrices: for each operand the indices that the primitive works on, in its own letters; result: those that it gives.
    """

    kind: str
    matrices: tuple[Axes, ...]
    result: Axes
