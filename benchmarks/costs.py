"""The constants of the cost model (`indexcalc/codegen/programs/work.py`), and how good the choices are that it makes.

    python benchmarks/costs.py [--seconds 0.2] [--check]

Programs of many kinds and sizes are timed on arrays of numpy, which go in and come out of every target. The constants
are those, none of them negative, for which the sum of squares of the relative errors is least. Prints the table as
Python text. With --check, nothing is fitted: the problems of `_problems.py` are timed on each target, and the choice of
the table in use is printed beside the fastest.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from _measure import INNER, shown
from _problems import PROBLEMS
from scipy.optimize import nnls

import indexcalc as ic
from indexcalc.codegen import prepare
from indexcalc.codegen.programs.work import Work, seconds, work_of
from indexcalc.codegen.running import auto

ROUNDS = 4  # of weighing the errors anew: the largest ones count less, so that no single program decides
REST = 0.05  # seconds between two libraries, until the threads of the first one sleep
SLOW = 60.0  # factor between the fastest target and one that is left out of the choice of the fastest
NET = [f"h{n}[b,i] = tanh({'x' if n == 1 else f'h{n - 1}'}[b,j]*W{n}[j,i] + c{n}[i])" for n in range(1, 5)]
SOFTMAX = "a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))"
CHAIN = "y[i] = exp(-x[i]^2)*sin(x[i]) + 1/(1 + x[i]^2)"
PLAIN = "y[i] = (x[i] + 1)*(x[i] - 2)*x[i]/(x[i]*x[i] + 3)"
NORM = """
mu[i] = mean[j](x[i,j])
v[i] = mean[j]((x[i,j] - mu[i])^2)
h[i,j] = (x[i,j] - mu[i])/sqrt(v[i] + 0.00001)
L = sum[i,j](G[i,j]*(g[j]*h[i,j] + b[j]))"""
ATTENTION = """
S[n,i,j] = Q[n,i,d]*K[n,j,d]/8
A[n,i,j] = exp(S[n,i,j])/sum[k](exp(S[n,i,k]))
L = sum[n,i,j,d](A[n,i,j]*V[n,j,d]*G[n,i,d])"""
REGRESSION = f"z[p,q] = x[p,t]*w[t,q] + b[q]\n{SOFTMAX}\nL = -sum[p,q](y[p,q]*log(a[p,q]))\nassume sum[q](y[p,q]) = 1"
LOGISTIC = "L = sum[i](log(1 + exp(-y[i]*X[i,j]*w[j])))"
FACTORS = "L = sum[i,j]((T[i,j] - U[i,k]*V[j,k])^2)"
MATRICES = "C[i,k] = A[i,j]*B[j,k]"
PROBES: tuple[tuple[str, list[str], tuple[tuple[int, ...], ...]], ...] = (  # sizes: in the order of `ranges`
    ("c = x[i]*y[i]", ["c"], ((4,), (1000,), (300_000,))),
    ("y[i] = A[i,j]*x[j]", ["y"], ((10, 8), (300, 200), (2000, 1000))),
    (MATRICES, ["C"], ((8, 8, 8), (100, 80, 90), (700, 500, 600), (50_000, 80, 8), (5, 3000, 5))),
    ("C[b,i,k] = A[b,i,j]*B[b,j,k]", ["C"], ((8, 100, 32, 80), (30, 8, 8, 8))),
    ("C[j,k,p] = A[i,j,k]*B[i,p]", ["C"], ((20, 30, 40, 50), (3, 4, 5, 6))),
    (CHAIN, ["y", "diff(y[i], x[i])"], ((10,), (3000,), (600_000,))),
    (PLAIN, ["y"], ((10,), (5000,), (800_000,))),
    (SOFTMAX, ["diff(a, z)"], ((10, 4), (60, 8), (200, 15))),
    (SOFTMAX, ["a"], ((30, 5), (3000, 50))),
    (NORM, ["diff(L, x)", "diff(L, g)", "diff(L, b)"], ((20, 16), (400, 100), (3000, 400))),
    (ATTENTION, ["diff(L, Q)", "diff(L, K)", "diff(L, V)"], ((2, 20, 8, 20), (4, 100, 32, 100))),
    (REGRESSION, ["diff(L, w)", "diff(L, b)"], ((40, 5, 4), (2000, 30, 8), (30_000, 60, 12))),
    (LOGISTIC, ["diff(L, w)"], ((50, 20), (1000, 300), (20_000, 20))),
    (LOGISTIC, ["diff(L, w, w)"], ((50, 20), (600, 250))),
    ("\n".join([*NET, "L = sum[b,i](h4[b,i]^2)"]), ["diff(L, W1)", "diff(L, c1)", "diff(L, W4)"], ((10, 8), (64, 100))),
    (FACTORS, ["diff(L, U, U)"], ((50, 4, 60), (200, 6, 150))),
    (FACTORS, ["diff(L, U)"], ((50, 4, 60), (400, 8, 300))),
)
Ways = Mapping[str, Callable[[], list[Any]]]


def least(ways: Ways, limit: float) -> dict[str, float]:
    """The least time of each way, in seconds: one after the other, since threads of one library disturb the next."""
    found = {}
    for name, way in ways.items():
        way()  # compiles
        time.sleep(REST)
        number, times, end = 1, [], time.perf_counter() + limit
        while time.perf_counter() < end or len(times) < 3:
            start = time.perf_counter()
            for _ in range(number):
                way()
            times.append((time.perf_counter() - start) / number)
            number = max(1, int(INNER / times[-1]))
        found[name] = min(times)
    return found


def fixed(results: Any, backend: str, arrays: Mapping[str, Any]) -> tuple[Work, Callable[[], list[Any]]]:
    """The work of a program on a target, and the call of it."""
    job = prepare(results._wanted, results.sheet, "numpy")
    known = {name: results.sheet.slots[name] for name in results.sheet.leaves}
    function = auto.AutoFunction(job, known, False, True, auto.Choice(backend, {backend: 0.0}, {}))
    given = {name: arrays[name] for name in function.arguments}
    sizes = {r: n for name in given for r, n in zip(known[name], given[name].shape, strict=True)}
    code = replace(job, backend=backend).write(sizes.__getitem__)
    return work_of(code.program, sizes.__getitem__), lambda: list(function(**given).values())


def probes() -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """A title, what to compute, and its arguments."""
    random = np.random.default_rng(0)
    for text, targets, choices in PROBES:
        results = ic.derive(text, targets)
        slots = {name: each for name, each in results.sheet.leaves.items() if name != "pi"}
        order = sorted(slots, key=results.sheet.order.index)
        ranges = list(dict.fromkeys(each for name in order for each in slots[name]))
        for choice in choices:
            sizes = dict(zip(ranges, choice, strict=True))
            arrays = {name: random.uniform(0.5, 1.5, [sizes[each] for each in own]) for name, own in slots.items()}
            yield f"{', '.join(targets)} at {choice}", results, arrays


def fit(rows: list[tuple[Work, float]]) -> Work:
    """The constants of one target, in nanoseconds."""
    works = np.array([work for work, _ in rows])
    times = np.array([duration * 1e9 for _, duration in rows])
    weights = 1 / times
    for _ in range(ROUNDS):
        found, _ = nnls(works * weights[:, None], times * weights)
        off = np.abs(np.log(np.maximum(works @ found, 1) / times))
        weights = 1 / times / np.sqrt(1 + (off / np.log(1.5)) ** 2)
    return Work(*(float(f"{each:.3g}") for each in found))


def calibrate(backends: list[str], limit: float) -> None:
    """Print the table, and by what factor it is wrong."""
    rows: dict[str, list[tuple[Work, float]]] = {name: [] for name in backends}
    titles = []
    for title, results, arrays in probes():
        made = {name: fixed(results, name, arrays) for name in backends}
        times = least({name: way for name, (_, way) in made.items()}, limit)
        print(f"# {title:50}" + "".join(f"{name} {shown(each):>9}  " for name, each in times.items()), flush=True)
        titles.append(title)
        for name, duration in times.items():
            rows[name].append((made[name][0], duration))
    print("RATES: dict[str, Work] = {")
    for name, measured in rows.items():
        table = fit(measured)
        words = ", ".join(f"{field}={value:g}" for field, value in zip(Work._fields, table, strict=True))
        print(f'    "{name}": Work({words}),')
        errors = [sum(a * b for a, b in zip(work, table, strict=True)) * 1e-9 / duration for work, duration in measured]
        middle = math.exp(np.median(np.abs(np.log(errors))))
        print(f"    # wrong by a factor of {middle:.2f} in the middle, {min(errors):.2f} to {max(errors):.2f}")
    print("}")


def check(backends: list[str], limit: float) -> None:
    """Print the choice for each problem, and how much longer it takes than the fastest target."""
    for make in PROBLEMS:
        problem = make()
        results = ic.derive(problem.sheet, [problem.target or f"diff(L, {name})" for name in problem.by])
        made = {name: fixed(results, name, problem.arrays) for name in backends}
        expected = {name: seconds(name, work) for name, (work, _) in made.items()}
        chosen = min(expected, key=lambda name: expected[name])
        usable = {name: way for name, (_, way) in made.items() if expected[name] < SLOW * expected[chosen]}
        times = least(usable, limit)
        best = min(times, key=lambda name: times[name])
        cells = "".join(f"{name} {shown(each)} ({shown(expected[name])})  " for name, each in times.items())
        print(f"{problem.title:42} {chosen:6} {times[chosen] / times[best]:5.2f}x of {best:6} {cells}", flush=True)


def main() -> None:
    """Calibrate or check."""
    parser = argparse.ArgumentParser(description="The constants of the cost model.")
    parser.add_argument("--seconds", type=float, default=0.2, help="for each program")
    parser.add_argument("--check", action="store_true", help="judge the choices that the table in use makes")
    options = parser.parse_args()
    import jax

    jax.config.update("jax_enable_x64", True)
    (check if options.check else calibrate)(auto.usable(), options.seconds)


if __name__ == "__main__":
    main()
