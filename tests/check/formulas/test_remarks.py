r"""Remarks behind a formula, and the conditions that they say."""

import pytest

from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.remarks import stretches
from indexcalc.check.formulas.scan import trimmed


@pytest.mark.parametrize(
    ("row", "formula", "conditions"),
    [
        (r"a = b \tag{1}", "a = b", ""),
        (r"a = b \quad \text{for all } i", "a = b", ""),
        (r"a = b \;\mbox{(by symmetry)}", "a = b", ""),
        (r"a = b \quad (i, j = 1, 2, 3)", "a = b", ""),
        (r"a = b, \quad i = 1, \ldots, n", "a = b", ""),
        (r"a = b \quad (i \neq j)", "a = b", "i ≠ j"),
        (r"a = b \quad i\ne j.", "a = b", "i ≠ j"),
        (r"a = b (i = j, k \neq l)", "a = b", "i = j, k ≠ l"),
        (r"a = b \text{ if } i = j \text{ and } k = l", "a = b", "i = j, k = l"),
        (r"a = b \text{ if } i = j \text{ holds for } k", "a = b", ""),
        (r"a = (b + c)", "a = (b + c)", ""),
        (r"a = b \quad c = d", r"a = b \quad c = d", ""),  # another equation
        (r"f = g (i, j)", "f = g (i, j)", ""),
    ],
)
def test_what_stands_behind(row, formula, conditions):
    first, *_ = stretches(Placed.whole(row))
    assert trimmed(first.content).text == formula
    assert ", ".join(map(str, first.conditions)) == conditions


@pytest.mark.parametrize(
    ("row", "parts", "asides"),
    [
        (r"a = b \text{ so } c = d", ["a = b", "c = d"], [False, False]),
        (
            r"a = b, \quad \text{where } c_i = d_i \text{ and } e_i = f_i",
            ["a = b", "c_i = d_i", "e_i = f_i"],
            [False, True, True],
        ),
        (r"a = b \quad \text{for } i = 1", ["a = b"], [False]),
    ],
)
def test_words_part_equations(row, parts, asides):
    found = list(stretches(Placed.whole(row)))
    assert [trimmed(each.content).text for each in found] == parts
    assert [each.aside for each in found] == asides
