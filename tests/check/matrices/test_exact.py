r"""Matrices of numbers: exact values and verdicts."""

import logging

import pytest
from lark import Lark, logger

from indexcalc.check.matrices.exact import compare, normal, parser, read_matrix
from indexcalc.errors import IndexcalcError


def matrix(*rows, kind="pmatrix"):
    return f"\\begin{{{kind}}} " + r" \\ ".join(rows) + f" \\end{{{kind}}}"


COLUMN = matrix("1", "2")
SQUARE = matrix("1 & 2", "3 & 4")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (SQUARE, "(1  2; 3  4)"),
        (SQUARE + r" \cdot " + COLUMN, "(5; 11)"),
        (SQUARE + COLUMN, "(5; 11)"),
        (SQUARE + " - " + SQUARE, "(0  0; 0  0)"),
        ("-2 " + SQUARE, "(-2  -4; -6  -8)"),
        (r"\frac{1}{2} " + SQUARE, "(0.5  1; 1.5  2)"),
        (SQUARE + " / 2", "(0.5  1; 1.5  2)"),
        (SQUARE + r"^{\top}", "(1  3; 2  4)"),
        (SQUARE + "^T " + COLUMN, "(7; 10)"),
        (SQUARE + "^2", "(7  10; 15  22)"),
        (COLUMN + r"^\top " + COLUMN, "5"),
        (SQUARE + r" \odot " + SQUARE, "(1  4; 9  16)"),
        (SQUARE + r" \oslash " + SQUARE, "(1  1; 1  1)"),
        (r"\left(" + SQUARE + r"\right)", "(1  2; 3  4)"),
        (matrix("0.2 \\cdot (1 - 0.2)", "-1.0 / 0.2", "-\n 0.04", "1/3"), "(0.16; -5; -0.04; 1/3)"),
        (matrix("1 & 2", kind="bmatrix"), "(1  2)"),
        (matrix("1 & 2", ""), "(1  2)"),
        (r"\begin{array}{cc} 1 & 2 \\ 3 & 4 \end{array}", "(1  2; 3  4)"),
        (r"2 \cdot 10^{-3}", "0.002"),
        (r"\frac12 " + SQUARE, "(0.5  1; 1.5  2)"),
        (r"\operatorname{tr} " + SQUARE, "5"),
        (r"\mathrm{Tr}(" + SQUARE + "^2)", "29"),
        (r"\det" + SQUARE, "-2"),
        (r"\det" + matrix("0 & 2", "3 & 4"), "-6"),
        (r"\det" + matrix("1 & 2", "2 & 4"), "0"),
        (SQUARE + "^{-1}", "(-2  1; 1.5  -0.5)"),
        (SQUARE + "^{-1} " + SQUARE, "(1  0; 0  1)"),
        (COLUMN + r" \cdot " + COLUMN, "5"),
        (matrix("1", "2", "3") + r" \times " + matrix("4", "5", "6"), "(-3; 6; -3)"),
    ],
)
def test_values(text, value):
    assert str(read_matrix(text)) == value


def test_names_have_the_values_they_were_given():
    known = {"A": read_matrix(SQUARE)}
    assert str(read_matrix(r"\mathbf{A}^T \mathbf{A}", known)) == "(10  14; 14  20)"
    assert normal(r"\left( \mathbf{A}_{1} \right)") == normal("(A_1)") == "(A_1)"
    with pytest.raises(IndexcalcError, match="B has no value"):
        read_matrix("B " + SQUARE, known)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SQUARE + matrix("1 & 2"), "2 columns do not meet 1 rows"),
        (matrix("1 & 2", "2 & 4") + "^{-1}", "this matrix has no inverse"),
        (r"\det" + COLUMN, "the determinant of a 2x1 matrix"),
        (r"\operatorname{tr}" + COLUMN, "the trace of a 2x1 matrix"),
        (COLUMN + r" \times " + COLUMN, "1 columns do not meet 2 rows"),
        (SQUARE + " + " + COLUMN, "a 2x2 matrix plus a 2x1 matrix: the shapes differ"),
        (matrix("1 & 2", "3"), "different numbers of entries: 2, 1"),
        (COLUMN + "^2", "the power 2 of a 2x1 matrix"),
        (SQUARE + "^{99}", "no small whole number"),
        ("1 / 0", "a division by zero"),
        ("1 / " + SQUARE, "a division by a matrix"),
        (matrix(SQUARE), "a matrix stands inside a matrix"),
        (matrix("a & \\cdots"), "no value"),
        ("1 +", "does not go on"),
        ("(" * 30000, "nested too deeply|does not go on"),
        ("1" * 200_000, "200000 characters"),
    ],
)
def test_refused(text, message):
    with pytest.raises(IndexcalcError, match=message):
        read_matrix(text)


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        ("1/4", "0.25", "proved"),
        (SQUARE, matrix("1 & 2", "3 & 4.0"), "proved"),
        ("1/3", "0.33", "agrees"),
        ("0.333", "1/3", "agrees"),
        ("0.12345", "0.123", "agrees"),
        ("1/3", "0.34", "refuted"),
        ("0.25", "0.3", "refuted"),
        ("1/3", "1/4", "refuted"),
        (SQUARE, matrix("1 & 2", "-3 & 4"), "refuted"),
    ],
)
def test_verdicts(left, right, verdict):
    assert compare(read_matrix(left), read_matrix(right))[0] == verdict


def test_a_difference_names_the_entry():
    difference = compare(read_matrix(SQUARE), read_matrix(matrix("1 & 2", "-3 & 4")))[1]
    assert (difference.row, difference.column, difference.left, difference.right) == (2, 1, 3, -3)


def test_shapes_must_be_equal():
    with pytest.raises(IndexcalcError, match="a 2x2 matrix = a 2x1 matrix: the shapes differ"):
        compare(read_matrix(SQUARE), read_matrix(COLUMN))


def test_the_grammar_has_no_conflict(caplog):
    with caplog.at_level(logging.DEBUG, logger=logger.name):
        Lark(parser().source_grammar, parser="lalr", start="expression", debug=True)
    assert not [record for record in caplog.records if "conflict" in record.message.lower()]
