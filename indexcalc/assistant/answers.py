"""The answers to an assistant: short, with errors that say what to write. Nothing is executed but our own code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from indexcalc.api import check, check_code, derive, equal, parse
from indexcalc.audit.reports.claims import Claim
from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.errors import IndexcalcError
from indexcalc.sheet import Sheet
from indexcalc.terminal import fault

LONGEST = 50_000  # characters of a text
MOST_CLAIMS = 200  # that are listed


class RefusedError(ValueError):
    """What an assistant is told where there is no answer."""


def answered(question: Callable[[], Any]) -> Any:
    """The answer to a question. Raises RefusedError with the words of whatever went wrong."""
    try:
        return question()
    except IndexcalcError as error:
        raise RefusedError(str(error)) from None
    except Exception as error:  # an assistant is told like a user: in one line, without a traceback
        raise RefusedError(fault(error)) from None


def _short(text: str, what: str) -> str:
    """The text. Raises IndexcalcError for one that is too long."""
    if len(text) > LONGEST:
        raise IndexcalcError(f"{what} has {len(text)} characters, more than {LONGEST}", "Ask for a part of it")
    return text


def parsed(sheet: str) -> dict[str, Any]:
    """What a sheet defines, of what, and how it is written in LaTeX."""
    found = parse(_short(sheet, "the sheet"))
    return {
        "definitions": {name: derive(found, name).target.latex() for name in found.definitions},
        "given": {name: [range.label for range in ranges] for name, ranges in found.leaves.items()},
        "indices": {letter: range.label for letter, range in found.letters.items()},
        "facts": len(found.facts),
        "claims": len(found.claims),
        "remarks": [str(remark) for remark in found.remarks],
    }


def derived(sheet: str, target: str, steps: bool) -> dict[str, Any]:
    """The result of a target, and the steps to it if they are wanted."""
    found = derive(_short(sheet, "the sheet"), _short(target, "the target"))
    said: dict[str, Any] = {
        "target": str(found.target),
        "axes": list(found.axes),
        "result": str(found),
        "latex": found.latex(),
    }
    if steps:
        said["steps"] = [{"expression": str(step.expression), "rule": step.rule} for step in found.steps]
    return said


def compared(sheet: str, left: str, right: str) -> dict[str, Any]:
    """Whether two expressions are equal."""
    return _verdict(equal(_short(sheet, "the sheet"), _short(left, "the left side"), _short(right, "the right side")))


def code_compared(
    sheet: str, target: str, code: str, names: dict[str, str] | None, labels: dict[str, str] | None
) -> dict[str, Any]:
    """Whether array code computes a target."""
    return _verdict(check_code(_short(sheet, "the sheet"), target, _short(code, "the code"), names, labels))


def _verdict(found: Any) -> dict[str, Any]:
    said = {"verdict": str(found), "reason": found.reason}
    if found.counterexample:
        said["counterexample"] = found.counterexample.as_json()
    if found.fix:
        said["fix"] = found.fix
    return said


def checked(text: str, format: str | None) -> dict[str, Any]:
    """The verdicts on the steps of a document."""
    report = check(f"{_short(text, 'the document')}\n", format)
    wrong = [claim for claim in report.claims if str(claim.verdict) in ("refuted", "undecided", "unreadable")]
    shown = wrong[:MOST_CLAIMS]
    said: dict[str, Any] = {"counts": report.counts, "wrong_or_open": [_claim(claim) for claim in shown]}
    mistakes = [note for file in report.files for note in file.mistakes]
    if mistakes:
        said["mistakes"] = [{"line": note.line, "text": note.text} for note in mistakes]
    if len(wrong) > len(shown):
        said["not_listed"] = len(wrong) - len(shown)
    return said


def _claim(claim: Claim) -> dict[str, Any]:
    said = {"line": claim.line, "step": claim.text, "verdict": str(claim.verdict), "reason": claim.reason}
    return said | ({"fix": claim.fix} if claim.fix else {})


def generated(sheet: str, targets: list[str], backend: str) -> str:
    """The source of a function that computes one target, or several."""
    found = parse(_short(sheet, "the sheet"))
    if not targets:
        raise IndexcalcError("there is no target", "Give one, such as diff(f, x[i])")
    return derive(found, targets[0] if len(targets) == 1 else targets).code(backend=backend)


def verified(sheet: str, target: str, seed: int) -> dict[str, Any]:
    """How the code of a target compares with autograd and two other witnesses on random arrays."""
    found = derive(_short(sheet, "the sheet"), target).verify(seed=seed)
    return {
        "passed": found.passed,
        "sizes": dict(found.sizes),
        "witnesses": [
            {"witness": each.witness, "passed": each.passed, "max_error": each.max_error, "note": each.note}
            for each in found.witnesses
        ],
    }


def functions() -> str:
    """The scalar functions of the language, each with its derivative."""
    rows = []
    for name in sorted(FUNCTIONS):
        try:
            slope = str(derive(Sheet(), f"diff({name}(x), x)"))
        except IndexcalcError:  # of several arguments
            slope = ""
        rows.append(f"{name}: {slope}" if slope else name)
    return "\n".join(rows)
