"""The normal distribution function in logarithms, for one number. Generated modules hold its source."""

from __future__ import annotations

import math

import numpy as np

from indexcalc.codegen.loops.elementary import Float


def log_ndtr(x: Float) -> Float:
    """Far below by the continued fraction of erfc (NIST Handbook of Mathematical Functions, 7.9.1)."""
    z = -x * math.sqrt(0.5)
    if z < 0.0:
        return np.log1p(-math.erfc(-z) / 2)
    if z < 3.0:
        return np.log(math.erfc(z) / 2)
    tail = 0.0
    for k in range(50, 0, -1):
        tail = k / 2 / (z + tail)
    return -z * z - np.log(2 * math.sqrt(math.pi) * (z + tail))
