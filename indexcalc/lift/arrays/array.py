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
from indexcalc.terms import (
    ONE,
    ZERO,
    Call,
    Delta,
    Index,
    Indicator,
    Number,
    Power,
    Product,
    Range,
    Sum,
    Term,
    Where,
    factors_of,
    indicator,
    negative,
    size_of,
    terms_of,
)
from indexcalc.walk import substitute, subterms

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

    @property
    def inside(self) -> Term:
        """1 at the places that exist."""
        if self.length is None:
            return ONE
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


# ----- Conditions ------------------------------------------------------------------------------------------------


def compared(relation: str, left: Whole, right: Whole) -> Term:
    """1 where a relation between whole numbers holds."""
    gap = left - right
    if relation in (">", ">="):
        return compared({">": "<", ">=": "<="}[relation], right, left)
    if relation == "!=":
        return Sum(ONE, negative(compared("==", left, right)))
    known = gap.number
    if known is not None:
        return ONE if {"==": known == 0, "<": known < 0, "<=": known <= 0}[relation] else ZERO
    if relation != "==" and (-gap).at_least(1 if relation == "<" else 0):
        return ONE
    if gap.at_least(1 if relation in ("<=", "==") else 0) or (relation == "==" and (-gap).at_least(1)):
        return ZERO
    simple = _between_indices(relation, gap)
    return simple if simple is not None else indicator(relation, left.term(), right.term())


def _between_indices(relation: str, gap: Whole) -> Term | None:
    """A relation between two places of one range, or of one with a number, as the indicator of indices."""
    gap = gap if relation == "==" else gap + Whole.of(1 if relation == "<" else 0)  # a < b is a + 1 <= b
    up = [monomial[0] for monomial, c in gap.terms if len(monomial) == 1 and c == 1]
    down = [monomial[0] for monomial, c in gap.terms if len(monomial) == 1 and c == -1]
    rest = [(monomial, c) for monomial, c in gap.terms if not monomial]
    if len(up) + len(down) + len(rest) != len(gap.terms) or len(up) > 1 or len(down) > 1:
        return None
    first, second = (each[0] if each else None for each in (up, down))
    if isinstance(first, Range) or isinstance(second, Range):
        return None
    shift = rest[0][1] if rest else 0  # first - second + shift == 0, or <= 0
    if first is not None and second is not None:
        return _between_two(relation, first, second, shift)
    index = first or second
    if index is None:
        return None
    place = -shift if first is not None else shift
    if relation == "==":
        return Delta(index, Index(str(place + 1), index.range)) if place >= 0 else ZERO
    return None


def _between_two(relation: str, first: Index, second: Index, shift: int) -> Term | None:
    if first.range != second.range:
        return None
    if relation == "==":
        return Delta(first, second) if shift == 0 else None
    if shift == 0:
        return Indicator("<=", first, second)
    return Indicator("<", first, second) if shift == 1 else None


def chosen(condition: Term, then: Term, otherwise: Term) -> Term:
    """One term where a condition (a term that is 0 or 1) holds, another elsewhere; what both have stays outside."""
    if condition is ONE or then is otherwise:
        return then
    if condition is ZERO:
        return otherwise
    swapped = _negated(condition)
    if swapped is not None:
        return chosen(swapped, otherwise, then)
    if isinstance(condition, Product) and not isinstance(condition.factors[0], Number):
        first, rest = condition.factors[0], Product(*condition.factors[1:])
        if all(map(_is_condition, factors_of(rest))):
            return chosen(first, chosen(rest, then, otherwise), otherwise)
    if not isinstance(condition, Delta | Indicator):
        condition = Indicator("==", condition, ONE)
    return Where(condition, then, otherwise)


def choice(condition: Term, one: Term, other: Term) -> Term:
    """One term where a condition holds, another elsewhere; addends that both have stand outside."""
    first, second = list(terms_of(one)), list(terms_of(other))
    common = []
    for each in list(first):
        if each in second:
            common.append(each)
            first.remove(each)
            second.remove(each)
    if not common:
        return chosen(condition, one, other)
    left, right = Sum(*first) if first else ZERO, Sum(*second) if second else ZERO
    if right is ZERO and isinstance(condition, Delta | Indicator | Product) and total(left):
        return Sum(*common, Product(condition, left))
    return Sum(*common, chosen(condition, left, right))


def total(term: Term) -> bool:
    """Whether a term is finite wherever it is asked for: it divides by nothing and takes no logarithm."""

    def partial(each: Term) -> bool:
        if isinstance(each, Power):
            return not (isinstance(each.exponent, Number) and each.exponent.value >= 0)
        return isinstance(each, Call) and each.function in ("log", "sqrt", "arcsin", "arccos")

    return not any(map(partial, subterms(term)))


def _is_condition(term: Term) -> bool:
    return isinstance(term, Delta | Indicator) or _negated(term) is not None


def _negated(term: Term) -> Term | None:
    """The condition c where the term is 1 - c; none if it is no such difference."""
    if isinstance(term, Sum) and len(term.terms) == 2:
        for one, other in (term.terms, term.terms[::-1]):
            if one is ONE and isinstance(other, Product) and other.factors[0] == Number(-1):
                rest = Product(*other.factors[1:])
                if isinstance(rest, Delta | Indicator):
                    return rest
    return None


def size_term(axis: Axis) -> Term:
    """The length of an axis as a term."""
    if axis.length is None:
        return Product(*(size_of(index.range) for index in axis.factors))
    return axis.length.term()
