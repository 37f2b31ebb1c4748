r"""Dots: sums x_1 + x_2 + \ldots + x_n, and matrices of which only some rows and columns are written.

The general term is found from two that are written: what differs between them is the index. What does not fit, like the
diagonal of a matrix, is an exception at one place, put in by a delta:

    off-diagonal + delta_{rc} (diagonal - off-diagonal)
"""

from __future__ import annotations

from dataclasses import dataclass

from lark import Token

from indexcalc.check.matrices.written import (
    added,
    bracket,
    changed,
    delta,
    differences,
    indices,
    letter,
    multiplied,
    same,
    spelled,
    summed,
)
from indexcalc.errors import IndexcalcError
from indexcalc.notation.latex.scripts import node
from indexcalc.notation.syntax.places import Syntax, kind

DOTS = "dots"


def is_dots(tree: Syntax) -> bool:
    """Whether this is what dots were rewritten to."""
    return kind(tree) == "name" and str(tree.children[0]) == rf"\text{{{DOTS}}}"


def unclear(what: str) -> IndexcalcError:
    """The error for dots that cannot be filled in."""
    return IndexcalcError(f"the dots in {what} cannot be filled in", "Write the general term, with its index")


# ----- Sums ----------------------------------------------------------------------------------------------------------


def continued_sum(tree: Syntax, index: Syntax) -> Syntax:
    """A sum with dots, as one with a sum sign."""
    terms = _signed_terms(tree)
    places = [place for place, (_, term) in enumerate(terms) if is_dots(term)]
    if places[0] == 0 or places[-1] != len(terms) - 2:
        raise unclear("the sum")
    (sign, first), (last_sign, last) = terms[places[0] - 1], terms[-1]
    found = differences(first, last)
    if not found or len(found) != 1 or sign != last_sign:
        raise unclear("the sum")
    ((start, size),) = found.items()
    if not start.isdigit():
        raise unclear("the sum")
    general = changed(first, {start: index})
    for _, between in terms[places[0] : -1]:
        others = {} if is_dots(between) else differences(general, between)
        if others is None or not others.keys() <= {spelled(index)}:
            raise unclear("the sum")
    total = summed(index, general, size)
    for place in range(1, int(start)):
        total = added(total, changed(general, {spelled(index): letter(str(place), tree)}), "MINUS")
    result = node("negative", [Token("MINUS", "-"), bracket(total)], tree) if sign == "-" else total
    for sign, term in terms[: places[0] - 1]:
        result = added(result, term, "MINUS" if sign == "-" else "PLUS")
    return result


def _signed_terms(tree: Syntax) -> list[tuple[str, Syntax]]:
    """The terms of a sum with their signs."""
    found: list[tuple[str, Syntax]] = []
    sign = "+"
    for child in tree.children:
        if isinstance(child, Token):
            sign = "-" if str(child) in "-−" else "+"
            continue
        if kind(child) == "negative" and len(child.children) == 2 and not isinstance(child.children[1], Token):
            sign, child = "-" if sign == "+" else "+", child.children[1]
        found.append((sign, child))
        sign = "+"
    return found


# ----- Matrices ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Grid:
    """The cells of a matrix that are written. `rows` and `columns` say whether there are more of them than one."""

    cells: list[list[Syntax]]
    rows: bool
    columns: bool
    middle: int | None = None  # of a vector: the cell between two dots

    def entry(self, row: Syntax, column: Syntax) -> Syntax:
        """The entry at these indices."""
        if self.rows and self.columns:
            return _of_matrix(self.cells, row, column)
        vector = self.cells[0] if self.columns else [cells[0] for cells in self.cells]
        return _of_vector(vector, column if self.columns else row, self.middle)


def grid(cells: list[list[Syntax]]) -> Grid:
    """The matrix with these cells, some of which are dots."""
    rows = [row for row in cells if not all(is_dots(cell) for cell in row)]
    if not rows or len({len(row) for row in cells}) != 1:
        raise IndexcalcError("the rows of the matrix have different numbers of entries", "Fill them up")
    kept = [place for place in range(len(rows[0])) if not any(is_dots(row[place]) for row in rows)]
    lines = [[row[place] for place in kept] for row in rows]
    more_rows, more_columns = len(rows) < len(cells), len(kept) < len(cells[0])
    if (len(rows) > 1) != more_rows or (len(kept) > 1) != more_columns or not (more_rows or more_columns):
        raise IndexcalcError("a matrix without dots stands among indices", "Write its elements with their indices")
    along = [is_dots(cell) for cell in rows[0]] if more_columns else [is_dots(row[0]) for row in cells]
    dots = [place for place, dotted in enumerate(along) if dotted]
    vector = more_rows != more_columns
    middle = dots[-1] - dots[0] - 1 if vector and len(dots) == 2 else 0
    return Grid(lines, more_rows, more_columns, dots[0] if middle == 1 else None)


def _of_vector(cells: list[Syntax], index: Syntax, middle: int | None) -> Syntax:
    """The element of a vector: its first, perhaps second, perhaps a middle, and its last element are written."""
    rest = [cell for place, cell in enumerate(cells) if place != middle]
    for start, name in enumerate(("1", "2")[: len(rest) - 1]):
        found = differences(rest[start], rest[-1])
        if found and found.keys() == {name}:
            general = changed(rest[start], {name: index})
            result = general
            if start:
                result = _except(result, index, letter("1", index), rest[0])
            elif len(rest) > 2 and not same(rest[1], changed(general, {spelled(index): letter("2", index)})):
                raise unclear("the vector")
            return _with_middle(result, general, cells[middle], index) if middle is not None else result
    raise unclear("the vector")


def _with_middle(result: Syntax, general: Syntax, cell: Syntax, index: Syntax) -> Syntax:
    """A vector in whose middle another element stands, at the letter that this element holds."""
    names = {spelled(item): item for item in indices(cell) if not spelled(item).isdigit()}
    if len(names) != 1:
        raise unclear("the vector")
    return _except(result, index, next(iter(names.values())), cell)


def _except(general: Syntax, one: Syntax, other: Syntax, exception: Syntax) -> Syntax:
    """general + delta (exception - general)."""
    return added(general, multiplied(delta(one, other, general), added(exception, general, "MINUS")))


def _of_matrix(cells: list[list[Syntax]], row: Syntax, column: Syntax) -> Syntax:
    """The element of a matrix of which the first, perhaps the second, and the last row and column are written."""
    corner = cells[0][1]
    down, across = _last(cells[-2][0], cells[-1][0]), _last(cells[0][-2], cells[0][-1])
    columns = _labels(len(cells[0]), across)
    own = {spelled(columns[1]): letter(COLUMN, corner)}
    general = changed(corner, {"1": letter(ROW, corner), **own})
    diagonal = changed(cells[0][0], {"1": letter(ROW, corner)})
    for one, line in zip(_labels(len(cells), down), cells, strict=True):
        for other, cell in zip(columns, line, strict=True):
            template = diagonal if spelled(one) == spelled(other) else general
            if not same(cell, changed(template, {ROW: one, COLUMN: other})):
                raise unclear("the matrix")
    result = changed(general, {ROW: row, COLUMN: column})
    if same(changed(general, {COLUMN: letter(ROW, corner)}), diagonal):
        return result
    return _except(result, row, column, changed(diagonal, {ROW: row}))


ROW, COLUMN = "row", "column"


def _last(before: Syntax, last: Syntax) -> Syntax:
    """How the last of some cells in a line is numbered: what differs between it and the one before."""
    found = differences(before, last)
    if not found or len(found) != 1 or not next(iter(found)).isdigit():
        raise unclear("the matrix")
    return next(iter(found.values()))


def _labels(count: int, last: Syntax) -> list[Syntax]:
    """The numbers of some lines: 1, 2 and so on, and the last."""
    return [*(letter(str(place), last) for place in range(1, count)), last]
