r"""Declarations: where they stand, what would decide undecided steps, what is known of a name and why."""

import json

import pytest

from indexcalc.audit.asking.why import known_of, names_in
from indexcalc.audit.auditing import audited
from indexcalc.audit.checking import check_document, checked
from indexcalc.audit.documents.document import read

SHARES = r"""
$$ a_{rs} \sum_q y_{rq} - y_{rs} = a_{rs} - y_{rs} $$
"""


def one(text, format="markdown"):
    (claim,) = check_document(text, format).claims
    return claim


def test_a_missing_fact_is_asked_for_and_decides():
    (file,) = check_document(SHARES, "markdown").files
    (claim,), (asked,) = file.claims, file.asked
    assert (str(claim.verdict), claim.ask) == ("undecided", "assume sum[j](y[i,j]) = 1")
    assert (asked.text, asked.number, asked.lines, asked.verdicts) == (claim.ask, 1, (2,), ("proved",))
    pasted = f"<!-- indexcalc: {asked.text} -->\n{SHARES}"
    assert str(one(pasted).verdict) == "proved"


def test_the_report_ends_with_what_to_paste():
    text = check_document(SHARES, "markdown").text()
    assert (
        "<text>: this declaration would decide 1 of 1 undecided step:\n"
        "    <!-- indexcalc: assume sum[j](y[i,j]) = 1 -->    (line 2: proved)\n" in text
    )
    latex = "\\documentclass{article}\n\\begin{document}\n\\[ c_r \\sum_q y_{rq} = c_r \\]\n\\end{document}\n"
    assert "    % indexcalc: assume sum[j](y[i,j]) = 1    (line 3: proved)" in check_document(latex, "latex").text()


def test_nothing_is_asked_where_nothing_helps():
    (file,) = check_document("$$ u_i \\int_0^1 g(s) ds = v_i $$\n\n$$ u_i v_i = v_i u_i $$\n", "markdown").files
    assert file.asked == ()
    assert [claim.ask for claim in file.claims] == [""] * len(file.claims)


WRONG = r"\[ \frac{\partial f}{\partial w_k} = b_k \]"


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("markdown", f"<!-- indexcalc: f = w[i]*b[i] -->\n\n$${WRONG[2:-2]}$$\n"),
        ("markdown", f"```indexcalc\nf = w[i]*b[i]\n```\n\n$${WRONG[2:-2]}$$\n"),
        ("latex", f"\\documentclass{{article}}\n\\begin{{document}}\n% indexcalc: f = w[i]*b[i]\n{WRONG}\n\\end{{document}}\n"),
        ("rst", f".. indexcalc: f = w[i]*b[i]\n\n.. math::\n\n   {WRONG[2:-2]}\n"),
        (
            "notebook",
            json.dumps({"cells": [
                {"cell_type": "markdown", "source": ["<!-- indexcalc: f = w[i]*b[i] -->"]},
                {"cell_type": "markdown", "source": [f"$${WRONG[2:-2]}$$"]},
            ]}, indent=1),
        ),
    ],
)  # fmt: skip
def test_declarations_that_readers_do_not_see(format, text):
    claim = one(text, format)
    assert str(claim.verdict) == "proved"
    assert [ground.text for ground in claim.rests] == ["f = w[i]*b[i]"]
    assert str(one(text.replace("= b_k", "= w_k"), format).verdict) == "refuted"


DATA = r"""
Let $\mathbf{X} \in \mathbb{R}^{m \times n}$, and let $\hat{y} = \mathbf{X} \mathbf{w}$.

$$ L = \| \hat{y} - y \|^2 $$

where $Q$ is symmetric. $$ Q_{ij} v_j = Q_{ji} v_j $$
"""


def why(name):
    return [(each.line, each.what, each.strength) for each in known_of(audited(read(DATA, "markdown")), name)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("X", (2, "its sizes are m, n", "said")),
        (r"\mathbf{X}", (2, "it is a matrix: 2 axes beside the indices that stand at it", "said")),
        (r"\hat{y}", (2, r"it is defined: \hat{y} = \mathbf{X} \mathbf{w}", "said")),
        ("y_hat", (2, r"it is defined: \hat{y} = \mathbf{X} \mathbf{w}", "said")),
        ("L", (4, r"it is defined: L = \| \hat{y} - y \|^2", "said")),
        ("w", (2, "it is a vector: one axis beside the indices that stand at it", "shown by its use")),
        ("Q", (4, "a fact: symmetric", "said")),
        ("Q", (6, "it stands with 2 indices", "shown by its use")),
    ],
)
def test_what_is_known_of_a_name(name, expected):
    assert expected in why(name)


def test_names_that_a_document_does_not_speak_of():
    assert why("Z") == []
    assert names_in(audited(read(DATA, "markdown"))) == ["L", "Q", "X", "m", "n", "v", "w", "y", "y_hat"]


def words(text):
    return [(str(claim.verdict), claim.reason) for claim in checked(read(text, "markdown"), declared_only=True).claims]


def test_declared_only_takes_nothing_from_the_text():
    text = (
        "Let $A$ be symmetric.\n\n$$ f = x_i A_{ij} x_j $$\n\n$$ \\frac{\\partial f}{\\partial x_k} = 2 A_{kj} x_j $$\n"
    )
    assert words(text) == [("undecided", "nothing declares A, f, x")]
    declared = "```indexcalc\nf = x[i]*A[i,j]*x[j]\n```\n"
    (first, _), (second, reason) = words(declared + text)
    assert (first, second) == ("proved", "refuted")
    assert reason.startswith("this holds only if A is symmetric")
    told = declared.replace("\n```\n", "\nassume A[i,j] = A[j,i]\n```\n")
    assert [word for word, _ in words(told + text)] == ["proved", "proved"]


def test_declared_only_offers_declarations():
    (file,) = (checked(read("$$ u_i v_i + u_j v_j = 2 v_k u_k $$\n", "markdown"), declared_only=True),)
    assert [each.text for each in file.asked] == ["tensor u[u_i], v[v_i]"]
    assert file.asked[0].verdicts == ("proved",)
