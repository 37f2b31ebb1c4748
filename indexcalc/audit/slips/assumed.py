"""Assumptions that are missing: a step that holds if a matrix is symmetric, or if the elements of a tensor add up to 1.

Nothing in the document says so; a fact that does makes the step true (see `context` and `definitions`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

from indexcalc.audit.proving.counterexamples import counterexample
from indexcalc.errors import IndexcalcError
from indexcalc.sheet import Fact, Sheet
from indexcalc.terms import ONE, Contraction, Index, Range, Tensor, Term

MOST_LEAVES = 6


def assumed(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> str:
    """The sentence that names the assumption under which left = right; empty if none is found."""
    return _assumed(left, right, sheet, axes, _exchanged) or normalised(left, right, sheet, axes)


def normalised(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> str:
    """The sentence that says of which tensor the elements have to add up to 1 for left = right; empty if of none."""
    told = frozenset[str]().union(*(fact.left.symbols | fact.right.symbols for fact in sheet.facts))
    return _assumed(left, right, sheet, axes, _adding_up, told)


def _assumed(
    left: Term,
    right: Term,
    sheet: Sheet,
    axes: tuple[Index, ...],
    assumptions: Callable[[str, tuple[Range, ...]], Iterator[tuple[str, Fact]]],
    told: frozenset[str] = frozenset(),  # names of which the text says something else
) -> str:
    used = left.symbols | right.symbols
    used |= frozenset[str]().union(*(sheet.made_of.get(name, frozenset()) for name in used))
    leaves = {name: ranges for name, ranges in sheet.leaves.items() if name in used - told and ranges}
    leaves = {name: ranges for name, ranges in leaves.items() if "?" not in name}
    for name, ranges in list(leaves.items())[:MOST_LEAVES]:
        for sentence, fact in assumptions(name, ranges):
            if fact not in sheet.facts and _holds(left, right, replace(sheet, facts=(*sheet.facts, fact)), axes):
                return sentence
    return ""


def _slots(ranges: tuple[Range, ...]) -> tuple[Index, ...]:
    return tuple(Index("~", each, place) for place, each in enumerate(ranges, 1))


def _exchanged(name: str, ranges: tuple[Range, ...]) -> Iterator[tuple[str, Fact]]:
    slots = _slots(ranges)
    for one, other in combinations(range(len(ranges)), 2):
        if ranges[one] == ranges[other]:
            turned = list(slots)
            turned[one], turned[other] = slots[other], slots[one]
            yield f"this holds only if {name} is symmetric", Fact(Tensor(name, slots), "=", Tensor(name, tuple(turned)))


def _adding_up(name: str, ranges: tuple[Range, ...]) -> Iterator[tuple[str, Fact]]:
    slots = _slots(ranges)
    for place in reversed(range(len(ranges))):
        where = " along its last index" if len(ranges) > 1 and place == len(ranges) - 1 else ""
        where = where or (f" along its index number {place + 1}" if len(ranges) > 1 else "")
        fact = Fact(Contraction([slots[place]], Tensor(name, slots)), "=", ONE)
        yield f"this holds only if the elements of {name} add up to 1{where}", fact


def _holds(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> bool:
    try:
        return counterexample(left, right, sheet, axes) is None
    except IndexcalcError:  # no sample meets the fact
        return False
