r"""The pieces of a text: formulas, sheets, and the prose between them; what Markdown and LaTeX have in common.

A scanner goes from one opening mark to the next ($$, \[, \begin{align}, a code fence, ...) and looks for its closing
mark. It takes linear time on any text: that a mark does not close is remembered up to where it was sought.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from indexcalc.check.documents.places import Placed

Kind = Literal["formula", "inline", "sheet", "prose", "open"]


@dataclass(frozen=True)
class Piece:
    """A stretch of a document.

    kind: a displayed formula, one in a line of prose, statements of a sheet, prose, or a formula that is not closed.
    """

    kind: Kind
    content: Placed


DISPLAYS = ("displaymath", "dmath", "equation", "math")
ALIGNMENTS = (
    *(
        "align",
        "alignat",
        "aligned",
        "alignedat",
        "eqnarray",
        "flalign",
        "gather",
        "gathered",
        "multline",
        "split",
    ),
    *("IEEEeqnarray", "multlined"),
)
ENVIRONMENTS = frozenset(name + star for name in (*DISPLAYS, *ALIGNMENTS) for star in ("", "*"))
CLOSERS = {"$$": "$$", "\\[": "\\]", "\\\\[": "\\\\]", "\\(": "\\)", "\\\\(": "\\\\)", "$": "$"}
INLINE = ("$", "\\(", "\\\\(")
INNER = re.compile(r"\s*\\begin\s*\{([A-Za-z]+\*?)\}")
LONGEST_FORMULA = 50_000  # characters
LONGEST_INLINE = 2000  # characters; a dollar that closes further away is a price

# What opens a piece at a mark: the piece and the position behind it, or only the position if nothing is taken.
Opener = Callable[["Scanner", "re.Match[str]"], tuple[Piece | None, int]]


class Scanner:
    """The pieces of a text, given a pattern of opening marks and what to do at each (by the name of its group)."""

    def __init__(self, text: Placed, marks: re.Pattern[str], openers: dict[str, Opener]) -> None:
        self.content, self.text = text, text.text
        self.marks, self.openers = marks, openers
        self.sought: dict[str, int] = {}  # closing marks, and up to where there is none

    @cached_property
    def blanks(self) -> list[int]:
        """Where the blank lines begin: a formula does not go on behind one."""
        return [match.start() for match in re.finditer(r"\n(?=[ \t>]*\n)", self.text)]

    def paragraph_end(self, position: int) -> int:
        """Where the next blank line begins."""
        place = bisect_left(self.blanks, position)
        return self.blanks[place] if place < len(self.blanks) else len(self.text)

    def find(self, closer: str, start: int, limit: int) -> int:
        """Where a closing mark stands (not behind a backslash); -1 if not before the limit."""
        while start < limit and self.sought.get(closer, 0) < limit:
            found = self.text.find(closer, start, limit)
            if found < 0:
                self.sought[closer] = limit
                return -1
            if not escaped(self.text, found):
                return found
            start = found + 1
        return -1

    def pieces(self) -> Iterator[Piece]:
        """All pieces, in their order."""
        done = position = 0
        while match := self.marks.search(self.text, position):
            kind = match.lastgroup or ""
            piece, position = self.openers[kind](self, match)
            if piece is not None:
                yield from self.prose(done, match.start())
                yield piece
                done = position
        yield from self.prose(done, len(self.text))

    def prose(self, start: int, end: int) -> Iterator[Piece]:
        """The prose of a stretch, if it holds any."""
        if not self.text[start:end].isspace() and start < end:
            yield Piece("prose", self.content[start:end])


def escaped(text: str, position: int) -> bool:
    """Whether an odd number of backslashes stands before a position."""
    start = position
    while start and text[start - 1] == "\\":
        start -= 1
    return (position - start) % 2 == 1


# ----- Openers -----------------------------------------------------------------------------------------------------


def skip(scanner: Scanner, match: re.Match[str]) -> tuple[None, int]:
    """Nothing begins here: an escaped character, a comment that the pattern holds as a whole."""
    return None, match.end()


def formula(scanner: Scanner, match: re.Match[str]) -> tuple[Piece | None, int]:
    """A formula between two marks; it ends before the next blank line."""
    opener = match.group()
    inner = INNER.match(scanner.text, match.end())  # an environment may hold blank lines
    start = scanner.text.find(f"\\end{{{inner[1]}}}", match.end()) if inner else -1
    limit = scanner.paragraph_end(max(match.end(), start))
    if opener in INLINE:
        limit = min(limit, match.end() + LONGEST_INLINE)
    end = scanner.find(CLOSERS[opener], match.end(), limit)
    if end < 0:
        broken = Piece("open", scanner.content[match.start() : limit])
        return (None if opener in INLINE else broken), match.end()
    piece = Piece("inline" if opener in INLINE else "formula", unquoted(scanner.content[match.end() : end]))
    return piece, end + len(CLOSERS[opener])


def environment(scanner: Scanner, match: re.Match[str]) -> tuple[Piece | None, int]:
    """A formula in an environment without dollars around it; other environments are prose."""
    name = match["name"].strip()
    if name not in ENVIRONMENTS:
        return None, match.end()
    closer = f"\\end{{{name}}}"
    again = scanner.text.find(f"\\begin{{{name}}}", match.end())
    end = scanner.find(closer, match.end(), again if again >= 0 else len(scanner.text))
    if end < 0:
        return Piece("open", scanner.content[match.start() : scanner.paragraph_end(match.end())]), match.end()
    end += len(closer)
    return Piece("formula", unquoted(scanner.content[match.start() : end])), end


def unquoted(content: Placed) -> Placed:
    """Without the marks of a block quotation at the beginning of each further line."""
    later = content.text.splitlines()[1:]
    if later and all(line.lstrip().startswith(">") for line in later):
        return content.blanked(match.span(1) for match in re.finditer(r"\n[ \t]*(>+)", content.text))
    return content
