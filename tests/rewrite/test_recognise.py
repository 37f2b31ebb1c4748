"""Sigmoid and softplus are recognised where they are written out, and only there."""

import pytest

import indexcalc as ic
from indexcalc.notation.reader import parse_sheet
from indexcalc.notation.writing.text import write
from indexcalc.rewrite.recognise import opposite, recognise, recognised
from tests.agreement import assert_same_values, assert_value_stays, read, term_of

RECOGNISED = [
    ("1/(1 + exp(-x))", "sigmoid(x)"),
    ("1/(exp(-x) + 1)", "sigmoid(x)"),
    ("1/(1 + exp(x))", "sigmoid(-x)"),
    ("exp(x)/(1 + exp(x))", "sigmoid(x)"),
    ("exp(-x)/(1 + exp(-x))", "sigmoid(-x)"),
    ("2*y*exp(x)/(1 + exp(x))", "2*y*sigmoid(x)"),
    ("1/(1 + exp(-x))^2", "sigmoid(x)^2"),
    ("1/(1 + exp(-x - y))", "sigmoid(x + y)"),
    ("1/(1 + exp(-u[i]*v[i]))", "sigmoid(u[i]*v[i])"),
    ("sum[i](u[i]/(1 + exp(-v[i])))", "sum[i](u[i]*sigmoid(v[i]))"),
    ("tanh(1/(1 + exp(-x)))", "tanh(sigmoid(x))"),
    ("log(1 + exp(x))", "softplus(x)"),
    ("log(1 + exp(-x))", "softplus(-x)"),
    ("log(1/(1 + exp(-x)))", "log(sigmoid(x))"),
    ("exp(x)/(1 + exp(y))", "exp(x)*sigmoid(-y)"),
]


@pytest.mark.parametrize(("text", "short"), RECOGNISED)
def test_recognised(text, short):
    expression = read("", text)
    found = recognise(expression.term)
    assert found is term_of(expression.sheet, short)
    assert_same_values(expression.term, [found], expression.sheet, expression.axes)


@pytest.mark.parametrize("text", [text for text, _ in RECOGNISED])
def test_a_second_time_nothing_changes(text):
    once = recognise(read("", text).term)
    assert recognise(once) is once


OTHERS = [
    "1/(2 + exp(x))",
    "1/(1 + 2*exp(x))",
    "1/(1 + exp(x) + exp(y))",
    "1/(1 - exp(x))",
    "log(2 + exp(x))",
    "log(1 + exp(x) + y)",
    "1 + exp(x)",
    "(1 + exp(-x))^2",
    "sigmoid(x)*softplus(y)",
    "exp(x)*sigmoid(y)",
    "x[i]*y[i]",
    "sqrt(1 + exp(x))",
]


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_neither_stays_the_same_object(text):
    term = read("", text).term
    assert recognise(term) is term


@pytest.mark.parametrize("seed", range(2000, 2012))
def test_the_value_stays(seed):
    assert_value_stays(lambda line: recognise(line.term), seed)


def test_the_definitions_of_a_sheet():
    sheet = recognised(parse_sheet("s[i] = 1/(1 + exp(-x[i]))\nf = sum[i](s[i])"))
    assert write(sheet.definitions["s"].body, sheet, sheet.definitions["s"].axes) == "sigmoid(x[i])"
    assert write(sheet.definitions["f"].body, sheet) == "sum[i](s[i])"


def test_a_sheet_without_them_stays_the_same_object():
    sheet = parse_sheet("s[i] = sigmoid(x[i])\nf = sum[i](s[i])")
    assert recognised(sheet) is sheet


def test_the_derivative_of_a_formula_is_that_of_the_function():
    assert str(ic.derive("s[i] = 1/(1 + exp(-x[i]))", "diff(s[i], x[j])")) == "s[i]*(1 - s[i])*delta[i,j]"


@pytest.mark.parametrize(
    ("text", "expected"), [("x", "-x"), ("-x", "x"), ("-x - y", "x + y"), ("x - y", "-(x - y)"), ("-2*x", "2*x")]
)
def test_the_opposite(text, expected):
    assert opposite(read("", text).term) is term_of("", expected)
