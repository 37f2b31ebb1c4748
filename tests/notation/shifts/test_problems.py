"""Values and gradients of random problems with shifts and recurrences, against plain loops; and against jax."""

import pytest

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
