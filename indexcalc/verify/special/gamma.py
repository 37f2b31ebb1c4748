"""Special functions from exponentials, logarithms and arithmetic, over any array library.

Generated code asks scipy, jax or torch for them. Here they are worked out anew, so that a witness is none of those,
needs no package, and can be differentiated, tiny imaginary parts included. Formulas: NIST Handbook of Mathematical
Functions, 5.5.1, 5.11.1, 5.15.8 (gamma functions), 7.9.1 (erfc).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from indexcalc.verify.named import Library

BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)  # B_2, B_4, ...
MOVED = 20  # by so many the argument of a gamma function is moved up, to where the asymptotic series is exact
LOWEST = -10  # below it nothing is known of gamma functions
FRACTIONS = 50  # of the continued fraction for erfc, enough from `FAR` on
FAR = 2.0


def erfc(library: Library, x: Any) -> Any:
    """1 - erf(x), with all digits where erf(x) is next to 1."""
    xp = library.xp
    far = library.real(x) > FAR
    large = xp.where(far, x, FAR)
    beyond = xp.exp(-large * large) / math.sqrt(math.pi) / _fraction(large)
    return xp.where(far, beyond, 1.0 - library.erf(xp.where(far, FAR, x)))


def log_ndtr(library: Library, x: Any) -> Any:
    """The logarithm of the normal distribution function, where that is next to 0 too."""
    xp, below = library.xp, x * -math.sqrt(0.5)
    far = library.real(below) > FAR
    large = xp.where(far, below, FAR)
    beyond = -large * large - xp.log(_fraction(large)) - math.log(2 * math.sqrt(math.pi))
    near = xp.where(far, FAR, below)
    upper = library.real(near) < 0
    small = xp.where(upper, -near, near)
    one = xp.log1p(-erfc(library, xp.where(upper, small, 1.0)) / 2)
    other = xp.log(erfc(library, xp.where(upper, 1.0, small)) / 2)
    return xp.where(far, beyond, xp.where(upper, one, other))


def _fraction(large: Any) -> Any:
    """exp(-x^2)/(sqrt(pi)*erfc(x)) by its continued fraction."""
    tail: Any = 0.0
    for k in range(FRACTIONS, 0, -1):
        tail = k / 2 / (large + tail)
    return large + tail


def gammaln(library: Library, x: Any) -> Any:
    """ln |Gamma(x)|."""
    xp = library.xp
    top = x + MOVED
    value = (top - 0.5) * xp.log(top) - top + math.log(2 * math.pi) / 2
    for k, number in enumerate(BERNOULLI, 1):
        value = value + number / (2 * k * (2 * k - 1)) * top ** (1 - 2 * k)
    for each in _steps(x):
        value = value - xp.log(each * xp.sign(library.real(each)))
    return _known(library, x, value)


def digamma(library: Library, x: Any) -> Any:
    """The derivative of ln Gamma(x)."""
    top = x + MOVED
    value = library.xp.log(top) - 0.5 / top
    for k, number in enumerate(BERNOULLI, 1):
        value = value - number / (2 * k) * top ** (-2 * k)
    for each in _steps(x):
        value = value - 1 / each
    return _known(library, x, value)


def polygamma(library: Library, n: int, x: Any) -> Any:
    """The n-th derivative of digamma, n > 0."""
    top = x + MOVED
    term = top ** (-n) / n
    value = term + top ** (-n - 1) / 2
    for k, number in enumerate(BERNOULLI, 1):
        term = term * ((n + 2 * k - 2) * (n + 2 * k - 1) / ((2 * k - 1) * (2 * k))) / (top * top)
        value = value + number * term
    for each in _steps(x):
        value = value + each ** (-n - 1)
    return _known(library, x, value * (math.factorial(n) * (-1) ** (n + 1)))


def _steps(x: Any) -> Iterator[Any]:
    return (x + k for k in range(MOVED))


def _known(library: Library, x: Any, value: Any) -> Any:
    return library.xp.where(library.real(x) > LOWEST, value, math.nan)
