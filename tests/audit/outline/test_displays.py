"""Formulas that go on in the next one, and those with an equality sign in the prose between them."""

import pytest

from indexcalc.audit.documents.document import open_document
from indexcalc.audit.outline.displays import read_statements


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$s$ = $2 t$.\n", [["s", "2 t"]]),
        ("$s$ = $2 t$ = $t + t$\n", [["s", "2 t", "t + t"]]),
        ("$s$ and $2 t$\n", [["s"], ["2 t"]]),
        ("$$ s = $$\n$$ 2 t $$\n", [["s", "2 t"]]),
        ("$$ s = $$\n$$ = 2 t = u $$\n", [["s", "2 t", "u"]]),
        ("$$ s = 2 t = $$\n$$ = t + t $$\n", [["s", "2 t"], ["2 t", "t + t"]]),
        ("$$ s $$\n\nIt is\n\n$$ = t + t $$\n", [["s"], ["s", "t + t"]]),
        ("$$ s = 2 t $$\n$$ + u $$\n", [["s", "2 t + u"]]),
        ("$$ s = 2 t $$\n\n$$ u = v $$\n", [["s", "2 t"], ["u", "v"]]),
    ],
)
def test_formulas_that_go_on(text, expected):
    found = read_statements(open_document(text, "markdown"))
    assert [[side.text for side in each.sides] for each in found] == expected
