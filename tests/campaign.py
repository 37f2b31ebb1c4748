"""Random derivative problems through the whole of indexcalc, by hand:

    python -m tests.campaign --count 10000 --jobs 2
    python -m tests.campaign --start 17 --count 1 --show          # one problem, with its text

Each is derived; the short form, every step, what is read back from text and LaTeX, and the generated code are compared
with the reference evaluator on the target as it was written, and the reference evaluator with autograd. A failure is
printed with its seed; the exit status is 1 if there is one.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

import indexcalc as ic
from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.notation.latex.source import LONGEST
from indexcalc.notation.reader import read_expression
from indexcalc.notation.syntax.scan import LONGEST_STATEMENT
from indexcalc.terms import Call, Index, Term
from indexcalc.verify.evaluator import World, reached
from indexcalc.verify.reference import Reference
from indexcalc.verify.samples import on_kink, sample
from indexcalc.verify.stand_ins import stand_in
from indexcalc.verify.verification import Tolerance, agree, arguments, max_error, tolerance_of
from indexcalc.verify.witnesses import Autograd
from indexcalc.walk import subterms
from tests.strategies import Problem, random_problem

LIMIT = 60  # seconds of processor time for a problem
LARGEST = 4000  # elements of a result that autograd is asked for
BACKENDS = ("numpy", "einsum")


def check(problem: Problem, backends: tuple[str, ...] = BACKENDS, steps: bool = True) -> Iterator[str]:
    """Everything that must hold of one problem; yields what does not. On a kink only that it can be derived."""
    try:
        result = ic.derive(problem.sheet, problem.target)
        world = _world(problem, result)
    except (Exception, SystemExit) as error:
        yield f"derive: {type(error).__name__}: {error}"
        return
    if problem.axes is not None and result.axes != problem.axes:
        yield f"axes: {result.axes} instead of {problem.axes}"
    try:
        true = Reference(world).array(result.target.term, result.derived.axes)
    except Exception as error:
        yield f"reference: {type(error).__name__}: {error}"
        return
    if on_kink(world, [result.target.term]):
        return
    compare = partial(_compare, true, tolerance_of(result.target.term))
    yield from compare("short form", lambda: _value(result.derived.term, world, result.derived.axes))
    for dialect, text, longest in (("text", str(result), LONGEST_STATEMENT), ("latex", result.latex(), LONGEST)):
        if len(text) > longest:  # nobody reads that, and the reader refuses it
            continue
        yield from compare(f"{dialect} read back", lambda text=text: _read_back(result, text, world))
    for backend in backends:
        yield from compare(backend, lambda backend=backend: _computed(result, world, backend))
    if steps:
        for place, step in enumerate(result.steps):
            term = step.expression.term
            yield from compare(f"step {place}", lambda term=term: _value(term, world, result.derived.axes))
    if true.size <= LARGEST:
        yield from compare("autograd", lambda: _automatic(result, world, true))


def _world(problem: Problem, result: ic.Derivation) -> World:
    """Numbers for a problem; for functions too that only its steps hold, since their derivatives are 0."""
    seed = max(problem.seed, 0)
    world = sample(result.sheet, [result.target.term], seed, signed=problem.signed)
    bodies = reached(result.sheet, [step.expression.term for step in result.steps])
    steps = (each for body in bodies for each in subterms(body))
    unknown = {each.function: each for each in steps if isinstance(each, Call) and each.function not in FUNCTIONS}
    more = {name: stand_in(name, len(each.arguments), seed) for name, each in unknown.items()}
    return replace(world, functions={**more, **world.functions})


def _compare(true: np.ndarray, tolerance: Tolerance, what: str, compute: Callable[[], Any]) -> Iterator[str]:
    try:
        found = np.asarray(compute(), dtype=float)
    except (Exception, SystemExit) as error:
        yield f"{what}: {type(error).__name__}: {error}"
        return
    if found.shape != true.shape:
        yield f"{what}: shape {found.shape} instead of {true.shape}"
        return
    if not agree(true, found, tolerance):
        yield f"{what}: the numbers differ by {max_error(true, found):.3g}"


def _value(term: Term, world: World, axes: tuple[Index, ...]) -> np.ndarray:
    return np.asarray(Reference(world).array(term, axes))


def _read_back(result: ic.Derivation, text: str, world: World) -> np.ndarray:
    reading = read_expression(result.sheet, text, free=result.axes)
    ranges = {index.name: index.range for index in result.derived.axes}
    axes = tuple(Index(name, ranges[name]) for name in result.axes)
    return _value(reading.term, world, axes)


def _computed(result: ic.Derivation, world: World, backend: str) -> Any:
    function = result.compile(backend=backend)
    return function(**arguments([result.target.term], world, function))


def _automatic(result: ic.Derivation, world: World, true: np.ndarray) -> np.ndarray:
    found = np.asarray(Autograd(world).array(result.target.term, result.derived.axes))
    return np.where(np.isfinite(found), found, true)  # autograd multiplies an infinite slope by 0


# ----- The command -----------------------------------------------------------------------------------------------


def run(seed: int, steps: bool = True) -> tuple[int, list[str]]:
    """The failures of one seed, taking too long among them."""

    def out_of_time(*_: Any) -> None:
        raise TimeoutError(f"it took longer than {LIMIT} s")

    signal.signal(signal.SIGPROF, out_of_time)
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        with np.errstate(all="ignore"):
            return seed, list(check(random_problem(seed), steps=steps))
    except Exception as error:
        return seed, [f"campaign: {type(error).__name__}: {error}"]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def main() -> int:
    """Run the seeds asked for and report."""
    parser = argparse.ArgumentParser(description="Random derivative problems through the whole of indexcalc.")
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--no-steps", action="store_true", help="leave the steps out")
    parser.add_argument("--show", action="store_true", help="print the problem of a failure")
    options = parser.parse_args()
    seeds = range(options.start, options.start + options.count)
    kinds: Counter[str] = Counter()
    failed = 0
    with ProcessPoolExecutor(options.jobs) as pool:
        for seed, messages in pool.map(partial(run, steps=not options.no_steps), seeds, chunksize=8):
            failed += bool(messages)
            kinds.update({message.split(":")[0].rstrip("0123456789 ") for message in messages})
            for message in messages:
                print(f"seed {seed}: {' '.join(message.split())[:300]}", flush=True)
            if messages and options.show:
                print(random_problem(seed), "\n", flush=True)
    for kind, count in kinds.most_common():
        print(f"{count:6}  {kind}")
    print(f"{len(seeds) - failed} of {len(seeds)} problems right")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
