"""Recurrences of jax as scans: which are, and that they give the values of numpy's loops."""

import numpy as np
import pytest

import indexcalc as ic

jax = pytest.importorskip("jax")

NETWORK = "h[0,b,i] = s[b,i]\nh[t,b,i] = tanh(W[i,j]*h[t-1,b,j] + x[t,b,i])\nL = sum[t,b,i](h[t,b,i]*g[t,b,i])"
LAGS = "h[0] = 2*s\nh[-1] = s\nh[t] = a*h[t-1] + x[t]*h[t-2]\nL = sum[t](h[t]^2)"
COUPLED = "index t : T\np[0] = a\nq[0] = b\np[t] = p[t-1] - e*q[t-1]\nq[t] = q[t-1] + e*p[t]^2\nL = sum[t](p[t]*q[t])"
DOWNWARDS = "index t : n\nV[n+1] = g\nV[t] = c[t] + sin(V[t+1])\nL = sum[t](V[t]^2)"
LAST_AXIS = """
u[i,0] = s[i]
outside u = 0
u[i,t] = u[i,t-1] + r*(u[i+1,t-1] - 2*u[i,t-1] + u[i-1,t-1])*x[t]
L = sum[i,t](u[i,t]^2)
"""
TABLE = "outside d = 0\nd[i,j] = min(d[i-1,j], d[i,j-1]) + c[i,j]\nL = sum[i,j](d[i,j]*g[i,j])"
CASES = [
    (
        NETWORK,
        ("L", "diff(L, W[p,q])", "diff(L, s[p,q])", "diff(L, x[p,q,r])"),
        {"s": (2, 3), "W": (3, 3), "x": (5, 2, 3), "g": (5, 2, 3)},
        True,
    ),
    (LAGS, ("L", "diff(L, a)", "diff(L, s)", "diff(L, x[p])", "diff(L, a, s)"), {"s": (), "a": (), "x": (6,)}, True),
    (COUPLED, ("L", "diff(L, e)", "diff(L, a)"), {"a": (), "b": (), "e": (), "T": 4}, True),
    (DOWNWARDS, ("L", "diff(L, c[p])", "diff(L, g)"), {"c": (5,), "g": ()}, True),
    (LAST_AXIS, ("u[p,q]", "diff(L, r)", "diff(L, s[p])"), {"s": (4,), "r": (), "x": (3,)}, True),
    (TABLE, ("L", "diff(L, c[p,q])"), {"c": (3, 4), "g": (3, 4)}, False),
]


def drawn(shapes):
    """Random arguments; a size as it is."""
    random = np.random.default_rng(0)
    return {name: each if isinstance(each, int) else random.normal(size=each) / 2 for name, each in shapes.items()}


@pytest.mark.parametrize(("sheet", "targets", "shapes", "is_scan"), CASES)
def test_values_are_those_of_numpy(sheet, targets, shapes, is_scan):
    given = drawn(shapes)
    with jax.enable_x64(True) if hasattr(jax, "enable_x64") else jax.experimental.enable_x64():
        for target in targets:
            result = ic.derive(sheet, target)
            code = result.code(backend="jax")
            assert ("jax.lax.scan(" in code, "jax.lax.fori_loop(" in code) == (is_scan, not is_scan)
            found, wanted = (np.asarray(result.compile(backend=each)(**given)) for each in ("jax", "numpy"))
            assert found.shape == wanted.shape
            np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-14)


def test_a_scan_is_compiled_and_keeps_the_type_of_its_arguments():
    given = {name: value.astype(np.float32) for name, value in drawn(CASES[0][2]).items()}
    function = ic.derive(NETWORK, "diff(L, W[p,q])").compile(backend="jax")
    found = jax.jit(lambda **arrays: function(**arrays))(**given)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, ic.derive(NETWORK, "diff(L, W[p,q])").compile()(**given), rtol=1e-4, atol=1e-6)


def test_the_code_carries_what_the_next_steps_read():
    code = ic.derive(LAGS, "L").code(backend="jax")
    assert "(h_1, h_2) = carry" in code and "return (h_0, h_1), (h_0,)" in code
