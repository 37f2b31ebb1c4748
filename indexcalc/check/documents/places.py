"""Placed text: a stretch of a document that knows where each of its characters stands in the file.

What is read is rarely what the file holds, letter for letter: a notebook escapes its backslashes, a comment line has a
mark before each statement, an alignment `&` is taken out of a row. Errors and verdicts point into the file still.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from indexcalc.errors import Span


@dataclass(frozen=True)
class Placed:
    """A text and, for each of its characters, the position in the file."""

    text: str
    places: Sequence[int]

    @staticmethod
    def whole(text: str) -> Placed:
        """A file as it stands."""
        return Placed(text, range(len(text)))

    @staticmethod
    def joined(parts: Iterable[Placed], between: str = "") -> Placed:
        """The parts, one after the other; what stands between them has the place where the next one begins."""
        texts: list[str] = []
        places: list[int] = []
        for part in parts:
            if texts:
                places += [part.start] * len(between)
            texts.append(part.text)
            places += part.places
        return Placed(between.join(texts), places)

    def __len__(self) -> int:
        return len(self.text)

    def __getitem__(self, part: slice) -> Placed:
        if not self.text[part]:  # an empty stretch keeps its place, which is where something is missing
            start = min(part.start or 0, len(self.text))
            return Placed("", range(self.place(start), self.place(start)))
        return Placed(self.text[part], self.places[part])

    @property
    def start(self) -> int:
        """Where the text begins in the file."""
        return self.place(0)

    def place(self, position: int) -> int:
        """The place in the file of a position in the text; behind the end, the one after the last character."""
        if not len(self.places):
            return self.places.start if isinstance(self.places, range) else 0
        last = len(self.places) - 1
        return self.places[min(position, last)] + max(0, position - last)

    def position(self, place: int) -> int:
        """Where the character at a place in the file stands in the text."""
        return bisect_left(self.places, place)

    def stripped(self, characters: str | None = None) -> Placed:
        """Without the blanks (or these characters) at both ends."""
        left = len(self.text) - len(self.text.lstrip(characters))
        right = len(self.text.rstrip(characters))
        return self[left : max(left, right)]

    def blanked(self, spans: Iterable[tuple[int, int]]) -> Placed:
        """With blanks in these stretches; line breaks stay."""
        text, done = [], 0
        for start, end in spans:
            text += [self.text[done:start], re.sub(r"[^\n]", " ", self.text[start:end])]
            done = end
        return Placed("".join(text) + self.text[done:], self.places) if done else self

    def replaced(self, *changes: tuple[int, int, str]) -> Placed:
        """With stretches rewritten, in their order; what is new stands where the old text began."""
        parts: list[Placed] = []
        done = 0
        for start, end, new in changes:
            parts += [self[done:start], Placed(new, [self.place(start)] * len(new))]
            done = end
        return Placed.joined([*parts, self[done:]])


@dataclass(frozen=True)
class Lines:
    """The lines of a file: from a position to line and column, both counted from 1."""

    text: str

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins."""
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def at(self, position: int) -> tuple[int, int]:
        """Line and column of a position."""
        line = bisect_right(self.starts, position)
        return line, position - self.starts[line - 1] + 1


def span_in(content: Placed, span: Span) -> Span:
    """A span of a placed text as a span of the file."""
    return Span(content.place(span.start), content.place(max(span.start, span.end - 1)) + 1)
