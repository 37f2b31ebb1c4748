"""How much work is done at most: it is counted, not timed, so that the same input gives the same text on any machine.

A `Budget` bounds one expansion, which is then given up and the form at hand is kept. A step of a document is `limited`
as a whole, whatever it is that takes long: normal forms, samples, numbers with many digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

MOST_WORK = 60_000  # products of two monomials, about two seconds
ENDLESS = 1 << 62
OF_A_STEP = 60_000  # units, of which one takes some thirty microseconds


class TooLargeError(Exception):
    """A term has more monomials, or takes more products of them, than are worth working out."""


class SpentError(Exception):
    """The work of a step is spent. It is for whoever limited the work, and for nobody on the way."""


class Budget:
    """The work of one outermost task: `with budget:` around it and around the tasks inside it."""

    def __init__(self, most: int = MOST_WORK) -> None:
        self.most, self.spent, self._depth = most, 0, 0

    def __enter__(self) -> Budget:
        if not self._depth:
            self.spent = 0
        self._depth += 1
        return self

    def __exit__(self, *_: object) -> None:
        self._depth -= 1

    def spend(self, work: int) -> None:
        """Count some work. Raises TooLargeError once it is too much, again and again until the task is given up."""
        self.spent += work
        if self.spent > self.most:
            raise TooLargeError
        spend(work)


@dataclass(slots=True)
class _Meter:
    """The work that is left of a step."""

    left: int


_METER: ContextVar[_Meter | None] = ContextVar("the work that is left", default=None)


def spend(work: int) -> None:
    """Count some work of a step. Raises SpentError once the step has taken too much; nothing is counted outside one."""
    meter = _METER.get()
    if meter is not None:
        meter.left -= work
        if meter.left < 0:
            raise SpentError


@dataclass(slots=True)
class Work:
    """The work that a task took."""

    done: int = 0


@contextmanager
def measured() -> Iterator[Work]:
    """A task of which the work is told at its end, however much may be left; it counts for the tasks around it."""
    outer = _METER.get()
    meter = _Meter(ENDLESS if outer is None else outer.left)
    allowed, work = meter.left, Work()
    token = _METER.set(meter)
    try:
        yield work
    finally:
        _METER.reset(token)
        work.done = allowed - meter.left
        if outer is not None:
            outer.left = meter.left


@contextmanager
def uncounted() -> Iterator[None]:
    """A task whose result is kept for others: whether it had been asked for before must not tell in any verdict."""
    token = _METER.set(None)
    try:
        yield
    finally:
        _METER.reset(token)


@contextmanager
def limited(most: int = OF_A_STEP) -> Iterator[None]:
    """A task that may take so much work, and no more than what is left of a larger one around it."""
    outer = _METER.get()
    allowed = most if outer is None else min(most, max(outer.left, 0))
    meter = _Meter(allowed)
    token = _METER.set(meter)
    try:
        yield
    finally:
        _METER.reset(token)
        if outer is not None:
            outer.left -= allowed - meter.left
