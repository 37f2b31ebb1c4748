"""Matrix notation: what it means in indices, what it is refused for, and that results read back."""

import numpy as np
import pytest

import indexcalc as ic

SHEET = "tensor A[i,i'], B[i,i'], X[n,i], w[i], y[n], u[i], T[b,i,i']\n"


@pytest.mark.parametrize(
    ("matrix", "indices"),
    [
        ("(X @ w)[n]", "X[n,i]*w[i]"),
        ("(X w)[n]", "X[n,i]*w[i]"),
        ("(A @ B)[p,q]", "A[p,i]*B[i,q]"),
        ("(A.T)[p,q]", "A[q,p]"),
        ("(A .* B)[p,q]", "A[p,q]*B[p,q]"),
        ("w @ w", "w[i]*w[i]"),
        ("w.T @ A @ u", "w[i]*A[i,p]*u[p]"),
        ("(w @ A)[p]", "w[i]*A[i,p]"),
        ("(w @ u.T)[p,q]", "w[p]*u[q]"),
        ("outer(w, u)[p,q]", "w[p]*u[q]"),
        ("tr(A)", "A[p,p]"),
        ("tr(A @ B)", "A[p,q]*B[q,p]"),
        ("norm(w)^2", "w[i]*w[i]"),
        ("norm(A)", "sqrt(A[p,q]*A[p,q])"),
        ("norm(w, 1)", "sum[i](abs(w[i]))"),
        ("diag(w)[p,q]", "w[p]*delta[p,q]"),
        ("diag(A)[p]", "sum[q](A[p,q]*delta[p,q])"),
        ("diag(diag(A))[p,q]", "A[p,q]*delta[p,q]"),
        ("(A + 2*eye)[p,q]", "A[p,q] + 2*delta[p,q]"),
        ("(A + 2*ones)[p,q]", "A[p,q] + 2"),
        ("exp(X)[n,i]", "exp(X[n,i])"),
        ("(A/norm(w))[p,q]", "A[p,q]/sqrt(w[i]*w[i])"),
        ("(A - B.T)[p,q]", "A[p,q] - B[q,p]"),
        ("X[n,:] @ w", "X[n,i]*w[i]"),
        ("tr(T[b,:,:])", "sum[p](T[b,p,p])"),
        ("kron(A, B)[:,:] @ vec(A) @ vec(B)" if False else "vec(A) @ vec(B)", "A[p,q]*B[p,q]"),
        ("vec(A) @ (kron(A.T, B) @ vec(B))", "sum[p,q,i,i'](A[p,q]*B[p,i]*B[i,i']*A[i',q])"),
        ("-(X.T @ (y - X @ w))[i]", "-(X[n,i]*(y[n] - sum[p](X[n,p]*w[p])))"),
    ],
)
def test_matrix_notation_means_indices(matrix: str, indices: str) -> None:
    assert str(ic.equal(SHEET, matrix, indices)) == "proved"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "f = tr(A*B)",
            "the product A*B can be read in two ways.\n    f = tr(A*B)\n           ^^^\n"
            "Write A @ B for the product of matrices, or A .* B for entry by entry.",
        ),
        (
            "S = A + 1",
            "a number and a matrix cannot be added.\n    S = A + 1\n        ^   ^\n"
            "Write 1*eye or 1*ones, whichever is meant.",
        ),
        (
            "S = A .* B @ A",
            "A .* B @ C can be read as (A .* B) @ C and as A .* (B @ C).\n    S = A .* B @ A\n        ^^^^^^^^^^\n"
            "Write brackets.",
        ),
        (
            "f = tr(eye)",
            "nothing gives the size of eye here.\n    f = tr(eye)\n        ^^^^^^^\n"
            "Write the size itself: tr(eye) is the number of rows.",
        ),
        (
            "S = A^2",
            "a power of a matrix can be read in two ways.\n    S = A^2\n        ^^^\n"
            "Write A @ A for the product of matrices, or A .* A for entry by entry.",
        ),
        (
            "r = X @ y",
            "the sizes of X @ y do not fit: the columns of X run over i, y over n.\n    r = X @ y\n        ^   ^\n"
            "Write X.T @ y, or declare both with one letter if the matrix is square.",
        ),
        (
            "L = chol(A)",
            "chol takes a symmetric matrix, and A is not known to be one.\n    L = chol(A)\n             ^\n"
            "State assume A = A.T or symmetric A.",
        ),
        (
            "f = w + A",
            "a vector and a matrix cannot be added.\n    f = w + A\n        ^   ^\n"
            "Transpose one of them with .T, or write the sum with indices.",
        ),
        (
            "f = logdet(w)",
            "logdet takes a matrix, and this is a vector.\n    f = logdet(w)\n               ^\nWrite logdet(A).",
        ),
        (
            "g[i] = X.T @ y",
            "the right side is a vector, and the left side an element.\n    g[i] = X.T @ y\n    ^^^^   ^^^^^^^\n"
            "Write g = ... without indices, or (...)[i] on the right.",
        ),
    ],
)
def test_what_could_mean_two_things_is_refused(text: str, message: str) -> None:
    with pytest.raises(ic.IndexcalcError) as caught:
        ic.parse(SHEET + text)
    assert str(caught.value).partition(": ")[2] == message


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("f = logdet(X.T @ X + c*eye)", "diff(f, X[n,i])"),
        ("f = w @ solve(A, u)", "diff(f, A[i,i'])"),
        ("f = logdet(A) + w @ inv(A) @ u", "diff(f, A[i,i'], A[p,q])"),
        ("g = inv(T)[b,i,i']*u[i]*w[i']" if False else "g[b] = logdet(T[b,:,:])", "diff(g[b], T[b,i,i'])"),
        ("f = det(A @ B + eye)", "diff(f, B[i,i'])"),
        ("S = X.T @ X\nf = tr(inv(S) @ A)", "diff(f, X[n,i])"),
        ("f = sum[b](w[i]*inv(T)[b,i,i']*u[i'])", "diff(f, T[b,i,i'])"),
        ("f = logdet[p,q](A[p,q] + c*B[p,q])", "diff(f, c)"),
        ("symmetric C\nf = logdet(C)", "diff(f, C[i,i'])"),
    ],
)
def test_results_agree_with_autograd_and_read_back(text: str, target: str) -> None:
    sheet = ic.parse(SHEET + text)
    result = ic.derive(sheet, target)
    assert result.verify().passed
    printed = str(result.expression)
    assert str(ic.equal(sheet, target, printed)) == "proved"


def test_a_target_may_be_a_matrix() -> None:
    sheet = ic.parse("tensor X[n,i]\nS = X.T @ X")
    array = np.arange(6.0).reshape(2, 3)
    np.testing.assert_allclose(ic.derive(sheet, "S").compile()(X=array), array.T @ array)
    np.testing.assert_allclose(ic.derive(sheet, "X @ X.T").compile()(X=array), array @ array.T)
    assert ic.derive(sheet, "diff(tr(S), X)").axes == ("n", "i")
