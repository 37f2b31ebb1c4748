"""Documents: a file of any format as a list of pieces, each placed in the file.

Markdown, LaTeX, reStructuredText, Org, Typst, notebooks, sheets, and flattened notebooks (a text with `In [3]:` before
each code cell, as they are left by copying one into a text file). Nothing of a document is executed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from indexcalc.audit.documents import markdown, notebook, python, rst, tex
from indexcalc.audit.documents.macros import expanded
from indexcalc.audit.documents.markup import org, typst
from indexcalc.audit.documents.pieces import Piece, pieces_of
from indexcalc.audit.documents.places import Lines, Placed
from indexcalc.audit.documents.regions import Region
from indexcalc.audit.documents.scanner import Numbering
from indexcalc.errors import IndexcalcError, Span

LONGEST = 20_000_000  # characters; a larger file is data, not a document


@dataclass(frozen=True)
class Document:
    """A file: its name ("" for a text that has none), its format, its text, and the regions in it, in their order.

    `cells` are the starts of the cells of a notebook with their numbers.
    """

    name: str
    format: str
    text: str
    regions: tuple[Region, ...]
    cells: tuple[tuple[int, int], ...] = ()

    @cached_property
    def lines(self) -> Lines:
        """The lines of the file."""
        return Lines(self.text)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The formulas, the sheets and the prose between them."""
        return tuple(pieces_of(self.regions))

    def cell(self, position: int) -> int | None:
        """The number of the notebook's cell in which a position stands."""
        place = bisect_right(self.cells, (position, len(self.text)))
        return self.cells[place - 1][1] if place else None


CODE_CELL = re.compile(r"^In \[[\d ]*\]:.*\n(?:.*\S.*\n?)*", re.MULTILINE)


def flattened(text: Placed, numbering: Numbering) -> Iterator[Region]:
    """A flattened notebook: Markdown, but for the first paragraph of each code cell."""
    return markdown.regions(text.blanked(match.span() for match in CODE_CELL.finditer(text.text)), numbering)


def sheet(text: Placed, numbering: Numbering) -> Iterator[Region]:
    """A sheet is one region."""
    yield Region("sheet", text, Span(0, len(text)), numbering.next(), language="file")


READERS: dict[str, Callable[[Placed, Numbering], Iterator[Region]]] = {
    "text": flattened,
    "markdown": markdown.regions,
    "sheet": sheet,
    "latex": tex.regions,
    "rst": rst.regions,
    "python": python.regions,
    "org": org.regions,
    "typst": typst.regions,
}
FORMATS = ("notebook", *READERS)
SUFFIXES = {
    ".ic": "sheet",
    ".ipynb": "notebook",
    ".ltx": "latex",
    ".latex": "latex",
    ".md": "markdown",
    ".markdown": "markdown",
    ".myst": "markdown",
    ".org": "org",
    ".py": "python",
    ".qmd": "markdown",
    ".rest": "rst",
    ".rmd": "markdown",
    ".rst": "rst",
    ".tex": "latex",
    ".txt": "text",
    ".typ": "typst",
}


def is_folder(path: Path) -> bool:
    """Whether a path is that of a folder; not if the name cannot be one."""
    try:
        return path.is_dir()
    except OSError:
        return False


def open_document(source: str | Path, format: str | None = None) -> Document:
    """The document in a file, or in a text: a string that holds a line break is a text.

    Raises IndexcalcError where the file cannot be read, or is not of its format.
    """
    if isinstance(source, str) and "\n" in source:
        return read(source, format or guessed(source))
    path = Path(source)
    if is_folder(path):
        suffixes = ", ".join(sorted(SUFFIXES))
        raise IndexcalcError(f"{path} is a folder without documents", f"They are files that end in {suffixes}")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise IndexcalcError(f"{path} is not a text in UTF-8 (byte {error.start})") from None
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        raise IndexcalcError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return read(text, format or SUFFIXES.get(path.suffix.lower()) or guessed(text), str(path))


def read(text: str, format: str, name: str = "") -> Document:
    """The pieces of a text of this format."""
    if format not in FORMATS:
        raise IndexcalcError(f"'{format}' is no format of documents", f"The formats are {', '.join(FORMATS)}")
    if len(text) > LONGEST:
        raise IndexcalcError(f"the document has {len(text)} characters, more than {LONGEST}", "Split it")
    numbering = Numbering()
    if format != "notebook":
        return Document(name, format, text, expanded(READERS[format](Placed.whole(text), numbering)))
    cells = notebook.all_cells(text)
    regions = expanded(region for cell in cells for region in notebook.regions(cell, numbering))
    starts = tuple((cell.source.start, cell.number) for cell in cells if cell.source.text)
    return Document(name, format, text, regions, starts)


OWN_MARKS = {
    "org": re.compile(r"^#\+(?:title|author|options|begin_src|latex_header)\b", re.MULTILINE | re.IGNORECASE),
    "typst": re.compile(r'^#(?:import "|set \w[\w.]*\(|show [\w.]+:|let \w+(?:\(|[ \t]*=))', re.MULTILINE),
}
FORMULA = re.compile(r"\$|\\\[|\\\(|\\begin\{|^[ \t>]*(?:```|~~~)", re.MULTILINE)
STATEMENT = re.compile(r"^\s*(?:check|assume|index|notation)\b|^\s*[^\W\d]\w*(?:\[[\w', ]*\])?\s*=(?!=)", re.MULTILINE)


def guessed(text: str) -> str:
    """The format of a text without a name."""
    if re.match(r'\s*\{\s*"', text) and '"cells"' in text:
        return "notebook"
    if re.search(r"\\documentclass|\\begin\{document\}|^[ \t]*%+[ \t]*indexcalc:", text, re.MULTILINE):
        return "latex"
    if CODE_CELL.search(text):
        return "text"
    if found := next((name for name, mark in OWN_MARKS.items() if mark.search(text)), ""):
        return found
    if re.search(r"^[ \t]*\.\. math::|:math:`", text, re.MULTILINE):
        return "rst"
    return "sheet" if STATEMENT.search(text) and not FORMULA.search(text) else "markdown"
