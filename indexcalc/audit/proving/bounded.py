"""Verdicts within the work that a step may take."""

from __future__ import annotations

from indexcalc.audit.proving.counterexamples import compared_on_samples
from indexcalc.audit.proving.proof import Verdict, prove
from indexcalc.budget import SpentError, limited
from indexcalc.sheet import Sheet
from indexcalc.terms import Index, Term

TOO_MUCH = Verdict(
    "undecided", "it takes more work than a step may: split the step, or name parts of it by definitions"
)


def told_apart_within(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> Verdict:
    """The verdict by few samples alone, for a claim that is one of several of a kind: never `proved`."""
    if left is right:
        return Verdict("agrees", "the same expression")
    try:
        with limited():
            found = compared_on_samples(left, right, sheet, axes)
    except SpentError:
        return TOO_MUCH
    if found.found is not None:
        return Verdict("refuted", f"the sides differ {found.found}", found.found)
    if found.doubt or not found.number:
        return Verdict("undecided", found.doubt or "the sides could not be compared on samples")
    return Verdict("agrees", f"equal on {found.number} random samples; no proof was found")


def prove_within(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> Verdict:
    """As `prove`; a question that takes too much work is undecided."""
    try:
        with limited():
            return prove(left, right, sheet, axes)
    except SpentError:
        return TOO_MUCH
