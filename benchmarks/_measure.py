"""Measuring side by side: all ways to one result in one process, in turn, medians, and every result compared."""

from __future__ import annotations

import math
import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info

Arrays = Sequence[Any]
Ways = Mapping[str, Callable[[], Arrays]]
SLOWEST = 5.0  # seconds: a way whose first call (compilation apart) takes longer is left out
INNER = 1e-3  # seconds: quicker ways are called several times in one sample
LEAST_ROUNDS = 5


def blas() -> list[str]:
    """The BLAS libraries and thread pools that are loaded, what chooses their kernels, and the load of the machine."""
    found = ["{user_api}: {internal_api} {version}, {num_threads} threads".format(**pool) for pool in threadpool_info()]
    architectures = sorted({str(pool["architecture"]) for pool in threadpool_info() if pool.get("architecture")})
    variables = [f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith("OPENBLAS_")]
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores (times of a machine that others use mean little)"
    return [*found, f"kernels: {', '.join(architectures)}", *variables, load]


@dataclass(frozen=True)
class Machine:
    """What the machine can do at most: operations of a matrix product and bytes of a copy, per second.

    bandwidths: for the bytes that a copy touches.
    """

    peak: float
    bandwidths: Mapping[int, float]

    def limit(self, operations: float, nbytes: int) -> float:
        """The least time, in seconds, for so many operations on so many bytes, each of which is moved once."""
        footprint = min(self.bandwidths, key=lambda each: abs(math.log(each / max(nbytes, 1))))
        return max(operations / self.peak, nbytes / self.bandwidths[footprint])

    def __str__(self) -> str:
        speeds = ", ".join(f"{speed / 1e9:.0f} GB/s at {size / 2**20:g} MiB" for size, speed in self.bandwidths.items())
        return f"limits: matrix product {self.peak / 1e9:.0f} GFLOP/s; copy {speeds}"


def machine(order: int = 1024, repeats: int = 9) -> Machine:
    """Measure the machine: the best of a few repeats."""
    a, product = np.ones((order, order)), np.empty((order, order))
    bandwidths = {}
    for footprint in (2**20, 2**23, 2**27):
        source, target = np.ones(footprint // 16), np.zeros(footprint // 16)
        bandwidths[footprint] = footprint / _best(partial(np.copyto, target, source), repeats)
    return Machine(2 * order**3 / _best(partial(np.matmul, a, a.T.copy(), out=product), repeats), bandwidths)


def _best(way: Callable[[], Any], repeats: int) -> float:
    """The shortest time of one call, in seconds."""
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        way()
        times.append(time.perf_counter() - start)
    return min(times[1:])


def medians(ways: Ways, seconds: float) -> dict[str, float]:
    """The median time of each way, in seconds, after all results have been compared with the first one."""
    ready = _compared(ways)
    calls = {name: max(1, int(INNER / duration)) for name, duration in ready.items()}
    times: dict[str, list[float]] = {name: [] for name in ready}
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or min(map(len, times.values())) < LEAST_ROUNDS:
        for name, number in calls.items():
            start = time.perf_counter()
            for _ in range(number):
                ways[name]()
            times[name].append((time.perf_counter() - start) / number)
    return {name: statistics.median(each) for name, each in times.items()}


def _compared(ways: Ways) -> dict[str, float]:
    """How long one call of each way takes, of those that are quick enough."""
    expected: list[np.ndarray] = []
    found = {}
    for name, way in ways.items():
        results = [np.asarray(each) for each in way()]
        expected = expected or results
        for result, true in zip(results, expected, strict=True):
            scale = np.abs(true).max()
            np.testing.assert_allclose(result, true, rtol=1e-7, atol=1e-9 * scale, err_msg=name)
        del results
        start = time.perf_counter()
        way()
        duration = time.perf_counter() - start
        if duration < SLOWEST:
            found[name] = duration
    return found


def shown(seconds: float) -> str:
    """A time with its unit."""
    return f"{seconds * 1e6:.1f} us" if seconds < 1e-3 else f"{seconds * 1e3:.2f} ms"
