r"""Markdown: formulas in $$, \[ \], \begin{align} or ```math fences, sheets in ```indexcalc fences.

Code fences, code spans and comments are left out. Lists and quotations may hold formulas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexcalc.check.documents.pieces import Opener, Piece, Scanner, environment, formula, skip, unquoted
from indexcalc.check.documents.places import Placed

MARKS = re.compile(
    r"""(?P<fence>^[ \t>]*(?P<run>`{3,}|~{3,})(?P<info>[^\n`]*)$\n?)
    |(?P<comment><!--)
    |(?P<code>`+)
    |(?P<formula>\$\$|\\\\?[\[(]|\$)
    |(?P<environment>\\begin\s*\{(?P<name>[^{}\n]*)\})
    |(?P<skip>\\.)""",
    re.VERBOSE | re.MULTILINE,
)


def fence(scanner: Scanner, match: re.Match[str]) -> tuple[Piece | None, int]:
    """A code fence, up to the same mark on a line of its own or the end of the text."""
    run = match["run"]
    closing = re.compile(rf"^[ \t>]*{re.escape(run)}+[ \t]*$", re.MULTILINE)
    found = closing.search(scanner.text, match.end())
    end, after = found.span() if found else (len(scanner.text),) * 2
    language = re.match(r"\W*(\w*)", match["info"])
    content = unquoted(scanner.content[match.end() : end])
    match language.group(1).lower() if language else "":
        case "indexcalc":
            return Piece("sheet", content), after
        case "math":
            return Piece("formula", content), after
    return Piece("prose", scanner.content[after:after]), after


def code(scanner: Scanner, match: re.Match[str]) -> tuple[None, int]:
    """A code span, if it is closed before the next blank line."""
    end = scanner.find(match.group(), match.end(), scanner.paragraph_end(match.end()))
    return None, match.end() if end < 0 else end + len(match.group())


def comment(scanner: Scanner, match: re.Match[str]) -> tuple[None, int]:
    """A comment, up to its end or that of the text."""
    end = scanner.text.find("-->", match.end())
    return None, len(scanner.text) if end < 0 else end + len("-->")


OPENERS: dict[str, Opener] = {
    "fence": fence,
    "comment": comment,
    "code": code,
    "formula": formula,
    "environment": environment,
    "skip": skip,
}


def pieces(text: Placed) -> Iterator[Piece]:
    """The pieces of a Markdown text."""
    return Scanner(text, MARKS, OPENERS).pieces()
