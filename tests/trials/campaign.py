"""The command of the trials: random problems against an evaluator of their own.

    python -m tests.trials.campaign --count 300
    python -m tests.trials.campaign --start 300 --count 50 --backends torch,dask,jax,numba,auto --show

Prints each fault, and at the end how often what was asked and how many problems had faults.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

import numpy as np

from tests.trials.check import ORDINARY, Outcome, outcome
from tests.trials.making import problem_of

LIMIT = 60  # seconds of computing for a problem


def run(seed: int, backends: tuple[str, ...] = ORDINARY) -> Outcome:
    """What came of a seed; taking too long is a fault."""

    def out_of_time(*_: Any) -> None:
        raise TimeoutError(f"it took longer than {LIMIT} s")

    signal.signal(signal.SIGPROF, out_of_time)
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        with np.errstate(all="ignore"):
            return outcome(problem_of(seed), backends)
    except Exception as error:
        return Outcome((f"campaign: {type(error).__name__}: {error}",), {})
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def main() -> int:
    """Run the seeds asked for and report."""
    parser = argparse.ArgumentParser(description="Random problems and claims against an evaluator of their own.")
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--backends", default=",".join(ORDINARY))
    parser.add_argument("--show", action="store_true", help="print the sheet of a fault")
    options = parser.parse_args()
    backends = tuple(options.backends.split(","))
    if "jax" in backends:
        import jax

        jax.config.update("jax_enable_x64", True)
    seeds = range(options.start, options.start + options.count)
    counts: Counter[str] = Counter()
    failed = weak = 0
    with ProcessPoolExecutor(options.jobs) as pool:
        for seed, found in zip(seeds, pool.map(partial(run, backends=backends), seeds, chunksize=4), strict=True):
            counts.update(found.counts)
            faults = [fault for fault in found.faults if not fault.startswith("weak")]
            failed, weak = failed + bool(faults), weak + (len(faults) < len(found.faults))
            for fault in found.faults:
                print(f"seed {seed}: {fault}", flush=True)
            if found.faults and options.show:
                print("    " + problem_of(seed).sheet.replace("\n", "\n    "), flush=True)
    for what, times in sorted(counts.items()):
        print(f"{times:7}  {what}")
    print(f"{len(seeds) - failed} of {len(seeds)} problems right; {weak} false claims that samples did not refute")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
