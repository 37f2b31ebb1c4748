"""Common factors are taken out: the reverse of multiplying out."""

import pytest

from indexcalc.canonical import canonical
from indexcalc.notation.reader import parse_sheet, read_expression
from indexcalc.notation.writing.text import write
from indexcalc.rewrite.expand import Expansion, TooLargeError
from indexcalc.rewrite.factor import MOST_ADDENDS, factor
from indexcalc.rewrite.facts import canonical_of
from indexcalc.terms import Product, Sum, Tensor
from tests.agreement import assert_same_values, assert_value_stays, read

FACTORED = [
    ("x*y + x*z", "x*(y + z)"),
    ("x*y + x*z + w*y + w*z", "(x + w)*(y + z)"),
    ("x^2*y + x*z", "x*(x*y + z)"),
    ("x/y + z/y", "(x + z)/y"),
    ("1/x + 1/x^2", "(1 + 1/x)/x"),
    ("x^a*y + x^a*z", "x^a*(y + z)"),
    ("sqrt(x)*y + x*z", "sqrt(x)*(y + z*sqrt(x))"),
    ("s - s^2", "s*(1 - s)"),
    ("exp(x)*y - exp(x)*z", "exp(x)*(y - z)"),
    # Numbers and signs
    ("2*x + 4*y", "2*(x + 2*y)"),
    ("x/2 + y/2", "(x + y)/2"),
    ("x/2 + y/3", "x/2 + y/3"),
    ("-2*x - 2*y", "-2*(x + y)"),
    ("-x - y", "-x - y"),
    ("x - y", "x - y"),
    # Sums over indices
    ("sum[i](u[i]*a) + sum[i](u[i]*b)", "(a + b)*sum[i](u[i])"),
    ("u[i]*v[i] + u[j]*w[j]", "u[i]*(v[i] + w[i])"),
    ("A[i,j]*x[j] + A[i,j]*y[j]", "A[i,j]*(x[j] + y[j])"),
    ("A[i,j]*x[j] + A[j,i]*x[j]", "x[j]*(A[i,j] + A[j,i])"),
    ("A[i,j]*u[i]*v[j] + B[k,l]*u[k]*v[l]", "u[i]*v[j]*(A[i,j] + B[i,j])"),
    # Nothing in common
    ("x*y*z", "x*y*z"),
    ("x + y", "x + y"),
    ("x*y + z*w", "x*y + z*w"),
    ("x[i] + y[i]", "x[i] + y[i]"),
]


def whole(expression):
    """The monomials of an expression, all products multiplied out."""
    rank = {index: place for place, index in enumerate(expression.axes)}
    return Expansion(canonical, rank=rank, everything=True)(expression.term)


@pytest.mark.parametrize(("text", "short"), FACTORED)
def test_factored(text, short):
    expression = read("", text)
    found = factor(whole(expression), canonical)
    assert write(found, expression.sheet, expression.axes) == short
    assert_same_values(expression.term, [found], expression.sheet, expression.axes)


@pytest.mark.parametrize("text", [text for text, _ in FACTORED])
def test_factored_once_more_it_stays(text):
    expression = read("", text)
    once = factor(whole(expression), canonical)
    assert factor(Expansion(canonical, everything=True)(once), canonical) is once


def test_a_factor_that_a_delta_makes_equal_is_common():
    reading = read_expression(parse_sheet("index i, j : n"), "delta[i,j]*a[i]*c + b*a[j]", free=["i", "j"])
    found = factor(Expansion(canonical)(reading.term), canonical)
    assert write(found, reading.sheet, reading.axes) == "a[j]*(c*delta[i,j] + b)"
    assert_same_values(reading.term, [found], reading.sheet, reading.axes)


def test_a_difference_is_turned_round_beside_its_opposite():
    expression = read("", "(s - 1)*(1 - s)*b + (1 - s)*c")
    found = factor(Expansion(canonical)(expression.term), canonical)
    assert write(found, expression.sheet) == "(c - b*(1 - s))*(1 - s)"
    assert_same_values(expression.term, [found], expression.sheet, expression.axes)


@pytest.mark.parametrize("seed", range(2000, 2016))
def test_the_value_stays(seed):
    def change(line):
        under = canonical_of(line.sheet)
        try:
            return factor(Expansion(under)(line.term), under)
        except TooLargeError:
            return line.term

    assert_value_stays(change, seed)


def test_many_addends_are_left_as_they_are():
    x = Tensor("x")
    addends = [Product(x, Tensor(f"y{place}")) for place in range(MOST_ADDENDS + 1)]
    assert factor(Expansion(canonical)(Sum(*addends)), canonical) is Sum(*addends)
    assert isinstance(factor(Expansion(canonical)(Sum(*addends[1:])), canonical), Product)


def test_nothing_is_zero():
    assert write(factor([], canonical), read("", "x").sheet) == "0"
