"""What an editor may do with a step."""

import pytest

from indexcalc.editor.actions import actions_at
from indexcalc.editor.analysis import analysed
from indexcalc.errors import Span

STEP = r"a_{rs} \sum_q y_{rq} - y_{rs} = a_{rs} - y_{rs}"


def applied(text, name, words):
    """The text after each action that is offered at some words, by its title."""
    place = text.index(words)
    found = actions_at(analysed(text, name), Span(place, place))
    return {each.title: text[: each.place.start] + each.new + text[each.place.end :] for each in found}


@pytest.mark.parametrize(
    "name, text",
    [
        ("a.md", f"# Shares\n\nWe see that\n$$ {STEP} $$\n"),
        ("a.tex", f"\\begin{{document}}\n\nWe see that\n\\[ {STEP} \\]\n\\end{{document}}\n"),
    ],
)
def test_the_declaration_that_would_decide_a_step(name, text):
    offered = applied(text, name, "= a_{rs}")
    (title,) = offered
    assert title == "Declare: assume sum[j](y[i,j]) = 1"
    (claim,) = analysed(text, name).claims
    (declared,) = analysed(offered[title], name).claims
    assert (str(claim.verdict), str(declared.verdict)) == ("undecided", "proved")


def test_a_fix():
    text = "$$ \\frac{\\partial (x_i x_i)}{\\partial x_k} = x_k $$\n"
    (title,) = offered = applied(text, "a.md", "= x_k")
    (claim,) = analysed(offered[title], "a.md").claims
    assert title.startswith("Write ") and str(claim.verdict) == "proved"


def test_nothing_is_offered_for_what_is_right():
    assert applied("$$ \\frac{\\partial (x_i x_i)}{\\partial x_k} = 2 x_k $$\n", "a.md", "= 2") == {}
    assert applied("no formula\n", "a.md", "formula") == {}


def test_what_nobody_understands_may_hold_brackets():
    """An opaque piece is named by its words; that it holds a bracket makes it no inverse of a sheet."""
    text = "\\frac{😀$$=\x00y[i] = x[i]\n}😀diff($\\frac{x_i=\n\x00$$$\x00$$\\frac{\\frac{$$x_i}y[i] = x[i]\n😀"
    found = analysed(text, "a.md").claims
    assert all(str(claim.verdict) != "refuted" for claim in found)
