"""This checkout beside another one of indexcalc: derivations, documents, and whole processes, in turn.

    python benchmarks/against.py OTHER [--documents PATH...] [--rounds N] [--only derive|documents|start]

OTHER is the folder of the other checkout; the interpreter must have what both need. Every round runs both, each in a
process of its own, so that what loads the machine loads both; processor time is measured, medians over the rounds are
printed with their ratio, above 1 where this checkout is faster. Documents are checked warm: after another document.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from math import exp, log
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parents[1]
FIRST = "# A\n\n$$ y_i = 2 x_i = x_i + x_i $$\n"  # the document that warms up
STARTS = {
    "import numpy": "import numpy",
    "import indexcalc": "import indexcalc",
    "first derive": "import indexcalc as ic; str(ic.derive('y[i] = exp(x[i])/sum[k](exp(x[k]))', 'diff(y[i], x[j])'))",
}
TIMES = 7  # of one derivation in one process


def processor(action: Callable[[], object]) -> float:
    """The processor time of a call, in seconds."""
    start = time.process_time()
    action()
    return time.process_time() - start


def derivations() -> dict[str, float]:
    """The times of the problems of `derive.py`, reading of the target included: the median of warm runs."""
    import derive

    import indexcalc as ic

    found = {}
    for problem in derive.PROBLEMS:
        sheet = ic.parse(problem.sheet)
        ic.derive(sheet, problem.target)
        found[problem.name] = median(processor(partial(ic.derive, sheet, problem.target)) for _ in range(TIMES))
    return found


def documents(paths: Iterable[str]) -> dict[str, float]:
    """The times of checking documents."""
    import indexcalc as ic

    ic.check(FIRST)
    return {Path(path).name: processor(partial(ic.check, path)) for path in paths}


def measured(checkout: Path, task: str, paths: list[str]) -> dict[str, float]:
    """The times of a task in one checkout, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, __file__, str(checkout), "--worker", task, "--documents", *paths]
    done = subprocess.run(command, env=environment, cwd=HERE / "benchmarks", capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def started(checkout: Path) -> dict[str, float]:
    """The processor times of whole processes."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "OPENBLAS_NUM_THREADS": "1"}
    found = {}
    for name, code in STARTS.items():
        before = os.times()
        subprocess.run([sys.executable, "-c", code], env=environment, cwd=checkout, check=True)
        after = os.times()
        found[name] = after.children_user + after.children_system - before.children_user - before.children_system
    return found


def table(title: str, ours: list[dict[str, float]], others: list[dict[str, float]]) -> None:
    """The medians, their ratios, and the sums."""
    print(f"\n{title:<34}{'this':>12}{'other':>12}{'times':>8}   (milliseconds)")
    ratios = []
    for name in ours[0]:
        one, other = (1e3 * median(each[name] for each in rounds) for rounds in (ours, others))
        ratios.append(other / one)
        print(f"{name:<34}{one:>12.2f}{other:>12.2f}{ratios[-1]:>8.2f}")
    one, other = (1e3 * sum(median(each[name] for each in rounds) for name in ours[0]) for rounds in (ours, others))
    mean = exp(sum(map(log, ratios)) / len(ratios))
    print(f"{'sum; geometric mean of ratios':<34}{one:>12.2f}{other:>12.2f}{other / one:>8.2f}; {mean:.2f}", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("other", type=Path)
    parser.add_argument("--documents", nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("derive", "documents", "start"))
    parser.add_argument("--worker", choices=("derive", "documents"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        times = derivations() if options.worker == "derive" else documents(options.documents)
        print(json.dumps(times))
        return
    from _measure import blas

    print(*blas(), sep="\n")
    paths = [str(Path(each).resolve()) for each in options.documents]
    tasks: dict[str, Callable[[Path], dict[str, float]]] = {
        "start": started,
        "derive": lambda checkout: measured(checkout, "derive", []),
        "documents": lambda checkout: measured(checkout, "documents", paths),
    }
    for name, task in tasks.items():
        if options.only not in (None, name) or (name == "documents" and not paths):
            continue
        pairs = [(task(HERE), task(options.other.resolve())) for _ in range(options.rounds)]
        table(name, [pair[0] for pair in pairs], [pair[1] for pair in pairs])


if __name__ == "__main__":
    main()
