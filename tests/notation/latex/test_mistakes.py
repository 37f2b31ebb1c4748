"""What is said of LaTeX that cannot be parsed; and that nothing else than IndexcalcError comes of any text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import parse_sheet, read_expression
from tests.notation.latex.test_trees import SHEET

MISTAKES = [
    (r"\rho \cdot", 11, "nothing stands between \\cdot and the end", "Write an expression there"),
    (r"\cdot \rho", 1, "nothing stands before \\cdot", "Write an expression there"),
    (r"\rho \cdot / 2", 12, "nothing stands between \\cdot and /", "Write an expression there"),
    (r"{}_{i} \rho", 2, "nothing stands in these brackets", "Write an expression there"),
    (r"\rho ()", 7, "nothing stands in these brackets", "Write an expression there"),
    (r"_{i} \rho", 1, "nothing stands before this _", "Write the name that the script belongs to"),
    (r"( \rho", 1, "this ( is never closed", "Close the bracket"),
    (r"\left[ \rho", 6, "this [ is never closed", "Close the bracket"),
    (r"\rho )", 6, "this ) closes nothing", "Remove it, or open a bracket"),
    (r"\rho \}", 6, r"this \} closes nothing", "Remove it, or open a bracket"),
    (r"\frac{\rho}", 12, "the end is not expected here", "Expected braces { }, a letter or a digit"),
    (r"\left| \rho", 12, "the end is not expected here", r"Expected \right|"),
    (r"\rho = c", 6, "an expression has no sides", "Give one side of the equation"),
    (r"\rho, c", 5, "a comma stands outside of brackets", "Remove it"),
    (r"\sum_i=1^n u_i", 7, "the bounds of a sum stand in braces", r"Write \sum_{i=1}^{n}"),
    (r"\begin{cases} 1 & i \end{cases}", 21, "a comparison is missing", "Write a condition such as i = j"),
    (r"\begin{cases} 1 \\ 2 & i = j \end{cases}", 17, r"\\ is not expected here", "Expected &"),
    (
        r"\nabla u_i",
        1,
        r"\nabla means nothing here",
        r"Write the derivative by its elements: \frac{\partial L}{\partial w_{ij}}",
    ),
    (r"\foo", 1, r"\foo means nothing here", r"Declare a name in the sheet, or write it as \text{name}"),
    (
        r"\begin{pmatrix} 1 \end{pmatrix}",
        1,
        r"\begin{pmatrix} means nothing here",
        "Write one formula, without matrices or tables",
    ),
    (
        r"u_1 + \ldots + u_n",
        7,
        r"\ldots means nothing here",
        r"Write the sum or the product with \sum or \prod",
    ),
    (r"|\rho", 1, "| means nothing here", r"Write \left| x \right| for the absolute value"),
    (r"\rho \approx c", 6, r"\approx means nothing here", "Only equalities can be checked: write both sides with ="),
    (r"\mathbb{E}[\rho]", 1, "an operator such as an expectation stands here", "Write it out as a sum"),
    (r"$\rho$", 1, "$ means nothing here", "Give one formula, without the signs around it"),
]


@pytest.mark.parametrize(("text", "column", "cause", "remedy"), MISTAKES, ids=[text for text, *_ in MISTAKES])
def test_says_what_is_wrong(text, column, cause, remedy):
    with pytest.raises(IndexcalcError) as caught:
        read_expression(parse_sheet(SHEET), text)
    error = caught.value
    assert (error.column, error.cause, error.remedy) == (column, cause, remedy)


KNOWN = parse_sheet(SHEET)
SIGNS = (
    *(
        r"\frac{",
        r"\partial",
        "a_{pq}",
        "z_{rs}",
        r"\sum_{",
        r"\begin{cases}",
        r"\end{cases}",
        r"\\",
        "&",
        "{",
        "}",
        "(",
        ")",
    ),
    *(
        r"\left(",
        r"\right)",
        "[",
        "]",
        r"\{",
        r"\}",
        "_",
        "^",
        "'",
        "=",
        "<",
        r"\neq",
        "+",
        "-",
        r"\cdot",
        "/",
        ",",
        ".",
        ":",
    ),
    *(
        "i",
        "p",
        "L",
        "m",
        "2",
        "0.5",
        r"\exp",
        r"\log",
        r"\max",
        r"\delta",
        r"\mathbb{1}",
        r"\mathbf",
        r"\text{if }",
        r"\hat",
    ),
    *(
        r"\top",
        "e",
        "d",
        r"\text{otherwise}",
        r"\left|",
        r"\right|",
        r"\sqrt",
        " ",
        "%",
        "\n",
        "$",
        "\\",
        "∂",
        "α",
        "1_{",
        "}^{",
    ),
)


@given(st.lists(st.sampled_from(SIGNS), max_size=25))
@settings(max_examples=400)
def test_any_text_gives_a_term_or_an_error(signs):
    text = "".join(signs) + r"\,"
    try:
        read_expression(KNOWN, text)
    except IndexcalcError as error:
        assert error.cause
        assert error.text != text or all(0 <= span.start <= span.end <= len(text) + 1 for span in error.spans)
