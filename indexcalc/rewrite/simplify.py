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
from indexcalc.rewrite.expand import Expansion, TooLargeError
from indexcalc.rewrite.factor import factor
from indexcalc.rewrite.facts import definition_rules, fact_rules, replaced, replaced_by, symmetries
from indexcalc.rewrite.match import Rule
from indexcalc.sheet import Definition, Fact, Sheet
from indexcalc.terms import Delta, Index, Number, Power, Product, Sum, Tensor, Term
from indexcalc.walk import subterms

MOST_EXPANDED = 400  # addends; a product that has more when multiplied out is left as it is


@dataclass(frozen=True)
class Stage:
    """A form of a term on its way to the short form: what was done, by which facts or definitions, and the result."""

    rule: str
    term: Term
    sources: tuple[Fact | Definition, ...] = ()


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
        self.wider = tuple(
            Expansion(self.canonical, self, self.rank, everything=True, powers=powers) for powers in (False, True)
        )
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
        """The forms in which products, and then powers too, were multiplied out, where that can differ."""
        for expansion, differs in zip(self.wider, (_is_sum, _is_power_of_sum), strict=True):
            if not _has_factor(term, differs):
                continue
            try:
                polynomial = expansion(term)
            except TooLargeError:
                continue
            if len(polynomial) <= MOST_EXPANDED:
                polynomial = replaced(polynomial, [*self.facts, *self._definition_rules()], expansion)
                yield factor(polynomial, self.canonical)

    def stages(self, term: Term) -> Iterator[Stage]:
        """The forms on the way, each equal to the one before."""
        try:
            polynomial = self.light(term)
        except TooLargeError:
            return
        yield Stage("contract", self.light.term(polynomial))
        for name, rules in (("fact", self.facts), ("recognise", self._definition_rules())):
            polynomial, used = replaced_by(polynomial, rules, self.light)
            if used:
                yield Stage(name, self.light.term(polynomial), used)
        # Once more: there may be facts about what was only now recognised.
        polynomial, used = replaced_by(polynomial, self.facts, self.light)
        if used:
            yield Stage("fact", self.light.term(polynomial), used)
        yield Stage("factor", factor(polynomial, self.canonical))

    def _definition_rules(self) -> list[Rule]:
        if not self.fold:
            return []
        if self.definitions is None:
            self.definitions = []  # while the definitions themselves are brought into form
            self.definitions = definition_rules(self.sheet, Expansion(self.canonical, self))
        return self.definitions


def _preference(term: Term) -> tuple[float, int]:
    return (cost(term), len(term.indices))


def _is_sum(factor: Term) -> bool:
    return isinstance(factor, Sum) or _is_power_of_sum(factor)


def _is_power_of_sum(factor: Term) -> bool:
    return isinstance(factor, Power) and isinstance(factor.base, Sum)


def _has_factor(term: Term, kind: Callable[[Term], bool]) -> bool:
    products = (each for each in subterms(term) if isinstance(each, Product))
    return any(kind(factor) for product in products for factor in product.factors)


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
