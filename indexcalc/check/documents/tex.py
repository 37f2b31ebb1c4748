"""LaTeX: formulas in all its containers, sheets in comment lines that begin with `% indexcalc:`.

Other comments and verbatim texts are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexcalc.check.documents.pieces import Opener, Piece, Scanner, environment, formula, skip
from indexcalc.check.documents.places import Placed

MARKS = re.compile(
    r"""(?P<sheet>^[ \t]*%+[ \t]*indexcalc:.*(?:\n[ \t]*%+[ \t]*indexcalc:.*)*)
    |(?P<comment>%.*)
    |(?P<verbatim>\\begin\{(?P<block>(?:verbatim|lstlisting|minted|comment)\*?)\})
    |(?P<formula>\$\$|\\[\[(]|\$)
    |(?P<environment>\\begin\s*\{(?P<name>[^{}\n]*)\})
    |(?P<skip>\\.)""",
    re.VERBOSE | re.MULTILINE,
)
STATEMENT = re.compile(r"^[ \t]*%+[ \t]*indexcalc:(.*)$", re.MULTILINE)


def sheet(scanner: Scanner, match: re.Match[str]) -> tuple[Piece, int]:
    """The statements of neighbouring comment lines."""
    lines = STATEMENT.finditer(scanner.text, match.start(), match.end())
    return Piece("sheet", Placed.joined((scanner.content[slice(*line.span(1))] for line in lines), "\n")), match.end()


def verbatim(scanner: Scanner, match: re.Match[str]) -> tuple[None, int]:
    """A text that is not typeset."""
    end = scanner.text.find(f"\\end{{{match['block']}}}", match.end())
    return None, len(scanner.text) if end < 0 else end


OPENERS: dict[str, Opener] = {
    "sheet": sheet,
    "comment": skip,
    "verbatim": verbatim,
    "formula": formula,
    "environment": environment,
    "skip": skip,
}


def pieces(text: Placed) -> Iterator[Piece]:
    """The pieces of a LaTeX text."""
    for piece in Scanner(text, MARKS, OPENERS).pieces():
        formula = piece.kind in ("formula", "inline")
        yield Piece(piece.kind, without_comments(piece.content) if formula else piece.content)


def without_comments(content: Placed) -> Placed:
    """With blanks for the comments inside a formula."""
    found = re.finditer(r"\\.|(%.*)", content.text)
    return content.blanked(match.span(1) for match in found if match[1])
