"""Bessel and error functions, the dilogarithm, incomplete gamma and beta functions, for one number.

Generated modules hold their source: numba's for elements, others for numbers that a formula holds. By `math` alone.
Formulas: NIST Handbook of Mathematical Functions, 10.25.2, 10.40.1 (Bessel functions), 10.51.1, 10.53.1 (spherical),
7.18.7 and 7.9.1 (erfc), 25.12.4 (the dilogarithm), 8.7.1, 8.9.2 (gamma), 8.17.22 (beta).
"""

from __future__ import annotations

import math

from indexcalc.codegen.loops.elementary import Float


def ive(n: Float, x: Float) -> Float:
    """exp(-|x|)*I_n(x): the power series, or the asymptotic one."""
    size = abs(x)
    value = 1.0
    if size < 30.0 + n * n / 2:
        for k in range(60 + n * n, 0, -1):
            value = 1.0 + value * size * size / (4.0 * k * (k + n))
        value *= math.exp(-size)
        for k in range(1, n + 1):
            value *= size / (2.0 * k)
    else:
        for k in range(25, 0, -1):
            value = 1.0 - value * (4.0 * n * n - (2 * k - 1) ** 2) / (8.0 * k * size)
        value /= math.sqrt(2 * math.pi * size)
    return -value if x < 0.0 and n % 2 == 1 else value


def ive_slope(m: Float, n: Float, x: Float) -> Float:
    """The m-th derivative of exp(-|x|)*I_n(x): differences of such functions, or the asymptotic series."""
    size = abs(x)
    value = 0.0
    if x == 0.0 and (n + m) % 2 == 1:
        return value
    if size < 20.0 + n * n / 2:
        own = 0.5**m
        for k in range(2 * m + 1):
            value += own * ive(abs(n + m - k), size)
            own *= -(2 * m - k) / (k + 1)
    else:
        term = 1.0 / math.sqrt(2 * math.pi * size)
        for k in range(25):
            own = term
            for j in range(m):
                own *= -(k + j + 0.5) / size
            value += own
            term *= -(4.0 * n * n - (2 * k + 1) ** 2) / (8.0 * (k + 1) * size)
    return -value if x < 0.0 and (n + m) % 2 == 1 else value


def iv(n: Float, x: Float) -> Float:
    """I_n(x)."""
    half = math.exp(abs(x) / 2)
    return ive(n, x) * half * half


def sinc(x: Float) -> Float:
    """sin(pi*x)/(pi*x)."""
    return math.sin(math.pi * x) / (math.pi * x) if x != 0.0 else 1.0


def spherical_jn(n: Float, x: Float) -> Float:
    """j_n(x): the power series, or the recurrence from sine and cosine."""
    if abs(x) < n + 2.0:
        value = 1.0
        for k in range(30 + 2 * n, 0, -1):
            value = 1.0 - value * x * x / (2.0 * k * (2 * n + 2 * k + 1))
        for k in range(1, n + 1):
            value *= x / (2 * k + 1)
        return value
    value = math.sin(x) / x
    before = math.cos(x) / x
    for k in range(n):
        value, before = (2 * k + 1) / x * value - before, value
    return value


def log_slope(n: Float, x: Float) -> Float:
    """The n-th derivative of log(x)/(x - 1)."""
    w = x - 1.0
    value = 0.0
    if abs(w) < 0.4:
        for k in range(n + 60, n - 1, -1):
            falling = 1.0
            for j in range(n):
                falling *= k - j
            value = value * w + (1 - 2 * (k % 2)) * falling / (k + 1)
        return value
    value = math.log(x) / w
    own = 1.0
    for k in range(1, n + 1):
        own *= (1.0 if k == 1 else 1.0 - k) / x
        value = (own - k * value) / w
    return value


def spence(x: Float) -> Float:
    """The integral of log(t)/(1 - t) from 1 to x: its series near 1, by reflection elsewhere."""
    y = 1.0 / x if x > 1.5 else x
    u = 1.0 - y if y < 0.5 else y
    w = u - 1.0
    value = 0.0
    for k in range(60, 0, -1):
        value = (1.0 / (k * k) - value) * w
    value = -value
    if y < 0.5:
        value = math.pi * math.pi / 6 - value - (math.log(y) * math.log1p(-y) if y != 0.0 else 0.0)
    return -value - math.log(x) ** 2 / 2 if x > 1.5 else value


def exp_moment(n: Float, x: Float) -> Float:
    """The integral of t^n*exp(t*x), t from 0 to 1."""
    value = 0.0
    if abs(x) < 2.0 + n:
        for k in range(40 + 4 * n, -1, -1):
            value = 1.0 / (n + k + 1) + value * x / (k + 1)
        return value
    e = math.exp(x)
    value = math.expm1(x) / x
    for k in range(1, n + 1):
        value = (e - k * value) / x
    return value


def boxcox(x: Float, power: Float) -> Float:
    """(x^power - 1)/power, and log(x) where the power is 0."""
    t = math.log(x)
    return t * exp_moment(0, power * t)


def ierfcx(n: Float, x: Float) -> Float:
    """exp(x^2) times the n-th repeated integral of erfc: the recurrence, or the continued fraction."""
    value = 2 / math.sqrt(math.pi)
    if x > 0.5:
        ratio = 0.0
        for k in range(250 + n, -1, -1):
            ratio = 1.0 / (2 * x + 2 * (k + 1) * ratio)
            if k <= n:
                value *= ratio
        return value
    before = value
    value = math.exp(x * x) * math.erfc(x)
    for k in range(1, n + 1):
        value, before = (before - 2 * x * value) / (2 * k), value
    return value


def gamma_density(n: Float, a: Float, x: Float) -> Float:
    """The n-th derivative of x^(a - 1)*exp(-x)/Gamma(a)."""
    value = 0.0
    if x == math.inf:
        return value
    for k in range(n + 1):
        own = 1.0 - 2.0 * ((n - k) % 2)
        for j in range(k):
            own *= (n - j) / (j + 1)
        for j in range(1, k + 1):
            own *= a - j
        if own == 0.0:
            continue
        power = a - k - 1.0
        if x == 0.0:
            value += own * (0.0 if power > 0.0 else math.inf if power < 0.0 else math.exp(-math.lgamma(a)))
        else:
            value += own * math.exp(power * math.log(x) - x - math.lgamma(a))
    return value


def beta_density(n: Float, a: Float, b: Float, x: Float) -> Float:
    """The n-th derivative of x^(a - 1)*(1 - x)^(b - 1)/B(a, b)."""
    value = 0.0
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    for k in range(n + 1):
        own = 1.0 - 2.0 * ((n - k) % 2)
        for j in range(k):
            own *= (n - j) / (j + 1)
        for j in range(1, k + 1):
            own *= a - j
        for j in range(1, n - k + 1):
            own *= b - j
        if own == 0.0:
            continue
        first, second = a - k - 1.0, b - (n - k) - 1.0
        t = constant
        if first != 0.0:
            t += first * math.log(x) if x > 0.0 else -first * math.inf
        if second != 0.0:
            t += second * math.log1p(-x) if x < 1.0 else -second * math.inf
        value += own * math.exp(t)
    return value


def gammainc(a: Float, x: Float) -> Float:
    """The regularised lower incomplete gamma function."""
    return incomplete_gamma(a, x) if x < a + 1.0 else 1.0 - incomplete_gamma(a, x)


def gammaincc(a: Float, x: Float) -> Float:
    """The regularised upper incomplete gamma function."""
    return 1.0 - incomplete_gamma(a, x) if x < a + 1.0 else incomplete_gamma(a, x)


def incomplete_gamma(a: Float, x: Float) -> Float:
    """The lower one by its series for small x, the upper one by its continued fraction otherwise."""
    if x == 0.0:
        return 0.0
    if x < 0.0:
        return math.nan
    before = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1.0:
        term = value = 1.0 / a
        k = 0
        while term > value * 1e-17:
            k += 1
            term *= x / (a + k)
            value += term
        return before * value
    if x == math.inf:
        return 0.0
    b = x + 1.0 - a
    c, d = 1e300, 1.0 / b
    value = d
    k, step = 0, 0.0
    while abs(step - 1.0) > 1e-16 and k < 10000:
        k += 1
        top = -k * (k - a)
        b += 2.0
        d = 1.0 / (top * d + b)
        c = b + top / c
        step = d * c
        value *= step
    return before * value


def betainc(a: Float, b: Float, x: Float) -> Float:
    """The regularised incomplete beta function, by its continued fraction."""
    if not 0.0 <= x <= 1.0:
        return math.nan
    if x == 0.0 or x == 1.0:
        return x
    is_turned = x * (a + b + 2.0) > a + 1.0
    if is_turned:
        a, b, x = b, a, 1.0 - x
    t = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    c, d = 1.0, 1.0 / (1.0 - (a + b) * x / (a + 1.0))
    value, step, k = d, 0.0, 0
    while abs(step - 1.0) > 1e-16 and k < 10000:
        k += 1
        top = k * (b - k) * x / ((a + 2 * k - 1.0) * (a + 2 * k))
        d = 1.0 / (1.0 + top * d)
        c = 1.0 + top / c
        value *= d * c
        top = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1.0))
        d = 1.0 / (1.0 + top * d)
        c = 1.0 + top / c
        step = d * c
        value *= step
    value *= math.exp(t) / a
    return 1.0 - value if is_turned else value
