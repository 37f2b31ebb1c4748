"""Typst: formulas, headings, sheets, and what is left out; verdicts that show what the author wrote."""

import pytest

import indexcalc as ic
from tests.audit.documents.regions import formulas, of_kind, regions, words


@pytest.mark.parametrize(
    "text, kind",
    [
        ("if $u = v$ then", "I"),
        ("$ u = v $", "D"),
        ("$\n  u = v\n$", "D"),
        ("$ u = v $ <eq:one>", "D"),
        ("= Title $u = v$", "I"),
        ("- item $u = v$", "I"),
        ("*bold $u = v$*", "I"),
        ("#figure(image(\"a.png\"))[shows $u = v$]", "I"),
        ("costs \\$5 and \\$6, $u = v$", "I"),
        ("see https://a.b/$x$ for $u = v$", "I"),
        ("#let f(x) = $x + 1$\n$u = v$", "I"),
        ("/* $a$ /* $b$ */ $c$ */ $u = v$", "I"),
    ],
)
def test_formulas(text, kind):
    assert formulas(text, "typst")[-1] == (kind, "u = v")


@pytest.mark.parametrize(
    "text",
    [
        "`$u = v$`",
        "```python\nx = '$u = v$'\n```",
        "// $u = v$",
        "/* $u = v$ */",
        "#let e = $u = v$",
        "#set math.equation(numbering: \"(1)\", supplement: [$u$])",
        "#import \"a.typ\": $",
        "costs \\$5",
        "$ $",
    ],
)
def test_what_is_no_formula(text):
    assert [each for each in formulas(text, "typst") if "u" in each[1]] == []


def test_headings_and_labels():
    found = [each for each in regions("= One\n\nText.\n\n== Two\n", "typst") if each.kind == "heading"]
    assert [(each.text, each.level) for each in found] == [("One", 1), ("Two", 2)]
    (formula,) = regions("$ a = b $ <eq:loss>", "typst")
    assert formula.label == "eq:loss"
    assert words("as in @eq:loss we see", "typst") == ["as in we see"]


@pytest.mark.parametrize(
    "text",
    ["```indexcalc\ny = 2\n```", "// indexcalc: y = 2", "/* indexcalc: y = 2 */", "// a\n// indexcalc: y = 2\n// b"],
)
def test_sheets(text):
    assert of_kind("sheet", text, "typst") == ["y = 2"]


@pytest.mark.parametrize("text", ["$ x = (a + b $", "$a = b", "$ x_ = 2 $"])
def test_what_is_not_closed(text):
    assert [each.kind for each in regions(text, "typst")] == ["open"]


TEXT = """= Softmax
Let $a_i = exp(z_i) / (sum_(k=1)^n exp(z_k))$. Then
$ (partial a_i)/(partial z_j) &= a_i delta_(i j) - a_i a_j \\
  &= a_i (delta_(i j) + a_j) $ <eq:jacobian>
"""


def test_a_document():
    (file,) = ic.check(TEXT, "typst").files
    assert file.text().splitlines() == [
        "<text>:2:6: definition: a_i = exp(z_i) / (sum_(k=1)^n exp(z_k))",
        "<text>:3:32: proved: (partial a_i)/(partial z_j) = a_i delta_(i j) - a_i a_j",
        "    the same normal form",
        "    rests on a_i = exp(z_i) / (sum_(k=1)^n exp(z_k)) (line 2)",
        "<text>:4:4: refuted: a_i delta_(i j) - a_i a_j = a_i (delta_(i j) + a_j)",
        "    the sign of a_{j} is wrong; the sides differ at i = 1, j = 1: 0.247051 on the left, 0.644332 on the right"
        " (sizes n = 3)",
        "    the first wrong step of its chain",
        "    fix: a_i (delta_(i j) - a_j)",
        "    rests on a_i = exp(z_i) / (sum_(k=1)^n exp(z_k)) (line 2)",
    ]


def test_matrices_and_norms():
    text = "$X in RR^(m times n)$, $w in RR^n$, $y in RR^m$, $L = norm(X w - y)^2$.\n\n$ (partial L)/(partial w) = "
    right = ic.check(f"{text}2 X^T (X w - y) $\n", "typst").claims
    wrong = ic.check(f"{text}2 X (X w - y) $\n", "typst").claims
    assert [str(each.verdict) for each in right] == ["proved"]
    assert [str(each.verdict) for each in wrong] != ["proved"]


def test_what_the_author_defines_is_put_in():
    text = "#let pd(a, b) = $(partial #a)/(partial #b)$\n\n$ pd((x_i x_i), x_k) = 2 x_k = 3 x_k $\n"
    claims = ic.check(text, "typst").claims
    assert [(str(each.verdict), each.written) for each in claims] == [
        ("proved", "pd((x_i x_i), x_k) = 2 x_k"),
        ("refuted", "2 x_k = 3 x_k"),
    ]


def test_what_nothing_is_known_of_is_not_guessed():
    claims = ic.check("$ #pd(f, x) = #pd(g, x) $\n\n$ (foo f)/(foo x) = f/x $\n", "typst").claims
    assert [(str(each.verdict), each.reason) for each in claims] == [
        ("unreadable", "#pd(f, x) in this formula is code, which is not run"),
        ("unreadable", "nothing says what foo stands for in this formula; a name in quotes is a name"),
    ]
