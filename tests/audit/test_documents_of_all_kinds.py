r"""Whole documents: derivations as people write them, right and with a slip in each."""

import json

import pytest

from indexcalc.audit.checking import check_document

SOFTMAX = r"""
# Softmax regression

The output for an example $p$ and a class $q$ is

$$
a_{pq} = \frac{\exp(z_{pq})}{\sum_{k=1}^{n_{o}} \exp(z_{pk})}
$$

for all $p = 1, \ldots, m$ and $q = 1, \ldots, n_{o}$. The loss

$$ \text{CE} = -\frac{1}{m} \sum_{i=1}^{m} \sum_{j=1}^{n_{o}} y_{ij} \log(a_{ij}) $$

has the derivative

\begin{align}
\frac{\partial \text{CE}}{\partial z_{rs}}
&= \sum_{p, q} {\color{Cyan} \frac{\partial \text{CE}}{\partial a_{pq}}}
   {\color{Orange} \frac{\partial a_{pq}}{\partial z_{rs}}} \\
&= \sum_{p, q} {\color{Cyan} -\frac{1}{m} \left( \frac{y_{pq}}{a_{pq}} \right)}
   {\color{Orange} a_{pq} \delta_{pr} \left( \delta_{qs} - a_{ps} \right)} \\
&= -\frac{1}{m} \sum_{q} y_{rq} \left( \delta_{qs} - a_{rs} \right) \\
&= \frac{1}{m} \left( a_{rs} - y_{rs} \right),
\end{align}

since $\sum_{q} y_{rq} = 1$. In short

$$ \frac{\partial \text{CE}}{\partial \mathbf{Z}} = \frac{1}{m} (\mathbf{A - Y}) $$
"""


def verdicts(text, format="markdown"):
    return [str(claim.verdict) for claim in check_document(text, format).claims]


def test_right():
    assert verdicts(SOFTMAX) == ["proved"] * 5


@pytest.mark.parametrize(
    ("old", "new", "verdicts_", "reason"),
    [
        (r"left( a_{rs} - y_{rs}", r"left( y_{rs} - a_{rs}", "pppwp", "the sign is wrong"),
        (r"\frac{1}{m} \left( a_{rs}", r"\left( a_{rs}", "pppwp", "the factor 1/m is missing"),
        (r"\delta_{qs} - a_{ps}", r"\delta_{qs} - a_{pq}", "pwwpp", "a[p,q] stands for a[p,s]"),
        (r"\sum_{q} y_{rq} \left(", r"y_{rq} \left(", "ppppp", ""),
        ("since $", "but not $", "pppww", "this holds only if the elements of y add up to 1"),
        ("$\\sum_{q} y_{rq} = 1$", "of one-hot", "pppww", "this holds only if the elements of y add up to 1 along its last index"),
        (r"(\mathbf{A - Y})", r"(\mathbf{Y - A})", "ppppw", "the sign is wrong"),
    ],
)
def test_slips(old, new, verdicts_, reason):
    assert old in SOFTMAX
    claims = check_document(SOFTMAX.replace(old, new)).claims
    words = {"p": "proved", "w": "refuted"}
    assert [str(claim.verdict) for claim in claims] == [words[letter] for letter in verdicts_]
    wrong = [claim for claim in claims if str(claim.verdict) == "refuted"]
    assert not reason or wrong[0].reason.startswith(reason)


def test_the_same_in_every_format():
    cells = [{"cell_type": "markdown", "source": part + "\n\n"} for part in SOFTMAX.split("\n\n")]
    notebook = json.dumps({"cells": cells}, indent=1)
    latex = SOFTMAX.replace("# Softmax regression", r"\documentclass{article} % a comment with $$")
    flattened = f"In [1]:\nx = '$$'\n{SOFTMAX}"
    for text, format in ((notebook, "notebook"), (latex, "latex"), (flattened, "text")):
        assert verdicts(text, format) == ["proved"] * 5


def test_a_piecewise_result_must_be_complete():
    text = r"""```indexcalc
a[i,j] = exp(z[i,j])/sum[p](exp(z[p,j]))
```

$$ \frac{\partial a_{ij}}{\partial z_{k\ell}} = \begin{cases}
    a_{ij} (1 - a_{ij}) & \text{if } i = k \text{ and } j = \ell \\
    -a_{kj} a_{ij} & \text{if } i \neq k \text{ and } j = \ell \\
    0 & \text{otherwise}
\end{cases} $$
"""
    assert verdicts(text) == ["proved"]
    gap = check_document(text.replace(r"\text{otherwise}", r"\text{if } i \neq k \text{ and } j \neq \ell")).claims
    assert [str(claim.verdict) for claim in gap] == ["unreadable"]
    assert "no case holds where i = k and j != l" in gap[0].reason


def test_a_broken_formula_is_a_claim_that_cannot_be_read():
    claims = check_document("Text\n\n$$ a = b\n\n$$ c_i = 2 d_i $$\n\n$$ c_i = d_i + d_i $$\n").claims
    assert [(claim.line, str(claim.verdict)) for claim in claims] == [(3, "unreadable"), (7, "proved")]
    assert "is not closed before the next blank line" in claims[0].reason


@pytest.mark.parametrize(
    ("formula", "column", "reason"),
    [
        ("c_i = d_i^{2 e_{i}", 11, "the brace { here has none that closes it: add it, or take this one out"),
        ("c_i = d_i^2} + e_i", 12, "the brace } here has none that opens it: add it, or take this one out"),
    ],
)
def test_a_missing_brace_is_said_where_it_is(formula, column, reason):
    claims = check_document(f"Text\n\n$$ {formula} $$\n\n$$ a_i + a_i = 2 a_i $$\n").claims
    assert [(claim.line, str(claim.verdict)) for claim in claims] == [(3, "unreadable"), (5, "proved")]
    assert (claims[0].column, claims[0].reason, claims[0].text) == (column + 3, reason, formula)


def test_rows_that_are_no_equalities():
    text = r"""
\begin{align}
w &\leftarrow w - g \\
x &\approx y = y \\
A \Rightarrow B
\end{align}
"""
    claims = check_document(text).claims
    assert [str(claim.verdict) for claim in claims] == ["skipped", "skipped", "proved", "skipped"]
    assert [claim.reason.split(",")[0] for claim in claims if claim.reason.endswith("not an equality")] == [
        "an assignment",
        "an approximation",
        "an implication",
    ]


def test_numbers():
    text = r"""
$$ A = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}, \quad x = \begin{pmatrix} 1 \\ -1 \end{pmatrix} $$

$$ A x = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \begin{pmatrix} 1 \\ -1 \end{pmatrix} = \begin{pmatrix} -1 \\ 1 \end{pmatrix} $$
"""
    claims = check_document(text).claims
    assert [str(claim.verdict) for claim in claims] == ["proved", "refuted"]
    assert claims[1].reason.startswith("a sign is wrong: in row 2, column 1: -1 on the left, 1 on the right")
    assert claims[1].counterexample.element == {"row": 2, "column": 1}
