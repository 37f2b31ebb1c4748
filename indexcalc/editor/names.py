"""The names that may stand at a place, and where they are defined."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.editor.analysis import Analysis
from indexcalc.errors import Span

WORDS = {
    "assume": "a fact: assume sum[q](y[p,q]) = 1",
    "check": "a claim: check A = B = C",
    "diff": "a derivative: diff(f, x[i])",
    "function": "an unknown function: function f",
    "index": "the size of a range: index i, j : n",
    "notation": 'how a name is written in LaTeX: notation s2 = "\\sigma^2"',
    "tensor": "axes: tensor X[i,j]",
    "delta": "the Kronecker delta: delta[i,j]",
    "eps": "the permutation symbol: eps[i,j,k]",
    "where": "by cases: where(i == j, A, B)",
    "sum": "a sum: sum[k](...)",
    "prod": "a product: prod[k](...)",
    "max": "a maximum: max[k](...) or max(a, b)",
    "min": "a minimum: min[k](...) or min(a, b)",
    "mean": "a mean: mean[k](...)",
    "logsumexp": "log of a sum of exponentials: logsumexp[k](...)",
}


@dataclass(frozen=True)
class Completion:
    """A name, what sort it is of, and a word on it."""

    name: str
    sort: str
    words: str = ""


def completions_at(analysis: Analysis, place: int, known: Analysis | None = None) -> list[Completion]:
    """The names that may stand at a place of a sheet; elsewhere none.

    known: an earlier analysis with the names, where the statement that is being written cannot be read yet.
    """
    if not analysis.in_sheet(place):
        return []
    found: dict[str, Completion] = {}
    sheet = (known or analysis).sheet_at(place)
    for name in sheet.slots if sheet else ():
        axes = ", ".join(range.label for range in sheet.slots[name]) if sheet else ""
        found[name] = Completion(name, "tensor", f"({axes})" if axes else "a number")
    for letter, range in sheet.letters.items() if sheet else ():
        found.setdefault(letter, Completion(letter, "index", range.label))
    for name, words in WORDS.items():
        found.setdefault(name, Completion(name, "word", words))
    for name in FUNCTIONS:
        found.setdefault(name, Completion(name, "function"))
    return list(found.values())


def definition_at(analysis: Analysis, place: int) -> Span | None:
    """Where the name at a place is defined: in the last statement of a sheet before, or in any, or in the report."""
    word = analysis.word_at(place)
    if word is None or analysis.document is None:
        return None
    name = re.escape(analysis.text[word.start : word.end])
    head = rf"^[ \t]*(?:tensor\b[^\n]*?\b)?({name})(?:\[[^\]\n]*\])?(?:\s*=(?!=)|(?<=\]))"
    statement = re.compile(head, re.MULTILINE)
    for piece in analysis.document.pieces:
        if piece.kind == "sheet":
            for match in statement.finditer(piece.content.text):
                start = piece.content.place(match.start(1))
                return Span(start, start + len(match[1]))
    return _in_notes(analysis, name)


def _in_notes(analysis: Analysis, name: str) -> Span | None:
    """Where the report says that a name is defined."""
    begins = re.compile(rf"\\?{name}(?!\w)")
    for note in analysis.report.notes if analysis.report else ():
        if note.kind == "definition" and begins.match(note.text):
            return Span(note.position, note.position + 1)
    return None
