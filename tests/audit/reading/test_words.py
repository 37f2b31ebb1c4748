r"""What the prose says of tensors in words and in small formulas, and from where on."""

import pytest

from indexcalc.audit.checking import check_document

SYMMETRIC = r"$$ \frac{\partial}{\partial x_k} (x_i A_{ij} x_j) = 2 A_{kj} x_j $$"
ANTISYMMETRIC = r"$$ x_i A_{ij} x_j = 0 $$"
ORTHOGONAL = r"$$ A_{ki} A_{kj} x_j = x_i $$"


def report(text):
    (file,) = check_document(f"{text}\n", "markdown").files
    return file


def verdicts(text):
    return [str(claim.verdict) for claim in report(text).claims]


@pytest.mark.parametrize(
    ("prose", "formula"),
    [
        ("where $A$ is symmetric.", SYMMETRIC),
        ("Here $A_{ij}$ is a real symmetric tensor.", SYMMETRIC),
        ("For a symmetric matrix $A$ we have", SYMMETRIC),
        ("With symmetric positive definite matrices $B$ and $A$:", SYMMETRIC),
        ("$A$ and $B$ are both symmetric.", SYMMETRIC),
        (r"Let $A = A^\top$.", SYMMETRIC),
        (r"Let $A^T = A$.", SYMMETRIC),
        ("If $A$ is symmetric, then", SYMMETRIC),
        ("Let $A$ be skew-symmetric.", ANTISYMMETRIC),
        ("As $A$ is antisymmetric,", ANTISYMMETRIC),
        (r"As $A^\top = -A$,", ANTISYMMETRIC),
        ("Let $A$ be an orthogonal matrix.", ORTHOGONAL),
        (r"With $A^\top A = I$ we get", ORTHOGONAL),
        (r"With $\mathbf{A}^\top\mathbf{A} = \mathbf{A}\mathbf{A}^\top = \mathbf{I}$ we get", ORTHOGONAL),
    ],
)
def test_words_that_are_facts(prose, formula):
    assert verdicts(f"{prose}\n{formula}") == ["proved"]
    assert verdicts(formula) == ["refuted"]
    wrong = formula.replace("= ", "= 3 x_k + ").replace("3 x_k + 0", "1").replace("3 x_k + x_i", "2 x_i")
    assert verdicts(f"{prose}\n{wrong}") == ["refuted"]


@pytest.mark.parametrize(
    "prose",
    [
        "where $A$ is not symmetric.",
        "where $B$ is symmetric.",
        "for a non-symmetric matrix $A$:",
        "The symmetric part of $A$.",
        "where $A$ has a symmetric inverse.",
        "Whatever $A$, the form is symmetric.",
        r"where $A^\top = B$",
    ],
)
def test_words_that_are_none(prose):
    assert verdicts(f"{prose}\n{SYMMETRIC}") == ["refuted"]


def test_a_condition_holds_from_there_on():
    assert verdicts(f"In general\n{SYMMETRIC}\n\nIf $A$ is symmetric, then\n{SYMMETRIC}") == ["refuted", "proved"]
    assert verdicts(f"{SYMMETRIC}\nif $A$ is symmetric.") == ["proved"]
    assert verdicts(f"{SYMMETRIC}\nfor all $x$. When $A$ is symmetric, that is easy.") == ["refuted"]
    assert verdicts(f"{SYMMETRIC}\n\nwhere $A$ is symmetric.") == ["proved"]
    assert verdicts(rf"If $A_{{ij}} = A_{{ji}}$, {SYMMETRIC}") == ["proved"]


def test_words_about_a_name_that_is_no_matrix():
    text = r"The symmetric $f$ is $$ f = x_i x_i $$ and $$ \frac{\partial f}{\partial x_k} = 2 x_k $$"
    assert verdicts(text) == ["proved"]


def test_what_was_taken_is_noted():
    notes = report(f"where $A$ is symmetric.\n{SYMMETRIC}").notes
    assert [(note.kind, note.text, note.column) for note in notes] == [("fact", "A_{ij} = A_{ji}", 8)]


UNIT = r"$$ n_i n_j n_j = n_i $$"


@pytest.mark.parametrize(
    "prose",
    ["Let $n_i n_i = 1$.", r"Let $\sum_i n_i^2 = 1$.", "$$ n_k n_k = 1 $$", "For a unit vector $n$ we have"],
)
def test_contractions_that_are_facts(prose):
    assert verdicts(f"{prose} {UNIT}") == ["proved"]
    assert verdicts(f"{prose} {UNIT.replace('= ', '= 2 ')}") == ["refuted"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"As $p_i q_i = 0$, $$ (p_i + q_i) (p_i + q_i) = p_i p_i + q_i q_i $$", ["proved"]),
        (r"$$ p_i q_i = 0 $$ $$ (p_i + q_i) (p_i + q_i) = p_i p_i + q_i q_i $$", ["refuted"] * 2),
        (r"With $\sum_i p_i = \sum_j q_j = 1$: $$ \sum_{i,j} p_i q_j = 1 $$", ["proved"]),
        (r"With $\sum_i p_i = \sum_j q_j = 1$: $$ \sum_{i,j} p_i q_j = 2 $$", ["refuted"]),
        (r"As $T_{ijk} = T_{jik} = T_{ikj}$, $$ T_{ijk} a_i b_j = T_{kij} a_i b_j $$", ["proved"]),
        (r"As $T_{ijk} = T_{jik}$, $$ T_{ijk} a_i b_j = T_{kij} a_i b_j $$", ["refuted"]),
        (r"As $T_{ijk} = T_{jik} = R_{ikj}$, $$ T_{ijk} a_i b_j = T_{jik} a_i b_j $$", ["refuted"]),
        (r"Let $n_i n_i = -1$. $$ 2 n_i = n_i + n_i $$", ["proved"]),
    ],
)
def test_facts_in_the_prose(text, expected):
    assert verdicts(text) == expected
