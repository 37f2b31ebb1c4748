"""Is left = right? A verdict: proved, refuted with a counterexample, or equal on samples only.

The ways to prove, in this order; the reason names the one that did it:

    the same normal form
    after facts, with defined tensors taken as they are
    after definitions, facts and deltas, one definition after the other
    after one step of a recurrence, and with the ends of sums as single places
    away from ties, where the derivative of max(0, x) does not exist
    as rational functions of the atoms

Samples come between, so that a wrong claim is refuted before the dearest proof is tried. Only the reference evaluator
refutes: a proof can fail to be found, but never turn a true claim into a false one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from indexcalc.audit.proving.clearing import cleared
from indexcalc.audit.proving.counterexamples import Comparison, Counterexample, compared_on_samples, differ_at_sight
from indexcalc.audit.proving.made import check_made
from indexcalc.audit.proving.members import names_members, written_out
from indexcalc.audit.proving.recurring import by_places
from indexcalc.audit.proving.remembered import Remembered
from indexcalc.audit.proving.sizes import Question, manageable
from indexcalc.audit.proving.thorough import looked_at_closely
from indexcalc.audit.proving.ties import is_tie, without_ties
from indexcalc.budget import TooLargeError
from indexcalc.calculus.resolve import Resolver
from indexcalc.errors import IndexcalcError
from indexcalc.notation.writing import text
from indexcalc.rewrite.expand import Expansion, Polynomial
from indexcalc.rewrite.facts import fact_rules, replaced
from indexcalc.rewrite.match import Rule
from indexcalc.rewrite.normal import NormalForm
from indexcalc.rewrite.piecewise import Signs
from indexcalc.rewrite.primitives.known import completed
from indexcalc.rewrite.primitives.laws import law_rules, laws
from indexcalc.rewrite.primitives.structured import Opened
from indexcalc.rewrite.rational import logarithms_vanish, vanishes
from indexcalc.rewrite.simplify import shortener
from indexcalc.rewrite.symmetry import canonical_under
from indexcalc.sheet import Fact, Sheet
from indexcalc.showing import Shown
from indexcalc.terms import Call, Derivative, Index, Number, Power, Sum, Tensor, Term, negative
from indexcalc.verify.samples import Manner, sample
from indexcalc.walk import holds, replace_tensors, subterms

BEYOND = "the values of the sides are too large or too small to be compared on samples"
FEWEST = 5  # samples with numbers that are no floats, where there are none with floats
MOST_ALONE = 6  # facts that are tried one by one
MOST_ROUNDS = 4  # of facts and laws, one after the other
MOST_DEFINITIONS = 12  # more are not written out one after the other
CONFIRMED = ("proved", "agrees")  # the words of verdicts that speak for a claim


@dataclass(frozen=True, repr=False)
class Verdict(Shown):
    """What came of a claim: its word, why, and against it an example.

    proved; agrees (on samples); refuted (by an example); undecided (read, but neither proved nor told apart in the time
    of a step, or it rests on what is not said); unreadable; skipped (no claim).
    """

    word: str
    reason: str = ""
    counterexample: Counterexample | None = None
    fix: str = ""  # what would make a refuted claim true, where that is known

    def __str__(self) -> str:
        return self.word


def prove(
    left: Term,
    right: Term,
    sheet: Sheet,
    axes: tuple[Index, ...],
    only_proof: bool = False,
    at_sight: bool = False,
) -> Verdict:
    """The verdict on left = right for all values of the axes, in the light of a sheet's definitions and facts.

    Where no sample can be drawn and no proof is found, the claim is `undecided`: nothing can be said about it.
    only_proof: what is not proved is `undecided`, and no samples are drawn for it. at_sight: sides that are far apart
    on one sample are `refuted` without an example (`undecided` with only_proof), for those who do not ask for one.
    """
    if at_sight and left is not right and _SEEN(left, right, sheet, axes, False):
        return Verdict("undecided", "no proof was found") if only_proof else Verdict("refuted", "the sides differ")
    return _REMEMBERED(left, right, sheet, axes, only_proof)


def _proved(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...], only_proof: bool) -> Verdict:
    check_made(left.symbols | right.symbols, sheet)
    difference = Sum(left, negative(right))
    if left is right:
        return Verdict("proved", "the same expression")
    attempts = Attempts(sheet, difference, axes)
    reason = attempts.quick()
    if reason and not attempts.partial:
        return _resting(reason, sheet, difference, axes)
    if only_proof and not (reason := reason or attempts.cleared() or attempts.rational()):
        return Verdict("undecided", "no proof was found")
    # The laws of logarithms and roots hold where all that they write down is defined; samples see where it is not.
    try:
        compared = compared_on_samples(left, right, sheet, axes)
        failure = compared.doubt or ("" if compared.number else BEYOND)
    except IndexcalcError as error:
        compared, failure = Comparison(None, 0), str(error)
    found = compared.found
    if found is not None:
        return Verdict("refuted", f"the sides differ {found}", found)
    reason = reason or attempts.cleared() or attempts.rational()
    if reason:
        return _resting(reason, sheet, difference, axes)
    closer = looked_at_closely(manageable(Question(left, right, sheet, axes)), attempts.normal)
    if closer.found is not None:
        return Verdict("refuted", f"the sides differ {closer.found}", closer.found)
    doubt = compared.doubt or closer.doubt or (failure if closer.number < FEWEST else "")
    if doubt:
        return Verdict("undecided", doubt)
    return Verdict("agrees", f"equal on {compared.number + closer.number} random samples; no proof was found")


_REMEMBERED = Remembered(_proved)
_SEEN = Remembered(lambda left, right, sheet, axes, _: differ_at_sight(left, right, sheet, axes))


def _resting(reason: str, sheet: Sheet, difference: Term, axes: tuple[Index, ...]) -> Verdict:
    """The verdict of a proof: from facts that no numbers obey, anything would follow."""
    used = tuple(each for each in _reached_facts(sheet, difference) if not each.possible)
    if not used:
        return Verdict("proved", reason)
    try:
        sample(replace(sheet, facts=used), (), 0, manner=Manner(finite=False))
    except IndexcalcError:
        bare = Attempts(replace(sheet, facts=()), difference, axes)
        if bare.quick() or bare.rational():
            return Verdict("proved", reason)
        return Verdict("undecided", _at_odds(sheet, used))
    return Verdict("proved", reason)


def _reached_facts(sheet: Sheet, difference: Term) -> tuple[Fact, ...]:
    """The facts that speak of a tensor in a term, or of one that such a fact speaks of."""
    names = set(difference.symbols)
    while True:
        names = names.union(*(sheet.made_of.get(name, ()) for name in names))
        used = [each for each in sheet.facts if names & (each.left.symbols | each.right.symbols)]
        more = names.union(*(each.left.symbols | each.right.symbols for each in used))
        if more == names:
            return tuple(used)
        names = more


def _at_odds(sheet: Sheet, facts: Sequence[Fact]) -> str:
    """What to say of facts that no numbers were found for: which of them, alone or with another one, are at odds."""
    for count in (1, 2):
        for some in combinations(facts, count):
            try:
                sample(replace(sheet, facts=some), (), 0, manner=Manner(finite=False))
            except IndexcalcError:
                return f"no numbers were found that obey {_written_facts(some, sheet)}: anything would follow from that"
    return f"no numbers were found that obey {_written_facts(facts, sheet)}: anything would follow from that"


def _written_facts(facts: Sequence[Fact], sheet: Sheet) -> str:
    words = [f"{text.write(each.left, sheet)} {each.relation} {text.write(each.right, sheet)}" for each in facts]
    return ("the fact " if len(words) == 1 else "the facts ") + " and ".join(words)


class _UnderFacts(NormalForm):
    """The normal form in the light of facts, which hold inside functions too: log(sum[i](y[i])) = 0."""

    rules: Sequence[Rule] = ()

    def __call__(self, term: Term) -> Polynomial:
        """The normal form after the facts; what they brought in is brought to normal form again."""
        polynomial = super().__call__(term)
        for _ in range(MOST_ROUNDS if self.rules else 0):
            new = replaced(polynomial, self.rules, self)
            if new is polynomial:
                break
            polynomial = super().__call__(self.term(new))
        return polynomial


class Attempts:
    """The ways to prove that a difference is zero, each kept for the next one."""

    def __init__(self, sheet: Sheet, difference: Term, axes: tuple[Index, ...]) -> None:
        self.kinked = holds(difference, Derivative) and not any(map(is_tie, _written(sheet, difference)))
        resolver = Resolver(sheet, shortener, [difference])
        self.difference = resolver.resolve(difference, axes)
        self.sheet = resolver.sheet
        self.opened: Opened | None = None
        known = self._laws() if self.sheet.primitives else tuple(completed(sheet))
        rank = {index: place for place, index in enumerate(axes)}
        canonical = canonical_under(replace(self.sheet, facts=(*sheet.facts, *known)) if known else sheet)
        self.plain = Expansion(canonical, rank=rank, everything=True)
        self.normal = _UnderFacts(canonical, rank, _signs(sheet))
        forms = NormalForm(canonical, rank, _signs(sheet))
        self.normal.rules = [
            *fact_rules(self.sheet, forms, all_forms=True),
            *law_rules(known, forms, all_forms=True),
        ]
        self.partial = any(map(_is_partial, subterms(self.difference)))
        self.polynomials: list[Polynomial] = []

    def _laws(self) -> tuple[Fact, ...]:
        """Take primitives apart; what those that are left obey."""
        self.opened = Opened(self.sheet, frozenset(self.sheet.primitives))
        self.difference = self.opened(self.difference)
        for definition in self.sheet.in_order:
            self.opened(definition.body)  # which may bring in further primitives
        self.sheet = self.opened.sheet
        return laws(self.sheet)

    def cleared(self) -> str:
        """The reason why the difference is zero once inverses in it are cleared; empty if that is not found."""
        if self.opened is None:
            return ""
        try:
            *_, term = self.difference, *self._written_out()
            found = cleared(term, self.sheet, self.normal)
        except (TooLargeError, RecursionError):
            return ""
        return f"the same after both sides are multiplied by {found}" if found else ""

    def quick(self) -> str:
        """The reason why the difference is zero, by normal forms; empty if that is not found."""
        for place, (reason, polynomial) in enumerate(self._normal_forms()):
            if not polynomial:
                self.partial = place > 0 and self.partial
                return reason
        if self.kinked and any(not without_ties(each, self.sheet, self.normal) for each in self.polynomials):
            return "the same away from ties"
        return ""

    def _normal_forms(self) -> Iterator[tuple[str, Polynomial]]:
        try:
            yield "the same normal form", self.plain(self.difference)
            polynomial = self.normal(self.difference)
            yield "the same normal form" + (" after the facts" if _are_equations(self.normal.rules) else ""), polynomial
            self.polynomials.append(polynomial)
            for term in self._written_out():
                polynomial = self.normal(term)
                yield "the same after definitions, facts and deltas", polynomial
                self.polynomials.append(polynomial)
            *_, last = self.difference, *self._written_out()
            for reason, term in by_places(last, self.sheet, self.normal):
                yield reason, self.normal(term)
            for alone in self._by_one_fact():
                yield "the same normal form after the facts", alone(self.difference)
        except (TooLargeError, RecursionError):  # what is nested too deep is compared on samples
            return

    def _by_one_fact(self) -> Iterator[NormalForm]:
        """Normal forms by one fact each: several may lead in a circle, x = y + z and y = x - z."""
        sources = dict.fromkeys(rule.source for rule in self.normal.rules)
        for source in list(sources)[:MOST_ALONE] if len(sources) > 1 else ():
            alone = _UnderFacts(self.normal.canonical, self.normal.rank, self.normal.signs)
            alone.rules = [rule for rule in self.normal.rules if rule.source == source]
            yield alone

    def _written_out(self) -> Iterator[Term]:
        """The difference with one definition after the other put in, the last defined one first; the rest at once."""
        term = self.difference
        used = [definition for definition in self.sheet.in_order if definition.name in self._reached(term)]
        for definition in reversed(used[-MOST_DEFINITIONS:]):
            name = definition.name

            def value(tensor: Tensor, name: str = name) -> Term | None:
                return self.sheet.inline(tensor) if tensor.name == name else None

            new = replace_tensors(term, value)
            if new is not term:
                term = new if self.opened is None else self.opened(new)
                yield term
        first, names = term, {definition.name for definition in used[:-MOST_DEFINITIONS]}
        for _ in names:
            term = replace_tensors(term, lambda each: self.sheet.inline(each) if each.name in names else None)
        if term is not first:
            yield term

    def _members(self) -> Iterator[Polynomial]:
        """The difference with sums over a few values written out, if it names some of the values."""
        try:
            *_, term = self.difference, *self._written_out()
            if names_members(term):
                yield self.normal(written_out(term))
        except (TooLargeError, RecursionError):
            return

    def _reached(self, term: Term) -> frozenset[str]:
        return term.symbols.union(*(self.sheet.made_of.get(name, frozenset()) for name in term.symbols))

    def rational(self) -> str:
        """The reason why the difference is zero as a rational function; empty if that is not found."""
        for polynomial in [*reversed(self.polynomials), *self._members()]:
            try:
                if vanishes(polynomial, self.normal):
                    return "equal as rational functions"
                if logarithms_vanish(polynomial, self.normal):
                    return "equal as logarithms of rational functions"
            except TooLargeError:
                continue
        return ""


def _are_equations(rules: Iterable[Rule]) -> bool:
    """Whether some rules come of facts that are equations: inequalities tell signs only."""
    return any(isinstance(rule.source, Fact) and rule.source.relation == "=" for rule in rules)


def _written(sheet: Sheet, term: Term) -> Iterator[Term]:
    """All parts of a term, of the definitions and of the facts."""
    facts = (side for fact in sheet.facts for side in (fact.left, fact.right))
    for each in (term, *(definition.body for definition in sheet.definitions.values()), *facts):
        yield from subterms(each)


def _is_partial(term: Term) -> bool:
    """Whether a function is not defined for all numbers: a logarithm or a root."""
    if isinstance(term, Power):
        exponent = term.exponent
        return not (isinstance(exponent, Number) and exponent.value == int(exponent.value))
    return isinstance(term, Call) and term.function in ("log", "sqrt")


def _signs(sheet: Sheet) -> Signs:
    """The tensors of which the facts say that their elements are all positive, or negative, or never one of them."""
    strict: dict[str, int] = {}
    weak: dict[str, int] = {}
    for fact in sheet.facts:
        larger, smaller = (fact.left, fact.right) if fact.relation in (">", ">=") else (fact.right, fact.left)
        for sign, tensor, bound in ((1, larger, smaller), (-1, smaller, larger)):
            every = isinstance(tensor, Tensor) and len(tensor.free) == len(tensor.slots)
            if fact.relation == "=" or not (every and isinstance(tensor, Tensor) and isinstance(bound, Number)):
                continue
            beyond = sign * bound.value
            if beyond > 0 or (beyond == 0 and fact.relation in (">", "<")):
                strict[tensor.name] = sign
            if beyond >= 0:
                weak[tensor.name] = sign
    return Signs(strict, weak)
