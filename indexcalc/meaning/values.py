r"""Values: terms with open axes, and how they are added and multiplied.

A number has no axis, a vector one, a matrix two. x_i is a number for each i; x, of which x_i is an element, has the
axis
open. The matrix product sums over the axes that meet:

    A B    sum over the second axis of A and the first of B          x^T y   sum over both axes
    A x    sum over the second axis of A and that of x               x y^T   no sum: the axes of x, then of y

A vector stands as a column, unless it is transposed; a gradient may stand as either.
"""

from __future__ import annotations

from dataclasses import replace

from indexcalc.indices import Index
from indexcalc.meaning import groups
from indexcalc.meaning.ranges import Ranges, UnclearError
from indexcalc.meaning.value import Value
from indexcalc.terms import ONE, Contraction, Delta, Power, Product, Sum, Term, negative
from indexcalc.walk import holds, substitute


def transposed(value: Value) -> Value:
    """The transposed matrix; a vector that stands the other way."""
    if value.groups:
        return groups.turned(value)
    if value.order == 2:
        return replace(value, axes=value.axes[::-1], entries=tuple(zip(*value.entries, strict=True)))
    if value.order == 1:
        stands = {"column": "row", "row": "column"}.get(value.stands, value.stands)
        return replace(value, stands=stands, upright=value.stands == "row")
    if value.order == 0:
        return value
    raise UnclearError(f"a tensor of {value.order} axes is transposed")


def aligned(value: Value, axes: tuple[Index, ...], ranges: Ranges) -> Term:
    """The term of a value at the axes of another one."""
    for own, other in zip(value.axes, axes, strict=True):
        ranges.join(own.range, other.range)
    return value.at(axes)


def negated(value: Value) -> Value:
    """The value with the other sign."""
    new = value.with_term(negative(value.term))
    return new if value.whole is None else replace(new, whole=negative(value.whole), beside=value.beside)


def as_matrix(value: Value) -> Value:
    """The matrix with the diagonal that a value is of; any other value as it is."""
    if value.whole is None or value.beside is None:
        return value
    return Value(value.whole, (*value.axes, value.beside))


def is_plain(value: Value) -> bool:
    """Whether a value is a number and nothing more is known of it."""
    return not (value.order or value.groups or value.fits) and value.whole is None


def sum_of(numbers: list[Value]) -> Value:
    """The sum of plain numbers that stand for the same."""
    if len(numbers) == 1:
        return numbers[0]
    return Value(Sum(*(each.term for each in numbers)), numbers[0].axes, numbers[0].stands, numbers[0].fits)


def added(first: Value, second: Value, ranges: Ranges) -> Value:
    """The sum; a number is added to every element."""
    if first.groups or second.groups:
        return groups.total(first, second, ranges)
    if first.order == second.order:
        stands = first.stands if first.stands == second.stands or first.stands != "either" else second.stands
        if first.fits and not second.fits:
            return second.with_term(Sum(second.term, aligned(first, second.axes, ranges)))
        fits = first.fits and second.fits
        return Value(Sum(first.term, aligned(second, first.axes, ranges)), first.axes, stands, fits)
    larger, smaller = (first, second) if first.order > second.order else (second, first)
    if smaller.order == 0:
        if larger.order == 2 and holds(smaller.term, Contraction):
            raise UnclearError("an inner product is added to a matrix", shape=True)
        return larger.with_term(Sum(first.term, second.term))
    if larger.order == 2 and smaller.whole is not None:
        return added(as_matrix(first), as_matrix(second), ranges)
    if (larger.order, smaller.order) == (2, 1):
        return _row_wise(larger, smaller, ranges)
    raise UnclearError(f"tensors of {first.order} and {second.order} axes are added", shape=True)


def _row_wise(matrix: Value, vector: Value, ranges: Ranges) -> Value:
    """A vector added to a matrix, along the axis of its size."""
    axis = _along(matrix, vector, ranges)
    if axis is None:
        raise UnclearError("a vector is added to a matrix, and nothing says along which axis", shape=True)
    return matrix.with_term(Sum(matrix.term, vector.at((axis,))))


def _along(matrix: Value, vector: Value, ranges: Ranges) -> Index | None:
    """The axis of a matrix along which a vector stands: that of its size; of a row the last one, of a column the first.

    None where nothing says so.
    """
    fitting = [axis for axis in matrix.axes if ranges.same(axis.range, vector.axes[0].range)]
    if len(fitting) == 1:
        return fitting[0]
    if vector.stands != "row" and not vector.upright:
        return None
    axis = matrix.axes[-1 if vector.stands == "row" else 0]
    ranges.join(axis.range, vector.axes[0].range)
    return axis


def scaled(first: Value, second: Value) -> Value:
    """The product with a number."""
    value = second if first.order == 0 else first
    other = first if first.order == 0 else second
    new = replace(value.with_term(Product(other.term, value.term)), fits=value.fits and other.term is ONE)
    return new if value.whole is None else replace(new, whole=Product(other.term, value.whole), beside=value.beside)


def elementwise(first: Value, second: Value, ranges: Ranges, operator: str = "*") -> Value:
    """The product, or quotient, element by element."""

    def combined(left: Term, right: Term) -> Term:
        return Product(left, right) if operator == "*" else Product(left, Power(right, _MINUS))

    if first.groups or second.groups:
        raise UnclearError("stacked matrices are multiplied element by element")
    if first.order == second.order:
        return Value(combined(first.term, aligned(second, first.axes, ranges)), first.axes, first.stands)
    if first.order == 0:
        return second.with_term(combined(first.term, second.term))
    if second.order == 0:
        return first.with_term(combined(first.term, second.term))
    if (first.order, second.order) == (1, 2) and (axis := _along(second, first, ranges)) is not None:
        return second.with_term(combined(first.at((axis,)), second.term))
    if (first.order, second.order) == (2, 1) and (axis := _along(first, second, ranges)) is not None:
        return first.with_term(combined(first.term, second.at((axis,))))
    raise UnclearError(
        f"tensors of {first.order} and {second.order} axes are multiplied element by element", shape=True
    )


_MINUS = negative(ONE)


def joined(first: Value, axis: int, second: Value, other: int, ranges: Ranges) -> Value:
    """The sum over an axis of the first and one of the second; what is left has the other axes, in their order."""
    own, theirs = first.axes[axis], second.axes[other]
    ranges.join(own.range, theirs.range)
    right = substitute(second.term, {theirs: own})
    axes = first.axes[:axis] + first.axes[axis + 1 :] + second.axes[:other] + second.axes[other + 1 :]
    return Value(Contraction((own,), Product(first.term, right)), axes)


def multiplied(first: Value, second: Value, ranges: Ranges) -> Value:
    """The matrix product."""
    if first.groups or second.groups:
        return groups.product(first, second, ranges)
    if first.order == 0 or second.order == 0:
        return scaled(first, second)
    match first.order, second.order:
        case 2, 2:
            return joined(first, 1, second, 0, ranges)
        case 2, 1 if second.stands != "row":
            return joined(first, 1, second, 0, ranges)
        case 1, 2 if first.stands != "column":
            return replace(joined(first, 0, second, 0, ranges), stands="row" if first.stands == "row" else "either")
        case 1, 1 if first.stands != "column" and second.stands != "row":
            return joined(first, 0, second, 0, ranges)
        case 1, 1 if first.stands == second.stands == "row":
            raise UnclearError("two rows are multiplied: one of them may have to be transposed", shape=True)
        case 1, 1 if second.stands != "column":
            return Value(Product(first.term, second.term), (first.axes[0], second.axes[0]))
        case 1, 1:
            raise UnclearError("two columns are multiplied: one of them may have to be transposed", shape=True)
        case 1, 2:
            raise UnclearError("a column stands before a matrix: it may have to be transposed", shape=True)
        case 2, 1:
            raise UnclearError("a row stands behind a matrix: it may have to be a column", shape=True)
    raise UnclearError(f"tensors of {first.order} and {second.order} axes are multiplied", shape=True)


def dotted(first: Value, second: Value, ranges: Ranges) -> Value:
    """The product with a dot: of two vectors their inner product, the matrix product otherwise."""
    if (first.order, second.order) == (1, 1) and second.stands != "row":
        return joined(first, 0, second, 0, ranges)
    return multiplied(first, second, ranges)


def double_dotted(first: Value, second: Value, ranges: Ranges) -> Value:
    """A : B: the sum over the last two axes of the first and the first two of the second, in their order."""
    if first.order < 2 or second.order < 2:
        raise UnclearError("a colon between what are no matrices", shape=True)
    own, theirs = first.axes[-2:], second.axes[:2]
    for one, other in zip(own, theirs, strict=True):
        ranges.join(one.range, other.range)
    right = substitute(second.term, dict(zip(theirs, own, strict=True)))
    return Value(Contraction(own, Product(first.term, right)), (*first.axes[:-2], *second.axes[2:]))


def unit(range_letter: str, ranges: Ranges, fresh: Index) -> Value:
    """The unit matrix, of a size that its neighbours give."""
    first = fresh
    second = Index(fresh.name, fresh.range, fresh.serial + 1)
    return Value(Delta(first, second), (first, second), fits=True)


__all__ = [
    "Value",
    "added",
    "aligned",
    "as_matrix",
    "dotted",
    "elementwise",
    "joined",
    "multiplied",
    "negated",
    "scaled",
    "transposed",
    "unit",
]
