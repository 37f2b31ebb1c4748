"""Sums of exponentials with coefficients, masks and constants at magnitudes of 1000, in all targets."""

import numpy as np
import pytest

import indexcalc as ic

S = 1 / (1 + np.exp(1.0))  # sigmoid(-1)
EVEN, NEAR = [1.0, 1.0], [800.0, 801.0]
CURVED = S * (1 - S) * np.array([[1, -1], [-1, 1]])
MASKED = "index k, p, q : n\nA[p,q] = M[p,q]*exp(P[p,q])/sum[k](M[p,k]*exp(P[p,k]))\nL = sum[p,q](A[p,q]*G[p,q])"
BASELINE = "A[q] = exp(u[q])/(1 + sum[k](exp(u[k])))"
WEIGHTED = "L = log(sum[k](w[k]*exp(u[k])))"
MIXTURE = "g[i,k] = p[k]*exp(-(x[i] - m[k])^2/(2*s[k]^2))/s[k]\nf[i] = sum[k](g[i,k])\nr[i,k] = g[i,k]/f[i]"
LIKELIHOOD = MIXTURE + "\nL = sum[i](log(f[i]))"
GAUSS = {"x": [1000.0, 0.0], "m": [0.0, 10.0], "s": [1.0, 1.0], "p": [0.5, 0.5]}
M, P = [[1.0, 0.0], [1.0, 1.0]], [[3.0, 900.0], [800.0, 801.0]]
CAUSAL = [[1, 0], [S, 1 - S]]
OTHERS = "index i, j, k : n\nL = sum[i](log(sum[k]((1 - delta[i,k])*exp(P[i,k]))))"

# A sheet, a target, the arguments, the result.
CASES = [
    # coefficients and masks
    (MASKED, "A[p,q]", {"P": P, "M": M}, CAUSAL),
    (MASKED, "log(A[p,q])", {"P": P, "M": M}, [[0, -np.inf], np.log([S, 1 - S])]),
    (MASKED, "diff(L, P[p,q])", {"P": P, "M": M, "G": [[0.0, 1.0], [2.0, 3.0]]}, [[0, 0], [-S * (1 - S), S * (1 - S)]]),
    ("A[i,j] = where(j <= i, exp(P[i,j]), 0)/sum[k](where(k <= i, exp(P[i,k]), 0))", "A[i,j]", {"P": P}, CAUSAL),
    ("A[i,j] = 1[j <= i]*exp(P[i,j])/sum[k](1[k <= i]*exp(P[i,k]))", "A[i,j]", {"P": P}, CAUSAL),
    (OTHERS, "L", {"P": [[900.0, 3.0], [800.0, 801.0]]}, 803),
    (OTHERS, "diff(L, P[i,j])", {"P": [[900.0, 3.0], [800.0, 801.0]]}, [[0, 1], [1, 0]]),
    (WEIGHTED, "L", {"u": [1000.0, 1000.0], "w": [1.0, 3.0]}, 1000 + np.log(4)),
    (WEIGHTED, "L", {"u": [-1000.0, 5.0], "w": [1.0, 0.0]}, -1000),
    (WEIGHTED, "diff(L, u[k])", {"u": [800.0, 801.0], "w": EVEN}, [S, 1 - S]),
    (WEIGHTED, "diff(L, w[k])", {"u": [800.0, 801.0], "w": EVEN}, [S, 1 - S]),
    (WEIGHTED, "diff(L, u[k], u[l])", {"u": NEAR, "w": EVEN}, CURVED),
    ("", "sum[i](exp(a[i])*b[i])/sum[i](exp(a[i])*c[i])", {"a": [1e3, 1e3], "b": [1.0, 2.0], "c": [2.0, 3.0]}, 0.6),
    ("", "log(sum[i](exp(x[i])*y[i]) - c)", {"x": [1000.0, 1000.0], "y": [1.0, 3.0], "c": 3.0}, 1000 + np.log(4)),
    # constants
    (BASELINE, "A[q]", {"u": [800.0, 1.0]}, [1, 0]),
    (BASELINE, "A[q]", {"u": [-800.0, 0.0]}, [0, 0.5]),
    (BASELINE, "diff(A[q], u[k])", {"u": [800.0, 1.0]}, np.zeros((2, 2))),
    ("L = log(1 + sum[k](exp(u[k])))", "L", {"u": [800.0, 1.0]}, 800),
    ("L = log(1 + sum[k](exp(u[k])))", "diff(L, u[k])", {"u": [800.0, 1.0]}, [1, 0]),
    ("", "log1p(sum[k](exp(u[k])))", {"u": [1000.0, 999.0]}, 1000 + np.log1p(np.exp(-1.0))),
    # hyperbolic functions
    ("L = log(cosh(x))", "L", {"x": 1000.0}, 1000 - np.log(2)),
    ("L = log(cosh(x))", "diff(L, x)", {"x": -1000.0}, -1),
    ("L = log(cosh(x))", "diff(L, x, x)", {"x": 1000.0}, 0),
    ("L = log(sinh(x))", "diff(L, x)", {"x": 1000.0}, 1),
    ("y = 1/cosh(x)", "diff(y, x)", {"x": 1000.0}, 0),
    ("y = 1/cosh(x)", "diff(y, x, x)", {"x": -1000.0}, 0),
    ("y = (exp(x) - exp(-x))/(exp(x) + exp(-x))", "diff(y, x, x)", {"x": 1000.0}, 0),
    ("y = exp(a)/(exp(a) + exp(b) + exp(c))", "diff(y, b, c)", {"a": 1000.0, "b": 999.0, "c": 1001.0},
     2 * np.exp(0.0) / (1 + np.exp(-1.0) + np.e) ** 3),
    ("", "sqrt(1 + exp(x))/exp(x/2)", {"x": 1000.0}, 1),
    ("", "(1 + exp(x))^2*exp(-2*x)", {"x": 1000.0}, 1),
    ("", "cosh(x)/cosh(y)", {"x": 1000.0, "y": -1000.0}, 1),
    ("", "sinh(x)/(cosh(x) + 1)", {"x": 1000.0}, 1),
    ("", "sinh(x)/cosh(x)", {"x": 1e-9}, 1e-9),
    ("", "(exp(x) - exp(-x))/(exp(x) + exp(-x) + c)", {"x": 1000.0, "c": 3.0}, 1),
    ("", "log(exp(x) - 1)", {"x": 1000.0}, 1000),
    ("", "log(expm1(x))", {"x": 1000.0}, 1000),
    ("", "sigmoid(x)/sigmoid(y)", {"x": -1000.0, "y": -1001.0}, np.e),
    # Gaussian ratios
    (MIXTURE, "r[i,k]", GAUSS, [[0, 1], [1, 0]]),
    (LIKELIHOOD, "L", GAUSS, -(990.0**2) / 2 + 2 * np.log(0.5)),
    (LIKELIHOOD, "diff(L, m[k])", GAUSS, [0, 990]),
    (LIKELIHOOD, "diff(L, s[k])", GAUSS, [-1, 990.0**2 - 1]),
    ("", "exp(-x^2)/exp(-y^2)", {"x": 1000.0, "y": 1000.0}, 1),
    ("", "exp(u[i])/exp(v[j])", {"u": [1000.0, 999.0], "v": [1000.0, 1001.0]}, np.exp([[0.0, -1], [-1, -2]])),
    # what was scaled before, beside others
    ("L = log(sum[j](exp(s[j])*n[j])/(exp(t) + sum[j](exp(s[j])*n[j])))", "diff(L, s[k])",
     {"s": [1000.0, 900.0], "n": EVEN, "t": 1001.0}, [1 - S, 0]),
    ("L = -log(exp(t/T)/(exp(t/T) + sum[j](exp(s[j]/T))))", "diff(L, t)", {"s": NEAR, "t": 800.0, "T": 0.1},
     -10 * (1 - 1 / (2 + np.exp(10)))),
    # products
    ("p[i] = sigmoid(z[i])\nL = log(prod[i](p[i]^y[i]*(1 - p[i])^(1 - y[i])))", "L",
     {"z": [1000.0, -1000.0], "y": [1.0, 1.0]}, -1000),
    ("", "log(prod[i](x[i]))", {"x": [1e-200, -1e-200, -2.0]}, -400 * np.log(10) + np.log(2)),
    ("assume x[i] > 0\nL = log(prod[i](x[i]))", "L", {"x": [1e-200, 1e-200]}, -400 * np.log(10)),
    ("L = log(prod[i](x[i]))", "diff(L, x[k])", {"x": [1e-200, 1e-100]}, [1e200, 1e100]),
    ("L = log(prod[i](exp(-x[i]^2/2)/s))", "L", {"x": [1000.0, 1000.0], "s": 2.0}, -(1000.0**2) - 2 * np.log(2)),
    ("L = log(prod[i](exp(-x[i]^2/2)/s))", "diff(L, x[k])", {"x": [1000.0, 1000.0], "s": 2.0}, [-1000, -1000]),
    ("", "log(x^y)", {"x": 1000.0, "y": 1000.0}, 1000 * np.log(1000)),
    ("", "log(x^y)", {"x": -1000.0, "y": 1000.0}, 1000 * np.log(1000)),
    # reductions and roots
    ("", "exp(u[i])/max[j](exp(u[j]))", {"u": [1000.0, 999.0]}, [1, np.exp(-1.0)]),
    ("", "sqrt(sum[i](exp(u[i])^2))/sum[i](exp(u[i]))", {"u": [1000.0, 1000.0]}, 2**-0.5),
    ("Z = sum[i,j](exp(a[i] + B[i,j] + c[j]))\nL = log(Z)", "diff(L, B[i,j])",
     {"a": [1000.0, 0.0], "c": [0.0, -2000.0, -1000.0], "B": np.zeros((2, 3))}, [[1, 0, 0], [0, 0, 0]]),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "target", "arguments", "expected"), CASES)
def test_large_arguments(sheet, target, arguments, expected):
    given = {name: np.asarray(value) if np.ndim(value) else value for name, value in arguments.items()}
    function = ic.derive(sheet, target).compile()
    with np.errstate(divide="ignore", under="ignore", over="raise"):
        result = function(**given)
    np.testing.assert_allclose(result, expected, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("backend", ["einsum", "numba", "jax", "torch", "dask"])
@pytest.mark.parametrize(("sheet", "target", "arguments", "expected"), CASES[::3])
def test_all_targets(sheet, target, arguments, expected, backend):
    if backend != "einsum":
        pytest.importorskip(backend)
    if backend == "jax" and "e-200" in repr(arguments):
        pytest.skip("float32")
    given = {name: np.asarray(value) if np.ndim(value) else value for name, value in arguments.items()}
    with np.errstate(all="ignore"):
        result = np.asarray(ic.derive(sheet, target).compile(backend=backend)(**given))
    tolerance = 1e-3 if backend == "jax" else 1e-11
    np.testing.assert_allclose(result, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("sheet", "target"), [case[:2] for case in CASES[::2]])
def test_at_usual_magnitudes_nothing_changes(sheet, target):
    assert ic.derive(sheet, target).verify().passed


def test_a_mask_that_leaves_nothing_out_of_nothing():
    function = ic.derive(WEIGHTED, "L").compile()
    with np.errstate(divide="ignore"):
        assert function(u=np.array([800.0, 3.0]), w=np.zeros(2)) == -np.inf


def test_parts_are_hidden_from_what_is_printed():
    code = ic.derive(MASKED, "A[p,q]").code("numpy")
    assert "1e+38" in code and not any(word in code for word in ("peak ", "scaled ", "counted "))
