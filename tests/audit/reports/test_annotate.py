"""Annotated copies: the verdicts behind each formula; writing them twice changes nothing."""

import json

import pytest

from indexcalc.audit.checking import checked
from indexcalc.audit.documents.document import read
from indexcalc.audit.reports.annotate import annotated
from indexcalc.errors import IndexcalcError

FENCE = "```indexcalc\nx[i] = 2*y[i]\ncheck x[i] = y[i] + y[i] = y[i]\n```\n"


def annotate(text, format="markdown"):
    return annotated(checked(read(text, format)))


def test_markdown():
    lines = annotate(f"Before.\n\n{FENCE}\nAfter.\n").splitlines()
    assert lines[:6] == ["Before.", "", *FENCE.splitlines()]
    assert lines[6:9] == ["", "<!-- indexcalc -->", "> **indexcalc**: 2 steps: 1 proved, 1 refuted"]
    assert lines[9].startswith("> - **refuted**: `y[i] + y[i] = y[i]`: the factor 2 is missing; the sides differ")
    assert lines[9].endswith("Fix: `2*y[i]`")
    assert lines[10:] == ["<!-- /indexcalc -->", "", "", "After."]


@pytest.mark.parametrize(
    ("text", "format"),
    [
        (f"Before.\n\n{FENCE}\nAfter.\n", "markdown"),
        (FENCE.rstrip(), "markdown"),
        ("".join(f"> {line}\n" for line in FENCE.splitlines()), "markdown"),
        ("x[i] = 2*y[i]\ncheck x[i] = y[i] + y[i]\n", "sheet"),
        ("% indexcalc: x = 2\n% indexcalc: check x = 3\nwords\n", "latex"),
        (json.dumps({"cells": [{"cell_type": "markdown", "source": FENCE}]}), "notebook"),
        ("no formula\n", "markdown"),
        ("<!-- indexcalc:\nx[i] = 2*y[i]\ncheck x[i] = y[i] + y[i]\n-->\n\nAfter.\n", "markdown"),
        ("Text <!-- indexcalc: x = 2 --> and <!-- indexcalc: check x = 3 -->\nmore.\n", "markdown"),
        ("```{math}\n:label: q\n\n2 = 3\n```\n\n:::{math}\n3 = 4\n:::\n", "markdown"),
        ("$$ 2 = 3 $$ {#eq-q}\n\n$$\n\n3 = 4\n\n$$ (q)\n", "markdown"),
    ],
)
def test_twice_is_once(text, format):
    once = annotate(text, format)
    assert annotate(once, format) == once
    claims = [checked(read(each, format)).claims for each in (text, once)]
    assert [str(claim.verdict) for claim in claims[0]] == [str(claim.verdict) for claim in claims[1]]


def test_a_notebook_stays_one():
    text = json.dumps({"cells": [{"cell_type": "code", "source": "x"}, {"cell_type": "markdown", "source": [FENCE]}]})
    code, markdown = json.loads(annotate(text, "notebook"))["cells"]
    assert code["source"] == "x"
    assert "> **indexcalc**: 2 steps: 1 proved, 1 refuted\n" in markdown["source"]


def test_comments_hold_the_verdicts_where_there_is_no_html():
    assert "\n% indexcalc> **indexcalc**: 1 step: 1 refuted\n" in annotate("% indexcalc: check 1 = 2\n", "latex")
    assert "\n# indexcalc> **indexcalc**: 1 step: 1 proved\n" in annotate("check 1 = 1\n", "sheet")


PROSE = """\
The energy $E = \\frac{1}{2} m v_k v_k$ gives $\\frac{\\partial E}{\\partial v_i} = 2 m v_i$ and
so $\\frac{\\partial E}{\\partial m} = \\frac{1}{2} v_k v_k$; this

$$ \\frac{\\partial E}{\\partial v_i} = m v_i $$

is right.
"""


@pytest.mark.parametrize("format", ["markdown", "latex"])
def test_what_prose_claims_is_judged_behind_its_paragraph(format):
    lines = [line for line in annotate(PROSE, format).splitlines() if line]
    assert lines[1] == PROSE.splitlines()[1]
    marks = [place for place, line in enumerate(lines) if "**indexcalc**" in line]
    assert [lines[place].partition("**: ")[2] for place in marks] == ["2 steps: 1 refuted, 1 proved", "1 step: 1 proved"]
    assert lines.index("$$ \\frac{\\partial E}{\\partial v_i} = m v_i $$") > marks[0]
    assert lines[-1].startswith("is right.")


def test_what_the_prose_of_a_notebook_claims():
    cell = {"cell_type": "markdown", "metadata": {}, "source": PROSE.splitlines(keepends=True)}
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})
    (new,) = json.loads(annotate(text, "notebook"))["cells"]
    assert "".join(new["source"]) == annotate(PROSE)


@pytest.mark.parametrize("format", ["rst", "python"])
def test_formats_without_a_place_for_verdicts(format):
    with pytest.raises(IndexcalcError) as caught:
        annotate("text\n", format)
    assert str(caught.value) == (
        "<text> cannot be annotated. Annotated copies are of Markdown, LaTeX, Org, Typst, notebooks and sheets."
    )


def test_verdicts_stand_behind_the_marks_that_close():
    lines = annotate("<!-- indexcalc:\ncheck 2 = 3\n-->\nAfter.\n").splitlines()
    assert lines[:5] == ["<!-- indexcalc:", "check 2 = 3", "-->", "", "<!-- indexcalc -->"]
    assert annotate(":::{math}\n2 = 3\n:::\n").splitlines()[2:5] == [":::", "", "<!-- indexcalc -->"]
