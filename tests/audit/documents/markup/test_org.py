"""Org: formulas, headings, blocks, and what is left out."""

import pytest

import indexcalc as ic
from tests.audit.documents.regions import formulas, of_kind, regions, words


@pytest.mark.parametrize(
    "text, kind",
    [
        ("if $u = v$ then", "I"),
        ("if \\(u = v\\) then", "I"),
        ("\\[ u = v \\]", "D"),
        ("$$ u = v $$", "D"),
        ("\\[\nu = v\n\\]", "D"),
        ("* Title $u = v$ :tag:", "I"),
        ("** TODO Title $u = v$", "I"),
        ("- item $u = v$", "I"),
        ("1. item $u = v$", "I"),
        ("| a | $u = v$ |", "I"),
        ("#+TITLE: About $u = v$", "I"),
        ("#+BEGIN_QUOTE\n$u = v$\n#+END_QUOTE", "I"),
        ("#+begin_export latex\n\\[ u = v \\]\n#+end_export", "D"),
        ("/so $u = v$/ it is", "I"),
        ("[[https://a.b/][the case $u = v$]]", "I"),
        ("text\n#+NAME: eq\n\\[ u = v \\]", "D"),
    ],
)
def test_formulas(text, kind):
    assert [(found, inner.strip()) for found, inner in formulas(text, "org")] == [(kind, "u = v")]


def test_environments():
    (found,) = regions("\\begin{align}\nu &= v \\\\\n- x &= y\n\\end{align}\n", "org")
    assert (found.kind, found.display, found.environment) == ("formula", True, "align")


@pytest.mark.parametrize(
    "text",
    [
        "~$u = v$~ and =$u$=",
        "#+BEGIN_SRC python\nx = '$u = v$'\n#+END_SRC",
        "#+begin_example\n$u = v$\n#+end_example",
        "# $u = v$",
        "#+BEGIN_COMMENT\n$u = v$\n#+END_COMMENT",
        ":PROPERTIES:\n:ID: $u = v$\n:END:",
        ": $u = v$",
        "#+AUTHOR: $u = v$",
        "[[https://a.b/$u$]]",
        "SCHEDULED: <2026-11-30> $u$",
    ],
)
def test_what_is_no_formula(text):
    assert formulas(text, "org") == []


def test_headings_and_words():
    found = [each for each in regions("* One\n** DONE Two :a:b:\ntext\n", "org") if each.kind == "heading"]
    assert [(each.text, each.level) for each in found] == [("One", 1), ("Two", 2)]
    assert words("a *bold* and /slanted/ word, x*y", "org") == ["a bold and slanted word, x*y"]


@pytest.mark.parametrize(
    "text", ["#+BEGIN_SRC indexcalc\ny = 2\n#+END_SRC", "# indexcalc: y = 2", "# a\n# indexcalc: y = 2\n# b"]
)
def test_sheets(text):
    assert of_kind("sheet", text, "org") == ["y = 2"]


def test_a_document():
    text = (
        "#+LATEX_HEADER: \\newcommand{\\pd}[2]{\\frac{\\partial #1}{\\partial #2}}\n* Squares\n"
        "With $f = x_i x_i$ we have\n\\[ \\pd{f}{x_k} = 2 x_k \\]\nand not\n\\[ \\pd{f}{x_k} = x_k \\]\n"
    )
    (file,) = ic.check(text, "org").files
    assert [(str(each.verdict), each.line, each.written) for each in file.claims] == [
        ("proved", 4, "\\pd{f}{x_k} = 2 x_k"),
        ("refuted", 6, "\\pd{f}{x_k} = x_k"),
    ]


def test_the_text_of_a_claim_is_what_was_compared():
    (claim,) = ic.check("\\newcommand{\\half}{\\frac12}\n\n$$ \\half x + \\half x = x $$\n", "markdown").claims
    assert (claim.text, claim.written) == ("\\frac12 x + \\frac12 x = x", "\\half x + \\half x = x")
    assert claim.as_json()["text"] == claim.text
    assert claim.as_json()["written"] == claim.written
