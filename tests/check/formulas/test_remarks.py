r"""Remarks behind a formula, and the conditions that they say."""

import pytest

from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.remarks import without_remarks
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
    bare, found = without_remarks(Placed.whole(row))
    assert trimmed(bare).text == formula
    assert ", ".join(map(str, found)) == conditions
