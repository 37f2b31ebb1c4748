"""Stable forms: right and without a warning at arguments of size 1000, whatever way the formula is written."""

import numpy as np
import pytest

import indexcalc as ic
from indexcalc import codegen
from tests.codegen.elementwise import read

Z = np.array([[1000.0, -1000.0, 999.0], [0.0, 1000.0, 1000.0], [-1000.0, -1000.0, -1001.0], [-1.0, 0.5, 2.0]])
Y = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]])
SHIFTED = np.exp(Z - Z.max(axis=1, keepdims=True))
A = SHIFTED / SHIFTED.sum(axis=1, keepdims=True)
LSE = np.log(SHIFTED.sum(axis=1)) + Z.max(axis=1)
LOG_A = Z - LSE[:, None]
S = np.array([1.0, 0.5, 0.0, 1 / (1 + np.exp(1.0))])
M = len(Z)
EYE = np.eye(3)
DELTAS = np.einsum("pr,qs->pqrs", np.eye(M), EYE)
JACOBIAN = np.einsum("pq,pr,qs->pqrs", A, np.eye(M), EYE) - np.einsum("pq,ps,pr->pqrs", A, A, np.eye(M))

SHEET = """\
index p, r : m
index q, s, k : n
a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
CE = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
H = -sum[p,q](a[p,q]*log(a[p,q]))
"""
NAMED = """\
index p, r : m
index q, s, k : n
e[p,q] = exp(z[p,q])
t[p] = sum[k](e[p,k])
a[p,q] = e[p,q]/t[p]
CE = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
H = -sum[p,q](a[p,q]*log(a[p,q]))
"""
LOGISTIC = "index p, r : m\ng[p] = 1/(1 + exp(-z[p,1]))\nB = -sum[p](y[p,1]*log(g[p]) + (1 - y[p,1])*log(1 - g[p]))\n"
FIRST = np.zeros((M, 3))
FIRST[:, 0] = S - Y[:, 0]

TARGETS = [
    ("a[p,q]", A),
    ("log(a[p,q])", LOG_A),
    ("CE", -np.sum(Y * LOG_A) / M),
    ("diff(a[p,q], z[r,s])", JACOBIAN),
    ("diff(log(a[p,q]), z[r,s])", DELTAS - np.einsum("ps,pr,q->pqrs", A, np.eye(M), np.ones(3))),
    ("diff(CE, z[r,s])", (A - Y) / M),
    ("diff(CE, z[p,q], z[r,s])", JACOBIAN / M),
    ("diff(H, z[r,s])", -A * (LOG_A - np.sum(A * LOG_A, axis=1, keepdims=True))),
]  # fmt: skip
CASES = [(sheet, target, value) for sheet in (SHEET, NAMED) for target, value in TARGETS]
CASES += [
    (LOGISTIC, "g[p]", S),
    (LOGISTIC, "B", np.sum(np.logaddexp(0, Z[:, 0]) - Y[:, 0] * Z[:, 0])),
    (LOGISTIC, "diff(B, z[r,s])", FIRST),
    ("", "log(sum[k](exp(z[p,k])))", LSE),
    ("", "log(mean[k](exp(z[p,k])))", LSE - np.log(3)),
    ("", "log(1 + exp(z[p,q]))", np.logaddexp(0, Z)),
    ("", "log(exp(z[p,1]) + exp(z[p,2]) + exp(z[p,3]))", LSE),
    ("", "exp(z[p,1])/(exp(z[p,1]) + exp(z[p,2]) + exp(z[p,3]))", A[:, 0]),
    ("", "exp(z[p,1])/(1 + exp(z[p,1]))", S),
    ("", "1/(exp(z[p,1]) + 1)", 1 - S),
    ("", "(exp(z[p,1]) - exp(-z[p,1]))/(exp(z[p,1]) + exp(-z[p,1]))", np.tanh(Z[:, 0])),
    ("", "sum[k](y[p,k]*exp(z[p,k]))/sum[k](exp(z[p,k]))", np.sum(A * Y, axis=1)),
    ("", "sigmoid(z[p,1])", S),
    ("", "softplus(z[p,q])", np.logaddexp(0, Z)),
]


@pytest.mark.parametrize("backend", ["einsum", "numpy"])
@pytest.mark.parametrize(("sheet", "target", "expected"), CASES)
def test_large_arguments(sheet, target, expected, backend):
    if "diff" in target:
        function = ic.derive(sheet, target).compile(backend=backend)
    else:
        free = "".join(letter for letter in "pq" if f"[{letter}" in target or f",{letter}]" in target)
        reading = read(sheet, target, "" if target in ("CE", "B") else free)
        function = codegen.compile(reading.term, reading.axes, reading.sheet, backend)
    wanted = {
        name: array for name, array in {"z": Z, "y": Y}.items() if name in function._known or name in function.arguments
    }
    with np.errstate(all="raise", under="ignore"):
        result = function(**wanted)
    np.testing.assert_allclose(result, expected, rtol=1e-12, atol=1e-15)
