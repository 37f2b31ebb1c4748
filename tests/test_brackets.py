"""Brackets are strong zeros: in results, in code of all targets, and for the witnesses."""

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.brackets import gathered, strong_zero
from indexcalc.terms import MINUS_ONE as INVERSE
from indexcalc.terms import (
    ONE,
    ZERO,
    Call,
    Delta,
    Index,
    Indicator,
    Power,
    Product,
    Range,
    Sum,
    Tensor,
    Where,
    negative,
)

LETTERS = "index i, j, k, l : n\n"
N = Range("n")
ROW, COLUMN = Index("i", N), Index("j", N)
GAP = Sum(Tensor("x", (ROW,)), negative(Tensor("x", (COLUMN,))))
APART = Sum(ONE, negative(Delta(ROW, COLUMN)))
X = np.array([1.0, 2.0, 4.0])
BACKENDS = ["einsum", "numpy", "numba", "jax", "torch", "dask"]


def compute(sheet, target, backend="numpy", **arrays):
    if backend in ("numba", "jax", "torch", "dask"):
        pytest.importorskip(backend)
    with np.errstate(all="ignore"):
        return np.asarray(ic.derive(LETTERS + sheet, target).compile(backend=backend)(**arrays))


def test_what_is_not_defined_everywhere_goes_under_the_bracket():
    inverse = Power(GAP, INVERSE)
    assert gathered([APART, inverse]) is Where(Delta(ROW, COLUMN), ZERO, inverse)
    before, log = Indicator("<", ROW, COLUMN), Call("log", GAP)
    assert gathered([before, log]) is Where(before, log, ZERO)
    y = Tensor("y", (ROW,))
    assert gathered([APART, y, inverse]) is Product(y, Where(Delta(ROW, COLUMN), ZERO, inverse))


def test_what_is_harmless_or_has_other_indices_stays():
    assert gathered([APART, GAP]) is None
    assert gathered([APART, Power(Tensor("y", (ROW,)), INVERSE)]) is None  # the bracket does not keep y[i] from 0
    assert gathered([Delta(ROW, COLUMN), Power(GAP, INVERSE)]) is None  # a delta is put in


def test_choices_of_zero_are_brackets():
    choice = Where(Delta(ROW, COLUMN), ZERO, GAP)
    assert strong_zero(choice) is APART
    assert gathered([Power(choice, Tensor("m")), GAP]) is None
    assert gathered([choice, Power(GAP, INVERSE)]) is Where(Delta(ROW, COLUMN), ZERO, Product(GAP, Power(GAP, INVERSE)))
    assert strong_zero(GAP) is None


# A sheet, a target, and the numbers for x = 1, 2, 4.
UNDEFINED = [
    ("L = sum[i,j](1[i < j]*log(x[j] - x[i]))", "L", np.log(6)),
    ("L = sum[i,j](1[i < j]*log(x[j] - x[i]))", "diff(L, x[k])", [-4 / 3, 1 / 2, 5 / 6]),
    ("L = sum[i,j]((1 - delta[i,j])*log(abs(x[j] - x[i])))", "diff(L, x[k])", [-8 / 3, 1, 5 / 3]),
    ("L = sum[i,j](1[i != j]/(x[i] - x[j])^2)", "L", 2 * (1 + 1 / 9 + 1 / 4)),
    ("V[i,j] = 1[i != j]/(x[i] - x[j])", "sum[j](V[i,j])", [-4 / 3, 1 / 2, 5 / 6]),
    ("V[i,j] = 1[i != j]/(x[i] - x[j])\nL = V[i,j]*V[i,j]", "diff(L, x[k])", [4 + 4 / 27, -4 + 1 / 2, -4 / 27 - 1 / 2]),
    ("L = sum[i](1[x[i] > 2]*log(x[i] - 2))", "diff(L, x[k])", [0, 0, 1 / 2]),
    ("L = sum[i,j](where(i < j, 1/(x[j] - x[i]), 0)/(x[j] - x[i]))", "L", 1 + 1 / 9 + 1 / 4),
    ("L = sum[i,j](1[i < j]*exp(1000*x[i] - 900*x[j]))", "L", np.exp(-800) + np.exp(-2600) + np.exp(-1600)),
]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("sheet", "target", "expected"), UNDEFINED)
def test_terms_that_are_undefined_where_the_bracket_is_zero(sheet, target, expected, backend):
    tolerance = 1e-5 if backend == "jax" else 1e-12
    np.testing.assert_allclose(compute(sheet, target, backend, x=X), expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("sheet", "target"), [case[:2] for case in UNDEFINED if "exp" not in case[0]])
def test_the_witnesses_know_strong_zeros_too(sheet, target):
    assert ic.derive(LETTERS + sheet, target).verify().passed


def test_a_second_derivative_keeps_the_bracket():
    second = compute("V[i,j] = 1[i != j]/(x[i] - x[j])\nL = V[i,j]*V[i,j]", "diff(L, x[k], x[l])", x=X)
    gap = X[:, None] - X + np.eye(3)
    wanted = -12 / gap**4 * (1 - np.eye(3))
    np.testing.assert_allclose(second, wanted - np.diag(wanted.sum(axis=1)), rtol=1e-12)


def test_an_index_that_is_bound_inside_is_another_one():
    """sum[j](...) has no free j, so the bracket keeps it from nothing, and the definition is recognised."""
    sheet = "P[i,j] = 1[i != j]*exp(-(x[i] - x[j])^2)/sum[l](1[i != l]*exp(-(x[i] - x[l])^2))"
    result = ic.derive(LETTERS + sheet, "diff(P[i,j], x[k])")
    assert "exp" not in str(result) and result.verify().passed
    wanted = np.zeros((3, 3, 3))
    wanted[1] = [[50, -100, 50], [0, 0, 0], [-50, 100, -50]]
    np.testing.assert_allclose(compute(sheet, "diff(P[i,j], x[k])", x=np.array([0.0, 100.0, 200.0])), wanted, atol=1e-9)


def test_counts_of_places_are_no_poles():
    result = str(ic.derive("r[i] = max[j](A[i,j])\nL = min[i](r[i])", "diff(L, A[k,l])"))
    assert result == "1[A[k,l] == r[k]]*1[r[k] == L]/(sum[i](1[r[i] == L])*sum[j](1[A[k,j] == r[k]]))"


def test_a_bracket_with_an_exponential_is_not_multiplied_out():
    """sum[k](exp(P[i,k])) - exp(P[i,i]) would lose all digits where the diagonal is large."""
    sheet = "L = sum[i](log(sum[k]((1 - delta[i,k])*exp(P[i,k]))))"
    assert compute(sheet, "L", P=np.array([[900.0, 3.0], [800.0, 801.0]])) == pytest.approx(803)
