"""Slips: the edits that turn a wrong term into what its author meant, each with the sentence that names it.

An edit is made at one place of a term. None is believed here: diagnosis.py keeps those that make a step true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations

from indexcalc.audit.slips.clashes import clashing_dummies
from indexcalc.notation.writing import text
from indexcalc.sheet import Sheet
from indexcalc.terms import (
    MINUS_ONE,
    ONE,
    Contraction,
    Delta,
    Derivative,
    Index,
    Indicator,
    Number,
    Power,
    Product,
    Range,
    Size,
    Sum,
    Tensor,
    Term,
    Where,
    factors_of,
    in_order,
    negative,
    quotient,
    size_of,
    terms_of,
)
from indexcalc.walk import parts, rebuilt, substitute

Edit = tuple[str, Term]
Rule = Callable[[Term, "Slips"], Iterator[Edit]]


class Slips:
    """The slips that may have led to a term, in the light of its sheet and free indices; likely ones first."""

    def __init__(self, sheet: Sheet, axes: tuple[Index, ...]) -> None:
        self.sheet, self.axes = sheet, axes
        self.letters = axes

    def edits(self, term: Term) -> Iterator[Edit]:
        """The term with one slip undone."""
        self.letters = (*self.axes, *(index for index in in_order(term.indices) if index not in self.axes))
        yield "the sign is wrong", negative(term)
        yield from everywhere(term, lambda part: left_over(part, self))
        for number in (2, Fraction(1, 2)):
            yield _factor(Number(number), self), Product(Number(number), term)
        for size in self.sizes:
            yield _factor(quotient(Number(1), size_of(size)), self), quotient(term, size_of(size))
            yield _factor(size_of(size), self), Product(size_of(size), term)
        for rule in RULES:
            yield from everywhere(term, lambda part, rule=rule: rule(part, self))  # type: ignore[misc]
        yield from self._with_deltas(term)
        yield from self._exchanged(term)

    def show(self, term: Term) -> str:
        """A part of a term, for a sentence."""
        return text.write(term, self.sheet, self.axes)

    @property
    def sizes(self) -> list[Range]:
        """The ranges that have a name or a number."""
        slots = (range for ranges in self.sheet.slots.values() for range in ranges)
        return [range for range in dict.fromkeys([*self.sheet.letters.values(), *slots]) if range.named]

    def _with_deltas(self, term: Term) -> Iterator[Edit]:
        for one, other in combinations(self.axes, 2):
            if one.range == other.range:
                delta = Delta(one, other)
                yield f"the factor {self.show(delta)} is missing", Product(delta, term)

    def _exchanged(self, term: Term) -> Iterator[Edit]:
        for one, other in combinations(self.axes, 2):
            if one.range == other.range:
                yield f"{one.name} and {other.name} are exchanged", substitute(term, {one: other, other: one})


def everywhere(term: Term, local: Callable[[Term], Iterator[Edit]]) -> Iterator[Edit]:
    """The edits at every place of a term, the outermost first."""
    yield from local(term)
    inside = parts(term)
    for place, part in enumerate(inside):
        for sentence, new in everywhere(part, local):
            if isinstance(new, _allowed(term, place)):
                yield sentence, rebuilt(term, (*inside[:place], new, *inside[place + 1 :]))


def _allowed(term: Term, place: int) -> tuple[type[Term], ...]:
    """What may stand at a place of a term: a variable or a condition is no other term."""
    match term:
        case Derivative() if place == 1:
            return (Tensor,)
        case Where() if place == 0:
            return (Delta, Indicator)
    return (Term,)


def _factor(factor: Term, slips: Slips) -> str:
    return f"the factor {slips.show(factor)} is missing"


# ----- Rules ---------------------------------------------------------------------------------------------------------


def signs(term: Term, slips: Slips) -> Iterator[Edit]:
    """a - b for a + b."""
    if isinstance(term, Sum):
        for place, addend in enumerate(term.terms):
            others = term.terms[:place] + term.terms[place + 1 :]
            yield f"the sign of {_unsigned(addend, slips)} is wrong", Sum(*others, negative(addend))


def _unsigned(term: Term, slips: Slips) -> str:
    return slips.show(term).removeprefix("-")


def numbers(term: Term, slips: Slips) -> Iterator[Edit]:
    """Another number, or a size, in front of an addend: 2x for x, x for 2x, n x for x."""
    if isinstance(term, Sum):
        for place, addend in enumerate(term.terms):
            others = term.terms[:place] + term.terms[place + 1 :]
            sizes = [size_of(size) for size in slips.sizes]
            for factor in (Number(2), Number(Fraction(1, 2)), *sizes, *(quotient(ONE, size) for size in sizes)):
                sentence = f"the factor {slips.show(factor)} is missing before {_unsigned(addend, slips)}"
                yield sentence, Sum(*others, Product(factor, addend))


def wrong_sizes(term: Term, slips: Slips) -> Iterator[Edit]:
    """1/m for 1/n."""
    is_scalar = isinstance(term, Tensor) and not term.slots and term.name not in slips.sheet.definitions
    if isinstance(term, Size) or is_scalar:
        for size in slips.sizes:
            if size_of(size) is not term:
                yield f"{slips.show(term)} stands for {slips.show(size_of(size))}", size_of(size)


def left_over(term: Term, slips: Slips) -> Iterator[Edit]:
    """A factor too many: a delta, a number, a size, 1/m."""
    if not isinstance(term, Product):
        return
    for place, factor in enumerate(term.factors):
        base = factor.base if isinstance(factor, Power) else factor
        if isinstance(base, (Delta, Number, Size)) and base is not MINUS_ONE:
            rest = Product(*term.factors[:place], *term.factors[place + 1 :])
            yield f"the factor {slips.show(factor)} is left over", rest


def left_over_addends(term: Term, slips: Slips) -> Iterator[Edit]:
    """A term too many."""
    if isinstance(term, Sum):
        for place, addend in enumerate(term.terms):
            yield (
                f"the term {slips.show(addend)} is left over",
                Sum(*term.terms[:place], *term.terms[place + 1 :]),
            )


def other_indices(term: Term, slips: Slips) -> Iterator[Edit]:
    """Another index of the same range at one slot of a tensor or a delta."""
    if not isinstance(term, (Tensor, Delta)):
        return
    for place, slot in enumerate(term.slots):
        for other in slips.letters:
            if other.range == slot.range and other is not slot:
                slots = (*term.slots[:place], other, *term.slots[place + 1 :])
                new = Tensor(term.name, slots) if isinstance(term, Tensor) else Delta(*slots)
                yield f"{slips.show(term)} stands for {slips.show(new)}", new


def transposed(term: Term, slips: Slips) -> Iterator[Edit]:
    """A[j,i] for A[i,j]."""
    if isinstance(term, Tensor):
        for one, other in combinations(range(len(term.slots)), 2):
            slots = list(term.slots)
            if slots[one].range == slots[other].range and slots[one] is not slots[other]:
                slots[one], slots[other] = slots[other], slots[one]
                new = Tensor(term.name, slots)
                yield f"a transposition is missing: {slips.show(term)} stands for {slips.show(new)}", new


def dropped_brackets(term: Term, slips: Slips) -> Iterator[Edit]:
    """c*(a + b) for c*a + b, and the reverse."""
    if isinstance(term, Sum):
        for place, addend in enumerate(term.terms):
            others = term.terms[:place] + term.terms[place + 1 :]
            for factor in factors_of(addend):
                if not factor.free and factor not in (MINUS_ONE, addend):
                    rest = Product(*(each for each in factors_of(addend) if each is not factor))
                    yield (
                        "a bracket is missing: " + _holds(factor, slips),
                        Product(factor, Sum(rest, *others)),
                    )
                    flipped = (negative(other) for other in others)
                    yield (
                        "a bracket is missing: " + _holds(factor, slips),
                        Product(factor, Sum(rest, *flipped)),
                    )
    if isinstance(term, Product):
        for bracket in term.factors:
            if isinstance(bracket, Sum):
                yield from _narrowed(term, bracket, slips)


def _holds(factor: Term, slips: Slips) -> str:
    return f"{slips.show(factor)} belongs to all terms"


def _narrowed(term: Product, bracket: Sum, slips: Slips) -> Iterator[Edit]:
    rest = Product(*(factor for factor in term.factors if factor is not bracket))
    for place, addend in enumerate(bracket.terms):
        others = bracket.terms[:place] + bracket.terms[place + 1 :]
        sentence = f"the bracket is too wide: {slips.show(rest)} belongs to {slips.show(addend)} alone"
        yield sentence, Sum(Product(rest, addend), *others)


def dropped_sums(term: Term, slips: Slips) -> Iterator[Edit]:
    """A sum that holds one factor too few or too many."""
    if isinstance(term, Product):
        for place, factor in enumerate(term.factors):
            if isinstance(factor, Contraction):
                others = term.factors[:place] + term.factors[place + 1 :]
                for number, other in enumerate(others):
                    rest = others[:number] + others[number + 1 :]
                    inner = Product(factor.body, other)
                    yield (
                        f"{slips.show(other)} belongs into the sum",
                        Product(*rest, Contraction(factor.bound, inner)),
                    )


def missing_deltas(term: Term, slips: Slips) -> Iterator[Edit]:
    """A delta missing in one term of a sum."""
    if isinstance(term, Sum):
        indices = in_order(term.free)
        for place, addend in enumerate(terms_of(term)):
            others = term.terms[:place] + term.terms[place + 1 :]
            for one, other in combinations(indices, 2):
                if one.range == other.range:
                    delta = Delta(one, other)
                    sentence = f"the factor {slips.show(delta)} is missing in {slips.show(addend)}"
                    yield sentence, Sum(*others, Product(delta, addend))


def left_over_factors(term: Term, slips: Slips) -> Iterator[Edit]:
    """A factor too many, of any kind."""
    if isinstance(term, Product):
        for place, factor in enumerate(term.factors):
            if not isinstance(factor, Number):
                rest = Product(*term.factors[:place], *term.factors[place + 1 :])
                yield f"the factor {slips.show(factor)} is left over", rest


def other_powers(term: Term, slips: Slips) -> Iterator[Edit]:
    """x^2 for x, x^3 for x^2, and the reverse."""
    base, exponent = (term.base, term.exponent) if isinstance(term, Power) else (term, ONE)
    if not isinstance(exponent, Number) or isinstance(base, Number | Product | Delta):
        return
    for number in (exponent.value + 1, exponent.value - 1, -exponent.value):
        if number:
            new = Power(base, Number(number))
            yield f"the power is wrong: {slips.show(term)} stands for {slips.show(new)}", new


def turned_conditions(term: Term, slips: Slips) -> Iterator[Edit]:
    """x < y for x > y, i != j for i == j."""
    new: Term | None = None
    if isinstance(term, Indicator) and term.relation != "==":
        new = Indicator(term.relation, term.right, term.left)
    elif isinstance(term, Delta):
        new = Sum(ONE, negative(term))
    elif isinstance(term, Sum) and len(term.terms) == 2 and ONE in term.terms:
        other = negative(term.terms[0] if term.terms[1] is ONE else term.terms[1])
        new = other if isinstance(other, Delta) else None
    if new is not None:
        yield f"the condition is the wrong way round: {slips.show(term)} stands for {slips.show(new)}", new


def exchanged_in_addends(term: Term, slips: Slips) -> Iterator[Edit]:
    """Two free indices exchanged in one addend."""
    if isinstance(term, Sum):
        for place, addend in enumerate(term.terms):
            others = term.terms[:place] + term.terms[place + 1 :]
            for one, other in combinations(slips.axes, 2):
                if one.range == other.range and {one, other} & addend.free:
                    sentence = f"{one.name} and {other.name} are exchanged in {_unsigned(addend, slips)}"
                    yield sentence, Sum(*others, substitute(addend, {one: other, other: one}))


RULES: tuple[Rule, ...] = (
    signs,
    wrong_sizes,
    other_indices,
    transposed,
    dropped_brackets,
    numbers,
    left_over_addends,
    clashing_dummies,
    missing_deltas,
    dropped_sums,
    other_powers,
    turned_conditions,
    exchanged_in_addends,
    left_over_factors,
)
