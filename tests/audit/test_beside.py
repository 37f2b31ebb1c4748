"""The code of Python files and notebooks against the formulas beside it."""

import json
from pathlib import Path

import pytest

import indexcalc as ic

SHEET = """\
# indexcalc: index p, r : m
# indexcalc: z[p,q] = b[q] + x[p,t]*w[t,q]
# indexcalc: a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
# indexcalc: CE = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
# indexcalc: assume sum[q](y[p,q]) = 1
"""
CODE = """\
import numpy as np


def forward(x, w, b):
    z = x @ w + b
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def gradients(x, w, b, y):
    a = forward(x, w, b)
    dz = (a - y) / len(x)
    dw = x.T @ dz
    db = dz.sum(axis=0)
    return dw, db
"""


def python(tmp_path, text):
    path = tmp_path / "model.py"
    path.write_text(text)
    return [(claim.line, claim.left, str(claim.verdict)) for claim in ic.check(path).claims]


def notebook(tmp_path, *cells):
    kinds = {"markdown": {}, "code": {"outputs": [], "execution_count": None}}
    content = [{"cell_type": kind, "metadata": {}, "source": text, **kinds[kind]} for kind, text in cells]
    path = tmp_path / "lecture.ipynb"
    path.write_text(json.dumps({"cells": content, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    claims = ic.check(path).claims
    return [(claim.right, str(claim.verdict)) for claim in claims if str(claim.verdict) != "skipped"]


def test_the_names_of_a_python_file_that_its_sheet_defines(tmp_path):
    assert python(tmp_path, SHEET + CODE) == [
        (10, "z[p,q]", "proved"),
        (16, "a[p,q]", "proved"),
        (17, "diff(CE, z[p,q])", "proved"),
        (18, "diff(CE, w[t,q])", "proved"),
        (19, "diff(CE, b[q])", "proved"),
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("dz.sum(axis=0)", "dz.mean(axis=0)", 19),
        ("dz.sum(axis=0)", "dz.sum(axis=1)", 19),
        ("dz.sum(axis=0)", "dz.sum(axis=0, keepdims=True)", 19),
        ("x.T @ dz", "x @ dz", 18),
        ("(a - y)", "(y - a)", 17),
        ("(a - y) / len(x)", "(a - y)", 17),
    ],
)
def test_a_slip_is_refuted_in_its_line_and_only_there(tmp_path, right, wrong, line):
    found = python(tmp_path, SHEET + CODE.replace(right, wrong))
    assert [each[0] for each in found if each[2] == "refuted"] == [line]
    assert all(word == "proved" for at, _, word in found if at != line)


def test_the_report_shows_the_line_of_code(tmp_path):
    path = tmp_path / "model.py"
    path.write_text(SHEET + CODE.replace("dz.sum(axis=0)", "dz.mean(axis=0)"))
    report = ic.check(path)
    assert report.status == 1
    assert f"{path}:19:5: refuted: diff(CE, b[q]) = db = dz.mean(axis=0)" in report.text()
    assert report.as_json()["counts"]["refuted"] == 1


def test_what_a_function_returns_is_the_formula_of_its_own_comments_or_docstring(tmp_path):
    comment = "def loss(u, v):\n    # indexcalc: gap = sum[i]((u[i] - v[i])^2)\n    return ((u - v) ** 2).sum()\n"
    assert python(tmp_path, comment) == [(3, "gap", "proved")]
    assert python(tmp_path, comment.replace("u - v)", "u + v)")) == [(3, "gap", "refuted")]
    text = 'def slope(u, v):\n    r"""The slope: $s_i = 2 (u_i - v_i)$."""\n    return 2 * (u - v)\n'
    assert [word for _, _, word in python(tmp_path, text)] == ["proved"]
    assert [word for _, _, word in python(tmp_path, text.replace("2 * (u - v)", "2 * (v - u)"))] == ["refuted"]


MARKDOWN = r"""
# Softmax

$$a_{pq} = \frac{\exp(z_{pq})}{\sum_{k=1}^{n} \exp(z_{pk})}$$

With $\sum_q y_{pq} = 1$ and $E = -\sum_{p,q} y_{pq} \log a_{pq}$:

$$\frac{\partial E}{\partial z_{rs}} = a_{rs} - y_{rs}$$
"""
CELL = "import numpy as np\nA = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)\ndE_dZ = A - Y\n"


def test_the_cells_of_a_notebook(tmp_path):
    found = notebook(tmp_path, ("markdown", MARKDOWN), ("code", CELL))
    assert found[1:] == [
        ("A = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)", "proved"),
        ("dE_dZ = A - Y", "proved"),
    ]
    wrong = notebook(tmp_path, ("markdown", MARKDOWN), ("code", CELL.replace("A - Y", "A + Y")))
    assert wrong[-1] == ("dE_dZ = A + Y", "refuted")


def test_what_is_guessed_from_names_refutes_nothing_of_other_things(tmp_path):
    other = "import numpy as np\nA = Q + 1\nE = 3\nY = np.ones(4)\ndE_dZ = load()\n"
    assert [word for _, word in notebook(tmp_path, ("markdown", MARKDOWN), ("code", other))][1:] == []


def test_an_array_that_is_stored_the_other_way_round_is_left_open(tmp_path):
    text = r"$$y_i = \sum_j W_{ij} x_j$$"
    found = notebook(tmp_path, ("markdown", text), ("code", "y = x @ W"))
    assert [word for _, word in found if word != "proved"] in ([], ["undecided"])
    assert ("y = x @ W", "refuted") not in found


def test_a_name_that_is_bound_several_times_is_right_once(tmp_path):
    text = r"$$y_i = \sum_j W_{ij} x_j$$"
    found = notebook(tmp_path, ("markdown", text), ("code", "y = W @ x\ny = y / 2\n"))
    assert [each for each in found if each[0].startswith("y")] == [("y = W @ x", "proved")]


def test_comments_that_state_shapes(tmp_path):
    code = "import numpy as np\nB, D = 64, 20\nh = np.random.randn(B, D)\n"
    code += "m = h.mean(axis=1)  # (B, 1)\ns = h * 2  # (B, D)\n"
    assert python(tmp_path, code) == [(4, "shape", "refuted"), (5, "shape", "proved")]


def test_a_file_without_formulas_says_nothing(tmp_path):
    assert python(tmp_path, "import os\n\n\ndef f(x):\n    return os.path.join(x, 'y')\n") == []
    assert python(tmp_path, "def f(:\n") == []


def test_a_refuted_statement_has_its_fix_as_code(tmp_path):
    path = tmp_path / "model.py"
    path.write_text(SHEET + CODE.replace("x.T @ dz", "dz.T @ x"))
    (claim,) = [claim for claim in ic.check(path).claims if str(claim.verdict) == "refuted"]
    assert claim.fix in ("dw = (dz.T @ x).T", "dw = x.T @ dz")


def test_the_example_has_its_fix():
    root = Path(__file__).parents[2]
    claims = ic.check(root / "examples" / "ridge.py").claims
    assert [claim.fix for claim in claims if claim.fix] == ["dw = x.T @ r / len(r) + c * w"]


LOSS = r"""The cross entropy of $p \in \mathbb{R}^n$ and $q \in \mathbb{R}^n$ is

$$ L(p, q) = -\sum_{i=1}^{n} p_i \log q_i $$

$$ \frac{\partial L}{\partial q_j} = -\frac{p_j}{q_j} $$
"""
DATA = "import numpy as np\np = np.random.rand(8)\np = p / np.sum(p)\nq = np.random.rand(8)\nq = q / q.sum()\n"


@pytest.mark.parametrize(("sign", "word"), [("-", "proved"), ("", "refuted")])
def test_data_that_are_normalised_and_a_function_that_is_a_value(tmp_path, sign, word):
    code = f"{DATA}L = {sign}np.sum(p * np.log(q))\ndL_dq = {sign}p / q"
    found = notebook(tmp_path, ("markdown", LOSS), ("code", code))
    assert found[1:] == [(f"L = {sign}np.sum(p * np.log(q))", word), (f"dL_dq = {sign}p / q", word)]


TABLE = r"""For $A \in \mathbb{R}^{3 \times 2}$ the gradient of $L = -\sum_{ij} Y_{ij} \log A_{ij}$ is

$$ \frac{\partial L}{\partial A_{ij}} = -\frac{Y_{ij}}{A_{ij}} $$
"""
NUMBERS = "A = np.array([[0.2, 0.5], [0.7, 0.1], [0.3, 0.4]])\nY = np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]])"


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("dLdA = np.array([[-5, 0], [0, 0], [0, -2.5]])", "agrees"),
        ("dLdA = np.array([[-5, 0], [0, 0], [0, 2.5]])", "refuted"),
        ("dLdA = np.array([[-5, 0, 0], [0, 0, -2.5]])\ndLdA = dLdA.T", "agrees"),
    ],
)
def test_tables_of_numbers_against_the_formula_at_numbers(tmp_path, code, word):
    cells = [("markdown", TABLE), ("code", f"import numpy as np\n{NUMBERS}"), ("code", code)]
    assert (code.split("\n")[-1], word) in notebook(tmp_path, *cells)


LOOKED_UP = """\
# indexcalc: e[i,d] = E[t[i],d]
# indexcalc: L = sum[i,d](g[i,d]*e[i,d])
import numpy as np


def forward(E, t, g):
    e = E[t]
    return (g * e).sum()


def gradient(E, t, g):
    dE = np.zeros_like(E)
    np.add.at(dE, t, g)
    return dE
"""


def test_places_that_are_looked_up_and_calls_that_change_what_they_are_given(tmp_path):
    assert [word for _, _, word in python(tmp_path, LOOKED_UP)] == ["proved", "proved"]
    wrong = LOOKED_UP.replace("E[t]", "2 * E[t]").replace("t, g)\n    return", "t, -g)\n    return")
    assert [word for _, _, word in python(tmp_path, wrong)] == ["refuted", "refuted"]
