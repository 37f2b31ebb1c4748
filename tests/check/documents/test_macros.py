r"""Macros of a document, put into its formulas."""

import pytest

from indexcalc.check.checking import check_document
from indexcalc.check.documents.macros import expand, macros
from indexcalc.check.documents.places import Lines, Placed

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
