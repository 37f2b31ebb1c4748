"""The cost of reading: what is longer in print is dearer."""

import pytest

from indexcalc.rewrite.cost import cost
from tests.agreement import term_of

CHEAPER = [
    # Fewer signs
    ("x", "x*y"),
    ("x", "x[i]"),
    ("x[i]", "A[i,j]"),
    ("x*(y + z)", "x*y + x*z"),
    ("x - y", "x + 2*y"),
    ("x - y", "-1*y - x"),
    ("-x", "2*x"),
    ("1/x", "x^2"),
    ("1/x", "x^(-2)"),
    ("sqrt(x)", "x^(1/2)"),
    ("exp(x)", "exp(2*x)"),
    ("x + y", "sum[i](u[i]*v[i])"),
    ("sum[i](u[i])", "sum[i](u[i]*v[i])"),
    ("sum[i,j](A[i,j])", "sum[i,j](A[i,j]) + 1"),
    ("2*x", "x + x + y"),
    # As authors prefer
    ("A[k,l] + A[l,k]", "A[k,l]*delta[k,l] + A[l,k]*delta[k,l]"),
    ("s*(1 - s)", "s - s^2 + x - x"),
    ("1[x > 0]", "where(x > 0, 2, y)"),
    ("max(x, y)", "where(x > y, x, y)"),
    ("delta[i,j]", "sum[k](delta[i,k]*delta[k,j])"),
    ("tanh(x)", "(exp(2*x) - 1)/(exp(2*x) + 1)"),
]


@pytest.mark.parametrize(("cheap", "dear"), CHEAPER)
def test_what_is_shorter_in_print_is_cheaper(cheap, dear):
    assert cost(term_of("", cheap)) < cost(term_of("", dear))


@pytest.mark.parametrize(("one", "other"), [("x - y", "x + y"), ("x*y", "y*x"), ("sum[i](u[i])", "sum[j](v[j])")])
def test_as_long_as_dear(one, other):
    assert cost(term_of("", one)) == cost(term_of("", other))


def test_a_part_is_cheaper_than_the_whole():
    whole = term_of("index i, j, k : n", "exp(sum[j](A[i,j]*(x[j] - 2)))/sqrt(1 + y[i]^2)*where(i == k, z[k], 0)")
    pending = [whole]
    while pending:
        term = pending.pop()
        inside = [each for each in term.fields if hasattr(each, "free")]
        assert all(cost(each) < cost(term) for each in inside)
        pending += inside


def test_a_shared_part_is_counted_each_time():
    assert cost(term_of("", "exp(x*y)*u + exp(x*y)*v")) > 2 * cost(term_of("", "exp(x*y)"))


def test_an_unknown_term_has_no_cost():
    with pytest.raises(TypeError, match="no rule"):
        cost(3)
