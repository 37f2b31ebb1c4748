"""What is wrong with a refuted step, as a reader would say it, and what would make it true.

A slip is proposed only if the right side without it equals the left side: first on one sample, then on all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np

from indexcalc.audit.proving.counterexamples import counterexample
from indexcalc.audit.proving.sizes import Question, manageable
from indexcalc.audit.slips.assumed import assumed
from indexcalc.audit.slips.borrowed import borrowed, parts_of
from indexcalc.audit.slips.edits import Edit, Slips
from indexcalc.budget import OF_A_STEP, SpentError, TooLargeError, limited
from indexcalc.calculus.resolve import Resolver
from indexcalc.canonical import Canonical
from indexcalc.errors import IndexcalcError
from indexcalc.rewrite.cost import cost
from indexcalc.rewrite.expand import Expansion
from indexcalc.rewrite.simplify import shortener, simplify
from indexcalc.sheet import Sheet
from indexcalc.terms import (
    ONE,
    ZERO,
    Contraction,
    Derivative,
    Index,
    Number,
    Product,
    Size,
    Sum,
    Term,
    coefficient_and_rest,
    factors_of,
    negative,
    terms_of,
)
from indexcalc.verify.reference import Reference
from indexcalc.verify.samples import sample
from indexcalc.walk import holds, subterms

if TYPE_CHECKING:
    from indexcalc.verify.evaluator import Array

MOST_EDITS = 600
MOST_WORK = OF_A_STEP // 2  # so that a refuted step stays refuted if nothing is found
MOST_BORROWED = 600
TOLERANCE = 1e-6
SHORT = 1.5  # of the cost of a side: a difference that costs more is no missing term


def diagnose(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> tuple[str, Term | None]:
    """The sentence that says what is wrong, and the right side as it should be; empty and none if that is not found."""
    try:
        with limited(MOST_WORK):
            return _diagnosed(left, right, sheet, axes)
    except SpentError:
        return "", None


def _diagnosed(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> tuple[str, Term | None]:
    try:
        question = manageable(Question(left, right, sheet, axes))
        left, right, sheet, axes = question.left, question.right, question.sheet, question.axes
        search = _Search(left, sheet, axes)
        slips = Slips(sheet, axes)
        edits = slips.edits(right)
        slip = next(search.true(islice(edits, MOST_EDITS)), None)
        if slip:
            return slip
        fixed = held_fixed(left, right, sheet, axes)
        if fixed:
            return fixed, None
        short = short_form(left, sheet, axes)
        parts = parts_of(left, short, _expanded(short, axes))
        further = chain(islice(borrowed(right, parts, slips), MOST_BORROWED), missing_term(left, right, sheet, axes))
        sentence, new = next(search.true(further), ("", None))
        return assumed(left, right, sheet, axes) or sentence, new
    except IndexcalcError:  # nothing can be evaluated, so nothing can be said
        return "", None


class _Search:
    """Looks for what equals the left side."""

    def __init__(self, left: Term, sheet: Sheet, axes: tuple[Index, ...]) -> None:
        self.left, self.sheet, self.axes = left, sheet, axes
        self.world = sample(sheet, (left,), seed=0)
        self.reference = Reference(self.world)
        self.value = self._value(left)

    def _value(self, term: Term) -> Array:
        value: Array = self.reference.array(term, self.axes)
        return value

    def true(self, edits: Iterator[Edit]) -> Iterator[Edit]:
        """The edits whose result equals the left side."""
        for sentence, new in edits:
            if self._may_be(new) and counterexample(self.left, new, self.sheet, self.axes) is None:
                yield sentence, new

    def _may_be(self, term: Term) -> bool:
        """Whether a term has the value of the left side on the sample."""
        ranges = {index.range for index in term.indices}
        ranges |= {each.range for each in subterms(term) if isinstance(each, Size)}
        if not term.free.issubset(self.axes) or not ranges <= self.world.sizes.keys():
            return False
        value = self._value(term)
        scale = max(1e-12, float(np.abs(self.value).max(initial=0)))
        return bool(np.all(np.abs(value - self.value) <= TOLERANCE * scale))


def short_form(term: Term, sheet: Sheet, axes: tuple[Index, ...]) -> Term:
    """The term with its derivatives worked out, in short form; 0 where that needs names of its own."""
    resolver = Resolver(sheet, shortener)
    short = simplify(resolver.resolve(term, axes), resolver.sheet, axes)
    return short if short.symbols <= sheet.slots.keys() else ZERO


def missing_term(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> Iterator[Edit]:
    """The right side with the difference added, if that is one product and hardly longer than a side."""
    resolver = Resolver(sheet, shortener)
    result, difference = (resolver.resolve(term, axes) for term in (left, Sum(left, negative(right))))
    if not difference.symbols <= sheet.slots.keys():
        return  # it holds names of its own for what many terms share
    slips = Slips(sheet, axes)
    for term in (simplify(difference, resolver.sheet, axes), _expanded(difference, axes)):
        if _is_plain(term) and cost(term) <= SHORT * max(cost(result), cost(right)):
            yield _other_number(right, term, slips) or (f"the term {slips.show(term)} is missing", Sum(right, term))


def _other_number(right: Term, term: Term, slips: Slips) -> Edit | None:
    """The right side with another number in front of an addend, where what is missing is a multiple of it."""
    canonical = Canonical()
    number, wanted = coefficient_and_rest(term)
    addends = terms_of(right)
    for place, addend in enumerate(addends):
        old, rest = coefficient_and_rest(addend)
        if canonical(rest) is canonical(wanted) and rest is not ONE and old + number:
            new = Product(Number(old + number), rest)
            sentence = f"{slips.show(addend)} stands for {slips.show(new)}"
            return sentence, Sum(*addends[:place], new, *addends[place + 1 :])
    return None


def _is_plain(term: Term) -> bool:
    """Whether a term is one product, without brackets."""
    while isinstance(term, Contraction):
        term = term.body
    return not any(isinstance(factor, Sum) for factor in factors_of(term))


def _expanded(term: Term, axes: tuple[Index, ...]) -> Term:
    """The term multiplied out, or as it is where that grows too large."""
    expansion = Expansion(Canonical(), rank={index: place for place, index in enumerate(axes)}, everything=True)
    try:
        return expansion.term(expansion(term))
    except TooLargeError:
        return term


def held_fixed(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> str:
    """The sentence for a derivative that takes a defined tensor as a constant."""
    if not holds(left, Derivative):
        return ""
    variables = {each.variable.name for each in subterms(left) if isinstance(each, Derivative)}
    for name in list(sheet.definitions)[::-1]:
        if name in variables or not sheet.depends([name], next(iter(sorted(variables)))):
            continue
        definitions = {other: value for other, value in sheet.definitions.items() if other != name}
        constant = replace(sheet, definitions=definitions)
        if counterexample(left, right, constant, axes) is None:
            return f"the derivative holds {name} fixed, but {name} depends on {', '.join(sorted(variables))}"
    return ""
