"""Further functions of arrays, of one library or of few programs: one row each."""

from __future__ import annotations

from functools import partial

from indexcalc.lift.library import elementwise as e
from indexcalc.lift.library import joining, making, products, rearranging, reductions, variants, viewing
from indexcalc.lift.library.row import Row

ARRAYS = (
    # torch's, with factors
    Row("add", "a, b, alpha=None", variants.add_scaled, only="torch"),
    Row("sub subtract", "a, b, alpha=None", partial(variants.add_scaled, sign=-1), only="torch"),
    Row("rsub", "a, b", lambda a, b: e.subtract(b, a), only="torch"),
    Row("div divide true_divide", "a, b, _rounding_mode:v=None", e.divide, only="torch"),
    Row("addmm addmv", "a, b, c, beta=None, alpha=None", variants.addmm, only="torch"),
    Row("baddbmm", "a, b, c, beta=None, alpha=None", variants.addmm, only="torch"),
    Row("addcmul", "a, b, c, value=None", variants.addcmul, only="torch"),
    Row("addcdiv", "a, b, c, value=None", partial(variants.addcmul, divides=True), only="torch"),
    Row("lerp", "a, b, weight", lambda a, b, weight: e.add(a, e.multiply(weight, e.subtract(b, a))), only="torch"),
    Row("index_add", "a, axis:i, index, source, alpha=None", variants.index_add, only="torch"),
    Row("norm", "a, order:o=None, axis:i=None, keepdims:b=False", reductions.torch_norm, only="torch"),
    Row("var_mean", "a, axis:v=None, unbiased:v=None, keepdims:b=False, ddof:i=None", variants.var_mean, only="torch"),
    Row(
        "std_mean",
        "a, axis:v=None, unbiased:v=None, keepdims:b=False, ddof:i=None",
        partial(variants.var_mean, root=True),
        only="torch",
    ),
    Row("flatten", "a, start:i=0, end:i=-1", viewing.torch_flatten, only="torch"),
    Row("squeeze", "a, axis:i=None", viewing.torch_squeeze, only="torch"),
    Row("flip", "a, *axis:i=None", variants.flip, only="torch"),
    Row("take_along_dim", "a, places, axis:i", products.picked_along, only="torch"),
    Row("broadcast_tensors", "*operands:v", rearranging.broadcast_all, only="torch", method=False),
    Row("block_diag", "*operands:v", rearranging.block_diagonal, method=False),
    Row("Parameter", "a", lambda a: a, only="nn", method=False),
    Row("numel", "a", lambda a: rearranging.element_count(a), only="torch"),
    # along axes
    Row("count_nonzero", "a, axis:i=None, keepdims:b=False", variants.count_nonzero),
    Row("trapezoid trapz", "a, _x:v=None, dx=None, axis:i=-1", reductions.trapezoid, only="numpy jax"),
    Row("trapezoid trapz", "a", reductions.trapezoid, only="torch"),
    Row("cumulative_prod", "a, axis:i=None, _dtype:v=None", partial(reductions.running, kind="prod")),
    Row("bincount", "a, weights=None, n:w=None", making.bincount, method=False),
    Row("segment_sum", "a, index, n:w", making.segment_sum, method=False),
    Row("polyval", "coefficients:l, a", variants.polyval, method=False),
    # of linear algebra, for the last axes
    Row("trace", "a, offset:i=0", partial(products.trace, axis1=-2, axis2=-1), only="linalg"),
    Row("diagonal", "a, offset:i=0", partial(products.diagonal, axis1=-2, axis2=-1), only="linalg"),
    Row("matrix_norm", "a, order:o=fro, keepdims:b=False", reductions.matrix_norm, only="linalg"),
    Row("matvec", "a, b", products.matvec, method=False),
    Row("vecmat", "a, b", products.vecmat, method=False),
    Row("batch_matmul", "a, b", products.matmul, method=False),
    Row("chain_matmul", "*operands:v", variants.chain, only="torch", method=False),
    # joined and rearranged
    Row("append", "a, b, axis:i=None", rearranging.appended, method=False, only="numpy jax"),
    Row("delete", "a, index:w, axis:i=None", rearranging.deleted, method=False),
    Row("insert", "a, index:w, b, axis:i=None", rearranging.inserted, method=False, only="numpy jax"),
    Row("block", "rows:v", rearranging.blocks, method=False),
    Row("dstack", "arrays:l", rearranging.depth_stacked, method=False),
    Row("hsplit", "a, parts:v", lambda a, parts: joining.split(a, parts, 1 if a.rank > 1 else 0), method=False),
    Row("vsplit", "a, parts:v", joining.split, method=False),
    Row("rot90", "a, times:i=1", rearranging.rotated, method=False),
    Row("unstack", "a, axis:i=0", joining.unbind, method=False),
    Row("indices", "shape:s", rearranging.grid_places, method=False),
    Row("broadcast_arrays", "*operands:v", rearranging.broadcast_all, method=False),
    Row("select", "conditions:l, choices:l, default=None", rearranging.selected, only="numpy", method=False),
    Row("select", "a, then, otherwise", variants.where, only="lax", method=False),
    Row("broadcast", "a, shape:s", rearranging.broadcast_before, only="lax", method=False),
)
