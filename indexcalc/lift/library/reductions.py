"""Functions along axes: sums, means, extremes, variances, norms, running sums, softmax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from indexcalc.lift.arrays.array import Array, Axis, array, chosen, compared, size_term
from indexcalc.lift.arrays.combine import mean_of, reduced, reduction, spread, sum_over
from indexcalc.lift.arrays.shaping import places_of
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.errors import UnreadableError
from indexcalc.lift.library.elementwise import exp, log, multiply, sqrt, square, subtract
from indexcalc.terms import ONE, Call, Index, Number, Power, Product, Sum, Term, quotient


def axes_of(value: Array, axis: Any) -> tuple[int, ...]:
    """The places of the axes that an argument names; all for none."""
    if axis is None:
        return tuple(range(value.rank))
    return places_of(axis if isinstance(axis, tuple | list) else (axis,), value.rank)


def total(a: Array, axis: Any = None, keepdims: bool = False) -> Array:
    """The sum."""
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
    """The Euclidean norm (Frobenius of matrices), or that of order 1, 2, p or infinity of vectors."""
    places = axes_of(a, axis)
    if order in (None, "fro", 2) and not (order == 2 and len(places) == 2):
        return sqrt(reduced(square(a), places, keepdims, "sum"))
    absolute = replace(a, term=Call("abs", a.term), whole=None, choice=None)
    if len(places) != 1:
        raise UnreadableError(f"the norm of order {order} of a matrix")
    if order == 1:
        return reduced(absolute, places, keepdims, "sum")
    if order == "inf":
        return reduced(absolute, places, keepdims, "max")
    if isinstance(order, int | Fraction) and order > 0:
        raised = replace(absolute, term=Power(absolute.term, Number(order)))
        found = reduced(raised, places, keepdims, "sum")
        return replace(found, term=Power(found.term, Number(Fraction(1) / order)))
    raise UnreadableError(f"the norm of order {order}")


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


def running(a: Array, axis: Any = None, kind: str = "sum", backwards: bool = False) -> Array:
    """np.cumsum and np.cumprod; backwards: from the end."""
    if axis is None:
        if a.rank != 1:
            raise UnreadableError("a running sum over all axes")
        axis = 0
    (place,) = axes_of(a, axis)
    old = a.axes[place]
    if len(old.factors) != 1 or a.hidden is not None:
        raise UnreadableError("a running sum along such an axis")
    index = old.factors[0]
    new = Index("k", index.range, 1)
    first, second = (new, index) if backwards else (index, new)
    before = compared("<=", Whole.atom(first), Whole.atom(second))
    if kind == "sum":
        bounded = Axis((index,), old.length)
        term: Term = sum_over([bounded], Product(before, a.term))
    else:
        term = reduction("prod", (index,), chosen(before, a.term, ONE))
    axes = (*a.axes[:place], Axis((new,), old.length), *a.axes[place + 1 :])
    return array(axes, term, a.kind, a.library)


def differences(a: Array, axis: int = -1) -> Array:
    """np.diff."""
    from indexcalc.lift.arrays.indexing import taken
    from indexcalc.lift.arrays.slicing import Slice

    (place,) = axes_of(a, axis)
    before: list[Any] = [Slice()] * place
    later = taken(a, [*before, Slice(start=Whole.of(1))])
    return subtract(later, taken(a, [*before, Slice(stop=Whole.of(-1))]))


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


def shifted(a: Array, shift: Sequence[Whole], places: Sequence[int]) -> Array:
    """np.roll along axes."""
    for by, place in zip(shift, places, strict=True):
        axis = a.axes[place]
        if not axis.factors:
            continue
        if len(axis.factors) != 1 or by.number is None or a.hidden is not None:
            raise UnreadableError("np.roll along such an axis")
        index = axis.factors[0]
        new, size = Index("k", index.range, 1), axis.size
        here, there = Whole.atom(index) + by, Whole.atom(new)
        ends = (
            [compared("==", here + (size if n else Whole()), there) for n in (0, 1)]
            if by.number < 0
            else [compared("==", here - (size if n else Whole()), there) for n in (0, 1)]
        )
        term = sum_over([axis], Product(Sum(*ends), a.term))
        a = replace(a, axes=(*a.axes[:place], Axis((new,)), *a.axes[place + 1 :]), term=term).plain().numbered()
    return a
