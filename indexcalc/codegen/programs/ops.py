"""The operations of a program: what makes an array of others."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from indexcalc.affine import Form
from indexcalc.codegen.programs.apply import Apply as Apply
from indexcalc.terms import Index, Range

if TYPE_CHECKING:
    from indexcalc.codegen.programs.program import Program

Axes = tuple[Index, ...]

@dataclass(frozen=True, slots=True)
class Leaf:
    """An argument of the program; `ranges` are those of its slots."""

    name: str
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """A number."""

    value: Fraction | float


@dataclass(frozen=True, slots=True)
class SizeOf:
    """The number of values of a range."""

    range: Range


@dataclass(frozen=True, slots=True)
class Einsum:
    """The product of the operands, summed over the indices that are not axes of the value."""


@dataclass(frozen=True, slots=True)
class Map:
    """A scalar function, element by element; operands are repeated along the axes that they lack."""

    function: str


@dataclass(frozen=True, slots=True)
class Reduce:
    """A product, maximum or minimum (prod, max, min) of one operand over the indices that are not axes."""

    kind: str


@dataclass(frozen=True, slots=True)
class Compare:
    """A relation between two indices: 1 where it holds and 0 elsewhere."""

    relation: str
    left: Index
    right: Index


@dataclass(frozen=True, slots=True)
class Places:
    """The places of an index, counted from 1, as numbers."""

    index: Index


@dataclass(frozen=True, slots=True)
class Fits:
    """1 where an affine form of places holds a relation with 0 (== or >=), perhaps modulo a period; 0 elsewhere."""

    relation: str
    form: Form
    period: Form


@dataclass(frozen=True, slots=True)
class At:
    """The elements of the operand at affine places of one axis, 0 where there is none.

    axis: the index of the operand; form: what stands in its place; period: what it counts modulo (0 for nothing).
    step: the place is the form over it, and there is none where it does not divide the form.
    """

    axis: Index
    form: Form
    period: Form
    step: int = 1


@dataclass(frozen=True, slots=True)
class Gather:
    """The elements of the first operand at the places that the second one says (counted from 0) of one axis.

    axis: the index of the first operand that goes. What both operands have is taken side by side.
    """

    axis: Index


@dataclass(frozen=True, slots=True)
class Scatter:
    """What is at the places that operands say, zero elsewhere: the first operand, added up where several fall on one.

    places: the axes of the value along which the places are looked up; for each of them there is an operand, the second
    and those behind it. has_base: whether the operands begin with an array that is added. What is no axis is summed.
    """

    places: Axes
    has_base: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """1 where a place is the one that the operand says, counted from 0; 0 elsewhere."""

    place: Index


@dataclass(frozen=True, slots=True)
class Permutation:
    """The permutation symbol at these indices."""

    slots: Axes


@dataclass(frozen=True, slots=True)
class Assemble:
    """Zeros, into which each operand is written where the axes agree with its pattern.

    patterns: for each operand, which index stands on each axis; a repeated one is a diagonal. replaces: for each
    operand whether it takes the place of what is there instead of being added to it.
    """

    patterns: tuple[Axes, ...]
    replaces: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Normal:
    """A stable form over some indices of the operand: softmax, log_softmax (which keep them) or logsumexp."""

    kind: str
    over: Axes


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """A recurrence: arrays that a loop fills, step by step, from the operands.

    parts: for each array its name, its axes, the loop of each axis (none for one that is done at once), and the program
    of one step; its leaves are the operands, under `given`, and the arrays. loops: the counter, the range and the
    direction of each, the outermost first.
    """

    parts: tuple[tuple[str, Axes, tuple[int | None, ...], Program], ...]
    loops: tuple[tuple[Range, Range, int], ...]
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One of the arrays of a recurrence."""

    name: str


Op = (
    Leaf | Literal | SizeOf | Einsum | Map | Reduce | Compare | Places | Fits | At | Permutation | Assemble | Normal
    | Apply | Scan | Item | Gather | Scatter | Chosen
)
