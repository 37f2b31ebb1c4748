"""A step whose sides differ, with what is asked of it before it is said to be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexcalc.audit.comparing.comparison import compare
from indexcalc.audit.comparing.grounds import Compared
from indexcalc.audit.facts import facts_at
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.proving.proof import CONFIRMED
from indexcalc.audit.steps import Reading, Step
from indexcalc.meaning.values import Value
from indexcalc.terms import Term

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge


@dataclass(frozen=True)
class Refuted:
    """A step whose sides differ, with what they are."""

    judge: Judge
    step: Step
    left: Value
    right: Value
    found: Compared

    @property
    def statement(self) -> Statement:
        """The statement of the step."""
        return self.step.statement

    @property
    def reading(self) -> Reading:
        """How the statement is read."""
        return self.judge.readings[self.step.statement]

    def holds(self, left: Value, condition: Term | None = None, right: Value | None = None) -> bool:
        """Whether the step holds with other sides, or under another condition."""
        judge, place = self.judge, self.statement.start
        given = self.reading.condition if condition is None else condition
        found = compare(left, right or self.right, judge.meanings, place, given, facts_at(judge, self.statement))
        return found.verdict.word in CONFIRMED
