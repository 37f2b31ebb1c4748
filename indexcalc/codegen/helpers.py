"""Functions that numpy lacks, as source: they stand before a generated function that calls them."""

from __future__ import annotations

import re
from dataclasses import dataclass

SIGMOID = '''
def sigmoid(x, out=None):
    """1/(1 + exp(-x))."""
    x = np.multiply(x, -1.0, out=out)
    return sigmoid_of_minus(x, out=x if np.ndim(x) else None)
'''

SIGMOID_OF_MINUS = '''
def sigmoid_of_minus(x, out=None):
    """1/(1 + exp(x)); the exponential stops where it would overflow, and the quotient is next to 0 there."""
    x = np.minimum(x, 88.0 if np.asarray(x).dtype == np.float32 else 708.0, out=out)
    x = np.exp(x, out=x if np.ndim(x) else None)
    x += 1
    return np.reciprocal(x, out=x if np.ndim(x) else None)
'''

ERF = '''
def erf(x):
    """The error function."""
    values = [math.erf(v) for v in np.ravel(x).tolist()]
    return np.reshape(values, np.shape(x)).astype(np.result_type(np.asarray(x), np.float32))[()]
'''

GELU = '''
def gelu(x):
    """x*Phi(x), with the normal distribution function Phi."""
    return x * (1 + erf(x / 2**0.5)) / 2
'''

ZEROS = '''
def zeros(shape, dtype=float):
    """Zeros that take memory only where something is written to them."""
    size = math.prod(np.atleast_1d(shape).tolist()) * np.dtype(dtype).itemsize
    if size < 2**26 or not hasattr(mmap, "MAP_ANONYMOUS"):
        return np.zeros(shape, dtype)
    pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    return np.frombuffer(pages, dtype).reshape(shape)
'''


@dataclass(frozen=True, slots=True)
class Helper:
    """A function as source, the modules that it imports, and the helpers that it calls."""

    source: str
    imports: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


HELPERS = {
    "erf": Helper(ERF, ("math",)),
    "gelu": Helper(GELU, calls=("erf",)),
    "sigmoid": Helper(SIGMOID, calls=("sigmoid_of_minus",)),
    "sigmoid_of_minus": Helper(SIGMOID_OF_MINUS),
    "zeros": Helper(ZEROS, ("math", "mmap")),
}


def head(source: str) -> str:
    """What stands before a function: the imports and the helpers that it calls."""
    wanted = {name for name in HELPERS if re.search(rf"(?<![\w.]){name}\(", source)}
    wanted.update(*(HELPERS[name].calls for name in wanted))
    chosen = [HELPERS[name] for name in HELPERS if name in wanted]
    modules = {module for helper in chosen for module in helper.imports}
    modules |= {"math"} & set(re.findall(r"\b(\w+)\.", source))
    lines = [f"import {module}" for module in sorted(modules)] + ["", "import numpy as np"][not modules :]
    return "\n".join(lines) + "\n" + "".join(f"\n{helper.source}" for helper in chosen) + "\n\n"


def complete(function: str) -> str:
    """A function as a module: what stands before it, and itself."""
    return head(function) + function
