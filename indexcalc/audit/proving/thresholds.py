"""The comparisons of values that decide between terms, and on which side of them a sample lies."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from indexcalc.audit.proving.intervals import bounds_of, interval
from indexcalc.budget import TooLargeError
from indexcalc.errors import IndexcalcError
from indexcalc.indices import Range, in_order
from indexcalc.rewrite.expand import Polynomial
from indexcalc.rewrite.monomial import Monomial, power_terms
from indexcalc.sheet import Fact, Sheet
from indexcalc.terms import (
    ZERO,
    Call,
    Contraction,
    Derivative,
    Indicator,
    Number,
    Product,
    Size,
    Sum,
    Term,
    negative,
)
from indexcalc.verify.evaluator import World, reached
from indexcalc.verify.reference import evaluate
from indexcalc.walk import holds, subterms

Normal = Callable[[Term], Polynomial]
SLACKS = (1, 1000, 1000**-1, 10**6, 10**-6)  # by how much the smaller side is to be smaller
SHARES = (Fraction(1, 2), 2)  # of the larger side, where it is positive or negative
NEGATED = {"<": ">=", "==": "!="}


@dataclass(frozen=True)
class Outcome:
    """That a comparison holds, or does not, for some of the values of its free indices."""

    left: Term
    relation: str
    right: Term
    holds: bool

    @property
    def sign(self) -> str:
        """The relation between the sides then."""
        return self.relation if self.holds else NEGATED[self.relation]

    @property
    def ranges(self) -> tuple[Range, ...]:
        """The ranges whose sizes are compared."""
        sizes = (each for side in (self.left, self.right) for each in subterms(side) if isinstance(each, Size))
        return tuple(dict.fromkeys(each.range for each in sizes))

    @property
    def of_sizes(self) -> bool:
        """Whether only sizes and numbers are compared."""
        return not (self.left.symbols or self.right.symbols or self.left.free or self.right.free)

    def sizes(self, largest: int) -> Iterator[int]:
        """Sizes for which a comparison of sizes may come out so: those around its numbers."""
        near = {1, 2, largest}
        for each in (*subterms(self.left), *subterms(self.right)):
            if isinstance(each, Number) and -largest <= each.value <= largest:
                near |= {int(each.value) + step for step in (-1, 0, 1)}
        yield from sorted(size for size in near if 1 <= size <= largest)

    def is_seen(self, world: World) -> bool:
        """Whether some elements of a sample come out so."""
        axes = in_order(self.left.free | self.right.free)
        try:
            with np.errstate(all="ignore"):
                left, right = (evaluate(side, world, axes) for side in (self.left, self.right))
        except IndexcalcError:
            return False
        known = ~(np.isnan(left) | np.isnan(right))
        if self.relation == "==":
            same = np.isclose(left, right, rtol=1e-9, atol=0)
            return bool((known & (same == self.holds)).any())
        return bool((known & ((left < right) == self.holds)).any())

    def facts(self) -> Iterator[Fact]:
        """Facts under which it comes out so, the one that says least first."""
        if self.relation == "==":
            if self.holds:
                yield Fact(self.left, "=", self.right)
            return
        small, large = (self.left, self.right) if self.holds else (self.right, self.left)
        yield Fact(small, "<", large)
        for share in SHARES:
            yield Fact(small, "=", Product(Number(share), large))
        for slack in SLACKS:
            yield Fact(small, "=", Sum(large, Number(-slack)))


def outcomes(sheet: Sheet, sides: Iterable[Term], normal: Normal, ties: bool) -> list[Outcome]:
    """The outcomes of comparisons on which a side depends and that may occur; of equalities only if ties are asked.

    `normal` gives the normal form of a term, after the facts.
    """
    found = dict.fromkeys(
        pair for body in reached(sheet, sides) for each in subterms(body) for pair in _compared(each, ties)
    )
    return [each for pair in found for each in _possible(*pair, sheet, normal)]


def _compared(term: Term, ties: bool) -> Iterator[tuple[Term, str, Term]]:
    match term:
        case Indicator("<", Term() as left, Term() as right) | Call("max" | "min", (left, right)):
            pair = left, "<", right
        case Indicator("<=", Term() as left, Term() as right):
            pair = right, "<", left
        case Indicator("==", Term() as left, Term() as right) if ties:
            pair = left, "==", right
        case Call("abs" | "relu" | "sign", (argument,)):
            pair = argument, "<", ZERO
        case _:
            return
    if not any(holds(side, Derivative) for side in (pair[0], pair[2])):
        yield pair


def _possible(left: Term, relation: str, right: Term, sheet: Sheet, normal: Normal) -> Iterator[Outcome]:
    """The outcomes that the bounds of the leaves leave open."""
    bounds = bounds_of(sheet)
    low, high = interval(Sum(left, negative(right)), sheet, bounds)
    decided: Polynomial | None = None
    try:
        addends = [_plain(each) for each in normal(Sum(left, negative(right)))]
        closer = interval(Sum(*addends), sheet, bounds)
        low, high = max(low, closer[0]), min(high, closer[1])
        decided = normal(Indicator(relation, left, right))
    except TooLargeError:
        pass
    if decided is not None and not any(each.powers for each in decided):
        yield Outcome(left, relation, right, bool(decided))
        return
    if relation == "==":
        yield from (Outcome(left, relation, right, each) for each in (True, False) if low <= 0 <= high or not each)
        return
    if low < 0:
        yield Outcome(left, relation, right, True)
    if high >= 0 and not (high == 0 == low and math.copysign(1, low) < 0):
        yield Outcome(left, relation, right, False)


def _plain(monomial: Monomial) -> Term:
    return Contraction(monomial.bound, Product(Number(monomial.coefficient), *power_terms(monomial.powers)))
