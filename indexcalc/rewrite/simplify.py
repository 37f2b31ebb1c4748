"""The short form: of the equal forms that the passes find, the one that is cheapest to read.

    multiply out as far as the deltas ask (`expand`)  ->  use the facts  ->  recognise definitions  ->  take out common
    factors (`factor`)

once with sums kept as factors and, where there are any, once with everything multiplied out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import prod

from indexcalc.budget import Budget, TooLargeError, measured, spend, uncounted
from indexcalc.rewrite.consequences import Consequences
from indexcalc.rewrite.cost import cost, loses_differences
from indexcalc.rewrite.deltas import Rank
from indexcalc.rewrite.expand import HIGHEST_EXPANDED_POWER, Expansion, Polynomial
from indexcalc.rewrite.factor import factor
from indexcalc.rewrite.facts import definition_rules, fact_rules, replaced_by
from indexcalc.rewrite.match import Rule
from indexcalc.rewrite.monomial import atom
from indexcalc.rewrite.primitives.laws import law_rules, laws
from indexcalc.rewrite.symmetry import canonical_under
from indexcalc.sheet import Definition, Fact, Primitive, Sheet
from indexcalc.terms import (
    MINUS_ONE,
    ONE,
    Contraction,
    Delta,
    Index,
    Number,
    Power,
    Product,
    Sum,
    Tensor,
    Term,
    factors_of,
)
from indexcalc.walk import Memo, subterms

MOST_SHORT = 2000  # short forms that are kept for one sheet
LONG = 40.0  # the cost of a form that is worth another pass
MOST_PASSES = 4  # over one term
Sources = tuple[Fact | Definition, ...]  # what a form was found by
MOST_EXPANDED = 24  # addends; what has more when multiplied out is rarely shorter, and takes long to factor again


@dataclass(frozen=True)
class Stage:
    """A form of a term on its way to the short form: what was done, by which facts or definitions, and the result."""

    rule: str
    term: Term
    sources: Sources = ()


@dataclass(frozen=True, slots=True)
class _Form:
    """A polynomial on the way, with the pass that gave it and what that used."""

    rule: str
    polynomial: Polynomial
    sources: Sources = ()


class Rulebook:
    """What the passes use of a sheet: the canonical form under its symmetries, its facts, its definitions.

    What it has worked out depends on the sheet alone, not on what was asked before: see `rulebook`. While it works
    something out it holds the question for the answer, so that no other thread may ask: each has its own.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.canonical = canonical_under(sheet)
        known = laws(sheet)
        if known:
            self.canonical = canonical_under(replace(sheet, facts=(*sheet.facts, *known)))
        expansion = Expansion(self.canonical)
        self.facts: list[Rule] = [*fact_rules(sheet, expansion), *law_rules(known, expansion)]
        self.consequences = Consequences(sheet, self.canonical)
        self.short: dict[tuple[Term, tuple[Index, ...]], tuple[Term, int]] = {}  # short forms, and the work they took
        self._definitions: dict[str, list[Rule]] = {}
        self._by_symbol: dict[str, list[int]] = {}  # the places of definitions, by a tensor that they are made of
        for place, definition in enumerate(sheet.in_order):
            if definition.recognised:
                self._by_symbol.setdefault(min(definition.body.symbols, default=""), []).append(place)

    def definitions(self, polynomial: Polynomial, known: int | None = None) -> list[Rule]:
        """The definitions that may stand in a polynomial, as rules from right to left; the last defined one first.

        Only the first `known` of them; all if it is not given.
        """
        symbols = frozenset[str]().union(*(base.symbols for each in polynomial for base in each.powers))
        found: list[Rule] = []
        for place in sorted(self._made_of(symbols), reverse=True):
            if known is None or place < known:
                found += self._rules(self.sheet.in_order[place], place)
        return found

    def _made_of(self, symbols: frozenset[str]) -> list[int]:
        """The places of the definitions that are made of some of these tensors only."""
        candidates = (place for name in ("", *symbols) for place in self._by_symbol.get(name, ()))
        return [place for place in candidates if self.sheet.in_order[place].body.symbols <= symbols]

    def speaks_of(self, symbols: frozenset[str]) -> bool:
        """Whether a fact or a definition is made of some of these tensors only."""
        if any(rule.symbols <= symbols for rule in self.facts) or self.sheet.facts:
            return True
        return bool(self._made_of(symbols))

    def _rules(self, definition: Definition, place: int) -> list[Rule]:
        """A definition as rules, in the words of those before it."""
        if definition.name not in self._definitions:
            expansion = Expansion(self.canonical, Simplifier(self, known=place))
            with uncounted():
                self._definitions[definition.name] = definition_rules(definition, expansion)
        return self._definitions[definition.name]


@dataclass(frozen=True)
class _Said:
    """What a rulebook depends on; the sheet has it, with letters and names that do not matter."""

    facts: tuple[Fact, ...]
    definitions: tuple[Definition, ...]
    primitives: tuple[Primitive, ...]
    sheet: Sheet = field(compare=False)


def rulebook(sheet: Sheet) -> Rulebook:
    """The rulebook of a sheet; the same one for all targets of a thread, which bring in further letters only."""
    definitions, primitives = tuple(sheet.definitions.values()), tuple(sheet.primitives.values())
    with uncounted():
        return _KEPT.rulebook_of(_Said(sheet.facts, definitions, primitives, sheet))


class _Kept(threading.local):
    """The last rulebooks of a thread."""

    def __init__(self) -> None:
        self.rulebook_of = lru_cache(maxsize=16)(lambda said: Rulebook(said.sheet))


_KEPT = _Kept()


class Simplifier:
    """The passes for one order of the free indices; keeps the forms that it has worked out.

    Only the first `known` of the sheet's definitions are recognised; all if it is not given.
    """

    def __init__(self, rules: Rulebook, axes: tuple[Index, ...] = (), known: int | None = None) -> None:
        self.rules, self.canonical = rules, rules.canonical
        self.known = known
        rank: Rank = {index: place for place, index in enumerate(axes)}
        self.budget = Budget()
        self.light = Expansion(self.canonical, self, rank, budget=self.budget)
        self.wider = tuple(
            Expansion(self.canonical, self, rank, everything=True, powers=powers, budget=self.budget)
            for powers in (False, True)
        )
        self._found: dict[Term, Term] = {}

    def __call__(self, term: Term) -> Term:
        """The short form of a term without derivatives."""
        if isinstance(term, (Tensor, Number, Delta)):
            return term
        found = self._found.get(term)
        if found is None:
            self._found[term] = term  # while its own parts are simplified
            with self.budget:
                found = self._found[term] = self._shortest(term)
        return found

    def _shortest(self, term: Term) -> Term:
        """The cheapest form; one that is long is tried again, since it may now fit other rules."""
        if is_short(term) and not self.rules.speaks_of(term.symbols):
            return self.canonical(term)
        found = self._cheapest(term)
        for _ in range(MOST_PASSES if cost(found) > LONG else 0):
            again = self._cheapest(found)
            if _preference(again) >= _preference(found):
                break
            found = again
        return found

    def _cheapest(self, term: Term) -> Term:
        found = [self.canonical(term)]
        try:
            forms = list(self._forms(term))
            light = factor(forms[-1].polynomial, self.canonical) if forms else term
            found.insert(0, light)
            found[1:1] = (each for each in self._expanded(light) if not loses_differences(each, light))
        except TooLargeError:  # what has no short form in little time stays as it is
            pass
        return min(found, key=_preference)

    def _expanded(self, term: Term) -> Iterator[Term]:
        """The forms in which products, and then powers too, were multiplied out, where that can differ."""
        for expansion, differs in zip(self.wider, (_is_sum, _is_power_of_sum), strict=True):
            most = addends_of(term)
            if _has_factor(term, differs) and most <= MOST_EXPANDED:
                polynomial = expansion(term)
                consequences = self.rules.consequences.rules(polynomial)
                rules = self.rules.facts + self.rules.definitions(polynomial, self.known) + consequences
                polynomial, used = replaced_by(polynomial, rules, expansion)
                # Where nothing cancelled, to factor would only be to take back what was multiplied out.
                if used or len(polynomial) < most:
                    yield factor(polynomial, self.canonical)

    def stages(self, term: Term) -> Iterator[Stage]:
        """The forms on the way, each equal to the one before."""
        forms = list(self._forms(term))
        for form in forms:
            yield Stage(form.rule, self.light.term(form.polynomial), form.sources)
        if forms:
            yield Stage("factor", factor(forms[-1].polynomial, self.canonical))

    def _forms(self, term: Term) -> Iterator[_Form]:
        """What the passes make of a term, one after the other; none if it is too large."""
        try:
            polynomial = self.light(term)
        except TooLargeError:
            return
        yield _Form("contract", polynomial)
        polynomial, used = replaced_by(polynomial, self.rules.facts, self.light)
        if used:
            yield _Form("fact", polynomial, used)
        # What is recognised may be a part of another definition.
        while (found := self._recognised(polynomial))[1]:
            polynomial, used = found
            yield _Form("recognise", polynomial, used)
        # Once more: there may be facts about what was only now recognised, and some that follow from definitions.
        rules = self.rules.facts + self.rules.consequences.rules(polynomial)
        polynomial, used = replaced_by(polynomial, rules, self.light)
        if used:
            yield _Form("fact", polynomial, used)

    def _recognised(self, polynomial: Polynomial) -> tuple[Polynomial, Sources]:
        """The polynomial with definitions in place of what they stand for: b + x*w = z as a whole, or parts of it."""
        rules = self.rules.definitions(polynomial, self.known)
        of_sums = [rule for rule in rules if rule.of_one_factor and isinstance(next(iter(rule.left.powers)), Sum)]
        for sign in (1, -1) if of_sums and len(polynomial) > 1 else ():
            whole = self.canonical(self.light.term([each.scaled(sign) for each in polynomial]))
            found, used = replaced_by([atom(whole)], of_sums, self.light)
            if used:
                return [each.scaled(sign) for each in found], used
        return replaced_by(polynomial, rules, self.light)


def is_short(term: Term) -> bool:
    """Whether a sum is in short form at sight: 1 + x or 1 - x^2, as in the slopes of many functions."""
    if not isinstance(term, Sum) or len(term.terms) != 2 or term.terms[0] is not ONE:
        return False
    sign, *rest = factors_of(term.terms[1])
    only = sign if not rest else rest[0] if sign is MINUS_ONE and len(rest) == 1 else ONE
    if isinstance(only, Power) and isinstance(only.exponent, Number):
        only = only.base
    return isinstance(only, Tensor)


def _preference(term: Term) -> tuple[float, int]:
    return (cost(term), len(term.indices))


def _is_sum(factor: Term) -> bool:
    return isinstance(factor, Sum) or _is_power_of_sum(factor)


def _is_power_of_sum(factor: Term) -> bool:
    return isinstance(factor, Power) and isinstance(factor.base, Sum)


def _has_factor(term: Term, kind: Callable[[Term], bool]) -> bool:
    products = (each for each in subterms(term) if isinstance(each, Product))
    return any(kind(factor) for product in products for factor in product.factors)


def addends_of(term: Term) -> int:
    """How many addends a term has when it is multiplied out: an upper bound."""

    def rule(term: Term, rec: Memo[int]) -> int:
        match term:
            case Sum():
                return sum(map(rec, term.terms))
            case Product():
                return prod(map(rec, term.factors))
            case Power(base, Number(value)) if 1 < value <= HIGHEST_EXPANDED_POWER:
                return int(rec(base) ** int(value))
            case Contraction(_, body):
                return rec(body)
        return 1

    return Memo(rule)(term)


def shortener(sheet: Sheet) -> Callable[[Term, tuple[Index, ...]], Term]:
    """The function that brings a term into short form, its free indices in the order given.

    What is asked again counts as much work as it took: whether it was asked before must not tell.
    """
    rules = rulebook(sheet)

    def shorten(term: Term, axes: tuple[Index, ...]) -> Term:
        known = rules.short.get((term, axes))
        if known is not None:
            spend(known[1])
            return known[0]
        with measured() as work:
            found = Simplifier(rules, axes)(term)
        if len(rules.short) >= MOST_SHORT:
            rules.short.clear()
        rules.short[term, axes] = found, work.done
        return found

    return shorten


def simplify(term: Term, sheet: Sheet, axes: tuple[Index, ...] = ()) -> Term:
    """The short form of a term without derivatives, in the light of a sheet's facts and definitions."""
    return Simplifier(rulebook(sheet), axes)(term)
