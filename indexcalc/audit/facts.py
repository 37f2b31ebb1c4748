"""The facts that hold at a place, as terms; and those that would make a step true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from indexcalc.audit.comparing.assumed import Assumed
from indexcalc.audit.comparing.comparison import compare
from indexcalc.audit.comparing.grounds import Compared
from indexcalc.audit.outline.prose import WordFact
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.reached import is_defined
from indexcalc.audit.slips.assumed import normalised
from indexcalc.audit.stated import exchanged, stated
from indexcalc.audit.steps import Reading
from indexcalc.context.names import Use
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.values import Value, aligned
from indexcalc.terms import ONE, Contraction, Sum, Tensor, Term
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
            or (place >= statement.start and not judge.prose.together(fact.formula, statement.formula))
        ):
            continue
        left, right = reading.values[:2]
        if isinstance(left, Value) and isinstance(right, Value) and left.order == right.order:
            try:
                shown = f"{fact.sides[0].text} = {fact.sides[1].text}"
                other = aligned(right, left.axes, judge.meanings.ranges)
                found.append(Assumed(left.term, "=", other, fact.start, shown))
            except UnclearError:
                continue
    found += [
        fact for start, fact in judge.meanings.given if start <= statement.start
    ]
    return found + word_facts(judge, statement)


def word_facts(judge: Judge, statement: Statement) -> list[Assumed]:
    """The facts that words have stated before a place, as terms."""
    found: list[Assumed] = []
    for fact in judge.prose.facts:
        if fact.fact in ("blocks", "symmetric") and judge.prose.holds(fact.place, statement.formula, statement.start):
            found += _said(fact, exchanged(fact, judge.meanings))
        ranges = judge.meanings.slots.get(fact.name)
        if _is_block(fact, judge):
            continue
        if judge.prose.holds(fact.place, statement.formula, statement.start) and ranges is not None:
            found += _said(fact, stated(fact, ranges, judge.meanings))
            moved = judge.meanings.slots.get(f"d{fact.name}")
            if moved is not None and fact.fact in ("symmetric", "antisymmetric", "traceless"):
                found += _said(fact, stated(replace(fact, name=f"d{fact.name}"), moved, judge.meanings))
    for number, _, start in judge.prose.sums:
        values = [
            reading.values[0] for each, reading in judge.readings.items() if each.formula == number and reading.values
        ]
        if start <= statement.start and values and isinstance(values[0], Value) and not values[0].order:
            found.append(Assumed(values[0].term, "=", ONE, start, "what adds up to one"))
    return found


def _is_block(fact: WordFact, judge: Judge) -> bool:
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
            if found.verdict.word in ("proved", "agrees"):
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


def unsaid_sum(found: Compared) -> str:
    """What would have to be said for refuted sides to be the same: that the elements of a tensor add up to 1."""
    if found.left is None or found.right is None or found.sheet is None:
        return ""
    sentence = normalised(found.left, found.right, found.sheet, found.axes)
    return sentence and f"{sentence}; the text does not say so"
