"""Less work for the collector of garbage: what reading and judging make are trees, which go when nobody holds them.

The collector looks at all that lives, again and again, as new objects are made: a sixth of the time of a document.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

SELDOM = 50_000  # new objects before the youngest are looked at, in place of 700

_LOCK = Lock()
_TASKS: list[tuple[int, int, int]] = []  # the thresholds that were found, once for each task at work


@contextmanager
def seldom_collected() -> Iterator[None]:
    """A task during which garbage is looked for less often; what was set before is set again when the last one ends."""
    with _LOCK:
        found = gc.get_threshold()
        _TASKS.append(_TASKS[0] if _TASKS else found)
        if found[0] and found[0] < SELDOM:  # 0: whoever switched it off wants it so
            gc.set_threshold(SELDOM, *found[1:])
    try:
        yield
    finally:
        with _LOCK:
            before = _TASKS.pop()
            if not _TASKS:
                gc.set_threshold(*before)
