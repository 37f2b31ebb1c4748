"""Functions whose meaning hangs on the library or on how they are called, and those that give views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from indexcalc.lift.arrays.array import Array, number
from indexcalc.lift.arrays.indexing import place_array, taken
from indexcalc.lift.arrays.shaping import expanded, place_of
from indexcalc.lift.arrays.slicing import Mask, Slice
from indexcalc.lift.arrays.whole import UNIT, Whole
from indexcalc.lift.errors import UnreadableError
from indexcalc.lift.library import making, products, reductions
from indexcalc.lift.library.calls import as_array
from indexcalc.lift.library.comparing import extreme, truth
from indexcalc.lift.library.comparing import where as where_of
from indexcalc.lift.library.elementwise import add, multiply, sqrt, square, subtract
from indexcalc.terms import ONE, ZERO, Call, Power


def converted(a: Array, kind: str = "") -> Array:
    """The array itself, of another kind where one is asked for."""
    return making.cast(a, kind)


def made(a: Any, kind: str = "") -> Array:
    """np.array."""
    return making.literal(a, kind)


def astype(a: Array, rest: Any = None) -> Array:
    """x.astype(float), x.to(torch.float32), x.type_as(y)."""
    from indexcalc.lift.library.calls import as_kind

    for each in rest if isinstance(rest, tuple | list) else (rest,):
        if isinstance(each, Array):
            return making.cast(a, each.kind) if each.kind != "int" or a.kind != "float" else making.cast(a, "int")
        try:
            return making.cast(a, as_kind(each))
        except UnreadableError:
            continue
    return a


def logaddexp(a: Array, b: Array) -> Array:
    """log(exp(a) + exp(b)); softplus where one is 0."""
    for one, other in ((a, b), (b, a)):
        if one.term is ZERO and one.hidden is None and not one.rank:
            return replace(other, term=Call("softplus", other.term), kind="float", whole=None, choice=None)
    from indexcalc.lift.library.elementwise import exp, log

    return log(add(exp(a), exp(b)))


def hypot(a: Array, b: Array) -> Array:
    """sqrt(a^2 + b^2)."""
    return sqrt(add(square(a), square(b)))


def clip(a: Array, low: Any = None, high: Any = None) -> Array:
    """No smaller than one number, no larger than another; infinity is no bound."""
    a = a if _is_no_bound(low) else extreme("max", a, as_array(low))
    return a if _is_no_bound(high) else extreme("min", a, as_array(high))


def _is_no_bound(value: Any) -> bool:
    return value is None or type(value).__name__ == "Infinity" or getattr(value, "hidden", None) is ONE


def choose(a: Array, arrays: Array) -> Array:
    """np.choose(labels, rows) of labels along the second axis: rows[labels, arange]."""
    if a.rank != 1 or arrays.rank != 2:
        raise UnreadableError("np.choose of other than labels and the rows of a matrix")
    return taken(arrays, [a, place_array(arrays.axes[1].size)])


def where(a: Array, then: Array | None = None, otherwise: Array | None = None) -> Any:
    """np.where."""
    if then is None or otherwise is None:
        return Mask(truth(a))
    return where_of(a, then, otherwise)


def heaviside(a: Array, b: Array) -> Array:
    """0 below 0, 1 above, b at 0."""
    zero = number(0)
    from indexcalc.lift.library.comparing import compare

    return where_of(compare(">", a, zero), number(1), where_of(compare("==", a, zero), b, zero))


def relu(a: Array) -> Array:
    """max(0, x)."""
    if a.hidden is not None:
        raise UnreadableError("a function of minus infinity")
    return replace(a, term=Call("relu", a.term), whole=None, choice=None)


class Extremes:
    """What torch.max along an axis gives: values and their places, which are not known."""

    def __init__(self, values: Array) -> None:
        self.values = values


def torch_extreme(kind: str, a: Array, axis: Any = None, keepdims: bool = False) -> Any:
    """torch.max: of all elements, along an axis (values and places), or of two arrays."""
    from indexcalc.lift.library.calls import as_integer

    rule = reductions.largest if kind == "max" else reductions.smallest
    if axis is None:
        return rule(a)
    if isinstance(axis, Array) and axis.rank:
        return extreme(kind, a, axis)
    return Extremes(rule(a, as_integer(axis), keepdims))


def torch_variance(
    a: Array, axis: Any = None, unbiased: bool | None = None, keepdims: bool = False, ddof: int | None = None
) -> Array:
    """torch.var divides by one less unless told otherwise."""
    return reductions.variance(a, axis, _less(unbiased, ddof), keepdims)


def torch_deviation(
    a: Array, axis: Any = None, unbiased: bool | None = None, keepdims: bool = False, ddof: int | None = None
) -> Array:
    """torch.std divides by one less unless told otherwise."""
    return reductions.deviation(a, axis, _less(unbiased, ddof), keepdims)


def _less(unbiased: bool | None, ddof: int | None) -> int:
    return ddof if ddof is not None else 0 if unbiased is False else 1


def triangle(a: Array, k: Any = 0, upper: bool = True) -> Array:
    """np.triu and np.tril."""
    return reductions.triangle(a, k if isinstance(k, Whole) else Whole.of(k), upper)


def tri(n: Whole, cols: Whole | None = None, k: Any = 0) -> Array:
    """np.tri: ones at and below a diagonal."""
    whole = k if isinstance(k, Whole) else Whole.of(k)
    return replace(triangle(making.full([n, cols or n], number(1), "bool"), whole, False), kind="float")


def triangle_places(n: Whole, k: Any = 0, upper: bool = True) -> Mask:
    """np.triu_indices: the places of a triangle."""
    return Mask(making.triangle_places(n, k if isinstance(k, Whole) else Whole.of(k), upper))


def diag_indices(n: Whole, ndim: int = 2) -> tuple[Array, ...]:
    """np.diag_indices."""
    return (place_array(n),) * ndim


def covariance(a: Array, rowvar: bool = True, bias: bool = False, ddof: int | None = None) -> Array:
    """np.cov divides by one less unless told otherwise."""
    return reductions.covariance(a, rowvar, ddof if ddof is not None else 0 if bias else 1)


def roll(a: Array, shift: Sequence[Whole], axis: Any = None) -> Array:
    """np.roll."""
    if axis is None:
        if a.rank != 1:
            raise UnreadableError("np.roll over all axes")
        axis = 0
    places = reductions.axes_of(a, axis)
    return reductions.shifted(a, list(shift) * (len(places) if len(shift) == 1 else 1), places)


def flip(a: Array, axis: Any = None) -> Array:
    """An array with the order of some axes reversed."""
    places = reductions.axes_of(a, axis)
    return taken(a, [Slice(step=-1) if n in places else Slice() for n in range(a.rank)])


def every(a: Array, axis: Any = None, keepdims: bool = False) -> Array:
    """np.all."""
    return replace(reductions.smallest(truth(a), axis, keepdims), kind="bool")


def some(a: Array, axis: Any = None, keepdims: bool = False) -> Array:
    """np.any."""
    return replace(reductions.largest(truth(a), axis, keepdims), kind="bool")


def spread(a: Array, axis: Any = None) -> Array:
    """np.ptp."""
    return subtract(reductions.largest(a, axis), reductions.smallest(a, axis))


def chain(arrays: Sequence[Array] | None = None, operands: Sequence[Array] = ()) -> Array:
    """np.linalg.multi_dot."""
    arrays = operands if arrays is None else arrays
    found = arrays[0]
    for each in arrays[1:]:
        found = products.dot(found, each)
    return found


def matrix_power(a: Array, n: int) -> Array:
    """A whole power of a square matrix."""
    if not 0 <= n <= 16:
        raise UnreadableError(f"the power {n} of a matrix")
    if not n:
        return making.eye(a.shape[-1])
    return chain([a] * n)


def diag(a: Array, k: int = 0) -> Array:
    """np.diag."""
    return products.diag(a, k)


def diagflat(a: Array, k: int = 0) -> Array:
    """np.diagflat."""
    return products.diagonal_array(products.flat(a), k)


def diag_embed(a: Array, k: int = 0) -> Array:
    """torch.diag_embed."""
    return products.diagonal_array(a, k)


def take(a: Array, index: Array, axis: int | None = None) -> Array:
    """np.take."""
    if axis is None:
        a, axis = products.flat(a), 0
    return taken(a, [*[Slice()] * place_of(axis, a.rank), index])


def addmm(a: Array, b: Array, c: Array, beta: Array | None = None, alpha: Array | None = None) -> Array:
    """beta*a + alpha*(b @ c)."""
    product = products.matmul(b, c)
    product = multiply(alpha, product) if alpha is not None else product
    return add(multiply(beta, a) if beta is not None else a, product)


def add_scaled(a: Array, b: Array, alpha: Array | None = None, sign: int = 1) -> Array:
    """torch.add and torch.sub: a + alpha*b."""
    b = multiply(alpha, b) if alpha is not None else b
    return add(a, b) if sign > 0 else subtract(a, b)


def addcmul(a: Array, b: Array, c: Array, value: Array | None = None, divides: bool = False) -> Array:
    """a + value*b*c, or a + value*b/c."""
    from indexcalc.lift.library.elementwise import divide

    found = divide(b, c) if divides else multiply(b, c)
    return add(a, multiply(value, found) if value is not None else found)


def index_add(a: Array, axis: int, index: Array, source: Array, alpha: Array | None = None) -> Array:
    """Rows added at places of an axis."""
    from indexcalc.lift.arrays.writing import written_at

    source = multiply(alpha, source) if alpha is not None else source
    return written_at(a, [*[Slice()] * place_of(axis, a.rank), index], source, adds=True)


def var_mean(
    a: Array,
    axis: Any = None,
    unbiased: Any = None,
    keepdims: bool = False,
    ddof: int | None = None,
    root: bool = False,
) -> tuple[Array, Array]:
    """torch.var_mean and std_mean."""
    from indexcalc.lift.library.calls import as_flag, as_integer

    if isinstance(axis, Array) and axis.kind == "bool":  # torch.var_mean(x, unbiased)
        axis, unbiased = None, axis
    places = None if axis is None else as_integer(axis)
    flag = None if unbiased is None else as_flag(unbiased)
    rule = torch_deviation if root else torch_variance
    return rule(a, places, flag, keepdims, ddof), reductions.mean(a, places, keepdims)


def count_nonzero(a: Array, axis: Any = None, keepdims: bool = False) -> Array:
    """How many elements are not 0."""
    return reductions.total(truth(a), axis, keepdims)


def polyval(coefficients: Any, a: Array) -> Array:
    """np.polyval: the first coefficient is that of the highest power."""
    if isinstance(coefficients, Array) or not coefficients:
        raise UnreadableError("a polynomial whose degree is not known")
    found: Array = coefficients[0]
    for each in coefficients[1:]:
        found = add(multiply(found, a), each)
    return found


def one_hot(a: Array, n: Whole | None = None) -> Array:
    """1 at the place of each label, along a new last axis."""
    from indexcalc.lift.library.subscripts import one_hot_of

    if n is None or n.number == -1:
        if a.choice is None:
            raise UnreadableError("how many classes there are is not said")
        n = Whole.atom(a.choice[0].range)
    return one_hot_of(a, n)


def vander(a: Array, n: Whole | None = None, increasing: bool = False) -> Array:
    """np.vander: powers of a vector along a new last axis."""
    n = n if n is not None else a.shape[0]
    places = place_array(n)
    exponents = places.term if increasing else (n - UNIT - (places.whole or Whole())).term()
    row = replace(places, term=exponents, whole=None)
    from indexcalc.lift.arrays.combine import combined

    return combined([expanded(a, (1,)), row], Power, "float")


def ufunc_outer(a: Array, b: Array) -> tuple[Array, Array]:
    """Both arrays so that all pairs of elements meet."""
    return products.outer_of(a, b)


# ----- Views -----------------------------------------------------------------------------------------------------


def picked_along(a: Array, index: Array, axis: int) -> Array:
    """np.take_along_axis."""
    return products.picked_along(a, index, axis)
