r"""Definitions and facts that a document states in its formulas."""

import pytest

from indexcalc.audit.checking import check_document


def notes(text):
    """What was taken, and the verdicts."""
    (file,) = check_document(text + "\n").files
    return [(note.kind, note.line) for note in file.notes], [str(claim.verdict) for claim in file.claims]


@pytest.mark.parametrize(
    ("text", "taken", "verdicts"),
    [
        ("$$ a_{ij} = 2 b_{ij} $$\n\n$$ a_{kk} = b_{kk} + b_{kk} $$", [("definition", 1)], ["proved"]),
        (r"$$ a_{i} = b_{i} = c_{i} $$", [("definition", 1)], ["refuted"]),
        (r"$$ s := b_{i} b_{i} $$", [("definition", 1)], ["skipped"]),
        (
            "$$ L(x, y) = x_{i} y_{i} $$\n\n$$ \\frac{\\partial L}{\\partial x_{k}} = y_{k} $$",
            [("definition", 1)],
            ["proved"],
        ),
        (
            r"$$ \frac{\partial L}{\partial x_{k}} = \frac{\partial}{\partial x_{k}} (x_{i} x_{i}) = 2 x_{k} $$",
            [("definition", 1)],
            ["proved"],
        ),
        (r"$$ a_{1} = 2 $$", [], ["refuted"]),
        (r"$$ J_{2} = s_{ij} s_{ij} $$", [("definition", 1)], []),
        (r"$$ a_{ii} = 2 b_{ii} $$", [], ["refuted"]),
        (r"$$ \delta_{ij} = \delta_{ji} $$", [], ["proved"]),
        (r"$$ x_{i} = x_{i} + 1 $$", [], ["refuted"]),
        (
            r"$$ \sum_{q} y_{pq} = 1 $$" + "\n\n" + r"$$ c_{p} + \sum_{q} y_{pq} = 1 + c_{p} $$",
            [("fact", 1)],
            ["proved"],
        ),
        ("where $\\sum_{q} y_{pq} = 1$.\n\n" + r"$$ c_{p} + \sum_{q} y_{pq} = 1 + c_{p} $$", [("fact", 1)], ["proved"]),
        (r"$$ A_{ij} = A_{ji} $$" + "\n\n" + r"$$ A_{ij} - A_{ji} = 0 $$", [("fact", 1)], ["proved"]),
        ("$$ Q_{ki} Q_{kj} = \\delta_{ij} $$\n\n$$ 2 Q_{ki} Q_{kj} = 2 \\delta_{ij} $$", [("fact", 1)], ["proved"]),
        (r"$$ A_{ij} x_{j} = b_{i} $$", [], ["refuted"]),
        ("the case $b = 1$, $j=1$ and $a_i = 0$.\n\n$$ 2 b = b + b $$", [], ["proved"]),
    ],
)
def test_what_is_taken(text, taken, verdicts):
    assert notes(text) == (taken, verdicts)


def test_a_fact_may_stand_behind_the_step_that_uses_it():
    text = r"""
$$ c_{p} + \sum_{q} y_{pq} = c_{p} + 1 $$

Note: $\sum_{q} y_{rq} = 1$ due to one-hot.
"""
    assert notes(text) == ([("fact", 4)], ["proved"])


def test_formulas_have_letters_of_their_own():
    text = r"""
$$ a_{ij} = \sum_{k=1}^{m} b_{ik} c_{kj} $$

$$ d_{ij} = \sum_{k=1}^{n} e_{ik} e_{kj} $$

$$ \sum_{i=1}^{5} 1 = 5 $$
"""
    assert notes(text)[1] == ["proved"]


def test_another_number_of_indices_is_another_tensor():
    text = r"""
$$ z_{ij} = 2 x_{ij} $$

$$ \frac{\partial z_{ij}}{\partial x_{kl}} = 2 \delta_{ik} \delta_{jl} $$

$$ z_{i} = 3 x_{i} $$

$$ \frac{\partial z_{i}}{\partial x_{k}} = 3 \delta_{ik} $$
"""
    assert notes(text) == ([("definition", 2), ("definition", 6)], ["proved", "proved"])


def test_a_fence_goes_before_the_formulas():
    text = "```indexcalc\na[i] = 2*b[i]\n```\n\n$$ a_{i} = b_{i} $$\n"
    assert notes(text) == ([], ["refuted"])


def test_a_definition_that_the_language_cannot_say():
    text = r"$$ \mathrm{softmax}(Z) = \begin{pmatrix} a & b \\ c & d \end{pmatrix} $$"
    assert notes(text) == ([("definition", 1)], [])


@pytest.mark.parametrize(
    ("prose", "verdict"),
    [
        (r"where $e_{ij} = x_{ij} - \mu_j$", "proved"),
        (r"where $e_{ij} = x_{ij} - 2 \mu_j$", "refuted"),
        (r"when $e_{ij} = 1$", "refuted"),
        (r"when $e_{ij} = x_{ij}$", "refuted"),
    ],
)
def test_a_definition_in_the_prose_behind_its_use(prose, verdict):
    text = "$$ \\sum_i (x_{ij} - \\mu_j) = \\sum_i e_{ij} $$\n\n"
    assert [str(claim.verdict) for claim in check_document(f"{text}{prose}.\n").claims] == [verdict]


def test_the_letters_of_other_formulas_do_not_show_in_a_fix():
    text = (
        "Let $B_{ij} C_{jk} = \\delta_{ik}$ and $f = z_i B_{ij} S_{jl} C_{lm} z_m$.\n\n"
        "$$\\frac{\\partial f}{\\partial S_{kl}} = - B_{ik} z_i B_{lj} z_j$$\n"
    )
    (claim,) = check_document(text).claims
    assert str(claim.verdict) == "refuted"
    assert claim.fix and "__" not in claim.fix.replace("\\", "") and "text" not in claim.fix
