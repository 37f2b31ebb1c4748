"""Bessel functions, the dilogarithm, incomplete gamma and beta functions for the witnesses: by integrals.

As in `gamma`, nothing is asked of a library, and everything can be differentiated, tiny imaginary parts included; and
nothing is what generated code does, which sums series. Formulas: NIST Handbook of Mathematical Functions, 10.32.3,
10.54.2 (Bessel functions), 25.12.4 (the dilogarithm), 7.18.2 (integrals of erfc), 8.7.1, 8.17.7.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from indexcalc.verify.special import gamma

if TYPE_CHECKING:
    from indexcalc.verify.named import Library

POINTS = 400  # of the trapezoidal rule along a period, which is exact up to exp(-POINTS^2/(2*|x|))
NODES = 60  # of Gauss's rule
FARTHEST = 7.0  # beyond it exp(-t^2) is nothing
TERMS = 200
STEP, STEPS = 0.05, 80  # of the double exponential rule


def functions(library: Library) -> dict[str, Callable[..., Any]]:
    """The functions by their names, for arrays of a library."""
    own = Witness(library)
    return {
        "i0": lambda x: own.bessel(0, x),
        "i1": lambda x: own.bessel(1, x),
        "iv": own.bessel,
        "i0e": lambda x: own.scaled_bessel(0, x),
        "i1e": lambda x: own.scaled_bessel(1, x),
        "ive": own.scaled_bessel,
        "ive_slope": lambda m, n, x: own.scaled_bessel(n, x, m),
        "sinc": lambda x: own.spherical(0, x * math.pi),
        "spherical_jn": own.spherical,
        "spence": own.dilogarithm,
        "log_slope": own.log_slope,
        "boxcox": lambda x, power: own.xp.log(x) * own.exp_moment(0, power * own.xp.log(x)),
        "exp_moment": own.exp_moment,
        "erfcx": lambda x: own.integral_of_erfc(0, x),
        "ierfcx": own.integral_of_erfc,
        "gammainc": own.lower_gamma,
        "gammaincc": lambda a, x: 1 - own.lower_gamma(a, x),
        "gamma_density": own.gamma_density,
        "betainc": own.lower_beta,
        "beta_density": own.beta_density,
    }


class Witness:
    """The functions over one library."""

    def __init__(self, library: Library) -> None:
        self.library, self.xp = library, library.xp

    def total(self, terms: list[Any]) -> Any:
        """The sum of arrays."""
        value = terms[0]
        for each in terms[1:]:
            value = value + each
        return value

    def size(self, x: Any) -> Any:
        """|x|; of a complex number with the sign of its real part, so that slopes are carried along."""
        return x * self.xp.sign(self.library.real(x))

    def scaled_bessel(self, n: int, x: Any, m: int = 0) -> Any:
        """exp(-|x|)*I_n(x): the mean of exp(x*cos(t))*cos(n*t) along a period; the m-th derivative of it."""
        size, sign = self.size(x), self.xp.sign(self.library.real(x))
        angles = np.arange(POINTS // 2 + 1) * (2 * math.pi / POINTS)
        ends = np.where((angles == 0) | (np.arange(len(angles)) == POINTS // 2), 1.0, 2.0) / POINTS
        terms = [
            self.xp.exp(x * math.cos(angle) - size) * (weight * math.cos(n * angle)) * (math.cos(angle) - sign) ** m
            for angle, weight in zip(angles.tolist(), ends.tolist(), strict=True)
        ]
        return self.total(terms)

    def bessel(self, n: int, x: Any) -> Any:
        """I_n(x)."""
        return self.scaled_bessel(n, x) * self.xp.exp(self.size(x))

    def spherical(self, n: int, x: Any) -> Any:
        """j_n(x): half the integral of cos(x*t - n*pi/2)*P_n(t), t from -1 to 1."""
        nodes, weights = np.polynomial.legendre.leggauss(NODES)
        weights = weights * np.polynomial.legendre.Legendre.basis(n)(nodes) / 2
        pairs = zip(nodes.tolist(), weights.tolist(), strict=True)
        return self.total([self.xp.cos(x * node - n * math.pi / 2) * weight for node, weight in pairs])

    def log_slope(self, n: int, x: Any) -> Any:
        """The n-th derivative of log(x)/(x - 1), which is the integral of 1/(1 - t + x*t), t = 1/(1 + e^-s)."""
        every = [_double_exponential(place) for place in range(-STEPS, STEPS + 1)]
        terms = [(x * low + high) ** (-n - 1) * (weight * low**n) for low, high, weight in every]
        return self._defined(x, self.total(terms) * ((-1) ** n * math.factorial(n)))

    def _defined(self, x: Any, value: Any) -> Any:
        return self.xp.where(self.library.real(x) > 0, value, math.nan)

    def dilogarithm(self, x: Any) -> Any:
        """The integral of log(t)/(1 - t) from 1 to x, by reflection where x is far from 1."""
        xp = self.xp
        above = self.library.real(x) > 2
        y = xp.where(above, 1 / xp.where(above, x, 1.0), x)
        below = self.library.real(y) < 0.5
        u = xp.where(below, 1 - y, y)
        nodes, weights = np.polynomial.legendre.leggauss(NODES)
        pairs = zip(((nodes + 1) / 2).tolist(), (weights / 2).tolist(), strict=True)
        value = -self.total([xp.log1p((u - 1) * node) * (weight / node) for node, weight in pairs])
        safe = xp.where(below, y, 0.25)
        value = xp.where(below, math.pi**2 / 6 - value - xp.log(safe) * xp.log1p(-safe), value)
        value = xp.where(above, -value - xp.log(xp.where(above, x, 1.0)) ** 2 / 2, value)
        return xp.where(self.library.real(x) >= 0, value, math.nan)

    def exp_moment(self, n: int, x: Any) -> Any:
        """The integral of t^n*exp(t*x), t from 0 to 1."""
        nodes, weights = np.polynomial.legendre.leggauss(NODES)
        places = (nodes + 1) / 2
        pairs = zip(places.tolist(), (weights / 2 * places**n).tolist(), strict=True)
        return self.total([self.xp.exp(x * node) * weight for node, weight in pairs])

    def integral_of_erfc(self, n: int, x: Any) -> Any:
        """2/sqrt(pi)/n! times the integral of t^n*exp(-t^2 - 2*x*t), t > 0; far out by the ratios of its recurrence."""
        xp = self.xp
        far = self.library.real(x) > 2
        near, large = xp.where(far, 0.0, x), xp.where(far, x, 2.0)
        nodes, weights = np.polynomial.legendre.leggauss(NODES)
        length = xp.where(self.library.real(near) < 0, FARTHEST - near, FARTHEST)  # the bell is around -x
        weights = weights / (2 * math.sqrt(math.pi) * math.factorial(n))
        shares = [*((nodes + 1) / 4).tolist(), *((nodes + 3) / 4).tolist()]  # of both halves
        pairs = [(length * share, weight) for share, weight in zip(shares, weights.tolist() * 2, strict=True)]
        value = length * self.total([xp.exp(-t * t - 2 * t * near) * t**n * weight for t, weight in pairs])
        ratio: Any = 0.0
        beyond: Any = 2 / math.sqrt(math.pi)
        for k in range(n + gamma.FRACTIONS, -1, -1):
            ratio = 1 / (2 * large + 2 * (k + 1) * ratio)
            beyond = beyond * ratio if k <= n else beyond
        return xp.where(far, beyond, value)

    def gammaln(self, x: Any) -> Any:
        """ln |Gamma(x)|."""
        return gamma.gammaln(self.library, x)

    def lower_gamma(self, a: Any, x: Any) -> Any:
        """The regularised lower incomplete gamma function by its series."""
        term: Any = 1 / a
        value = term
        for k in range(1, TERMS):
            term = term * x / (a + k)
            value = value + term
        value = value * self.xp.exp(a * self.xp.log(x) - x - self.gammaln(a))
        return self._defined(x, value)

    def gamma_density(self, n: int, a: Any, x: Any) -> Any:
        """The n-th derivative of the density, by Leibniz's rule."""
        before = self.xp.exp((a - 1) * self.xp.log(x) - x - self.gammaln(a))
        return self._leibniz(n, before, lambda k: _falling(a, k) * x ** (-k), lambda k: (-1.0) ** k)

    def lower_beta(self, a: Any, b: Any, x: Any) -> Any:
        """The regularised incomplete beta function: the integral of its density, t = x/(1 + e^-s)."""
        constant = self.gammaln(a + b) - self.gammaln(a) - self.gammaln(b) + a * self.xp.log(x)
        every = [_double_exponential(place) for place in range(-STEPS, STEPS + 1)]
        terms = [
            self.xp.exp((a - 1) * math.log(low) + (b - 1) * self.xp.log((1 - x) + x * high)) * weight
            for low, high, weight in every
        ]
        return self.total(terms) * self.xp.exp(constant)

    def beta_density(self, n: int, a: Any, b: Any, x: Any) -> Any:
        """The n-th derivative of the density, by Leibniz's rule."""
        xp = self.xp
        constant = self.gammaln(a + b) - self.gammaln(a) - self.gammaln(b)
        before = xp.exp(constant + (a - 1) * xp.log(x) + (b - 1) * xp.log(1 - x))
        return self._leibniz(
            n, before, lambda k: _falling(a, k) * x ** (-k), lambda k: _falling(b, k) * (x - 1) ** (-k)
        )

    def _leibniz(self, n: int, before: Any, one: Callable[[int], Any], other: Callable[[int], Any]) -> Any:
        return before * self.total([math.comb(n, k) * one(k) * other(n - k) for k in range(n + 1)])


def _falling(a: Any, order: int) -> Any:
    value = 1.0 + 0 * a
    for k in range(1, order + 1):
        value = value * (a - k)
    return value


def _double_exponential(place: int) -> tuple[float, float, float]:
    """A node between 0 and 1, its distance from 1, and its weight: t = 1/(1 + exp(-pi*sinh(s)))."""
    s = place * STEP
    inner = math.pi * math.sinh(s)
    low, high = 1 / (1 + math.exp(-inner)), 1 / (1 + math.exp(inner))
    return low, high, STEP * math.pi * math.cosh(s) * low * high
