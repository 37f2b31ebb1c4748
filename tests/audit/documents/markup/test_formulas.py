"""Formulas of Typst, written in LaTeX: what they mean, where each part stands, what has missing brackets."""

import pytest

from indexcalc.audit.documents.markup.back import in_typst
from indexcalc.audit.documents.markup.formulas import Own, UnreadError, written
from indexcalc.audit.documents.places import Placed
from indexcalc.notation.tex.parser import parse


@pytest.mark.parametrize(
    "typst, latex",
    [
        ("x_(i j)", r"x_{ij}"),
        ("x_i^2", r"x_i^2"),
        ("A^(-1) B^T", r"A^{-1} B^T"),
        ("(partial L)/(partial w_k)", r"\frac{\partial L}{\partial w_k}"),
        ("1/2 x", r"\frac{1}{2} x"),  # a slash takes one operand
        ("(a + b)/c d", r"\frac{a + b}{c} d"),
        ("((a + b))/c", r"\frac{(a + b)}{c}"),  # one pair of brackets is not shown
        ("1/f(x)", r"\frac{1}{f(x)}"),
        ("1/f (x)", r"\frac{1}{f} (x)"),
        ("exp(x)/(1 + exp(x))", r"\frac{\exp(x)}{1 + \exp(x)}"),
        ("a/b/c", r"\frac{\frac{a}{b}}{c}"),
        ("x_1/x_2^2", r"\frac{x_1}{x_2^2}"),
        ("sum_(i=1)^n x_i y_i", r"\sum_{i=1}^n x_i y_i"),
        ("product_k p_k", r"\prod_k p_k"),
        ("bold(x)^T bold(x)", r"\mathbf{x}^T \mathbf{x}"),
        ("RR^(m times n)", r"\mathbb{R}^{m \times n}"),
        ("x dot y", r"x \cdot y"),
        ("dot(x)", r"\dot{x}"),
        ("a_\"CE\"", r"a_{\text{CE}}"),
        ("hat(y)_i - overline(y)", r"\hat{y}_i - \overline{y}"),
        ("norm(X w - y)^2", r"\left\| X w - y \right\|^2"),
        ("sqrt(x) + root(3, y)", r"\sqrt{x} + \sqrt[3]{y}"),
        ("op(\"softmax\")(z)_i", r"\operatorname{softmax}(z)_i"),
        ("mat(a, b; c, d)", r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}"),
        ("mat(delim: \"[\", a, b)", r"\begin{bmatrix} a & b \end{bmatrix}"),
        ("vec(a, b)", r"\begin{pmatrix} a \\ b \end{pmatrix}"),
        ("cases(x \"if\" x > 0, 0 \"otherwise\")", r"\begin{cases} x & \text{if} x > 0 \\ 0 & \text{otherwise} \end{cases}"),
        ("a <= b", r"a \le b"),
        ("a != b", r"a \neq b"),
        ("f'(x)", r"f'(x)"),
        ("theta /* a remark */ + phi // another", r"\theta + \varphi"),
        ("1.5 x", "1.5 x"),
        ("α_i + ∑_k x_k", r"α_i + ∑_k x_k"),
    ],
)
def test_what_is_meant(typst, latex):
    found = written(Placed.whole(typst))
    assert parse(found.text) == parse(latex)


def test_what_is_nested_too_deep():
    with pytest.raises(UnreadError, match="nested too deep"):
        written(Placed.whole("(" * 5000 + "x" + ")" * 5000))


@pytest.mark.parametrize("typst", ["(a + b", "a + b)", "x_", "/ b", "bold(x", "\"open", "x^^2"])
def test_what_cannot_be_read(typst):
    with pytest.raises(UnreadError, match="a bracket or an operand is missing in this formula"):
        written(Placed.whole(typst))


def test_each_part_has_its_place():
    typst = "(partial a_i)/(partial z_j) = a_i (delta_(i j) - a_j)"
    found = written(Placed.whole(typst))
    for letter in "zj=":
        for position, sign in enumerate(found.text):
            if sign == letter:
                assert typst[found.places[position]] == letter
    side = found.text.index("=")
    assert found.rewritten(0, side) == "(partial a_i)/(partial z_j)"
    assert found.rewritten(side + 2, len(found.text)) == "a_i (delta_(i j) - a_j)"


@pytest.mark.parametrize(
    "latex, typst",
    [
        (r"a_{i} (\delta_{ij} - a_{j})", "a_i (delta_(i j) - a_j)"),
        (r"\frac{1}{2m} X^\top (X w - y)", "1/(2 m) X^top (X w - y)"),
        (r"\sum_{i=1}^{n} \log x_i^{2}", "sum_(i = 1)^n log x_i^2"),
        (r"\frac{\partial^2 L}{\partial w_k \partial w_l}", "(partial^2 L)/(partial w_k partial w_l)"),
        (r"\hat{y}_{\text{CE}} - \mathbf{x}", 'hat(y)_"CE" - bold(x)'),
        (r"x \unknown{y}", ""),
    ],
)
def test_back(latex, typst):
    assert in_typst(latex) == typst


OWN = {
    "RV": Own('"X"'),
    "pd": Own("(partial #a)/(partial #b)", ("a", "b")),
    "twice": Own("pd(#f, x) + pd(#f, x)", ("f",)),
    "softmax": Own("softmax", is_operator=True),
}


@pytest.mark.parametrize(
    "typst, latex",
    [
        ("RV + #RV", r"\text{X} + \text{X}"),
        ("pd(L, w_k) = 2 w_k", r"\frac{\partial L}{\partial w_k} = 2 w_k"),
        ("twice(g)", r"\frac{\partial g}{\partial x} + \frac{\partial g}{\partial x}"),
        ("softmax(z)_i", r"\operatorname{softmax}(z)_i"),
    ],
)
def test_what_an_author_defines(typst, latex):
    assert parse(written(Placed.whole(typst), OWN).text) == parse(latex)


@pytest.mark.parametrize(
    "typst, reason",
    [
        ("foo + 1", "nothing says what foo stands for in this formula; a name in quotes is a name"),
        ("pdv(f, x)", "nothing says what pdv stands for in this formula; a name in quotes is a name"),
        ("#pd(f, x)", "#pd(f, x) in this formula is code, which is not run"),
        ("pd(f)", "pd in this formula has other arguments than its definition, or is used too often"),
        ("x + (a", "a bracket or an operand is missing in this formula, at its end"),
        ("x_ = y", "a bracket or an operand is missing in this formula, before = y"),
    ],
)
def test_what_is_not_known(typst, reason):
    with pytest.raises(UnreadError) as caught:
        written(Placed.whole(typst), OWN)
    assert str(caught.value) == reason


def test_definitions_do_not_grow_without_end():
    own = {f"a{number}": Own(" ".join([f"a{number - 1}"] * 9)) for number in range(1, 9)}
    with pytest.raises(UnreadError, match="used too often"):
        written(Placed.whole("a8"), {"a0": Own("x")} | own)
    with pytest.raises(UnreadError, match="nothing says what loop stands for"):
        written(Placed.whole("loop"), {"loop": Own("loop + 1")})
