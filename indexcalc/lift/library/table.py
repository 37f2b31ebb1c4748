"""The functions that are known: one row each. A new function is a new line.

A row: its names, its parameters in numpy's order, the rule, and in torch's order where that differs; `only` where the
names mean this in some modules alone ("torch", "numpy", "F", "math", "einops", "linalg", ...); `method` whether arrays
have it. A rule gives an Array, or a view (`views.View`) of its first argument.
"""

from __future__ import annotations

from functools import partial

from indexcalc.lift.arrays import shaping
from indexcalc.lift.arrays.array import number
from indexcalc.lift.library import comparing as c
from indexcalc.lift.library import elementwise as e
from indexcalc.lift.library import joining, making, products, reductions, subscripts, variants, viewing
from indexcalc.lift.library.more.lax import LAX
from indexcalc.lift.library.row import ONE, REDUCE, REDUCE_TORCH, TORCH_VARIANCE, TWO, VARIANCE, Row
from indexcalc.lift.library.table_arrays import ARRAYS
from indexcalc.lift.library.table_network import NETWORK

_TABLE = (
    # arithmetic
    Row("add", TWO, e.add),
    Row("subtract sub", TWO, e.subtract),
    Row("multiply mul", TWO, e.multiply),
    Row("divide true_divide div", TWO, e.divide),
    Row("floor_divide", TWO, e.floor_divide),
    Row("mod remainder fmod", TWO, e.modulo),
    Row("power pow float_power", TWO, e.power),
    Row("negative neg", ONE, e.negate),
    Row("positive asarray ascontiguousarray real conj conjugate nan_to_num", "a, kind:t=", variants.converted),
    Row("array tensor as_tensor asanyarray Tensor FloatTensor from_numpy", "a:v, kind:t=", variants.made, method=False),
    Row("square", ONE, e.square),
    Row("sqrt", ONE, e.sqrt),
    Row("exp", ONE, e.exp),
    Row("log", ONE, e.log),
    Row("abs absolute fabs", ONE, e.absolute),
    Row("maximum fmax", TWO, partial(c.extreme, "max")),
    Row("minimum fmin", TWO, partial(c.extreme, "min")),
    Row("sigmoid expit", ONE, e.sigmoid),
    Row("logaddexp", TWO, variants.logaddexp),
    Row("hypot", TWO, variants.hypot),
    Row("clip clamp", "a, low:v=None, high:v=None", variants.clip),
    Row("clamp_min", "a, low:v", variants.clip),
    Row("choose", "a, arrays", variants.choose),
    Row("where", "a, then=None, otherwise=None", variants.where),
    Row("isclose allclose equal eq", "a, b, _rtol:v=None, _atol:v=None", partial(c.compare, "==")),
    Row("not_equal ne", TWO, partial(c.compare, "!=")),
    Row("greater gt", TWO, partial(c.compare, ">")),
    Row("greater_equal ge", TWO, partial(c.compare, ">=")),
    Row("less lt", TWO, partial(c.compare, "<")),
    Row("less_equal le", TWO, partial(c.compare, "<=")),
    Row("logical_and bitwise_and", TWO, partial(c.logical, "and")),
    Row("logical_or bitwise_or", TWO, partial(c.logical, "or")),
    Row("logical_xor", TWO, partial(c.logical, "xor")),
    Row("logical_not invert", ONE, lambda a: c.invert(c.truth(a))),
    Row("heaviside", TWO, variants.heaviside),
    # along axes
    Row("sum nansum", f"{REDUCE}, _initial:v=None, where=None", reductions.total, REDUCE_TORCH),
    Row("prod", REDUCE, reductions.product, REDUCE_TORCH),
    Row("mean nanmean", REDUCE, reductions.mean, REDUCE_TORCH),
    Row("average", "a, axis:i=None, weights=None", reductions.weighted_mean),
    Row("max amax", "a, axis:i=None, _out:v=None, keepdims:b=False", reductions.largest, only="numpy jax"),
    Row("min amin", "a, axis:i=None, _out:v=None, keepdims:b=False", reductions.smallest, only="numpy jax"),
    Row("max", "a, axis:v=None, keepdims:b=False", partial(variants.torch_extreme, "max"), only="torch"),
    Row("min", "a, axis:v=None, keepdims:b=False", partial(variants.torch_extreme, "min"), only="torch"),
    Row("amax", "a, axis:i=None, keepdims:b=False", reductions.largest, only="torch"),
    Row("amin", "a, axis:i=None, keepdims:b=False", reductions.smallest, only="torch"),
    Row("var", VARIANCE, reductions.variance, only="numpy jax"),
    Row("std", VARIANCE, reductions.deviation, only="numpy jax"),
    Row("var", TORCH_VARIANCE, variants.torch_variance, only="torch"),
    Row("std", TORCH_VARIANCE, variants.torch_deviation, only="torch"),
    Row("norm", "a, order:o=None, axis:i=None, keepdims:b=False", reductions.norm),
    Row("vector_norm", "a, order:o=2, axis:i=None, keepdims:b=False", reductions.vector_norm, only="linalg"),
    Row("logsumexp", "a, axis:i=None, keepdims:b=False", reductions.logsumexp),
    Row("softmax", "a, axis:i=-1, _dtype:v=None", reductions.softmax, "a, axis:i, _dtype:v=None"),
    Row("log_softmax", "a, axis:i=-1, _dtype:v=None", reductions.log_softmax, "a, axis:i, _dtype:v=None"),
    Row("cumsum cumulative_sum", "a, axis:i=None, _dtype:v=None", reductions.running),
    Row("cumprod", "a, axis:i=None", partial(reductions.running, kind="prod")),
    Row("diff", "a, n:i=1, axis:i=-1, prepend=None, append=None", reductions.differences),
    Row("triu", "a, k:w=0", partial(variants.triangle, upper=True)),
    Row("tril", "a, k:w=0", partial(variants.triangle, upper=False)),
    Row("cov", "a, _y:v=None, rowvar:b=True, bias:b=False, ddof:i=None", variants.covariance, method=False),
    Row("roll", "a, shift:s, axis:i=None", variants.roll),
    Row("flip", "a, axis:i=None", variants.flip),
    Row("fliplr", "a", partial(variants.flip, axis=1)),
    Row("flipud", "a", partial(variants.flip, axis=0)),
    Row("all", REDUCE, variants.every, REDUCE_TORCH),
    Row("any", REDUCE, variants.some, REDUCE_TORCH),
    Row("ptp", "a, axis:i=None", variants.spread),
    # products
    Row("matmul mm bmm mv", "a, b", products.matmul),
    Row("dot", "a, b", products.dot),
    Row("inner", "a, b", products.inner),
    Row("vdot", "a, b", products.vdot),
    Row("vecdot", "a, b, axis:i=-1", products.vecdot),
    Row("outer ger", "a, b", products.outer),
    Row("tensordot", "a, b, axis:i=2", products.tensordot),
    Row("kron", "a, b", products.kron),
    Row("cross", "a, b", products.cross),
    Row("multi_dot", "arrays:l", variants.chain, only="linalg"),
    Row("matrix_power", "a, n:i", variants.matrix_power),
    Row("trace", "a, offset:i=0, axis1:i=0, axis2:i=1", products.trace),
    Row("diagonal", "a, offset:i=0, axis1:i=0, axis2:i=1", products.diagonal),
    Row("diag", "a, k:i=0", variants.diag),
    Row("diagflat", "a, k:i=0", variants.diagflat),
    Row("diag_embed", "a, k:i=0", variants.diag_embed),
    Row("einsum", "*operands:v", subscripts.einsum, method=False),
    Row("einsum", "*operands:v", subscripts.einops_einsum, only="einops", method=False),
    Row("take_along_axis gather", "a, index, axis:i", variants.picked_along, "a, axis:i, index"),
    Row("take", "a, index, axis:i=None", variants.take),
    Row("index_select", "a, axis:i, index", variants.take),
    # making
    Row("zeros empty", "*shape:s, kind:t=", making.zeros, method=False, torch="*shape:s, kind:t="),
    Row("ones", "*shape:s, kind:t=", making.ones, method=False),
    Row("zeros_like empty_like", "a, kind:t=", lambda a, kind="": making.like(a, number(0), kind)),
    Row("ones_like", "a, kind:t=", lambda a, kind="": making.like(a, number(1), kind)),
    Row("full_like", "a, value, kind:t=", lambda a, value, kind="": making.like(a, value, kind)),
    Row("full", "shape:s, value, kind:t=", making.full, method=False),
    Row("new_zeros", "a, *shape:s", lambda a, shape: making.zeros(shape)),
    Row("new_ones", "a, *shape:s", lambda a, shape: making.ones(shape)),
    Row("eye identity", "n:w, cols:w=None, k:i=0, kind:t=", making.eye, method=False),
    Row("arange", "start:w, stop:w=None, step:i=1, _dtype:v=None", making.arange, method=False),
    Row("linspace", "start, stop, n:w", lambda start, stop, n: making.linspace(start, stop, n), method=False),
    Row("one_hot", "a, n:w=None", variants.one_hot),
    Row("triu_indices", "n:w, k:w=0", partial(variants.triangle_places, upper=True), method=False, only="numpy jax"),
    Row("tril_indices", "n:w, k:w=0", partial(variants.triangle_places, upper=False), method=False, only="numpy jax"),
    Row("tri", "n:w, cols:w=None, k:w=0", variants.tri, method=False),
    Row("diag_indices", "n:w, ndim:i=2", variants.diag_indices, method=False),
    Row("vander", "a, n:w=None, increasing:b=False", variants.vander, method=False),
    Row("outer", TWO, variants.ufunc_outer, only="ufunc", method=False),
    # shapes: views
    Row("transpose permute permute_dims", "a, *axis:i=None", viewing.transpose, method=True),
    Row("transpose", "a, axis1:i, axis2:i", viewing.swap, only="torch"),
    Row("swapaxes swapdims", "a, axis1:i, axis2:i", viewing.swap),
    Row("t", "a", viewing.transpose),
    Row("matrix_transpose adjoint", "a", viewing.matrix_transpose),
    Row("moveaxis movedim", "a, source:i, destination:i", viewing.moveaxis),
    Row("rollaxis", "a, axis:i, start:i=0", viewing.rollaxis),
    Row("reshape view", "a, *shape:s", viewing.reshape),
    Row("reshape", "a, shape:s, _order:v=None", viewing.reshape, only="numpy-function"),
    Row("ravel", "a, *rest:i=None", viewing.flatten),
    Row("flatten", "a, _order:v=None", lambda a: viewing.flatten(a).read(a), only="numpy jax"),
    Row("unflatten", "a, axis:i, shape:s", viewing.unflatten),
    Row("expand_dims unsqueeze", "a, axis:i", viewing.expand_dims),
    Row("squeeze", "a, axis:i=None", viewing.squeeze),
    Row("atleast_1d", "a, *rest:v=None", partial(viewing.at_least, rank=1)),
    Row("atleast_2d", "a, *rest:v=None", partial(viewing.at_least, rank=2)),
    Row("view_as reshape_as", "a, b", viewing.reshape_as),
    Row("select", "a, axis:i, index", viewing.select),
    Row("narrow", "a, axis:i, start:w, length:w", viewing.narrow),
    # shapes: copies
    Row("broadcast_to expand", "a, *shape:s", lambda a, shape: shaping.broadcast_to(a, shape)),
    Row("expand_as", "a, b", lambda a, b: shaping.broadcast_to(a, b.shape)),
    Row("tile repeat", "a, *many:s", making.tiled, only="torch"),
    Row("tile", "a, *many:s", making.tiled),
    Row("repeat", "a, many:w, axis:i=None", making.repeated, only="numpy jax"),
    Row("repeat_interleave", "a, many:w, axis:i=None", making.repeated),
    Row("stack", "arrays:l, axis:i=0", joining.stack, method=False),
    Row("concatenate concat cat", "arrays:l, axis:v=0", joining.concatenate_along, method=False),
    Row("split array_split", "a, parts:v, axis:i=0", joining.split),
    Row("split", "a, parts:v, axis:i=0", joining.torch_split, only="torch"),
    Row("chunk", "a, parts:v, axis:i=0", joining.split, only="torch"),
    Row("unbind", "a, axis:i=0", joining.unbind),
    Row("vstack row_stack", "arrays:l", partial(joining.joined, kind="rows"), method=False),
    Row("hstack", "arrays:l", partial(joining.joined, kind="columns"), method=False),
    Row("column_stack", "arrays:l", partial(joining.joined, kind="vectors"), method=False),
    Row("copy clone contiguous detach numpy cpu cuda tolist block_until_ready stop_gradient", "a", lambda a: a),
    Row("double float half bfloat16", "a", lambda a: making.cast(a, "float"), only="torch"),
    Row("long int", "a", lambda a: making.cast(a, "int"), only="torch"),
    Row("bool", "a", lambda a: making.cast(a, "bool"), only="torch"),
    Row("item", "a", lambda a: a),
    Row("astype type to type_as", "a, *rest:v", variants.astype),
    Row("masked_fill", "a, mask, value", making.filled_where, only="torch"),
)


def _with_elementwise() -> tuple[Row, ...]:
    """The functions of the language by their names, and those composed of them."""
    own = {
        "arccos": "arccos acos",
        "arcsin": "arcsin asin",
        "arctan": "arctan atan",
        "cos": "cos",
        "cosh": "cosh",
        "erf": "erf",
        "sign": "sign sgn",
        "sin": "sin",
        "sinh": "sinh",
        "tan": "tan",
        "tanh": "tanh",
    }
    rows = [Row(names, ONE, e.function(name)) for name, names in own.items()]
    others = {
        "log1p": "log1p",
        "expm1": "expm1",
        "log2": "log2",
        "log10": "log10",
        "exp2": "exp2",
        "reciprocal": "reciprocal",
        "rsqrt": "rsqrt",
        "cbrt": "cbrt",
        "silu": "silu swish",
        "softsign": "softsign soft_sign",
        "log_sigmoid": "logsigmoid log_sigmoid",
        "erfc": "erfc",
        "deg2rad": "deg2rad radians",
        "relu6": "relu6",
        "mish": "mish",
    }
    return (*rows, *(Row(names, ONE, e.composed(name)) for name, names in others.items()))


def _by_name() -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in (*_TABLE, *ARRAYS, *NETWORK, *LAX, *_with_elementwise()):
        for name in row.names.split():
            found.setdefault(name, []).append(row)
    return found


ROWS = _by_name()
UFUNCS = frozenset(("add", "subtract", "multiply", "divide", "true_divide", "maximum", "minimum", "power"))


def row_for(name: str, library: str, method: bool = False) -> Row | None:
    """The row of a function in a library ("numpy", "jax", "torch", "F", "linalg", ... or "" where it is not known)."""
    rows = [row for row in ROWS.get(name, ()) if row.method or not method]
    exact = [row for row in rows if library and library in row.only.split()]
    general = [row for row in rows if not row.only]
    if exact:
        return exact[0]
    if general:
        return general[0]
    either = [row for row in rows if not library or library in ("F", "linalg")]
    return either[0] if either else None


SUBMODULES = frozenset(("signal", "lax", "nn"))


def own_row(name: str, module: str) -> Row | None:
    """The row of a function that means something else in a submodule than elsewhere; none if there is no such row."""
    last = module.rsplit(".", 1)[-1]
    rows = ROWS.get(name, ()) if last in SUBMODULES else ()
    return next((row for row in rows if last in row.only.split()), None)
