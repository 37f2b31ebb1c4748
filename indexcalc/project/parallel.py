"""Many documents at once, in as many processes as the machine has cores.

Further processes take half a second to start: few or short documents are judged in this one.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_all_start_methods, get_context
from pathlib import Path

from indexcalc.audit.reports.report import FileReport
from indexcalc.errors import IndexcalcError
from indexcalc.terminal import fault

ENOUGH = 60_000  # bytes of all documents that are worth further processes
ENDED = "the process that checked it was ended from outside, as where memory is short"
Judge = Callable[[Path], FileReport]
Outcome = FileReport | str  # or why there is no report


def cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def judged(names: Sequence[str], judge: Judge, jobs: int, enough: int = ENOUGH) -> Iterator[tuple[str, Outcome]]:
    """The names of files with their reports, or why they have none, in the order in which they are done.

    `judge` is a function of a module, or an object that can be pickled. A file that fails does not stop the others.
    """
    sizes = {name: _size(name) for name in names}
    jobs = min(jobs, len(names))
    if jobs < 2 or "-" in names or sum(sizes.values()) < enough:
        yield from ((name, outcome_of(judge, name)) for name in names)
    else:
        yield from _in_processes(sorted(names, key=lambda name: -sizes[name]), judge, jobs)


def outcome_of(judge: Judge, name: str) -> Outcome:
    """The report on a file, or why there is none."""
    try:
        return judge(Path(name))
    except IndexcalcError as error:
        return str(error)
    except Exception as error:  # a fault of ours in one file must not lose the verdicts on the others
        return fault(error)


def _in_processes(names: Sequence[str], judge: Judge, jobs: int) -> Iterator[tuple[str, Outcome]]:
    """The outcomes from processes of their own; where one of them dies, each that is left gets another one."""
    server = "forkserver" in get_all_start_methods()
    context = get_context("forkserver" if server else "spawn")
    if server:
        context.set_forkserver_preload(["indexcalc.audit.checking"])
    left = list(names)
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin) as pool:
        tasks = {pool.submit(outcome_of, judge, name): name for name in names}
        try:
            for task in as_completed(tasks):
                found = tasks[task], task.result()
                left.remove(tasks[task])
                yield found
        except BrokenProcessPool:
            pass
        except BaseException:  # the user ends it: nobody waits for what is under way
            pool.shutdown(wait=False, cancel_futures=True)
            for process in active_children():
                process.terminate()
            raise
    if len(names) == 1 and left:
        yield left[0], ENDED
    else:
        for name in left:
            yield from _in_processes([name], judge, 1)


def _begin() -> None:
    """A process leaves the keyboard to the one that has started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _size(name: str) -> int:
    try:
        return Path(name).stat().st_size
    except (OSError, ValueError):
        return 0  # to open it says what is wrong
