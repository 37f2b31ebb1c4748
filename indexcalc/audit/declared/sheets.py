"""The sheets of a document: what its fences say, statement by statement.

A fence that contradicts the ones before it (the same name with another definition, a letter with another size) begins a
new sheet, so that a document may hold several problems.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexcalc.audit.documents.places import Placed, span_in
from indexcalc.errors import IndexcalcError, Span
from indexcalc.notation.lowering.statements import Statement
from indexcalc.notation.reader import extend, read_statements
from indexcalc.notation.syntax.scan import statement_spans
from indexcalc.sheet import Sheet

CHECK = re.compile(r"check(?=\s+[^\s=\[]|\()")
COMMENT = re.compile(r"#[^\n]*")
TOKEN = re.compile(r"(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<equals>(?<![=!<>:])=(?!=))")


@dataclass(frozen=True)
class Problem:
    """Why a sheet cannot be read: the sentence and the position in the file."""

    reason: str
    position: int


@dataclass(frozen=True)
class Check:
    """A `check` statement: its sides, and where its relations stand in the file; relation k follows side k."""

    sides: tuple[Placed, ...]
    relations: tuple[int, ...]


@dataclass(frozen=True)
class Fence:
    """What stands in a fence: statements, its checks, why something cannot be read, and the statements as written."""

    statements: tuple[Statement, ...]
    checks: tuple[Check, ...]
    problem: Problem | None = None
    written: tuple[Placed, ...] = ()


MOST_ERRORS = 20  # a fence with more lines like that is no sheet


def read_fence(content: Placed) -> Fence:
    """The statements of a fence. They stop at the first that cannot be read, but all checks are found."""
    statements: list[Statement] = []
    checks: list[Check] = []
    problems: list[Problem] = []
    written: list[Placed] = []
    for span, error in spans(content.text):
        word = CHECK.match(content.text, span.start, span.end)
        if word:
            checks.append(check_of(content[word.end() : span.end]))
            continue
        try:
            if error:
                raise error
            if not problems:
                statements += read_statements(content.text, "text", span)
                written.append(content[span.start : span.end])
        except IndexcalcError as wrong:
            problems.append(located(wrong, content))
    return Fence(tuple(statements), tuple(checks), problems[0] if problems else None, tuple(written))


def spans(text: str) -> Iterator[tuple[Span, IndexcalcError | None]]:
    """The statements of a text; a line whose brackets do not match is one for itself, with its error."""
    start = errors = 0
    while start < len(text):
        try:
            for span in statement_spans(text, Span(start, len(text))):
                yield span, None
                start = span.end
            return
        except IndexcalcError as error:
            place = error.spans[0].start if error.spans else len(text)
            begin = max(start, text.rfind("\n", 0, place) + 1)
            start = text.find("\n", place)
            start = len(text) if start < 0 or errors == MOST_ERRORS else start
            errors += 1
            yield Span(begin, start), error


def located(error: IndexcalcError, content: Placed) -> Problem:
    """An error in a placed text as a problem in the file."""
    inside = error.spans and error.text == content.text
    position = span_in(content, error.spans[0]).start if inside else content.start
    return Problem(". ".join(part for part in (error.cause, error.remedy) if part), position)


def check_of(content: Placed) -> Check:
    """A `check` statement without its word."""
    content = content.blanked(match.span() for match in COMMENT.finditer(content.text))
    places = list(_equals(content.text))
    starts = [0, *(place + 1 for place in places)]
    sides = [content[start:end].stripped() for start, end in zip(starts, [*places, len(content)], strict=True)]
    return Check(tuple(sides), tuple(map(content.place, places)))


def _equals(text: str) -> Iterator[int]:
    """Where the equality signs outside of brackets stand; all of them where the brackets do not match."""
    found: list[tuple[int, int]] = []
    depth, matched = 0, True
    for match in TOKEN.finditer(text):
        depth += (match["open"] is not None) - (match["close"] is not None)
        matched = matched and depth >= 0
        if match["equals"]:
            found.append((match.start(), depth))
    return (place for place, inside in found if not inside or depth or not matched)


def extended(sheet: Sheet, fence: Fence, content: Placed) -> tuple[Sheet, bool, Problem | None]:
    """The sheet with the statements of a fence; whether they begin a new sheet; why they make none."""
    if fence.problem:
        return sheet, False, fence.problem
    try:
        return extend(sheet, fence.statements), False, None
    except IndexcalcError as error:
        try:
            return extend(Sheet(), fence.statements), True, None
        except IndexcalcError:
            return sheet, False, located(error, content)
