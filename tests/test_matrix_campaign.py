"""A few of the random sheets in matrix notation; the command runs thousands."""

import pytest

from tests.matrix_campaign import fault


@pytest.mark.parametrize("seed", range(200, 212))
def test_derivatives_are_those_of_jax(seed: int) -> None:
    assert not fault(seed, ("numpy", "einsum"))
