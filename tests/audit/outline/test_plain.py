"""Definitions in plain text."""

import pytest

from indexcalc.audit.outline.plain import formula_of
from indexcalc.notation.writing.formulas import written_back


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("exp(h<sub>0</sub>)+1とおいて", r"\exp (h_{0}) + 1"),
        ("x<sup>2</sup> + 1 we find", "x^{2} + 1"),
        ("1/(1+exp(-s)).", r"1 / (1 + \exp (-s))"),
        ("a + b", "a + b"),
        ("u v", "u v"),
    ],
)
def test_plain_formulas_are_read(text, formula):
    found = formula_of(text)
    assert found is not None
    assert written_back(found) == formula


@pytest.mark.parametrize("text", ["2 x a formula", "x + a", "max(a, b)", "log(1 + x", "x -", "x, y", "the sum", "3 I think", "n!"])
def test_what_is_more_than_a_plain_formula_is_not(text):
    assert formula_of(text) is None
