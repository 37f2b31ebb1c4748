"""Inverses, determinants and their like in every target: the line of checks, and the type of the results."""

import numpy as np
import pytest

import indexcalc as ic

RANDOM = np.random.default_rng(0)
S = RANDOM.normal(size=(3, 3))
A = S @ S.T + 3 * np.eye(3)
BATCH = np.stack([A, A + np.eye(3)])
CASES = {
    "inv(A)[i,j]": ("tensor A[i,j]", {"A": A}),
    "inv(A)[b,i,j]": ("tensor A[b,i,j]", {"A": BATCH}),
    "det(A)": ("tensor A[i,j]", {"A": A}),
    "logdet(A)": ("tensor A[i,j]\nassume posdef A", {"A": A}),
    "solve(A, b)[i]": ("tensor A[i,j], b[i]", {"A": A, "b": RANDOM.normal(size=3)}),
    "solve(A, B)[i,k]": ("tensor A[i,j], B[i,k]", {"A": A, "B": RANDOM.normal(size=(3, 2))}),
    "chol(A)[i,j]": ("tensor A[i,i]\nassume posdef A", {"A": A}),
    "pinv(A)[j,i]": ("tensor A[i,j]", {"A": RANDOM.normal(size=(4, 3))}),
    "sqrtm(A)[i,j]": ("tensor A[i,i]\nassume posdef A", {"A": A}),
    "eigvalsh(A)[i]": ("tensor A[i,i]\nsymmetric A", {"A": A}),
    "diff(det(A), A[k,l])": ("tensor A[i,j]", {"A": A}),
    "diff(sum[i](solve(A, b)[i]^2), A[k,l])": ("tensor A[i,j], b[i]", {"A": A, "b": RANDOM.normal(size=3)}),
}
TARGETS = [
    *(("numpy", target) for target in CASES),
    *(("einsum", target) for target in CASES),
    *(("torch", target) for target in CASES),
    *(("dask", target) for target in CASES if "sqrtm" not in target),
    *(("jax", target) for target in ("inv(A)[i,j]", "diff(det(A), A[k,l])", "solve(A, b)[i]")),
    *(("numba", target) for target in ("inv(A)[i,j]", "logdet(A)")),
]


def functions(backend, target):
    """The compiled function of a target and that of its file, with arguments."""
    if backend not in ("numpy", "einsum"):
        pytest.importorskip(backend)
    if backend == "jax":
        import jax

        jax.config.update("jax_enable_x64", True)
    sheet, given = CASES[target]
    result = ic.derive(sheet, target)
    compiled = result.compile(backend)
    space = {}
    exec(compile(result.code(backend), "<file>", "exec"), space)
    own = next(each for each in space.values() if target.split("(")[0] in str(getattr(each, "__doc__", "")))
    return (compiled, own), given


@pytest.mark.parametrize(("backend", "target"), TARGETS)
def test_the_type_is_that_of_the_arguments_and_float64_for_integers(backend, target):
    both, given = functions(backend, target)
    whole = {name: np.rint(4 * array).astype(int) for name, array in given.items()}
    for function in both:
        as_floats = np.asarray(function(**{name: array.astype(float) for name, array in whole.items()}))
        for other in (whole, {name: array.tolist() for name, array in whole.items()}):
            found = np.asarray(function(**other))
            assert found.dtype == np.float64
            np.testing.assert_allclose(found, as_floats)
        single = np.asarray(function(**{name: array.astype(np.float32) for name, array in given.items()}))
        assert single.dtype == np.float32
        np.testing.assert_allclose(single, np.asarray(function(**given)), rtol=2e-3, atol=1e-3)


@pytest.mark.parametrize(("backend", "target"), TARGETS)
def test_ranks_and_sizes_are_checked_with_the_name_of_the_argument(backend, target):
    both, given = functions(backend, target)
    array = given["A"]
    wrong = [array[..., None]] if "pinv" in target else [array[..., None], np.concatenate([array, array[..., :1]], -1)]
    for function in both:
        for each in wrong:
            with pytest.raises(ValueError, match=r"\bA\b"):
                function(**{**given, "A": each})


def test_what_a_target_cannot_spell_is_refused():
    pytest.importorskip("dask")
    with pytest.raises(ic.IndexcalcError, match="code for dask cannot take sqrtm"):
        ic.derive("tensor A[i,i]\nassume posdef A", "sqrtm(A)[i,j]").compile("dask")
