"""How values are shown, in a terminal and typeset."""

import importlib
from xml.etree import ElementTree

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.display import mathml as typesetting
from indexcalc.display.mathml import mathml
from indexcalc.display.parts import markdown_table, span
from indexcalc.showing import LONGEST, WRITERS

SOFTMAX = "a[q] = exp(z[q]) / sum[k](exp(z[k]))"
HOSTILE = '<script>alert("x")</script>'


def values():
    derivation = ic.derive(SOFTMAX, "diff(a[q], z[s])")
    formula = r"$$ x_i = y_i, \quad \frac{\partial x_i}{\partial y_k} = 2\delta_{ik} $$"
    report = ic.check(f"# {HOSTILE}\n\n{formula}\n")
    hessian = ic.derive("y[i] = exp(x[i])", "diff(y[i], x[k])").compile(structure="compressed")
    slopes = ic.derive("d[i] = x[i+1] - x[i]; L = d[i]*d[i]", "diff(L, x[p], x[q])")
    stencil = slopes.compile(structure="compressed")
    results = ic.gradient("L = x[i]*x[i]*c", "L", ["x", "c"])
    return {
        "Derivation": derivation,
        "Expression": derivation.expression,
        "Step": derivation.steps[1],
        "Sheet": ic.parse(f"{SOFTMAX}\nassume z[q] > 0\ncheck a[q] = a[q]"),
        "Verdict": ic.equal(SOFTMAX, "a[q]", "z[q]"),
        "Report": report,
        "FileReport": report.files[0],
        "Claim": report.claims[0],
        "Verification": derivation.verify(),
        "Verifications": results.verify(),
        "Results": results,
        "Structured": hessian(x=np.zeros(3)),
        "Banded": stencil(x=np.zeros(4)),
    }


@pytest.fixture(scope="module")
def shown():
    return values()


def test_every_type_that_is_shown_is_here(shown):
    assert shown.keys() == WRITERS.keys()
    assert all(type(value).__name__ == name for name, value in shown.items())


def test_a_terminal_shows_one_line(shown):
    for name, value in shown.items():
        assert "\n" not in repr(value) and len(repr(value)) <= LONGEST + 2
        assert repr(value).lstrip("<").startswith(name)
    assert repr(shown["Sheet"]) == "<Sheet defines a; from z; 1 fact; 1 claim>"
    assert repr(shown["Verification"]) == (
        "<Verification passed: autograd, reference, differences; shape (3, 3), sizes q = 3>"
    )
    long = ic.derive("y = " + " + ".join(f"sin({name}*x)" for name in "abcdefghjkmnopqrst"), "diff(y, x)")
    assert repr(long).endswith(" ...>")


def test_a_banded_array_says_where_it_is_not_zero(shown):
    assert "| not zero where | q = p - 1 or q = p or q = p + 1 |" in shown["Banded"]._repr_markdown_()
    assert "| kept | 12 of 16 elements, 96 of 128 bytes |" in shown["Banded"]._repr_markdown_()
    assert "| not zero where | i = k |" in shown["Structured"]._repr_markdown_()


def test_notebooks_get_what_is_well_formed(shown):
    pytest.importorskip("latex2mathml")
    for value in shown.values():
        html = value._repr_html_()
        if html is not None:
            ElementTree.fromstring(f"<div>{html.replace('<br>', '<br/>')}</div>")
        assert value._repr_markdown_()


def test_without_the_package_markdown_is_left(shown, monkeypatch):
    monkeypatch.setattr(typesetting, "find_spec", lambda name: None)
    typesetting.is_there.cache_clear()
    mathml.cache_clear()
    try:
        assert all(shown[name]._repr_html_() is None for name in ("Derivation", "Expression", "Results", "Sheet"))
        assert "<code>" in shown["Report"]._repr_html_()
        assert shown["Derivation"]._repr_markdown_().startswith("$$")
    finally:
        monkeypatch.undo()
        typesetting.is_there.cache_clear()
        mathml.cache_clear()


@pytest.mark.parametrize(
    "latex",
    [
        rf"\text{{{HOSTILE}}}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{position:fixed}{x}",
        r"\class{a}{x}",
        r"\color{red\" onclick=x}{y}",
        r"\text{&lt;script&gt;}",
    ],
)
def test_a_formula_of_a_document_is_no_html(latex):
    pytest.importorskip("latex2mathml")
    root = ElementTree.fromstring(mathml(latex))
    names = {name for each in root.iter() for name in each.attrib}
    assert not names & {"href", "style", "class", "onclick", "mathcolor"}
    assert not [each for each in root.iter() if each.tag.endswith("script")]


@pytest.mark.parametrize("latex", ["{", "x^", "\\left(", "\\begin{a}", "\\frac{1}", "\\" * 3, "x" * 10_000])
def test_what_cannot_be_typeset_is_shown_as_it_is_written(latex):
    assert mathml(latex).startswith(("<code>", "<math"))


def test_all_that_is_written_can_be_typeset():
    pytest.importorskip("latex2mathml")
    sheets = importlib.resources.files("indexcalc").joinpath("../examples").glob("*.ic")
    for path in sheets:
        sheet = ic.parse(path.read_text())
        for name in sheet.definitions:
            for step in ic.derive(sheet, name).steps:
                root = ElementTree.fromstring(mathml(step.expression.latex()))
                assert "\\" not in "".join(root.itertext())


def test_tables_of_markdown():
    assert markdown_table(["a"], [["x | y\nz"]]) == "| a |\n| --- |\n| x \\| y z |"
    assert span("a`b") == "`` a`b ``" and span("ab") == "`ab`"


def test_an_error_shows_the_line_that_asked():
    with pytest.raises(ic.IndexcalcError) as stop:
        ic.parse("y[i] = A[i,j*x[j]")
    words, line = stop.value._render_traceback_()
    assert words == f"IndexcalcError: {stop.value}"
    assert line.startswith("in line ") and line.endswith('ic.parse("y[i] = A[i,j*x[j]")')
