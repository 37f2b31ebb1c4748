"""Gradients of likelihoods with inverses and determinants, beside JAX (jit), torch and an expert's numpy and scipy.

    python benchmarks/likelihoods.py [--seconds 1] [--only TEXT] [--threads 1]

The Gaussian log-likelihood of 1 000 observations by mean, covariance and precision, the gradient of the log-determinant
of a Gram matrix, and that of a Gaussian process's marginal likelihood of 500 observations by three hyperparameters.
Each row has the processor time of the code of indexcalc (target numpy), and how many times longer the others take;
processor time, since other processes on the machine spoil any other. What JAX and torch differentiate factorises once
as well. All in float64, each on one thread by default; all results are compared.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
parser.add_argument("--seconds", type=float, default=1.0)
parser.add_argument("--only", default="")
parser.add_argument("--threads", type=int, default=1)
OPTIONS = parser.parse_args()
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(OPTIONS.threads)
if OPTIONS.threads == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax  # noqa: E402  (the variables above are read when these are loaded)
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from scipy.linalg import cho_factor, cho_solve, cholesky, lapack  # noqa: E402

import indexcalc as ic  # noqa: E402

jax.config.update("jax_enable_x64", True)
torch.set_num_threads(OPTIONS.threads)

COVARIANCE = """
index n : N
tensor x[n,i], mu[i], S[i,i']
assume posdef S
r[n,i] = x[n,i] - mu[i]
f = -1/2*sum[n,i](r[n,i]*(r @ inv(S))[n,i]) - N/2*logdet(S)
"""
PRECISION = COVARIANCE.replace("inv(S)", "S").replace("- N/2", "+ N/2")
GRAM = "tensor X[n,i]\nf = logdet(X.T @ X)"
PROCESS = """
index n, m : N
tensor X[n,i], y[n]
assume posdef K
D[n,m] = sum[i]((X[n,i] - X[m,i])^2)
K[n,m] = a*exp(-D[n,m]/(2*l^2)) + s*delta[n,m]
f = -1/2*y @ solve(K, y) - 1/2*logdet(K)
"""
Arrays = Mapping[str, Any]
RANDOM = np.random.default_rng(0)


class Problem(NamedTuple):
    """A sheet, what f is differentiated by, the numbers, f for JAX and torch, and what an expert writes."""

    name: str
    sheet: str
    by: tuple[str, ...]
    arrays: Arrays
    value: Callable[[Any, Arrays], Any]
    expert: Callable[[], list[Any]]


def lower(xp: Any, factor: Any, right: Any) -> Any:
    """The solution of a lower triangular system."""
    if xp is torch:
        return torch.linalg.solve_triangular(factor, right, upper=False)
    return jax.scipy.linalg.solve_triangular(factor, right, lower=True)


def diagonal(xp: Any, matrix: Any) -> Any:
    """The diagonal of a matrix."""
    return xp.diagonal(matrix)


def gaussian(kind: str, size: int) -> Problem:
    """The likelihood by mean and covariance, or by mean and precision."""
    square = RANDOM.normal(size=(size, size))
    given = {"x": RANDOM.normal(size=(1000, size)), "mu": RANDOM.normal(size=size)}
    given["S"] = square @ square.T / size + np.eye(size)

    def value(xp: Any, a: Arrays) -> Any:
        factor, r = xp.linalg.cholesky(a["S"]), a["x"] - a["mu"]
        z = lower(xp, factor, r.T) if kind == "covariance" else r @ factor
        sign = -1 if kind == "covariance" else 1
        return -(z * z).sum() / 2 + sign * len(r) * xp.log(diagonal(xp, factor)).sum()

    def expert() -> list[Any]:
        r, number = given["x"] - given["mu"], len(given["x"])
        factor = cholesky(given["S"], lower=True, check_finite=False), True
        inverse = cho_solve(factor, np.eye(size), check_finite=False)
        if kind == "precision":
            return [given["S"] @ r.sum(0), (number * inverse - r.T @ r) / 2]
        return [
            cho_solve(factor, r.sum(0), check_finite=False),
            (inverse @ (r.T @ r) @ inverse - number * inverse) / 2,
        ]

    sheet = COVARIANCE if kind == "covariance" else PRECISION
    return Problem(f"Gaussian, mean and {kind}, d = {size}", sheet, ("mu", "S"), given, value, expert)


def gram(rows: int, columns: int) -> Problem:
    """log det X'X by X."""
    matrix = RANDOM.normal(size=(rows, columns))

    def value(xp: Any, a: Arrays) -> Any:
        return 2 * xp.log(diagonal(xp, xp.linalg.cholesky(a["X"].T @ a["X"]))).sum()

    def expert() -> list[Any]:
        return [2 * cho_solve(cho_factor(matrix.T @ matrix, check_finite=False), matrix.T, check_finite=False).T]

    return Problem(f"logdet of a Gram matrix, {rows} x {columns}", GRAM, ("X",), {"X": matrix}, value, expert)


def process(number: int) -> Problem:
    """The marginal likelihood by amplitude, length and noise."""
    given = {"X": RANDOM.normal(size=(number, 3)), "y": RANDOM.normal(size=number), "a": 1.3, "l": 0.7, "s": 0.5}

    def value(xp: Any, a: Arrays) -> Any:
        one = xp.eye(number, dtype=a["X"].dtype)
        distances = ((a["X"][:, None] - a["X"][None]) ** 2).sum(-1)
        factor = xp.linalg.cholesky(a["a"] * xp.exp(-distances / (2 * a["l"] ** 2)) + a["s"] * one)
        z = lower(xp, factor, a["y"][:, None])
        return -(z * z).sum() / 2 - xp.log(diagonal(xp, factor)).sum()

    def expert() -> list[Any]:
        points, y, a, l, s = given.values()  # noqa: E741
        distances = np.zeros((number, number))
        for column in points.T:
            distances += np.subtract.outer(column, column) ** 2
        bell = np.exp(distances * (-1 / (2 * l * l)))
        kernel = a * bell
        kernel[np.diag_indices(number)] += s
        factor = cholesky(kernel, lower=True, check_finite=False)
        weights = cho_solve((factor, True), y, check_finite=False)
        half = lapack.dpotri(factor, lower=1)[0]
        outer = np.outer(weights, weights) - (np.tril(half) + np.tril(half, -1).T)
        return [np.vdot(outer, bell) / 2, np.vdot(outer * bell, distances) * a / l**3 / 2, np.trace(outer) / 2]

    return Problem(f"Gaussian process, {number} points", PROCESS, ("a", "l", "s"), given, value, expert)


def ways(problem: Problem) -> Iterator[tuple[str, Callable[[], list[Any]]]]:
    """All ways to the gradients."""
    function = ic.derive(problem.sheet, [f"diff(f, {name})" for name in problem.by]).compile("numpy")
    yield "indexcalc", lambda: list(function(**problem.arrays).values())
    yield "expert", problem.expert
    rest = {name: jnp.asarray(array) for name, array in problem.arrays.items()}
    wanted = {name: rest.pop(name) for name in problem.by}
    gradient = jax.jit(jax.grad(lambda wanted, rest: problem.value(jnp, {**rest, **wanted})))
    yield "jax", lambda: [jax.block_until_ready(gradient(wanted, rest))[name] for name in problem.by]
    tensors = {name: torch.tensor(array, dtype=torch.float64) for name, array in problem.arrays.items()}
    by = [tensors[name].requires_grad_() for name in problem.by]
    yield "torch", lambda: list(torch.autograd.grad(problem.value(torch, tensors), by))


def measured(found: Mapping[str, Callable[[], list[Any]]], seconds: float) -> dict[str, float]:
    """The least processor time of a call of each, in turn, after the results have been compared."""
    results = {name: [np.asarray(each) for each in way()] for name, way in found.items()}
    for name, arrays in results.items():
        for array, true in zip(arrays, results["expert"], strict=True):
            np.testing.assert_allclose(array, true, rtol=1e-6, atol=1e-8 * np.abs(true).max(), err_msg=name)
    best = dict.fromkeys(found, np.inf)
    end = time.perf_counter() + seconds * len(found)
    while time.perf_counter() < end or np.inf in best.values():
        for name, way in found.items():
            number, start = 0, time.process_time()
            while number == 0 or time.process_time() - start < 0.02:
                way()
                number += 1
            best[name] = min(best[name], (time.process_time() - start) / number)
    return best


def main() -> None:
    """Measure and print."""
    sizes = [("covariance", each) for each in (5, 50, 400)] + [("precision", each) for each in (5, 50, 400)]
    problems = [lambda each=each: gaussian(*each) for each in sizes]
    problems += [lambda: gram(1000, 50), lambda: gram(1000, 400), lambda: process(500)]
    print(f"{'':42} indexcalc    expert       jax     torch  (times longer)")
    for make in problems:
        problem = make()
        if OPTIONS.only in problem.name:
            times = measured(dict(ways(problem)), OPTIONS.seconds)
            own = times.pop("indexcalc")
            others = "".join(f"{each / own:10.2f}" for each in times.values())
            print(f"{problem.name:42} {own * 1e6:6.0f} us{others}", flush=True)


if __name__ == "__main__":
    main()
