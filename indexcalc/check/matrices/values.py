"""Values of matrix notation: numbers, columns, rows, matrices and derivatives, each by its elements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lark import Token

from indexcalc.check.matrices.written import delta, multiplied, permutation, summed
from indexcalc.notation.syntax.places import Syntax

Part = Syntax | Token
Entry = Callable[[Syntax, Syntax], Syntax]
Element = Callable[[Syntax, Syntax, Syntax, Syntax], Syntax]


@dataclass(frozen=True)
class Slope:
    """A derivative: of what and by what, as written, their shapes, and the element at the indices of both."""

    above: str
    below: str
    shapes: tuple[tuple[bool, bool], tuple[bool, bool]]
    element: Element


@dataclass(frozen=True)
class Value:
    """What an expression is worth: a number, a column (`rows`), a row (`columns`) or a matrix; its elements.

    `tensor`: it has more than two indices, and only a subscript or a product makes it one of these.
    """

    entry: Entry
    rows: bool = False
    columns: bool = False
    slope: Slope | None = None
    tensor: bool = False

    @property
    def shape(self) -> tuple[bool, bool]:
        """Along what it extends."""
        return self.rows, self.columns

    @property
    def is_number(self) -> bool:
        """Whether it has no extent."""
        return not (self.rows or self.columns or self.tensor)


def constant(tree: Syntax) -> Value:
    """A number."""
    return Value(lambda row, column: tree)


def broadcast(value: Value, shape: tuple[bool, bool]) -> Value:
    """The number at every place of a shape."""
    return Value(value.entry, *shape)


def identity(at: Syntax) -> Value:
    """The unit matrix."""
    return Value(lambda row, column: delta(row, column, at), True, True)


def outer(left: Value, right: Value) -> Value:
    """The products of the elements of two columns."""
    return Value(lambda row, column: multiplied(left.entry(row, row), right.entry(column, column)), True, True)


def double_dot(left: Value, right: Value, one: Syntax, other: Syntax) -> Value:
    """The sum over two indices of the products of elements at the same place."""
    total = multiplied(left.entry(one, other), right.entry(one, other))
    for index, extends in ((other, left.columns), (one, left.rows)):
        total = summed(index, total) if extends else total
    return constant(total)


def cross_product(left: Value, right: Value, one: Syntax, other: Syntax) -> Value:
    """The vector product of two columns, by the permutation symbol and two indices."""

    def entry(row: Syntax, column: Syntax) -> Syntax:
        body = multiplied(permutation(row, one, other, row), left.entry(one, one), right.entry(other, other))
        return summed(one, summed(other, body))

    return Value(entry, rows=True)


def transposed(value: Value) -> Value:
    """Rows for columns."""
    return Value(lambda row, column: value.entry(column, row), value.columns, value.rows)


def derivative(slope: Slope) -> Value:
    """The derivative of a number by anything, of anything by a number, or of a vector by a vector (a matrix)."""
    above, below = slope.shapes
    element = slope.element
    if not any(above):
        return Value(lambda r, c: element(r, c, r, c), *below, slope=slope)
    if not any(below):
        return Value(lambda r, c: element(r, c, r, c), *above, slope=slope)
    if all(above) or all(below):
        return Value(lambda r, c: element(r, c, r, c), slope=slope, tensor=True)
    return Value(lambda r, c: element(r, r, c, c), True, True, slope)


def diagonal(value: Value) -> Value:
    """The matrix with this diagonal, or the diagonal of a matrix."""
    if value.rows and value.columns:
        return Value(lambda row, column: value.entry(row, row), rows=True)
    return Value(lambda row, column: multiplied(delta(row, column, row), value.entry(row, row)), True, True)


def chained(left: Slope, right: Slope, first: Syntax, second: Syntax) -> Slope | None:
    """dL/dA dA/dZ, in either order: summed over all elements of A."""
    outer, inner = (left, right) if left.below == right.above else (right, left)
    if outer.below != inner.above:
        return None
    shape = outer.shapes[1]

    def element(row: Syntax, column: Syntax, other_row: Syntax, other_column: Syntax) -> Syntax:
        last = second if all(shape) else first
        body = multiplied(outer.element(row, column, first, last), inner.element(first, last, other_row, other_column))
        return summed(first, summed(second, body) if all(shape) else body)

    return Slope(outer.above, inner.below, (outer.shapes[0], inner.shapes[1]), element)
