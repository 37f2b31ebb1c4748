"""Squared distances as one operation: the same numbers, and only where nothing else needs the differences."""

import numpy as np
import pytest

import indexcalc as ic

RANDOM = np.random.default_rng(0)
X, Y = RANDOM.normal(size=(5, 3)), RANDOM.normal(size=(4, 3))


@pytest.mark.parametrize(
    ("sheet", "target", "wanted"),
    [
        ("d[n,m] = sum[i]((x[n,i] - y[m,i])^2)", "d[n,m]", True),
        ("d[n,m] = sum[i]((x[n,i] - x[m,i])^2)", "d[m,n]", True),
        ("d[n,m] = sum[i]((y[m,i] - x[n,i])^2)\nk[n,m] = exp(-d[n,m])", "k[n,m]", True),
        ("d[n,m] = sum[i]((x[n,i] - y[m,i])^2)\nL = sum[n,m](d[n,m]^2)", "diff(L, x[n,i])", True),
        ("d[n,m] = sum[i]((x[n,i] + y[m,i])^2)", "d[n,m]", False),
        ("d[n,i] = sum[m]((x[n,i] - y[m,i])^2)", "d[n,i]", False),
    ],
)
def test_distances_are_found(sheet: str, target: str, wanted: bool) -> None:
    result = ic.derive(sheet, target)
    assert ("squared_distances(" in result.code("numpy")) == wanted
    assert result.verify().passed


def test_small_distances_keep_their_digits() -> None:
    function = ic.derive("d[n,m] = sum[i]((x[n,i] - y[m,i])^2)", "d[n,m]").compile()
    found = function(x=X + 1e8, y=X + 1e8 + 2.0**-10)
    np.testing.assert_allclose(np.diagonal(found), 3 * 2.0**-20, rtol=1e-3)
    assert function(x=X.astype(np.float32), y=Y.astype(np.float32)).dtype == np.float32
