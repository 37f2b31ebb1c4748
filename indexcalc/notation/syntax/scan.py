"""Finding the statements of a text, and brackets that do not match, before anything is parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexcalc.errors import IndexcalcError, Span

LONGEST_TEXT = 1_000_000  # characters
LONGEST_STATEMENT = 50_000
DEEPEST = 100  # brackets
MARK = re.compile(r'[()\[\]\n;]|#[^\n]*|"[^"\n]*"')
EMPTY = re.compile(r"(?:\s|#[^\n]*)*")
PARTNER = {")": "(", "]": "["}


def statement_spans(text: str, span: Span) -> Iterator[Span]:
    """The statements: one a line, or set apart by semicolons; a line goes on while a bracket is open."""
    start = span.start
    opened: list[int] = []
    for mark in MARK.finditer(text, span.start, span.end):
        _follow(text, mark, opened)
        if not opened and mark.group() in ("\n", ";"):
            yield from _trimmed(text, start, mark.start())
            start = mark.end()
    _check_closed(text, opened)
    yield from _trimmed(text, start, span.end)


def check_brackets(text: str, span: Span) -> None:
    """Refuse brackets that are not closed, or closed by one of the other kind."""
    opened: list[int] = []
    for mark in MARK.finditer(text, span.start, span.end):
        _follow(text, mark, opened)
    _check_closed(text, opened)


def is_empty(text: str) -> bool:
    """Whether a text holds nothing but blanks and comments."""
    blank = EMPTY.match(text)
    return blank is not None and blank.end() == len(text)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    blank = EMPTY.match(text, start, end)
    start = blank.end() if blank else start
    if start < end:
        yield Span(start, end)


def _follow(text: str, mark: re.Match[str], opened: list[int]) -> None:
    sign = mark.group()
    if sign in ("(", "["):
        opened.append(mark.start())
        if len(opened) > DEEPEST:
            raise IndexcalcError(
                f"brackets nest more than {DEEPEST} deep",
                "Split the expression into definitions",
                text,
                [Span(mark.start(), mark.end())],
            )
    elif sign in PARTNER:
        if not opened:
            raise IndexcalcError(
                f"this {sign} closes nothing",
                f"Remove it, or open a bracket with {PARTNER[sign]}",
                text,
                [Span(mark.start(), mark.end())],
            )
        place = opened.pop()
        if text[place] != PARTNER[sign]:
            raise IndexcalcError(
                f"the bracket {text[place]} is closed by {sign}",
                "Close every bracket by one of its own kind",
                text,
                [Span(mark.start(), mark.end()), Span(place, place + 1)],
            )


def _check_closed(text: str, opened: list[int]) -> None:
    if opened:
        place = opened[-1]
        closing = ")" if text[place] == "(" else "]"
        raise IndexcalcError(
            f"this {text[place]} is never closed",
            f"Close it with {closing}",
            text,
            [Span(place, place + 1)],
        )
