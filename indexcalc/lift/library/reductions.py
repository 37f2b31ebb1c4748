"""Functions along axes: sums, means, extremes, variances, norms, running sums, softmax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from indexcalc.lift.arrays.array import Array, Axis, array, size_term
from indexcalc.lift.arrays.combine import mean_of, reduced, reduction, spread, sum_over
from indexcalc.lift.arrays.conditions import chosen, compared
from indexcalc.lift.arrays.shaping import places_of
from indexcalc.lift.arrays.whole import UNIT, Whole
from indexcalc.lift.errors import UnreadableError
from indexcalc.lift.library.elementwise import exp, log, multiply, sqrt, square, subtract
from indexcalc.terms import ONE, Call, Index, Number, Power, Product, Sum, Term, indicator, quotient


def axes_of(value: Array, axis: Any) -> tuple[int, ...]:
    """The places of the axes that an argument names; all for none."""
    if axis is None:
        return tuple(range(value.rank))
    return places_of(axis if isinstance(axis, tuple | list) else (axis,), value.rank)


def total(a: Array, axis: Any = None, keepdims: bool = False, where: Array | None = None) -> Array:
    """The sum; where: of the elements at which a condition holds."""
    if where is not None:
        from indexcalc.lift.library import comparing

        a = comparing.where(where, a, Array((), Number(0), a.kind))
    if a.mask is not None and axis is None:
        a = spread(a)
    return reduced(a, axes_of(a, axis), keepdims, "sum")


def product(a: Array, axis: Any = None, keepdims: bool = False) -> Array:
    """The product."""
    return reduced(a, axes_of(a, axis), keepdims, "prod")


def largest(a: Array, axis: Any = None, keepdims: bool = False) -> Array:
    """The maximum."""
    return reduced(a, axes_of(a, axis), keepdims, "max")


def smallest(a: Array, axis: Any = None, keepdims: bool = False) -> Array:
    """The minimum."""
    return reduced(a, axes_of(a, axis), keepdims, "min")


def mean(a: Array, axis: Any = None, keepdims: bool = False) -> Array:
    """The mean."""
    if a.mask is not None and axis is None:
        from indexcalc.lift.library.elementwise import divide

        return divide(total(a), total(Array(a.axes, a.mask)))
    return mean_of(a, axes_of(a, axis), keepdims)


def weighted_mean(a: Array, axis: Any = None, weights: Array | None = None) -> Array:
    """np.average."""
    if weights is None:
        return mean(a, axis)
    if weights.rank == 1 and a.rank > 1:
        place = axes_of(a, axis)[0]
        weights = replace(weights, axes=(*weights.axes, *(Axis() for _ in range(a.rank - 1 - place)))).numbered()
    from indexcalc.lift.library.elementwise import divide

    return divide(total(multiply(a, weights), axis), total(weights, axis if weights.rank > 1 else None))


def variance(a: Array, axis: Any = None, ddof: Array | int = 0, keepdims: bool = False) -> Array:
    """The mean of the squared deviations, divided by the number less ddof."""
    places = axes_of(a, axis)
    squares = reduced(square(subtract(a, mean_of(a, places, True))), places, keepdims, "sum")
    count = Product(*(size_term(a.axes[place]) for place in places))
    less = Number(ddof) if isinstance(ddof, int) else ddof.term
    return replace(squares, term=quotient(squares.term, Sum(count, Product(Number(-1), less))), kind="float")


def deviation(a: Array, axis: Any = None, ddof: Array | int = 0, keepdims: bool = False) -> Array:
    """The standard deviation."""
    return sqrt(variance(a, axis, ddof, keepdims))


def norm(a: Array, order: Any = None, axis: Any = None, keepdims: bool = False) -> Array:
    """np.linalg.norm: of vectors, or of matrices where two axes are meant and an order is given."""
    places = axes_of(a, axis)
    if order not in (None, "fro") and len(places) == 2:
        return matrix_norm(a, order, keepdims, places)
    if order not in (None, "fro") and len(places) > 2:
        raise UnreadableError(f"the norm of order {order} along several axes")
    return _vector_norm(a, 2 if order in (None, "fro") else order, places, keepdims)


def vector_norm(a: Array, order: Any = 2, axis: Any = None, keepdims: bool = False) -> Array:
    """linalg.vector_norm: of all elements along the axes."""
    return _vector_norm(a, order, axes_of(a, axis), keepdims)


def torch_norm(a: Array, order: Any = None, axis: Any = None, keepdims: bool = False) -> Array:
    """torch.norm: of all elements along the axes; nuclear norms are not known."""
    return _vector_norm(a, 2 if order in (None, "fro") else order, axes_of(a, axis), keepdims)


def _vector_norm(a: Array, order: Any, places: Sequence[int], keepdims: bool) -> Array:
    if order == 2:
        return sqrt(reduced(square(a), places, keepdims, "sum"))
    absolute = replace(a, term=Call("abs", a.term), whole=None, choice=None)
    if order == 1:
        return reduced(absolute, places, keepdims, "sum")
    if order in ("inf", "-inf"):
        return reduced(absolute, places, keepdims, "max" if order == "inf" else "min")
    if order == 0:
        different = replace(a, term=indicator("!=", a.term, Number(0)), whole=None, choice=None)
        return reduced(different, places, keepdims, "sum")
    if isinstance(order, int | Fraction) and order > 0:
        raised = replace(absolute, term=Power(absolute.term, Number(order)))
        found = reduced(raised, places, keepdims, "sum")
        return replace(found, term=Power(found.term, Number(Fraction(1) / order)))
    raise UnreadableError(f"the norm of order {order}")


def matrix_norm(a: Array, order: Any = "fro", keepdims: bool = False, places: Sequence[int] = (-2, -1)) -> Array:
    """The norm of matrices: of Frobenius, or the largest or smallest sum of a column (1) or a row (infinity)."""
    rows, columns = places_of(places, a.rank)
    if order == "fro":
        return _vector_norm(a, 2, (rows, columns), keepdims)
    if order not in (1, -1, "inf", "-inf"):
        raise UnreadableError(f"the norm of order {order} of a matrix")
    inner, outer = (rows, columns) if order in (1, -1) else (columns, rows)
    absolute = replace(a, term=Call("abs", a.term), whole=None, choice=None)
    sums = reduced(absolute, (inner,), True, "sum")
    found = reduced(sums, (outer,), True, "max" if order in (1, "inf") else "min")
    from indexcalc.lift.arrays.shaping import squeezed

    return found if keepdims else squeezed(found, (rows, columns))


def logsumexp(a: Array, axis: Any = None, keepdims: bool = False) -> Array:
    """log(sum(exp(a)))."""
    return log(reduced(exp(a), axes_of(a, axis), keepdims, "sum"))


def softmax(a: Array, axis: Any = -1) -> Array:
    """exp(a)/sum(exp(a))."""
    from indexcalc.lift.library.elementwise import divide

    powers = exp(a)
    return divide(powers, reduced(powers, axes_of(a, axis), True, "sum"))


def log_softmax(a: Array, axis: Any = -1) -> Array:
    """a - log(sum(exp(a)))."""
    return subtract(a, logsumexp(a, axis, True))


def running(a: Array, axis: Any = None, kind: str = "sum", reverse: bool = False) -> Array:
    """np.cumsum, np.cumprod and np.maximum.accumulate; reverse: from the end."""
    if axis is None:
        if a.rank != 1:
            raise UnreadableError("a running sum over all axes")
        axis = 0
    (place,) = axes_of(a, axis)
    old = a.axes[place]
    if not old.factors and a.hidden is None:
        return a
    if len(old.factors) != 1 or a.hidden is not None:
        raise UnreadableError("a running sum along such an axis")
    index = old.factors[0]
    new = Index("k", index.range, 1)
    first, second = (new, index) if reverse else (index, new)
    before = compared("<=", Whole.atom(first), Whole.atom(second))
    if kind == "sum":
        bounded = Axis((index,), old.length)
        term: Term = sum_over([bounded], Product(before, a.term))
    elif kind == "prod":
        term = reduction("prod", (index,), chosen(before, a.term, ONE))
    else:
        if old.length is not None:
            raise UnreadableError("a running extreme along a part of an axis")
        rest = reduction("min" if kind == "max" else "max", (index,), a.term)
        term = reduction(kind, (index,), chosen(before, a.term, rest))
    axes = (*a.axes[:place], Axis((new,), old.length), *a.axes[place + 1 :])
    return array(axes, term, a.kind, a.library)


def trapezoid(a: Array, dx: Array | None = None, axis: int = -1) -> Array:
    """The sum of neighbours' means, times a distance."""
    from indexcalc.lift.arrays.indexing import taken
    from indexcalc.lift.arrays.slicing import Slice
    from indexcalc.lift.library.elementwise import add, divide

    (place,) = axes_of(a, axis)
    before: list[Any] = [Slice()] * place
    both = add(taken(a, [*before, Slice(start=UNIT)]), taken(a, [*before, Slice(stop=-UNIT)]))
    found = total(divide(both, Array((), Number(2), "int")), place)
    return found if dx is None else multiply(found, dx)


def differences(
    a: Array, n: int = 1, axis: int = -1, prepend: Array | None = None, append: Array | None = None
) -> Array:
    """np.diff."""
    from indexcalc.lift.arrays.indexing import taken
    from indexcalc.lift.arrays.shaping import concatenated
    from indexcalc.lift.arrays.slicing import Slice

    (place,) = axes_of(a, axis)
    ends = [None if each is None else _end(a, place, each) for each in (prepend, append)]
    if any(each is not None for each in ends):
        a = concatenated([each for each in (ends[0], a, ends[1]) if each is not None], place)
    before: list[Any] = [Slice()] * place
    for _ in range(n):
        later = taken(a, [*before, Slice(start=Whole.of(1))])
        a = subtract(later, taken(a, [*before, Slice(stop=Whole.of(-1))]))
    return a


def _end(a: Array, place: int, value: Array) -> Array:
    """What stands before or behind an array: a number is one place of its axis."""
    from indexcalc.lift.arrays.shaping import broadcast_to

    return value if value.rank else broadcast_to(value, [*a.shape[:place], UNIT, *a.shape[place + 1 :]])


def triangle(a: Array, k: Whole, upper: bool) -> Array:
    """np.triu and np.tril: zero below or above a diagonal."""
    if a.rank < 2:
        raise UnreadableError("a triangle of a vector")
    row, column = (axis.factors[0] if len(axis.factors) == 1 else None for axis in a.axes[-2:])
    if row is None or column is None:
        raise UnreadableError("a triangle of such axes")
    relation = ">=" if upper else "<="
    inside = compared(relation, Whole.atom(column), Whole.atom(row) + k)
    if a.hidden is not None:
        raise UnreadableError("a triangle of minus infinity")
    if a.kind == "bool":
        return replace(a, term=Product(inside, a.term))
    return replace(a, term=chosen(inside, a.term, Number(0)), whole=None, choice=None)


def covariance(m: Array, rowvar: bool, ddof: int) -> Array:
    """np.cov of the rows of a matrix, or of its columns."""
    from indexcalc.lift.arrays.combine import contracted
    from indexcalc.lift.arrays.shaping import permuted
    from indexcalc.lift.library.elementwise import divide

    if m.rank == 1:
        return variance(m, None, ddof)
    m = m if rowvar else permuted(m, (1, 0))
    centred = subtract(m, mean_of(m, (1,), True))
    count = replace(Array((), Sum(size_term(m.axes[1]), Number(-ddof))), kind="float")
    return divide(contracted([centred, centred], ["ik", "jk"], "ij"), count)


MOST_TURNS = 8


def _turned(by: Whole, size: Whole) -> tuple[Whole, Sequence[int]]:
    """How far an axis is rolled, and how often its length may have to be taken off: it may be shorter than that."""
    number, length = by.number, size.number
    if number is not None and length is not None:
        return Whole.of(number % length), (0, 1)
    if number is None or abs(number) > MOST_TURNS:
        raise UnreadableError("np.roll as far")
    return by, range(min(number, 0), max(number, 0) + 1)


def shifted(a: Array, shift: Sequence[Whole], places: Sequence[int]) -> Array:
    """np.roll along axes."""
    for by, place in zip(shift, places, strict=True):
        axis = a.axes[place]
        if not axis.factors:
            continue
        if len(axis.factors) != 1 or axis.length is not None or a.hidden is not None:
            raise UnreadableError("np.roll along such an axis")
        index = axis.factors[0]
        new, size = Index("k", index.range, 1), axis.size
        by, turns = _turned(by, size)
        here, there = Whole.atom(index) + by, Whole.atom(new)
        ends = [compared("==", here - size * Whole.of(turn), there) for turn in turns]
        term = sum_over([axis], Product(Sum(*ends), a.term))
        a = replace(a, axes=(*a.axes[:place], Axis((new,)), *a.axes[place + 1 :]), term=term).plain().numbered()
    return a
