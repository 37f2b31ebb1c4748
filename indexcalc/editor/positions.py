"""Places of a text as editors count them: lines and columns from 0, columns in units of UTF-16."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Positions:
    """The lines of a text."""

    text: str

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins."""
        found = [0]
        for line in self.text.split("\n")[:-1]:
            found.append(found[-1] + len(line) + 1)
        return found

    def at(self, place: int) -> tuple[int, int]:
        """The line and the column of a place."""
        place = max(0, min(place, len(self.text)))
        line = bisect_right(self.starts, place) - 1
        return line, units(self.text[self.starts[line] : place])

    def place(self, line: int, column: int) -> int:
        """The place of a line and a column; the nearest one where there is no such place."""
        if line < 0:
            return 0
        if line >= len(self.starts):
            return len(self.text)
        start = self.starts[line]
        end = self.starts[line + 1] - 1 if line + 1 < len(self.starts) else len(self.text)
        place = start
        while column > 0 and place < end:
            column -= units(self.text[place])
            place += 1
        return place


def units(text: str) -> int:
    """The length of a text in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
