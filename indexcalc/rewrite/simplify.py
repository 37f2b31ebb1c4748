"""The short form: of the equal forms that the passes find, the one that is cheapest to read.

    multiply out as far as the deltas ask (`expand`)  ->  use the facts  ->  recognise definitions  ->  take out common
    factors (`factor`)

once with sums kept as factors and, where there are any, once with everything multiplied out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from indexcalc.canonical import Canonical
from indexcalc.rewrite.cost import cost
from indexcalc.rewrite.deltas import Rank
from indexcalc.rewrite.expand import Expansion, Polynomial, TooLargeError
from indexcalc.rewrite.factor import factor
from indexcalc.rewrite.facts import definition_rules, fact_rules, replaced, symmetries
from indexcalc.rewrite.match import Rule
from indexcalc.sheet import Sheet
from indexcalc.terms import Delta, Index, Number, Power, Product, Sum, Tensor, Term
from indexcalc.walk import subterms

MOST_EXPANDED = 400  # addends; a product that has more when multiplied out is left as it is


@dataclass(frozen=True)
class Stage:
    """A form of a term on its way to the short form: what was done, why, and the result."""

    rule: str
    term: Term
    note: str = ""


@dataclass
class Simplifier:
    """The passes for one sheet; keeps the rules and the forms that it has worked out."""

    sheet: Sheet
    axes: tuple[Index, ...] = ()
    fold: bool = True
    canonical: Canonical = field(init=False)
    _known: dict[Term, Term] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.canonical = Canonical(symmetries(self.sheet))
        self.rank: Rank = {index: place for place, index in enumerate(self.axes)}
        self.light = Expansion(self.canonical, self, self.rank)
        self.full = Expansion(self.canonical, self, self.rank, everything=True)
        self.facts: list[Rule] = fact_rules(self.sheet, Expansion(self.canonical))
        self.definitions: list[Rule] | None = None

    def __call__(self, term: Term) -> Term:
        """The short form of a term without derivatives."""
        if isinstance(term, Tensor | Number | Delta):
            return term
        known = self._known.get(term)
        if known is None:
            self._known[term] = term  # while its own parts are simplified
            known = self._known[term] = self._shortest(term)
        return known

    def _shortest(self, term: Term) -> Term:
        forms = [stage.term for stage in self.stages(term)]
        light = forms[-1] if forms else term
        return min((self.canonical(term), light, *self._expanded(light)), key=_preference)

    def _expanded(self, term: Term) -> Iterator[Term]:
        """The form in which everything was multiplied out, where that can differ."""
        if not _has_sum_in_product(term):
            return
        try:
            polynomial = self.full(term)
        except TooLargeError:
            return
        if len(polynomial) <= MOST_EXPANDED:
            polynomial = replaced(polynomial, [*self.facts, *self._definition_rules()], self.full)
            yield factor(polynomial, self.canonical)

    def stages(self, term: Term) -> Iterator[Stage]:
        """The forms on the way, each equal to the one before."""
        try:
            polynomial = self.light(term)
        except TooLargeError:
            return
        yield Stage("contract", self.light.term(polynomial))
        for name, rules in (("fact", self.facts), ("recognise", self._definition_rules())):
            new = replaced(polynomial, rules, self.light)
            if new is not polynomial:
                polynomial = new
                yield Stage(name, self.light.term(polynomial))
        polynomial = self._facts_again(polynomial)
        yield Stage("factor", factor(polynomial, self.canonical))

    def _facts_again(self, polynomial: Polynomial) -> Polynomial:
        """Facts about tensors that were only now recognised."""
        return replaced(polynomial, self.facts, self.light)

    def _definition_rules(self) -> list[Rule]:
        if not self.fold:
            return []
        if self.definitions is None:
            self.definitions = []  # while the definitions themselves are brought into form
            self.definitions = definition_rules(self.sheet, Expansion(self.canonical, self))
        return self.definitions


def _preference(term: Term) -> tuple[float, int]:
    return (cost(term), len(term.indices))


def _has_sum_in_product(term: Term) -> bool:
    def is_sum(factor: Term) -> bool:
        return isinstance(factor, Sum) or (isinstance(factor, Power) and isinstance(factor.base, Sum))

    return any(isinstance(each, Product) and any(map(is_sum, each.factors)) for each in subterms(term))


def shortener(sheet: Sheet) -> Callable[[Term, tuple[Index, ...]], Term]:
    """The function that brings a term into short form, its free indices in the order given."""
    simplifiers: dict[tuple[Index, ...], Simplifier] = {}

    def shorten(term: Term, axes: tuple[Index, ...]) -> Term:
        if axes not in simplifiers:
            simplifiers[axes] = Simplifier(sheet, axes)
        return simplifiers[axes](term)

    return shorten


def simplify(term: Term, sheet: Sheet, axes: tuple[Index, ...] = ()) -> Term:
    """The short form of a term without derivatives, in the light of a sheet's facts and definitions."""
    return Simplifier(sheet, axes)(term)
