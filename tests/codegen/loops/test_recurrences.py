"""Recurrences: each step sees what it reads and nothing else of the sheet; numba compiles them as one or in parts."""

import numpy as np
import pytest

import indexcalc as ic

RANDOM = np.random.default_rng(0)
TWO = "c[0] = 0\nc[t] = c[t-1] + x[t]\nm[1] = x[1]\nm[t] = max(m[t-1], x[t])\nL = sum[t](c[t]*y[t]) + sum[t](m[t]^2)"
PATH = (
    "index t : n\nv[1,j] = p[j] + B[1,j]\nv[t,j] = max[i](v[t-1,i] + A[i,j]) + B[t,j]\nS = max[j](v[n,j])"
)
NETWORK = "h[0,b,i] = 0\nh[t,b,i] = tanh(W[i,j]*h[t-1,b,j] + u[t,b,i])\nL = sum[t,b,i](h[t,b,i]^2)"


def test_two_recurrences_and_what_needs_both():
    """The step of one recurrence does not work out a definition that needs the other one."""
    x, y = RANDOM.normal(size=5), RANDOM.normal(size=5)
    found = ic.derive(TWO, "L").compile()(x=x, y=y)
    assert np.isclose(found, np.cumsum(x) @ y + (np.maximum.accumulate(x) ** 2).sum())
    assert ic.derive(TWO, "diff(L, x[t])").verify(against="differences").passed


@pytest.mark.parametrize(
    ("sheet", "target", "shapes"),
    [
        (TWO, "diff(L, x[t])", {"x": (5,), "y": (5,)}),
        (PATH, "diff(S, B[t,j])", {"p": (3,), "B": (4, 3), "A": (3, 3)}),
        (NETWORK, "diff(L, W[p,q])", {"W": (3, 3), "u": (4, 2, 3)}),
        (NETWORK, "diff(L, W[p,q])", {"W": (64, 64), "u": (3, 32, 64)}),
    ],
)
def test_numba_gives_the_same(sheet, target, shapes):
    pytest.importorskip("numba")
    given = {name: RANDOM.normal(size=shape) / 4 for name, shape in shapes.items()}
    result = ic.derive(sheet, target)
    function = result.compile(backend="numba")
    np.testing.assert_allclose(function(**given), result.compile(backend="einsum")(**given), rtol=1e-9, atol=1e-12)
    single = {name: value.astype(np.float32) for name, value in given.items()}
    assert function(**single).dtype == np.float32
