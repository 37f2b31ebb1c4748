"""Claims of sheets in matrix notation: what is known of inverses, determinants and their like, and what is not."""

import pytest

import indexcalc as ic

SHEET = """
index i : n
index a : m
tensor A[i,j], C[i,j], P[i,j], Q[i,j], L[i,j], B[a,b], X[r,i], Y[a,i], U[i,k], V[k,j], M[k,l], u[i], v[i], O[r,k]
assume Q.T @ Q = eye
assume O.T @ O = eye
assume L[i,j] = L[i,j]*1[i >= j]
assume posdef P
"""
PROVED = [
    "inv(A) @ A = eye",
    "eye = A @ inv(A)",
    "inv(A @ C) = inv(C) @ inv(A)",
    "inv(A + outer(u, v)) = inv(A) - inv(A) @ u @ v.T @ inv(A)/(1 + v.T @ inv(A) @ u)",
    "inv(A + C) = inv(A) @ inv(inv(A) + inv(C)) @ inv(C)",
    "inv(A + U @ M @ V) = inv(A) - inv(A) @ U @ inv(inv(M) + V @ inv(A) @ U) @ V @ inv(A)",
    "det(A + outer(u, v)) = det(A)*(1 + v @ inv(A) @ u)",
    "det(c*A) = c^n*det(A)",
    "tr(inv(A) @ A) = n",
    "inv(Q) = Q.T",
    "Q @ Q.T = eye",
    "det(Q)^2 = 1",
    "abs(det(Q)) = 1",
    "logdet(Q) = 0",
    "logdet(Q @ A) = logdet(A)",
    "det(L) = prod[i](L[i,i])",
    "logdet(L) = sum[i](log(abs(L[i,i])))",
    "logdet(P) = 2*sum[i](log(chol(P)[i,i]))",
    "det(chol(P)) = prod[i](chol(P)[i,i])",
    "inv(P) = inv(chol(P)).T @ inv(chol(P))",
    "sum[i](eigvalsh(P)[i]) = tr(P)",
    "logdet(P) = sum[i](log(eigvalsh(P)[i]))",
    "pinv(A) = inv(A)",
    "X @ pinv(X) @ X = X",
    "pinv(X) = inv(X.T @ X) @ X.T",
    "diff(logdet(X.T @ X), X) = 2*pinv(X).T",
    "vec(B @ Y @ A.T) = kron(A, B) @ vec(Y)",
    "kron(A, B) @ kron(C, B) = kron(A @ C, B @ B)",
    "kron(A, B).T = kron(A.T, B.T)",
    "inv(kron(A, B)) = kron(inv(A), inv(B))",
    "inv(kron(A, B).T) @ kron(A.T, B.T) = kron(A, B) @ inv(kron(A, B))",
    "solve(kron(A, B), vec(Y)) = vec(inv(B) @ Y @ inv(A).T)",
    "det(kron(A, B)) = det(A)^m*det(B)^n",
    "diff(logdet(kron(A, B)), A) = m*inv(A).T",
]
REFUTED = [
    "inv(A @ C) = inv(A) @ inv(C)",
    "inv(A + outer(u, v)) = inv(A) - inv(A) @ u @ v.T @ inv(A)/(1 + u.T @ inv(A) @ v)",
    "inv(A + C) = inv(A) @ inv(inv(A) + inv(C)) @ inv(A)",
    "det(c*A) = c*det(A)",
    "det(Q) = 1",
    "O @ O.T = eye",
    "det(A) = prod[i](A[i,i])",
    "inv(P) = inv(chol(P)) @ inv(chol(P)).T",
    "vec(B @ Y @ A) = kron(A, B) @ vec(Y)",
    "vec(A) = vec(A.T)",
    "inv(kron(A, B)) = kron(inv(A), B)",
    "det(kron(A, B)) = det(A)^n*det(B)^m",
    "logdet(kron(A, B)) = logdet(A) + logdet(B)",
]


def verdict(claim: str) -> str:
    """The verdict on a claim of the sheet."""
    (found,) = ic.check(f"{SHEET}check {claim}\n", format="sheet").claims
    return found.verdict.word


@pytest.mark.parametrize("claim", PROVED)
def test_what_holds_is_proved(claim: str) -> None:
    assert verdict(claim) == "proved"


@pytest.mark.parametrize("claim", REFUTED)
def test_what_does_not_hold_is_refuted(claim: str) -> None:
    assert verdict(claim) == "refuted"


def test_a_matrix_that_is_singular_for_its_sizes_refutes_nothing() -> None:
    """X may be wider than tall in a sample: then X.T @ X has no inverse, and the claim says nothing of it."""
    assert verdict("X @ inv(X.T @ X) @ X.T @ X = X") == "proved"
    assert verdict("tr(X @ inv(X.T @ X) @ X.T)*u = n*u") == "proved"


def test_axes_of_vec_are_compared_with_axes_of_vec() -> None:
    (claim,) = ic.check(f"{SHEET}check u = vec(A)\n", format="sheet").claims
    assert claim.verdict.word == "unreadable"
    assert claim.verdict.reason.partition(": ")[2] == (
        "an axis runs over 2 indices here, and over one index on the other side. "
        "Compare vec with vec and kron with kron, or write elements with indices"
    )


@pytest.mark.parametrize(
    "claim",
    [
        "inv(A @ C @ A.T) = inv(A).T @ inv(C) @ inv(A)",
        "inv(A @ C @ P) = inv(P) @ inv(C) @ inv(A)",
        "diff(logdet(A @ P @ A.T), A) = 2*inv(A @ P @ A.T) @ A @ P",
    ],
)
def test_products_of_three_matrices_are_taken_apart(claim: str) -> None:
    assert verdict(claim) == "proved"
