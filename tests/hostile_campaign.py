"""Hostile texts, by hand:

    python -m tests.hostile_campaign --count 100000 --jobs 2
    python -m tests.hostile_campaign --start 17 --count 1 --show        # one text, as it is

Each is a document with a few slips, or parts of one in no order, or any characters. Only
verdicts and clear errors may come of it, within two seconds of computing. A failure is printed with its seed; the exit
status is 1 if there is one.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

import numpy as np

from indexcalc.audit.documents.document import FORMATS
from tests.audit.test_hostile import mutated, noise, only_verdicts

LONGEST = 2.0  # seconds of computing for a text
LIMIT = 60  # seconds after which a text is given up
MUTATED = 3  # of ten texts, how many are a whole document with slips


def text_of(seed: int) -> tuple[str, str]:
    """The text of a seed, and the format it is read in."""
    source = random.Random(seed)
    text = mutated(source) if source.randrange(10) < MUTATED else noise(source)
    return text, source.choice(FORMATS)


def run(seed: int, show: bool = False) -> tuple[int, float, str]:
    """A seed, how long it took, and what went wrong, if anything did."""

    def out_of_time(*_: Any) -> None:
        raise TimeoutError(f"it took longer than {LIMIT} s")

    text, format = text_of(seed)
    if show:
        print(f"{format}:\n{text}")
    signal.signal(signal.SIGALRM, out_of_time)
    signal.alarm(LIMIT)
    start, message = time.process_time(), ""
    try:
        with np.errstate(all="ignore"):
            only_verdicts(text, format)
    except BaseException as error:  # a recursion too deep and an exit are failures too
        message = f"{type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
    seconds = time.process_time() - start
    return seed, seconds, message or (f"it took {seconds:.1f} s" if seconds > LONGEST else "")


def main() -> int:
    """Run the seeds asked for and report."""
    parser = argparse.ArgumentParser(description="Hostile texts: only verdicts and clear errors, within two seconds.")
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print each text")
    options = parser.parse_args()
    seeds = range(options.start, options.start + options.count)
    failed, slowest = 0, 0.0
    with ProcessPoolExecutor(options.jobs) as pool:
        for seed, seconds, message in pool.map(partial(run, show=options.show), seeds, chunksize=32):
            slowest = max(slowest, seconds)
            failed += bool(message)
            if message:
                print(f"seed {seed}: {' '.join(message.split())[:300]}", flush=True)
    print(f"{len(seeds) - failed} of {len(seeds)} texts right, the slowest in {slowest:.1f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
