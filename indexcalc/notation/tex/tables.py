r"""Environments inside a formula: cases, matrices, and those that only lay out rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.notation.formula import Cases, Conditions, Formula, Mark, Opaque, Relation, Sequence, Table
from indexcalc.notation.lexicon import CASES, LAYOUTS, MATRICES, said_by
from indexcalc.notation.tex.tokens import Token, group_end, tokens

if TYPE_CHECKING:
    from indexcalc.notation.tex.parser import Parser

Cell = list[Token]


def environment(parser: Parser, begin: Token) -> Formula:
    r"""The formula of an environment whose \\begin was taken."""
    if begin.value == "array":
        _skip_columns(parser)
    rows = _rows(parser)
    span = (begin.start, parser.done)
    if begin.value in CASES:
        return _cases(parser, rows, span)
    if begin.value in MATRICES:
        filled = [row for row in rows if any(row)]
        mark = MATRICES[begin.value]
        return Table(mark, tuple(tuple(_read(parser, cell) for cell in row) for row in filled), span=span)
    cells = [_read(parser, [token for cell in row for token in cell]) for row in rows if any(row)]
    if begin.value in LAYOUTS and len(cells) == 1:
        return cells[0]
    return Opaque(begin.value, tuple(cells), span=span)


def _skip_columns(parser: Parser) -> None:
    if parser.token.kind == "group":
        while parser.token.kind not in ("endgroup", "end-of-text"):
            parser.next()
        parser.next()


def _rows(parser: Parser) -> list[list[Cell]]:
    """The cells of the rows up to the end of the environment, which is taken."""
    rows: list[list[Cell]] = [[[]]]
    depth = 0
    while parser.token.kind != "end-of-text":
        token = parser.next()
        if token.kind == "end" and depth == 0:
            break
        depth += (token.kind in ("begin", "group")) - (token.kind in ("end", "endgroup"))
        if depth == 0 and token.kind == "row":
            rows.append([[]])
        elif depth == 0 and token.kind == "column":
            rows[-1].append([])
        else:
            rows[-1][-1].append(token)
    return rows


def _read(parser: Parser, cell: Cell) -> Formula:
    inner = type(parser)(cell)
    inner.depth = parser.depth + 1
    return inner.whole()


def _cases(parser: Parser, rows: list[list[Cell]], span: tuple[int, int]) -> Formula:
    """Values with their conditions; a row without a column is parted at its words, or at its last comma."""
    found: list[tuple[Formula, Formula | None]] = []
    for row in rows:
        if not any(row):
            continue
        value, condition = row[0], [token for cell in row[1:] for token in cell]
        if not condition:
            value, condition = _parted(row[0])
        while value and value[-1].kind in ("comma", "wide", "stop"):
            value = value[:-1]
        found.append((_read(parser, value), condition_of(parser, condition)))
    if not found:
        return Mark("empty", span=span)
    return Cases(tuple(found), span=span)


def _parted(cell: Cell) -> tuple[Cell, Cell]:
    """A row without a column as value and condition: at a word, a text with a formula, or a space or a comma."""
    for place, token in enumerate(cell):
        if token.kind == "text" and (said_by(token.value) in ("if", "otherwise") or "$" in token.value):
            return cell[:place], cell[place:]
    depth = 0
    for place, token in enumerate(cell):
        depth += (token.kind in ("open", "group", "begin")) - (token.kind in ("close", "endgroup", "end"))
        if place and not depth and token.kind in ("wide", "comma"):
            if any(each.kind in ("relation", "equal") for each in cell[place:]):
                return cell[:place], cell[place:]
    return cell, []


def condition_of(parser: Parser, condition: Cell) -> Formula | None:
    """The condition that tokens state, words and all; none: otherwise."""
    plain: Cell = []
    for token in condition:
        if token.kind != "text":
            plain.append(token)
            continue
        plain += _inside(token)
    groups: list[Cell] = [[]]
    word = "and"
    for token in plain:
        said = said_by(token.value) if token.kind == "text" else ""
        if said == "otherwise":
            return None
        if (
            said in ("and", "or")
            or token.kind in ("comma", "wide")
            or (token.kind == "set" and token.value in ("land", "lor"))
        ):
            word = "or" if said == "or" or token.value == "lor" else word
            groups.append([])
        elif not (token.kind in ("text", "stop") and (token.kind == "stop" or said)):
            groups[-1].append(token)
    items = tuple(_read(parser, group) for group in groups if group)
    if not items:
        return Opaque("condition")
    if len(items) == 1:
        return items[0]
    if not all(isinstance(item, Relation) for item in items):
        items = tuple(_listed(items))
    return items[0] if len(items) == 1 else Conditions(items, word)


def _listed(items: tuple[Formula, ...]) -> list[Formula]:
    """i, j = k: what stands before a relation belongs to it."""
    found: list[Formula] = []
    pending: list[Formula] = []
    for item in items:
        if isinstance(item, Relation) and pending:
            first = Sequence((*pending, item.sides[0]), "," * len(pending))
            found.append(Relation((first, *item.sides[1:]), item.relations))
            pending = []
        elif isinstance(item, Relation):
            found.append(item)
        else:
            pending.append(item)
    return found + pending


def _inside(token: Token) -> list[Token]:
    r"""The words and the formulas of a text: \text{if $i = j$}, \text{p $\ne$ m}."""
    text, found = token.value, []
    if "$" not in text:
        words = text.split()
        if (
            not words
            or all(said_by(word) in ("if", "otherwise", "and", "or", "blank") for word in words)
            or said_by(text)
        ):
            kept = [word for word in words if said_by(word) in ("and", "or", "otherwise")]
            word = "otherwise" if said_by(text) == "otherwise" else kept[0] if kept else text
            return [Token("text", word, word, token.start, token.end)] if word else []
        opened = [word for word in words if not said_by(word)]
        if len(opened) < len(words) or any(mark in text for mark in "=<>"):
            return [Token("text", "if", "if", token.start, token.end), *tokens(" ".join(opened))]
        return [token]
    for place, part in enumerate(text.split("$")):
        if place % 2:
            found += tokens(part)
            continue
        for word in part.split():
            said = said_by(word)
            if said in ("and", "or", "otherwise", "if"):
                found.append(Token("text", word, word, token.start, token.end))
            elif said != "blank":
                found += tokens(word)
    return found


__all__ = ["condition_of", "environment", "group_end"]
