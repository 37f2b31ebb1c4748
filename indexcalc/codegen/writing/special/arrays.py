"""Special functions of arrays as source, for what a library lacks: they stand before a generated function.

Written with numpy's names for what every library has; `choosing` puts those of another one in their place. What a
branch does not want gets an argument that does no harm, so that nothing overflows and automatic derivatives stay
finite. Algorithms and formulas are those of `codegen.loops.special`, which has them for one number.
"""

from __future__ import annotations

IVE = '''
def ive(n, x):
    """exp(-|x|)*I_n(x): the power series, or the asymptotic one."""
    size = np.abs(x)
    far = size >= 30 + n * n / 2
    near = np.where(far, 1.0, size)
    large = np.where(far, size, 50.0 + n * n)
    square, value, beyond = near * near / 4, 1.0, 1.0
    for k in range(60 + n * n, 0, -1):
        value = 1 + value * square / (k * (k + n))
    for k in range(25, 0, -1):
        beyond = 1 - beyond * (4 * n * n - (2 * k - 1) ** 2) / (8 * k * large)
    value = value * np.exp(-near) * (near / 2) ** n / math.factorial(n)
    value = np.where(far, beyond / np.sqrt(2 * math.pi * large), value)
    return np.where(x < 0, -value, value) if n % 2 else value
'''
IVE_SLOPE = '''
def ive_slope(m, n, x):
    """The m-th derivative of exp(-|x|)*I_n(x): differences of such functions, or the asymptotic series."""
    size = np.abs(x)
    far = size >= 20 + n * n / 2
    near = np.where(far, 1.0, size)
    large = np.where(far, size, 50.0 + n * n)
    value, beyond, term = 0.0, 0.0, 1 / np.sqrt(2 * math.pi * large)
    for k in range(2 * m + 1):
        value = value + 0.5**m * (-1) ** k * math.comb(2 * m, k) * ive(abs(n + m - k), near)
    for k in range(25):
        beyond = beyond + term * math.prod(-(k + j + 0.5) for j in range(m)) / large**m
        term = -term * (4 * n * n - (2 * k + 1) ** 2) / (8 * (k + 1) * large)
    value = np.where(far, beyond, value)
    return value * np.sign(x) if (n + m) % 2 else value
'''
IV = '''
def iv(n, x):
    """I_n(x)."""
    half = np.exp(np.abs(x) / 2)
    return ive(n, x) * half * half
'''
SPHERICAL_JN = '''
def spherical_jn(n, x):
    """j_n(x): the power series, or the recurrence from sine and cosine."""
    far = np.abs(x) >= n + 2
    near = np.where(far, 1.0, x)
    large = np.where(far, x, n + 2.0)
    value = 1.0
    for k in range(30 + 2 * n, 0, -1):
        value = 1 - value * near * near / (2 * k * (2 * n + 2 * k + 1))
    for k in range(1, n + 1):
        value = value * near / (2 * k + 1)
    beyond, before = np.sin(large) / large, np.cos(large) / large
    for k in range(n):
        beyond, before = (2 * k + 1) / large * beyond - before, beyond
    return np.where(far, beyond, value)
'''
LOG_SLOPE = '''
def log_slope(n, x):
    """The n-th derivative of log(x)/(x - 1)."""
    far = np.abs(x - 1) >= 0.4
    near = np.where(far, 0.0, x - 1)
    large = np.where(far, x, 2.0)
    value = 0.0
    for k in range(n + 60, n - 1, -1):
        value = value * near + (-1) ** k * math.perm(k, n) / (k + 1)
    beyond, own = np.log(large) / (large - 1), 1.0
    for k in range(1, n + 1):
        own = own * (1.0 if k == 1 else 1.0 - k) / large
        beyond = (own - k * beyond) / (large - 1)
    return np.where(far, beyond, value)
'''
SPENCE = '''
def spence(x):
    """The integral of log(t)/(1 - t) from 1 to x: its series near 1, by reflection elsewhere."""
    above = x > 1.5
    y = np.where(above, 1 / np.where(above, x, 1.0), x)
    below = y < 0.5
    w = np.where(below, -y, y - 1)
    value = 0.0
    for k in range(60, 0, -1):
        value = (1 / (k * k) - value) * w
    small = np.where(below, y, 0.25)
    product = np.log(np.where(small == 0, 1.0, small)) * np.log1p(-small)
    value = np.where(below, math.pi**2 / 6 + value - product, -value)
    return np.where(above, -value - np.log(np.where(above, x, 1.0)) ** 2 / 2, value)
'''
EXP_MOMENT = '''
def exp_moment(n, x):
    """The integral of t^n*exp(t*x), t from 0 to 1."""
    far = np.abs(x) >= 2 + n
    near = np.where(far, 0.0, x)
    large = np.where(far, x, 2.0 + n)
    value = 0.0
    for k in range(40 + 4 * n, -1, -1):
        value = 1 / (n + k + 1) + value * near / (k + 1)
    exponential, beyond = np.exp(large), np.expm1(large) / large
    for k in range(1, n + 1):
        beyond = (exponential - k * beyond) / large
    return np.where(far, beyond, value)
'''
BOXCOX = '''
def boxcox(x, power):
    """(x^power - 1)/power, and log(x) where the power is 0."""
    return np.log(x) * exp_moment(0, power * np.log(x))
'''
IERFCX = '''
def ierfcx(n, x):
    """exp(x^2) times the n-th repeated integral of erfc: the recurrence, or the continued fraction."""
    far = x > 0.5
    near = np.where(far, 0.0, x)
    large = np.where(far, x, 1.0)
    ratio, beyond, before = 0.0, 2 / math.sqrt(math.pi), 2 / math.sqrt(math.pi)
    for k in range(250 + n, -1, -1):
        ratio = 1 / (2 * large + 2 * (k + 1) * ratio)
        beyond = beyond * ratio if k <= n else beyond
    value = np.exp(near * near) * (1 - erf(near))
    for k in range(1, n + 1):
        value, before = (before - 2 * near * value) / (2 * k), value
    return np.where(far, beyond, value)
'''
POWER_OF = '''
def power_of(x, exponent):
    """The logarithm of a power, 0 where the exponent is 0."""
    is_none, inside = exponent == 0, x > 0
    end = np.where(x == 0, x - math.inf, math.nan)
    log = np.where(inside, np.log(np.where(inside, x, 1.0)), end)
    return np.where(is_none, 0.0, np.where(is_none, 1.0, exponent) * log)
'''
GAMMA_DENSITY = '''
def gamma_density(n, a, x):
    """The n-th derivative of x^(a - 1)*exp(-x)/Gamma(a)."""
    a, x = a + 0 * x, x + 0 * a
    value = 0.0
    for k in range(n + 1):
        factor = math.comb(n, k) * (-1) ** (n - k) + 0 * a
        for j in range(1, k + 1):
            factor = factor * (a - j)
        is_none = factor == 0
        power = np.where(is_none, 0.0, a - k - 1)
        value = value + np.where(is_none, 0.0, factor * np.exp(power_of(x, power) - x - lgamma(a)))
    return value
'''
BETA_DENSITY = '''
def beta_density(n, a, b, x):
    """The n-th derivative of x^(a - 1)*(1 - x)^(b - 1)/B(a, b)."""
    nothing = 0 * a + 0 * b + 0 * x
    a, b, x = a + nothing, b + nothing, x + nothing
    constant = lgamma(a + b) - lgamma(a) - lgamma(b)
    value = 0.0
    for k in range(n + 1):
        factor = math.comb(n, k) * (-1) ** (n - k) + nothing
        for j in range(1, k + 1):
            factor = factor * (a - j)
        for j in range(1, n - k + 1):
            factor = factor * (b - j)
        is_none = factor == 0
        first = np.where(is_none, 0.0, a - k - 1)
        second = np.where(is_none, 0.0, b - (n - k) - 1)
        exponent = constant + power_of(x, first) + power_of(1 - x, second)
        value = value + np.where(is_none, 0.0, factor * np.exp(exponent))
    return value
'''
BETAINC = '''
def betainc(a, b, x):
    """The regularised incomplete beta function, by its continued fraction."""
    nothing = 0 * a + 0 * b + 0 * x
    a, b, x = a + nothing, b + nothing, x + nothing
    turned = x * (a + b + 2) > a + 1
    a, b, x = np.where(turned, b, a), np.where(turned, a, b), np.where(turned, 1 - x, x)
    inside = (x > 0) & (x < 1)
    y = np.where(inside, x, 0.5)
    c, d = 1.0, 1 / (1 - (a + b) * y / (a + 1))
    value = d
    for k in range(1, 200):
        top = k * (b - k) * y / ((a + 2 * k - 1) * (a + 2 * k))
        d = 1 / (1 + top * d)
        c = 1 + top / c
        value = value * d * c
        top = -(a + k) * (a + b + k) * y / ((a + 2 * k) * (a + 2 * k + 1))
        d = 1 / (1 + top * d)
        c = 1 + top / c
        value = value * d * c
    exponent = lgamma(a + b) - lgamma(a) - lgamma(b) + a * np.log(y) + b * np.log1p(-y)
    value = np.where(inside, value * np.exp(exponent) / a, np.where(x == 0, x, math.nan))
    return np.where(turned, 1 - value, value)
'''
ARRAYS = {
    "ive": IVE,
    "ive_slope": IVE_SLOPE,
    "iv": IV,
    "spherical_jn": SPHERICAL_JN,
    "log_slope": LOG_SLOPE,
    "spence": SPENCE,
    "exp_moment": EXP_MOMENT,
    "boxcox": BOXCOX,
    "ierfcx": IERFCX,
    "power_of": POWER_OF,
    "gamma_density": GAMMA_DENSITY,
    "beta_density": BETA_DENSITY,
    "betainc": BETAINC,
}
