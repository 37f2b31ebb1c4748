"""Layers without state: normalisations, distances, losses of torch and jax that are composed of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from indexcalc.lift.arrays.array import Array, Axis, number
from indexcalc.lift.arrays.combine import mean_of, reduced
from indexcalc.lift.arrays.indexing import taken
from indexcalc.lift.arrays.shaping import expanded, place_of, reshaped
from indexcalc.lift.arrays.slicing import Slice
from indexcalc.lift.arrays.whole import UNIT, Whole
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library.comparing import compare, extreme, where
from indexcalc.lift.library.elementwise import (
    absolute,
    add,
    divide,
    elu,
    exp,
    log,
    mapped,
    multiply,
    negate,
    sigmoid,
    sqrt,
    square,
    subtract,
)
from indexcalc.lift.library.network import averaged
from indexcalc.lift.library.reductions import norm, softmax, variance
from indexcalc.terms import ONE, ZERO, Call, Number, Product, Sum, Term, indicator

HALF, SMALL = number(0.5), number(1e-5)


# ----- Activations -----------------------------------------------------------------------------------------------

SCALE, ALPHA = Number(1.0507009873554804934193349852946), Number(1.6732632423543772848170429916717)


def selu(a: Array) -> Array:
    """scale*x where positive, scale*alpha*(exp(x) - 1) elsewhere."""
    return mapped(a, lambda x: Product(SCALE, elu(x, ALPHA)))


def celu(a: Array, alpha: Array | None = None) -> Array:
    """x where positive, alpha*(exp(x/alpha) - 1) elsewhere."""
    term = alpha.term if alpha is not None else ONE
    other = multiply(number(1, "float") if alpha is None else alpha, subtract(exp(divide(a, _one(term))), number(1)))
    return where(compare(">", a, number(0)), a, other)


def _one(term: Term) -> Array:
    return Array((), term)


def hardtanh(a: Array, low: Array | None = None, high: Array | None = None) -> Array:
    """x between -1 and 1."""
    return extreme("min", extreme("max", a, low or number(-1)), high or number(1))


def hardsigmoid(a: Array) -> Array:
    """x/6 + 1/2 between 0 and 1."""
    return hardtanh(add(divide(a, number(6)), HALF), number(0), number(1))


def hardswish(a: Array) -> Array:
    """x times hardsigmoid."""
    return multiply(a, hardsigmoid(a))


def tanhshrink(a: Array) -> Array:
    """x - tanh(x)."""
    return mapped(a, lambda x: Sum(x, Product(Number(-1), Call("tanh", x))))


def shrink(a: Array, lambd: Array | None = None, hard: bool = False) -> Array:
    """0 near 0; elsewhere x, or x moved towards 0."""
    edge = lambd or HALF
    far = compare(">", absolute(a), edge)
    moved = a if hard else subtract(a, multiply(mapped(a, lambda x: Call("sign", x)), edge))
    return where(far, moved, number(0, "float"))


def threshold(a: Array, edge: Array, value: Array) -> Array:
    """x above an edge, a number elsewhere."""
    return where(compare(">", a, edge), a, value)


def glu(a: Array, axis: int = -1) -> Array:
    """The first half times the sigmoid of the second."""
    place = place_of(axis, a.rank)
    half = a.axes[place].size.divided(Whole.of(2))
    if half is None:
        raise UnreadableError("halves of an axis whose length is no even number")
    before: list[Any] = [Slice()] * place
    return multiply(taken(a, [*before, Slice(stop=half)]), sigmoid(taken(a, [*before, Slice(half)])))


def prelu(a: Array, slope: Array) -> Array:
    """x where positive, elsewhere times a slope for each channel."""
    if slope.rank == 1 and slope.shape[0] != UNIT:
        if a.rank < 2:
            raise RaisesError("a slope for each channel of a vector")
        slope = _channels(slope, a.rank)
    return where(compare(">", a, number(0)), a, multiply(slope, a))


def softmin(a: Array, axis: int = -1) -> Array:
    """The softmax of -x."""
    return softmax(negate(a), axis)


def xlogy(a: Array, b: Array) -> Array:
    """x log y; 0 where x is 0."""
    zero = compare("==", a, number(0))
    return where(zero, number(0, "float"), multiply(a, log(b)))


def relative_entropy(a: Array, b: Array) -> Array:
    """x log(x/y)."""
    return multiply(a, log(divide(a, b)))


def scipy_kl(a: Array, b: Array) -> Array:
    """x log(x/y) - x + y."""
    return add(subtract(relative_entropy(a, b), a), b)


def entropy(a: Array) -> Array:
    """-x log x."""
    return negate(multiply(a, log(a)))


def sinc(a: Array) -> Array:
    """sin(pi x)/(pi x); 1 at 0."""
    from indexcalc.lift.library.elementwise import PI
    from indexcalc.terms import Where, quotient

    def rule(x: Term) -> Term:
        angle = Product(PI, x)
        return Where(indicator("==", x, ZERO), ONE, quotient(Call("sin", angle), angle))

    return mapped(a, rule)


# ----- Normalisations --------------------------------------------------------------------------------------------


def _normalised(a: Array, places: Sequence[int], eps: Array | None) -> Array:
    centred = subtract(a, mean_of(a, places, True))
    return divide(centred, sqrt(add(variance(a, tuple(places), 0, True), eps or SMALL)))


def _channels(value: Array, rank: int) -> Array:
    """A number for each channel, along the second axis of an array."""
    return replace(value, axes=(value.axes[0], *(Axis() for _ in range(rank - 2)))).numbered()


def _scaled(found: Array, weight: Array | None, bias: Array | None) -> Array:
    found = multiply(found, _channels(weight, found.rank)) if weight is not None else found
    return add(found, _channels(bias, found.rank)) if bias is not None else found


def batch_norm(
    a: Array,
    mean: Array | None = None,
    var: Array | None = None,
    weight: Array | None = None,
    bias: Array | None = None,
    training: bool = False,
    eps: Array | None = None,
) -> Array:
    """F.batch_norm: by the mean and the variance of each channel, or in use by those that are given."""
    if a.rank < 2:
        raise RaisesError("channels of a vector")
    if training:
        if mean is not None or var is not None:
            raise UnreadableError("means and variances that are changed")
        return _scaled(_normalised(a, [n for n in range(a.rank) if n != 1], eps), weight, bias)
    if mean is None or var is None:
        raise RaisesError("means and variances are needed where there is no training")
    centred = subtract(a, _channels(mean, a.rank))
    return _scaled(divide(centred, sqrt(add(_channels(var, a.rank), eps or SMALL))), weight, bias)


def instance_norm(
    a: Array,
    _mean: Any = None,
    _var: Any = None,
    weight: Array | None = None,
    bias: Array | None = None,
    eps: Array | None = None,
) -> Array:
    """F.instance_norm: over the places of each channel of each example."""
    return _scaled(_normalised(a, range(2, a.rank), eps), weight, bias)


def group_norm(
    a: Array, groups: Whole, weight: Array | None = None, bias: Array | None = None, eps: Array | None = None
) -> Array:
    """F.group_norm: over groups of channels of each example."""
    each = a.shape[1].divided(groups)
    if each is None:
        raise UnreadableError("channels in groups")
    parts = reshaped(a, [a.shape[0], groups, each, *a.shape[2:]])
    return _scaled(reshaped(_normalised(parts, range(2, parts.rank), eps), a.shape), weight, bias)


def rms_norm(a: Array, shape: Sequence[Whole], weight: Array | None = None, eps: Array | None = None) -> Array:
    """x over the root of the mean of its squares, which torch adds 2^-52 or 2^-23 to unless told otherwise."""
    if eps is None:
        raise UnreadableError("rms_norm without eps, which hangs on the type of numbers")
    places = range(a.rank - len(shape), a.rank)
    if tuple(shape) != a.shape[a.rank - len(shape) :]:
        raise RaisesError("the normalised shape is not that of the last axes")
    found = divide(a, sqrt(add(mean_of(square(a), places, True), eps)))
    return multiply(found, weight) if weight is not None else found


def standardize(a: Array, axis: Any = -1, eps: Array | None = None) -> Array:
    """jax.nn.standardize."""
    places = [place_of(each, a.rank) for each in (axis if isinstance(axis, tuple) else (axis,))]
    return _normalised(a, places, eps)


def normalize(a: Array, order: Any = 2, axis: int = 1, eps: Array | None = None) -> Array:
    """F.normalize: over the norm, or over a small number if that is larger."""
    return divide(a, extreme("max", norm(a, order, axis, True), eps or number(1e-12)))


def dropout(a: Array, p: Array | None = None, training: bool = True) -> Array:
    """F.dropout, where nothing is dropped."""
    if training and not (p is not None and isinstance(p.term, Number) and p.term.value == 0):
        raise UnreadableError("random numbers are not known")
    return a


# ----- Distances, losses -----------------------------------------------------------------------------------------


def cosine_similarity(a: Array, b: Array, axis: int = 1, eps: Array | None = None) -> Array:
    """The product of normalised vectors."""
    least = eps or number(1e-8)
    lengths = [extreme("max", norm(each, 2, axis, True), least) for each in (a, b)]
    product = multiply(divide(a, lengths[0]), divide(b, lengths[1]))
    return reduced(product, [place_of(axis, product.rank)], False, "sum")


def pairwise_distance(a: Array, b: Array, order: Any = 2, eps: Array | None = None) -> Array:
    """The norm of differences, to which a small number is added."""
    return norm(add(subtract(a, b), eps or number(1e-6)), order, -1)


def cdist(a: Array, b: Array, order: Any = 2) -> Array:
    """The distances of all pairs of rows."""
    return norm(subtract(expanded(a, (-2,)), expanded(b, (-3,))), order, -1)


def huber(a: Array, b: Array, reduction: str = "mean", delta: Array | None = None) -> Array:
    """Half the square near 0, linear elsewhere."""
    edge = delta or number(1, "float")
    gap = absolute(subtract(a, b))
    far = multiply(edge, subtract(gap, multiply(HALF, edge)))
    return averaged(reduction, where(compare("<=", gap, edge), multiply(HALF, square(gap)), far))


def smooth_l1(a: Array, b: Array, reduction: str = "mean", beta: Array | None = None) -> Array:
    """The loss of Huber over its edge."""
    edge = beta or number(1, "float")
    return divide(huber(a, b, reduction, edge), edge)


def kl_div(a: Array, b: Array, reduction: str = "mean", log_target: bool = False) -> Array:
    """F.kl_div: b (log b - a), of log-probabilities a."""
    each = multiply(exp(b), subtract(b, a)) if log_target else subtract(xlogy(b, b), multiply(b, a))
    if reduction == "batchmean":
        rows = Array((), a.shape[0].term(), "int")
        return divide(averaged("sum", each), rows)
    return averaged(reduction, each)


def embedding(places: Array, weight: Array) -> Array:
    """The rows that places name."""
    return taken(weight, [places])
