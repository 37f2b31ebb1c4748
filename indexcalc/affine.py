"""Affine forms: whole numbers of indices and of sizes, and a constant.

An index counts for its position in its range, from 1 on. A form is a value; terms hold it in a `Constraint`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from indexcalc.indices import Count, Index, Range


@dataclass(frozen=True, slots=True)
class Form:
    """The sum of indices and of sizes, each times a whole number, and a constant; use `form` to make one."""

    letters: tuple[tuple[Index, int], ...]
    sizes: tuple[tuple[Range, int], ...]
    constant: int

    def __add__(self, other: Form) -> Form:
        return form((*self.letters, *other.letters), (*self.sizes, *other.sizes), self.constant + other.constant)

    def __sub__(self, other: Form) -> Form:
        return self + other.times(-1)

    def times(self, number: int) -> Form:
        """A multiple."""
        letters = tuple((index, times * number) for index, times in self.letters)
        sizes = tuple((range, times * number) for range, times in self.sizes)
        return form(letters, sizes, self.constant * number)

    @property
    def free(self) -> tuple[Index, ...]:
        """The indices in it, sorted."""
        return tuple(index for index, _ in self.letters)

    @property
    def is_constant(self) -> bool:
        """Whether it is a number."""
        return not self.letters and not self.sizes

    def of(self, index: Index) -> int:
        """How often an index is in it."""
        return next((times for each, times in self.letters if each is index), 0)

    def without(self, index: Index) -> Form:
        """The form with an index at 0."""
        return Form(tuple(pair for pair in self.letters if pair[0] is not index), self.sizes, self.constant)

    def put(self, values: Mapping[Index, Form]) -> Form:
        """The form with forms in place of indices."""
        result = Form(tuple(pair for pair in self.letters if pair[0] not in values), self.sizes, self.constant)
        for index, times in self.letters:
            if index in values:
                result = result + values[index].times(times)
        return result

    def value(self, places: Mapping[Index, int], size: Callable[[Range], int]) -> int:
        """The number, for positions and sizes."""
        inside = sum(times * places[index] for index, times in self.letters)
        return inside + sum(times * size(range) for range, times in self.sizes) + self.constant

    @property
    def key(self) -> tuple[object, ...]:
        """What sorts forms."""
        letters = tuple((*index.key, times) for index, times in self.letters)
        sizes = tuple((range.label, times) for range, times in self.sizes)
        return (len(letters), letters, len(sizes), sizes, self.constant)

    def least(self) -> Form | None:
        """A form of sizes that no value lies below, whatever the places are."""
        found = Form((), self.sizes, self.constant)
        for index, times in self.letters:
            found = found + (constant(times) if times > 0 else size_form(index.range).times(times))
        return found

    def is_positive(self) -> bool:
        """Whether no value lies below 0, for all places and all sizes from 1 on."""
        least = self.least()
        if least is None or any(times < 0 for _, times in least.sizes):
            return False
        # The counter of a loop begins at 0, a size at 1.
        return least.constant + sum(times for range, times in least.sizes if not range.label.startswith("@")) >= 0


def form(letters: Iterable[tuple[Index, int]], sizes: Iterable[tuple[Range, int]], number: int) -> Form:
    """A form, its parts collected; an index that is a fixed place and a size that is a number join the constant."""
    counts: dict[Index, int] = {}
    for index, times in letters:
        if index.place is not None:
            number += times * index.place
        else:
            counts[index] = counts.get(index, 0) + times
    totals: dict[Range, int] = {}
    pending = list(sizes)
    while pending:
        range, times = pending.pop(0)
        if range.size is not None:
            number += times * range.size
        elif len(range.counts) == 1 and range.counts[0].divisor == 1:
            number += times * range.counts[0].constant
            pending += [(each, times * inner) for each, inner in range.counts[0].sizes]
        else:
            totals[range] = totals.get(range, 0) + times
    ordered = sorted((pair for pair in counts.items() if pair[1]), key=lambda pair: pair[0].key)
    ranged = sorted((pair for pair in totals.items() if pair[1]), key=lambda pair: pair[0].label)
    return Form(tuple(ordered), tuple(ranged), number)


def constant(number: int) -> Form:
    """A number as a form."""
    return Form((), (), number)


def of_index(index: Index) -> Form:
    """An index as a form."""
    return form(((index, 1),), (), 0)


def size_form(range: Range) -> Form:
    """The size of a range as a form."""
    return form((), ((range, 1),), 0)


def of_count(count: Count) -> Form:
    """A count without a divisor as a form."""
    return form((), count.sizes, count.constant)
