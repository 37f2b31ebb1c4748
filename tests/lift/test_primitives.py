"""Inverses, determinants, solutions and factors in array code, against formulas and in backward passes."""

import pytest

import indexcalc as ic

HEAD = "index j, k, l : n\nindex i : m\n"
SQUARE = HEAD + "tensor A[j,k], b[j]\nx[j] = solve(A, b)[j]\nL = logdet(A)\nD = det(A)"
NORMAL = HEAD + "tensor X[i,j], y[i]\nw[j] = solve(X.T @ X + c*eye, X.T @ y)[j]"
SYMMETRIC = HEAD + "tensor A[j,k]\nsymmetric A\nF = chol(A)"
NAMES = {"A": "A", "b": "b", "X": "X", "y": "y", "c": "c"}


def verdict(sheet, target, code):
    known = ic.parse(sheet)
    return str(ic.check_code(known, target, code, {name: each for name, each in NAMES.items() if each in known.slots}))


@pytest.mark.parametrize(
    ("sheet", "target", "right", "wrong"),
    [
        (SQUARE, "x[j]", "np.linalg.solve(A, b)", "np.linalg.solve(A.T, b)"),
        (SQUARE, "x[j]", "np.linalg.inv(A) @ b", "b @ np.linalg.inv(A)"),
        (SQUARE, "x[j]", "jnp.linalg.solve(A, b)", "jnp.linalg.solve(A, b[:, None])"),
        (SQUARE, "x[j]", "torch.linalg.solve(A, b)", "torch.inverse(A).T @ b"),
        (SQUARE, "x[j]", "A.inverse() @ b", "A.det() * b"),
        (SQUARE, "L", "np.linalg.slogdet(A)[1]", "-np.linalg.slogdet(A)[1]"),
        (SQUARE, "diff(L, A[j,k])", "np.linalg.inv(A).T", "np.linalg.inv(A)"),
        (SQUARE, "diff(D, A[j,k])", "np.linalg.det(A) * np.linalg.inv(A.T)", "np.linalg.inv(A.T)"),
        (
            NORMAL,
            "w[j]",
            "np.linalg.solve(X.T @ X + c * np.eye(X.shape[1]), X.T @ y)",
            "np.linalg.solve(X.T @ X - c * np.eye(X.shape[1]), X.T @ y)",
        ),
        (NORMAL, "w[j]", "np.linalg.inv(X.T @ X + c * np.eye(len(X.T))) @ X.T @ y", "np.linalg.inv(X @ X.T) @ y"),
        (SYMMETRIC, "F[j,k]", "np.linalg.cholesky(A)", "np.linalg.cholesky(A).T"),
    ],
)
def test_right_code_is_confirmed_and_wrong_code_refuted(sheet, target, right, wrong):
    assert verdict(sheet, target, right) in ("proved", "agrees")
    assert verdict(sheet, target, wrong) == "refuted"


@pytest.mark.parametrize("code", ["scipy.linalg.cholesky(A)", "np.linalg.inv(b)", "np.linalg.svd(A)[0]"])
def test_what_is_not_known_is_unreadable(code):
    assert verdict(SQUARE, "D", f"import scipy.linalg\n{code}") == "unreadable"


INVERSE = """
class Inverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, A):  # A: (n, n)
        S = torch.linalg.inv(A)
        ctx.save_for_backward(S)
        return S

    @staticmethod
    def backward(ctx, flow):
        S, = ctx.saved_tensors
        return -S.T @ flow @ S.T
"""
SOLVE = """
def solve_forward(A, b):  # A: (n, n), b: (n,)
    x = np.linalg.solve(A, b)
    return x, (A, x)

def solve_backward(flow, cache):
    A, x = cache
    db = np.linalg.solve(A.T, flow)
    return -np.outer(db, x), db
"""


@pytest.mark.parametrize(
    ("code", "slip", "wrong"),
    [
        (INVERSE, ("-S.T @ flow @ S.T", "-S @ flow @ S"), {"A"}),
        (SOLVE, ("-np.outer(db, x)", "-np.outer(x, db)"), {"A"}),
        (SOLVE, ("solve(A.T, flow)", "solve(A, flow)"), {"A", "b"}),
    ],
)
def test_backward_passes(code, slip, wrong):
    assert {str(each) for each in ic.check_backward(code).values()} == {"proved"}
    found = ic.check_backward(code.replace(*slip))
    assert {name for name, each in found.items() if str(each) == "refuted"} == wrong
