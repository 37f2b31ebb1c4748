"""Notebooks: the cells of an .ipynb file, placed in the file itself. Nothing is executed.

The file is JSON. Every string of it is a token `"..."`; walking the parsed value in the order of the file meets the
tokens one by one, which tells where each string stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from indexcalc.audit.documents import markdown, rst, tex
from indexcalc.audit.documents.places import Placed, Run, sequence
from indexcalc.audit.documents.regions import Region
from indexcalc.audit.documents.scanner import Numbering, Setting
from indexcalc.errors import IndexcalcError, Span

STRING = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
ESCAPE = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.", re.DOTALL)
LONE = re.compile("[\ud800-\udfff]")
CONFLICT = re.compile(r"^(?:<{7}|>{7}|={7})(?=[ \n]|\Z)", re.MULTILINE)
MAGIC = re.compile(r"%%(latex|markdown|md|html|script[^\n]*)[ \t]*\n")
RAW_FORMATS = {
    "text/latex": "latex",
    "text/x-tex": "latex",
    "text/restructuredtext": "rst",
    "text/x-rst": "rst",
    "text/markdown": "markdown",
}


@dataclass(frozen=True)
class Token:
    """A string of the file: its value, and where its escaped form stands between the quotation marks."""

    value: str
    start: int
    end: int

    def placed(self, text: str) -> Placed:
        """The value, each character with its place."""
        value = LONE.sub("\ufffd", self.value)
        runs: list[Run] = []
        done = self.start
        for match in ESCAPE.finditer(text, self.start, self.end):
            runs += [(match.start() - done, done, 1), (1, match.start(), 1)]
            done = match.end()
        runs.append((self.end - done, done, 1))
        places = sequence(runs)
        # An escape that the pattern does not know: the whole string has one place.
        return Placed(value, places) if len(places) == len(value) else Placed.put_in(value, self.start)


@dataclass(frozen=True)
class Cell:
    """A cell: its number, counted from 1 over cells of all kinds, its kind, its text, and its format or language."""

    number: int
    kind: str
    source: Placed
    format: str = ""
    level: int = 0


class _Tokens:
    """The string tokens of a JSON text, in their order."""

    def __init__(self, text: str) -> None:
        self.tokens = STRING.finditer(text)

    def place(self, value: Any) -> Any:
        """The value with tokens for its strings."""
        match value:
            case str():
                token = next(self.tokens)
                return Token(value, *token.span(1))
            case tuple():  # an object: its pairs
                return {self.place(name).value: self.place(item) for name, item in value}
            case list():
                return [self.place(item) for item in value]
        return value


def all_cells(text: str) -> list[Cell]:
    """The cells of a notebook. Raises IndexcalcError where the text is none."""
    if not text.strip():
        raise IndexcalcError("the notebook is empty", "Save it once more from Jupyter")
    try:
        value = json.loads(text, object_pairs_hook=tuple)
        placed = _Tokens(text).place(value)
    except (ValueError, RecursionError, StopIteration) as error:
        raise _broken(text, error) from None
    found = _stored(placed)
    language = _language(placed)
    return [_cell(number, cell, text, language) for number, cell in enumerate(found, 1) if isinstance(cell, dict)]


def _language(notebook: Any) -> str:
    """The language of the code cells, if the notebook says it."""
    metadata = notebook.get("metadata")
    for place, name in (("language_info", "name"), ("kernelspec", "language")):
        known = metadata.get(place) if isinstance(metadata, dict) else None
        if isinstance(known, dict) and (word := _word(known.get(name))):
            return word
    return ""


def _broken(text: str, error: Exception) -> IndexcalcError:
    conflict = CONFLICT.search(text)
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        return IndexcalcError(f"the notebook holds a merge conflict in line {line}", "Resolve it first")
    why = error if isinstance(error, ValueError) else "it is nested too deeply"
    return IndexcalcError(f"the notebook is not valid JSON: {why}", "Save it once more from Jupyter")


def _stored(notebook: Any) -> list[Any]:
    """The list of cells: at the top since format 4, in worksheets before."""
    fields = notebook if isinstance(notebook, dict) else {}
    worksheets = fields.get("worksheets")
    sheets = [fields, *(worksheets if isinstance(worksheets, list) else [])]
    lists = [sheet["cells"] for sheet in sheets if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)]
    if not lists:
        raise IndexcalcError("the file is JSON, but no notebook", "Give a notebook, or text in another format")
    return [cell for cells in lists for cell in cells]


def _cell(number: int, fields: dict[str, Any], text: str, language: str) -> Cell:
    source = fields.get("source", fields.get("input"))
    tokens = [line for line in (source if isinstance(source, list) else [source]) if isinstance(line, Token)]
    metadata = fields.get("metadata")
    known = metadata if isinstance(metadata, dict) else {}
    level = fields.get("level")
    content = Placed.joined(token.placed(text) for token in tokens)
    mimetype = _word(known.get("raw_mimetype")) or _word(known.get("format"))
    kind = _word(fields.get("cell_type"))
    format = language if kind == "code" else RAW_FORMATS.get(mimetype, "")
    return Cell(number, kind, content, format, level if isinstance(level, int) else 1)


def _word(value: Any) -> str:
    return value.value if isinstance(value, Token) else ""


def cells(text: str) -> Iterator[tuple[int, Placed]]:
    """The Markdown cells of a notebook with their numbers."""
    yield from ((cell.number, cell.source) for cell in all_cells(text) if cell.kind == "markdown")


def regions(cell: Cell, numbering: Numbering) -> Iterator[Region]:
    """The regions of a cell."""
    content = cell.source
    if not content.text.strip():
        return
    magic = MAGIC.match(content.text) if cell.kind == "code" else None
    format = magic[1] if magic else cell.format if cell.kind == "raw" else cell.kind
    body = content[magic.end() :] if magic else content
    match format:
        case "markdown" | "md":
            yield from markdown.regions(body, numbering, doubled=False)
        case "latex":
            yield from tex.regions(body, numbering)
        case "rst":
            yield from rst.regions(body, numbering)
        case "heading":
            yield from markdown.paragraph(body, Setting(numbering.next(), (), "heading", cell.level, html=True))
        case _:
            is_code = cell.kind == "code"
            span = Span(content.start, content.place(len(content) - 1) + 1)
            language = cell.format if is_code else ""
            yield Region("code" if is_code else "raw", content, span, numbering.next(), is_code, language=language)
