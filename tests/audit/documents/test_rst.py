"""reStructuredText: formulas, headings, directives, and what is left out."""

import pytest

from tests.audit.documents.regions import formulas, of_kind, regions, words


@pytest.mark.parametrize(
    "text",
    [
        ".. math:: u = v",
        ".. math::\n\n   u = v",
        ".. math:: u\n   = v",
        ".. math::\n   :label: q\n\n   u = v",
        ".. math::\n   :nowrap:\n\n   u = v\n",
        ".. note::\n\n   .. math:: u = v",
        "- item\n\n  .. math:: u = v",
        "    .. math:: u = v",
        ".. raw:: latex\n\n   \\[ u = v \\]",
        ":raw-latex:`\\[ u = v \\]`",
        ".. theorem:: Name\n   :label: t\n\n   .. math:: u = v",
    ],
)
def test_displays(text):
    assert formulas(text, "rst") == [("D", "u = v")]


@pytest.mark.parametrize(
    "text",
    [
        "if :math:`u = v` then",
        "if `u = v`:math: then",
        "if $u = v$ then",
        "The case :math:`u = v`\n======================",
        "* item\n* other :math:`u = v`",
        ":param x: as :math:`u = v`",
        "+-----+\n| :math:`u = v` |\n+-----+",
        ".. [1] as :math:`u = v`",
    ],
)
def test_formulas_in_lines(text):
    assert formulas(text, "rst") == [("I", "u = v")]


@pytest.mark.parametrize(
    "text",
    [
        "Code::\n\n    :math:`u`\n",
        ".. code-block:: python\n\n   x = ':math:`u`'",
        ".. a comment on :math:`u`\n   and more :math:`v`",
        "..\n   :math:`u`",
        "``:math:`u```",
        "in $HOME/bin:$PATH and $A",
        ">>> f(':math:`u`')",
        ".. image:: $u$.png\n   :alt: :math:`u`",
        ".. _target: http://$u$",
    ],
)
def test_what_is_no_formula(text):
    assert formulas(text, "rst") == []


def test_blank_lines_part_the_formulas_of_a_directive():
    text = ".. math::\n   :label: q\n\n   a = b\n\n   c = d\n\n.. math::\n\n   \\begin{align}\n   a\n\n   b\n   \\end{align}\n"
    assert formulas(text, "rst") == [("D", "a = b"), ("D", "c = d"), ("D", "\\begin{align} a b \\end{align}")]
    assert [each.label for each in regions(text, "rst")] == ["q", "", ""]


def test_headings():
    text = "=====\nTitle\n=====\n\nOne\n---\n\ntext\n\nTwo\n---\n\nthree\n'''''\n\n-----\n\nend\n"
    found = [(each.level, each.text) for each in regions(text, "rst") if each.kind == "heading"]
    assert found == [(1, "Title"), (2, "One"), (2, "Two"), (3, "three")]
    assert words(text, "rst") == ["text", "end"]


def test_declarations():
    text = ".. indexcalc: tensor X[i,j]\n\n.. indexcalc::\n\n   c = 1\n\n.. a remark\n"
    assert of_kind("sheet", text, "rst") == ["tensor X[i,j]", "c = 1"]
    assert of_kind("comment", text, "rst") == ["a remark"]
