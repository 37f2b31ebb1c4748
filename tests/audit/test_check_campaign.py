"""A few random derivations as documents: no right step is refuted, and every slip is."""

import pytest

from tests.check_campaign import run


@pytest.mark.parametrize("seed", (0, 1, 2, 3, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15))
def test_a_random_derivation(seed):
    assert run(seed) == []
