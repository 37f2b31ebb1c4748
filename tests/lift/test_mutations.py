"""Mutations of right code: one that changes the result is refuted, one that does not never is.

More of them by hand: python -m tests.lift_mutations --count 2000
"""

import pytest

from tests.lift_mutations import judged


@pytest.mark.parametrize("seed", range(48))
def test_what_changes_the_result_is_refuted(seed):
    verdict, equal, code, _ = judged(seed)
    assert (verdict in ("proved", "agrees")) if equal else (verdict == "refuted"), code
