r"""Tensors that depend on a variable in a way that the document does not say."""

import pytest

from indexcalc.audit.checking import check_document


def verdicts(text):
    return [str(claim.verdict) for claim in check_document(f"{text}\n", "markdown").claims]


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (
            r"With $J_{ij} = \partial r_i / \partial \beta_j$ and $S = \frac12 r_i r_i$, "
            r"$$ \frac{\partial S}{\partial \beta_j} = J_{ij} r_i $$",
            "= J",
            "= 2 J",
        ),
        (
            r"$$ \frac{\partial (u_i u_j)}{\partial x_j} = u_j \frac{\partial u_i}{\partial x_j} "
            r"+ u_i \frac{\partial u_j}{\partial x_j} $$",
            "+ u_i",
            "- u_i",
        ),
        (
            r"$$ \frac{\partial}{\partial t} (\rho u_i) = u_i \frac{\partial \rho}{\partial t} "
            r"+ \rho \frac{\partial u_i}{\partial t} $$",
            r"+ \rho",
            "+",
        ),
        (
            r"$$ \frac{\partial^2}{\partial x_i \partial x_j} (p q) = q \frac{\partial^2 p}{\partial x_i \partial x_j} "
            r"+ \frac{\partial p}{\partial x_i} \frac{\partial q}{\partial x_j} + \frac{\partial p}{\partial x_j} "
            r"\frac{\partial q}{\partial x_i} + p \frac{\partial^2 q}{\partial x_i \partial x_j} $$",
            "+ p",
            "+ 2 p",
        ),
        (
            r"$$ \frac{\partial}{\partial x_j} \left( \rho \frac{\partial u_i}{\partial t} \right) = "
            r"\frac{\partial \rho}{\partial x_j} \frac{\partial u_i}{\partial t} + "
            r"\rho \frac{\partial^2 u_i}{\partial x_j \partial t} $$",
            r"\partial^2 u_i}{\partial x_j \partial t}",
            r"\partial u_i}{\partial x_j}",
        ),
    ],
)
def test_fields(text, old, new):
    assert verdicts(text) == ["proved"]
    assert verdicts(text.replace(old, new)) == ["refuted"]


@pytest.mark.parametrize(
    "equation",
    [
        r"\frac{\partial u_i}{\partial x_i} = 0",
        r"\frac{\partial u_i}{\partial t} + u_j \frac{\partial u_i}{\partial x_j} = -\frac{\partial p}{\partial x_i}",
    ],
)
def test_what_fields_obey_is_no_claim(equation):
    identity = r"$$ \frac{\partial (u_i u_i)}{\partial x_j} = 2 u_i \frac{\partial u_i}{\partial x_j} $$"
    assert verdicts(rf"$$ {equation} $$ {identity}") == ["skipped", "proved"]


@pytest.mark.parametrize(
    "claim",
    [r"r_i r_i = 3 S", r"S = r_i r_i", r"g_j = 2 r_i \frac{\partial r_i}{\partial \beta_j}"],
)
def test_what_is_said_of_defined_tensors_is_a_claim(claim):
    text = r"$$ S = \frac12 r_i r_i $$ $$ g_j = r_i \frac{\partial r_i}{\partial \beta_j} $$"
    assert verdicts(f"{text} $$ {claim} $$") == ["refuted"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"$$ \frac{\partial}{\partial x_k} (c_i d_i) = 0 $$", ["unreadable"]),
        (
            r"$$ \frac{\partial b_i}{\partial x_k} = 0 $$ $$ \frac{\partial}{\partial x_k} (b_i x_i) = b_k $$",
            ["unreadable", "proved"],
        ),
        (
            r"As $s_{ij} = s_{ji}$, $$ \frac{\partial s_{ij}}{\partial x_j} v_i = \frac{\partial s_{ji}}{\partial x_j} v_i $$",
            ["unreadable"],
        ),
        (
            r"$$ \frac{\partial l}{\partial x_i} = \frac{\partial l}{\partial z_k} \frac{\partial z_k}{\partial x_i} $$",
            ["proved"],
        ),
        (
            r"$$ \frac{\partial l^2}{\partial x_i} = 2 l \frac{\partial l}{\partial z_k} \frac{\partial z_k}{\partial x_i} $$",
            ["unreadable"],
        ),
    ],
)  # fmt: skip
def test_where_nothing_is_assumed(text, expected):
    assert verdicts(text) == expected
