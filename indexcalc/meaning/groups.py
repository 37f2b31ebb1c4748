r"""Kronecker products and stacked matrices: axes that are made of several.

    \operatorname{vec} X    a column with the axis (column of X, row of X): the columns of X, one below the other
    A \otimes B             a matrix with the rows (row of A, row of B) and the columns (column of A, column of B)

A value of this kind has `groups`: how many of its axes make each of the axes that a reader sees. They are multiplied,
added and compared group by group; an axis that is not made of others does not meet one that is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from indexcalc.indices import Index
from indexcalc.meaning.ranges import Ranges, UnclearError
from indexcalc.meaning.value import Value
from indexcalc.terms import Contraction, Delta, Product, Sum
from indexcalc.walk import substitute


def stacked(value: Value) -> Value:
    """The columns of a matrix, one below the other; a vector is itself."""
    if value.order == 2:
        row, column = value.axes
        return Value(value.term, (column, row), groups=(2,))
    if value.order == 1:
        return replace(value, stands="column")
    raise UnclearError("vec of what is no matrix", shape=True)


def kronecker(first: Value, second: Value) -> Value:
    """The Kronecker product of matrices; of two vectors all products of their elements."""
    if first.order == 0 or second.order == 0:
        larger = second if first.order == 0 else first
        return larger.with_term(Product(first.term, second.term))
    if first.order == second.order == 1 and not first.groups and not second.groups:
        return Value(Product(first.term, second.term), (*first.axes, *second.axes), outer=True)
    first, second = _as_groups(first), _as_groups(second)
    if len(first.groups) != 2 or len(second.groups) != 2:
        raise UnclearError("a Kronecker product of a matrix and a vector")
    (rows, columns), (others, further) = _parted(first), _parted(second)
    groups = (len(rows) + len(others), len(columns) + len(further))
    parts = (*(first.factors or (first,)), *(second.factors or (second,)))
    term = Product(first.term, second.term)
    return Value(term, (*rows, *others, *columns, *further), groups=groups, factors=parts)


def _as_groups(value: Value) -> Value:
    return value if value.groups else replace(value, groups=(1,) * len(value.axes))


def plain(value: Value) -> Value:
    """The value without groups where each is one axis only."""
    return replace(value, groups=()) if set(value.groups) == {1} else value


def _parted(value: Value) -> Iterator[tuple[Index, ...]]:
    place = 0
    for count in value.groups:
        yield value.axes[place : place + count]
        place += count


def turned(value: Value) -> Value:
    """The transposed matrix; a column that becomes a row."""
    if len(value.groups) == 1:
        return replace(value, stands={"column": "row", "row": "column"}.get(value.stands, value.stands))
    rows, columns = _parted(value)
    factors = tuple(replace(each, axes=_swapped(each), groups=each.groups[::-1]) for each in value.factors)
    return Value(value.term, (*columns, *rows), groups=value.groups[::-1], factors=factors)


def _swapped(value: Value) -> tuple[Index, ...]:
    rows, columns = _parted(value)
    return (*columns, *rows)


def product(first: Value, second: Value, ranges: Ranges) -> Value:
    """The matrix product of which one factor has axes that are made of several."""
    if first.fits and first.order == 2:
        return second
    if second.fits and second.order == 2:
        return first
    if not first.groups and not first.axes:
        return second.with_term(Product(first.term, second.term))
    if not second.groups and not second.axes:
        return first.with_term(Product(first.term, second.term))
    left, right = list(_parted(_as_groups(first))), list(_parted(_as_groups(second)))
    if len(left) == len(right) == 1 and first.stands == "column":
        if second.stands != "row":
            raise UnclearError("two columns are multiplied: one of them may have to be transposed", shape=True)
        (own,), (theirs,) = left, right
        term = Product(first.term, second.term)
        return Value(term, (*own, *theirs), groups=(len(own), len(theirs)))
    meeting, others = left[-1], right[0]
    if len(meeting) != len(others):
        raise UnclearError("an axis that is made of several meets one that is not")
    for one, other in zip(meeting, others, strict=True):
        ranges.join(one.range, other.range)
    term = Product(first.term, substitute(second.term, dict(zip(others, meeting, strict=True))))
    rest = [*left[:-1], *right[1:]]
    axes = tuple(axis for group in rest for axis in group)
    return plain(Value(Contraction(meeting, term), axes, groups=tuple(map(len, rest))))


def total(first: Value, second: Value, ranges: Ranges) -> Value:
    """The sum."""
    if first.fits and not first.groups:
        return _with_unit(first, second, ranges)
    if second.fits and not second.groups:
        return _with_unit(second, first, ranges)
    if first.groups != second.groups:
        raise UnclearError("an axis that is made of several is added to one that is not", shape=True)
    for one, other in zip(first.axes, second.axes, strict=True):
        ranges.join(one.range, other.range)
    return replace(first, term=Sum(first.term, second.at(first.axes)), factors=())


def _with_unit(unit: Value, value: Value, ranges: Ranges) -> Value:
    if unit.order != 2 or len(value.groups) != 2:
        raise UnclearError("an axis that is made of several is added to one that is not", shape=True)
    rows, columns = _parted(value)
    for one, other in zip(rows, columns, strict=True):
        ranges.join(one.range, other.range)
    deltas = (Delta(one, other) for one, other in zip(rows, columns, strict=True))
    number = substitute(unit.term, {unit.axes[1]: unit.axes[0]})
    if unit.axes[0] in number.free:
        raise UnclearError("what is added to a Kronecker product is not understood")
    return replace(value, term=Sum(value.term, Product(number, *deltas)), factors=())


def trace(value: Value, ranges: Ranges) -> Value:
    """The sum of the diagonal."""
    rows, columns = _parted(value)
    for one, other in zip(rows, columns, strict=True):
        ranges.join(one.range, other.range)
    return Value(Contraction(rows, substitute(value.term, dict(zip(columns, rows, strict=True)))))
