r"""Matrices that are written out: sums of their entries, each at its place.

\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}_{ij} = a [i=1][j=1] + b [i=1][j=2] + ...
"""

from __future__ import annotations

from dataclasses import replace

from indexcalc.context.names import script_items
from indexcalc.indices import Index
from indexcalc.meaning.fields.determinants import expanded, is_mixed, is_sign
from indexcalc.meaning.primitives import determinant, inverse
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.sums import size_name
from indexcalc.meaning.tensors import Read, renewed
from indexcalc.meaning.values import Value, added, multiplied, negated
from indexcalc.notation.dots import LEFT_OUT
from indexcalc.notation.formula import Formula, Table
from indexcalc.notation.laid import Laid
from indexcalc.terms import MINUS_ONE, ONE, ZERO, Delta, Power, Product, Sum, Term, negative

LARGEST = 12  # rows or columns


def table(formula: Table, scope: Scope, read: Read) -> Value:
    """The value of a matrix that is written out; one column is a vector, one row a vector that stands as a row."""
    rows, columns = len(formula.rows), max((len(row) for row in formula.rows), default=0)
    if formula.mark in ("|", "||"):
        if is_mixed(formula, [[_order(entry, scope, read) for entry in row] for row in formula.rows]):
            return expanded(formula, scope, read)
        whole = determinant_of_blocks(formula, scope, read)
        return whole or determinant(table(replace(formula, mark="("), scope, read), scope)
    if not 0 < rows <= LARGEST or not 0 < columns <= LARGEST or any(len(row) != columns for row in formula.rows):
        raise UnclearError("the rows of a matrix differ in length, or there are too many")
    first, second = (scope.fresh(letter, scope.ranges.of_size(size)) for letter, size in (("i", rows), ("j", columns)))
    terms = []
    written: list[list[Term]] = []
    for row, entries in enumerate(formula.rows, 1):
        written.append([])
        for column, entry in enumerate(entries, 1):
            value = read(entry, scope)
            if value.order:
                raise UnclearError("a matrix of vectors or matrices")
            written[-1].append(value.term)
            places = _at(first, row, rows), _at(second, column, columns)
            terms.append(
                Product(value.term, *(place for place, size in zip(places, (rows, columns), strict=True) if size > 1))
            )
    axes = tuple(axis for axis, size in ((first, rows), (second, columns)) if size > 1)
    stands = "row" if rows == 1 and columns > 1 else "column"
    return Value(Sum(*terms), axes, stands, entries=tuple(map(tuple, written)) if len(axes) == 2 else ())


def determinant_of_blocks(formula: Table, scope: Scope, read: Read) -> Value | None:
    """The determinant of a matrix of square blocks, by Schur complements; none if it is one of numbers.

    det [A B; C D] = det(D) det(A - B D^{-1} C) wherever D has an inverse; both sides of a claim are smooth beyond.
    """
    size = len(formula.rows)
    if size < 2 or any(len(row) != size for row in formula.rows):
        return None
    blocks = [[read(entry, scope) for entry in row] for row in formula.rows]
    if not any(each.order for row in blocks for each in row):
        return None
    return Value(_by_complements(blocks, scope))


def _by_complements(blocks: list[list[Value]], scope: Scope) -> Term:
    if len(blocks) == 1:
        return determinant(blocks[0][0], scope).term
    if not _is_pivot(blocks[-1][-1]):  # rows and columns the other way round: the same determinant
        blocks = [row[::-1] for row in blocks[::-1]]
    pivot = blocks[-1][-1]
    if not _is_pivot(pivot):
        raise UnclearError("a determinant of blocks, of which no block at a corner is a square matrix")
    inverted = inverse(pivot, scope) if pivot.order else Value(Power(pivot.term, MINUS_ONE))
    found: list[list[Value]] = []
    for row in blocks[:-1]:
        found.append([])
        for place, entry in enumerate(row[:-1]):
            factors = [renewed(each, scope) for each in (row[-1], inverted, blocks[-1][place])]
            taken = multiplied(multiplied(factors[0], factors[1], scope.ranges), factors[2], scope.ranges)
            if entry.order != taken.order and entry.term is not ZERO:
                raise UnclearError("blocks that do not fit are put together in a matrix", shape=True)
            rest = negated(taken)
            found[-1].append(rest if entry.term is ZERO else added(entry, rest, scope.ranges))
    return Product(determinant(renewed(pivot, scope), scope).term, _by_complements(found, scope))


def _is_pivot(block: Value) -> bool:
    return block.order == 2 or (block.order == 0 and block.term is not ZERO)


def laid(formula: Laid, scope: Scope, read: Read) -> Value:
    """The value of a matrix of which some entries are left out."""
    held = scope.bound
    own = {
        letter: scope.fresh(letter, scope.ranges.of_size(size_name(size)))
        for letter, size in zip(LEFT_OUT, (formula.rows, formula.columns), strict=True)
        if size is not None
    }
    scope.bound = {**held, **own}
    axes = tuple(own.values())
    try:
        term = _entry(formula.entry, scope, read)
        if formula.diagonal is not None:
            term = _but(term, Delta(*axes), _entry(formula.diagonal, scope, read))
        if formula.place is not None and formula.other is not None:
            (item,) = script_items(formula.place)
            term = _but(term, Delta(axes[0], scope.index(item, axes[0].range)), _entry(formula.other, scope, read))
    finally:
        scope.bound = held
    return Value(term, axes, "row" if formula.rows is None else "column")


def _but(term: Term, here: Term, other: Term) -> Term:
    """A term, and another one where a delta is one."""
    return Sum(Product(term, Sum(ONE, negative(here))), Product(other, here))


def _entry(formula: Formula, scope: Scope, read: Read) -> Term:
    value = read(formula, scope)
    if value.order:
        raise UnclearError("a matrix of vectors or matrices")
    return value.term


def _order(entry: Formula, scope: Scope, read: Read) -> int:
    """The number of axes of an entry; less than any has, where it has no value."""
    if is_sign(entry):
        return -1
    with scope.trying():
        try:
            return read(entry, scope).order
        except UnclearError:
            return -1


def _at(axis: Index, place: int, size: int) -> Term:
    return Delta(axis, Index(str(place), axis.range))
