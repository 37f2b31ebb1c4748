"""Notebooks: the Markdown cells of an .ipynb file, placed in the file itself. Nothing is executed.

The file is JSON. Every string of it is a token `"..."`; walking the parsed value in the order of the file meets the
tokens one by one, which tells where each string stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from indexcalc.check.documents.places import Placed
from indexcalc.errors import IndexcalcError

STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
ESCAPE = re.compile(r"(?:\\u[dD][89abAB]..\\u[dD][c-fC-F]..)|\\u....|\\.|.", re.DOTALL)


class Tokens:
    """The string tokens of a JSON text, in their order."""

    def __init__(self, text: str) -> None:
        self.tokens = STRING.finditer(text)

    def next(self, value: str) -> Placed:
        """The next token, which has this value, as a text placed in the file."""
        token = next(self.tokens)
        places = [token.start(1) + match.start() for match in ESCAPE.finditer(token[1])]
        if len(places) != len(value):  # an escape that the pattern does not know: the whole string has one place
            places = [token.start(1)] * len(value)
        return Placed(value, places)

    def place(self, value: Any) -> Any:
        """The value with its strings placed; objects are lists of pairs, as they stand in the file."""
        match value:
            case str():
                return self.next(value)
            case tuple():  # an object: its pairs
                return [(self.next(name).text, self.place(item)) for name, item in value]
            case list():
                return [self.place(item) for item in value]
        return value


def cells(text: str) -> Iterator[tuple[int, Placed]]:
    """The Markdown cells of a notebook with their numbers, counted from 1 over cells of all kinds."""
    try:
        value = json.loads(text, object_pairs_hook=tuple)
        placed = Tokens(text).place(value)
    except (ValueError, RecursionError, StopIteration) as error:
        raise IndexcalcError(f"the notebook is not valid JSON: {error}", "Save it once more from Jupyter") from None
    for number, cell in enumerate(_cells(placed), 1):
        fields = dict(cell) if _is_object(cell) else {}
        kind, source = fields.get("cell_type"), fields.get("source")
        lines = [line for line in (source if isinstance(source, list) else [source]) if isinstance(line, Placed)]
        if isinstance(kind, Placed) and kind.text == "markdown":
            yield number, Placed.joined(lines)


def _cells(notebook: Any) -> list[Any]:
    """The list of cells: at the top since format 4, in worksheets before."""
    fields = dict(notebook) if _is_object(notebook) else {}
    sheets = [fields, *(dict(sheet) for sheet in _list(fields.get("worksheets")) or [] if _is_object(sheet))]
    found = [cells for sheet in sheets if (cells := _list(sheet.get("cells"))) is not None]
    if not found:
        raise IndexcalcError("the file is JSON, but no notebook", "Give a notebook, or text in another format")
    return [cell for cells in found for cell in cells]


def _list(value: Any) -> list[Any] | None:
    """A list of the file; none for anything else."""
    return value if isinstance(value, list) and not (value and _is_object(value)) else None


def _is_object(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(pair, tuple) for pair in value)
