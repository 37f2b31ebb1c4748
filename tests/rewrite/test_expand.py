"""Multiplying out as far as it shortens: roots, choices, the permutation symbol, sums that stay factors."""

import pytest

from indexcalc.canonical import Canonical
from indexcalc.rewrite.expand import MOST_MONOMIALS, Expansion, TooLargeError
from indexcalc.terms import Product, Range, Sum, Tensor
from tests.agreement import assert_right

SHORT = [
    # Roots
    ("", "sqrt(x)*sqrt(x)", "x"),
    ("", "x/sqrt(x)", "sqrt(x)"),
    ("", "sqrt(x*y)*sqrt(x*y)", "x*y"),
    ("", "(x + y)/sqrt(x + y)", "sqrt(x + y)"),
    ("", "sqrt(x[i]*x[i])^2", "sum[i](x[i]^2)"),
    ("", "2^0.5*2^0.5*x", "2*x"),
    ("", "diff(sqrt(x[i]*x[i]), x[j])", "x[j]/sqrt(sum[i](x[i]^2))"),
    (
        "r = sqrt(sum[i](x[i]^2))",
        "diff(r, x[j], x[k])",
        "(delta[j,k] - x[j]*x[k]/r^2)/r",
    ),
    ("f[i] = sqrt(x[i])", "diff(f[i], x[j])", "delta[i,j]/(2*f[i])"),
    ("f[i] = sqrt(x[i])", "x[i]*y[i]", "x[i]*y[i]"),
    ("c[i] = 1/x[i]", "diff(c[i], x[j])", "-c[i]^2*delta[i,j]"),
    ("c[i] = 1/x[i]", "x[i]^2*y[i]", "x[i]^2*y[i]"),
    # Choices
    ("", "where(i == k, x[k], x[i])", "x[i]"),
    ("", "where(i == k, A[i,k], A[i,i])*y[k]", "A[i,i]*sum[k](y[k])"),
    ("", "where(x > 1, y, 0*z + y)*z", "y*z"),
    ("", "where(x[i] > 1, 2*y[j] + A[i,j] - A[i,j], 2*y[j])*z[j]", "2*y[j]*z[j]"),
    ("", "where(i == j, 2, 0)*y[j]", "2*y[i]"),
    # Division
    ("", "x*(y/x + z)", "x*z + y"),
    ("", "(a*x + b*x)/x", "a + b"),
    # The permutation symbol
    ("index i, j, k, l : 3", "eps[i,j,k]*eps[i,j,l]", "2*delta[k,l]"),
    ("index i, j, k : 3", "eps[i,j,k]*eps[i,j,k]", "6"),
    ("index i, j, k : 3", "eps[i,j,k]*delta[j,k]", "0"),
    (
        "index i, j, k, l, p : 3",
        "eps[i,j,k]*a[j]*eps[k,l,p]*b[l]*c[p]",
        "a[j]*(b[i]*c[j] - b[j]*c[i])",
    ),
]


@pytest.mark.parametrize(("sheet", "target", "short"), SHORT)
def test_short_form(sheet, target, short):
    assert str(assert_right(sheet, target)) == short


TIES = [
    ("u[p] = max[a](A[p,a]*A[p,a] + A[p,a]*x[a])", "1[A[p,a]*A[p,a] + A[p,a]*x[a] == u[p]]"),
    ("", "1[x*y + x*z == max(x*y + x*z, w)]"),
    ("", "1[x*y + x*z == 2]"),
]


@pytest.mark.parametrize(("sheet", "text"), TIES)
def test_sides_that_must_be_equal_are_not_put_into_other_words(sheet, text):
    """x*y + x*z and x*(y + z) are equal numbers only up to rounding."""
    assert str(assert_right(sheet, text)) == text


KEPT = [
    "2*(x[i] + y[i])*(x[i] + z[i])",
    "x*(y + z)^3",
    "sum[i](x[i])*sum[j](y[j])",
    "exp(x*(y + z))",
    "(x + y)^z",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_would_not_become_shorter_is_not_multiplied_out(text):
    assert str(assert_right("", text)) == text


def test_no_more_is_multiplied_out_than_can_be_read():
    factors = [Sum(*(Tensor(f"x{which}_{place}") for place in range(12))) for which in range(4)]
    assert 12**4 > MOST_MONOMIALS
    with pytest.raises(TooLargeError):
        Expansion(Canonical(), everything=True)(Product(*factors))
    assert len(Expansion(Canonical())(Product(*factors))) == 1


def test_an_unknown_term_is_refused():
    class Other(Tensor):
        pass

    with pytest.raises(TypeError, match="no rule for Range"):
        Expansion(Canonical()).polynomial(Range("m"))
