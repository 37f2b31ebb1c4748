"""Sides that go on in the next display: a display that begins with a sign, right behind one that ends with a side.

A formula in a line that begins with a relation goes on with the one in a line right before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexcalc.audit.documents.document import Document
from indexcalc.audit.documents.pieces import Piece
from indexcalc.audit.documents.places import Placed
from indexcalc.audit.outline.building import statements
from indexcalc.audit.outline.sides import parsed
from indexcalc.audit.outline.statements import Statement

SIGNS = ("=", ":=", "\u2261")  # in the prose between two formulas


def read_statements(document: Document) -> list[Statement]:
    """The statements of a document, in its order."""
    found: list[Statement] = []
    last: Statement | None = None
    beside = False  # whether nothing stands between the last display and this piece
    in_line = False  # whether the last display and this piece stand in one line
    inline: Statement | None = None  # the formula in a line right before this piece
    for number, piece, content in _related(document.pieces):
        if piece.kind in ("formula", "inline"):
            display = piece.kind == "formula"
            awaits = last is not None and bool(last.links) and not last.sides[-1].tokens
            new = statements(content, display, last if display or inline is None else inline, number)
            if display and beside and last is not None and _goes_on(last, new, in_line):
                _join(last, new[0])
                continue
            if display and beside and last is not None and _is_awaited(last, new):
                _complete(last, new.pop(0))
            elif awaits and last is not None and not last.links and new and new[0].earlier is last:
                last.sides.pop()  # all that was said before is the side with which this goes on
                _complete(last, new.pop(0))
            if display or any(each.earlier is not None for each in new):
                last = next((each for each in reversed(new) if not each.aside), last)
            found += new
            beside = in_line = display
            inline = None if display else next((each for each in reversed(new) if not each.aside), None)
        elif piece.kind != "prose" or piece.content.text.strip():
            beside, inline = False, None
        else:
            in_line = in_line and "\n" not in piece.content.text
    return found


def _related(pieces: Sequence[Piece]) -> Iterator[tuple[int, Piece, Placed]]:
    """The pieces with their numbers and contents; formulas in a line with an equality sign between them are one."""
    place = 0
    while place < len(pieces):
        number, piece = place, pieces[place]
        content = piece.content
        while (
            piece.kind == "inline"
            and place + 2 < len(pieces)
            and (pieces[place + 1].kind, pieces[place + 2].kind) == ("prose", "inline")
            and pieces[place + 1].content.text.strip() in SIGNS
        ):
            content = Placed.joined([content, pieces[place + 1].content, pieces[place + 2].content])
            place += 2
        yield number, piece, content
        place += 1


def _goes_on(last: Statement, new: list[Statement], in_line: bool) -> bool:
    """Whether the only statement of a display is the rest of a side: it begins with a sign and has no relation.

    A minus in a line of its own may begin an expression of its own.
    """
    if len(new) != 1 or new[0].links or not last.links or not last.sides[-1].tokens:
        return False
    tokens = new[0].sides[0].tokens
    return bool(tokens) and (tokens[0].kind == "plus" or (tokens[0].kind == "minus" and in_line))


def _is_awaited(last: Statement, new: list[Statement]) -> bool:
    """Whether a display begins with the side that the one before it has not given: it ended with a relation."""
    ends = bool(last.links) and not last.sides[-1].tokens
    return ends and bool(new) and new[0].earlier is None and not new[0].implied and bool(new[0].sides[0].tokens)


def _complete(last: Statement, rest: Statement) -> None:
    last.sides = [*(each for each in last.sides if each.tokens), *rest.sides]
    last.links += rest.links
    last.conditions += rest.conditions


def _join(last: Statement, rest: Statement) -> None:
    side, more = last.sides[-1], rest.sides[0]
    side.tokens += more.tokens
    side.text = f"{side.text} {more.text}"
    side.formula = parsed([token for token in side.tokens if token.kind not in ("row", "column")], side.text)
    last.conditions += rest.conditions
