"""Sizes for samples: those that others give, and sizes for which every shifted element exists."""

from __future__ import annotations

from collections.abc import Iterable

from indexcalc.indices import Range
from indexcalc.reads import Read
from indexcalc.sheet import Sheet

MOST_TRIES = 200


def completed(sizes: dict[Range, int], ranges: Iterable[Range], fixed: Iterable[Range], sheet: Sheet) -> None:
    """Add the sizes that others give; make those larger that leave a range empty, or a shifted place outside.

    fixed: ranges whose size stays as it is.
    """
    wanted = [range for range in ranges if range.counts]
    if not wanted and not sheet.reads:
        return
    kept = set(fixed)
    for _ in range(MOST_TRIES):
        for each in wanted:
            sizes[each] = counted(each, sizes)
        short = next((each for each in wanted if sizes[each] < 1), None)
        grown = _gives(short) if short is not None else _longer(sheet.reads, sizes)
        grown = [each for each in grown if each not in kept and each.size is None and not each.counts]
        if not grown:
            return
        for each in grown:
            sizes[each] = sizes.get(each, 1) + 1


def counted(range: Range, sizes: dict[Range, int]) -> int:
    """The size of a range that others give."""

    def size(each: Range) -> int:
        if each.size is not None:
            return each.size
        return counted(each, sizes) if each.counts else sizes.setdefault(each, 3)

    return min(count.value(size) for count in range.counts)


def _gives(range: Range) -> list[Range]:
    """The ranges that make another one longer."""
    found = [each for count in range.counts for each, times in count.sizes if times > 0]
    return [basic for each in found for basic in (_gives(each) if each.counts else [each])]


def _longer(reads: Iterable[Read], sizes: dict[Range, int]) -> list[Range]:
    def size(range: Range) -> int:
        if range.size is not None:
            return range.size
        return counted(range, sizes) if range.counts else sizes.setdefault(range, 3)

    for read in reads:
        if read.escape(size) is not None:
            return list(read.axes)
    return []
