r"""Gradients that are named by one mark: \delta x, \bar{x}."""

import pytest

from indexcalc.audit.checking import check_document


def words(*lines):
    return [str(claim.verdict) for claim in check_document("\n\n".join(lines) + "\n", "markdown").claims]


LAYER = (
    r"A layer takes $x \in \mathbb{R}^m$ to $y \in \mathbb{R}^n$ with $W \in \mathbb{R}^{n \times m}$.",
    r"$$ y_i = \sum_j W_{ij} x_j $$",
)


@pytest.mark.parametrize("mark", [r"\delta %s", r"\bar{%s}"])
def test_what_is_said_of_one_gradient_is_meant_of_all(mark):
    x, y, w = (mark % letter for letter in "xyW")
    said = rf"We write ${y}_i = \frac{{\partial E}}{{\partial y_i}}$ and so on."
    right = (rf"$$ {x}_j = \sum_i W_{{ij}} {y}_i $$", rf"$$ {w}_{{ij}} = {y}_i x_j $$")
    assert words(*LAYER, said, *right) == ["proved", "proved"]
    assert "proved" not in words(*LAYER, said, rf"$$ {x}_j = \sum_i W_{{ji}} {y}_i $$", rf"$$ {w}_{{ij}} = {y}_j x_i $$")
    assert words(*LAYER, *right) == []


def test_gradients_that_are_gathered():
    rows = (
        r"$$ \delta u = \left[ \frac{\partial E}{\partial u_i} \right]_i $$",
        r"$$ y_i = \tanh(u_i) $$",
        r"$$ \frac{\partial E}{\partial u_i} = \delta y_i \cdot (1 - y_i^2) $$",
        r"$$ \delta u = \delta y \odot (1 - y \odot y) $$",
    )
    assert words(*rows) == ["proved", "proved"]
    assert "proved" not in words(*rows[:2], r"$$ \delta u = \delta y \odot (1 + y \odot y) $$")


def test_a_mark_that_nothing_explains_names_nothing():
    assert words(*LAYER, r"$$ \delta x_j = \sum_i W_{ij} \delta y_i $$") == []
