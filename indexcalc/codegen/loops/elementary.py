"""Elementary functions without branches, which compilers turn into vector code. Generated modules hold their source.

Each reduces its argument to where a short series is exact to the last bits, and puts the exponent in place as bits.
Adding 6755399441055744 = 1.5 * 2^52 rounds to a whole number: the last bits of the sum are that number itself. What is
infinite, no number, or smaller than the normal numbers comes out as it should.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Float = Any  # a number of Python, or one of numpy


def exp(x: Float) -> Float:
    """e^x = 2^k e^r with a whole number k and |r| <= ln(2)/2; two factors make 2^k, so that it may underflow."""
    x = 710.0 if x > 710.0 else x
    x = -746.0 if x < -746.0 else x
    t = x * 1.4426950408889634 + 6755399441055744.0
    k = t - 6755399441055744.0
    r = (x - k * 0.6931471803691238) - k * 1.9082149292705877e-10
    p = 1 / 39916800 + r * (1 / 479001600 + r * (1 / 6227020800))
    p = 1 / 40320 + r * (1 / 362880 + r * (1 / 3628800 + r * p))
    p = 1 / 120 + r * (1 / 720 + r * (1 / 5040 + r * p))
    p = 1.0 + r * (1.0 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * p))))
    t = k * 0.5 + 6755399441055744.0
    first = np.int64((np.float64(t).view(np.int64) + 1023) << 52).view(np.float64)
    t = (k - (t - 6755399441055744.0)) + 6755399441055744.0
    second = np.int64((np.float64(t).view(np.int64) + 1023) << 52).view(np.float64)
    return p * first * second


def expm1(x: Float) -> Float:
    """e^x - 1 = 2^k (e^r - 1) + (2^k - 1), for x <= 0."""
    x = -50.0 if x < -50.0 else x
    t = x * 1.4426950408889634 + 6755399441055744.0
    k = t - 6755399441055744.0
    r = (x - k * 0.6931471803691238) - k * 1.9082149292705877e-10
    p = 1 / 39916800 + r * (1 / 479001600 + r * (1 / 6227020800))
    p = 1 / 40320 + r * (1 / 362880 + r * (1 / 3628800 + r * p))
    p = 1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040 + r * p)))
    power = np.int64((np.float64(t).view(np.int64) + 1023) << 52).view(np.float64)
    return power * (r + r * r * (1 / 2 + r * (1 / 6 + r * p))) + (power - 1.0)


def log(x: Float) -> Float:
    """ln(2^k (1 + f)) = k ln(2) + 2 artanh(s) with s = f/(2 + f), and 2 s = f - s f."""
    is_small = x < 2.2250738585072014e-308
    bits = np.float64(x * 18014398509481984.0 if is_small else x).view(np.int64)
    above = bits - 4604544271217802189  # the bits of sqrt(1/2)
    exponent = (above + 4607182418800017408) >> 52  # kept positive: 1023 more than k
    m: Float = np.int64(bits - ((exponent - 1023) << 52)).view(np.float64)
    k = exponent - (1077.0 if is_small else 1023.0)
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    p = 2 / 15 + z * (2 / 17 + z * (2 / 19 + z * (2 / 21 + z * (2 / 23))))
    p = 2 / 3 + z * (2 / 5 + z * (2 / 7 + z * (2 / 9 + z * (2 / 11 + z * (2 / 13 + z * p)))))
    value = k * 0.6931471803691238 + (f - (s * (f - z * p) - k * 1.9082149292705877e-10))
    value = value if x < np.inf else x
    value = value if x > 0.0 else -np.inf
    return value if x >= 0.0 else np.nan


def log1p(x: Float) -> Float:
    """ln(1 + x) for x >= 0: what is lost in 1 + x is added back."""
    u = 1.0 + x
    value = log(u) + (x - (u - 1.0)) / u
    return value if x < np.inf else x


def sigmoid(x: Float) -> Float:
    """1/(1 + e^-x), without overflow."""
    e = exp(-abs(x))
    return (1.0 if x >= 0.0 else e) / (1.0 + e)


def softplus(x: Float) -> Float:
    """ln(1 + e^x), without overflow."""
    return (0.0 if x < 0.0 else x) + log1p(exp(-abs(x)))


def tanh(x: Float) -> Float:
    """(1 - e^-2x)/(1 + e^-2x), without loss at zero."""
    e = expm1(-2.0 * abs(x))
    return np.copysign(e / (2.0 + e), x)


def logaddexp(x: Float, y: Float) -> Float:
    """ln(e^x + e^y), without overflow."""
    difference = 0.0 if x == y else x - y
    return (x if x > y else y) + log1p(exp(-abs(difference)))


def relu(x: Float) -> Float:
    """The greater one of x and 0."""
    return 0.0 if x < 0.0 else x


def sign(x: Float) -> Float:
    """1, -1, or x itself if it is zero or no number."""
    return 1.0 if x > 0.0 else (-1.0 if x < 0.0 else x)


def greater(x: Float, y: Float) -> Float:
    """The greater one; not a number if one of them is none."""
    return y if y > x or y != y else x


def less(x: Float, y: Float) -> Float:
    """The smaller one; not a number if one of them is none."""
    return y if y < x or y != y else x


def same(x: Float, y: Float, most: Float) -> Float:
    """Whether both are equal up to a relative difference."""
    return x == y or abs(x - y) <= most * abs(y)


def erf(x: Float) -> Float:
    """The error function: x times a series in x^2 below 1, 1 - e^-x^2 q(x) above."""
    a = abs(x)
    a = 6.0 if a > 6.0 else a
    z = 1.0 if a > 1.0 else a * a
    p = 1.3720064546777686e-08 + z * -7.795898827002142e-10
    p = 1.6447424703317362e-06 + z * (-1.6208483801871705e-07 + z * p)
    p = -0.0008548325975389692 + z * (0.00012055294904839707 + z * (-1.492473690741966e-05 + z * p))
    p = 0.11283791670945006 + z * (-0.02686617064323777 + z * (0.0052239776071164225 + z * p))
    p = 1.1283791670955126 + z * (-0.37612638903183543 + z * p)
    w = 14.4 / (a + 3.0) - 2.6
    q = 2.4416129982547695e-10 + w * -2.3736182042986786e-10
    q = 4.551267548592995e-09 + w * (1.131478564144137e-08 + w * q)
    q = 1.9563578906857695e-05 + w * (-2.42557221161177e-06 + w * (-5.541125848160943e-07 + w * q))
    q = 0.012713147695154857 + w * (0.002479314697621277 + w * (0.0003316029648753461 + w * q))
    q = 0.20798329133342885 + w * (0.15436117429438836 + w * (0.049698445403375216 + w * q))
    inner = a * p
    outer = 1.0 - exp(-a * a) * q
    return np.copysign(inner if a < 1.0 else outer, x)


def gelu(x: Float) -> Float:
    """x times the normal distribution function."""
    return 0.5 * x * (1.0 + erf(x * 0.7071067811865476))
