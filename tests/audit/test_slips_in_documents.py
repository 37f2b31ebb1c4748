r"""Slips put into own documents: each is found in its line, most are mended; what is shown is in the author's notation."""


import pytest

from indexcalc.audit.checking import check_document
from indexcalc.audit.documents.document import read
from tests.slip_campaign import KINDS, campaign, rates

LOGISTIC = r"""
$$ s_i = \frac{1}{1 + e^{-\sum_j x_{ij} w_j}}, \qquad L = -\sum_i \left( t_i \log s_i + (1 - t_i) \log(1 - s_i) \right) $$

$$ \frac{\partial s_i}{\partial w_k} = s_i (1 - s_i) x_{ik} $$

$$ \begin{aligned} \frac{\partial L}{\partial w_k}
&= -\sum_i \left( \frac{t_i}{s_i} - \frac{1 - t_i}{1 - s_i} \right) s_i (1 - s_i) x_{ik} \\
&= \sum_i \left( s_i - t_i \right) x_{ik} \end{aligned} $$
"""

CHAIN = r"""
$$ y_{kj} = 3 h_{kj}^2 + c_j $$

$$ \frac{\partial E}{\partial h_{ij}} = \sum_{k} \frac{\partial E}{\partial y_{kj}} \frac{\partial y_{kj}}{\partial h_{ij}}
= 6 \frac{\partial E}{\partial y_{ij}} h_{ij} $$
"""

RIDGE = r"""
Let $X \in \mathbb{R}^{m \times n}$, $w \in \mathbb{R}^n$ and $y \in \mathbb{R}^m$.

$$ f = (X w - y)^\top (X w - y) + \lambda w^\top w $$

$$ \nabla_w f = 2 X^\top (X w - y) + 2 \lambda w = 2 X^\top X w - 2 X^\top y + 2 \lambda w $$
"""


@pytest.mark.parametrize("text", [LOGISTIC, CHAIN, RIDGE], ids=["logistic", "chain", "ridge"])
def test_slips_are_found(text):
    found = campaign([read(text, "markdown")], count=18, seed=1)
    real, seen, mended = rates(found)
    assert real >= 5
    assert seen == real, found
    assert mended >= real / 2, found


def test_every_kind_of_slip_is_made():
    assert all(any(change(LOGISTIC + RIDGE) for _ in [0]) for change in KINDS.values())


def test_a_fix_has_derivatives_as_the_author_writes_them():
    (*_, claim) = check_document(CHAIN.replace("= 6 ", "= -6 "), "markdown").claims
    assert claim.reason.startswith("the sign is wrong; ")
    assert claim.fix == r"6 \frac{\partial E}{\partial y_{ij}} h_{ij}"


def test_a_diagnosis_names_no_letters_of_ours():
    (*_, claim) = check_document(CHAIN.replace(r"y_{ij}} h_{ij} $$", r"y_{ij}} h_{ij} + c_j $$"), "markdown").claims
    assert str(claim.verdict) == "refuted"
    assert "?" not in claim.reason + claim.fix


def test_greek_letters_as_indices_in_a_fix():
    (claim,) = check_document(r"$$ \delta_{\ell q} x_{qk} = -x_{\ell k} $$" + "\n", "markdown").claims
    assert claim.fix == r"x_{\ell k}"
