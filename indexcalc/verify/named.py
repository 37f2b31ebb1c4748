"""Arrays whose axes have names, over any array library.

An axis is named by an index of a term, by the number of a slot of a tensor, or by a word for the axis along which a
variable is moved. Arrays meet by the names of their axes; nothing here knows the order of axes of a result.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import reduce
from operator import add, mul
from typing import Any, NamedTuple, Protocol

import numpy as np

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.errors import IndexcalcError
from indexcalc.terms import Index
from indexcalc.verify.special import gamma, integrals


class Named(NamedTuple):
    """An array with one name an axis."""

    axes: tuple[Hashable, ...]
    array: Any


@dataclass(frozen=True)
class Library:
    """What an array library must do for an evaluator.

    xp: the module, with numpy's names for the elementwise functions.
    erf: the error function.
    constant: a numpy array made one of the library's.
    transpose: (array, order of axes).
    power: base to the exponent, elementwise; integers never come here. By default a varying one goes by logarithms:
        automatic differentiators take a slope of 0 where an exponent is 0, and its derivatives are then wrong.
    real: the real part, by which numbers are compared. same: whether real numbers are the same.
    """

    xp: Any
    erf: Callable[[Any], Any]
    constant: Callable[[Any], Any]
    transpose: Callable[[Any, Sequence[int]], Any]
    power: Callable[[Any, Any], Any] | None = None
    real: Callable[[Any], Any] = lambda array: array
    same: Callable[[Any, Any], Any] = lambda one, other: one == other
    functions: dict[str, Callable[..., Any]] = field(init=False)

    def raised(self, base: Any, exponent: Any) -> Any:
        """base to the exponent, which is a float or an array."""
        if self.power is not None:
            return self.power(base, exponent)
        return base**exponent if isinstance(exponent, float) else self.xp.exp(exponent * self.xp.log(base))

    def __post_init__(self) -> None:
        object.__setattr__(self, "functions", _functions(self))


OF_ORDER = {name: row.orders for name, row in FUNCTIONS.items() if row.orders}  # how many arguments are numbers
SAME = "exp expm1 log log1p sqrt sin cos tan tanh sinh cosh arcsin arccos arctan".split()


def _functions(library: Library) -> dict[str, Callable[..., Any]]:
    """The scalar functions from few primitives, in forms that hold for complex numbers near the real axis too."""
    xp, real = library.xp, library.real

    def sigmoid(x: Any) -> Any:
        return (1 + xp.tanh(x / 2)) / 2

    def softplus(x: Any) -> Any:
        return xp.where(real(x) > 0, x, 0.0) + xp.log1p(xp.exp(xp.where(real(x) > 0, -x, x)))

    def larger(x: Any, y: Any, one: Any, other: Any) -> Any:
        """The one that is larger by these numbers; what is no number is no choice either."""
        return chosen(library, one > other, x, chosen(library, one <= other, y, x + y))

    return {
        **{name: getattr(xp, name) for name in SAME},
        "abs": lambda x: x * xp.sign(real(x)),
        "cbrt": lambda x: xp.sign(real(x)) * xp.exp(xp.log(x * xp.sign(real(x))) / 3),
        "erf": library.erf,
        "erfc": lambda x: gamma.erfc(library, x),
        "digamma": lambda x: gamma.digamma(library, x),
        "gammaln": lambda x: gamma.gammaln(library, x),
        "gelu": lambda x: x / 2 * (1 + library.erf(x / math.sqrt(2))),
        "log_ndtr": lambda x: gamma.log_ndtr(library, x),
        "max": lambda x, y: larger(x, y, real(x), real(y)),
        "min": lambda x, y: larger(x, y, -real(x), -real(y)),
        "ndtr": lambda x: gamma.erfc(library, x * -math.sqrt(0.5)) / 2,
        "polygamma": lambda order, x: gamma.polygamma(library, order, x),
        **integrals.functions(library),
        "relu": lambda x: xp.where(real(x) > 0, x, xp.where(real(x) <= 0, 0.0, x)),
        "sigmoid": sigmoid,
        "sign": lambda x: xp.sign(real(x)),
        "softplus": softplus,
    }


def chosen(library: Library, condition: Any, first: Any, second: Any) -> Any:
    """`where` on arrays of one shape: autograd does not sum the slope of an operand that was repeated."""
    shape = np.broadcast_shapes(condition.shape, first.shape, second.shape)
    full = [each if each.shape == shape else each * library.constant(np.ones(shape)) for each in (first, second)]
    return library.xp.where(condition, *full)


class Calm(Protocol):
    """What knows whether numpy was told not to warn."""

    is_calm: bool


@contextmanager
def now_calm(evaluator: Calm) -> Iterator[None]:
    """A task in which numpy does not warn, so that it is not told so again for each term."""
    evaluator.is_calm = True
    try:
        yield
    finally:
        evaluator.is_calm = False


# ----- Axes ------------------------------------------------------------------------------------------------------


def aligned(library: Library, values: Iterable[Named]) -> tuple[tuple[Hashable, ...], list[Any]]:
    """All axes in one order, and the arrays with axes of length 1 where they lack one: they broadcast."""
    values = tuple(values)
    axes: tuple[Hashable, ...] = ()
    for value in values:
        if value.axes != axes:
            axes = tuple(dict.fromkeys((*axes, *value.axes))) if axes else value.axes
    return axes, [value.array if value.axes == axes else _spread(library, value, axes) for value in values]


def _spread(library: Library, value: Named, axes: tuple[Hashable, ...]) -> Any:
    own, array = value.axes, value.array
    if own == axes:
        return array
    if not own:
        return array.reshape((1,) * len(axes))
    order = [own.index(axis) for axis in axes if axis in own]
    lengths = dict(zip(own, array.shape, strict=True))
    array = array if order == sorted(order) else library.transpose(array, order)
    return array.reshape([lengths.get(axis, 1) for axis in axes])


def arranged(
    library: Library, value: Named, axes: tuple[Hashable, ...], lengths: Iterable[int]
) -> Named:
    """The value with these axes first, in this order; one that it lacks is filled by repetition."""
    if value.axes == axes:
        return value
    missing = [
        Named((axis,), library.constant(np.ones(length)))
        for axis, length in zip(axes, lengths, strict=True)
        if axis not in value.axes
    ]
    full = product(library, [value, *missing])
    order = (*axes, *(axis for axis in full.axes if axis not in axes))
    return Named(order, _spread(library, full, order))


def renamed(library: Library, value: Named, names: tuple[Hashable, ...]) -> Named:
    """The value under other names of its axes: a fixed place picks it, a name that occurs twice takes the diagonal."""
    if len(set(names)) == len(names) and not any(isinstance(name, Index) and name.name.isdigit() for name in names):
        return value if names == value.axes else Named(names, value.array)
    array, axes = value.array, list(names)
    for position in reversed(range(len(axes))):
        name = axes[position]
        if isinstance(name, Index) and name.place is not None:
            array = array[(slice(None),) * position + (_from_zero(name, array.shape[position]),)]
            del axes[position]
    while len(set(axes)) < len(axes):
        name = next(name for name in axes if axes.count(name) > 1)
        first = axes.index(name)
        second = axes.index(name, first + 1)
        rest = [place for place in range(len(axes)) if place not in (first, second)]
        places = np.arange(array.shape[first])
        array = library.transpose(array, [first, second, *rest])[places, places]
        axes = [name, *(axes[place] for place in rest)]
    return Named(tuple(axes), array)


def _from_zero(index: Index, length: int) -> int:
    place = int(index.name)
    if not 1 <= place <= length:
        raise IndexcalcError(
            f"the place {place} lies outside a range of size {length}",
            "Places count from 1; give the range a larger size",
        )
    return place - 1


# ----- Arithmetic ------------------------------------------------------------------------------------------------


def total(library: Library, values: Iterable[Named]) -> Named:
    """The sum of values."""
    axes, arrays = aligned(library, values)
    return Named(axes, reduce(add, arrays))


def product(library: Library, values: Iterable[Named]) -> Named:
    """The product of values."""
    axes, arrays = aligned(library, values)
    return Named(axes, reduce(mul, arrays))


def summed(library: Library, value: Named, axis: Hashable) -> Named:
    """The sum along one axis."""
    place = value.axes.index(axis)
    rest = value.axes[:place] + value.axes[place + 1 :]
    if library.xp is np:  # what np.sum comes to, without the way there
        return Named(rest, np.add.reduce(value.array, axis=place))
    return Named(rest, library.xp.sum(value.array, axis=place))


def contracted(library: Library, values: Iterable[Named], bound: Iterable[Hashable]) -> Named:
    """The product of values summed over axes, the axis with the smallest intermediate array first."""
    pending, left = list(values), list(bound)

    def cost(axis: Hashable) -> int:
        lengths: dict[Hashable, int] = {}
        for value in pending:
            if axis in value.axes:
                lengths.update(zip(value.axes, value.array.shape, strict=True))
        return math.prod(lengths.values())

    costs = {axis: cost(axis) for axis in left} if len(left) > 1 else dict.fromkeys(left, 0)
    while left:
        axis = min(left, key=costs.__getitem__)
        left.remove(axis)
        touched = [value for value in pending if axis in value.axes]
        pending = [value for value in pending if axis not in value.axes]
        new = summed(library, product(library, touched), axis)
        pending.append(new)
        costs |= {other: cost(other) for other in left if other in new.axes}  # no other array has changed
    return product(library, pending)


def reduced(library: Library, kind: str, value: Named, bound: tuple[Hashable, ...]) -> Named:
    """The product, maximum or minimum over axes; an extreme is the mean of all that attain it, so these share."""
    rest = tuple(axis for axis in value.axes if axis not in bound)
    array = _spread(library, value, (*bound, *rest))
    flat = array.reshape((math.prod(array.shape[: len(bound)]), *array.shape[len(bound) :]))
    if kind == "prod":
        return Named(rest, reduce(lambda x, y: x * y, [flat[place] for place in range(flat.shape[0])]))
    return Named(rest, _mean_of_extremes(library, kind, flat))


def _mean_of_extremes(library: Library, kind: str, flat: Any) -> Any:
    """The mean of the elements along the first axis whose real parts are the largest (smallest); nan among nan."""
    xp, numbers = library.xp, library.real(flat)
    sign = 1 if kind == "max" else -1

    def further(x: Any, y: Any) -> Any:
        """The one that is further out; what is no number makes it none."""
        return xp.where(sign * y > sign * x, y, xp.where(sign * y <= sign * x, x, x + y))

    attained = library.same(numbers, reduce(further, [numbers[place] for place in range(numbers.shape[0])]))
    count = xp.sum(xp.where(attained, 1.0, 0.0), axis=0)
    return xp.sum(chosen(library, attained, flat, library.constant(np.zeros(()))), axis=0) / count


def integer_power(base: Any, exponent: int) -> Any:
    """By multiplication: exact for negative bases and for tiny imaginary parts."""
    result, square, left = None, base, abs(exponent)
    while left:
        if left % 2:
            result = square if result is None else result * square
        square, left = square * square, left // 2
    if result is None:
        return base * 0.0 + 1.0
    return result if exponent > 0 else 1.0 / result


# ----- numpy, complex numbers included ---------------------------------------------------------------------------


def _erf(x: Any) -> Any:
    """The error function; a tiny imaginary part is carried along by the slope."""
    value = np.vectorize(math.erf, otypes=[float])(np.real(x))
    if not np.iscomplexobj(x):
        return value
    return value + 2j / math.sqrt(math.pi) * np.exp(-np.real(x) ** 2) * np.imag(x)


def _power(base: Any, exponent: Any) -> Any:
    """By logarithms where numbers are complex: numpy's own power would spoil a tiny imaginary part."""
    if np.iscomplexobj(base) or np.iscomplexobj(exponent):
        return np.exp(exponent * np.log(base))
    return base**exponent


NUMPY = Library(np, _erf, np.asarray, np.transpose, _power, np.real)
