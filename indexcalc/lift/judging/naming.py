"""Names that belong together: a gradient and its input, a forward pass and its backward pass."""

from __future__ import annotations

import re
from collections.abc import Sequence

PREFIXES = (
    "dl_d",
    "dloss_d",
    "dj_d",
    "dld",
    "dlossd",
    "djd",
    "grad_",
    "gradient_",
    "d_",
    "delta_",
    "g_",
    "dl",
    "grad",
    "d",
    "g",
)
SUFFIXES = ("_gradient", "_gradients", "_grad", "_grads", "grad", "_bar", "_g")
TRUTHS = ("y", "t", "target", "actual", "label", "truth", "true", "teacher")  # what a prediction is compared with
FORWARD = ("forward", "fwd", "fprop")
BACKWARD = ("backward", "bwd", "bprop", "backprop", "grad", "vjp", "pullback", "gradient", "derivative", "prime")


def gradient_of(name: str, inputs: Sequence[str]) -> str | None:
    """The input that a name says to be the gradient of: dW, grad_w, w_grad of W. None if it says nothing."""
    lower = {each.lower(): each for each in reversed(inputs)}
    exact = {each: each for each in inputs}
    spelled = dict.fromkeys((name, name.rstrip("_")))  # dW_ too
    for known, word in ((known, word) for each in spelled for known, word in ((exact, each), (lower, each.lower()))):
        for prefix in PREFIXES:
            if word.lower().startswith(prefix) and (found := known.get(word[len(prefix) :])):
                return found
        for suffix in SUFFIXES:
            if word.lower().endswith(suffix) and (found := known.get(word[: -len(suffix)])):
                return found
    return None


def stands_for_truth(name: str) -> bool:
    """Whether a name is one of what predictions are compared with: y, y_true, targets."""
    words = name.lower().split("_")
    predicted = any("pred" in word or "hat" in word for word in words)
    return not predicted and any(word.rstrip("s") in TRUTHS for word in words)


def partner(names: Sequence[str]) -> tuple[str, str] | None:
    """The last two functions whose names are those of a forward and a backward pass; none if there are none."""
    for name in reversed(names):
        words = [word for word in BACKWARD if word in name.lower()]
        if not words:
            continue
        stem = _stem(name, words[0])
        others = [each for each in names if each != name and not any(word in each.lower() for word in BACKWARD)]
        same = [other for other in others if _base(other) == stem]
        begins = [other for other in others if _base(other) and stem.startswith(_base(other))]
        if same or begins:
            return (same or begins)[-1], name
    return None


def _stem(name: str, word: str) -> str:
    return re.sub(r"_+", "_", name.lower().replace(word, "")).strip("_")


def _base(name: str) -> str:
    lower = name.lower()
    for word in FORWARD:
        lower = lower.replace(word, "")
    return re.sub(r"_+", "_", lower).strip("_")
