r"""Short texts in which something false was proved, or something right refuted; each beside one with the other verdict."""

import pytest

from indexcalc.audit.checking import check_document


def verdicts(text):
    """The verdicts of a text."""
    return [str(claim.verdict) for claim in check_document(text.strip() + "\n", "markdown").claims]


@pytest.mark.parametrize(
    "text",
    [
        r"$$ (A B)^{-1} = A^{-1} B^{-1} $$",
        r"$$ A \odot B = A B $$",
        r"$$ u \otimes v = v \otimes u $$",
    ],
)
def test_letters_are_no_numbers_beside_signs_of_arrays(text):
    assert verdicts(text) == ["undecided"]


def test_products_by_element_are_those_of_numbers():
    assert verdicts(r"$$ u \odot v = v \odot u $$") == ["proved"]
    assert verdicts(r"$$ \frac{(a b)^{-1}}{c} = a^{-1} b^{-1} c^{-1} $$") == ["proved"]


@pytest.mark.parametrize("said", ["has unit length", "is a unit vector", "has unit norm"])
def test_a_vector_of_unit_length(said):
    text = f"The vector $n$ {said}.\n\n" + r"$$ P_{ij} = \delta_{ij} - n_i n_j $$" + "\n\n$$ P_{ij} P_{jk} = RIGHT $$"
    assert verdicts(text.replace("RIGHT", "P_{ik}"))[-1] in ("proved", "agrees")
    assert verdicts(text.replace("RIGHT", "-P_{ik}"))[-1] == "refuted"


def test_the_places_of_a_sum_with_dots_are_no_unknown_number():
    assert verdicts("$$ S = 1 + 2 + \\dots + n $$\n\n$$ 2 S = n (n + 1) $$") == ["undecided"]
    assert verdicts("$$ S = a_1 + a_2 + \\dots + a_n $$\n\n$$ S = \\sum_{k=1}^n a_k $$")[-1] == "proved"


def test_a_name_equal_to_itself_turned_is_symmetric():
    assert "refuted" not in verdicts(r"$$ c_{ij} = c_{ji} = \frac{1}{2}(a_i b_j + a_j b_i) $$")
    assert verdicts("$$ c_{ij} = c_{ji} $$\n\n$$ c_{ij} x_i y_j = c_{ij} y_i x_j $$") == ["undecided"]
    assert verdicts("$$ c_{ij} = c_{ji} $$\n\n$$ c_{ij} x_i y_j = -c_{ij} y_i x_j $$") == ["refuted"]
    assert verdicts(r"$$ \epsilon_{ijk} = \epsilon_{jik} $$") == ["refuted"]


def test_the_change_of_what_a_fact_ties():
    assert verdicts("$$ R R^T = I $$\n\n" + r"$$ \dot{R} R^T = -R \dot{R}^T $$") == ["undecided"]
    assert verdicts(r"$$ \dot{R} R^T = -R \dot{R}^T $$")[-1] != "proved"


def test_an_equation_that_is_given_with_the_claim():
    text = r"""
With $X^T X \hat{\beta} = X^T y$,

$$ e^T e = y^T y RIGHT \hat{\beta}^T X^T y $$

where $e = y - X \hat{\beta}$.
"""
    assert verdicts(text.replace("RIGHT", "-"))[-1] in ("proved", "agrees")
    assert verdicts(text.replace("RIGHT", "+"))[-1] not in ("proved", "agrees")


def test_a_transpose_that_is_the_inverse_is_a_fact():
    assert verdicts("$$ M^T = M^{-1} $$") == []
    assert verdicts("$$ M^T = M^{-1} $$\n\n$$ c = v^T M^T M v $$\n\n$$ c = -v^T v $$") != ["proved"]


@pytest.mark.parametrize(
    ("formula", "word"),
    [
        (r"\frac{\partial^2 f}{\partial u^2} = \frac12 (A + A^T)", "proved"),
        (r"\frac{\partial^2 f}{\partial u^2} = A", "refuted"),
        (r"\nabla_u^2 f = A", "refuted"),
        (r"\frac{\partial^3 f}{\partial u^3} = 0", "proved"),
    ],
)
def test_second_derivatives_by_a_vector_are_matrices_and_no_diagonals(formula, word):
    text = f"Let $u \\in \\mathbb{{R}}^n$, $A$ an $n \\times n$ matrix, $f = \\frac12 u^T A u$.\n\n$$ {formula} $$\n"
    assert str(check_document(text, "markdown").claims[-1].verdict) == word
