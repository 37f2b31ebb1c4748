r"""Sums and matrices with dots: what is left out, or nothing where it cannot be told."""

import pytest

from indexcalc.notation.dots import without_dots
from indexcalc.notation.formula import Big, Sum, Table
from indexcalc.notation.laid import Laid
from indexcalc.notation.tex.parser import Parser
from indexcalc.notation.tex.tokens import tokens
from indexcalc.notation.writing.formulas import written_back


def spelled(text):
    return without_dots(Parser(list(tokens(text))).whole())


def rows(*lines):
    return r"\begin{pmatrix} " + r" \\ ".join(lines) + r" \end{pmatrix}"


@pytest.mark.parametrize(
    ("text", "sign", "body"),
    [
        (r"x_1 + x_2 + \dots + x_n", "sum", r"x_{\dots}"),
        (r"x_1 y_1 + \ldots + x_m y_m", "sum", r"x_{\dots} y_{\dots}"),
    ],
)
def test_a_sum_is_a_big_sum(text, sign, body):
    ((_, found),) = spelled(text).terms
    assert isinstance(found, Big)
    assert (found.sign, written_back(found.body)) == (sign, body)


@pytest.mark.parametrize(
    "text",
    [
        r"x_1 + \dots",
        r"x_1 (1 - y_1) + \dots + x_n (1 + y_n)",
        r"x_1 + x_3 + \dots + x_n",
        r"x_1 + \dots + y_n",
        r"x_1 y_1 + \dots + x_n y_m",
    ],
)
def test_a_sum_that_cannot_be_told_stays(text):
    assert not any(isinstance(term, Big) for _, term in spelled(text).terms)


def test_a_sum_whose_first_term_has_a_form_of_its_own_begins_at_2():
    found = spelled(r"a_1 (1 - a_1) + a_2 b_2 + \dots + a_n b_n")
    assert isinstance(found, Sum)
    (_, first), (_, rest) = found.terms
    assert "neq" in str(rest.below)
    assert written_back(first) == "a_{1} (1 - a_{1})"


def test_columns_rows_and_matrices():
    column = spelled(rows("x_1", r"\vdots", "x_n"))
    assert isinstance(column, Laid)
    assert (written_back(column.entry), written_back(column.rows), column.columns) == (r"x_{\dots}", "n", None)
    row = spelled(rows(r"x_1 & x_2 & \cdots & x_n"))
    assert isinstance(row, Laid)
    assert row.rows is None
    assert written_back(row.columns) == "n"
    both = spelled(rows(r"z_{11} & \cdots & z_{1b}", r"\vdots & \ddots & \vdots", r"z_{n1} & \cdots & z_{nb}"))
    assert (written_back(both.rows), written_back(both.columns), both.diagonal) == ("n", "b", None)


def test_a_diagonal_has_a_form_of_its_own():
    found = spelled(
        rows(
            r"a_1 (1 - a_1) & -a_1 a_2 & \cdots & -a_1 a_n",
            r"-a_2 a_1 & a_2 (1 - a_2) & \cdots & -a_2 a_n",
            r"\vdots & \vdots & \ddots & \vdots",
            r"-a_n a_1 & -a_n a_2 & \cdots & a_n (1 - a_n)",
        )
    )
    assert isinstance(found, Laid)
    assert found.diagonal is not None


@pytest.mark.parametrize(
    "lines",
    [
        (r"a_1 (1 - a_1) & \cdots & -a_1 a_n", r"\vdots & \ddots & \vdots", r"-a_n a_1 & \cdots & a_n (1 + a_n)"),
        (  # a sign at the end of the second row, and at the foot of the second column
            r"b_1 & -a_1 a_2 & \cdots & -a_1 a_n",
            r"-a_2 a_1 & b_2 & \cdots & a_2 a_n",
            r"\vdots & \vdots & \ddots & \vdots",
            r"-a_n a_1 & -a_n a_2 & \cdots & b_n",
        ),
        (
            r"b_1 & -a_1 a_2 & \cdots & -a_1 a_n",
            r"-a_2 a_1 & b_2 & \cdots & -a_2 a_n",
            r"\vdots & \vdots & \ddots & \vdots",
            r"-a_n a_1 & a_n a_2 & \cdots & b_n",
        ),
        ("x_1", r"\vdots", "y_n"),
        ("x_1", "x_3", r"\vdots", "x_n"),
        (r"\vdots", "x_n"),
        (r"x_1 & \cdots & x_i y_j & \cdots & x_n",),
    ],
)
def test_a_matrix_that_cannot_be_told_stays(lines):
    assert isinstance(spelled(rows(*lines)), Table)


def test_a_letter_in_the_middle_stands_at_its_place():
    found = spelled(rows(r"-s_1 & \cdots & 1 - s_j & \cdots & -s_n"))
    assert isinstance(found, Laid)
    assert (written_back(found.place), written_back(found.other)) == ("j", "1 - s_{j}")
