"""How many threads BLAS gets: fewer where other processes want the cores.

A product of middling size takes less than a millisecond. If another process runs on a core on which OpenBLAS waits for
one of its threads, the product waits for a time slice of that process: a hundred times as long. So functions whose
largest product is of middling size leave as many cores free as others use, for the time of a call. Small products use
one thread anyway, and large ones are longer than a time slice.

What others use is the load of the machine less the load that this process makes, both as means over a minute. Nothing
is limited where threadpoolctl is not installed, or where the system tells no load.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from math import exp, prod
from threading import Lock
from time import perf_counter, process_time
from typing import Any

from indexcalc.codegen.programs.program import Apply, Einsum, Program
from indexcalc.terms import Range

MIDDLING = 2**19, 2**29  # multiplications of the largest product, from which and up to which threads are limited
MINUTE = 60.0  # seconds, over which the system takes the mean of the load
PAUSE = 0.25  # seconds between two looks at the load
Run = Callable[..., Any]


def largest_product(program: Program, size: Callable[[Range], int]) -> int:
    """The multiplications of the largest product of matrices of a program, or of the largest solution of a system."""
    most = 0
    for value in program.values:
        if isinstance(value.op, Einsum) and len(value.operands) > 1 and len(value.letters) > len(value.axes):
            most = max(most, prod(size(index.range) for index in value.letters))
        elif isinstance(value.op, Apply):
            axes = value.operands[0].axes
            most = max(most, prod(size(index.range) for index in axes) * max(size(index.range) for index in axes))
    return most


def with_free_cores(run: Run, program: Program, size: Callable[[Range], int]) -> Run:
    """The code of a program, called with BLAS on the cores that others leave free, if it is of middling size."""
    least, most = MIDDLING
    if not least <= largest_product(program, size) < most or not can_be_limited():
        return run

    def limited(*arguments: Any) -> Any:
        if not LIMITS.enter(LOAD.free()):
            return run(*arguments)
        try:
            return run(*arguments)
        finally:
            LIMITS.leave()

    return limited


@cache
def can_be_limited() -> bool:
    """Whether the system tells its load, and BLAS may be told its threads."""
    return hasattr(os, "getloadavg") and _cores() > 1 and find_spec("threadpoolctl") is not None


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Load:
    """The cores that others leave free, by the load of the machine and the processor time of this process."""

    def __init__(self) -> None:
        self.time, self.used = perf_counter(), process_time()
        self.own = 0.0
        self.cores = _cores()
        self.seen = self.cores

    def free(self) -> int:
        """At least one; others count from a quarter of a core on."""
        now = perf_counter()
        elapsed = now - self.time
        if elapsed > PAUSE:
            used = process_time()
            self.own += ((used - self.used) / elapsed - self.own) * (1 - exp(-elapsed / MINUTE))
            self.time, self.used = now, used
            others = max(0.0, os.getloadavg()[0] - self.own)
            self.seen = max(1, int(self.cores - others + 0.25))
        return self.seen


class Limits:
    """The limit of threads of BLAS, as long as at least one call runs: several threads of Python may call at once."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.libraries: list[tuple[Any, int]] = []  # each with its usual number of threads
        self.known = 0  # modules that were loaded when the libraries were looked up
        self.running = 0

    def enter(self, free: int) -> bool:
        """Limit all libraries to the free cores; whether that limits one of them."""
        with self.lock:
            if not self.running:
                if self.known != len(BRINGING & sys.modules.keys()):
                    self._look()
                self.libraries = [(each, each.get_num_threads() or 1) for each, _ in self.libraries]
                wide = [each for each, usual in self.libraries if usual > free]
                if not wide:
                    return False
                for library in wide:
                    library.set_num_threads(free)
            self.running += 1
        return True

    def leave(self) -> None:
        """A call ends; after the last one all libraries have their usual numbers."""
        with self.lock:
            self.running -= 1
            if not self.running:
                for library, usual in self.libraries:
                    library.set_num_threads(usual)

    def _look(self) -> None:
        """Find the libraries that are loaded."""
        from threadpoolctl import ThreadpoolController

        self.known = len(BRINGING & sys.modules.keys())
        controllers = ThreadpoolController().lib_controllers
        self.libraries = [(each, 1) for each in controllers if each.user_api == "blas"]


BRINGING = frozenset({"numpy", "scipy.linalg"})  # modules that bring a BLAS
LOAD, LIMITS = Load(), Limits()
