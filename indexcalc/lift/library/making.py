"""Arrays that are made from nothing but their shape: zeros, ones, identity, whole numbers, one-hot rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from indexcalc.lift.arrays.array import Array, Axis, array, axis_of, number
from indexcalc.lift.arrays.conditions import compared
from indexcalc.lift.arrays.indexing import place_array
from indexcalc.lift.arrays.shaping import broadcast_to
from indexcalc.lift.arrays.whole import UNIT, Whole
from indexcalc.lift.errors import UnreadableError
from indexcalc.lift.library.elementwise import mapped
from indexcalc.terms import (
    ONE,
    ZERO,
    Call,
    Contraction,
    Index,
    Number,
    Product,
    Reduction,
    Sum,
    Term,
    Where,
    quotient,
)


def full(shape: Sequence[Whole], value: Array, kind: str = "") -> Array:
    """One number in every place."""
    axes = [axis_of(size, 10 * n) for n, size in enumerate(shape)]
    term = ZERO if value.hidden is ONE else value.term
    hidden = value.hidden if value.hidden is ONE else None
    return array(axes, term, kind or value.kind, hidden=hidden)


def zeros(shape: Sequence[Whole], kind: str = "") -> Array:
    """np.zeros."""
    return full(shape, number(0), kind or "float")


def ones(shape: Sequence[Whole], kind: str = "") -> Array:
    """np.ones."""
    return full(shape, number(1), kind or "float")


def like(a: Array, value: Array, kind: str = "") -> Array:
    """One number in the shape of an array."""
    hidden = ONE if value.hidden is ONE else None
    return replace(a, term=value.term, kind=kind or a.kind, whole=None, choice=None, hidden=hidden)


def eye(n: Whole, cols: Whole | None = None, k: int = 0, kind: str = "") -> Array:
    """The identity matrix; with k ones beside the diagonal."""
    first, second = axis_of(n, 10), axis_of(cols if cols is not None else n, 20)
    first = first.renamed({index: Index("r", index.range, index.serial) for index in first.factors})
    if not first.factors or not second.factors:
        if n == UNIT and (cols is None or cols == UNIT):
            return array((first, second), ONE, kind or "float")
        raise UnreadableError("an identity matrix with one row")
    if len(first.factors) > 1 or len(second.factors) > 1:
        return _eye_merged(first, second, k, kind)
    place = Whole.atom(first.factors[0]) + Whole.of(k)
    return array((first, second), compared("==", place, Whole.atom(second.factors[0])), kind or "float")


def _eye_merged(first: Axis, second: Axis, k: int, kind: str) -> Array:
    if first.ranges != second.ranges or k:
        raise UnreadableError("an identity matrix over a product of sizes")
    ties = (
        compared("==", Whole.atom(one), Whole.atom(other))
        for one, other in zip(first.factors, second.factors, strict=True)
    )
    return array((first, second), Product(*ties), kind or "float")


def arange(start: Whole, stop: Whole | None = None, step: int = 1, library: str = "") -> Array:
    """The whole numbers from a start before a stop."""
    if stop is None:
        start, stop = Whole(), start
    if step == -1:
        count = start - stop
        found = place_array(count, library=library)
        assert found.whole is not None
        whole = start - found.whole
        return replace(found, whole=whole, term=whole.term())
    if step != 1:
        first, last = start.number, stop.number
        if first is None or last is None:
            raise UnreadableError(f"np.arange with step {step}")
        found = place_array(Whole.of(len(range(first, last, step))), library=library)
        assert found.whole is not None
        whole = found.whole * Whole.of(step) + start
        return replace(found, whole=whole, term=whole.term())
    return place_array(stop - start, start, library)


def linspace(start: Array, stop: Array, count: Whole) -> Array:
    """Numbers at equal distances."""
    places = place_array(count)
    step = quotient(Sum(stop.term, Product(Number(-1), start.term)), (count - UNIT).term())
    return replace(places, term=Sum(start.term, Product(places.term, step)), kind="float", whole=None)


def literal(items: Any, kind: str = "") -> Array:
    """An array written as numbers or arrays in brackets."""
    from indexcalc.lift.arrays.shaping import stacked

    if isinstance(items, Array):
        return cast(items, kind) if kind else items
    if not items:
        raise UnreadableError("an empty array")
    if len(items) > 64:
        raise UnreadableError("an array of more than 64 rows that are written out")
    rows = [literal(item) for item in items]
    found = stacked(rows, 0)
    whole_rows = all(row.kind != "float" for row in rows)
    found = replace(found, kind="int" if whole_rows else "float")
    return cast(found, kind) if kind else found


def cast(a: Array, kind: str) -> Array:
    """The array as truth values, whole numbers (fractions are cut off) or numbers."""
    if not kind or kind == a.kind:
        return a
    if kind == "int":
        if a.kind == "bool" or a.whole is not None:
            return replace(a, kind="int")
        return truncated(a)
    if kind == "bool":
        from indexcalc.lift.library.comparing import truth

        return truth(a)
    return replace(a, kind="float")


def truncated(a: Array) -> Array:
    """An array of whole numbers: fractions are cut off."""
    if isinstance(a.term, Number):
        value = a.term.value
        return replace(a, term=Number(int(value)), kind="int", whole=Whole.of(int(value)))
    if is_whole(a.term):
        return replace(a, kind="int")
    return mapped(a, lambda term: Call("trunc", term), "int")


def is_whole(term: Term) -> bool:
    """Whether a term is a whole number whatever the tensors are."""
    match term:
        case Number(value):
            return isinstance(value, Fraction) and value.denominator == 1
        case Sum() | Product():
            return all(map(is_whole, term.fields))
        case Contraction(_, body) | Reduction(_, _, body):
            return is_whole(body)
        case Where(_, then, otherwise):
            return is_whole(then) and is_whole(otherwise)
        case Call("trunc" | "sign"):
            return True
    return type(term).__name__ in ("Size", "Delta", "Indicator", "Constraint", "Epsilon")


def filled_where(a: Array, mask: Array, value: Array) -> Array:
    """masked_fill: a value where a mask holds."""
    from indexcalc.lift.library.comparing import where

    return where(mask, value, a)


def triangle_places(n: Whole, k: Whole, upper: bool) -> Array:
    """The places of a triangle of a square matrix, as a mask."""
    from indexcalc.lift.library.reductions import triangle

    square = full([n, n], number(1), "bool")
    return triangle(square, k, upper)


def tiled(a: Array, many: Sequence[Whole]) -> Array:
    """np.tile."""
    from indexcalc.lift.arrays.shaping import repeated_axis

    while len(many) < a.rank:
        many = [UNIT, *many]
    if len(many) > a.rank:
        a = broadcast_to(a, [*([UNIT] * (len(many) - a.rank)), *a.shape])
    for place, count in enumerate(many):
        if count != UNIT:
            a = repeated_axis(a, place, count, inner=False)
    return a


def repeated(a: Array, many: Whole, axis: int | None = None) -> Array:
    """np.repeat."""
    from indexcalc.lift.arrays.shaping import place_of, repeated_axis
    from indexcalc.lift.library.products import flat

    if axis is None:
        a, axis = flat(a), 0
    return repeated_axis(a, place_of(axis, a.rank), many, inner=True)


def minus_infinity() -> Array:
    """A number below all others."""
    return Array((), ZERO, "float", hidden=ONE)


def bincount(a: Array, weights: Array | None = None, n: Whole | None = None) -> Array:
    """How often each label occurs, or the sums of what stands beside them."""
    from indexcalc.lift.library.reductions import total
    from indexcalc.lift.library.subscripts import one_hot_of

    if a.choice is None or n is None or n != Whole.atom(a.choice[0].range) or a.rank != 1:
        raise UnreadableError("np.bincount of labels whose number is not said")
    rows = one_hot_of(a, n)
    if weights is None:
        return replace(total(rows, 0), kind="int")
    from indexcalc.lift.library.products import matmul

    return matmul(weights, rows)


def segment_sum(a: Array, index: Array, n: Whole) -> Array:
    """The sums of the rows that have a label, for each label."""
    from indexcalc.lift.arrays.writing import written_at

    return written_at(zeros([n, *a.shape[1:]]), [index], a, adds=True)
