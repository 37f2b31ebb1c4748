r"""The layout of a displayed formula: from its environments to equations, each one line of relations and sides.

What only typesets is taken out: alignment marks, boxes around equations; what is said in words, see remarks.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from indexcalc.check.documents.pieces import ENVIRONMENTS
from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.remarks import Condition, stretches
from indexcalc.check.formulas.scan import RELATIONS, Token, is_empty, is_relation, level, tokens

LAYOUTS = ENVIRONMENTS | {"array", "subequations"}
ARGUMENTS = re.compile(
    r"\s*(?:(?:(?<=ed\})|(?<=edat\})|(?<=array\}))\[[tcb]\]\s*)?(?:(?<=array\})\{[^{}]*\}|(?<=at\})\{\d+\}|(?<=at\*\})\{\d+\})?"
)


@dataclass(frozen=True)
class Equation:
    """A stretch of a row with at most one line of relations.

    indented: nothing stands before its alignment mark. aside: it stands behind a word such as `where`. conditions:
    under which it holds, as the row says behind it.
    """

    content: Placed
    column: int
    indented: bool
    aside: bool = False
    conditions: tuple[Condition, ...] = ()


def equations(formula: Placed) -> Iterator[Equation]:
    """The equations of a formula, row by row."""
    for body in bodies(formula):
        for row in rows(body):
            for stretch in stretches(row):
                for number, column in enumerate(columns(opened(stretch.content))):
                    parts = side_by_side(column.content) if not number else [column.content]
                    for place, part in enumerate(parts):
                        if not is_empty(part.text):
                            indented = column.indented and not place
                            yield Equation(part, stretch.column + number, indented, stretch.aside, stretch.conditions)


# ----- Environments ------------------------------------------------------------------------------------------------


def bodies(formula: Placed) -> Iterator[Placed]:
    """What stands inside the environments that only lay out; other environments stay."""
    found = tokens(formula.text)
    edges = [token for token in found if token.depth <= 0 and re.match(r"\\(begin|end)\b", token.text)]
    outside, stretches, end = "", [], 0
    for first, last in zip(edges[::2], edges[1::2], strict=False):
        if _name(first) in LAYOUTS and _name(first) == _name(last):
            outside += formula.text[end : first.start]
            stretches.append((first, last))
            end = last.end
    if not stretches or not is_empty(re.sub(NOISE, "", outside + formula.text[end:])):
        yield formula
        return
    for first, last in stretches:
        arguments = ARGUMENTS.match(formula.text, first.end)
        start = min(arguments.end() if arguments else first.end, last.start)
        inner = formula[start : last.start]
        if _name(first) == "array" and not any(is_relation(cell) for cell in re.split(r"&|\\\\", inner.text)):
            inner = formula[first.start : last.end]  # a matrix
            yield inner
        else:
            yield from bodies(inner)


NOISE = re.compile(r"\\(?:label|tag\*?|nonumber|notag|qedhere)\b(?:\s*\{[^{}]*\})?|[.,;]")


def _name(edge: Token) -> str:
    return edge.text.partition("{")[2].rstrip("}").strip()


# ----- Rows and columns --------------------------------------------------------------------------------------------

BREAK = re.compile(r"(?:\\\\|\\cr|\\newline)\*?(?:\[\s*-?[\d.]+\s*\\?[a-z]+\s*\])?")


def rows(body: Placed) -> Iterator[Placed]:
    r"""The rows of a formula: they end at \\ outside of braces and environments."""
    start = 0
    for token in tokens(body.text):
        if token.depth <= 0 and token.text in ("\\\\", "\\cr", "\\newline"):
            yield body[start : token.start]
            ending = BREAK.match(body.text, token.start)
            start = ending.end() if ending else token.end
    yield body[start:]


@dataclass(frozen=True)
class Column:
    """One of the equations that stand side by side in a row."""

    content: Placed
    indented: bool


def columns(row: Placed) -> list[Column]:
    """The columns of a row: `a &= b & c &= d` has two.

    Every second & parts two equations; the others only align, and are taken out.
    """
    marks = [token.start for token in tokens(row.text) if token.text == "&" and token.depth <= 0]
    plain = row.blanked((mark, mark + 1) for mark in marks)
    if len(marks) == 2 and is_relation(row.text[marks[0] + 1 : marks[1]]):
        return [Column(plain, is_empty(row.text[: marks[0]]))]  # eqnarray: a &=& b
    edges = [0, *marks[1::2], len(row)]
    indented = [is_empty(row.text[edge:mark].strip("&")) for edge, mark in zip(edges, marks[::2], strict=False)]
    parts = [plain[start:end] for start, end in pairwise(edges)]
    return [Column(part, place < len(indented) and indented[place]) for place, part in enumerate(parts)]


SEPARATORS = (",", ";", "\\quad", "\\qquad")


def side_by_side(column: Placed) -> list[Placed]:
    r"""Equations parted by a wide space or a comma: `a = b, \quad c = d`. What has no relation stays where it is."""
    found = level(tokens(column.text))
    marks = [token for token in found if token.text in SEPARATORS]
    edges = [0, *(mark.end for mark in marks), len(column) + 1]
    related = [0] * len(edges)  # how many relations stand in each stretch
    place = 0
    for token in found:
        while token.start >= edges[place + 1]:
            place += 1
        related[place] += token.text in RELATIONS
    parts: list[Placed] = []
    start = first = 0
    for number, mark in enumerate(marks, 1):
        listed = "dots" in column.text[mark.end : edges[number + 1] - 1]
        if any(related[first:number]) and any(related[number : number + 2]) and not listed:
            parts.append(column[start : mark.start])
            start, first = mark.end, number
    return [*parts, column[start:]]


# ----- Wrappers ----------------------------------------------------------------------------------------------------

WRAPPER = re.compile(
    r"\\(boxed|mathbf|boldsymbol|bm|mathit|color\s*\{[^{}]*\})\s*\{|(?<![_^}\]A-Za-z])(\{)\\color\s*\{[^{}]*\}"
)


MOST_WRAPPERS = 10


def opened(row: Placed) -> Placed:
    """With the relations that stand inside a wrapper (a box, bold letters, a colour) outside of it."""
    for _ in range(MOST_WRAPPERS):
        found = _wrapped(row.text)
        if found is None:
            break
        row = _parted(row, *found)
    return row


def _wrapped(text: str) -> tuple[re.Match[str], int, int, list[Token]] | None:
    """The first wrapper with relations in it: its match, where its content begins and ends, and the relations."""
    found = tokens(text)
    for match in WRAPPER.finditer(text):
        start = match.end() if match[1] else match.start() + 1
        depth = next((token.depth for token in found if token.start >= start), None)
        if depth is None or not any(token.text in RELATIONS and token.depth == depth for token in found):
            continue
        closing = next((token.start for token in found if token.start >= start and token.depth < depth), len(text))
        inside = [token for token in level(tokens(text[start:closing])) if token.text in RELATIONS]
        if inside:
            return match, start, closing, inside
    return None


def _parted(row: Placed, match: re.Match[str], start: int, closing: int, inside: list[Token]) -> Placed:
    """A wrapper around an equation, put around each of its sides instead."""
    if match[1] == "boxed":
        return row.blanked([match.span(), (closing, closing + 1)])
    opening = match.group()
    changes = [(start + token.start, start + token.start, "}") for token in inside]
    changes += [(start + token.end, start + token.end, opening) for token in inside]
    return row.replaced(*sorted(changes))
