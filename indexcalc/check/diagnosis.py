"""What is wrong with a refuted step."""

from indexcalc.sheet import Sheet
from indexcalc.terms import Index, Term


def diagnose(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> tuple[str, str]:
    return "", ""
