"""Plain bars around absolute values."""

import pytest

from indexcalc.notation.latex.bars import paired_bars
from tests.notation.latex.test_trees import cause, same


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"|\rho|", "abs(rho)"),
        ("2|u_i|", "2*abs(u[i])"),
        ("|c||rho|".replace("rho", r"\rho"), "abs(c)*abs(rho)"),
        (r"|c| \rho |c|", "abs(c)*rho*abs(c)"),
        (r"||c| - |\rho||", "abs(abs(c) - abs(rho))"),
        (r"|c - \rho|^2", "abs(c - rho)^2"),
        (r"\log |c|", "log(abs(c))"),
        (r"\frac{|c|}{2}", "abs(c)/2"),
        (r"\bigl| c \bigr|", "abs(c)"),
        (r"\left| c |\rho| \right|", "abs(c*abs(rho))"),
        (r"\sum_i |u_i|", "sum[i](abs(u[i]))"),
    ],
)
def test_means(latex, text):
    assert same(latex, text)


@pytest.mark.parametrize("latex", [r"\rho|", r"\rho | c", r"f(\rho | c)", r"|\rho", r"(|\rho)|"])
def test_a_single_bar_is_refused(latex):
    assert cause(latex) == "| means nothing here"


def test_pairs():
    assert sorted(paired_bars("||x| - y|")) == [(0, 8), (1, 3)]
    assert sorted(paired_bars("P(a|b) + P(b|a)")) == []
