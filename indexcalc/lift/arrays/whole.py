"""Whole numbers that code reckons with: polynomials in sizes of ranges and in places (from 0) of indices.

They are the lengths of axes, the bounds of loops and slices, and the values of `np.arange`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from indexcalc.affine import Form, form
from indexcalc.terms import (
    ONE,
    Contraction,
    Index,
    Indicator,
    Number,
    Product,
    Range,
    Size,
    Sum,
    Term,
    size_of,
)

Atom = Range | Index
Monomial = tuple[Atom, ...]


def _order(atom: Atom) -> tuple[str, str, int]:
    return (atom.label, "", 0) if isinstance(atom, Range) else (atom.range.label, atom.name, atom.serial)


@dataclass(frozen=True)
class Whole:
    """A polynomial: each monomial (its atoms sorted) with its coefficient, sorted; no coefficient is 0."""

    terms: tuple[tuple[Monomial, int], ...] = ()

    @staticmethod
    def of(number: int) -> Whole:
        """A number."""
        return Whole((((), number),)) if number else Whole()

    @staticmethod
    def atom(atom: Atom) -> Whole:
        """The size of a range, or the place of an index, counted from 0."""
        if isinstance(atom, Range):
            return Whole.of(atom.size) if atom.size is not None else _counted(atom)
        return Whole.of(atom.place - 1) if atom.place is not None else Whole((((atom,), 1),))

    def __add__(self, other: Whole) -> Whole:
        found = dict(self.terms)
        for monomial, coefficient in other.terms:
            found[monomial] = found.get(monomial, 0) + coefficient
        return _made(found)

    def __neg__(self) -> Whole:
        return Whole(tuple((monomial, -coefficient) for monomial, coefficient in self.terms))

    def __sub__(self, other: Whole) -> Whole:
        return self + -other

    def __mul__(self, other: Whole) -> Whole:
        found: dict[Monomial, int] = {}
        for first, one in self.terms:
            for second, two in other.terms:
                monomial = tuple(sorted(first + second, key=_order))
                found[monomial] = found.get(monomial, 0) + one * two
        return _made(found)

    @property
    def number(self) -> int | None:
        """The number that it is; none if it has atoms."""
        if not self.terms:
            return 0
        return self.terms[0][1] if len(self.terms) == 1 and not self.terms[0][0] else None

    @property
    def indices(self) -> frozenset[Index]:
        """The indices in it."""
        return frozenset(atom for monomial, _ in self.terms for atom in monomial if isinstance(atom, Index))

    @property
    def index(self) -> Index | None:
        """The index whose place it is; none if it is anything else."""
        if len(self.terms) == 1:
            monomial, coefficient = self.terms[0]
            if coefficient == 1 and len(monomial) == 1 and isinstance(monomial[0], Index):
                return monomial[0]
        return None

    def renamed(self, renaming: Mapping[Index, Index]) -> Whole:
        """With other indices."""
        return self.put({old: Whole.atom(new) for old, new in renaming.items()})

    def put(self, values: Mapping[Index, Whole]) -> Whole:
        """With numbers in place of the places of indices."""
        total = Whole()
        for monomial, coefficient in self.terms:
            product = Whole.of(coefficient)
            for atom in monomial:
                known = values.get(atom) if isinstance(atom, Index) else None
                product = product * (known if known is not None else Whole.atom(atom))
            total = total + product
        return total

    @property
    def form(self) -> Form | None:
        """The number as an affine form, in which places count from 1; none if it is not linear."""
        if any(len(monomial) > 1 for monomial, _ in self.terms):
            return None
        letters, sizes, number = [], [], 0
        for monomial, coefficient in self.terms:
            if not monomial:
                number += coefficient
            elif isinstance(monomial[0], Index):
                letters.append((monomial[0], coefficient))
                number -= coefficient
            else:
                sizes.append((monomial[0], coefficient))
        return form(letters, sizes, number)

    def divided(self, other: Whole) -> Whole | None:
        """The quotient where it is whole for all sizes; none elsewhere."""
        if len(other.terms) != 1:
            return Whole.of(1) if self == other else None
        (below, divisor), found = other.terms[0], {}
        for monomial, coefficient in self.terms:
            rest = list(monomial)
            if coefficient % divisor or any(atom not in rest for atom in below):
                return None
            for atom in below:
                if atom not in rest:
                    return None
                rest.remove(atom)
            found[tuple(rest)] = coefficient // divisor
        return _made(found)

    def at_least(self, bound: int = 0) -> bool:
        """Whether it is known to be this large: each size is 1 or more, each place between 0 and the last one."""
        return all(c >= 0 for _, c in _shifted(_lowest(self) - Whole.of(bound)).terms)

    def term(self) -> Term:
        """The number as a term: a place is the number of places before it."""
        addends = []
        for monomial, coefficient in self.terms:
            factors = [size_of(atom) if isinstance(atom, Range) else place_term(atom) for atom in monomial]
            addends.append(Product(Number(coefficient), *factors))
        return Sum(*addends)


def _counted(range: Range) -> Whole:
    """The size of a range: what the sizes that give it make, where it is one sum of them."""
    if len(range.counts) != 1 or range.counts[0].divisor != 1:
        return Whole((((range,), 1),))
    total = Whole.of(range.counts[0].constant)
    for each, times in range.counts[0].sizes:
        total = total + Whole.of(times) * Whole.atom(each)
    return total


def _made(found: Mapping[Monomial, int]) -> Whole:
    kept = [(monomial, coefficient) for monomial, coefficient in found.items() if coefficient]
    return Whole(tuple(sorted(kept, key=lambda each: (len(each[0]), [_order(atom) for atom in each[0]]))))


def _lowest(whole: Whole) -> Whole:
    """The least value over the places of the indices that occur linearly; others are left."""
    total = Whole()
    for monomial, coefficient in whole.terms:
        product = Whole.of(coefficient)
        for atom in monomial:
            if isinstance(atom, Index):
                product = product * (Whole() if coefficient > 0 else Whole.atom(atom.range) - Whole.of(1))
            else:
                product = product * Whole.atom(atom)
        total = total + product
    return total


def _shifted(whole: Whole) -> Whole:
    """With 1 + size in place of each size."""
    total = Whole()
    for monomial, coefficient in whole.terms:
        product = Whole.of(coefficient)
        for atom in monomial:
            product = product * (Whole.atom(atom) + Whole.of(1))
        total = total + product
    return total


def place_term(index: Index) -> Term:
    """The place of an index, counted from 0, as a term."""
    if index.place is not None:
        return Number(index.place - 1)
    before = Index("q", index.range, 2 if index == Index("q", index.range, 1) else 1)
    return Contraction((before,), Indicator("<", before, index))


def whole_of(term: Term) -> Whole | None:
    """The whole number that a term is, if it is made of numbers and sizes; else none."""
    match term:
        case Number(value):
            return Whole.of(int(value)) if isinstance(value, Fraction) and value.denominator == 1 else None
        case Size(range):
            return Whole.atom(range)
        case Sum() | Product():
            total = Whole() if isinstance(term, Sum) else Whole.of(1)
            for part in term.fields:
                each = whole_of(part)
                if each is None:
                    return None
                total = total + each if isinstance(term, Sum) else total * each
            return total
    return None


UNIT = Whole.of(1)
NUMBER_ONE = ONE
