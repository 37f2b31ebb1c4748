"""Notebooks of formats 3 and 4, and files that are none."""

import json

import pytest

from indexcalc.audit.documents.document import read
from indexcalc.errors import IndexcalcError
from tests.audit.documents.regions import formulas, regions


def notebook(*cells):
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4}, indent=1)


def markdown(source, **fields):
    return {"cell_type": "markdown", "metadata": {}, "source": source, **fields}


def test_cells_of_all_kinds():
    text = notebook(
        markdown("If $u = v$."),
        {"cell_type": "code", "metadata": {}, "source": ["x = '$no$'\n"], "outputs": [{"text": ["$no$"]}]},
        {"cell_type": "raw", "metadata": {"raw_mimetype": "text/latex"}, "source": "\\[ a \\verb|$no$| = b \\]"},
        {"cell_type": "raw", "metadata": {"format": "text/restructuredtext"}, "source": ".. math:: c = d"},
        {"cell_type": "raw", "metadata": {}, "source": "$no$"},
        {"cell_type": "code", "metadata": {}, "source": "%%latex\n$$ e = f $$"},
        markdown("![a](attachment:a.png) $$g = h$$", attachments={"a.png": {"image/png": "$no$" * 100}}),
    )
    assert formulas(text, "notebook") == [
        ("I", "u = v"),
        ("D", r"a \verb|$no$| = b"),
        ("D", "c = d"),
        ("D", "e = f"),
        ("D", "g = h"),
    ]
    document = read(text, "notebook")
    numbers = [document.cell(each.span.start) for each in document.regions if each.kind == "formula"]
    assert numbers == [1, 3, 4, 6, 7]


def test_two_dollars_are_a_display_in_a_notebook():
    assert formulas(notebook(markdown("At $$t$$,\nthe $$h$$ of it"), markdown("$$h$$")), "notebook")[-1] == ("D", "h")


def test_format_3():
    cells = [
        {"cell_type": "heading", "level": 3, "metadata": {}, "source": ["Title $u$"]},
        {"cell_type": "code", "input": "$no$", "metadata": {}, "outputs": []},
        markdown(["$$ a\n", "= b $$"]),
    ]
    text = json.dumps({"metadata": {"name": ""}, "nbformat": 3, "worksheets": [{"cells": cells, "metadata": {}}]})
    assert formulas(text, "notebook") == [("I", "u"), ("D", "a = b")]
    assert [each.level for each in regions(text, "notebook")][:2] == [3, 0]


def test_escapes_keep_their_places():
    text = notebook(markdown('\u00e9\U0001d465 "q" $\\frac{a}{b}$')).replace("\\u00e9", "\u00e9")
    (formula,) = (each for each in regions(text, "notebook") if each.kind == "formula")
    assert formula.text == r"\frac{a}{b}"
    assert text[formula.span.start : formula.span.end] == r"$\\frac{a}{b}$"
    assert text[formula.content.place(formula.text.index("b")) :].startswith("b}$")


def test_half_a_surrogate_is_no_character():
    text = '{"cells": [{"cell_type": "markdown", "source": "\\ud835 $u$"}]}'
    assert "\ufffd" in regions(text, "notebook")[0].text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the notebook is empty. Save it once more from Jupyter."),
        ("[1]", "the file is JSON, but no notebook. Give a notebook, or text in another format."),
        ("{}", "the file is JSON, but no notebook. Give a notebook, or text in another format."),
        ('{"cells": 1}', "the file is JSON, but no notebook. Give a notebook, or text in another format."),
        (
            '{"cells": [\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> b\n]}',
            "the notebook holds a merge conflict in line 2. Resolve it first.",
        ),
        (
            '{"cells": [',
            "the notebook is not valid JSON: Expecting value: line 1 column 12 (char 11). Save it once more from Jupyter.",
        ),
        ("[" * 100_000, "the notebook is not valid JSON: it is nested too deeply. Save it once more from Jupyter."),
    ],
)
def test_broken_notebooks(text, message):
    with pytest.raises(IndexcalcError) as caught:
        read(text, "notebook")
    assert str(caught.value) == message
