"""Numbers as they are written."""

from fractions import Fraction

import pytest

from indexcalc.notation.syntax.numerals import folds, read_number
from indexcalc.terms import Number, Tensor


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("007", 7),
        ("1.50", Fraction(3, 2)),
        ("3.", 3),
        (".25", Fraction(1, 4)),
        ("1e3", 1000),
        ("1E-2", Fraction(1, 100)),
    ],
)
def test_numbers_are_exact(text, value):
    number = read_number(text)
    assert number is Number(value)


@pytest.mark.parametrize("text", ["1e999", "1e-999", "1e999999999", "9" * 401, "9" * 302, "0." + "0" * 350 + "1"])
def test_numbers_that_cannot_be_computed_with_are_refused(text):
    assert read_number(text) is None


def test_only_moderate_numbers_are_folded():
    assert folds([Number(2) for _ in range(1000)])
    assert folds([Tensor("x")] * 100_000)
    assert not folds([Number(2**4000)] * 4)
