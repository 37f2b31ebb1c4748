"""Sizes for samples: a claim about images of 784 pixels is compared on a few pixels.

A size that the text gives is made free if arrays of that size would be too large, unless the number stands in the
formulas too: 1/784 may be the same 784.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from indexcalc.affine import form
from indexcalc.errors import IndexcalcError
from indexcalc.indices import Index, Range
from indexcalc.sheet import Definition, Fact, Sheet
from indexcalc.terms import (
    Binder,
    Constraint,
    Contraction,
    Delta,
    Epsilon,
    Indicator,
    Number,
    Reduction,
    Size,
    Tensor,
    Term,
    factors_of,
    size_of,
)
from indexcalc.verify.evaluator import reached
from indexcalc.verify.samples import choose_sizes, ranges_of
from indexcalc.walk import Memo, mapped, subterms

MOST_ELEMENTS = 2_000_000  # of one array
SMALL = 6  # a size that is kept in any case


@dataclass(frozen=True)
class Question:
    """Whether left = right, for all values of the axes, in the light of a sheet."""

    left: Term
    right: Term
    sheet: Sheet
    axes: tuple[Index, ...]


def manageable(question: Question) -> Question:
    """The question, with large sizes made free if its arrays would be too large.

    An axis of which nothing that is asked about has the range is left out: the sides are the same all along it.
    Raises IndexcalcError where that does not help.
    """
    held = frozenset(ranges_of(question.sheet, (question.left, question.right)))
    if any(axis.range not in held for axis in question.axes):
        question = replace(question, axes=tuple(axis for axis in question.axes if axis.range in held))
    if _elements(question) <= MOST_ELEMENTS:
        return question
    free = freed(question)
    if free is not None and _elements(free) <= MOST_ELEMENTS:
        return free
    raise IndexcalcError(
        "the arrays would be too large to be compared", "Give smaller sizes, or names instead of numbers"
    )


def freed(question: Question) -> Question | None:
    """The question with large sizes made free; none if a number of a formula may be one of them."""
    terms = (question.left, question.right)
    large = {range for range in ranges_of(question.sheet, terms) if range.size is not None and range.size > SMALL}
    numbers = {range.size for range in large}
    held = {each.value for part in _parts(question) for each in subterms(part) if isinstance(each, Number)}
    if any(_holds(value, number) for value in held for number in numbers):
        return None
    return with_ranges(question, {range: Range(range.label) for range in large})


def _holds(value: object, size: int | None) -> bool:
    """Whether a number of a formula may be made of a size."""
    parts = getattr(value, "numerator", 1), getattr(value, "denominator", 1)
    return any(size is not None and part not in (0, 1, -1) and part % size == 0 for part in parts)


def _parts(question: Question) -> list[Term]:
    sides = [side for fact in question.sheet.facts for side in (fact.left, fact.right)]
    return reached(question.sheet, [question.left, question.right, *sides])


def _elements(question: Question) -> int:
    """How many elements the largest array on the way has."""
    terms = (question.left, question.right)
    sizes = choose_sizes(question.sheet, tuple(ranges_of(question.sheet, terms)), 0)
    groups = [index for part in _parts(question) for index in _arrays(part)]
    names = {name for part in _parts(question) for name in part.symbols}
    slots = [question.sheet.slots.get(name, ()) for name in sorted(names)]
    found = [math.prod(sizes[index.range] for index in group) for group in (*groups, question.axes)]
    return max([1, *found, *(math.prod(sizes[range] for range in ranges) for ranges in slots)])


def _arrays(term: Term) -> Iterator[Iterable[Index]]:
    """The indices of the arrays on the way to a term. A contraction is worked out index by index."""
    inner = {part.body for part in subterms(term) if isinstance(part, Contraction)}
    for part in subterms(term):
        if part not in inner:
            yield part.free
        if isinstance(part, Contraction):
            for index in part.bound:
                touched = [factor.free for factor in factors_of(part.body) if index in factor.free]
                yield frozenset().union(*touched)


def in_dimension(
    sheet: Sheet, axes: tuple[Index, ...], terms: Iterable[Term], size: int
) -> tuple[Sheet, tuple[Index, ...], list[Term]]:
    """The same where every range of which nothing says the size runs to this one."""
    terms = list(terms)
    ranges = [range for range in ranges_of(sheet, terms) if range.size is None and not range.named]
    sizes = dict.fromkeys(ranges, Range(str(size), size=size))
    changed = [with_ranges(Question(term, term, sheet, axes), sizes) for term in terms]
    return changed[0].sheet, changed[0].axes, [question.left for question in changed]


def with_ranges(question: Question, ranges: Mapping[Range, Range]) -> Question:
    """The question with other ranges."""

    def index(old: Index) -> Index:
        return Index(old.name, ranges.get(old.range, old.range), old.serial)

    def rule(term: Term, rec: Memo[Term]) -> Term:
        match term:
            case Tensor(name, slots):
                return Tensor(name, map(index, slots))
            case Delta() | Epsilon():
                return type(term)(*map(index, term.slots))
            case Size(range):
                return size_of(ranges.get(range, range))
            case Constraint(relation, own, period):
                letters = tuple((index(letter), times) for letter, times in own.letters)
                sizes = tuple((ranges.get(range, range), times) for range, times in own.sizes)
                cycle = tuple((ranges.get(range, range), times) for range, times in period.sizes)
                return Constraint(relation, form(letters, sizes, own.constant), form((), cycle, period.constant))
            case Indicator(relation, Index() as left, Index() as right):
                return Indicator(relation, index(left), index(right))
            case Contraction(bound, body):
                return Contraction(map(index, bound), rec(body))
            case Reduction(kind, bound, body):
                return Reduction(kind, map(index, bound), rec(body))
            case Binder():
                raise TypeError(f"no rule for {type(term).__name__}")
        return mapped(term, rec)

    change = Memo(rule)
    sheet = question.sheet
    definitions = {
        name: Definition(name, tuple(map(index, each.axes)), change(each.body))
        for name, each in sheet.definitions.items()
    }
    facts = tuple(Fact(change(fact.left), fact.relation, change(fact.right)) for fact in sheet.facts)
    letters = {name: ranges.get(range, range) for name, range in sheet.letters.items()}
    slots = {name: tuple(ranges.get(range, range) for range in old) for name, old in sheet.slots.items()}
    primitives = {name: each.over(change, index) for name, each in sheet.primitives.items()}
    new = replace(sheet, definitions=definitions, primitives=primitives, facts=facts, letters=letters, slots=slots)
    return Question(change(question.left), change(question.right), new, tuple(map(index, question.axes)))
