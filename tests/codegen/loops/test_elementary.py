"""The elementary functions of compiled loops: their error over the whole range, and the values at the ends of it."""

import math
import re
from inspect import getsource

import mpmath
import numpy as np
import pytest

from indexcalc.codegen.loops import elementary

RANDOM = np.random.default_rng(0)
SMALL = np.exp(RANDOM.uniform(-700, 0, 300))
MIDDLE = RANDOM.uniform(-3, 3, 600)
MOST = {  # units in the last place, and where: on both sides of zero unless the function is for one only
    "exp": (1, np.r_[MIDDLE, SMALL, RANDOM.uniform(-708, 709.7, 600)]),
    "expm1": (1, -np.abs(np.r_[MIDDLE, SMALL, RANDOM.uniform(0, 800, 300)])),
    "log": (1, np.r_[SMALL, np.abs(MIDDLE), 1 / SMALL, 5e-324, 3e-310, 1 + 1e-10]),
    "log1p": (2, np.r_[SMALL, np.abs(MIDDLE), 1 / SMALL]),
    "sigmoid": (2, np.r_[MIDDLE, SMALL, RANDOM.uniform(-700, 700, 300)]),
    "softplus": (2, np.r_[MIDDLE, SMALL, RANDOM.uniform(-700, 700, 300)]),
    "tanh": (3, np.r_[MIDDLE, SMALL, -SMALL, RANDOM.uniform(-25, 25, 300)]),
    "erf": (2, np.r_[MIDDLE, SMALL, -SMALL, RANDOM.uniform(-7, 7, 300)]),
}
EXACT = {
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
}
INF, NAN = math.inf, math.nan
ENDS = {
    "exp": {0.0: 1.0, 710.0: INF, -746.0: 0.0, 1e300: INF, -1e300: 0.0, INF: INF, -INF: 0.0},
    "log": {0.0: -INF, 1.0: 0.0, INF: INF, -1.0: NAN, -INF: NAN},
    "log1p": {0.0: 0.0, INF: INF},
    "sigmoid": {0.0: 0.5, 1000.0: 1.0, -1000.0: 0.0, INF: 1.0, -INF: 0.0},
    "softplus": {1000.0: 1000.0, -1000.0: 0.0, INF: INF, -INF: 0.0},
    "tanh": {0.0: 0.0, 1000.0: 1.0, -INF: -1.0, INF: 1.0},
    "erf": {0.0: 0.0, 1000.0: 1.0, -INF: -1.0, INF: 1.0},
    "gelu": {0.0: 0.0, 1000.0: 1000.0, -1000.0: 0.0},
    "relu": {-1.0: 0.0, 2.0: 2.0, -INF: 0.0},
    "sign": {-3.0: -1.0, 0.0: 0.0, 2.0: 1.0},
}


@pytest.mark.parametrize("name", MOST)
def test_error_in_the_last_place(name):
    most, points = MOST[name]
    function = getattr(elementary, name)
    with mpmath.workdps(40), np.errstate(over="ignore", under="ignore"):
        for x in points:
            true = EXACT.get(name, getattr(mpmath, name, None))(mpmath.mpf(float(x)))
            assert abs(mpmath.mpf(float(function(x))) - true) <= most * mpmath.mpf(math.ulp(float(true))), x


def test_exponentials_below_the_normal_numbers():
    x = RANDOM.uniform(-745, -708, 300)
    true = np.array([math.exp(each) for each in x])
    np.testing.assert_allclose([elementary.exp(each) for each in x], true, rtol=0, atol=5e-324)


@pytest.mark.parametrize("name", ENDS)
def test_ends_of_the_range(name):
    function = getattr(elementary, name)
    with np.errstate(all="ignore"):
        for x, true in ENDS[name].items():
            np.testing.assert_array_equal(function(np.float64(x)), true, err_msg=str(x))
        assert math.isnan(function(np.float64(NAN)))


def test_two_arguments():
    with np.errstate(invalid="ignore"):
        assert elementary.logaddexp(INF, INF) == INF
        assert elementary.logaddexp(-INF, -INF) == -INF
        assert elementary.logaddexp(-INF, 3.0) == 3.0
        assert elementary.logaddexp(1000.0, 1000.0) == pytest.approx(1000 + math.log(2), rel=1e-15)
        for function in (elementary.greater, elementary.less, elementary.logaddexp):
            assert math.isnan(function(NAN, 1.0))
            assert math.isnan(function(1.0, NAN))
    assert (elementary.greater(1.0, 2.0), elementary.less(1.0, 2.0)) == (2.0, 1.0)


def test_no_branches():
    """A statement after an `if`, or a loop, would keep a loop around it from becoming vector code."""
    assert not re.search(r"^\s*(if|for|while)\b", getsource(elementary), re.MULTILINE)
