"""A symbolic array: a term whose free indices are its axes, from left to right.

An axis has one index; none where its length is 1; several where axes were merged (row-major). It may also be a part of
a range: the places below `length`. Indices are numbered from the right, by position, so that arrays of one shape share
them and what is built alike is one term.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from indexcalc.lift.arrays.whole import UNIT, Whole
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.notation.shifts.counts import made_range
from indexcalc.terms import (
    ONE,
    Index,
    Number,
    Product,
    Range,
    Term,
    size_of,
)
from indexcalc.walk import substitute

LETTER = "i"
KINDS = ("bool", "int", "float")


@dataclass(frozen=True)
class Axis:
    """An axis of an array: its indices, row-major, and its length where it is a part of the range of the only one."""

    factors: tuple[Index, ...] = ()
    length: Whole | None = None

    @property
    def size(self) -> Whole:
        """How long it is."""
        if self.length is not None:
            return self.length
        total = UNIT
        for index in self.factors:
            total = total * Whole.atom(index.range)
        return total

    @property
    def ranges(self) -> tuple[Range, ...]:
        """The ranges of its indices."""
        return tuple(index.range for index in self.factors)

    def renamed(self, renaming: Mapping[Index, Index]) -> Axis:
        """With other indices."""
        length = None if self.length is None else self.length.renamed(renaming)
        return Axis(tuple(renaming.get(index, index) for index in self.factors), length)

    def renamed_letters(self, letter: str) -> Axis:
        """With another letter for its indices."""
        return self.renamed({index: Index(letter, index.range, index.serial) for index in self.factors})

    @property
    def inside(self) -> Term:
        """1 at the places that exist."""
        if self.length is None:
            return ONE
        from indexcalc.lift.arrays.conditions import compared

        return compared("<", Whole.atom(self.factors[0]), self.length)

    def __str__(self) -> str:
        return written(self.size)


@dataclass(frozen=True)
class Array:
    """A term along axes.

    kind: "bool", "int" or "float". whole: the value, where it is a polynomial of sizes and places. hidden: 1 where the
    value is minus infinity instead of the term. choice: for integers that are known by a one-hot tensor only, an index
    and the term that is 1 where the value is its place. library: what made it: "numpy", "torch", "jax" or "".
    mask: 1 where an element was picked, of elements that a mask picks; the axes are those that it was picked from.
    """

    axes: tuple[Axis, ...]
    term: Term
    kind: str = "float"
    whole: Whole | None = None
    hidden: Term | None = None
    choice: tuple[Index, Term] | None = None
    library: str = ""
    mask: Term | None = None

    @property
    def rank(self) -> int:
        """The number of axes. Raises for elements that a mask picks: they are one axis of an unknown length."""
        if self.mask is not None:
            raise UnreadableError("how many elements a mask picks is not known")
        return len(self.axes)

    @property
    def shape(self) -> tuple[Whole, ...]:
        """The lengths of its axes. Raises for elements that a mask picks."""
        return tuple(axis.size for axis in self.axes[: self.rank])

    @property
    def indices(self) -> tuple[Index, ...]:
        """The indices of all axes, from left to right."""
        return tuple(index for axis in self.axes for index in axis.factors)

    def renamed(self, renaming: Mapping[Index, Index]) -> Array:
        """With other indices for its axes."""
        if not any(old is not new for old, new in renaming.items()):
            return self
        choice = self.choice
        return replace(
            self,
            axes=tuple(axis.renamed(renaming) for axis in self.axes),
            term=substitute(self.term, renaming),
            whole=None if self.whole is None else self.whole.renamed(renaming),
            hidden=None if self.hidden is None else substitute(self.hidden, renaming),
            choice=None if choice is None else (choice[0], substitute(choice[1], renaming)),
            mask=None if self.mask is None else substitute(self.mask, renaming),
        )

    def numbered(self) -> Array:
        """With the indices numbered as in every array of its shape."""
        return self.renamed(dict(zip(self.indices, numbers(self.axes), strict=True)))

    def plain(self) -> Array:
        """The values alone, without what is known of whole numbers."""
        return replace(self, whole=None, choice=None)


def numbers(axes: tuple[Axis, ...]) -> tuple[Index, ...]:
    """The indices that axes of these ranges have by their positions."""
    found = []
    for position, axis in enumerate(reversed(axes)):
        found.append([Index(LETTER, each.range, 10 * position + n + 1) for n, each in enumerate(axis.factors)])
    return tuple(index for row in reversed(found) for index in row)


def array(axes: Iterable[Axis], term: Term, kind: str = "float", library: str = "", **more: object) -> Array:
    """An array with its indices numbered."""
    return Array(tuple(axes), term, kind, library=library, **more).numbered()  # type: ignore[arg-type]


def number(value: int | float | Fraction, kind: str = "") -> Array:
    """A number."""
    term = Number(value)
    exact = isinstance(term.value, Fraction) and term.value.denominator == 1
    kind = kind or ("int" if isinstance(value, int) else "float")
    return Array((), term, kind, Whole.of(int(term.value)) if exact and kind != "float" else None)


def whole_number(value: Whole) -> Array:
    """A number that is reckoned from sizes and places."""
    return Array((), value.term(), "int", value)


def axis_of(size: Whole, number: int = 1) -> Axis:
    """An axis of a length: a range of that size, or a part of one."""
    if size == UNIT:
        return Axis()
    constant = size.number
    if constant is not None:
        if constant < 1:
            raise RaisesError(f"an axis of length {constant} is empty")
        return Axis((Index(LETTER, range_of(constant), number),))
    if len(size.terms) == 1 and size.terms[0][1] == 1:
        atoms = size.terms[0][0]
        if all(isinstance(atom, Range) for atom in atoms):
            return Axis(tuple(Index(LETTER, atom, number + n) for n, atom in enumerate(atoms)))  # type: ignore[arg-type]
    form = size.form
    if form is not None and not form.letters and len(size.terms) > 1:
        return Axis((Index(LETTER, made_range([form]), number),))
    return part_of(size, number)


def part_of(size: Whole, number: int) -> Axis:
    """An axis that is a part of a range: the first range in its length that is surely as long."""
    for monomial, _ in size.terms:
        for atom in monomial:
            if isinstance(atom, Range) and (Whole.atom(atom) - size).at_least():
                return Axis((Index(LETTER, atom, number),), size)
    if len(size.terms) == 1 and size.terms[0][1] > 1:  # 4*n: four blocks of n
        monomial, many = size.terms[0]
        atoms = [range_of(many), *(atom for atom in monomial if isinstance(atom, Range))]
        return Axis(tuple(Index(LETTER, atom, number + n) for n, atom in enumerate(atoms)))
    raise UnreadableError(f"an axis of length {written(size)} is no part of a known one")


def range_of(constant: int) -> Range:
    """The range of a size that is a number."""
    return Range(str(constant), True, constant)


def written(size: Whole) -> str:
    """A length, as in n, 3, n*m or n - 1."""
    words = []
    for monomial, coefficient in sorted(size.terms, key=lambda each: -len(each[0])):
        names = [each.label if isinstance(each, Range) else each.name for each in monomial]
        head = [] if abs(coefficient) == 1 and names else [str(abs(coefficient))]
        words.append(("-" if coefficient < 0 else "+", "*".join(head + names)))
    if not words:
        return "0"
    first = ("-" if words[0][0] == "-" else "") + words[0][1]
    return " ".join([first, *(f"{sign} {word}" for sign, word in words[1:])])


def shape_text(shape: Iterable[Whole]) -> str:
    """(n, m)."""
    words = [written(size) for size in shape]
    return f"({words[0]},)" if len(words) == 1 else f"({', '.join(words)})"


def size_term(axis: Axis) -> Term:
    """The length of an axis as a term."""
    if axis.length is None:
        return Product(*(size_of(index.range) for index in axis.factors))
    return axis.length.term()
