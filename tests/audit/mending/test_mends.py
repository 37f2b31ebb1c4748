r"""One slip undone in a formula as it is written: what is said of it, and the side as its author would have written it."""

import pytest

from indexcalc.audit.checking import check_document

CHAIN = r"""
$$ u_{qa} = 5 g_{qa}^2 + r_a $$

$$ \frac{\partial F}{\partial g_{pa}} = RIGHT $$
"""
MEAN = r"""
$$ f = \frac{1}{m} \sum_{i=1}^m (\sum_{k=1}^n a_{ik} v_k - b_i)^2 $$

$$ \frac{\partial f}{\partial v_j} = RIGHT $$
"""
PLAIN = r"""
Let $A \in \mathbb{R}^{m \times n}$, $v \in \mathbb{R}^n$ and $b \in \mathbb{R}^m$.

$$ f = (A v - b)^\top (A v - b) $$

$$ \nabla_v f = RIGHT $$
"""


def refuted(text, right):
    """The reason and the fix of the last claim, which is refuted."""
    claim = check_document(text.replace("RIGHT", right), "markdown").claims[-1]
    assert str(claim.verdict) == "refuted"
    return claim.reason.partition("; ")[0], claim.fix


@pytest.mark.parametrize(
    ("text", "right", "why", "fix"),
    [
        (
            CHAIN,
            r"\sum_q \frac{\partial F}{\partial u_{pa}} \frac{\partial u_{pa}}{\partial g_{pa}}",
            "u_{pa} has a wrong index: p for q",
            r"\sum_q \frac{\partial F}{\partial u_{qa}} \frac{\partial u_{qa}}{\partial g_{pa}}",
        ),
        (
            CHAIN,
            r"-10 \frac{\partial F}{\partial u_{pa}} g_{pa}",
            "the sign is wrong",
            r"10 \frac{\partial F}{\partial u_{pa}} g_{pa}",
        ),
        (
            MEAN,
            r"\frac{2}{m} \sum_{i=1}^m a_{ij} (\sum_{k=1}^n a_{ik} v_k + b_i)",
            "the sign of b_i is wrong",
            r"\frac{2}{m} \sum_{i=1}^m a_{ij} (\sum_{k=1}^n a_{ik} v_k - b_i)",
        ),
        (
            MEAN,
            r"\frac{1}{m} \sum_{i=1}^m a_{ij} (\sum_{k=1}^n a_{ik} v_k - b_i)",
            "the factor 2 is missing",
            r"2 \frac{1}{m} \sum_{i=1}^m a_{ij} (\sum_{k=1}^n a_{ik} v_k - b_i)",
        ),
        (
            MEAN,
            r"\frac{2}{m} \sum_{i=1}^m a_{ij} \sum_{k=1}^n a_{ik} v_k - b_i",
            "brackets are missing",
            r"\frac{2}{m} \sum_{i=1}^m a_{ij} \left(\sum_{k=1}^n a_{ik} v_k - b_i\right)",
        ),
        (
            MEAN,
            r"\frac{2}{m} \sum_{i=1}^m a_{ji} (\sum_{k=1}^n a_{ik} v_k - b_i)",
            "the indices of a_{ji} are exchanged",
            r"\frac{2}{m} \sum_{i=1}^m a_{ij} (\sum_{k=1}^n a_{ik} v_k - b_i)",
        ),
        (PLAIN, r"A^\top (A v - b)", "the factor 2 is missing", r"2 A^\top (A v - b)"),
    ],
)
def test_the_mend_of_a_slip(text, right, why, fix):
    reason, found = refuted(text, right)
    assert (reason, found) == (why, fix)


def test_what_dots_stand_for_is_mended_as_a_whole():
    text = "With $v = \\sum_i s_i \\exp(q_i)$ we get\n\n$$ \\frac{\\partial v}{\\partial s} = RIGHT $$\n"
    right = r"\begin{pmatrix} - \exp(q_1) \\ \vdots \\ - \exp(q_n) \end{pmatrix}"
    claim = check_document(text.replace("RIGHT", right), "markdown").claims[-1]
    assert str(claim.verdict) == "refuted"
    assert claim.verdict.fix in ("", r"\exp(q_{i})", f"-{right}"), "one of the elements that are shown is no fix"
