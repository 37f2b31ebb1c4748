"""Readings in which a refuted step may hold: what moves with a name that a fact ties, letters that are summed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.audit.facts import facts_at
from indexcalc.context.loose import loose
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Sum, walk
from indexcalc.notation.writing.formulas import written_back
from indexcalc.terms import Contraction

if TYPE_CHECKING:
    from indexcalc.audit.fields.refuted import Refuted


def moving(refuted: Refuted) -> str:
    r"""It speaks of \dot{R}, and a fact holds of R: so one holds of its change."""
    spoken = refuted.left.term.symbols | refuted.right.term.symbols
    facts = facts_at(refuted.judge, refuted.statement)
    tied = {name for fact in facts for name in fact[0].symbols | fact[2].symbols}
    for name in sorted(spoken):
        base, _, accent = name.rpartition("_")
        if accent in ("dot", "ddot") and base in tied:
            return f"{name} may be the change of {base}, and a fact holds of {base}"
    return ""


def summed(refuted: Refuted) -> str:
    """It holds if letters that stand twice in both sides are summed over; the text shows no sums without signs."""
    known, place = refuted.judge.known, refuted.step.place
    if known.implied:
        return ""
    counts = [loose(side.formula, known, {}) for side in refuted.statement.sides[place : place + 2]]
    twice = {letter for letter, number in counts[0].items() if number > 1 and counts[1][letter] > 1} - _free(refuted)
    left, right = (_over(value, twice) for value in (refuted.left, refuted.right))
    if left is refuted.left or right is refuted.right or not refuted.holds(left, right=right):
        return ""
    return f"it holds if {', '.join(sorted(twice))} is summed over; the text does not show that it is"


def mixed(refuted: Refuted) -> str:
    """A number with a name is added to a matrix: to every element, as programs do it, or they are of one kind."""
    place, scope = refuted.step.place, refuted.reading.scope
    for side in refuted.statement.sides[place : place + 2]:
        for part in walk(side.formula):
            values = [refuted.judge.value(each, scope) for _, each in part.terms] if isinstance(part, Sum) else []
            read = [each for each in values if isinstance(each, Value)]
            if any(each.order == 2 for each in read) and any(not each.order and each.term.symbols for each in read):
                return f"a number is added to a matrix in {written_back(part)}: nothing says to which elements"
    return ""


def _free(refuted: Refuted) -> set[str]:
    """The letters that stand once in some side of a chain, also before it: they are free in all of it."""
    known, statement = refuted.judge.known, refuted.statement
    counts = [loose(side.formula, known, {}) for side in statement.sides]
    earlier = refuted.judge.readings.get(statement.earlier) if statement.earlier is not None else None
    found = {letter for each in counts for letter, number in each.items() if number == 1}
    return found | (set(earlier.free) if earlier is not None else set())


def _over(value: Value, letters: set[str]) -> Value:
    """A value summed over letters that it leaves free."""
    bound = [index for index in sorted(value.term.free.difference(value.axes)) if index.name in letters]
    return value.with_term(Contraction(bound, value.term)) if bound else value
