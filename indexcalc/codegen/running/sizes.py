"""The sizes of a call: those of its arrays, those that the text gives, and those that others give."""

from __future__ import annotations

from collections.abc import Mapping

from indexcalc.terms import Range


class Sizes(dict[Range, int]):
    """The sizes of ranges; those that the text gives are known."""

    def __missing__(self, range: Range) -> int:
        if range.counts:
            return counted(range, self)
        assert range.size is not None
        return range.size


def known(range: Range, sizes: Mapping[Range, int]) -> bool:
    """Whether the size of a range is known, or follows from those that are."""
    if range in sizes or range.size is not None:
        return True
    return bool(range.counts) and all(known(each, sizes) for each in range.made_of)


def counted(range: Range, sizes: Mapping[Range, int]) -> int:
    """The size of a range that others give."""
    return max(0, min(count.value(lambda each: sizes[each]) for count in range.counts))
