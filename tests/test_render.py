"""Derivations on paper: text, LaTeX, Markdown; with and without steps; what is no format is refused."""

import pytest

import indexcalc as ic
from indexcalc.render import FORMATS, reason, render

CUBE = ic.derive("f = sum[i](x[i]^3)", "diff(f, x[k])")
LEMMA = ic.derive("s[i] = exp(x[i])\nf = sum[i](log(1 + s[i]))", "diff(f, x[k])")

SHORT = {
    "text": "diff(f, x[k])\n  = 3*x[k]^2",
    "latex": r"""\begin{align}
\frac{\partial f}{\partial x_{k}}
  &= 3 x_{k}^{2}
\end{align}""",
}


@pytest.mark.parametrize("format", ["text", "latex"])
def test_without_steps_the_target_and_the_result(format):
    assert CUBE.render(format, steps=False) == SHORT[format]


def test_markdown_is_latex_between_dollars():
    assert CUBE.render("markdown", steps=False) == f"$$\n{SHORT['latex']}\n$$"


def test_text_has_a_line_for_each_step_with_its_reason_at_its_side():
    first, *rest = CUBE.render().splitlines()
    assert first == "diff(f, x[k])"
    written = [line.strip().split("   # ") for line in rest]
    expected = [["= " + str(step.expression), reason(step)] for step in CUBE.steps[1:]]
    assert [[part.rstrip() for part in line] for line in written] == expected


def test_the_reasons_stand_below_each_other():
    columns = {line.index("#") for line in CUBE.render().splitlines()[1:] if len(line.split("   #")[0]) <= 64}
    assert len(columns) == 1


def test_latex_has_a_row_for_each_step():
    lines = CUBE.render("latex").splitlines()
    assert (lines[0], lines[-1]) == (r"\begin{align}", r"\end{align}")
    rows = lines[2:-1]
    assert all(row.endswith(r"} \\") for row in rows[:-1])
    assert [row.split(" && ")[0] for row in rows] == [f"  &= {step.expression.latex()}" for step in CUBE.steps[1:]]


@pytest.mark.parametrize(("format", "between"), [("text", "\n\n"), ("latex", "\n\n"), ("markdown", "\n\n")])
def test_lemmas_come_first_each_a_block(format, between):
    blocks = LEMMA.render(format).split(between)
    assert len(LEMMA.lemmas) == 1
    assert len(blocks) == 2
    assert LEMMA.render(format, steps=False).count(between) == 0


@pytest.mark.parametrize("steps", [True, False])
def test_a_target_that_is_its_own_result_is_one_line(steps):
    assert ic.derive("", "x[i]*y[i]").render(steps=steps) == "x[i]*y[i]"


@pytest.mark.parametrize(
    ("note", "escaped"),
    [("a_b", r"a\_b"), ("100%", r"100\%"), ("x^2", r"x\textasciicircum{}2"), ("\\", r"\textbackslash{}")],
)
def test_reasons_are_escaped_in_latex(note, escaped):
    step = ic.Step("rule", CUBE.expression, note)
    derivation = Written((CUBE.steps[0], step))
    assert rf"\text{{rule: {escaped}}}" in render(derivation, "latex")
    assert f"# rule: {note}" in render(derivation, "text")


class Written:
    """A derivation with these steps."""

    lemmas = adjoints = ()

    def __init__(self, steps):
        self.steps = steps


@pytest.mark.parametrize("format", ["html", "", "Text", "json"])
def test_another_format_is_refused(format):
    with pytest.raises(ic.IndexcalcError, match="no format") as caught:
        CUBE.render(format)
    assert all(known in str(caught.value) for known in FORMATS)
