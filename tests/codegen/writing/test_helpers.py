"""The functions that stand before generated code."""

import math

import numpy as np
import pytest

from indexcalc.codegen.writing.helpers import HELPERS

SPACE: dict = {"np": np, "math": math}
for helper in HELPERS.values():
    exec(helper.source, SPACE)


def test_erf_to_two_units_in_the_last_place_but_three():
    x = np.concatenate([np.linspace(-7, 7, 20001), 10.0 ** np.linspace(-300, 1, 500), [0.0, np.inf, -np.inf]])
    np.testing.assert_allclose(SPACE["erf"](x), [math.erf(value) for value in x.tolist()], rtol=2e-15)
    assert np.isnan(SPACE["erf"](np.nan))


def test_gelu():
    x = np.linspace(-5, 5, 101)
    expected = [value * (1 + math.erf(value / math.sqrt(2))) / 2 for value in x.tolist()]
    np.testing.assert_allclose(SPACE["gelu"](x), expected, rtol=1e-14, atol=5e-15)


def test_sigmoid_of_large_arguments():
    x = np.array([-1000.0, -1.0, 0.0, 1.0, 1000.0])
    with np.errstate(all="raise", under="ignore"):
        result = SPACE["sigmoid"](x)
    np.testing.assert_allclose(result, [0, 1 / (1 + math.e), 0.5, 1 / (1 + 1 / math.e), 1], rtol=1e-15, atol=1e-300)
    with np.errstate(all="raise", under="ignore"):
        assert SPACE["sigmoid"](np.float32(-1000)) < 1e-37


@pytest.mark.parametrize("name", ["erf", "gelu", "sigmoid", "sigmoid_of_minus"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_results_keep_the_type_and_may_stand_where_the_argument_stood(name, dtype):
    x = np.linspace(-3, 3, 7, dtype=dtype)
    before, result = x.copy(), SPACE[name](x)
    assert np.array_equal(x, before) and result.dtype == dtype
    assert SPACE[name](x, out=x) is x and np.array_equal(x, result)
    assert SPACE[name](dtype(0.5)).dtype == dtype and isinstance(float(SPACE[name](1)), float)
