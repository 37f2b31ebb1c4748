"""Layers as objects: those of torch.nn, of einops, and sequences of them; an object is the function that it stands for.

The numbers of a layer that has some are given by their names: `fc.weight` of `self.fc = nn.Linear(3, 4)`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from indexcalc.lift.errors import UnreadableError
from indexcalc.lift.reading.values import Builtin, Listed, Ref, Thing, Value

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


# The classes with numbers of their own: the function, the names of what it is made with, and of its numbers.
LEARNED: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "Linear": ("linear", ("in_features", "out_features", "bias"), ("weight", "bias")),
    "LayerNorm": ("layer_norm", ("normalized_shape", "eps", "elementwise_affine", "bias"), ("weight", "bias")),
    "Embedding": ("embedding", ("num_embeddings", "embedding_dim"), ("weight",)),
}
SEQUENCES = frozenset(("Sequential", "ModuleList"))
KNOWN = frozenset((*LAYERS, *LEARNED, *SEQUENCES))
PLACE = "§place"  # the attribute of an object of these that holds the name it goes by


def made(reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """The object. Raises for arguments that are not known."""
    if function.module.startswith("einops"):
        return Builtin(function.name, "layer", ("", (tuple(arguments), tuple(keywords.items()))))
    if function.name in SEQUENCES:
        items = reader.sequence(arguments[0]) if function.name == "ModuleList" and arguments else arguments
        listed = reader.state.store.new(Listed(list(items)))
        return listed if function.name == "ModuleList" else Builtin("Sequential", "layer", ("", listed))
    if function.name in LEARNED:
        _, names, _ = LEARNED[function.name]
        given = dict(zip(names, arguments, strict=False)) | keywords
        if len(arguments) > len(names) or given.keys() - set(names):
            raise UnreadableError(f"{function.name} with these arguments")
        return reader.state.store.new(Thing({**given, PLACE: ""}, f"nn.{function.name}"))
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
    layer, _, attribute = function.name.partition(".")
    if attribute:
        raise UnreadableError(f"the attribute {attribute} of {layer}")
    if layer == "Sequential":
        for each in reader.sequence(given):
            arguments = [apply(reader, each, arguments, {})]
        return arguments[0]
    if layer in ("Rearrange", "Reduce"):
        patterns, lengths = given
        return apply(reader, Builtin(layer.lower(), "einops"), [*arguments, *patterns], dict(lengths))
    module = "torch" if inner in ("flatten", "contiguous") else "torch.nn.functional"
    return apply(reader, Builtin(inner, module), arguments, {**dict(given), **keywords})


def placed(reader: Reader, value: Value, name: str) -> None:
    """Let an object with numbers of its own go by the name that it is given."""
    content = reader.content(value)
    if isinstance(content, Thing) and content.attributes.get(PLACE) == "" and isinstance(value, Ref):
        reader.state.store.cells[value.cell] = Thing({**content.attributes, PLACE: name}, content.kind)


def with_numbers(reader: Reader, thing: Thing, arguments: list[Value], apply: Apply) -> Value:
    """What an object with numbers of its own gives for arrays. Raises where its numbers are not given."""
    inner, _, numbers = LEARNED[thing.kind.removeprefix("nn.")]
    place, keywords = thing.attributes[PLACE], {}
    bare = thing.attributes.get("elementwise_affine")
    for each in numbers if bare is None or reader.truth(bare) is True else ():
        if each == "bias" and "bias" in thing.attributes and reader.truth(thing.attributes["bias"]) is False:
            continue
        found = reader.given(f"self.{place}.{each}", f"{place}.{each}") if place else None
        if found is None:
            raise UnreadableError(f"nothing is said of the numbers of a layer: name them {place or 'layer'}.{each}")
        keywords[each] = found
    if inner == "layer_norm":
        shape = thing.attributes["normalized_shape"]
        arguments = [*arguments, shape if isinstance(shape, tuple) else (shape,)]
        keywords |= {"eps": thing.attributes["eps"]} if "eps" in thing.attributes else {}
    return apply(reader, Builtin(inner, "torch.nn.functional"), arguments, keywords)
