"""Where a definition or a fact fits into a term, and where it only seems to."""

import pytest

import indexcalc as ic
from tests.agreement import assert_right

U = "u[i] = exp(A[i,j]*x[j])"
TWO_SUMS = "w = sum[i,j](A[i,j]*B[i,j])"
LARGEST = "v = max[i](x[i]^2)"

FITS = [
    (U, "exp(A[j,i]*x[i])", "u[j]"),
    (U, "exp(A[1,i]*x[i])", "u[1]"),
    (U, "exp(A[j,i]*x[i])^3", "u[j]^3"),
    (U, "sum[k](1/exp(A[k,i]*x[i]))", "sum[i](1/u[i])"),
    (TWO_SUMS, "B[k,l]*A[k,l]", "w"),
    (LARGEST, "max[j](x[j]*x[j])", "v"),
    ("h = x[i]*y[i]", "c*y[k]*x[k]", "h*c"),
    ("s = 2*c*d", "c*d*x", "s*x/2"),
    ("s[i] = x[i] + y[i]", "(x[k] + y[k])*z[k]", "s[i]*z[i]"),
    ("assume 2*x[i]/c = y[i]", "x[j]*d[j]/c", "y[i]*d[i]/2"),
    ("assume a = 3", "a^2*x", "9*x"),
    # A power stands for several factors.
    ("assume x[i]*x[j] = c[i,j]", "x[k]^2", "c[k,k]"),
    ("assume Q[k,i]*Q[k,j] = delta[i,j]", "Q[a,b]*Q[a,c]*x[c]", "x[b]"),
    ("assume A[i,k]*B[k,j] = delta[i,j]", "A[i,k]*B[k,j]*x[j]", "x[i]"),
    ("assume sum[q](y[p,q]) = 1", "sum[p,q](y[p,q]*c[p])", "sum[p](c[p])"),
]

SEEMS_TO_FIT = [
    # An index of the definition cannot stand for one that is summed inside.
    (U, "exp(A[i,i]*x[i])"),
    ("assume sum[q](y[p,q]) = 1", "sum[q](y[q,q])"),
    # Two sums are not one.
    (TWO_SUMS, "A[k,k]*B[k,k]"),
    (TWO_SUMS, "exp(A[k,k]*B[k,k])"),
    ("t = exp(sum[i,j](A[i,j]*B[i,j]))", "exp(A[k,k]*B[k,k])"),
    # Transposed.
    (TWO_SUMS, "A[k,l]*B[l,k]"),
    ("assume A[i,k]*B[k,j] = delta[i,j]", "A[k,i]*B[k,j]"),
    # Other reductions.
    (LARGEST, "min[j](x[j]^2)"),
    (LARGEST, "prod[j](x[j]^2)"),
    # What is summed stands in another factor too.
    ("assume sum[q](y[p,q]) = 1", "sum[q](y[p,q]*c[q])"),
    ("h = x[i]*y[i]", "x[i]*y[i]*z[i]"),
    # Fewer factors.
    ("h = A[i,j]*x[i]*x[j]", "A[i,j]*x[i]"),
    # A smaller power.
    ("s[i] = x[i]^3", "x[i]^2"),
    ("s = c*d/e", "c*d*e"),
]


@pytest.mark.parametrize(("sheet", "target", "short"), FITS)
def test_fits(sheet, target, short):
    assert str(assert_right(sheet, target)) == short


@pytest.mark.parametrize(("sheet", "target"), SEEMS_TO_FIT)
def test_does_not_fit(sheet, target):
    result = assert_right(sheet, target)
    assert result.expression.term.symbols == result.target.term.symbols
    assert not {"recognise", "fact"}.intersection(step.rule for step in result.steps)


def test_no_root_of_a_negative_number():
    assert str(assert_right("assume -x = y\nassume x > 0", "x^0.5 + x^2")) == "y^2 + sqrt(x)"


def test_factors_that_are_too_few_are_not_searched(monkeypatch):
    """A chain of 30 factors is not looked for among 28 of them and two deltas, in all of their orders."""
    from indexcalc.rewrite import match

    calls = []
    fits = match._fits
    monkeypatch.setattr(match, "_fits", lambda *arguments: calls.append(len(arguments[0])) or fits(*arguments))
    chain = "*".join(f"A[i{place},i{place + 1}]" for place in range(12))
    ic.derive(f"y[i0,i12] = {chain}", "diff(y[i0,i12], A[p,q])")
    assert 12 not in calls
