"""Shapes of names that are chosen so that the formulas of a document fit together."""

import pytest

from indexcalc.audit.auditing import audited
from indexcalc.audit.checking import check_document
from indexcalc.audit.documents.document import open_document

SCALED = r"""
The total is

$$ S = \sum_i u_i^2 $$

and scales a vector:

$$ \mathbf{y} = S \mathbf{x} $$

$$ \frac{\partial S}{\partial u_i} = 2 u_i $$

$$ \frac{S u_i}{S^2} = \frac{u_i}{S} $$
"""


def known(text):
    return audited(open_document(text, "markdown")).judge.known


def verdicts(text):
    return [claim.verdict.word for file in check_document(text).files for claim in file.claims]


def test_what_stands_before_a_vector_is_a_number_where_all_else_fits_only_so():
    assert known(SCALED).axes("S") == 0
    assert verdicts(SCALED) == ["proved", "proved"]


def test_what_the_text_says_of_a_shape_is_not_chosen_anew():
    assert known("Let $S$ be a matrix.\n" + SCALED).axes("S") == 2


def test_where_everything_fits_nothing_is_chosen():
    assert known("\n$$ \\mathbf{y} = S \\mathbf{x} $$\n").axes("S") == 2


def test_nothing_is_refuted_by_a_choice_that_few_formulas_ask_for():
    assert "refuted" not in verdicts(SCALED.replace("= 2 u_i", "= 3 u_i"))


@pytest.mark.parametrize(("mark", "axes"), [("^T", 2), ("", 0)])
def test_a_transposition_within_a_formula_says_that_a_name_is_no_number(mark, axes):
    assert known(SCALED + f"\n$$ \\mathbf{{v}} = S{mark} \\mathbf{{w}} $$\n").axes("S") == axes


ROWS = r"""
Let $x$ be a vector and $U$ a matrix:

$$ h = x U + c $$

$$ s = h V $$

$$ \frac{\partial F}{\partial x} = \frac{\partial F}{\partial h} U^\top $$

$$ \frac{\partial F}{\partial V} = h^\top \frac{\partial F}{\partial s} $$

$$ \frac{\partial F}{\partial U} = x^\top \frac{\partial F}{\partial h} $$

$$ \frac{\partial F}{\partial c} = \frac{\partial F}{\partial h} $$
"""


def test_vectors_before_matrices_are_rows():
    assert known(ROWS).has("x", "row")
    assert known(ROWS).has("h", "row")
    assert verdicts(ROWS) == ["proved"] * 4


def test_a_wrong_order_of_factors_is_not_confirmed_in_a_text_of_rows():
    wrong = ROWS.replace(r"h^\top \frac{\partial F}{\partial s}", r"\frac{\partial F}{\partial s} h^\top")
    assert verdicts(wrong)[1] not in ("proved", "agrees")


BATCH = r"""
A batch $X \in \mathbb{R}^{N \times D}$ goes through a layer with $W \in \mathbb{R}^{D \times K}$ and $c \in \mathbb{R}^{K}$:

$$ Z = X W + c $$

$$ A = \tanh(Z) $$

$$ \frac{\partial E}{\partial Z} = \frac{\partial E}{\partial A} \odot (1 - A^2) $$

$$ \frac{\partial E}{\partial W} = X^\top \frac{\partial E}{\partial Z} $$

$$ \frac{\partial E}{\partial X} = \frac{\partial E}{\partial Z} W^\top $$

$$ \frac{\partial E}{\partial c} = \sum_{n=1}^N \frac{\partial E}{\partial Z_{n}} $$

$$ \frac{\partial E}{\partial c} = \mathbf{1}^\top \frac{\partial E}{\partial Z} $$
"""


def test_a_name_with_one_index_is_a_row_of_the_matrix_that_it_is_without():
    assert verdicts(BATCH) == ["proved"] * 5


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(r"X^\top \frac", r"X \frac"), (r"W^\top", "W"), (r"\mathbf{1}^\top \frac{", r"2 \mathbf{1}^\top \frac{")],
)
def test_wrong_gradients_of_a_batch_are_not_confirmed(right, wrong):
    assert verdicts(BATCH.replace(right, wrong)).count("proved") == 4


UNSIZED = r"""
Each row of $X$ is an example, and

$$ Q = X W + c $$

$$ H = \tanh(Q) $$

$$ S = H V $$

$$ \frac{\partial E}{\partial V} = H^\top \frac{\partial E}{\partial S} $$

$$ \frac{\partial E}{\partial Q} = \frac{\partial E}{\partial H} \odot (1 - H^2) $$

$$ \frac{\partial E}{\partial W} = X^\top \frac{\partial E}{\partial Q} $$

$$ \frac{\partial E}{\partial c} = \sum_i \left( \frac{\partial E}{\partial Q} \right)_i $$
"""


def test_without_sizes_that_is_meant_by_which_fewer_matrices_are_square():
    assert known(UNSIZED).has("", "elementwise")
    assert known(UNSIZED).has("c", "row")
    assert verdicts(UNSIZED) == ["proved"] * 4


def test_a_power_of_a_matrix_is_a_product_where_nothing_speaks_against_it():
    text = "\nLet $B$ be a matrix.\n\n$$ f = \\mathbf{u}^\\top B^2 \\mathbf{v} $$\n\n$$ \\frac{\\partial f}{\\partial \\mathbf{v}} = B^\\top B^\\top \\mathbf{u} $$\n"
    assert not known(text).has("", "elementwise")
    assert verdicts(text) == ["proved"]


def test_words_say_that_a_vector_is_a_row():
    text = "\nLet $x$ be a row vector and $M$ a matrix.\n\n$$ q = x M x^\\top $$\n\n$$ \\frac{\\partial q}{\\partial M} = x^\\top x $$\n"
    assert known(text).has("x", "row")
    assert verdicts(text) == ["proved"]
    assert verdicts(text.replace("row vector", "column vector"))[0] != "proved"


def test_a_verdict_says_on_which_shapes_it_rests():
    (file,) = check_document(SCALED).files
    assert file.claims[0].verdict.reason == (
        "the same normal form; S is taken for a number: the formulas of the text fit only so"
    )


def test_an_escaped_underscore_is_no_name():
    text = "\n$$ e^{(v\\_ - u) x} = e^{(u - v\\_) x} $$\n"
    (file,) = check_document(text).files
    assert [claim.verdict.reason for claim in file.claims] == ["an underscore stands alone"]
