"""Verdicts within the work that a step may take."""

from __future__ import annotations

from indexcalc.audit.proving.proof import Verdict, prove
from indexcalc.budget import SpentError, limited
from indexcalc.sheet import Sheet
from indexcalc.terms import Index, Term

TOO_MUCH = Verdict(
    "undecided", "it takes more work than a step may: split the step, or name parts of it by definitions"
)


def prove_within(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> Verdict:
    """As `prove`; a question that takes too much work is undecided."""
    try:
        with limited():
            return prove(left, right, sheet, axes)
    except SpentError:
        return TOO_MUCH
