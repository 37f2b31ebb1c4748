"""The normal form: equal by the laws of functions means equal in form; what is not equal stays apart."""

import pytest

from indexcalc.canonical import canonical
from indexcalc.rewrite.expand import TooLargeError
from indexcalc.rewrite.facts import canonical_of
from indexcalc.rewrite.normal import NormalForm
from indexcalc.terms import Sum, negative
from tests.agreement import assert_same_values, assert_value_stays, read

LAWS = [
    # Exponentials and logarithms
    ("exp(x + y)", "exp(x)*exp(y)"),
    ("exp(2*x)", "exp(x)^2"),
    ("exp(-x)", "1/exp(x)"),
    ("exp(x)*exp(-x)", "1"),
    ("exp(0*x)", "1"),
    ("exp(log(x))", "x"),
    ("exp(x*log(y))", "y^x"),
    ("exp(x[i]*y[i] + z)", "exp(x[j]*y[j])*exp(z)"),
    ("log(exp(x))", "x"),
    ("log(x*y)", "log(x) + log(y)"),
    ("log(x^3/y)", "3*log(x) - log(y)"),
    ("log(2*x + 2*y)", "log(2) + log(x + y)"),
    ("log(2/3)", "log(2) - log(3)"),
    ("log(exp(x)*exp(y))", "x + y"),
    # Functions as terms of others
    ("sigmoid(x)", "exp(x)/(1 + exp(x))"),
    ("softplus(x)", "log(1 + exp(x))"),
    ("cosh(x) + sinh(x)", "exp(x)"),
    ("tan(x)", "sin(x)/cos(x)"),
    ("tan(arctan(x))", "x"),
    ("cos(arccos(u[i]*v[i]/10))", "u[i]*v[i]/10"),
    ("2*sin(arcsin(u[i]/4))", "u[i]/2"),
    ("cos(x)^2", "1 - sin(x)^2"),
    ("cos(x)^4", "(1 - sin(x)^2)^2"),
    ("cos(x)^3", "cos(x)*(1 - sin(x)^2)"),
    ("relu(x)", "x*1[x > 0]"),
    ("abs(x)", "relu(x) + relu(-x)"),
    ("max(x, y)", "where(x > y, x, y)"),
    ("min(x, y)", "where(x < y, x, y)"),
    ("gelu(x)", "x*(1 + erf(x/sqrt(2)))/2"),
    # Choices and comparisons
    ("where(x > 0, y, z)", "1[x > 0]*y + (1 - 1[x > 0])*z"),
    ("1[2*u[i] < 2*v[i]]*w[i]", "1[u[i] < v[i]]*w[i]"),
    ("1[x > 0]^2", "1[x > 0]"),
    ("1[u[i] <= v[i]]*w[i]", "sum[i](w[i]) - 1[u[i] > v[i]]*w[i]"),
    ("where(1 < 2, x, y)", "x"),
    # Powers
    ("(x + y)^2", "x^2 + 2*x*y + y^2"),
    ("(x*y)^3", "x^3*y^3"),
    ("sqrt(x)*sqrt(x)", "x"),
    ("x^y*x^z", "x^(y + z)"),
    ("sqrt(exp(2*x))", "exp(x)"),
    ("1/(x/y)", "y/x"),
]
UNEQUAL = [
    ("exp(x + y)", "exp(x) + exp(y)"),
    ("exp(2*x)", "2*exp(x)"),
    ("exp(sum[i](u[i]))", "sum[i](exp(u[i]))"),
    ("log(x + y)", "log(x) + log(y)"),
    ("sqrt(x^2)", "x"),
    ("sqrt(x^2 + y^2)", "x + y"),
    ("(x + y)^(-2)", "x^(-2) + y^(-2)"),
    ("cos(x)^2", "1 + sin(x)^2"),
    ("relu(x)", "x"),
    ("max(x, y)", "min(x, y)"),
    ("1[x > 0]", "1[x < 0]"),
    ("u[i]*v[i]", "sum[i](u[i])*sum[i](v[i])"),
    ("tanh(x)", "sigmoid(x)"),
]


def difference(left, right):
    """The monomials of left - right in normal form."""
    first = read("", left)
    second = read(first.sheet, right)
    return NormalForm(canonical)(Sum(first.term, negative(second.term)))


@pytest.mark.parametrize(("left", "right"), LAWS)
def test_equal_by_the_laws(left, right):
    assert difference(left, right) == []


@pytest.mark.parametrize(("left", "right"), UNEQUAL)
def test_unequal_stays_unequal(left, right):
    assert difference(left, right) != []


@pytest.mark.parametrize("text", [text for pair in LAWS + UNEQUAL for text in pair])
def test_the_value_stays_and_a_second_time_the_form(text):
    expression = read("", text)
    normal = NormalForm(canonical)
    once = normal.term(normal(expression.term))
    assert_same_values(expression.term, [once], expression.sheet, expression.axes)
    assert normal.term(normal(once)) is once


@pytest.mark.parametrize("seed", range(2000, 2016))
def test_the_value_stays_on_random_lines(seed):
    def change(line):
        normal = NormalForm(canonical_of(line.sheet), {axis: place for place, axis in enumerate(line.axes)})
        try:
            return normal.term(normal(line.term))
        except TooLargeError:
            return line.term

    assert_value_stays(change, seed)
