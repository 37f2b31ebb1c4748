"""Small and middling products on a busy machine: medians and 90th percentiles, by how many threads BLAS gets.

    python benchmarks/busy.py [--seconds 4] [--load N]

One thread for all, as many as BLAS takes by itself, and those that compiled functions choose (`running/threads.py`), in
turn in one process. With --load N further processes keep the cores busy meanwhile.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from _measure import blas, shown
from _networks import lattice
from _problems import Problem, affine, logistic, relu_layers
from threadpoolctl import ThreadpoolController

import indexcalc as ic
from indexcalc.codegen.running import threads

PROBLEMS: tuple[tuple[str, Callable[[], Any]], ...] = (
    ("logistic Hessian n=128", lambda: logistic(128, 2)),
    ("ReLU layers n=32, Hessian", lambda: relu_layers(32)),
    ("deep affine L=16, batch 256", lambda: affine(16, 256)),
    ("lattice 4 x 5, bond 8", lambda: lattice(4, 5, 8)),
)


def spin() -> None:
    """Keep a core busy."""
    while True:
        sum(range(10_000))


def own(problem: Any) -> Callable[[], Any]:
    """The code that indexcalc writes."""
    if isinstance(problem, Problem) and problem.target:
        function: Any = ic.derive(problem.sheet, problem.target).compile("numpy")
    else:
        function = ic.gradient(problem.sheet, "L", list(problem.by)).compile("numpy")
    arrays = {name: problem.arrays[name] for name in problem.arrays if name in function.arguments}
    return lambda: function(**arrays)


def times(problem: Any, seconds: float) -> dict[str, list[float]]:
    """The times of calls: with one thread, with those of BLAS, with those that are chosen."""
    pool = ThreadpoolController()
    middling = threads.MIDDLING
    threads.MIDDLING = (0, 0)
    plain = own(problem)
    plain()
    threads.MIDDLING = middling
    chosen = own(problem)
    chosen()
    found: dict[str, list[float]] = {"one": [], "all": [], "chosen": []}
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(found["all"]) < 8:
        with pool.limit(limits=1, user_api="blas"):
            measure(plain, found["one"])
        measure(plain, found["all"])
        measure(chosen, found["chosen"])
    return found


def measure(way: Callable[[], Any], into: list[float]) -> None:
    """Add the time of one call, behind one that is not counted."""
    way()
    start = time.perf_counter()
    way()
    into.append(time.perf_counter() - start)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--load", type=int, default=0)
    options = parser.parse_args()
    workers = [multiprocessing.Process(target=spin, daemon=True) for _ in range(options.load)]
    for worker in workers:
        worker.start()
    try:
        print(f"{'median, 90th percentile':<30}{'one thread':>24}{'all threads':>24}{'chosen':>24}")
        for title, make in PROBLEMS:
            found = times(make(), options.seconds)
            words = [f"{shown(np.median(each))}, {shown(np.quantile(each, 0.9))}" for each in found.values()]
            print(f"{title:<30}" + "".join(f"{word:>24}" for word in words), flush=True)
    finally:
        for worker in workers:
            worker.terminate()
    print(f"\nnumpy {np.__version__}", *blas(), f"cores left free by others: {threads.LOAD.free()}", sep="\n")


if __name__ == "__main__":
    main()
