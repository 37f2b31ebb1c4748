"""What a comparison says for or against a step: what the text leaves open takes a verdict back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.audit.comparing.grounds import Compared
from indexcalc.audit.doubts import doubt_of
from indexcalc.audit.fields.refuted import Refuted
from indexcalc.audit.fields.unsaid import is_left_open
from indexcalc.audit.fitting import as_claimed
from indexcalc.audit.holding.conditions import held_if
from indexcalc.audit.proving.proof import CONFIRMED, Verdict
from indexcalc.audit.shaping.choices import resting
from indexcalc.audit.shaping.powers import raises
from indexcalc.audit.solving.judged import in_solving
from indexcalc.audit.steps import Step, stray_letter
from indexcalc.meaning.values import Value

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge


def weighed(judge: Judge, step: Step, left: Value, right: Value, found: Compared) -> tuple[Compared, Verdict]:
    """The comparison of the sides of a step as it counts, and the verdict on the step."""
    found, special = in_solving(judge, step, left, right, found)
    verdict = as_claimed(judge, step, found, special)
    refuted = Refuted(judge, step, left, right, found)
    condition = judge.readings[step.statement].condition
    stray = stray_letter(left, right, condition) if verdict.word == "refuted" else ""
    if stray and not is_left_open(refuted, stray):
        why = f"the index {stray} stands once on the right and not on the left: write the sum, if one is meant"
        verdict = Verdict("unreadable", why)
    if verdict.word == "refuted" and (doubt := doubt_of(refuted)):
        verdict = Verdict("undecided", doubt)
    if verdict.word in CONFIRMED and (why := held_if(refuted)):
        verdict = Verdict("undecided", why)
    return found, resting(verdict, left.term.symbols | right.term.symbols, raises(step), judge.known)
