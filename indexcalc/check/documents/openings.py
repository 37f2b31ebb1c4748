r"""What a line of Markdown opens and does not close: a display, an environment, a comment, an element of code."""

from __future__ import annotations

import re

from indexcalc.check.documents.formula import ENVIRONMENTS
from indexcalc.check.documents.marks import LENGTHS, display_end, environment_end, is_formula
from indexcalc.check.documents.scanner import Closers

OPENING = re.compile(
    r"(?P<display>\$\$|\\\\?\[)|\\begin\s*\{(?P<name>[^{}\n]{1,50})\}|\\.|(?P<run>`+)|(?P<comment><!--)|(?P<dollar>\$)"
    r"|<(?P<tag>script|style|pre)\b[^<>\n]{0,500}>"
)


def opening_in(text: str, closers: Closers, start: int, end: int) -> re.Match[str] | None:
    """The first mark in a stretch of a line that opens something which the stretch does not close."""
    position = start
    while match := OPENING.search(text, position, end):
        position = match.end()
        if match["dollar"]:
            closing = closers.next(r"\$", position, end)
            position = closing + 1 if closing >= 0 and is_formula(text, position, closing) else position
        elif match["run"]:
            closing = closers.run(len(match["run"]), position, end)
            position = closing + len(match["run"]) if closing >= 0 else position
        elif any(match[name] for name in ("display", "name", "comment", "tag")):
            if match["name"] and match["name"].strip() not in ENVIRONMENTS:
                continue
            closing = closing_of(text, closers, match)
            if closing < 0:
                continue
            if closing > end:
                return match
            position = closing
    return None


def closing_of(text: str, closers: Closers, match: re.Match[str]) -> int:
    """Behind what closes an opening; -1 if it is not closed where it may be."""
    start = match.end()
    if match["comment"]:
        end = closers.next("-->", start)
        return end + len("-->") if end >= 0 else -1
    if match["tag"]:
        end = closers.next(rf"(?i:</{match['tag']}\s*>)", start)
        return text.index(">", end) + 1 if end >= 0 else -1
    if match["name"]:
        return environment_end(text, closers, match["name"].strip(), start)
    end = display_end(text, closers, match["display"], start)
    return end + LENGTHS[match["display"]] if end >= 0 else -1
