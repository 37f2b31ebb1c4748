"""Functions that numpy lacks, as source: they stand before a generated function that calls them."""

from __future__ import annotations

import re

SIGMOID = '''
def sigmoid(x):
    """1/(1 + exp(-x)), without overflow."""
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e, 1) / (1 + e)
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

HELPERS = {"erf": ("import math\n", ERF, ()), "gelu": ("", GELU, ("erf",)), "sigmoid": ("", SIGMOID, ())}


def needed_helpers(source: str) -> str:
    """What to put before a function: the imports and helpers that it calls."""
    wanted = {name for name in HELPERS if re.search(rf"\b{name}\(", source)}
    wanted.update(*(HELPERS[name][2] for name in wanted))
    chosen = [HELPERS[name] for name in HELPERS if name in wanted]
    return "".join(each[0] for each in chosen) + "".join(f"\n{each[1]}" for each in chosen)
