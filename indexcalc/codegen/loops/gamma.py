"""Gamma functions that `math` lacks, for one number. Generated modules hold their source.

Each moves its argument up to where its asymptotic series is exact to the last bits. Formulas: NIST Handbook of
Mathematical Functions, 5.5.2, 5.5.4, 5.11.2, 5.15.8.
"""

from __future__ import annotations

import numpy as np

from indexcalc.codegen.loops.elementary import Float


def digamma(x: Float) -> Float:
    """The derivative of ln Gamma: moved up to where the asymptotic series is exact to the last bits."""
    value = 0.0
    if x <= 0.0:
        if x == np.floor(x):
            return np.nan
        value = -np.pi / np.tan(np.pi * (x - np.floor(x)))
        x = 1.0 - x
    while x < 10.0:
        value -= 1.0 / x
        x += 1.0
    z = 1.0 / (x * x)
    p = 1 / 240 - z * (1 / 132 - z * (691 / 32760 - z * (1 / 12)))
    p = z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z * p)))
    return value + np.log(x) - 0.5 / x - p


def polygamma(n: Float, x: Float) -> Float:
    """The n-th derivative of digamma, n > 0, by its recurrence and its asymptotic series; no number below -1000."""
    numbers = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)  # of Bernoulli
    if x < -1000.0 or (x <= 0.0 and x == np.floor(x)):
        return np.inf if x >= -1000.0 and n % 2 == 1 else np.nan
    factorial = 1.0
    for k in range(2, n + 1):
        factorial *= k
    value = 0.0
    while x < 20.0 + n:
        value += x ** (-n - 1)
        x += 1.0
    term = x ** (-n) / n
    value += term * (1.0 + 0.5 * n / x)
    for k in range(8):
        term *= (n + 2 * k) * (n + 2 * k + 1) / ((2 * k + 1) * (2 * k + 2) * x * x)
        value += numbers[k] * term
    return factorial * value if n % 2 == 1 else -factorial * value
