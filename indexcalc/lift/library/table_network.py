"""The functions of layers and losses, and those that look at neighbouring places: one row each."""

from __future__ import annotations

from functools import partial

from indexcalc.lift.library import layers, network, padding, variants, windows
from indexcalc.lift.library.row import ONE, Row

CONV = "a, weight, bias=None, stride:v=None, padding:v=None, dilation:v=None, groups:v=None"
CONV_BACK = "a, weight, bias=None, stride:v=None, padding:v=None, _output_padding:v=None, _groups:v=None"
JAX_CONV = "a, weight, strides:v, padding:v, lhs_dilation:v=None, dilation:v=None, _dimension_numbers:v=None"
POOL = "a, size:v, stride:v=None, padding:v=None, _ceil_mode:v=None"
BATCH_NORM = "a, mean=None, var=None, weight=None, bias=None, training:b=False, _momentum:v=None, eps=None"
INSTANCE_NORM = "a, _mean:v=None, _var:v=None, weight=None, bias=None, _stats:v=None, _momentum:v=None, eps=None"
SMOOTH = "a, b, _size_average:v=None, _reduce:v=None, reduction:n=mean, beta=None"
KL = "a, b, _size_average:v=None, _reduce:v=None, reduction:n=mean, log_target:b=False"

NETWORK = (
    # windows
    Row("pad", "a, widths:v, mode:n=constant, value=None", padding.pad, method=False, only="numpy jax"),
    Row("pad", "a, shape:s, mode:n=constant, value=None", padding.torch_pad, method=False, only="F torch"),
    Row("convolve", "a, b, mode:n=full", windows.convolve, method=False),
    Row("correlate", "a, b, mode:n=valid", windows.correlate, method=False),
    Row("convolve convolve2d", "a, b, mode:n=full", windows.convolve, only="signal", method=False),
    Row("correlate correlate2d", "a, b, mode:n=full", windows.scipy_correlate, only="signal", method=False),
    *(Row(f"conv{d}d", CONV, partial(windows.conv, d), method=False) for d in (1, 2, 3)),
    *(Row(f"conv_transpose{d}d", CONV_BACK, partial(windows.conv_transpose, d), method=False) for d in (1, 2, 3)),
    Row("conv_general_dilated", JAX_CONV, windows.jax_conv, method=False, only="jax"),
    Row("conv", "a, weight, strides:v, padding:v", windows.jax_conv, method=False, only="jax"),
    *(Row(f"{k}_pool{d}d", POOL, partial(windows.pool, d, k), method=False) for d in (1, 2, 3) for k in ("avg", "max")),
    *(
        Row(f"adaptive_{k}_pool{d}d", "a, size:v", partial(windows.adaptive_pool, d, k), method=False)
        for d in (1, 2, 3)
        for k in ("avg", "max")
    ),
    Row("unfold", "a, size:v, dilation:v=None, padding:v=None, stride:v=None", windows.unfold, only="F", method=False),
    Row("unfold", "a, axis:i, size:w, step:i", windows.windows_of, only="torch"),
    Row("fold", "a, shape:v, size:v, dilation:v=None, padding:v=None, stride:v=None", windows.fold, only="F"),
    # activations
    Row("selu", ONE, layers.selu),
    Row("celu", "a, alpha=None", layers.celu),
    Row("hardtanh hard_tanh", "a, low=None, high=None", layers.hardtanh),
    Row("hardsigmoid hard_sigmoid", ONE, layers.hardsigmoid),
    Row("hardswish hard_swish hard_silu", ONE, layers.hardswish),
    Row("tanhshrink", ONE, layers.tanhshrink),
    Row("softshrink", "a, lambd=None", layers.shrink),
    Row("hardshrink", "a, lambd=None", partial(layers.shrink, hard=True)),
    Row("threshold", "a, edge, value", layers.threshold),
    Row("glu", "a, axis:i=-1", layers.glu),
    Row("prelu", "a, slope", layers.prelu),
    Row("softmin", "a, axis:i=-1", layers.softmin),
    Row("xlogy", "a, b", layers.xlogy),
    Row("rel_entr", "a, b", layers.relative_entropy, method=False),
    Row("kl_div", "a, b", layers.scipy_kl, only="numpy", method=False),
    Row("entr", "a", layers.entropy, method=False),
    Row("sinc", "a", layers.sinc),
    # normalisations, distances
    Row("batch_norm", BATCH_NORM, layers.batch_norm, method=False, only="F torch"),
    Row("instance_norm", INSTANCE_NORM, layers.instance_norm, method=False, only="F"),
    Row("group_norm", "a, groups:w, weight=None, bias=None, eps=None", layers.group_norm, method=False),
    Row("rms_norm", "a, shape:s, weight=None, eps=None", layers.rms_norm, method=False),
    Row("standardize", "a, axis:i=-1, _mean:v=None, _variance:v=None, eps=None", layers.standardize, method=False),
    Row("normalize", "a, order:o=2, axis:i=1, eps=None", layers.normalize, method=False, only="F"),
    Row("dropout", "a, p=None, training:b=True", layers.dropout, method=False),
    Row("cosine_similarity", "a, b, axis:i=1, eps=None", layers.cosine_similarity, method=False),
    Row("pairwise_distance", "a, b, order:o=2, eps=None", layers.pairwise_distance, method=False),
    Row("cdist", "a, b, order:o=2", layers.cdist, method=False),
    Row("huber_loss", "a, b, reduction:n=mean, delta=None", layers.huber, method=False),
    Row("smooth_l1_loss", SMOOTH, layers.smooth_l1, method=False),
    Row("kl_div", KL, layers.kl_div, method=False, only="F"),
    Row("embedding", "places, weight", layers.embedding, method=False),
    # losses and layers
    Row("linear", "a, weight, bias=None", network.linear, only="F"),
    Row("relu", ONE, variants.relu),
    Row("softplus", "a, beta=None, _threshold:v=None", network.softplus),
    Row("leaky_relu", "a, slope=None", network.leaky_relu),
    Row("elu", "a, alpha=None", network.elu_of),
    Row("gelu", "a, approximate:n=none", network.gelu, only="torch F"),
    Row("gelu", "a, approximate:n=True", network.gelu, only="jax"),
    Row("mse_loss", "a, b, reduction:n=mean", network.mse_loss),
    Row("l1_loss", "a, b, reduction:n=mean", network.l1_loss),
    Row("cross_entropy", "a, target, weight=None, reduction:n=mean, smoothing=None", network.cross_entropy),
    Row("nll_loss", "a, target, weight=None, reduction:n=mean", network.nll_loss),
    Row("binary_cross_entropy", "a, target, _weight:v=None, reduction:n=mean", network.binary_cross_entropy),
    Row("binary_cross_entropy_with_logits", "a, target, reduction:n=mean", network.binary_cross_entropy_logits),
    Row("layer_norm", "a, shape:s, weight=None, bias=None, eps=None", network.layer_norm, only="F torch"),
    Row("scaled_dot_product_attention", "query, key, value, is_causal:b=False, scale=None", network.attention),
)
