"""What is wrong with a refuted step, and the right side as it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.audit.comparing.grounds import Compared
from indexcalc.audit.mending.search import mended
from indexcalc.audit.proving.proof import CONFIRMED, Verdict
from indexcalc.audit.slips.diagnosis import diagnose
from indexcalc.audit.spelling import readable, written_term
from indexcalc.audit.steps import Step
from indexcalc.budget import SpentError, limited
from indexcalc.meaning.values import Value

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge


def explained(judge: Judge, step: Step, found: Compared, verdict: Verdict) -> tuple[Verdict, str]:
    """A refuted verdict with what is wrong, as far as a step's work suffices to find that, and the right side."""
    try:
        with limited():
            return _diagnosed(judge, step, found, verdict)
    except SpentError:
        return verdict, ""


def _diagnosed(judge: Judge, step: Step, found: Compared, verdict: Verdict) -> tuple[Verdict, str]:
    """A refuted verdict with what is wrong, and the right side as it should be."""
    if found.left is None or found.right is None or found.sheet is None or not judge.seeks:
        return verdict, ""
    statement = step.statement
    if statement in judge.wrong and _is_mended(judge, step):
        line = next(claim.line for claim in judge.claims if claim.chain == statement.start and claim.first_wrong)
        repaired = f"differs from the row above, equals the first row: the slip of line {line} is mended here"
        return Verdict("refuted", f"{verdict.reason}; {repaired}", verdict.counterexample), ""
    mend = mended(judge, step)
    if mend is not None:
        return Verdict("refuted", f"{mend.mend.why}; {verdict.reason}", verdict.counterexample), mend.fix
    sentence, new = diagnose(found.left, found.right, found.sheet, found.axes)
    left = judge.readings[statement].values[step.place]
    is_matrix = isinstance(left, Value) and left.order > 0
    fix = written_term(new, found.sheet, found.axes, judge.meanings, is_matrix) if new is not None else ""
    reason = f"{readable(sentence, judge.meanings)}; {verdict.reason}" if sentence else verdict.reason
    return Verdict("refuted", reason, verdict.counterexample), fix


def _is_mended(judge: Judge, step: Step) -> bool:
    """Whether a side behind a wrong step equals the first side of its chain."""
    reading = judge.readings[step.statement]
    first, right = reading.values[0], reading.values[step.place + 1]
    if not isinstance(first, Value) or not isinstance(right, Value):
        return False
    found = judge.compared(step, first, right)
    return found.verdict.word in CONFIRMED
