"""A tensor that a target names without indices means all its elements."""

import pytest

from indexcalc.errors import IndexcalcError
from indexcalc.notation.lowering.elements import letters_of
from indexcalc.notation.reader import parse_sheet, read_target
from indexcalc.notation.writing.text import write

SHEET = parse_sheet("""
h[b,i] = tanh(x[b,j]*W[j,i] + c[i])
L = sum[b,i](h[b,i]^2)
t = A[k,k]
""")
MEANS = [
    ("diff(L, W)", "diff(L, W[j,i])", "ji"),
    ("diff(L, c)", "diff(L, c[i])", "i"),
    ("diff(L, c, c)", "diff(L, c[i], c[i'])", ["i", "i'"]),
    ("diff(L, W[j,i], c)", "diff(L, W[j,i], c[i'])", ["j", "i", "i'"]),
    ("diff(diff(L, c), W)", "diff(L, c[i], W[j,i'])", ["i", "j", "i'"]),
    ("diff(h, x)", "diff(h[b,i], x[b',j])", ["b", "i", "b'", "j"]),
    ("diff(t, A)", "diff(t, A[k,k'])", ["k", "k'"]),
    ("h", "h[b,i]", "bi"),
    ("L", "L", ""),
    (r"\frac{\partial L}{\partial c}", "diff(L, c[i])", "i"),
    (r"\frac{\partial h_{bi}}{\partial x}", "diff(h[b,i], x[b',j])", ["b", "i", "b'", "j"]),
    ("diff(L, W[j,i])", "diff(L, W[j,i])", "ji"),
]


@pytest.mark.parametrize(("text", "meaning", "axes"), MEANS)
def test_all_elements(text, meaning, axes):
    reading = read_target(SHEET, text)
    assert write(reading.term, reading.sheet, reading.axes) == meaning
    assert [axis.name for axis in reading.axes] == list(axes)


@pytest.mark.parametrize("text", ["2*diff(L, c)", "diff(2*h, c)", "exp(h)"])
def test_beside_something_else_a_bare_name_is_refused(text):
    with pytest.raises(IndexcalcError, match="no index here and"):
        read_target(SHEET, text)


def test_the_letters_of_a_tensor_are_different_and_free():
    assert letters_of(SHEET, "W") == ("j", "i")
    assert letters_of(SHEET, "W", "ji") == ("j'", "i'")
    assert letters_of(SHEET, "A", ["k'"]) == ("k", "k''")
