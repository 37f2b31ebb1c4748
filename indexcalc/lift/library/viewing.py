"""Functions that give another view of an array: transposed, reshaped, with axes put in or taken out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indexcalc.lift.arrays.array import Array, number
from indexcalc.lift.arrays.shaping import moved_axes, place_of, places_of
from indexcalc.lift.arrays.slicing import Slice
from indexcalc.lift.arrays.views import Elements, Order, Shape
from indexcalc.lift.arrays.whole import UNIT, Whole
from indexcalc.lift.errors import RaisesError, UndecidedError


def transpose(a: Array, axis: Any = None) -> Order:
    """x.transpose(...): the axes reversed, or in an order."""
    if axis is None:
        return Order(tuple(reversed(range(a.rank))))
    order = places_of(axis if isinstance(axis, tuple) else (axis,), a.rank)
    if len(order) != a.rank:
        raise RaisesError(f"{len(order)} axes are named for an array with {a.rank}")
    return Order(order)


def swap(a: Array, axis1: int, axis2: int) -> Order:
    """Two axes exchanged."""
    order = list(range(a.rank))
    one, two = place_of(axis1, a.rank), place_of(axis2, a.rank)
    order[one], order[two] = two, one
    return Order(tuple(order))


def matrix_transpose(a: Array) -> Order:
    """The last two axes exchanged."""
    if a.rank < 2:
        raise RaisesError("the transpose of a vector's last two axes")
    return swap(a, -1, -2)


def moveaxis(a: Array, source: Any, destination: Any) -> Order:
    """np.moveaxis."""
    source = source if isinstance(source, tuple) else (source,)
    return Order(moved_axes(a, source, destination if isinstance(destination, tuple) else (destination,)))


def rollaxis(a: Array, axis: int, start: int = 0) -> Order:
    """np.rollaxis."""
    place = place_of(axis, a.rank)
    start = start + a.rank if start < 0 else start
    order = [n for n in range(a.rank) if n != place]
    order.insert(start - (start > place), place)
    return Order(tuple(order))


def reshape(a: Array, shape: Sequence[Whole]) -> Shape:
    """x.reshape(...)."""
    return Shape(tuple(shape))


def reshape_as(a: Array, b: Array) -> Shape:
    """x.view_as(y)."""
    return Shape(b.shape)


def flatten(a: Array, rest: Any = None) -> Shape:
    """x.ravel(), and torch's x.flatten(first, last)."""
    numbers = rest if isinstance(rest, tuple) else () if rest is None else (rest,)
    first = place_of(numbers[0], a.rank) if numbers else 0
    last = place_of(numbers[1], a.rank) if len(numbers) > 1 else a.rank - 1
    merged = UNIT
    for size in a.shape[first : last + 1]:
        merged = merged * size
    return Shape((*a.shape[:first], merged, *a.shape[last + 1 :]))


def torch_flatten(a: Array, start: int = 0, end: int = -1) -> Shape:
    """x.flatten(start_dim, end_dim)."""
    return flatten(a, (start, end)) if a.rank else Shape((UNIT,))


def unflatten(a: Array, axis: int, shape: Sequence[Whole]) -> Shape:
    """x.unflatten(axis, shape)."""
    place = place_of(axis, a.rank)
    if any(size.number == -1 for size in shape):
        known = UNIT
        for size in shape:
            known = known * (size if size.number != -1 else UNIT)
        rest = a.shape[place].divided(known)
        if rest is None:
            raise UndecidedError("how an axis is split")
        shape = [rest if size.number == -1 else size for size in shape]
    return Shape((*a.shape[:place], *shape, *a.shape[place + 1 :]))


def expand_dims(a: Array, axis: Any) -> Elements:
    """Axes of length 1 put in."""
    axes = axis if isinstance(axis, tuple) else (axis,)
    rank = a.rank + len(axes)
    wanted = places_of(axes, rank)
    return Elements(tuple(None if n in wanted else Slice() for n in range(rank)))


def squeeze(a: Array, axis: Any = None) -> Elements:
    """Axes of length 1 taken out."""
    if axis is None:
        wanted = tuple(n for n, each in enumerate(a.axes) if not each.factors)
    else:
        wanted = places_of(axis if isinstance(axis, tuple) else (axis,), a.rank)
        long = [n for n in wanted if a.axes[n].factors]
        if long:
            raise RaisesError(f"axis {long[0]} has length {a.axes[long[0]]}, not 1")
    return Elements(tuple(number(0) if n in wanted else Slice() for n in range(a.rank)))


def torch_squeeze(a: Array, axis: Any = None) -> Elements:
    """x.squeeze(axis) of torch: an axis that is longer stays."""
    wanted = range(a.rank) if axis is None else places_of(axis if isinstance(axis, tuple) else (axis,), a.rank)
    return squeeze(a, tuple(n for n in wanted if not a.axes[n].factors))


def at_least(a: Array, rest: Any = None, rank: int = 1) -> Elements | tuple[Array, ...]:
    """Axes of length 1 in front; of several arrays for each of them."""
    new = Elements((*(None for _ in range(rank - a.rank)), *(Slice() for _ in range(a.rank))))
    if rest is None:
        return new
    found = [at_least(each, None, rank) for each in rest if isinstance(each, Array)]
    if len(found) != len(rest):
        raise RaisesError("an axis of what is no array")
    return (
        new.read(a),
        *(view.read(each) for view, each in zip(found, rest, strict=True) if isinstance(view, Elements)),
    )


def select(a: Array, axis: int, index: Array) -> Elements:
    """One place of an axis."""
    return Elements((*(Slice() for _ in range(place_of(axis, a.rank))), index))


def narrow(a: Array, axis: int, start: Whole, length: Whole) -> Elements:
    """A stretch of an axis."""
    return Elements((*(Slice() for _ in range(place_of(axis, a.rank))), Slice(start, start + length)))
