"""Whether two sides differ at an element of a sample, told with ever more digits until it is clear.

The difference of two sides that are equal shrinks with every digit; one that is there keeps its size, as soon as there
are enough digits to see it: that exp(-318) is not 0 beside 1 shows with 200.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from indexcalc.errors import IndexcalcError
from indexcalc.indices import Index
from indexcalc.terms import ZERO, Contraction, Derivative, Number, Term, factors_of
from indexcalc.verify.evaluator import World, reached
from indexcalc.verify.polish import polished
from indexcalc.verify.precise import Precise, library, nesting
from indexcalc.walk import Memo, parts, substitute, subterms

FEWEST, ROUNDS = 50, 4  # digits at first, and how often they are doubled at most
MOST_DIGITS = 1600
STABLE = 1e-6  # of itself: a difference that keeps its digits
GONE = 0.4  # of the further digits: a difference that shrinks by so many goes with them; derivatives lose some
TIMES = 2  # in a row that it has to
MOST_WORK = 120_000  # numbers that are worked out for one side, with few digits


@dataclass(frozen=True)
class Outcome:
    """Whether the sides differ there, and their values as floats and as text; none where it cannot be told."""

    differ: bool | None
    left: float = 0.0
    right: float = 0.0
    words: tuple[str, str] = ("", "")


UNTOLD = Outcome(None)


def compared(sides: tuple[Term, Term], world: World, places: Mapping[Index, int]) -> Outcome:
    """Whether two sides differ at the places of their free indices, which count from 1."""
    fixed = {index: Index(str(place), index.range) for index, place in places.items()}
    left, right = (substitute(side, fixed) for side in sides)
    digits = FEWEST + _longest(world, (left, right))
    if digits > MOST_DIGITS or work((left, right), world) > MOST_WORK:
        return UNTOLD
    before, gone = None, 0
    try:
        for one, other, exact in _values((left, right), world, digits):
            apart = one - other
            if not abs(apart) < exact.context.inf:
                return UNTOLD
            if before is not None:
                lost = abs(apart) * exact.context.mpf(10) ** (exact.digits // 2) < 1 and any(
                    not value and side is not ZERO for value, side in ((one, left), (other, right))
                )  # a side that is 0 by cancellation tells nothing of what is smaller than its digits, slopes have half
                if abs(apart - before) <= STABLE * abs(apart) and apart and not lost:
                    return Outcome(True, *_as_floats(one, other), _as_text(one, other, exact.context))
                shrunk = abs(before) / exact.context.mpf(10) ** int(GONE * exact.digits / 2)
                gone = gone + 1 if abs(apart) <= shrunk else 0
                if gone == TIMES:
                    return Outcome(False)
            before = apart
    except (IndexcalcError, ZeroDivisionError, OverflowError, ValueError):
        return UNTOLD  # a place that is not there, or numbers that are none
    return UNTOLD


def _values(sides: tuple[Term, Term], world: World, digits: int) -> Iterator[tuple[Any, Any, Any]]:
    """Both values with ever more digits, and the numbers that they were worked out in."""
    for turn in range(ROUNDS):
        exact = library(digits << turn)
        world = polished(world, exact)
        evaluator = Precise(world, exact)
        one, other = (evaluator.array(side, ()).item() for side in sides)
        yield one.real, other.real, exact.xp


def _longest(world: World, sides: tuple[Term, Term]) -> int:
    """The digits of the longest number in the sides and in what they are made of."""
    inside = (each for body in reached(world.sheet, sides) for each in subterms(body))
    numbers = (each.value for each in inside if isinstance(each, Number))
    parts = (part for value in numbers if not isinstance(value, float) for part in (value.numerator, value.denominator))
    return max((part.bit_length() // 3 for part in parts if part.bit_length() > 64), default=0)


def work(sides: tuple[Term, ...], world: World) -> int:
    """About how many numbers are worked out on the way to some terms."""
    sheet = world.sheet

    def count(indices: Iterable[Index]) -> int:
        return math.prod(world.sizes.get(index.range, 1) for index in indices)

    def rule(term: Term, rec: Memo[int]) -> int:
        if isinstance(term, Contraction):
            return _of_contraction(term, count) + sum(map(rec, factors_of(term.body)))
        if not isinstance(term, Derivative):
            return count(term.free) + sum(map(rec, parts(term)))
        slots = [slot for slot in term.variable.slots if slot.place is None]
        columns = math.prod(world.sizes[slot.range] for slot in slots)
        times = 6 if nesting(sheet, term.body) else 4  # points of a difference, or complex numbers
        return columns * times * sum(map(rec, reached(sheet, [term.body])))

    return sum(map(Memo(rule), reached(sheet, sides)))


def _of_contraction(term: Contraction, count: Callable[[Iterable[Index]], int]) -> int:
    """The numbers on the way when the indices are summed one after the other, as the evaluator does it."""
    pending, left, total = [factor.free for factor in factors_of(term.body)], list(term.bound), 0

    def touched(index: Index) -> frozenset[Index]:
        return frozenset[Index]().union(*(free for free in pending if index in free))

    while left:
        index = min(left, key=lambda each: count(touched(each)))
        whole = touched(index)
        total += count(whole)
        left.remove(index)
        pending = [*(free for free in pending if index not in free), whole - {index}]
    return total + count(term.free)


def _as_floats(one: Any, other: Any) -> tuple[float, float]:
    return _float(one), _float(other)


def _float(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def _as_text(one: Any, other: Any, context: Any) -> tuple[str, str]:
    """Both values with so many digits that they differ."""
    for digits in (6, 9, 12, 17, 25, 45, 90, 180, 350):
        words = _plain(context.nstr(one, digits)), _plain(context.nstr(other, digits))
        if words[0] != words[1]:
            return words
    return words


def _plain(word: str) -> str:
    return word.removesuffix(".0")
