"""Solutions instead of inverses, one Cholesky factor for all that is asked of a definite matrix; the same numbers."""

import re

import numpy as np
import pytest

import indexcalc as ic

GAUSSIAN = """
index n : N
tensor x[n,i], mu[i], S[i,i']
assume posdef S
r[n,i] = x[n,i] - mu[i]
ll = -1/2*sum[n,i](r[n,i]*(r @ inv(S))[n,i]) - N/2*logdet(S)
"""
RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(7, 3))
S = X.T @ X / 7 + np.eye(3)
A = RANDOM.normal(size=(3, 3)) + 3 * np.eye(3)
GIVEN = {"x": X, "mu": RANDOM.normal(size=3), "S": S}
BACKENDS = ["numpy", "einsum", "jax", "torch", "numba", "dask"]


def own(code: str) -> str:
    """The generated function, without the helpers around it."""
    (found,) = re.findall(r"^def (?!checked|cho_|check_).*?(?=^\S|\Z)", code, re.MULTILINE | re.DOTALL)[:1]
    return re.sub(r'""".*?"""', "", re.sub(r"#.*", "", found), flags=re.DOTALL)


def available(backend: str) -> None:
    """Skip where the library is not installed; jax in double precision."""
    if backend not in ("numpy", "einsum"):
        pytest.importorskip(backend)


@pytest.mark.parametrize("backend", ["numpy", "einsum", "jax", "torch"])
def test_likelihood_solution_and_gradients_share_one_factor(backend: str) -> None:
    result = ic.derive(GAUSSIAN, ["ll", "diff(ll, mu)", "diff(ll, S)", "solve(S, mu)", "det(S)"])
    code = own(result.code(backend))
    assert code.count("cholesky(") == 1
    assert not re.search(r"linalg\.(inv|det|slogdet|solve)\(", code)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_numbers_are_those_of_the_inverse(backend: str) -> None:
    available(backend)
    result = ic.derive(GAUSSIAN, ["ll", "diff(ll, mu)", "diff(ll, S)", "solve(S, mu)", "det(S)"])
    found = [np.asarray(each) for each in result.compile(backend)(**GIVEN).values()]
    inverse, r = np.linalg.inv(S), X - GIVEN["mu"]
    wanted = [
        -np.sum(r @ inverse * r) / 2 - 7 / 2 * np.linalg.slogdet(S)[1],
        inverse @ r.sum(0),
        (inverse @ r.T @ r @ inverse - 7 * inverse) / 2,
        inverse @ GIVEN["mu"],
        np.linalg.det(S),
    ]
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10 if one.dtype == np.float64 else 1e-4)


@pytest.mark.parametrize(
    ("sheet", "target", "solutions"),
    [
        ("tensor A[i,j], b[i]", "inv(A) @ b", 1),
        ("tensor A[i,j], b[i]", "inv(A).T @ b", 1),
        ("tensor A[i,j], B[i,k]", "inv(A) @ B", 1),
        ("tensor A[i,j], B[k,i]", "B @ inv(A)", 1),
        ("tensor A[i,j], b[i]\nf = b @ inv(A) @ b", "diff(f, b)", 2),
        ("tensor A[i,j], b[i]\nf = b @ inv(A) @ b", "diff(f, A)", 2),
        ("tensor A[b,i,j], b[i]", "inv(A)[b,i,j]*b[j]", 1),
        ("tensor A[i,j], b[i], c[i]", "inv(A) @ inv(A.T) @ (b + c)", 2),
    ],
)
@pytest.mark.parametrize("backend", ["numpy", "einsum", "torch"])
def test_a_product_with_an_inverse_is_a_solution(sheet: str, target: str, solutions: int, backend: str) -> None:
    available(backend)
    result = ic.derive(sheet, target)
    code = own(result.code(backend))
    assert "inv(" not in code
    assert code.count("linalg.solve(") == solutions
    assert result.verify().passed


def test_an_inverse_that_is_asked_for_itself_is_used() -> None:
    code = own(ic.derive("tensor A[i,j], b[i]", ["inv(A)", "inv(A) @ b"]).code("numpy"))
    assert code.count("linalg.inv(") == 1
    assert "solve" not in code


@pytest.mark.parametrize(
    ("sheet", "target", "factors"),
    [
        ("tensor X[n,i]\nf = logdet(X.T @ X)", "diff(f, X)", 1),
        ("tensor X[n,i], y[n]\nassume c > 0", "solve(X.T @ X + c*eye, X.T @ y)", 1),
        ("tensor X[n,i], y[n]", "solve(X.T @ X + c*eye, X.T @ y)", 0),  # c may be negative
        ("tensor X[n,i], y[n], d[i]", "solve(X.T @ X + diag(d .* d), X.T @ y)", 1),
        ("tensor X[n,i], y[n], u[n]\nassume u[n] > 0", "inv(X.T @ diag(u) @ X) @ X.T @ y", 1),
        ("tensor X[n,i]", "logdet(X.T @ X)", 0),  # may be singular, with -inf
        ("tensor X[n,i], w[i]", "inv(X.T @ X - outer(w, w)) @ w", 0),
    ],
)
def test_a_matrix_that_is_definite_by_its_form_has_a_factor(sheet: str, target: str, factors: int) -> None:
    result = ic.derive(sheet, target)
    assert own(result.code("numpy")).count("cholesky(") == factors
    assert result.verify().passed


def test_without_scipy_numpy_does_it_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "scipy.linalg", None)
    result = ic.derive(GAUSSIAN, ["ll", "diff(ll, mu)", "diff(ll, S)", "solve(S, mu)"])
    space: dict = {}
    exec(result.code("numpy"), space)
    assert space["lapack"] is None
    function = next(each for name, each in space.items() if "compute" in name)
    found = function(**GIVEN)
    monkeypatch.undo()
    for one, other in zip(found, result.compile("numpy")(**GIVEN).values(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


@pytest.mark.parametrize(("backend", "message"), [
    ("numpy", r"Matrix is not positive definite, in chol_S = .*\(S \+"),
    ("einsum", r"Matrix is not positive definite, in chol_S = .*\(S \+"),
    ("torch", r"not positive-definite\), in chol_S = .*\(S \+"),
])  # fmt: skip
def test_an_indefinite_matrix_is_named(backend: str, message: str) -> None:
    available(backend)
    function = ic.derive(GAUSSIAN, "diff(ll, mu)").compile(backend)
    with pytest.raises(Exception, match=message) as caught:
        function(**{**GIVEN, "S": S - 9 * np.eye(3)})
    assert type(caught.value).__name__.endswith("LinAlgError")


@pytest.mark.parametrize(("backend", "message"), [
    ("numpy", r"Singular matrix, in out = np.linalg.solve\(A, b\)"),
    ("torch", r"singular, in out = torch.linalg.solve\(A, b\)"),
])  # fmt: skip
def test_a_singular_matrix_is_named(backend: str, message: str) -> None:
    available(backend)
    function = ic.derive("tensor A[i,j], b[i]", "inv(A) @ b").compile(backend)
    with pytest.raises(Exception, match=message) as caught:
        function(A=np.ones((3, 3)), b=np.ones(3))
    assert type(caught.value).__name__.endswith("LinAlgError")


@pytest.mark.parametrize("condition", [1e2, 1e6, 1e10])
def test_the_error_is_that_of_a_good_solver(condition: float) -> None:
    q, _ = np.linalg.qr(RANDOM.normal(size=(20, 20)))
    matrix = (q * np.geomspace(1, 1 / condition, 20)) @ q.T
    matrix = (matrix + matrix.T) / 2
    x = RANDOM.normal(size=20)
    b = matrix @ x
    for said in ("", "\nassume posdef A"):
        found = ic.derive(f"tensor A[i,j], b[i]{said}", "inv(A) @ b").compile()(A=matrix, b=b)
        best = np.linalg.solve(matrix, b)
        assert np.linalg.norm(found - x) <= 10 * np.linalg.norm(best - x) + 1e-14
        assert np.linalg.norm(matrix @ found - b) <= 1e-14 * np.linalg.norm(found)
