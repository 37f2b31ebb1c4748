r"""The scanner: a text cut at its marks ($, \[, \begin{align}, code spans, comments) into regions.

It goes from one opening mark to the next and asks a table what begins there. Where closing marks stand is found once
for a text, so that it takes linear time on any.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from indexcalc.audit.documents.definitions import Braces
from indexcalc.audit.documents.formula import cleaned, environment_of
from indexcalc.audit.documents.places import Placed
from indexcalc.audit.documents.regions import Kind, Region
from indexcalc.errors import Span

# What begins at a mark: regions (none: the stretch is left out), or None if the mark is text; and where it ends.
Found = tuple[Sequence[Region] | None, int]
Opener = Callable[["Scanner", "re.Match[str]"], Found]
BLANK = re.compile(r"\n(?=[ \t>]*\n)")


@dataclass
class Numbering:
    """Numbers paragraphs of a document, over all of its parts."""

    last: int = 0

    def next(self) -> int:
        """The number of a new paragraph."""
        self.last += 1
        return self.last


@dataclass(frozen=True)
class Setting:
    """What the regions of a text have in common: see Region."""

    paragraph: int = 0
    within: tuple[str, ...] = ()
    kind: Kind = "prose"
    level: int = 0
    html: bool = False  # entities stand for characters
    doubled: bool = (
        False  # $$ stands for a single dollar too, as in kramdown: only what has a line of its own is a display
    )


class Closers:
    """Where the closing marks of a text stand, each kind sought once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.known: dict[str, list[int]] = {}

    @cached_property
    def runs(self) -> dict[int, list[int]]:
        """Where the runs of backticks begin, by their lengths."""
        found: dict[int, list[int]] = {}
        for match in re.finditer("`+", self.text):
            found.setdefault(len(match.group()), []).append(match.start())
        return found

    @cached_property
    def blanks(self) -> list[int]:
        """Where blank lines begin."""
        return [match.start() for match in BLANK.finditer(self.text)]

    def next(self, mark: str, start: int, limit: int | None = None) -> int:
        """Where a mark (a regular expression) stands next, not behind a backslash; -1 if not before the limit."""
        if mark not in self.known:
            places = (match.start() for match in re.finditer(rf"(?={mark})", self.text))
            self.known[mark] = [place for place in places if not escaped(self.text, place)]
        return _next(self.known[mark], start, limit)

    def run(self, length: int, start: int, limit: int | None = None) -> int:
        """Where a run of as many backticks begins next; -1 if not before the limit."""
        return _next(self.runs.get(length, []), start, limit)

    def blank(self, start: int) -> int:
        """Where the next blank line begins, or the text ends."""
        found = _next(self.blanks, start, None)
        return len(self.text) if found < 0 else found


def _next(places: list[int], start: int, limit: int | None) -> int:
    number = bisect_left(places, start)
    found = places[number] if number < len(places) else -1
    return found if limit is None or found < limit else -1


def escaped(text: str, position: int) -> bool:
    """Whether an odd number of backslashes stands before a position."""
    start = position
    while start and text[start - 1] == "\\":
        start -= 1
    return (position - start) % 2 == 1


@dataclass
class Scanner:
    """The regions of a text, given a pattern of opening marks and what to do at each (by the name of its group).

    breaks: where paragraphs end in it, if it holds several. within: the environments that are open.
    """

    content: Placed
    marks: re.Pattern[str]
    openers: Mapping[str, Opener]
    setting: Setting = field(default_factory=Setting)
    breaks: Sequence[int] = ()
    numbers: Sequence[int] = ()  # of the paragraphs behind the breaks
    names: Mapping[str, str] = field(default_factory=dict)  # what the environments of the document's own are

    def __post_init__(self) -> None:
        self.text = self.content.text
        self.closers = Closers(self.text)
        self.braces = Braces(self.text)
        self.within: list[str] = []

    def regions(self) -> Iterator[Region]:
        """All regions, in their order."""
        done = position = 0
        holes: list[tuple[int, int]] = []
        while match := self.marks.search(self.text, position):
            found, position = self.openers[match.lastgroup or ""](self, match)
            position = max(position, match.end()) if found is None else position
            if found:
                yield from self.prose(done, match.start(), holes)
                yield from found
                done, holes = position, []
            elif found is not None:
                holes.append((match.start(), position))
        yield from self.prose(done, len(self.text), holes)

    def prose(self, start: int, end: int, holes: Sequence[tuple[int, int]]) -> Iterator[Region]:
        """The prose of a stretch, without what is left out, paragraph by paragraph, if it holds any."""
        first, last = bisect_left(self.breaks, start), bisect_left(self.breaks, end)
        edges = [start, *self.breaks[first:last], end]
        number = 0
        for left, right in pairwise(edges):
            parts, place = [], left
            while number < len(holes) and holes[number][0] < right:
                hole = holes[number]
                parts.append(self.content[place : max(place, hole[0])])
                place = max(place, min(hole[1], right))
                if hole[1] > right:
                    break
                number += 1
            parts.append(self.content[place:right])
            content = parts[0] if len(parts) == 1 else Placed.joined(parts)
            begins_heading = self.setting.kind == "heading" and not left  # a heading has a region, even without words
            if begins_heading or (content.text and not content.text.isspace()):
                yield self.region(self.setting.kind, content, left, right, level=self.setting.level)

    def region(self, kind: Kind, content: Placed, start: int, end: int, **fields: Any) -> Region:
        """A region that stands between two positions, with its marks."""
        span = Span(self.content.place(start), self.content.place(max(start, end - 1)) + (end > start))
        within = (*self.setting.within, *self.within)
        return Region(kind, content, span, self.paragraph(start), within=within, **fields)

    def paragraph(self, position: int) -> int:
        """The number of the paragraph of a position."""
        return self.numbers[bisect_right(self.breaks, position)] if self.numbers else self.setting.paragraph

    def formula(self, start: int, end: int, outer: tuple[int, int], display: bool, label: str = "") -> Region:
        """The formula between two positions, with what stands around it."""
        content, own = cleaned(self.content[start:end], self.setting.html)
        environment = environment_of(content.text)
        return self.region("formula", content, *outer, display=display, environment=environment, label=label or own)

    def nested(self, content: Placed, **changes: Any) -> Iterator[Region]:
        """The regions of a stretch of this text, read alike but for the changes of the setting."""
        within = (*self.setting.within, *self.within)
        setting = replace(self.setting, within=within, **changes)
        return Scanner(content, self.marks, self.openers, setting).regions()
