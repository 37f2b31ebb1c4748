"""Random problems over the whole language: short form, steps, texts read back and code agree with the target.

`python -m tests.campaign` runs more of them.
"""

import hypothesis
import numpy as np
import pytest
from hypothesis import given

from tests.campaign import check
from tests.strategies import problems, random_problem

CHUNK = 25


@pytest.mark.parametrize("start", range(0, 300, CHUNK))
def test_seeded_problems(start):
    with np.errstate(all="ignore"):
        found = {seed: list(check(random_problem(seed))) for seed in range(start, start + CHUNK)}
    assert not {seed: messages for seed, messages in found.items() if messages}


@given(problems())
@hypothesis.settings(max_examples=40)
def test_shrinkable_problems(problem):
    with np.errstate(all="ignore"):
        assert not list(check(problem))


def test_the_same_seed_gives_the_same_problem():
    assert random_problem(5) == random_problem(5) != random_problem(6)
