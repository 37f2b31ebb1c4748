"""Functions of torch.nn.functional and jax.nn: losses, normalisations, activations with parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from indexcalc.lift.arrays.array import Array, size_term
from indexcalc.lift.arrays.combine import mean_of, reduced
from indexcalc.lift.arrays.conditions import compared
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library.elementwise import (
    absolute,
    add,
    divide,
    elu,
    gelu_tanh,
    leaky,
    log,
    mapped,
    multiply,
    negate,
    sqrt,
    square,
    subtract,
)
from indexcalc.lift.library.products import matmul, picked_along
from indexcalc.lift.library.reductions import log_softmax, variance
from indexcalc.terms import ONE, Call, Number, Term


def averaged(reduction: str, a: Array) -> Array:
    """A loss of each example, averaged, summed or left."""
    if reduction == "none":
        return a
    places = range(a.rank)
    if reduction == "sum":
        return reduced(a, places, False, "sum")
    if reduction == "mean":
        return mean_of(a, places, False)
    raise RaisesError(f"there is no reduction {reduction!r}")


def mse_loss(a: Array, b: Array, reduction: str = "mean") -> Array:
    """The mean of squared differences."""
    return averaged(reduction, square(subtract(a, b)))


def l1_loss(a: Array, b: Array, reduction: str = "mean") -> Array:
    """The mean of absolute differences."""
    return averaged(reduction, absolute(subtract(a, b)))


def nll_loss(a: Array, target: Array, weight: Array | None = None, reduction: str = "mean") -> Array:
    """Minus the element of each row that its label names, times the weight of the label."""
    if a.rank != 2 or target.rank != 1:
        raise UnreadableError("nll_loss of such arrays")
    if target.kind == "float":
        raise RaisesError("labels must be whole numbers")
    from indexcalc.lift.arrays.indexing import taken
    from indexcalc.lift.arrays.shaping import expanded, squeezed

    each = negate(squeezed(picked_along(a, expanded(target, (1,)), 1), (1,)))
    if weight is None:
        return averaged(reduction, each)
    weights = taken(weight, [target])
    each = multiply(weights, each)
    return averaged(reduction, each) if reduction != "mean" else divide(averaged("sum", each), averaged("sum", weights))


def cross_entropy(
    a: Array, target: Array, weight: Array | None = None, reduction: str = "mean", smoothing: Array | None = None
) -> Array:
    """Minus the log-softmax at the label of each row, or weighted by a row of probabilities."""
    place = 1 if a.rank > 1 else 0
    rows = log_softmax(a, place)
    if target.kind != "float" and target.choice is not None:
        if smoothing is None or (isinstance(smoothing.term, Number) and smoothing.term.value == 0):
            return nll_loss(rows, target, weight, reduction)
        if weight is not None:
            raise UnreadableError("smoothed labels with weights")
        evenly = averaged(reduction, negate(mean_of(rows, (place,), False)))
        rest = subtract(Array((), ONE, "float"), smoothing)
        return add(multiply(rest, nll_loss(rows, target, None, reduction)), multiply(smoothing, evenly))
    if target.rank != a.rank or weight is not None or smoothing is not None:
        raise UnreadableError("cross_entropy of such arrays")
    each = negate(reduced(multiply(rows, target), (place,), False, "sum"))
    return averaged(reduction, each)


def binary_cross_entropy(a: Array, target: Array, reduction: str = "mean") -> Array:
    """-(y log p + (1 - y) log(1 - p))."""
    one = Array((), ONE, "float")
    first, second = multiply(target, log(a)), multiply(subtract(one, target), log(subtract(one, a)))
    return averaged(reduction, negate(add(first, second)))


def binary_cross_entropy_logits(a: Array, target: Array, reduction: str = "mean") -> Array:
    """softplus(z) - y z."""
    soft = mapped(a, lambda term: Call("softplus", term))
    return averaged(reduction, subtract(soft, multiply(target, a)))


def layer_norm(
    a: Array, shape: Sequence[Whole], weight: Array | None = None, bias: Array | None = None, eps: Array | None = None
) -> Array:
    """Normalised over the last axes, then scaled and shifted."""
    places = range(a.rank - len(shape), a.rank)
    if tuple(shape) != a.shape[a.rank - len(shape) :]:
        raise RaisesError("the normalised shape is not that of the last axes")
    centred = subtract(a, mean_of(a, places, True))
    spread = variance(a, tuple(places), 0, True)
    found = divide(centred, sqrt(add(spread, eps or Array((), Number(1e-5), "float"))))
    found = multiply(found, weight) if weight is not None else found
    return add(found, bias) if bias is not None else found


def linear(a: Array, weight: Array, bias: Array | None = None) -> Array:
    """x W^T + b."""
    from indexcalc.lift.arrays.shaping import permuted

    found = matmul(a, permuted(weight, (1, 0)) if weight.rank == 2 else weight)
    return add(found, bias) if bias is not None else found


def attention(query: Array, key: Array, value: Array, is_causal: bool = False, scale: Array | None = None) -> Array:
    """softmax(Q K^T / sqrt(d)) V."""
    from indexcalc.lift.arrays.shaping import swapped
    from indexcalc.lift.library.reductions import softmax

    scores = matmul(query, swapped(key, -1, -2))
    factor = scale.term if scale is not None else None
    size = Call("sqrt", size_term(query.axes[-1]))
    if factor is not None:
        scores = mapped(scores, lambda term: _times(term, factor))
    else:
        scores = divide(scores, Array((), size))
    if is_causal:
        scores = _causal(scores)
    return matmul(softmax(scores, -1), value)


def _causal(scores: Array) -> Array:
    """Minus infinity where a key stands behind its query."""
    row, column = (axis.factors[0] if len(axis.factors) == 1 else None for axis in scores.axes[-2:])
    if row is None or column is None:
        raise UnreadableError("a causal attention along such axes")
    behind = compared("<", Whole.atom(row), Whole.atom(column))
    return replace(scores, hidden=behind).plain()


def _times(term: Term, factor: Term) -> Term:
    from indexcalc.terms import Product

    return Product(term, factor)


def gelu(a: Array, approximate: str | bool = "none") -> Array:
    """x times the normal distribution function, or its approximation."""
    if approximate in ("tanh", "True", True):
        return mapped(a, gelu_tanh)
    return mapped(a, lambda term: Call("gelu", term))


def leaky_relu(a: Array, slope: Array | None = None) -> Array:
    """x where positive, slope*x elsewhere."""
    term = slope.term if slope is not None else Number(0.01)
    return mapped(a, lambda x: leaky(x, term))


def elu_of(a: Array, alpha: Array | None = None) -> Array:
    """x where positive, alpha*(exp(x) - 1) elsewhere."""
    term = alpha.term if alpha is not None else ONE
    return mapped(a, lambda x: elu(x, term))


def softplus(a: Array, beta: Array | None = None) -> Array:
    """log(1 + exp(beta*x))/beta."""
    if beta is not None and beta.term is not ONE:
        return divide(softplus(multiply(beta, a)), beta)
    return mapped(a, lambda term: Call("softplus", term))
