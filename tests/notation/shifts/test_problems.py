"""Values and gradients of random problems with shifts and recurrences, against plain loops; and against jax."""

import numpy as np
import pytest

import indexcalc as ic
from tests.shift_campaign import failure


@pytest.mark.parametrize("seed", [*range(45), 459, 1036])
def test_values_and_gradients_are_those_of_the_loops(seed):
    assert failure(seed) == ""


@pytest.mark.parametrize("backend", ["einsum", "torch"])
@pytest.mark.parametrize("seed", range(40, 46))
def test_other_targets_give_the_same(seed, backend):
    pytest.importorskip("torch" if backend == "torch" else "numpy")
    assert failure(seed, backend) == ""


@pytest.mark.parametrize("seed", [48, 49, 50])
def test_jax_gives_the_same(seed):
    jax = pytest.importorskip("jax")
    with jax.enable_x64(True) if hasattr(jax, "enable_x64") else jax.experimental.enable_x64():
        assert failure(seed, "jax", limit=1) == ""


@pytest.mark.parametrize("seed", range(9))
def test_numba_gives_the_same(seed):
    pytest.importorskip("numba")
    assert failure(seed, "numba", limit=1) == ""


@pytest.mark.parametrize("bases", ["h[5] = 2*s\nh[6] = 3*s", "h[0] = 2*s\nh[-1] = 3*s"])
def test_bases_at_fixed_places_are_read_in_the_order_of_the_recurrence(bases):
    """A power of two lags and two bases makes an adjoint that reads one of its elements at a fixed place."""
    one, two = ("t+1", "t+2") if "6" in bases else ("t-1", "t-2")
    sheet = f"index t : 4\n{bases}\nh[t] = (x[t] + a*h[{one}] + b*h[{two}])^2\nL = sum[t](h[t]*g[t])"
    given = {"x": np.array([0.1, 0.3, -0.2, 0.4]), "a": 0.3, "b": -0.2, "s": 0.5, "g": np.array([1.0, -1.0, 0.5, 2.0])}
    value = ic.derive(sheet, "L").compile()
    for name in ("a", "b", "s"):
        slope = ic.derive(sheet, f"diff(L, {name})").compile()(**given)
        sides = [value(**{**given, name: given[name] + step}) for step in (1e-6, -1e-6)]
        np.testing.assert_allclose(slope, (sides[0] - sides[1]) / 2e-6, rtol=1e-7)
