"""Special functions of mpmath's numbers, by mpmath alone; a first argument that is an order is a whole number."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from indexcalc.verify.precise import Numbers


def of_arrays(xp: Numbers, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of some orders and some numbers as one of arrays, tiny imaginary parts carried along."""

    def value(*arguments: Any) -> Any:
        orders = [each for each in arguments if isinstance(each, int)]

        def of_numbers(*numbers: Any) -> Any:
            def along(place: int) -> Any:
                before, behind = ([each.real for each in part] for part in (numbers[:place], numbers[place + 1 :]))
                return xp.guarded(lambda x: function(*orders, *before, x, *behind))(numbers[place])

            moved = [along(place) for place, number in enumerate(numbers) if number.imag or not place]
            return moved[0] + sum(part - part.real for part in moved[1:])

        arrays = [np.asarray(each) for each in arguments[len(orders) :]]
        return xp.array(np.frompyfunc(of_numbers, len(arrays), 1)(*arrays))

    return value


def functions(context: Any) -> dict[str, Callable[..., Any]]:
    """The functions by their names in the table, in a context of mpmath's; they raise where they are not defined."""
    own = Exact(context)
    return {
        "polygamma": context.polygamma,
        "i0": lambda x: context.besseli(0, x),
        "i1": lambda x: context.besseli(1, x),
        "iv": context.besseli,
        "i0e": lambda x: own.scaled_slope(0, 0, x),
        "i1e": lambda x: own.scaled_slope(0, 1, x),
        "ive": lambda n, x: own.scaled_slope(0, n, x),
        "ive_slope": own.scaled_slope,
        "sinc": lambda x: own.spherical(0, x * context.pi),
        "spherical_jn": own.spherical,
        "spence": lambda x: context.polylog(2, 1 - x).real if x >= 0 else context.nan,
        "log_slope": own.log_slope,
        "boxcox": lambda x, power: context.log(x) * own.moment(0, power * context.log(x)) if x > 0 else context.nan,
        "exp_moment": own.moment,
        "erfcx": lambda x: own.integral_of_erfc(0, x),
        "ierfcx": own.integral_of_erfc,
        "gammainc": lambda a, x: context.gammainc(a, 0, x, regularized=True) if x >= 0 else context.nan,
        "gammaincc": lambda a, x: context.gammainc(a, x, regularized=True) if x >= 0 else context.nan,
        "gamma_density": own.gamma_density,
        "betainc": lambda a, b, x: context.betainc(a, b, 0, x, regularized=True) if 0 <= x <= 1 else context.nan,
        "beta_density": own.beta_density,
    }


class Exact:
    """The functions that mpmath composes, in one of its contexts."""

    def __init__(self, context: Any) -> None:
        self.context = context

    def moment(self, n: int, x: Any) -> Any:
        """The integral of t^n*exp(t*x), t from 0 to 1."""
        return self.context.hyp1f1(n + 1, n + 2, x) / (n + 1)

    def log_slope(self, n: int, x: Any) -> Any:
        """The n-th derivative of log(x)/(x - 1)."""
        if x <= 0:
            return self.context.nan
        value = self.context.hyp2f1(n + 1, n + 1, n + 2, 1 - x)
        return (-1) ** n * self.context.factorial(n) / (n + 1) * value

    def spherical(self, n: int, x: Any) -> Any:
        """j_n(x)."""
        value = self.context.hyp0f1(n + self.context.mpf(3) / 2, -x * x / 4)
        return value * x**n / self.context.fac2(2 * n + 1)

    def integral_of_erfc(self, n: int, x: Any) -> Any:
        """exp(x^2) times the n-th repeated integral of erfc, by Kummer's functions, the even and the odd part."""
        context = self.context
        half = context.mpf(1) / 2
        with context.extraprec(int(4 * abs(x * x)) + 20):
            even = context.hyp1f1((n + 1) * half, half, x * x) / context.gamma(n * half + 1)
            odd = 2 * x * context.hyp1f1(n * half + 1, 3 * half, x * x) / context.gamma((n + 1) * half)
            return (even - odd) / 2**n

    def scaled_slope(self, m: int, n: int, x: Any) -> Any:
        """The m-th derivative of exp(-|x|)*I_n(x); at 0, where the two sides differ in sign, their mean."""
        context = self.context
        parts = (
            (-1) ** k * context.binomial(2 * m, k) * context.besseli(abs(n + m - k), abs(x)) for k in range(2 * m + 1)
        )
        return sum(parts) * context.exp(-abs(x)) / 2**m * (context.sign(x) if (n + m) % 2 else 1)

    def gamma_density(self, n: int, a: Any, x: Any) -> Any:
        """The n-th derivative of the density."""
        if x < 0:
            return self.context.nan
        value = self._leibniz(n, lambda k: self._power(a, k, x), lambda k: (-1) ** k)
        return value * self.context.exp(-x) / self.context.gamma(a)

    def beta_density(self, n: int, a: Any, b: Any, x: Any) -> Any:
        """The n-th derivative of the density."""
        if not 0 <= x <= 1:
            return self.context.nan
        value = self._leibniz(n, lambda k: self._power(a, k, x), lambda k: (-1) ** k * self._power(b, k, 1 - x))
        return value / self.context.beta(a, b)

    def _power(self, a: Any, order: int, x: Any) -> Any:
        """A derivative of x^(a - 1)."""
        falling = self.context.fprod(a - k for k in range(1, order + 1))
        return falling * x ** (a - 1 - order) if falling else 0

    def _leibniz(self, n: int, one: Callable[[int], Any], other: Callable[[int], Any]) -> Any:
        return sum(self.context.binomial(n, k) * one(k) * other(n - k) for k in range(n + 1))
