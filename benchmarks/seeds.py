"""Generated code beside the code of the first seed, in one process, in turn: medians of microseconds.

    python benchmarks/seeds.py

The first table answers its remark that one would build the stack of softmax Jacobians in loops: that holds for three
classes and two examples only. The second one is the gradient that the stack is built for, which does not need it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

import indexcalc as ic

EXAMPLES = Path(__file__).parents[1] / "examples"
SECONDS = 0.5  # for each function
Array = np.ndarray


def microseconds(functions: Mapping[str, Callable[[], Array]]) -> dict[str, float]:
    """The median time of each function; they take turns, so that all meet the same weather."""
    times: dict[str, list[float]] = {name: [] for name in functions}
    results = [function() for function in functions.values()]
    assert all(np.allclose(result, results[0], atol=1e-12) for result in results)
    end, rounds = perf_counter() + SECONDS * len(functions), 0
    while perf_counter() < end or rounds < 3:
        rounds += 1
        for name, function in functions.items():
            start = perf_counter()
            function()
            times[name].append(perf_counter() - start)
    return {name: 1e6 * median(each) for name, each in times.items()}


def table(title: str, rows: Mapping[str, Mapping[str, Callable[[], Array]]]) -> None:
    """Print a table: one row for each size, one column for each function."""
    print(f"\n{title}\n")
    for place, (size, functions) in enumerate(rows.items()):
        if not place:
            print(f"{'size':<14}" + "".join(f"{name:>18}" for name in functions))
        found = microseconds(functions)
        print(f"{size:<14}" + "".join(f"{found[name]:>18,.1f}" for name in functions), flush=True)


def softmax_columns(n: int, b: int) -> Array:
    """A matrix whose columns add up to one."""
    e = np.exp(np.random.default_rng(0).normal(size=(n, b)))
    return e / e.sum(axis=0)


# ----- The stack of Jacobians, class index first -----------------------------------------------------------------


def loops(a: Array) -> Array:
    """Element by element, with a condition."""
    n, b = a.shape
    out = np.zeros((n, n, b))
    for i in range(n):
        for j in range(n):
            for k in range(b):
                out[i, j, k] = a[i, k] * (1 - a[i, k]) if i == j else -a[j, k] * a[i, k]
    return out


def two_einsums(a: Array) -> Array:
    """Diagonal and rest, each with an identity matrix."""
    eye = np.eye(len(a))
    return np.einsum("jk,jk,ji->ijk", a, 1 - a, eye) + np.einsum("jk,ik,ji->ijk", -a, a, 1 - eye)


def one_einsum(a: Array) -> Array:
    """The answer to the seed's question: the difference is one operand."""
    return np.einsum("jk,ijk->ijk", a, np.eye(len(a))[:, :, None] - a[:, None, :])


def stack_rows() -> dict[str, dict[str, Callable[[], Array]]]:
    """The same stack in four ways."""
    sheet = (EXAMPLES / "single_einsum.ic").read_text()
    derived = ic.derive(sheet, "J[i,j,k]").compile(backend="numpy")
    rows = {}
    for n, b in ((3, 2), (10, 10), (10, 100), (100, 100)):
        a = softmax_columns(n, b)
        rows[f"n={n}, b={b}"] = {
            "loops": lambda a=a: loops(a),
            "two einsums": lambda a=a: two_einsums(a),
            "one einsum": lambda a=a: one_einsum(a),
            "indexcalc": lambda a=a: derived(a=a),
        }
    return rows


# ----- The gradient ----------------------------------------------------------------------------------------------


def gradient_rows() -> dict[str, dict[str, Callable[[], Array]]]:
    """The gradient through the stack, and the one that the fact on the labels gives."""
    result = ic.derive((EXAMPLES / "negative_log_likelihood.ic").read_text(), "diff(NLLM, z[k,l])")
    derived = result.compile(backend="numpy", inputs=["a"])
    rows = {}
    for n, b in ((3, 2), (10, 100), (100, 100)):
        a, y = softmax_columns(n, b), np.eye(n)[:, np.arange(b) % n]
        rows[f"n={n}, b={b}"] = {
            "through the stack": lambda a=a, y=y: np.einsum("ikj,ij->kj", one_einsum(a), -y / a),
            "indexcalc": lambda a=a, y=y: derived(a=a, y=y),
        }
    return rows


if __name__ == "__main__":
    table("Softmax Jacobians as a stack, microseconds", stack_rows())
    table("Gradient of the negative log-likelihood, microseconds", gradient_rows())
