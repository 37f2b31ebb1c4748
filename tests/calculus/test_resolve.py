"""Derivatives in terms are worked out; facts and definitions are used where they hold along a displacement too."""

import pytest

from indexcalc.calculus.resolve import Resolver
from indexcalc.rewrite.simplify import shortener
from indexcalc.terms import Derivative
from indexcalc.walk import holds
from tests.agreement import assert_right, read

# What is differentiated again may not be shortened by a fact about the variable.
FACTS_THAT_MOVE = [
    ("assume A = 1.25\nh = sqrt(3*A)", "diff(h, A, A)"),
    ("assume A = 1.25\nh = sqrt(3*A)", "diff(A*diff(h, A), A)"),
    ("assume A[i,j] = A[j,i]\nf = A[i,j]*A[j,k]*x[i]*y[k]", "diff(f, x[p], A[q,r])"),
    ("assume A[i,j] = A[j,i]\nf = A[i,j]*A[j,k]*x[i]*y[k]", "diff(f, A[p,q], A[r,s])"),
    ("assume sum[j](w[j]) = 1\nf = sum[i](x[i]*w[i])*sum[k](w[k])", "diff(f, w[j], w[k])"),
    ("assume sum[j](w[j]) = 1\ng[j] = diff(x[i]*w[i]*sum[k](w[k]), w[j])", "diff(g[j], w[k])"),
    ("assume sum[i](B[i]) = 1\nf = B[i]*B[i]*exp(sum[i](B[i]))", "diff(f, B[j], B[k])*B[k]"),
    ("assume sum[i](y[i]) = 1\ny[i] = A[i,j]*x[j]\nf = exp(sum[i](y[i]))", "diff(f, x[j], x[k])"),
]


@pytest.mark.parametrize(("sheet", "target"), FACTS_THAT_MOVE)
def test_a_fact_about_a_variable_is_not_used_before_the_last_derivative(sheet, target):
    assert_right(sheet, target)


@pytest.mark.parametrize("target", ["diff(f, x, h)", "diff(diff(f, x)*h, h)", "diff(f, h)"])
def test_a_variable_with_a_definition_is_not_recognised_in_what_it_varies(target):
    assert_right("h = exp(x)\nf = x*exp(x)", target)


def test_a_fact_about_another_tensor_is_used_in_between():
    sheet = "assume sum[q](y[p,q]) = 1\nf = sum[p,q](y[p,q]*c[p]^3)"
    result = assert_right(sheet, "diff(f, c[r], c[s])")
    assert str(result) == "6*c[r]*delta[r,s]"
    assert "sum[q](y[p,q]) = 1" in [step.note for step in result.lemmas[0]]


@pytest.mark.parametrize("text", ["diff(diff(x[i]^3, x[j]), x[k])", "x[j]*diff(exp(x[i]), x[j])", "diff(c^3, c, c)"])
def test_no_derivative_is_left(text):
    expression = read("index i, j, k : n", text)
    resolver = Resolver(expression.sheet, shortener, [expression.term])
    assert not holds(resolver.resolve(expression.term, expression.axes), Derivative)


def test_a_term_without_derivatives_stays_the_same_object():
    expression = read("", "x[i]*y[i] + 0*x[j]*y[j]")
    assert Resolver(expression.sheet, shortener).resolve(expression.term) is expression.term
