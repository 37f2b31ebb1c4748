"""Every function of the table by mpmath alone."""

import mpmath


def integral_of_erfc(n, x):
    """exp(x^2) times the n-th repeated integral of erfc."""
    last, value = 2 / mpmath.sqrt(mpmath.pi), mpmath.exp(x * x) * mpmath.erfc(x)
    for k in range(1, n + 1):
        last, value = value, (last - 2 * x * value) / (2 * k)
    return value


def moment(n, x):
    """The integral of t^n*exp(t*x), t from 0 to 1."""
    return mpmath.hyp1f1(n + 1, n + 2, x) / (n + 1)


def slope_of_log(n, x):
    """The n-th derivative of log(x)/(x - 1)."""
    return (-1) ** n * mpmath.factorial(n) / (n + 1) * mpmath.hyp2f1(n + 1, n + 1, n + 2, 1 - x)


def density_of_gamma(n, a, x):
    """The n-th derivative of the density."""
    return mpmath.taylor(lambda t: t ** (a - 1) * mpmath.exp(-t) / mpmath.gamma(a), x, n)[n] * mpmath.factorial(n)


def density_of_beta(n, a, b, x):
    """The n-th derivative of the density."""
    value = mpmath.taylor(lambda t: t ** (a - 1) * (1 - t) ** (b - 1) / mpmath.beta(a, b), x, n)[n]
    return value * mpmath.factorial(n)


def spherical(n, x):
    """Spherical Bessel functions."""
    return mpmath.hyp0f1(n + mpmath.mpf(3) / 2, -x * x / 4) * x**n / mpmath.fac2(2 * n + 1)


EXACT = {
    "abs": abs,
    "arccos": mpmath.acos,
    "arcsin": mpmath.asin,
    "arctan": mpmath.atan,
    "beta_density": density_of_beta,
    "betainc": lambda a, b, x: mpmath.betainc(a, b, 0, x, regularized=True),
    "boxcox": lambda x, power: mpmath.log(x) * moment(0, power * mpmath.log(x)),
    "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
    "cos": mpmath.cos,
    "cosh": mpmath.cosh,
    "digamma": mpmath.digamma,
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
    "erfcx": lambda x: integral_of_erfc(0, x),
    "exp": mpmath.exp,
    "exp_moment": moment,
    "expm1": mpmath.expm1,
    "gamma_density": density_of_gamma,
    "gammainc": lambda a, x: mpmath.gammainc(a, 0, x, regularized=True),
    "gammaincc": lambda a, x: mpmath.gammainc(a, x, regularized=True),
    "gammaln": lambda x: mpmath.log(abs(mpmath.gamma(x))),
    "gelu": lambda x: x * mpmath.ncdf(x),
    "i0": lambda x: mpmath.besseli(0, x),
    "i0e": lambda x: mpmath.besseli(0, x) * mpmath.exp(-abs(x)),
    "i1": lambda x: mpmath.besseli(1, x),
    "i1e": lambda x: mpmath.besseli(1, x) * mpmath.exp(-abs(x)),
    "ierfcx": integral_of_erfc,
    "iv": mpmath.besseli,
    "ive": lambda n, x: mpmath.besseli(n, x) * mpmath.exp(-abs(x)),
    "ive_slope": lambda m, n, x: mpmath.diff(lambda t: mpmath.besseli(n, t) * mpmath.exp(-abs(t)), x, m),
    "log": mpmath.log,
    "log1p": mpmath.log1p,
    "log_ndtr": lambda x: mpmath.log(mpmath.ncdf(x)),
    "log_slope": slope_of_log,
    "max": max,
    "min": min,
    "ndtr": mpmath.ncdf,
    "polygamma": mpmath.polygamma,
    "relu": lambda x: max(x, mpmath.mpf(0)),
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "sign": mpmath.sign,
    "sin": mpmath.sin,
    "sinc": lambda x: spherical(0, x * mpmath.pi),
    "sinh": mpmath.sinh,
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
    "spence": lambda x: mpmath.polylog(2, 1 - x).real,
    "spherical_jn": spherical,
    "sqrt": mpmath.sqrt,
    "tan": mpmath.tan,
    "tanh": mpmath.tanh,
}
