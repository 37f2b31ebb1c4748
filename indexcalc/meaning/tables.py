r"""Matrices that are written out: sums of their entries, each at its place.

\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}_{ij} = a [i=1][j=1] + b [i=1][j=2] + ...
"""

from __future__ import annotations

from dataclasses import replace

from indexcalc.indices import Index
from indexcalc.meaning.fields.determinants import expanded, is_mixed, is_sign
from indexcalc.meaning.primitives import determinant
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.tensors import Read
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Formula, Table
from indexcalc.terms import Delta, Product, Sum, Term

LARGEST = 12  # rows or columns


def table(formula: Table, scope: Scope, read: Read) -> Value:
    """The value of a matrix that is written out; one column is a vector, one row a vector that stands as a row."""
    rows, columns = len(formula.rows), max((len(row) for row in formula.rows), default=0)
    if formula.mark in ("|", "||"):
        if is_mixed(formula, [[_order(entry, scope, read) for entry in row] for row in formula.rows]):
            return expanded(formula, scope, read)
        return determinant(table(replace(formula, mark="("), scope, read), scope)
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
