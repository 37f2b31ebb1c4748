"""Facts of inverses, determinants and factors are proved; the same with a slip is refuted."""

import pytest

import indexcalc as ic

SHEET = """index p, q : n
tensor A[p,q], B[p,q], u[p], v[p], U[p,a], C[a,b], V[a,p], X[m,p], S[p,q]
assume posdef S
"""


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("A @ inv(A)", "eye"),
        ("inv(A) @ A", "eye"),
        ("inv(A.T)", "inv(A).T"),
        ("inv(A @ B)", "inv(B) @ inv(A)"),
        ("inv(c*A)", "inv(A)/c"),
        ("inv(inv(A))", "A"),
        ("det(A @ B)", "det(A)*det(B)"),
        ("det(inv(A))", "1/det(A)"),
        ("det(c*A)", "c^n*det(A)"),
        ("logdet(A @ B)", "logdet(A) + logdet(B)"),
        ("logdet(inv(A))", "-logdet(A)"),
        ("inv(diag(u)) @ u", "ones"),
        ("solve(A, u)", "inv(A) @ u"),
        ("A @ solve(A, u)", "u"),
        ("inv(A + B)", "inv(B + A)"),
        ("inv(A + U @ C @ V)", "inv(A) - inv(A) @ U @ inv(inv(C) + V @ inv(A) @ U) @ V @ inv(A)"),
        ("det(A + outer(u, v))", "det(A)*(1 + v @ inv(A) @ u)"),
        ("inv(A) - inv(B)", "inv(A) @ (B - A) @ inv(B)"),
        ("inv(eye + A)", "eye - A @ inv(eye + A)"),
        ("inv(S).T", "inv(S)"),
        ("logdet(S)", "2*sum[p](log(chol(S)[p,p]))"),
        ("chol(S) @ chol(S).T", "S"),
        ("X.T @ inv(X @ X.T + c*eye)", "inv(X.T @ X + c*eye) @ X.T"),
        ("diff(logdet(A), A)", "inv(A).T"),
        ("diff(u @ inv(A) @ v, A)", "-outer(inv(A).T @ u, inv(A) @ v)"),
        ("diff(logdet(X.T @ X), X)", "2*X @ inv(X.T @ X)"),
    ],
)
def test_facts_of_inverses_are_proved(left: str, right: str) -> None:
    assert str(ic.equal(SHEET, left, right)) == "proved"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("inv(A @ B)", "inv(A) @ inv(B)"),
        ("diff(logdet(A), A)", "inv(A)"),
        ("det(c*A)", "c*det(A)"),
        ("inv(A)", "inv(A).T"),
        ("inv(A + B)", "inv(A) + inv(B)"),
        ("det(A + outer(u, v))", "det(A)*(1 + u @ inv(A) @ v)"),
        ("logdet(S)", "sum[p](log(chol(S)[p,p]))"),
        ("chol(S).T @ chol(S)", "S"),
    ],
)
def test_slips_are_refuted(left: str, right: str) -> None:
    assert str(ic.equal(SHEET, left, right)) == "refuted"
