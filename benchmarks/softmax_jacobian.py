"""The softmax Jacobian of a batch, as an array of four axes, beside the einsum with np.eye that people write.

    python benchmarks/softmax_jacobian.py [--rounds N]

All variants run in one process, one after the other in each round; the table shows medians, and ratios to the einsum
with np.eye. Every result is compared with it before anything is timed.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info

import indexcalc as ic

SHEET = "index p, r : m\nindex q, s, k : n\na[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))"
TARGET = "diff(a[p,q], z[r,s])"
SIZES = ((100, 5), (150, 3), (300, 20))
Array = np.ndarray[Any, np.dtype[np.float64]]


def softmax(z: Array) -> Array:
    """The rows' softmax."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def with_eye(z: Array) -> Array:
    """The two einsums of the seed."""
    a = softmax(z)
    rows, columns = np.eye(len(z)), np.eye(z.shape[1])
    return np.asarray(np.einsum("pq,pr,qs->pqrs", a, rows, columns) - np.einsum("pq,ps,pr->pqrs", a, a, rows))


def by_hand(z: Array) -> Array:
    """What an expert writes: the blocks of the diagonal, put into zeros."""
    a = softmax(z)
    blocks = -a[:, :, None] * a[:, None, :]
    np.einsum("pqq->pq", blocks)[...] += a
    m, n = z.shape
    out = np.zeros((m, n, m, n))
    np.einsum("pqps->pqs", out)[...] = blocks
    return out


def variants() -> dict[str, Callable[[Array], Any]]:
    """All ways to the Jacobian, by name."""
    result = ic.derive(SHEET, TARGET)
    numpy, einsum = result.compile(backend="numpy"), result.compile(backend="einsum")
    compressed = result.compile(backend="numpy", structure="compressed")
    return {
        "einsum with np.eye": with_eye,
        "by hand": by_hand,
        "indexcalc einsum": lambda z: einsum(z=z),
        "indexcalc numpy": lambda z: numpy(z=z),
        "indexcalc numpy, compressed": lambda z: compressed(z=z),
    }


def measure(z: Array, rounds: int) -> dict[str, float]:
    """The median time of each variant, in seconds."""
    ways = variants()
    true = with_eye(z)
    for name, way in ways.items():
        found = way(z)
        found = found.dense() if hasattr(found, "dense") else found
        np.testing.assert_allclose(found, true, rtol=1e-10, atol=1e-14, err_msg=name)
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.perf_counter()
            way(z)
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in times.items()}


def main() -> None:
    """Print a table for each size."""
    parser = argparse.ArgumentParser(description="The softmax Jacobian of a batch.")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    for pool in threadpool_info():
        print("{user_api}: {internal_api} {version}, {num_threads} threads".format(**pool))
    for m, n in SIZES:
        times = measure(np.random.default_rng(0).normal(size=(m, n)), options.rounds)
        megabytes = (m * n) ** 2 * 8 / 1e6
        print(f"\n({m}, {n}, {m}, {n}), {megabytes:.1f} MB {'ms':>31} {'ratio':>8}")
        for name, seconds in times.items():
            print(f"  {name:48} {seconds * 1e3:10.3f} {times['einsum with np.eye'] / seconds:7.1f}x")


if __name__ == "__main__":
    main()
