"""The gamma functions of loops against 40 digits."""

import math

import mpmath
import numpy as np
import pytest

from indexcalc.codegen.loops.gamma import digamma, polygamma

POINTS = [1e-3, 0.1, 0.5, 1.0, 2.5, 9.9, 10.0, 55.5, 1e3, 1e8, -0.5, -1.3, -7.7, -20.25]


@pytest.mark.parametrize("order", [0, 1, 2, 3, 7])
def test_values(order):
    with mpmath.workdps(40):
        true = [float(mpmath.polygamma(order, mpmath.mpf(x))) for x in POINTS]
    found = [polygamma(order, x) if order else digamma(x) for x in POINTS]
    np.testing.assert_allclose(found, true, rtol=2e-14)


def test_poles_and_ends():
    assert math.isnan(digamma(0.0))
    assert math.isnan(digamma(-3.0))
    assert polygamma(1, -3.0) == math.inf
    assert math.isnan(polygamma(2, 0.0))
    assert math.isnan(polygamma(1, -1e9))  # a loop of 1e9 steps would be no answer
    assert math.isnan(digamma(math.nan))
