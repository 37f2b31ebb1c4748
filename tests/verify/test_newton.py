"""Newton steps to numbers that obey the facts: how many are taken at once."""

import pytest

import indexcalc as ic
from indexcalc.verify.newton import CREEPING, _leap

HALVING = [2.0**-step for step in range(CREEPING + 2)]


def test_equal_steps_that_halve_the_error_are_taken_at_once():
    assert _leap(HALVING, [1.0] * (CREEPING + 1)) > 10


@pytest.mark.parametrize(
    ("errors", "lengths"),
    [
        (HALVING, [2.0**-step for step in range(CREEPING + 1)]),  # on the way to a double root
        (HALVING, [0.0] * (CREEPING + 1)),
        (HALVING, [1.0] * (CREEPING - 1)),
        ([10.0**-step for step in range(CREEPING + 2)], [1.0] * (CREEPING + 1)),
        ([0.0] * (CREEPING + 2), [1.0] * (CREEPING + 1)),
    ],
)
def test_anything_else_is_one_step(errors, lengths):
    assert _leap(errors, lengths) == 1.0


def test_a_double_root_is_found():
    assert str(ic.equal("assume (x - 3)^2 = 0", "x^2", "9")) in ("proved", "agrees")
