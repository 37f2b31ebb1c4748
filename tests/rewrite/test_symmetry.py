"""Tensors whose definition makes them symmetric or antisymmetric are treated like those that a fact calls so."""

import pytest

from indexcalc.notation.reader import parse_sheet
from indexcalc.rewrite.symmetry import canonical_under
from tests.agreement import assert_right

GRAM = "C[i,j] = x[k,i]*x[k,j]"
DISTANCE = "d[i,j] = sum[a]((x[i,a] - x[j,a])^2)"
KERNEL = "K[i,j] = exp(-sum[a]((x[i,a] - x[j,a])^2)/2)"
PLANE = "W[i,j] = u[i]*v[j] - u[j]*v[i]"
CUBE = "T[i,j,k] = x[i]*x[j]*x[k]"
NESTED = f"{GRAM}\nD[i,j] = C[j,i]^2 + delta[i,j]"
PARTLY = "S[i,j,k] = (x[i] + x[j])*y[k]"

FOUND = [
    (GRAM, {"C": ((0, 1),)}, {}),
    (DISTANCE, {"d": ((0, 1),)}, {}),
    (KERNEL, {"K": ((0, 1),)}, {}),
    (PLANE, {}, {"W": ((0, 1),)}),
    (CUBE, {"T": ((0, 1, 2),)}, {}),
    (NESTED, {"C": ((0, 1),), "D": ((0, 1),)}, {}),
    (PARTLY, {"S": ((0, 1),)}, {}),
    (f"assume A[i,j] = A[j,i]\n{GRAM}", {"A": ((0, 1),), "C": ((0, 1),)}, {}),
    # No symmetry, or none that is seen.
    ("B[i,j] = x[k,i]*y[k,j]", {}, {}),
    ("B[i,j] = A[i,j]*x[i]", {}, {}),
    ("index i : m\nindex j : n\nB[i,j] = x[i]*y[j]", {}, {}),
    ("B[i,j] = diff(x[k]*A[k,l]*x[l], x[i], x[j])", {}, {}),
]


@pytest.mark.parametrize(("sheet", "symmetric", "antisymmetric"), FOUND)
def test_what_a_definition_implies(sheet, symmetric, antisymmetric):
    found = canonical_under(parse_sheet(sheet))
    assert (found.symmetries, found.antisymmetries) == (symmetric, antisymmetric)


USED = [
    (GRAM, "C[i,j] - C[j,i]", "0"),
    (f"{GRAM}\nf = C[i,j]*C[i,j]", "diff(f, x[k,l])", "4*C[i,l]*x[k,i]"),
    (f"{GRAM}\nf = C[i,j]*C[i,j]", "diff(f, C[i,j])", "2*C[i,j]"),
    (KERNEL, "diff(c[i]*K[i,j]*c[j], c[k])", "2*K[i,k]*c[i]"),
    (PLANE, "W[i,j]*y[i]*y[j]", "0"),
    (PLANE, "diff(W[i,j]*W[i,j], u[k])", "-4*W[i,k]*v[i]"),
    (f"{GRAM}\nf = C[i,j]*A[i,k]*C[k,j]", "diff(f, C[p,q], x[r,s])", None),
    (f"{GRAM}\nf = C[i,j]*A[i,k]*C[k,j]", "diff(f, x[r,s], C[p,q])", None),
]


@pytest.mark.parametrize(("sheet", "target", "short"), USED)
def test_it_is_used_and_the_value_stays(sheet, target, short):
    result = assert_right(sheet, target)
    assert short is None or str(result) == short


MAJOR = "assume C[i,j,k,l] = C[k,l,i,j]"
MINOR = "assume C[i,j,k,l] = C[j,i,k,l]"
ENERGY = f"{MAJOR}\nW = 1/2*C[i,j,k,l]*e[i,j]*e[k,l]"
RIEMANN = "assume R[i,j,k,l] = R[k,l,i,j]\nassume R[i,j,k,l] = -R[j,i,k,l]"
MOVED_TOGETHER = [
    (ENERGY, "diff(W, e[m,n])", "C[i,j,m,n]*e[i,j]"),
    (ENERGY, "diff(W, e[m,n], e[p,q])", "C[m,n,p,q]"),
    (MAJOR, "C[i,j,k,l]*e[i,j]*f[k,l] - C[i,j,k,l]*f[i,j]*e[k,l]", "0"),
    (MAJOR, "C[i,j,k,l] - C[j,i,k,l]", "C[i,j,k,l] - C[j,i,k,l]"),
    (f"{MAJOR}\n{MINOR}", "C[i,j,k,l] - C[l,k,j,i]", "0"),
    (RIEMANN, "R[i,j,k,l] - R[j,i,l,k]", "0"),
    (RIEMANN, "R[i,j,k,l] + R[i,j,l,k]", "0"),
    ("assume T[i,j,k] = T[j,k,i]", "T[i,j,k] + T[k,i,j]", "2*T[i,j,k]"),
    ("assume T[i,j,k] = T[j,k,i]", "T[i,j,k] - T[j,i,k]", "T[i,j,k] - T[i,k,j]"),
    ("assume A[i,1] = A[1,i]", "A[i,j] - A[j,i]", "A[i,j] - A[j,i]"),
]


@pytest.mark.parametrize(("sheet", "target", "short"), MOVED_TOGETHER)
def test_slots_that_move_together(sheet, target, short):
    assert str(assert_right(sheet, target)) == short
