"""Documents of every format: their pieces, and where these stand in the file."""

import json

import pytest

from indexcalc.audit.documents.document import guessed, open_document, read
from indexcalc.errors import IndexcalcError


def pieces(text, format="markdown"):
    found = read(text, format).pieces
    return [(piece.kind, piece.content.text.strip()) for piece in found if piece.kind != "prose"]


def places(text, format):
    """Line, column and text of each formula and sheet."""
    document = read(text, format)
    chosen = [piece.content.stripped() for piece in document.pieces if piece.kind in ("formula", "sheet")]
    return [(*document.lines.at(content.start), content.text) for content in chosen]


@pytest.mark.parametrize(
    "container",
    [
        "$$a = b$$",
        "$$\na = b\n$$",
        r"\[a = b\]",
        r"\\[a = b\\]",
        "```math\na = b\n```",
        "```{math}\na = b\n```",
        "> $$\n> a = b\n> $$",
        "- point\n\n  $$a = b$$",
    ],
)
def test_containers_of_markdown(container):
    assert pieces(f"Text before\n\n{container}\n\nand after.") == [("formula", "a = b")]


@pytest.mark.parametrize("name", ["align", "align*", "equation", "gather*", "eqnarray"])
def test_environments_without_dollars(name):
    formula = f"\\begin{{{name}}}\na &= b\n\\end{{{name}}}"
    assert pieces(f"So\n{formula}\nholds") == pieces(f"So\n{formula}\nholds", "latex") == [("formula", formula)]


def test_a_blank_line_inside_an_environment_does_not_end_it():
    formula = "\\begin{align}\na &= b \\\\\n\n&= c\n\\end{align}"
    assert pieces(f"$$\n{formula}$$\n") == pieces(formula) == [("formula", formula)]


@pytest.mark.parametrize(
    "text",
    [
        "```python\nx = '$$a = b$$'\n```",
        "~~~\n$$a = b$$\n~~~",
        "the code `$$a = b$$` is no formula",
        "``code with ` and $$a = b$$``",
        "<!-- $$a = b$$ -->",
        r"it costs \$5 and \$$6",
        r"\begin{figure} a \end{figure}",
    ],
)
def test_what_is_no_formula(text):
    assert pieces(text) == []


def test_inline_formulas():
    assert pieces(r"for all $p = 1$, \(q = 2\) and $`r = 3`$.") == [
        ("inline", "p = 1"),
        ("inline", "q = 2"),
        ("inline", "r = 3"),
    ]


def test_sheets_in_fences():
    text = "# A\n\n```indexcalc\na[i] = b[i]\n```\n\n```{indexcalc}\nc = 1\n```\n"
    assert places(text, "markdown") == [(4, 1, "a[i] = b[i]"), (8, 1, "c = 1")]


def test_a_fence_that_is_not_closed_goes_to_the_end():
    assert pieces("```indexcalc\nc = 1") == [("sheet", "c = 1")]


@pytest.mark.parametrize("opener", ["$$", r"\[", r"\begin{align}"])
def test_a_formula_that_is_not_closed(opener):
    assert pieces(f"{opener} a = b\n\ntext\n\n$$c = d$$") == [("open", f"{opener} a = b"), ("formula", "c = d")]


def test_latex():
    text = r"""\documentclass{article}
% indexcalc: index p : m
  % indexcalc: a[p] = b[p]  # with a comment
% $$ x = y $$
\begin{verbatim} $$ x = y $$ \end{verbatim}
A line \\[2pt] and another.
\[ a_p = b_p % a remark with $
\]
Costs 5\% or $c = d$.
"""
    assert pieces(text, "latex") == [
        ("sheet", "index p : m\n a[p] = b[p]  # with a comment"),
        ("formula", "a_p = b_p"),
        ("inline", "c = d"),
    ]
    assert places(text, "latex") == [
        (2, 14, "index p : m\n a[p] = b[p]  # with a comment"),
        (7, 4, "a_p = b_p"),
    ]


def notebook(*cells):
    found = [{"cell_type": kind, "metadata": {}, "source": source} for kind, source in cells]
    return json.dumps({"cells": found, "metadata": {"x": ["a", {"b": "c"}]}, "nbformat": 4}, indent=1)


def test_a_notebook_is_placed_in_its_file():
    text = notebook(
        ("code", "print('$$x = y$$')"),
        ("markdown", ['# \u00e9 "quoted"\n', "$$\\frac{a}{b}\n", "= c$$"]),
        ("markdown", "```indexcalc\nc = 1\n```"),
    )
    document = read(text, "notebook")
    formula, sheet = (piece.content for piece in document.pieces if piece.kind in ("formula", "sheet"))
    assert formula.text == "\\frac{a}{b}\n= c"
    line, column = document.lines.at(formula.start)
    assert text.splitlines()[line - 1][column - 1 :].startswith(r"\\frac{a}")
    line, column = document.lines.at(formula.place(formula.text.index("=")))
    assert text.splitlines()[line - 1][column - 1 :].startswith("= c")
    assert sheet.text == "c = 1\n"
    assert document.cell(formula.start) == 2
    assert document.cell(sheet.start) == 3


@pytest.mark.parametrize("text", ["{", "[1]", "3", '{"cells": ', "[" * 100_000, '{"cells": [1, {}, "a"]}'])
def test_broken_notebooks(text):
    try:
        assert read(text, "notebook").pieces == ()
    except IndexcalcError as error:
        assert "notebook" in str(error)


def test_a_flattened_notebook_leaves_its_code_out():
    text = "In [3]:\nx = '$$a = b$$'\ny = 1\n\nSo\n\n$$ c = d $$\n\nIn [ ]:\n$$\n"
    assert pieces(text, "text") == [("formula", "c = d")]


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("a[i] = b[i]\ncheck a[i] = b[i]\n", "sheet"),
        ("# note\n$a$\nx = 1\n", "markdown"),
        ("words only\nand more", "markdown"),
        ("In [1]:\nx\n", "text"),
        ("% indexcalc: c = 1\n$$c = 1$$", "latex"),
        ('{\n "cells": []}', "notebook"),
    ],
)
def test_the_format_of_a_text(text, format):
    assert guessed(text) == format


def test_files(tmp_path):
    file = tmp_path / "a.md"
    file.write_text("\ufeff$$a = b$$", encoding="utf-8")
    assert open_document(str(file)).pieces == open_document("$$a = b$$\n").pieces[:1]
    with pytest.raises(IndexcalcError, match=r"b\.md cannot be read: No such file"):
        open_document(tmp_path / "b.md")
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(IndexcalcError, match="not a text in UTF-8"):
        open_document(file)
    with pytest.raises(IndexcalcError, match="'docx' is no format"):
        read("a", "docx")


@pytest.mark.parametrize(
    "text",
    [
        '{"cells": 5}',
        '{"cells": null}',
        '{"cells": {"source": "x"}}',
        '{"worksheets": 5}',
        '{"worksheets": [{"cells": 3}]}',
        '{"worksheets": [5]}',
        "{}",
        "[]",
        "5",
        "null",
        '"cells"',
    ],
)
def test_json_that_is_no_notebook(text):
    with pytest.raises(IndexcalcError) as error:
        read(text, "notebook")
    assert str(error.value) == "the file is JSON, but no notebook. Give a notebook, or text in another format."


@pytest.mark.parametrize(
    "cell",
    [
        "5",
        "null",
        "[]",
        "{}",
        '{"cell_type": ["markdown"], "source": "$x = y$"}',
        '{"cell_type": "markdown"}',
        '{"cell_type": "markdown", "source": 5}',
        '{"cell_type": "markdown", "source": {"text": "$x = y$"}}',
        '{"cell_type": "markdown", "source": [null, 5, ["$x = y$"]]}',
    ],
)
def test_a_cell_that_is_none_does_not_lose_the_others(cell):
    good = '{"cell_type": "markdown", "source": ["$$a = b$$"]}'
    document = read(f'{{"cells": [{cell}, {good}]}}', "notebook")
    assert "a = b" in [piece.content.text for piece in document.pieces]
