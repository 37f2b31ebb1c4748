"""What is said of matrices in words behind their names, and differentials that nothing but their place shows."""

import pytest

from indexcalc.audit.checking import check_document


def verdicts(text):
    """The verdicts of a text."""
    return [str(claim.verdict) for claim in check_document(text.strip() + "\n", "markdown").claims]


QUADRATIC = "\n\n" + r"$$ \nabla_x (x^\top S x) = 2 S x $$"
WRONG = "\n\n" + r"$$ \nabla_x (x^\top S x) = S x $$"


@pytest.mark.parametrize(
    "said",
    [
        r"Let $x \in \mathbb{R}^d$ and $S$ a symmetric $d \times d$ matrix.",
        r"Let $x \in \mathbb{R}^d$, $S$ a real symmetric positive definite $d \times d$ matrix.",
        r"Let $x \in \mathbb{R}^d$, $S \in \mathbb{R}^{d \times d}$ symmetric positive definite and $c \in \mathbb{R}$.",
        r"Let $x \in \mathbb{R}^d$, $S \in \mathbb{R}^{d \times d}$ symmetric and $c \in \mathbb{R}$.",
        r"Let $x \in \mathbb{R}^d$ and $S \in \mathbb{R}^{d \times d}$ with $S \succ 0$.",
        r"Let $S \succeq 0$ and $x \in \mathbb{R}^d$.",
        r"Let $x \in \mathbb{R}^d$ and $S, T \succ \mathbf{0}$.",
        r"Let $S \in \mathbb{S}^d_{++}$ and $x \in \mathbb{R}^d$.",
    ],
)
def test_a_matrix_is_symmetric(said):
    assert verdicts(said + QUADRATIC) == ["proved"]
    assert verdicts(said + WRONG) == ["refuted"]


@pytest.mark.parametrize(
    "said",
    [
        r"Let $x \in \mathbb{R}^d$ and $S$ a $d \times d$ matrix.",
        r"Let $x \in \mathbb{R}^d$, $x \succeq 0$, and $S \in \mathbb{R}^{d \times d}$.",
        r"Let $x \in \mathbb{S}^{d-1}$ and $S \in \mathbb{R}^{d \times d}$.",
        r"Let $S \in \mathbb{R}^{d \times d}$ and a symmetric $A \in \mathbb{R}^{d \times d}$, $x \in \mathbb{R}^d$.",
    ],
)
def test_another_one_is_not(said):
    assert verdicts(said + QUADRATIC) == ["refuted"]


def test_the_sigmoid_needs_no_word_function():
    text = r"""Let $X \in \mathbb{R}^{n \times d}$, $w \in \mathbb{R}^d$, $y \in \mathbb{R}^n$ and $q = \sigma(X w)$ with the sigmoid $\sigma$.

$$ L = -\sum_{i=1}^n \left( y_i \log q_i + (1 - y_i) \log(1 - q_i) \right) $$

$$ \nabla_w L = RIGHT $$"""
    assert verdicts(text.replace("RIGHT", r"X^\top (q - y)")) == ["proved"]
    assert verdicts(text.replace("RIGHT", r"X^\top (y - q)")) == ["refuted"]


MATRIX = r"Let $X \in \mathbb{R}^{n \times n}$ be invertible." + "\n\n"


@pytest.mark.parametrize(
    ("step", "word"),
    [
        (r"$$ d(X^{-1}) = -X^{-1} \, dX \, X^{-1} $$", "proved"),
        (r"$$ d \operatorname{tr}(X^2) = 2 \operatorname{tr}(X \, dX) $$", "proved"),
        (r"$$ d \log \det X = \operatorname{tr}(X^{-1} \, dX) $$", "proved"),
        (r"$$ d(X^{-1}) = X^{-1} \, dX \, X^{-1} $$", "refuted"),
        (r"$$ d \operatorname{tr}(X^2) = \operatorname{tr}(X \, dX) $$", "refuted"),
    ],
)
def test_the_letter_d_before_matrices_only_is_no_number(step, word):
    assert verdicts(MATRIX + step) == [word]


def test_a_number_d_stays_one():
    text = r"Let $A, B \in \mathbb{R}^{n \times n}$ and let $d$ be a number." + "\n\n$$ d (A + B) = d A + d B $$"
    assert verdicts(text + "\n\n$$ d A^2 = A d A $$") == ["proved", "proved"]


@pytest.mark.parametrize(
    ("step", "word"),
    [
        (r"\nabla \| x \| = \frac{x}{\| x \|}", "proved"),
        (r"\nabla \| x \|^2 = 2 x", "proved"),
        (r"\nabla^2 (x^\top x) = 2 I", "proved"),
        (r"\nabla \| x \| = \frac{x}{\| x \|^2}", "refuted"),
        (r"\nabla (x^\top y) = y", "unreadable"),
    ],
)
def test_a_gradient_is_by_the_only_letter(step, word):
    assert verdicts(r"Let $x, y \in \mathbb{R}^n$." + f"\n\n$$ {step} $$") == [word]


def test_a_unit_matrix_beside_a_kronecker_product_is_known():
    text = r"Let $A \in \mathbb{R}^{m \times n}$, $X \in \mathbb{R}^{n \times p}$." + "\n\n"
    step = r"$$ \operatorname{vec}(A X) = (I_p \otimes A) \operatorname{vec}(X) $$"
    assert verdicts(text + step) == ["proved"]
    assert verdicts(text + step.replace(r"I_p \otimes A", r"A \otimes I_p")) == ["refuted"]
    assert verdicts(r"$$ (P \otimes A) v = (A \otimes P) v $$") == ["undecided"]
