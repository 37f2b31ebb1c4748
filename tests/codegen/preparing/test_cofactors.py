"""Derivatives of determinants are made of cofactors, so that they have values at singular matrices too."""


import numpy as np
import pytest

import indexcalc as ic

BACKENDS = ["numpy", "einsum", "jax", "torch", "numba", "dask"]
RANDOM = np.random.default_rng(0)
FULL = RANDOM.normal(size=(4, 4))
SINGULAR = {
    "rank 3": FULL @ np.diag([1.0, 2, 3, 0]) @ FULL.T,
    "rank 2": FULL @ np.diag([1.0, 2, 0, 0]) @ FULL.T,
    "zero": np.zeros((4, 4)),
    "integers": np.array([[1.0, 2, 3, 4], [2, 4, 6, 8], [0, 1, 0, 1], [1, 1, 1, 0]]),
    "regular": FULL,
    "nearly": FULL @ np.diag([1.0, 2, 3, 1e-12]) @ FULL.T,
}


pytestmark = pytest.mark.usefixtures("double")


def cofactors(matrix):
    """By minors."""
    size = len(matrix)
    kept = [[other for other in range(size) if other != each] for each in range(size)]
    minors = [[np.linalg.det(matrix[np.ix_(kept[i], kept[j])]) for j in range(size)] for i in range(size)]
    return np.array(minors) * (-1.0) ** np.add.outer(np.arange(size), np.arange(size))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", SINGULAR)
def test_the_gradient_of_a_determinant_has_a_value_at_a_singular_matrix(name, backend):
    pytest.importorskip(backend if backend not in ("numpy", "einsum") else "numpy")
    matrix = SINGULAR[name]
    for target, factor in (("diff(det(A), A)", 1.0), ("diff(3*det(A)^2, A)", 6 * np.linalg.det(matrix))):
        found = ic.derive("tensor A[i,j]", target).compile(backend)(A=matrix)
        np.testing.assert_allclose(found, factor * cofactors(matrix), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("backend", BACKENDS)
def test_chains_batches_and_symmetric_matrices(backend):
    pytest.importorskip(backend if backend not in ("numpy", "einsum") else "numpy")
    matrix, other = SINGULAR["rank 3"], RANDOM.normal(size=(4, 4))
    line = ic.derive("tensor A[i,j], B[i,j]\nf = det(A + t*B)", "diff(f, t)").compile(backend)
    found = line(A=matrix, B=other, t=0.0)
    np.testing.assert_allclose(found, np.sum(cofactors(matrix) * other), rtol=1e-9)
    batch = np.stack([matrix, FULL, np.zeros((4, 4))])
    found = ic.derive("tensor A[b,i,j]", "diff(det(A)[b], A[b,i,j])").compile(backend)(A=batch)
    np.testing.assert_allclose(found, [cofactors(each) for each in batch], rtol=1e-9, atol=1e-12)
    found = ic.derive("symmetric A\nf = det(A)", "diff(f, A[i,j])").compile(backend)(A=matrix)
    np.testing.assert_allclose(found, cofactors(matrix), rtol=1e-9, atol=1e-9)
    found = ic.derive("tensor A[i,j]", "diff(det(A), A)").compile(backend)(A=np.array([[0.0]]))
    np.testing.assert_array_equal(found, [[1.0]])


def test_a_definite_matrix_keeps_its_factor():
    code = ic.derive("tensor A[i,j]\nassume posdef A", "diff(det(A), A)").code()
    assert "adjugate(" not in code
    assert "cholesky(" in code


def second(matrix):
    """The second derivatives by differences of cofactors, which are exact for a polynomial up to rounding."""
    size, step = len(matrix), 1e-4
    moved = np.eye(size * size).reshape(size, size, size, size) * step
    slopes = [[(cofactors(matrix + each) - cofactors(matrix - each)) / (2 * step) for each in row] for row in moved]
    return np.moveaxis(np.array(slopes), (0, 1), (2, 3))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", SINGULAR)
def test_the_second_derivative_too(name, backend):
    pytest.importorskip(backend if backend not in ("numpy", "einsum") else "numpy")
    matrix, other = SINGULAR[name], RANDOM.normal(size=(4, 4))
    function = ic.derive("tensor A[i,j]", "diff(det(A), A, A)").compile(backend)
    np.testing.assert_allclose(function(A=matrix), second(matrix), rtol=1e-6, atol=1e-6)
    function = ic.derive("tensor A[i,j], B[i,j]", "diff(det(A + t*B), t, t)").compile(backend)
    expected = np.einsum("ijkl,ij,kl", second(matrix), other, other)
    np.testing.assert_allclose(function(A=matrix, B=other, t=0.0), expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_determinant_with_a_name(backend):
    pytest.importorskip(backend if backend not in ("numpy", "einsum") else "numpy")
    matrix = SINGULAR["rank 3"]
    function = ic.derive("tensor A[i,j]\nf = (det(A) - 1)^2", "diff(f, A)").compile(backend)
    np.testing.assert_allclose(function(A=matrix), -2 * cofactors(matrix), rtol=1e-9, atol=1e-9)
    function = ic.derive("tensor A[i,j]\nf = det(A)^2", "diff(f, A)").compile(backend)
    np.testing.assert_allclose(function(A=matrix), 0 * matrix, atol=1e-9)
    function = ic.derive("tensor A[i,j]\nf = det(A)^2", "diff(f, A, A)").compile(backend)
    expected = 2 * np.einsum("ij,kl->ijkl", cofactors(matrix), cofactors(matrix))
    np.testing.assert_allclose(function(A=matrix), expected, rtol=1e-9, atol=1e-9)


def test_under_the_transformations_of_the_libraries():
    jax, torch = pytest.importorskip("jax"), pytest.importorskip("torch")
    batch = np.stack(list(SINGULAR.values()))
    expected = [cofactors(each) for each in batch]
    source = ic.derive("tensor A[i,j]", "diff(det(A), A)")
    space = {}
    exec(source.code("jax"), space)
    found = jax.jit(jax.vmap(space["diff_det_A_A"]))(batch)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
    space = {}
    exec(source.code("torch"), space)
    found = torch.func.vmap(space["diff_det_A_A"])(torch.tensor(batch))
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
