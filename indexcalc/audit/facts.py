"""The facts that hold at a place, as terms; and those that would make a step true."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from indexcalc.audit.comparing.assumed import Assumed
from indexcalc.audit.comparing.comparison import compare
from indexcalc.audit.comparing.grounds import Compared
from indexcalc.audit.outline.prose import WordFact
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.proving.proof import CONFIRMED
from indexcalc.audit.reached import is_defined
from indexcalc.audit.recognise import form_of
from indexcalc.audit.slips.assumed import normalised
from indexcalc.audit.stated import exchanged, stated
from indexcalc.audit.steps import Reading
from indexcalc.context.names import Use
from indexcalc.context.told import SUM_ALONE
from indexcalc.indices import Range
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.values import Value, aligned
from indexcalc.terms import ONE, ZERO, Call, Contraction, Derivative, Product, Sum, Tensor, Term
from indexcalc.walk import subterms

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge


def facts_at(judge: Judge, statement: Statement) -> list[Assumed]:
    """The facts that were stated before a place, as terms."""
    found = []
    for fact, place in judge.facts:
        reading = judge.readings.get(fact)
        if (
            reading is None
            or fact is statement
            or not (place < statement.start or _belongs(judge, fact, statement))
        ):
            continue
        count = len(reading.values) if form_of(fact, judge.known).kind == "fact" else 2  # of a chain, symmetries only
        for number, (left, right) in enumerate(pairwise(reading.values[:count])):
            if isinstance(left, Value) and isinstance(right, Value) and _fits(left, right):
                try:
                    shown = f"{fact.sides[number].written} = {fact.sides[number + 1].written}"
                    other = ZERO if right.term is ZERO else aligned(right, left.axes, judge.meanings.ranges)
                    if not _is_law(judge, fact, left, right):
                        found.append(Assumed(left.term, "=", other, fact.start, shown))
                except UnclearError:
                    continue
    found += [
        fact for start, fact in judge.meanings.given if start <= statement.start
    ]
    return found + word_facts(judge, statement)


def _fits(left: Value, right: Value) -> bool:
    """Whether the sides of a fact have as many axes; zero has those of the other side."""
    return left.order == right.order or right.term is ZERO


def _is_law(judge: Judge, fact: Statement, left: Value, right: Value) -> bool:
    """Whether a fact holds by itself, as X^{-1} X = I does: then it ties nothing."""
    asked = (fact, left, right)
    if asked not in judge.laws:
        judge.laws[asked] = compare(left, right, judge.meanings, fact.start, only_proof=True).verdict.word == "proved"
    return judge.laws[asked]


def _belongs(judge: Judge, fact: Statement, statement: Statement) -> bool:
    """Whether a fact behind a statement is said of it: in its sentence, or as the reason in the next one."""
    prose = judge.prose
    return prose.together(fact.formula, statement.formula) or prose.explains(fact.formula, statement.formula)


def word_facts(judge: Judge, statement: Statement) -> list[Assumed]:
    """The facts that words have stated before a place, as terms."""
    found: list[Assumed] = []
    for fact in judge.prose.facts:
        if fact.fact in ("blocks", "symmetric") and judge.prose.holds(fact.place, statement.formula, statement.start):
            found += _said(fact, exchanged(fact, judge.meanings))
        ranges = slots_of(fact.name, judge)
        if is_block(fact, judge):
            continue
        if judge.prose.holds(fact.place, statement.formula, statement.start) and ranges is not None:
            found += _said(fact, stated(fact, ranges, judge.meanings))
            moved = judge.meanings.slots.get(f"d{fact.name}")
            if moved is not None and fact.fact in ("symmetric", "antisymmetric", "traceless"):
                found += _said(fact, stated(replace(fact, name=f"d{fact.name}"), moved, judge.meanings))
    found += _under_braces(judge, statement)
    for number, one, start in judge.prose.sums:
        values = [
            reading.values[0] for each, reading in judge.readings.items() if each.formula == number and reading.values
        ]
        if start <= statement.start and values and isinstance(values[0], Value) and not values[0].order:
            if one == SUM_ALONE and not _is_sum_of_one(values[0].term):
                continue
            found.append(Assumed(values[0].term, "=", ONE, start, "what adds up to one"))
    return found


def _under_braces(judge: Judge, statement: Statement) -> list[Assumed]:
    r"""What adds up to one by what stands at a brace: \underbrace{y_j + \sum_{k \neq j} y_k}_{=1}."""
    found = []
    for each, formula in judge.prose.braced:
        if each.start <= statement.start and each in judge.readings:
            value = judge.value(formula, judge.readings[each].scope)
            if isinstance(value, Value) and not value.order and _is_sum_of_one(value.term):
                if not is_defined(judge, min(value.term.symbols), statement.start):
                    found.append(Assumed(value.term, "=", ONE, each.start, "what adds up to one"))
    return found


def slots_of(name: str, judge: Judge) -> tuple[Range, ...] | None:
    """The ranges of the slots of a tensor, none of a number; no answer where the document does not speak of it."""
    alone = () if name in judge.meanings.spelled and not judge.known.rank(name) else None
    return judge.meanings.slots.get(name, alone)


def is_block(fact: WordFact, judge: Judge) -> bool:
    r"""Whether a name is a block beside the diagonal of a symmetric matrix: \\Sigma_{xy}, which is not symmetric."""
    use = judge.meanings.spelled.get(fact.name)
    if fact.fact != "symmetric" or use is None or len(use.labels) != 2 or use.labels[0] == use.labels[1]:
        return False
    return Use(use.letter, use.labels[::-1]).name in judge.meanings.spelled


def _said(fact: WordFact, equations: Iterable[tuple[Term, str, Term]]) -> list[Assumed]:
    """The equations of a fact in words."""
    return [Assumed(*each, fact.place, f"{fact.name}: {fact.words}") for each in equations]


def missing(judge: Judge, left: Value, right: Value, reading: Reading, statement: Statement) -> str:
    """What would have to be said for a step to hold.

    That the elements of a tensor add up to one; empty if nothing helps.
    """
    sums = [each for value in (left, right) for each in subterms(value.term) if _adds_elements(each)]
    for each in dict.fromkeys(sums):
        (name,) = each.symbols
        if not is_defined(judge, name, statement.start):
            facts = [*facts_at(judge, statement), Assumed(each, "=", ONE)]
            found = compare(left, right, judge.meanings, statement.start, reading.condition, facts)
            if found.verdict.word in CONFIRMED:
                return f"it holds if the elements of {name} add up to 1; the text does not say so"
    return ""


def _adds_elements(term: Term) -> bool:
    """Whether a term is the sum of the elements of a vector, by a sign or written out: t_1 + t_2 + t_3."""
    if isinstance(term, Contraction):
        return len(term.bound) == 1 and isinstance(term.body, Tensor)
    elements = term.terms if isinstance(term, Sum) else ()
    places = {each.slots for each in elements if isinstance(each, Tensor) and len(each.slots) == 1}
    written = all(slot.name.isdigit() for slots in places for slot in slots)
    return written and len(places) == len(elements) > 1 and len(term.symbols) == 1


def _is_sum_of_one(term: Term) -> bool:
    """Whether a term adds up what is made of one tensor; one element alone is 1 for some places only."""
    parts = term.terms if isinstance(term, Sum) else (term,)
    return len(term.symbols) == 1 and (_adds_elements(term) or any(isinstance(each, Contraction) for each in parts))


def missing_sign(judge: Judge, left: Value, right: Value, found: Compared, statement: Statement) -> str:
    """Of which tensor it would have to be said that its elements are 1 or -1 for a step to hold; empty if of none.

    Only of what may be a label: a number, or one for each sample, that multiplies a tensor in an exponent.
    """
    sheet = found.sheet
    bodies = {name: each.body for name, each in sheet.definitions.items()} if sheet is not None else {}
    labels = _in_exponents((left.term, right.term, *bodies.values()), bodies)
    slopes = (each for side in (left, right) for each in subterms(side.term) if isinstance(each, Derivative))
    varied = {each.variable.name for each in slopes}
    for name in sorted(labels - varied)[:MOST_TRIED]:
        ranges = slots_of(name, judge)
        if ranges is None or len(ranges) > 1 or is_defined(judge, name, statement.start):
            continue
        fact = WordFact(name, "sign", statement.start, "")
        facts = [*facts_at(judge, statement), *_said(fact, stated(fact, ranges, judge.meanings))]
        again = compare(left, right, judge.meanings, statement.start, judge.readings[statement].condition, facts)
        if again.verdict.word == "proved":
            return f"it holds if the elements of {name} are 1 or -1; the text does not say so"
    return ""


def _in_exponents(terms: Iterable[Term], bodies: Mapping[str, Term]) -> set[str]:
    """The names of tensors that multiply something else in an exponent, through definitions too."""
    calls = (each for term in terms for each in subterms(term) if isinstance(each, Call) and each.function in RISING)
    pending: list[Term] = list(calls)
    found: set[str] = set()
    seen: set[str] = set()
    while pending:
        term = pending.pop()
        for part in subterms(term):
            if isinstance(part, Product) and len(part.symbols) > 1:
                found |= {factor.name for factor in part.factors if isinstance(factor, Tensor)}
        pending += [bodies[name] for name in term.symbols & bodies.keys() - seen]
        seen |= term.symbols
    return found


RISING = frozenset(("exp", "sigmoid", "softplus"))
MOST_TRIED = 3


def unsaid_sum(found: Compared) -> str:
    """What would have to be said for refuted sides to be the same: that the elements of a tensor add up to 1."""
    if found.left is None or found.right is None or found.sheet is None:
        return ""
    sentence = normalised(found.left, found.right, found.sheet, found.axes)
    return sentence and f"{sentence}; the text does not say so"
