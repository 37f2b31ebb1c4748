r"""Matrices of blocks, calculated with as they are written: sums, products, transposes and inverses, block by block.

    [A B; C D] [E; F]    =  [A E + B F; C E + D F]
    [A B; C D]^\top      =  [A^\top C^\top; B^\top D^\top]
    [A B; C D]^{-1}      =  with S = A - B D^{-1} C
                            [S^{-1}, -S^{-1} B D^{-1}; -D^{-1} C S^{-1}, D^{-1} + D^{-1} C S^{-1} B D^{-1}]

A matrix with one block is that block. Nothing is known here of what the blocks are; what they are is asked when the
formulas that come of it are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from indexcalc.context.names import is_transposed
from indexcalc.notation.formula import (
    Bracket,
    Formula,
    Mark,
    Name,
    Numeral,
    Product,
    Quotient,
    Scripted,
    Signed,
    Sum,
    Table,
    changed,
    walk,
)

LARGEST = 4  # rows or columns
TURNED = Mark("transposed")
MINUS_ONE = Signed("-", Numeral("1", Fraction(1)))
MATRICES = frozenset(("", "(", "[", "b", "p"))


@dataclass(frozen=True)
class Grid:
    """The blocks of a matrix, row by row."""

    rows: tuple[tuple[Formula, ...], ...]

    @property
    def shape(self) -> tuple[int, int]:
        """The number of rows and of columns."""
        return len(self.rows), len(self.rows[0])


class NoGridError(Exception):
    """What is written is not calculated with block by block."""


def is_table(formula: Formula) -> bool:
    """Whether a formula is a matrix that is written out, of more than one entry."""
    return (
        isinstance(formula, Table)
        and formula.mark not in ("|", "||", "{")
        and 0 < len(formula.rows) <= LARGEST
        and len({len(row) for row in formula.rows}) == 1
        and 1 < len(formula.rows) * len(formula.rows[0]) <= LARGEST * LARGEST
    )


def blockwise(formula: Formula, tables: Mapping[str, Table]) -> Formula | Grid:
    """A formula without matrices of blocks, or the blocks that it comes to. Raises NoGridError where it has none."""
    if is_table(formula):
        assert isinstance(formula, Table)
        return Grid(formula.rows)
    match formula:
        case Name(letter) if letter in tables:
            return Grid(tables[letter].rows)
        case Bracket("(" | "[", body):
            inner = blockwise(body, tables)
            if isinstance(inner, Grid):
                return inner
            new = inner
            return changed(formula, lambda part: new)
        case Signed("-", body):
            inner = blockwise(body, tables)
            if isinstance(inner, Grid):
                return _each(inner, lambda entry: Signed("-", _closed(entry)))
            return Signed("-", inner)
        case Scripted(base, None, above, 0) if above is not None:
            return _raised(formula, base, above, tables)
        case Sum(terms):
            return _sum([(sign, blockwise(term, tables)) for sign, term in terms])
        case Product(factors):
            return _product([(operator, blockwise(each, tables)) for operator, each in factors])
    return changed(formula, lambda part: _plain(blockwise(part, tables)))


def _plain(found: Formula | Grid) -> Formula:
    if isinstance(found, Grid):
        raise NoGridError
    return found


def _each(grid: Grid, change: object) -> Grid:
    assert callable(change)
    return Grid(tuple(tuple(change(entry) for entry in row) for row in grid.rows))


def _closed(formula: Formula) -> Formula:
    """A formula in brackets, if it is no name."""
    return formula if isinstance(formula, Name | Numeral | Bracket) else Bracket("(", formula)


def _raised(formula: Formula, base: Formula, above: Formula, tables: Mapping[str, Table]) -> Formula | Grid:
    inner = blockwise(base, tables)
    if not isinstance(inner, Grid):
        return changed(formula, lambda part: inner if part is base else part)
    if is_transposed(above):
        turned = zip(*inner.rows, strict=True)
        return Grid(tuple(tuple(_turned(entry) for entry in row) for row in turned))
    if isinstance(above, Signed) and isinstance(above.body, Numeral) and above.body.exact == 1 and above.sign == "-":
        return _inverse(inner)
    raise NoGridError


def _turned(entry: Formula) -> Formula:
    return entry if _is_zero(entry) else Scripted(_closed(entry), None, TURNED)


def _is_zero(entry: Formula) -> bool:
    return isinstance(entry, Numeral) and entry.exact == 0


def _inverse(grid: Grid) -> Grid:
    """The inverse of two by two blocks, by the Schur complement of the last one."""
    if grid.shape != (2, 2):
        raise NoGridError
    (a, b), (c, d) = grid.rows
    if _is_zero(d):
        raise NoGridError
    last = Scripted(_closed(d), None, MINUS_ONE)
    complement = Scripted(Bracket("(", _total([("+", a), ("-", _times(b, last, c))])), None, MINUS_ONE)
    right = _times(complement, b, last)
    below = _times(last, c, complement)
    corner = _total([("+", last), ("+", _times(last, c, complement, b, last))])
    return Grid(((complement, _minus(right)), (_minus(below), corner)))


def _minus(entry: Formula) -> Formula:
    return entry if _is_zero(entry) else Signed("-", entry)


ZERO = Numeral("0", Fraction(0))


def _times(*factors: Formula) -> Formula:
    """The product of blocks; zero if one of them is."""
    if any(map(_is_zero, factors)):
        return ZERO
    closed = [each if isinstance(each, Scripted) else _closed(each) for each in factors]
    if len(closed) == 1:
        return closed[0]
    return Product(tuple(("juxtaposed" if place else "", each) for place, each in enumerate(closed)))


def _total(terms: list[tuple[str, Formula]]) -> Formula:
    """The sum of blocks, without those that are zero."""
    kept = [(sign, each) for sign, each in terms if not _is_zero(each)]
    if not kept:
        return ZERO
    if len(kept) == 1 and kept[0][0] == "+":
        return kept[0][1]
    return Sum(tuple((sign, _closed(each) if isinstance(each, Sum | Signed) else each) for sign, each in kept))


def _sum(terms: list[tuple[str, Formula | Grid]]) -> Formula | Grid:
    grids = [each for _, each in terms if isinstance(each, Grid)]
    if not grids:
        return Sum(tuple((sign, each) for sign, each in terms if not isinstance(each, Grid)))
    if len(grids) < len(terms) or len({each.shape for each in grids}) > 1 or any(sign not in "+-" for sign, _ in terms):
        raise NoGridError
    rows, columns = grids[0].shape
    signs = [sign for sign, _ in terms]
    return Grid(
        tuple(
            tuple(
                _total([(sign, each.rows[row][column]) for sign, each in zip(signs, grids, strict=True)])
                for column in range(columns)
            )
            for row in range(rows)
        )
    )


def _product(factors: list[tuple[str, Formula | Grid]]) -> Formula | Grid:
    """A product: grids that meet are multiplied; numbers before and behind them stand before each block."""
    if not any(isinstance(each, Grid) for _, each in factors):
        return Product(tuple((operator, each) for operator, each in factors if not isinstance(each, Grid)))
    if any(operator not in ("", "juxtaposed", "times", "dot") for operator, _ in factors):
        raise NoGridError
    numbers: list[Formula] = []
    result: Grid | None = None
    for _, each in factors:
        if isinstance(each, Grid):
            result = each if result is None else _matrix_product(result, each)
        elif _is_number(each):
            numbers.append(each)
        else:
            raise NoGridError
    assert result is not None
    if numbers:
        result = _each(result, lambda entry: _times(*numbers, entry))
    return result.rows[0][0] if result.shape == (1, 1) else result


def _is_number(formula: Formula) -> bool:
    return all(isinstance(part, Numeral | Quotient | Signed) for part in walk(formula))


def _matrix_product(first: Grid, second: Grid) -> Grid:
    if first.shape[1] != second.shape[0]:
        raise NoGridError
    columns = list(zip(*second.rows, strict=True))
    return Grid(
        tuple(
            tuple(
                _total([("+", _times(one, other)) for one, other in zip(row, column, strict=True)])
                for column in columns
            )
            for row in first.rows
        )
    )
