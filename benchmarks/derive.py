"""How long a derivation takes, beside sympy's on the same problem: medians of warm runs in one process.

    python benchmarks/derive.py [PROBLEM...]

indexcalc reads the target, differentiates, removes the deltas and brings the result into short form. sympy (`Indexed`,
`Sum`, `KroneckerDelta`) differentiates and carries out the sums (`doit`); it neither uses facts nor recognises
definitions, so that its results are longer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import sympy as sp

import indexcalc as ic

RUNS = 15
LONG_ENOUGH = 1.0  # seconds; a slower problem is run fewer times

SOFTMAX = "a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))"
CROSS_ENTROPY = "CE = -1/m*sum[p,q](y[p,q]*log(a[p,q]))"
LOGISTIC = "s[i] = sigmoid(x[i,j]*w[j])\nL = -sum[i](t[i]*log(s[i]) + (1 - t[i])*log(1 - s[i]))"
SIZES = "index p, r, v : m\nindex q, k, s, u : n"


@dataclass(frozen=True)
class Problem:
    """A sheet and a target, the milliseconds that they may take, and the same in sympy."""

    name: str
    sheet: str
    target: str
    limit: float
    in_sympy: Callable[[], sp.Expr]


m, n, d = sp.symbols("m n d", integer=True, positive=True)
i, j, k, p, q, r, s, t, u, v = sp.symbols("i j k p q r s t u v", integer=True)
A, B, U, V, a, b, w, x, y, z, T = (sp.IndexedBase(name) for name in "A B U V a b w x y z T".split())


def summed(body: sp.Expr, *bounds: tuple[sp.Symbol, sp.Symbol]) -> sp.Sum:
    """The sum over indices with their sizes."""
    return sp.Sum(body, *((index, 0, size - 1) for index, size in bounds))


def softmax() -> sp.Expr:
    """One element of the softmax of a row."""
    return sp.exp(z[p, q]) / summed(sp.exp(z[p, k]), (k, n))


def cross_entropy(prediction: sp.Expr) -> sp.Expr:
    """The mean cross entropy of predictions."""
    return -summed(y[p, q] * sp.log(prediction), (p, m), (q, n)) / m


def logistic() -> sp.Expr:
    """The loss of logistic regression."""
    score = 1 / (1 + sp.exp(-summed(x[i, j] * w[j], (j, n))))
    return -summed(T[i] * sp.log(score) + (1 - T[i]) * sp.log(1 - score), (i, m))


def factorisation() -> sp.Expr:
    """The squared error of a matrix factorisation."""
    return summed((A[i, j] - summed(U[i, k] * V[j, k], (k, d))) ** 2, (i, m), (j, n))


PROBLEMS = (
    Problem(
        "linear layer",
        "z[p,q] = b[q] + x[p,t]*w[t,q]",
        "diff(z[p,q], w[r,s])",
        1,
        lambda: (b[q] + summed(x[p, t] * w[t, q], (t, d))).diff(w[r, s]).doit(),
    ),
    Problem("softmax Jacobian", SOFTMAX, "diff(a[p,q], z[r,s])", 10, lambda: softmax().diff(z[r, s]).doit()),
    Problem(
        "cross entropy",
        f"{SIZES}\n{CROSS_ENTROPY}",
        "diff(CE, a[r,s])",
        3,
        lambda: cross_entropy(a[p, q]).diff(a[r, s]).doit(),
    ),
    Problem(
        "cross entropy of softmax",
        f"{SIZES}\n{SOFTMAX}\n{CROSS_ENTROPY}\nassume sum[q](y[p,q]) = 1",
        "diff(CE, z[r,s])",
        40,
        lambda: cross_entropy(softmax()).diff(z[r, s]).doit(),
    ),
    Problem(
        "its Hessian by the scores",
        f"{SIZES}\n{SOFTMAX}\n{CROSS_ENTROPY}\nassume sum[q](y[p,q]) = 1",
        "diff(CE, z[r,s], z[v,u])",
        80,
        lambda: cross_entropy(softmax()).diff(z[r, s]).diff(z[v, u]).doit(),
    ),
    Problem(
        "quadratic form",
        "f = x[i]*A[i,j]*x[j]",
        "diff(f, x[k])",
        2,
        lambda: summed(x[i] * A[i, j] * x[j], (i, n), (j, n)).diff(x[k]).doit(),
    ),
    Problem(
        "quadratic form Hessian",
        "f = x[i]*A[i,j]*x[j]",
        "diff(f, x[k], x[l])",
        3,
        lambda: summed(x[i] * A[i, j] * x[j], (i, n), (j, n)).diff(x[k]).diff(x[r]).doit(),
    ),
    Problem(
        "least squares",
        "L = sum[i]((x[i,j]*w[j] - y[i])^2)",
        "diff(L, w[t])",
        3,
        lambda: summed((summed(x[i, j] * w[j], (j, n)) - y[i]) ** 2, (i, m)).diff(w[t]).doit(),
    ),
    Problem(
        "trace",
        "f = A[i,j]*B[j,i]",
        "diff(f, A[k,l])",
        1,
        lambda: summed(A[i, j] * B[j, i], (i, m), (j, n)).diff(A[k, r]).doit(),
    ),
    Problem(
        "matrix factorisation Hessian",
        "f = sum[i,j]((A[i,j] - U[i,k]*V[j,k])^2)",
        "diff(f, U[p,q], U[r,s])",
        5,
        lambda: factorisation().diff(U[p, q]).diff(U[r, s]).doit(),
    ),
    Problem(
        "tanh layer",
        "h[p,q] = tanh(b[q] + x[p,t]*w[t,q])",
        "diff(h[p,q], w[r,s])",
        3,
        lambda: sp.tanh(b[q] + summed(x[p, t] * w[t, q], (t, d))).diff(w[r, s]).doit(),
    ),
    Problem(
        "einsum contraction",
        "z[j,k,p] = x[i,j,k]*y[i,p]",
        "diff(z[j,k,p], x[r,s,t])",
        1,
        lambda: summed(x[i, j, k] * y[i, p], (i, n)).diff(x[r, s, t]).doit(),
    ),
    Problem(
        "logistic Hessian", LOGISTIC, "diff(L, w[k], w[l])", 40, lambda: logistic().diff(w[k]).diff(w[r]).doit()
    ),
)


def milliseconds(action: Callable[[], object]) -> float:
    """The median time of warm runs."""
    start = perf_counter()
    action()
    runs = RUNS if perf_counter() - start < LONG_ENOUGH else 1
    times = []
    for _ in range(runs):
        start = perf_counter()
        action()
        times.append(perf_counter() - start)
    return 1e3 * median(times)


def sympy_milliseconds(problem: Problem) -> float:
    """The median time of sympy with its cache emptied: otherwise the second run would only look up the first."""

    def action() -> sp.Expr:
        sp.core.cache.clear_cache()
        return problem.in_sympy()

    return milliseconds(action)


def chain(layers: int) -> str:
    """A sheet with a chain of tanh layers and a loss at its end."""
    rows = [f"h_{place}[i] = tanh(W_{place}[i,j]*h_{place - 1}[j])" for place in range(1, layers + 1)]
    return "\n".join([*rows, f"L = 1/2*sum[i]((h_{layers}[i] - y[i])^2)"])


def main(wanted: list[str]) -> None:
    """Print both tables."""
    print(f"{'problem':<30}{'indexcalc':>12}{'allowed':>10}{'sympy':>12}   (milliseconds)")
    for problem in PROBLEMS:
        if wanted and not any(word in problem.name for word in wanted):
            continue
        sheet = ic.parse(problem.sheet)
        ours = milliseconds(lambda sheet=sheet, problem=problem: ic.derive(sheet, problem.target))
        theirs = sympy_milliseconds(problem)
        print(f"{problem.name:<30}{ours:>12.2f}{problem.limit:>10.0f}{theirs:>12.1f}", flush=True)
    if not wanted or "chain" in wanted:
        print(f"\n{'gradient by the first weights':<30}{'indexcalc':>12}{'per layer':>10}   (milliseconds)")
        for layers in (25, 50, 100, 200):
            sheet = ic.parse(chain(layers))
            ours = milliseconds(lambda sheet=sheet: ic.derive(sheet, "diff(L, W_1[k,l])"))
            print(f"{f'chain of {layers} layers':<30}{ours:>12.1f}{ours / layers:>10.2f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
