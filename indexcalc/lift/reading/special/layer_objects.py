"""Layers of torch.nn that have no numbers of their own: an object is the function that it stands for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from indexcalc.lift.errors import UnreadableError
from indexcalc.lift.reading.values import Builtin, Value

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader

Apply = Callable[[Any, Value, list[Value], dict[str, Value]], Value]

# The class: the function of torch.nn.functional (or of torch), and the names of the arguments it is made with.
LAYERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "ReLU": ("relu", ("inplace",)),
    "ReLU6": ("relu6", ("inplace",)),
    "Sigmoid": ("sigmoid", ()),
    "Tanh": ("tanh", ()),
    "GELU": ("gelu", ("approximate",)),
    "SiLU": ("silu", ("inplace",)),
    "Mish": ("mish", ("inplace",)),
    "ELU": ("elu", ("alpha", "inplace")),
    "CELU": ("celu", ("alpha", "inplace")),
    "SELU": ("selu", ("inplace",)),
    "LeakyReLU": ("leaky_relu", ("negative_slope", "inplace")),
    "Softplus": ("softplus", ("beta", "threshold")),
    "Softsign": ("softsign", ()),
    "LogSigmoid": ("logsigmoid", ()),
    "Hardtanh": ("hardtanh", ("min_val", "max_val", "inplace")),
    "Softmax": ("softmax", ("dim",)),
    "LogSoftmax": ("log_softmax", ("dim",)),
    "Softmin": ("softmin", ("dim",)),
    "MSELoss": ("mse_loss", ()),
    "L1Loss": ("l1_loss", ()),
    "CrossEntropyLoss": ("cross_entropy", ("weight",)),
    "NLLLoss": ("nll_loss", ("weight",)),
    "BCELoss": ("binary_cross_entropy", ("weight",)),
    "BCEWithLogitsLoss": ("binary_cross_entropy_with_logits", ()),
    "HuberLoss": ("huber_loss", ("reduction", "delta")),
    "SmoothL1Loss": ("smooth_l1_loss", ()),
    "KLDivLoss": ("kl_div", ()),
    "CosineSimilarity": ("cosine_similarity", ("dim", "eps")),
    "AvgPool1d": ("avg_pool1d", ("kernel_size", "stride", "padding")),
    "AvgPool2d": ("avg_pool2d", ("kernel_size", "stride", "padding")),
    "MaxPool1d": ("max_pool1d", ("kernel_size", "stride", "padding")),
    "MaxPool2d": ("max_pool2d", ("kernel_size", "stride", "padding")),
    "Unfold": ("unfold", ("kernel_size", "dilation", "padding", "stride")),
    "Flatten": ("flatten", ("start_dim", "end_dim")),
    "Identity": ("contiguous", ()),
}


def made(reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """The object. Raises for arguments that are not known."""
    inner, names = LAYERS[function.name]
    if len(arguments) > len(names):
        raise UnreadableError(f"{function.name} with {len(arguments)} arguments")
    given = dict(zip(names, arguments, strict=False)) | keywords
    if function.name == "Flatten":
        from indexcalc.lift.arrays.array import number

        given.setdefault("start_dim", number(1))
    if function.name == "Identity":
        given = {}
    return Builtin(function.name, "layer", (inner, tuple(given.items())))


def applied(
    reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value], apply: Apply
) -> Value:
    """What the object gives for arrays."""
    inner, given = function.owner
    module = "torch" if inner in ("flatten", "contiguous") else "torch.nn.functional"
    return apply(reader, Builtin(inner, module), arguments, {**dict(given), **keywords})
