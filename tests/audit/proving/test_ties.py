"""Equalities that hold by chance only are left out of a comparison of derivatives; those that form brings about are not."""

import pytest

import indexcalc as ic

EXTREMES = "f = max[b](T[b])\ng = max[b](3*T[b])"
CLAIMS = [
    ("", "diff(relu(x[i]), x[j])", "1[x[i] >= 0]*delta[i,j]", "proved"),
    ("z[i] = x[i]*w\nf[i] = relu(z[i])", "diff(f[i], w)", "1[z[i] >= 0]*x[i]", "proved"),
    # Places that attain an extreme share the derivative: this differs where there are several.
    (EXTREMES, "diff(f, T[a])", "1[T[a] == f]", "agrees"),
    # An extreme, under its name too, equals one of its elements.
    (EXTREMES, "diff(f, T[a])", "0", "refuted"),
    (EXTREMES, "diff(f, T[a])", "diff(g, T[a])", "refuted"),
    (EXTREMES, "diff(f, T[a])", "2*diff(g, T[a])", "refuted"),
    # Two elements are one where their indices are equal.
    ("", "diff(max(x[i], x[j]), x[k])", "1[x[i] > x[j]]*delta[i,k] + 1[x[i] < x[j]]*delta[j,k]", "refuted"),
    ("", "diff(max(x[2], x[j]), x[k])", "1[x[2] > x[j]]*delta[2,k] + 1[x[2] < x[j]]*delta[j,k]", "refuted"),
    ("", "diff(max(x[i], x[j]), x[k])", "1[x[i] > x[j]]*delta[i,k] + 1[x[i] <= x[j]]*delta[j,k]", "proved"),
    (
        "",
        "diff(max(A[i,j], A[j,i]), A[k,l])",
        "1[A[i,j] > A[j,i]]*delta[i,k]*delta[j,l] + 1[A[i,j] < A[j,i]]*delta[j,k]*delta[i,l]",
        "refuted",
    ),
    # The same number under two names.
    ("g = f", "diff(max(f*x, g*x), x)", "f*1[f*x > g*x] + f*1[f*x < g*x]", "refuted"),
    # Sizes are whole numbers, which are equal often.
    ("index i : m", "diff(max(m*x, 3*x), x)", "m*1[m*x > 3*x] + 3*1[m*x < 3*x]", "refuted"),
]


@pytest.mark.parametrize(("sheet", "left", "right", "word"), CLAIMS)
def test_claims(sheet, left, right, word):
    assert str(ic.equal(sheet, left, right)) == word
