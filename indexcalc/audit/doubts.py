"""Verdicts that hang on how something is meant that may be meant otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.audit.comparing.comparison import compare
from indexcalc.audit.comparing.worlds import world_of
from indexcalc.audit.facts import facts_at
from indexcalc.audit.proving.proof import Verdict
from indexcalc.audit.steps import Step
from indexcalc.meaning.colons import with_crossed_dots
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.reading import read
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Formula
from indexcalc.terms import Term

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge


def doubted(judge: Judge, step: Step, verdict: Verdict) -> Verdict:
    """The verdict of a step, or that it is undecided since a side may be meant otherwise."""
    sides = step.statement.sides[step.place : step.place + 2]
    if verdict.word in ("proved", "agrees"):
        if any(side.scaled for side in sides):
            why = "it holds if the factor before the sum belongs to all terms behind it: put brackets"
            return Verdict("undecided", why)
        return verdict
    if verdict.word != "refuted":
        return verdict
    formulas = [side.formula for side in sides]
    if _is_complex(judge, step):
        return Verdict("undecided", "i may be the imaginary unit, and numbers are taken to be real")
    crossed = [with_crossed_dots(formula) for formula in formulas]
    if crossed != formulas and _holds(judge, step, *crossed):
        return Verdict("undecided", "it holds if A : B is the sum of A_ij B_ji, not of A_ij B_ij")
    return verdict


def _is_complex(judge: Judge, step: Step) -> bool:
    """Whether a step calculates with a number i that nothing declares."""
    world = world_of(judge.meanings, _terms(judge, step), step.statement.start)
    return "i" in world.leaves and "i" not in judge.known.declared


def _terms(judge: Judge, step: Step) -> list[Term]:
    values = judge.readings[step.statement].values[step.place : step.place + 2]
    return [value.term for value in values if isinstance(value, Value)]


def _holds(judge: Judge, step: Step, left: Formula, right: Formula) -> bool:
    """Whether the sides of a step are equal if they are written so."""
    statement, reading = step.statement, judge.readings[step.statement]
    try:
        values = read(left, reading.scope), read(right, reading.scope)
    except UnclearError:
        return False
    facts = facts_at(judge, statement)
    found = compare(*values, judge.meanings, statement.start, reading.condition, facts)
    return found.verdict.word in ("proved", "agrees")
