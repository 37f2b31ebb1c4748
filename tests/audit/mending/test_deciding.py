r"""Steps that one slip undone makes true: they are refuted, whatever else is not known; and what must not be refuted so."""

import pytest

from indexcalc.audit.checking import check_document

LOST = r"""
$$ u_q = \text{what comes out of unit } q $$

$$ \frac{\partial F}{\partial v_r} = RIGHT $$
"""
SHAPES = r"""
Let $M$ be an $m \times n$ matrix and $v \in \mathbb{R}^n$.

$$ f = M v $$

$$ f^\top f = RIGHT $$
"""


def last(text):
    """The last claim of a text."""
    return check_document(text.strip() + "\n", "markdown").claims[-1]


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        (
            LOST.replace("RIGHT", r"-\sum_q \frac{\partial F}{\partial u_q} \frac{\partial u_q}{\partial v_r}"),
            r"\sum_q \frac{\partial F}{\partial u_q} \frac{\partial u_q}{\partial v_r}",
        ),
        (
            LOST.replace("RIGHT", r"2 \sum_q \frac{\partial F}{\partial u_q} \frac{\partial u_q}{\partial v_r}"),
            r"\sum_q \frac{\partial F}{\partial u_q} \frac{\partial u_q}{\partial v_r}",
        ),
        (SHAPES.replace("RIGHT", r"v M^\top M v"), r"v^\top M^\top M v"),
        (SHAPES.replace("RIGHT", r"v^\top M M v"), r"v^\top M^\top M v"),
        ("$$ L = \\sum_k p_k $$\n\n$$ L + c = p_k + c $$", r"\sum_{k} p_k + c"),
        ("$$ s_i a_{ij} (b_j + c_j) = s_i a_{ij} b_k + s_i a_{ij} c_j $$", r"s_i a_{ij} b_j + s_i a_{ij} c_j"),
    ],
    ids=["sign", "factor", "row", "turned", "sum", "letter"],
)
def test_one_slip_undone_decides(text, fix):
    claim = last(text)
    assert (str(claim.verdict), claim.fix) == ("refuted", fix)


@pytest.mark.parametrize(
    "text",
    [
        r"$$ a_{ij} = a_{ji} $$",
        r"$$ B^\top = B $$",
        r"$$ \frac{\partial^2 f}{\partial x_i \partial x_j} = \frac{\partial^2 f}{\partial x_j \partial x_i} $$",
        "The activation is odd:\n\n$$ g(-x) = -g(x) $$",
        "The inputs are $a_j$.\n\n"
        r"$$ \frac{\partial E}{\partial w_{ji}} = \frac{\partial E}{\partial a_j} \frac{\partial a_j}{\partial w_{ji}} $$",
        r"$$ \frac{\partial J}{\partial W} = \sum_k \frac{\partial J}{\partial W^{(k)}} $$",
        r"""
$$ y = W x $$

$$ \frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} W $$
""",
        r"""
$$ S_{ij} v_j \mathbf{e}_i = \mathbf{e}_i \cdot \mathbf{S} \mathbf{e}_j v_j \mathbf{e}_i $$
""",
        r"""
With one-hot $t$, whose only entry is at $c$,

$$ L = -\sum_k t_k \log p_k $$

$$ L = -\log p_c $$
""",
        r"""
$$ h = x U $$

$$ o = h V $$

$$ h h^\top = x U U^\top x^\top $$
""",
        "Momentum is conserved:\n\n$$ m_1 v_1 + m_2 v_2 = m_1 u_1 - m_2 u_2 $$",
    ],
)
def test_nothing_is_refuted_that_may_be_meant(text):
    claims = check_document(text.strip() + "\n", "markdown").claims
    assert "refuted" not in {str(claim.verdict) for claim in claims}, [claim.reason for claim in claims]


def test_two_definitions_of_a_name_confirm_only_what_holds_with_both():
    text = r"""
$$ y_j = \sum_i w_{ij} x_i $$

$$ y_j = \sum_i w_{ji} x_i $$

$$ \frac{\partial y_j}{\partial x_i} = w_{ij} $$

$$ \sum_j y_j c_j + a = a + \sum_k y_k c_k $$
"""
    claims = check_document(text, "markdown").claims
    assert [str(claim.verdict) for claim in claims] == ["refuted", "undecided", "proved"]
    assert claims[1].reason == "lines 2 and 4 say two things of y: which of them is meant?"
