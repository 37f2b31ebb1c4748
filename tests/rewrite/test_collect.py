"""Like terms are collected: up to the names of dummies, the order of factors and the symmetries of tensors."""

import pytest

from tests.agreement import assert_right

SYMMETRIC = "assume A[i,j] = A[j,i]"
FULLY = "assume T[i,j,k] = T[j,i,k]\nassume T[i,j,k] = T[i,k,j]"

COLLECTED = [
    ("", "x[i]*y[i] + y[k]*x[k]", "2*x[i]*y[i]"),
    ("", "x[i]*B[i,j]*y[j] - y[k]*x[l]*B[l,k]", "0"),
    ("", "sum[k](e[k])*c/sum[l](e[l])", "c"),
    ("", "exp(x[i]*y[i])/exp(y[j]*x[j])", "1"),
    ("", "x*y + 2*y*x - 3*x*y", "0"),
    ("", "x^a*x^b*x^(-a)", "x^b"),
    (SYMMETRIC, "A[k,l] - A[l,k]", "0"),
    (SYMMETRIC, "exp(A[k,l]) + exp(A[l,k])", "2*exp(A[k,l])"),
    (SYMMETRIC, "exp(A[k,l])*y[k]*y[l] - exp(A[l,k])*y[k]*y[l]", "0"),
    (SYMMETRIC, "A[i,j]*A[j,i]", "sum[i,j](A[i,j]^2)"),
    (SYMMETRIC, "A[i,k]*x[i] + A[k,j]*y[j]", "A[i,k]*(x[i] + y[i])"),
    (SYMMETRIC, "diff(A[i,j]*x[i]*x[j], x[k], x[l])", "2*A[k,l]"),
    (FULLY, "T[p,q,r] + T[q,r,p] - 2*T[r,p,q]", "0"),
    (FULLY, "diff(T[i,j,k]*x[i]*x[j]*x[k], x[p], x[q])", "6*T[i,p,q]*x[i]"),
]


@pytest.mark.parametrize(("sheet", "target", "short"), COLLECTED)
def test_like_terms_are_collected(sheet, target, short):
    assert str(assert_right(sheet, target)) == short


@pytest.mark.parametrize(
    "target", ["A[k,l] - A[l,k]", "A[i,j]*A[j,i] - A[i,j]*A[i,j]", "x[i]*B[i,j]*y[j] - y[k]*B[k,l]*x[l]"]
)
def test_unlike_terms_are_not(target):
    assert str(assert_right("", target)) != "0"
