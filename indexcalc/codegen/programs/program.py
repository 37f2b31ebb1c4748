"""The intermediate program: array operations, each with the list of its indices.

A `Value` is one array: an operation on other values, with one index for each of its axes. A `Use` is a value with the
indices that a user of it gives its axes: a repeated index is a diagonal, a fixed place an element. The letters inside a
value are its own, so two values that differ only in letters are one; `Builder.make` sees to it. No value is ever the
identity multiplied in: what deltas leave is an `Assemble`, an array of zeros with diagonals written into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, permutations, product
from typing import Any

from indexcalc.affine import Form
from indexcalc.codegen.programs.ops import Apply as Apply
from indexcalc.codegen.programs.ops import Assemble as Assemble
from indexcalc.codegen.programs.ops import At as At
from indexcalc.codegen.programs.ops import Axes as Axes
from indexcalc.codegen.programs.ops import Chosen as Chosen
from indexcalc.codegen.programs.ops import Compare as Compare
from indexcalc.codegen.programs.ops import Einsum as Einsum
from indexcalc.codegen.programs.ops import Fits as Fits
from indexcalc.codegen.programs.ops import Gather as Gather
from indexcalc.codegen.programs.ops import Item as Item
from indexcalc.codegen.programs.ops import Leaf as Leaf
from indexcalc.codegen.programs.ops import Literal as Literal
from indexcalc.codegen.programs.ops import Map as Map
from indexcalc.codegen.programs.ops import Normal as Normal
from indexcalc.codegen.programs.ops import Op as Op
from indexcalc.codegen.programs.ops import Permutation as Permutation
from indexcalc.codegen.programs.ops import Places as Places
from indexcalc.codegen.programs.ops import Reduce as Reduce
from indexcalc.codegen.programs.ops import Scan as Scan
from indexcalc.codegen.programs.ops import Scatter as Scatter
from indexcalc.codegen.programs.ops import SizeOf as SizeOf
from indexcalc.terms import Index, Term

# What a Map does beside the functions of the table.
RELATIONS = ("<", "<=", "==")
OPERATIONS = frozenset({"add", "div", "logaddexp", "mul", "neg", "pow", "sqrt", "where", *RELATIONS})
COMMUTATIVE = frozenset({"add", "mul", "max", "min", "logaddexp"})

# ----- Values ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """An array of the program.

    number: the order in which values were made. formula: a term for what it holds, in the letters of its axes.
    """

    op: Op
    axes: Axes
    operands: tuple[Use, ...] = field(repr=False)
    number: int
    formula: Term | None = field(default=None, repr=False)

    @property
    def is_free(self) -> bool:
        """Whether the value costs nothing: an argument, a number or a size."""
        return isinstance(self.op, Leaf | Literal | SizeOf)

    @property
    def letters(self) -> Axes:
        """All indices inside the value, each once, the axes first."""
        return tuple(dict.fromkeys([*self.axes, *_letters(self.op, self.operands)]))


@dataclass(frozen=True, slots=True)
class Use:
    """A value, with the index that stands on each of its axes; one may stand twice or be a fixed place."""

    value: Value
    indices: Axes

    @property
    def axes(self) -> Axes:
        """The different indices, fixed places left out."""
        return tuple(dict.fromkeys(index for index in self.indices if index.place is None))

    def renamed(self, names: Mapping[Index, Index]) -> Use:
        """The same value at other indices."""
        return Use(self.value, tuple(names.get(index, index) for index in self.indices))


def _letters(op: Op, operands: Sequence[Use]) -> Iterator[Index]:
    """Every index of an operation that is no fixed place, in order, with repetitions."""
    match op:
        case Compare(_, left, right):
            yield from (index for index in (left, right) if index.place is None)
        case Places(index) | Gather(index):
            yield index
        case Chosen(index) if index.place is None:
            yield index
        case Permutation(slots):
            yield from (index for index in slots if index.place is None)
        case Fits(_, form, _):
            yield from form.free
        case At(axis, form, _, _):
            yield axis
            yield from form.free
    for use in operands:
        yield from (index for index in use.indices if index.place is None)
    if isinstance(op, Assemble):
        for pattern in op.patterns:
            yield from (index for index in pattern if index.place is None)


@dataclass(frozen=True, slots=True)
class Result:
    """What the program returns: the result's axes, the value, and the index of the value on each axis.

    A pattern with a repeated index or a fixed place is a structure: the result is zero elsewhere.
    """

    name: str
    axes: Axes
    pattern: Axes
    use: Use


@dataclass(frozen=True, slots=True)
class Program:
    """Array operations in the order in which they can be done.

    names: what the sheet calls a value that is a definition of it.
    """

    results: tuple[Result, ...]
    names: Mapping[Value, str]
    values: tuple[Value, ...] = field(init=False)

    def __post_init__(self) -> None:
        values = reachable(result.use.value for result in self.results)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "names", {value: self.names[value] for value in values if value in self.names})

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The arguments that it reads."""
        return tuple(value.op for value in self.values if isinstance(value.op, Leaf))

    @property
    def uses(self) -> Iterator[Use]:
        """Every use of a value by another one or as a result."""
        for value in self.values:
            yield from value.operands
        for result in self.results:
            yield result.use


    @property
    def indices(self) -> Iterator[Index]:
        """Every index in it, with repetitions; fixed places too."""
        for use in self.uses:
            yield from use.indices
        for value in self.values:
            match value.op:
                case Assemble(patterns, _):
                    yield from (index for pattern in patterns for index in pattern)
                case Compare(_, left, right):
                    yield from (left, right)
                case Places(index) | Gather(index) | Chosen(index):
                    yield index
                case Permutation(slots):
                    yield from slots
                case Fits(_, form, _):
                    yield from form.free
                case At(axis, form, _, _):
                    yield axis
                    yield from form.free
        for result in self.results:
            yield from result.pattern


def reachable(roots: Iterable[Value]) -> tuple[Value, ...]:
    """The values that the roots need, each after those that it is made of."""
    done: dict[Value, None] = {}
    pending = list(roots)[::-1]
    while pending:
        value = pending[-1]
        missing = [use.value for use in value.operands if use.value not in done]
        if value in done or not missing:
            done[pending.pop()] = None
        else:
            pending += missing[::-1]
    return tuple(done)


def is_exact(value: Value) -> bool:
    """Whether a value compares the very same numbers: arguments, 0, elements with the extreme that was taken of them.

    Others may have been computed in different orders.
    """
    if value.op != Map("=="):
        return False
    one, other = (use.value for use in value.operands)
    if (one.is_free and other.is_free) or Literal(Fraction(0)) in (one.op, other.op):
        return True
    return any(
        isinstance(extreme.op, Reduce) and _is_made_of(element, extreme.operands[0].value, extreme.op.kind)
        for element, extreme in ((one, other), (other, one))
    )


def _is_made_of(element: Value, whole: Value, kind: str) -> bool:
    """Whether a value is another one, or the largest (smallest) of elements of it."""
    parts = (use.value for use in element.operands)
    return element is whole or (element.op == Map(kind) and all(_is_made_of(each, whole, kind) for each in parts))


def compared(value: Value) -> Iterator[Value]:
    """What a value compares: both sides, and what an extreme among them was taken of."""
    for use in value.operands:
        yield use.value
        if isinstance(use.value.op, Reduce):
            yield use.value.operands[0].value


# ----- Building --------------------------------------------------------------------------------------------------

MOST_ORDERS = 24  # orders of equal operands that are tried for the least key; beyond it values may go unshared


class Builder:
    """Makes values, each once up to the names of indices and the order of what commutes."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], tuple[Value, tuple[int, ...]]] = {}
        self._count = 0

    def make(self, op: Op, operands: Sequence[Use], axes: Axes, formula: Term | None = None) -> Use:
        """The value of an operation, used at these indices; an equal one made before is used again."""
        order, numbers = self._numbering(op, operands, axes)
        key = _key(op, order, axes, numbers)
        known = self._known.get(key)
        if known is None:
            value = Value(op, axes, tuple(operands), self._count, formula)
            self._count += 1
            self._known[key] = value, tuple(numbers[index] for index in axes)
            return Use(value, axes)
        letters = {number: index for index, number in numbers.items()}
        return Use(known[0], tuple(letters[number] for number in known[1]))

    def _numbering(self, op: Op, operands: Sequence[Use], axes: Axes) -> tuple[tuple[Use, ...], dict[Index, int]]:
        """The operands in the order of the key, and a number for each index."""
        candidates = _orders(operands) if _commutes(op) else iter([tuple(operands)])
        best: tuple[Any, tuple[Use, ...], dict[Index, int]] | None = None
        for order in islice(candidates, MOST_ORDERS):
            numbers: dict[Index, int] = {}
            for index in (*_letters(op, order), *axes):
                numbers.setdefault(index, len(numbers))
            key = _key(op, order, axes, numbers)[1:]
            if best is None or key < best[0]:
                best = key, order, numbers
        assert best is not None
        return best[1:]


def _commutes(op: Op) -> bool:
    return isinstance(op, Einsum) or (isinstance(op, Map) and op.function in COMMUTATIVE)


def _orders(operands: Sequence[Use]) -> Iterator[tuple[Use, ...]]:
    """The operands sorted by value; those of one value in every order."""
    groups: dict[int, list[Use]] = {}
    for use in operands:
        groups.setdefault(use.value.number, []).append(use)
    choices = (permutations(groups[number]) for number in sorted(groups))
    for choice in product(*(islice(each, MOST_ORDERS) for each in choices)):
        yield tuple(use for group in choice for use in group)


def _form_key(form: Form, numbers: Mapping[Index, int]) -> tuple[Any, ...]:
    letters = tuple(sorted((numbers[index], times) for index, times in form.letters))
    return letters, tuple((range.label, times) for range, times in form.sizes), form.constant


def _key(op: Op, operands: Sequence[Use], axes: Axes, numbers: Mapping[Index, int]) -> tuple[Any, ...]:
    """What tells values apart: all of the operation but the names of its indices and the order of its axes."""

    def numbered(indices: Iterable[Index]) -> tuple[Any, ...]:
        return tuple((0, numbers[index]) if index.place is None else (1, index.place) for index in indices)

    match op:
        case Compare(relation, left, right):
            head: tuple[Any, ...] = (Compare, relation, numbered((left, right)))
        case Places(index):
            head = (Places, numbered((index,)))
        case Gather(index) | Chosen(index):
            head = (type(op), numbered((index,)))
        case Scatter(places, has_base):
            head = (Scatter, has_base, numbered(places))
        case Permutation(slots):
            head = (Permutation, numbered(slots))
        case Fits(relation, form, period):
            head = (Fits, relation, *_form_key(form, numbers), period.key)
        case Scan():
            head = (Scan, id(op))
        case At(axis, form, period, step):
            head = (At, numbered((axis,)), *_form_key(form, numbers), period.key, step)
        case Assemble(patterns, replaces):
            head = (Assemble, replaces, len(axes), *map(numbered, patterns), numbered(axes))
        case Normal(kind, over):
            head = (Normal, kind, tuple(sorted(numbered(over))))
        case Apply(kind, matrices, result):
            head = (Apply, kind, *map(numbered, matrices), numbered(result))
        case _:
            head = (op,)
    return (
        head,
        tuple((use.value.number, numbered(use.indices)) for use in operands),
        tuple(sorted(numbered(axes))),
        tuple((index.range.label, index.range.named) for index in numbers),
    )
