"""The most memory that a call allocates, by tracemalloc: compiled functions beside what an expert writes in numpy.

    python benchmarks/memory.py [--only TEXT]

The problems are those of `peers.py` and `networks.py`; arguments are not counted, results are. A ratio above 1.2 is
marked.
"""

from __future__ import annotations

import argparse
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

from _networks import NETWORKS
from _problems import PROBLEMS
from networks import own as own_network
from peers import own

GOAL = 1.2
Way = Callable[[], Any]


def peak(way: Way) -> float:
    """The most bytes that a call has allocated at once."""
    way()
    tracemalloc.start()
    way()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return float(most)


def rows() -> Iterator[tuple[str, Way, Way]]:
    """Each problem: its title, our code, the expert's."""
    for make in PROBLEMS:
        problem = make()
        yield problem.title, own(problem, "numpy"), lambda problem=problem: problem.expert(problem.arrays)
    for make in NETWORKS:
        network = make()
        if network.expert is not None:
            yield network.title, own_network(network), lambda network=network: network.expert(network.arrays)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    print(f"{'peak of one call':<54}{'indexcalc':>12}{'expert':>12}{'ratio':>8}")
    for title, ours, expert in rows():
        if options.only in title:
            one, two = peak(ours), peak(expert)
            mark = " <" if one > GOAL * two else ""
            print(f"{title:<54}{one / 2**20:>8.2f} MiB{two / 2**20:>8.2f} MiB{one / two:>8.2f}{mark}", flush=True)


if __name__ == "__main__":
    main()
