"""Waiting until a document changes: the times and sizes of files, looked at twice a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

PAUSE = 0.5  # seconds
Marks = dict[str, tuple[int, int]]


def marks_of(names: Iterable[str]) -> Marks:
    """The time and the size of each file that is there."""
    found: Marks = {}
    for name in names:
        try:
            status = Path(name).stat()
        except (OSError, ValueError):
            continue
        found[name] = (status.st_mtime_ns, status.st_size)
    return found


def changes(
    names: Callable[[], list[str]], before: Marks, wait: Callable[[float], object] = time.sleep
) -> Iterator[list[str]]:
    """The files that are new or have changed, each time that some have.

    names: says which files count now. before: their marks, taken before they were read, so that no change is missed.
    """
    while True:
        wait(PAUSE)
        now = marks_of(names())
        changed = [name for name, mark in now.items() if before.get(name) != mark]
        is_other, before = bool(changed) or bool(before.keys() - now.keys()), now
        if is_other:
            yield changed
