"""Placed text: a stretch of a document that knows where each of its characters stands in the file.

What is read is rarely what the file holds, letter for letter: a notebook escapes its backslashes, a comment line has a
mark before each statement, an alignment `&` is taken out of a row. Errors and verdicts point into the file still.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any

from indexcalc.errors import Span

Run = tuple[int, int, int]  # length, first place, step: 1 where the places go on one by one, 0 where they stay


class Runs(Sequence[int]):
    """Places in runs: a text that is put together from lines of a file has a few, not a number for each character."""

    __slots__ = ("_ends", "_runs")

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs = runs
        self._ends = list(accumulate(length for length, _, _ in runs))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[int]:
        for length, first, step in self._runs:
            yield from range(first, first + length) if step else [first] * length

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(other) == len(self) and all(map(int.__eq__, self, other))

    def __hash__(self) -> int:
        return hash(tuple(self._runs))

    def __getitem__(self, part: Any) -> Any:
        if isinstance(part, slice):
            start, end, step = part.indices(len(self))
            return sequence(self.between(start, end)) if step == 1 else list(self)[part]
        position = part + len(self) if part < 0 else part
        if not 0 <= position < len(self):
            raise IndexError(part)
        number = bisect_right(self._ends, position)
        length, first, step = self._runs[number]
        return first + step * (position - self._ends[number] + length)

    def between(self, start: int, end: int) -> Iterator[Run]:
        """The runs of a stretch."""
        number = bisect_right(self._ends, start)
        while start < end:
            length, first, step = self._runs[number]
            inside = start - self._ends[number] + length
            taken = min(length - inside, end - start)
            yield taken, first + step * inside, step
            start, number = start + taken, number + 1


def runs_of(places: Sequence[int]) -> Iterator[Run]:
    """Places as runs."""
    match places:
        case Runs():
            yield from places.between(0, len(places))
        case range(step=1):
            yield len(places), places.start, 1
        case _:
            yield from ((1, place, 1) for place in places)


def sequence(runs: Iterable[Run]) -> Sequence[int]:
    """Runs as a sequence of places; those that go on one behind the other are one."""
    found: list[Run] = []
    for length, first, step in runs:
        if length and found:
            before, start, kind = found[-1]
            if kind == step and first == start + step * before:
                found[-1] = before + length, start, step
                continue
        if length:
            found.append((length, first, step if length > 1 else 1))
    if len(found) == 1 and found[0][2]:
        return range(found[0][1], found[0][1] + found[0][0])
    return Runs(found)


MARKED = re.compile(r"\n[ \t]*[>%#]|\\\\")  # lines with a mark of their own, rows


@dataclass(frozen=True)
class Placed:
    """A text and, for each of its characters, the position in the file.

    file: what it is a part of, where that is a text as it stands. stop: where a text ends there that was put in at its
    end, if that is known.
    """

    text: str
    places: Sequence[int]
    file: str = field(default="", compare=False, repr=False)
    stop: int = field(default=-1, compare=False, repr=False)

    @staticmethod
    def whole(text: str) -> Placed:
        """A file as it stands."""
        return Placed(text, range(len(text)), text)

    @staticmethod
    def put_in(text: str, place: int) -> Placed:
        """A text that the file does not hold, which stands at a place of it."""
        return Placed(text, sequence([(len(text), place, 0)]))

    @staticmethod
    def joined(parts: Iterable[Placed], between: str = "") -> Placed:
        """The parts, one after the other; what stands between them has the place where the next one begins."""
        texts: list[str] = []
        runs: list[Run] = []
        first, file, stop = 0, "", -1
        for part in parts:
            file, stop = file or part.file, part.stop
            if texts:
                runs.append((len(between), part.start, 0))
            else:
                first = part.start
            texts.append(part.text)
            runs += runs_of(part.places)
        text = between.join(texts)
        return Placed(text, sequence(runs) if text else range(first, first), file, stop)

    def __len__(self) -> int:
        return len(self.text)

    def __getitem__(self, part: slice) -> Placed:
        if not self.text[part]:  # an empty stretch keeps its place, which is where something is missing
            start = min(part.start or 0, len(self.text))
            return Placed("", range(self.place(start), self.place(start)), self.file)
        stop = self.stop if part.stop is None or part.stop >= len(self.text) else -1
        return Placed(self.text[part], self.places[part], self.file, stop)

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
        return Placed("".join(text) + self.text[done:], self.places, self.file, self.stop) if done else self

    def rewritten(self, start: int, end: int) -> str:
        """What the author wrote for a stretch that is put in, by a macro or from another notation; "" elsewhere.

        Empty also where the stretch is but a part of what was put in, or the file holds marks of its own in between.
        """
        inner = self.places[start:end]
        if not self.file or not any(one == other for one, other in pairwise(inner)):
            return ""
        before = len(self.text[:start].rstrip())
        behind = len(self.text) - len(self.text[end:].lstrip())
        stop = self.stop if behind == len(self.text) and self.stop >= 0 else self.place(behind)
        cut = (before > 0 and self.places[before - 1] == inner[0]) or stop <= max(inner) or min(inner) < inner[0]
        found = self.file[inner[0] : stop]
        return "" if cut or MARKED.search(found) else " ".join(found.split())

    def replaced(self, *changes: tuple[int, int, str]) -> Placed:
        """With stretches rewritten, in their order; what is new stands where the old text began."""
        parts: list[Placed] = []
        done = 0
        for start, end, new in changes:
            parts += [self[done:start], Placed.put_in(new, self.place(start))]
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


TAB = 4  # columns; a tab goes on to the next multiple of it


def indented(text: str, start: int, end: int) -> tuple[int, int]:
    """How many columns of blanks a line begins with, and the position behind them."""
    columns, position = 0, start
    while position < end:
        if text[position] == " ":
            columns += 1
        elif text[position] == "\t":
            columns += TAB - columns % TAB
        else:
            break
        position += 1
    return columns, position


def past(text: str, start: int, end: int, columns: int) -> int:
    """The position behind so many columns of blanks, or behind all blanks if there are fewer."""
    done, position = 0, start
    while position < end and done < columns and text[position] in " \t":
        done += 1 if text[position] == " " else TAB - done % TAB
        position += 1
    return position
