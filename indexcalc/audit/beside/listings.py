"""The code of a document, with the place in the file of each of its lines.

A Python file is code as it stands. The Python cells of a notebook are one program, in their order; so are those of a
flattened notebook, where what a cell printed is left out: of each cell the most lines count that are Python together.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from indexcalc.audit.documents.document import CODE_CELL, Document
from indexcalc.audit.documents.places import Placed

PROMPT = re.compile(r"In \[[\d ]*\]:[ \t]*\n?")
MOST_PARTS = 40  # stretches of a cell that are tried


@dataclass(frozen=True)
class Listing:
    """A program: its text, and for each of its lines (from 1) the position in the file where it begins."""

    code: str
    starts: tuple[int, ...]

    def position(self, line: int) -> int:
        """Where a line of the code stands in the file."""
        return self.starts[min(max(line, 1), len(self.starts)) - 1] if self.starts else 0


def listing(document: Document) -> Listing | None:
    """The program of a document; none if it has none."""
    if document.format == "python":
        return _joined([Placed.whole(document.text)])
    if document.format == "notebook":
        cells = [region.content for region in document.regions if region.kind == "code" and region.display]
        python = [each for each, region in zip(cells, _cells(document), strict=True) if _is_python(region)]
        return _joined([each.blanked(_commands(each.text)) for each in python])
    if document.format == "text":
        return _joined(list(_flattened(document.text)))
    return None


def _cells(document: Document) -> list[str]:
    return [region.language for region in document.regions if region.kind == "code" and region.display]


def _is_python(language: str) -> bool:
    return language.lower() in ("", "python", "ipython", "ipython3", "python3")


def _commands(text: str) -> list[tuple[int, int]]:
    """The lines that are commands of the notebook."""
    return [match.span() for match in re.finditer(r"^[ \t]*[%!?].*$", text, re.MULTILINE)]


def _flattened(text: str) -> Iterator[Placed]:
    whole = Placed.whole(text)
    found = list(CODE_CELL.finditer(text))
    if not found:
        yield from _loose(text)
        return
    for match, after in zip(found, [*found[1:], None], strict=True):
        prompt = PROMPT.match(text, match.start())
        start = prompt.end() if prompt else match.start()
        end = len(text) if after is None else after.start()
        body = whole[start:end]
        body = body.blanked(_commands(body.text))
        length = _python(body.text)
        if length:
            yield body[:length]


def _python(text: str) -> int:
    """How many characters of a text are Python: the most paragraphs that are it together."""
    ends = [match.start() for match in re.finditer(r"\n[ \t]*\n|\Z", text)]
    best = 0
    for end in ends[:MOST_PARTS]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(text[:end])
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        best = end
    return best


STATEMENT = re.compile(
    r"\.?(?=[^\W\d])(?:[^\W\d][\w.]*(?:\[[^\]\n]*\])?(?:[ \t]*,[ \t]*[^\W\d]\w*)*[ \t]*[-+*/@]?=(?!=)|"
    r"import |from [\w.]+ import|def \w+\()"
)
LIBRARY = re.compile(r"\b(?:np|numpy|torch|jnp)\.\w")
LONGEST_STATEMENT = 30  # lines


def _loose(text: str) -> Iterator[Placed]:
    """The statements of a page that was copied as text: lines that assign, import or define, up to where they close."""
    if not LIBRARY.search(text):
        return
    whole = Placed.whole(text)
    starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text) + 1]
    line = 0
    while line < len(starts) - 1:
        start = starts[line]
        line += 1
        if not STATEMENT.match(text, start):
            continue
        start += text[start] == "."  # the full stop of the sentence before
        for last in range(line, min(line + LONGEST_STATEMENT, len(starts) - 1)):
            if _is_code(text[start : starts[last] - 1]):
                yield whole[start : starts[last] - 1]
                line = last
                break


def _is_code(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _joined(parts: list[Placed]) -> Listing | None:
    """The parts as one program."""
    lines: list[str] = []
    starts: list[int] = []
    for part in parts:
        position = 0
        for line in part.text.split("\n"):
            lines.append(line)
            starts.append(part.place(min(position, max(len(part.text) - 1, 0))))
            position += len(line) + 1
    return Listing("\n".join(lines), tuple(starts)) if any(line.strip() for line in lines) else None
