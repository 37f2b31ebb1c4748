"""Like terms are collected: up to the names of dummies, the order of factors and the symmetries of tensors."""

import pytest

from tests.agreement import assert_right

SYMMETRIC = "assume A[i,j] = A[j,i]"
ANTISYMMETRIC = "assume A[i,j] = -A[j,i]"
FULLY = "assume T[i,j,k] = T[j,i,k]\nassume T[i,j,k] = T[i,k,j]"
SPACE = "index i, j, k, l, p, q : 3"

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
    (SYMMETRIC, "where(x[k] > 1, 2*A[k,l], 2*A[l,k])*y[k]", "2*A[i,l]*y[i]"),
    (SYMMETRIC, "diff(A[i,j]*x[i]*x[j], x[k], x[l])", "2*A[k,l]"),
    (FULLY, "T[p,q,r] + T[q,r,p] - 2*T[r,p,q]", "0"),
    (FULLY, "diff(T[i,j,k]*x[i]*x[j]*x[k], x[p], x[q])", "6*T[i,p,q]*x[i]"),
    (ANTISYMMETRIC, "A[i,j] + A[j,i]", "0"),
    (ANTISYMMETRIC, "A[i,i]", "0"),
    (ANTISYMMETRIC, "A[i,j]*x[i]*x[j]", "0"),
    (ANTISYMMETRIC, "2*A[i,j]*B[i,j] + A[i,j]*B[j,i]", "A[i,j]*B[i,j]"),
    (ANTISYMMETRIC, "diff(A[i,j]*x[i]*y[j], x[k], y[l])", "A[k,l]"),
    (SPACE, "eps[i,j,k]*x[j]*x[k]", "0"),
    (SPACE, "eps[i,j,k] + eps[j,i,k]", "0"),
    (SPACE, "eps[i,j,k] - eps[j,k,i]", "0"),
    (SPACE, "eps[i,j,k]*a[i]*b[j]*c[k] - eps[i,j,k]*b[i]*c[j]*a[k]", "0"),
    (SPACE, "eps[i,j,k]*eps[l,p,q] - eps[j,i,k]*eps[l,q,p]", "0"),
    (SPACE, "diff(eps[i,j,k]*a[j]*a[k], a[l])", "0"),
    (SPACE, "diff(eps[i,j,k]*a[j]*b[k], a[l])", "eps[i,l,j]*b[j]"),
    (f"{SPACE}\n{SYMMETRIC}", "eps[i,j,k]*A[j,k]", "0"),
    (f"{SPACE}\n{SYMMETRIC}", "eps[i,j,k]*A[l,k]*A[l,j]*x[i]", "0"),
    ("", "where(x > 1, 2*y, 3) + where(x > 1, y, 0)", "where(x > 1, 3*y, 3)"),
    ("", "where(x > 1, y, 0) + where(x > 1, 0, y)", "y"),
]


@pytest.mark.parametrize(("sheet", "target", "short"), COLLECTED)
def test_like_terms_are_collected(sheet, target, short):
    assert str(assert_right(sheet, target)) == short


UNLIKE = [
    ("", "A[k,l] - A[l,k]"),
    ("", "A[i,j]*A[j,i] - A[i,j]*A[i,j]"),
    ("", "x[i]*B[i,j]*y[j] - y[k]*B[k,l]*x[l]"),
    (SYMMETRIC, "A[i,k]*A[k,j] - A[i,j]"),
    (ANTISYMMETRIC, "A[i,j]*B[i,j]"),
    (ANTISYMMETRIC, "A[i,j]*A[i,j] - A[i,i]*A[j,j]"),
    (SPACE, "eps[i,j,k]*x[j]*y[k]"),
    (SPACE, "eps[i,j,k]^2"),
    ("", "where(x > 1, y, 0) + where(x < 1, 0, y)"),
]


@pytest.mark.parametrize(("sheet", "target"), UNLIKE)
def test_unlike_terms_are_not(sheet, target):
    assert str(assert_right(sheet, target)) != "0"
