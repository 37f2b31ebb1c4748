"""Comparisons and choices in normal form: equal in every case, ties and both signs included."""

import pytest

from indexcalc.canonical import canonical
from indexcalc.rewrite.normal import NormalForm
from indexcalc.rewrite.piecewise import Signs
from indexcalc.terms import Sum, negative
from tests.agreement import assert_same_values, read

EQUAL = [
    ("1[x > y] + 1[x < y] + 1[x == y]", "1"),
    ("1[x >= y]", "1 - 1[y > x]"),
    ("1[2*x > 4*y]", "1[x > 2*y]"),
    ("1[-x > -y]", "1[x < y]"),
    ("1[x > x]", "0"),
    ("1[x <= x]", "1"),
    ("x*1[x == 0]", "0"),
    ("x^3*y*1[x == 2*y]", "8*y^4*1[x == 2*y]"),
    ("1[x == y]*1[x > y]", "0"),
    ("relu(x) - relu(-x)", "x"),
    ("abs(x)^2", "x^2"),
    ("sign(x)*abs(x)", "x"),
    ("max(x, y)*min(x, y)", "x*y"),
    ("max(x, y)", "(x + y + abs(x - y))/2"),
    ("where(x > 0, x, -x)", "abs(x)"),
    ("where(x == y, x, y)", "y"),
    ("where(x != y, x, y)", "x"),
    ("relu(x)^2", "x*relu(x)"),
    ("exp(relu(x))", "where(x > 0, exp(x), 1)"),
    ("sum[i](relu(u[i]))", "sum[i]((u[i] + abs(u[i]))/2)"),
    # Functions of deltas
    ("exp(delta[i,j])*A[i,j]", "sum[i,j](A[i,j]) + (exp(1) - 1)*A[i,i]"),
    ("exp(u[i]*delta[i,j])*A[i,j]", "sum[i,j](A[i,j]) + A[i,i]*exp(u[i]) - A[i,i]"),
    ("sum[i,j](A[i,j]/(2 + delta[i,j]))", "sum[i,j](A[i,j])/2 - A[i,i]/6"),
    ("sum[i,j](A[i,j]*sqrt(1 + 3*delta[i,j]))", "sum[i,j](A[i,j]) + sum[i](A[i,i])"),
    ("sum[i,j](sin(delta[i,j]*v)*A[i,j])", "sin(v)*A[i,i]"),
    # Comparisons of indices
    ("sum[i,j](1[i < j]*A[j,i])", "sum[i,j](1[j < i]*A[i,j])"),
    ("sum[i,j](1[i <= j]*A[i,j])", "sum[i,j](1[i < j]*A[i,j]) + A[i,i]"),
]
UNEQUAL = [
    ("1[x > y]", "1[x >= y]"),
    ("1[x > y] + 1[x < y]", "1"),
    ("relu(x)", "x"),
    ("abs(x)", "x"),
    ("1[x > 0]*1[y > 0]", "1[x*y > 0]"),
    ("max(x, y)", "max(x, z)"),
    ("x*1[x == 1]", "0"),
    ("sum[i,j](1[i < j]*A[j,i])", "sum[i,j](1[i < j]*A[i,j])"),
    ("sum[i,j](A[i,j]/delta[i,j])", "A[i,i]"),
]


def normal(left, right, signs=None):
    """The normal form of a difference, and what it is made of."""
    expression = read("c = x*y*z*v", f"({left}) - ({right})")
    return NormalForm(canonical, signs=signs)(expression.term), expression


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_equal_in_every_case(left, right):
    polynomial, expression = normal(left, right)
    assert polynomial == []
    assert_same_values(expression.term, [Sum()], expression.sheet, expression.axes, signed=["x", "y", "u", "A"])


@pytest.mark.parametrize(("left", "right"), UNEQUAL)
def test_unequal_in_some_case(left, right):
    assert normal(left, right)[0]


@pytest.mark.parametrize("text", [side for pair in [*EQUAL, *UNEQUAL[:-1]] for side in pair if side not in ("0", "1")])
def test_the_value_stays(text):
    expression = read("c = x*y*z*v", text)
    form = NormalForm(canonical)
    again = form.term(form(expression.term))
    assert_same_values(expression.term, [again], expression.sheet, expression.axes, signed=["x", "y", "u", "A"])
    assert form(Sum(again, negative(expression.term))) == []


SIGNED = [
    (Signs({"x": 1}), "relu(x)", "x"),
    (Signs({"x": 1}), "abs(x) + sign(x)", "x + 1"),
    (Signs({"x": -1}), "max(x, 0) + abs(x)", "-x"),
    (Signs({"u": 1}), "sum[i](relu(u[i]))", "sum[i](u[i])"),
    (Signs({"x": 1, "y": 1}), "relu(x*y + x)", "x*y + x"),
    (Signs({}, {"x": 1}), "relu(x)", "x"),
    (Signs({}, {"x": -1}), "relu(x)", "0"),
]


@pytest.mark.parametrize(("signs", "left", "right"), SIGNED)
def test_signs_decide_comparisons(signs, left, right):
    assert normal(left, right, signs)[0] == []
    assert normal(left, right)[0]


def test_a_weak_sign_leaves_zero_open():
    assert normal("1[x > 0]", "1", Signs({}, {"x": 1}))[0]
    assert normal("x*1[x > 0]", "x", Signs({}, {"x": 1}))[0] == []
