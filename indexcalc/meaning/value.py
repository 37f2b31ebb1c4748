"""A value: a term with its open axes."""

from __future__ import annotations

from dataclasses import dataclass

from indexcalc.indices import Index
from indexcalc.terms import Term
from indexcalc.walk import substitute

_MADE = 10


@dataclass(frozen=True)
class Value:
    """A term with its open axes.

    Stands: column, row or either, of a vector. fits: its axes take the sizes beside it.
    """

    term: Term
    axes: tuple[Index, ...] = ()
    stands: str = "column"
    upright: bool = False  # a vector that is known to be a column
    fits: bool = False  # ones, eye: the size is that of what stands beside it
    entries: tuple[tuple[Term, ...], ...] = ()  # of a matrix that is written out
    whole: Term | None = None  # of the diagonal of a matrix: the matrix with nothing else, at the axis and `beside`
    beside: Index | None = None
    groups: tuple[int, ...] = ()  # how many axes make each axis that is seen, where some are made of several
    factors: tuple[Value, ...] = ()  # of a Kronecker product
    outer: bool = False  # all products of two vectors: a matrix, or a column of as many

    @property
    def order(self) -> int:
        """The number of axes; more than any matrix has, where some are made of several."""
        return len(self.axes) + (_MADE if self.groups else 0)

    def at(self, indices: tuple[Index, ...]) -> Term:
        """The term at these indices."""
        return substitute(self.term, dict(zip(self.axes, indices, strict=True)))

    def with_term(self, term: Term) -> Value:
        """Another term with the same axes."""
        return Value(
            term, self.axes, self.stands, self.upright, self.fits, groups=self.groups, outer=self.outer
        )  # by its name: `replace` takes four times as long, and this is asked all the time
