"""Where libraries differ on valid input: one triangle or the symmetric part, equal eigenvalues, axes of length 1."""

import numpy as np
import pytest

import indexcalc as ic

RANDOM = np.random.default_rng(0)
SKEW = RANDOM.normal(size=(3, 3))
LOPSIDED = np.diag([3.0, 4.0, 5.0]) + SKEW / 3
EVEN = (LOPSIDED + LOPSIDED.T) / 2
SHEET = "tensor A[i,i']\nassume A = A.T\n"
BACKENDS = ["numpy", "einsum", "torch", "numba", "dask"]


def value(target: str, backend: str, matrix: np.ndarray) -> np.ndarray:
    """What the code of a target gives for a matrix."""
    if backend not in ("numpy", "einsum"):
        pytest.importorskip(backend)
    return np.asarray(ic.derive(SHEET, target).compile(backend)(A=matrix))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "target", ["chol(A)", "eigvalsh(A)", "diff(tr(chol(A)), A)", "diff(sum[i](eigvalsh(A)[i]^3), A)"]
)
def test_both_triangles_count(target: str, backend: str) -> None:
    found = value(target, backend, LOPSIDED)
    np.testing.assert_allclose(found, value(target, backend, EVEN), rtol=1e-12, atol=1e-12)
    if target.startswith("diff"):
        np.testing.assert_allclose(found, found.T, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("backend", ["numpy", "einsum", "torch"])
def test_first_derivatives_at_equal_eigenvalues(backend: str) -> None:
    scalar = 2.0 * np.eye(3)
    np.testing.assert_allclose(value("diff(sum[i](eigvalsh(A)[i]^3), A)", backend, scalar), 3 * scalar @ scalar)
    slope = value("diff(tr(sqrtm(A)), A)", backend, scalar)
    np.testing.assert_allclose(slope, np.eye(3) / (2 * np.sqrt(2)), atol=1e-12)


def test_what_does_not_exist_at_equal_eigenvalues_is_no_number_and_never_a_silent_zero() -> None:
    with np.errstate(all="ignore"):
        found = value("diff(eigvalsh(A), A, A)", "numpy", 2.0 * np.eye(3))
    assert not np.isfinite(found).all()


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_axis_of_length_one_is_not_stretched(backend: str) -> None:
    if backend not in ("numpy", "einsum"):
        pytest.importorskip(backend)
    function = ic.derive("tensor A[i,j], b[i]", "inv(A) @ b").compile(backend)
    with pytest.raises(ValueError, match=r"\bb\b"):
        function(A=EVEN, b=np.ones(1))
    with pytest.raises(ValueError, match=r"\b[Ab]\b"):
        function(A=np.ones((1, 1)), b=np.ones(3))
