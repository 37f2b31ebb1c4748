"""Shifted places in LaTeX: read as in the other dialect, and written so that they read back."""

import pytest

import indexcalc as ic

SHEET = "outside x = 0\noutside w = 0\nindex i : n\nindex k : m\ny[i] = w[k]*x[i+k-1]\nz[i] = x[(i+1) mod n]"


@pytest.mark.parametrize(
    "latex, text",
    [
        (r"x_{i+k-1}", "x[i+k-1]"),
        (r"x_{2i-1} y_i", "x[2*i-1]*y[i]"),
        (r"x_{2i} y_i", "x[2*i]*y[i]"),
        (r"x_{n+1-i}", "x[n+1-i]"),
        (r"x_{2(i-1)+k}", "x[2*(i-1)+k]"),
        (r"x_{(i+1) \bmod n}", "x[(i+1) mod n]"),
        (r"\delta_{i+k, j} x_j", "delta[i+k,j]*x[j]"),
        (r"\frac{\partial y_i}{\partial w_l}", "x[i+l-1]"),
    ],
)
def test_a_place_means_the_same_in_both_dialects(latex, text):
    assert ic.equal(SHEET, latex, text).word == "proved"


@pytest.mark.parametrize("target", ["diff(y[i], w[l])", "x[(i+1) mod n]", "sum[k](w[k]*x[2*i+k])"])
def test_what_is_written_reads_back(target):
    written = ic.derive(SHEET, target).latex()
    assert ic.equal(SHEET, target, written).word == "proved"


def test_mod_outside_of_a_place_is_refused():
    with pytest.raises(ic.IndexcalcError) as caught:
        ic.derive(SHEET, r"x_i \bmod n")
    assert str(caught.value) == (
        "line 1, column 5: mod stands in a place only.\n"
        "    x_i \\bmod n\n"
        "        ^^^^^\n"
        "Write x_{(i+1) \\bmod n}."
    )
