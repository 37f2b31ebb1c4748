"""How much is multiplied out at most: work is counted, not timed, so that the same input gives the same text."""

from __future__ import annotations

MOST_WORK = 60_000  # products of two monomials, about two seconds


class TooLargeError(Exception):
    """A term has more monomials, or takes more products of them, than are worth working out."""


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
