r"""Macros of a document, put into its formulas."""

import pytest

from indexcalc.audit.checking import check_document
from indexcalc.audit.documents.document import read
from indexcalc.audit.documents.macros import expand, macros
from indexcalc.audit.documents.packages import packaged
from indexcalc.audit.documents.places import Lines, Placed

DEFINITIONS = r"""
\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}
\renewcommand*\CE{\text{CE}}
\newcommand{\power}[2][2]{#2^{#1}}
\def\vect#1{\mathbf{#1}}
\DeclareMathOperator{\softmax}{softmax}
\newcommand{\outer}{\inner}
\newcommand{\inner}{x}
\newcommand{\loop}{\loop y}
\newcommand{\R}{\mathbb{R}}
"""


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\pd{a_{pq}}{z}", r"\frac{\partial a_{pq}}{\partial z}"),
        (r"\pd a z", r"\frac{\partial a}{\partial z}"),
        (r"\pd{\CE}{\vect{w}}", r"\frac{\partial \text{CE}}{\partial \mathbf{w}}"),
        (r"\power{x} + \power[3]{x}", r"x^{2} + x^{3}"),
        (r"\softmax(x)", r"\operatorname{softmax}(x)"),
        (r"\outer + 1", r"x + 1"),
        (r"\loop", r"\loop y"),
        (r"\Rightarrow \R", r"\Rightarrow \mathbb{R}"),
        (r"\pd{a", r"\pd{a"),
        (r"a = b", r"a = b"),
    ],
)
def test_expansion(formula, expected):
    assert expand(Placed.whole(formula), macros(DEFINITIONS)).text.replace("x  +", "x +") == expected


@pytest.mark.parametrize(
    "bomb",
    [
        r"\newcommand{\a}{\b\b}\newcommand{\b}{\c\c}\newcommand{\c}{\d\d\d\d\d\d}\newcommand{\d}{\e\e\e\e\e\e\e}",
        r"\newcommand{\a}{\b}\newcommand{\b}{\a\a}",
        r"\newcommand{\a}[1]{#1#1#1}",
    ],
)
def test_macros_that_grow(bomb):
    assert len(expand(Placed.whole(r"\a{\a{\a{\a{\a{x}}}}}" * 50), macros(bomb)).text) < 200_000


def test_places_stay_in_the_file():
    text = DEFINITIONS + "\n$$ f = x_i x_i $$\n\n$$ \\pd{f}{x_k}\n= \\power{x_k} + z_{kl} $$\n"
    (claim,) = check_document(text, "latex").claims
    line, column = Lines(text).at(text.index("l} $$"))
    assert claim.line == line
    assert f"line {line}, column {column}: the index l occurs only once" in claim.reason


def test_a_document_with_macros():
    text = r"""
$$ \newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}} $$

$$ f = x_i x_i $$

$$ \pd{f}{x_k} = 2 x_k $$
"""
    assert [str(claim.verdict) for claim in check_document(text).claims] == ["proved"]


MORE = r"""
\NewDocumentCommand{\grad}{O{x} m}{\nabla_{#1} #2}
\NewDocumentCommand\bar{s m}{\IfBooleanTF{#1}{\overline{#2}}{\hat{#2}}}
\NewDocumentCommand{\opt}{m o}{#1\IfNoValueF{#2}{^{#2}}}
\NewDocumentCommand{\at}{m r()}{#1_{#2}}
\DeclarePairedDelimiter{\norm}{\lVert}{\rVert}
\DeclarePairedDelimiter\abs{|}{|}
\def\pair(#1,#2){\langle #1 | #2 \rangle}
\def\upto#1.{[#1]}
\let\eps\varepsilon
\newcommand{\D}{\pd}
\newcommand{\pd}[2]{\frac{\partial#1}{\partial#2}}
\newcommand\x{\ensuremath{\mathbf{x}}\xspace}
\newcommand{\twice}[1]{\pd{#1}{#1}}
"""


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\grad f + \grad[w] f", r"\nabla_{x} f + \nabla_{w} f"),
        (r"\bar{a} + \bar*{b}", r"\hat{a} + \overline{b}"),
        (r"\opt{a} + \opt{b}[2]", r"a + b^{2}"),
        (r"\at{a}(i)", r"a_{i}"),
        (r"\norm{a} + \norm*{b} + \norm[\big]{c}", " + ".join(rf"\left\lVert {c} \right\rVert " for c in "abc")),
        (r"\abs{a}", r"\left| a \right|"),
        (r"\pair(a,b) + \upto i.", r"\langle a | b \rangle + [ i]"),
        (r"\eps_i", r"\varepsilon _i"),
        (r"\D{f}{x_{\eps}}", r"\frac{\partial f}{\partial x_{\varepsilon }}"),
        (r"\pd{\pd{f}{x}}{y}", r"\frac{\partial\frac{\partial f}{\partial x}}{\partial y}"),
        (r"\x\x", r"{\mathbf{x}}{\mathbf{x}}"),
        (r"\twice{\x}", r"\frac{\partial{\mathbf{x}}}{\partial{\mathbf{x}}}"),
        (r"\pair(a", r"\pair(a"),
    ],
)
def test_other_definitions(formula, expected):
    assert " ".join(expand(Placed.whole(formula), macros(MORE)).text.split()) == " ".join(expected.split())


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\dv{f}{x} + \dv[2]{f}{x}", r"\frac{d f}{d x} + \frac{d^{2} f}{d x^{2}}"),
        (r"\dv{x} f", r"\frac{d}{d x} f"),
        (r"\pdv{f}{x}{y}", r"\frac{\partial^{2} f}{\partial x \partial y}"),
        (r"\pdv{x}(f)", r"\frac{\partial}{\partial x}(f)"),
        (r"\qty(a + b) \vb{u}", r"\left( a + b \right) \mathbf{u}"),
        (r"\mqty(a & b)", r"\begin{pmatrix} a & b \end{pmatrix}"),
        (r"\pd{f}{x} + \dpd[2]{f}{x}", r"\frac{\partial f}{\partial x} + \frac{\partial^{2} f}{\partial x^{2}}"),
        (r"\tod{f}{x} \dif x", r"\frac{d f}{d x} d x"),
    ],
)
def test_macros_of_packages(formula, expected):
    assert expand(Placed.whole(formula), packaged()).text == expected


def formulas(text, format="markdown"):
    return [each.text for each in read(text, format).regions if each.kind == "formula"]


def test_the_nearest_definition_before_a_formula_holds():
    text = "$\\R$ \\newcommand{\\R}{A} $\\R$ \\renewcommand{\\R}{B} $\\R$\n"
    assert formulas(text) == formulas(text, "latex") == ["A", "A", "B"]


def test_a_document_means_its_own():
    assert formulas("\\newcommand{\\dv}[1]{#1'}\n\n$\\dv{f}$\n") == ["f'"]


def test_front_matter_defines_macros():
    text = "---\ntitle: T\nmath:\n  '\\pd': '\\frac{\\partial #1}{\\partial #2}'\n  \"\\\\R\": \\mathbb{R}\n---\n$\\pd{f}{\\R}$\n"
    assert formulas(text) == [r"\frac{\partial f}{\partial \mathbb{R}}"]


def test_arguments_keep_their_places():
    text = "\\newcommand{\\pd}[2]{\\frac{\\partial #1}{\\partial #2}}\n\n$\\pd{u}{vw}$\n"
    (formula,) = (each for each in read(text, "latex").regions if each.kind == "formula")
    for letter in "uvw":
        assert text[formula.content.place(formula.text.rindex(letter))] == letter
