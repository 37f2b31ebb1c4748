"""How reading code ends early: it cannot be read, running it would raise, or something that is not said decides."""

from __future__ import annotations

from indexcalc.terms import Range

TOO_MUCH = ("the code takes too many steps", "the code is nested too deeply")  # reading it again would be no better


class LiftError(Exception):
    """A cause, and the line of the code that it stands in (from 1; 0 until the reader adds it)."""

    word = "unreadable"

    def __init__(self, cause: str, line: int = 0) -> None:
        self.cause, self.line = cause, line
        super().__init__(cause)

    def __str__(self) -> str:
        return f"line {self.line}: {self.cause}" if self.line else self.cause


class UnreadableError(LiftError):
    """The code does something that is not known here: nothing can be said about it."""


class RaisesError(LiftError):
    """Running the code would raise an exception, whatever the numbers are."""

    word = "refuted"


class UndecidedError(LiftError):
    """What the code does depends on what is not said, such as whether two sizes are equal."""

    word = "undecided"


class LabelsError(RaisesError):
    """An input is used as places of a range: it holds labels, not numbers."""

    def __init__(self, name: str, range: Range) -> None:
        self.name, self.range = name, range
        super().__init__("an index must be a whole number")
