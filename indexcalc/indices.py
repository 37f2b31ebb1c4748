"""Ranges and indices: the letters of index notation, values that terms are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import RLock
from typing import Any, ClassVar
from weakref import WeakValueDictionary


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number that sizes give: the sum of the sizes, each times a whole number, and a constant, over a divisor.

    The quotient is rounded down: a[i] = x[2*i] has n/2 places, or (n-1)/2.
    """

    sizes: tuple[tuple[Range, int], ...]
    constant: int
    divisor: int = 1

    def value(self, size: Callable[[Range], int]) -> int:
        """The number, for sizes."""
        return (sum(times * size(range) for range, times in self.sizes) + self.constant) // self.divisor


@dataclass(frozen=True, slots=True)
class Range:
    """The set that an index runs over.

    `label` is the name of its size ("m"), the size itself ("3"), or, if `named` is false, the first letter that the
    text uses for it; `size` is the number of values where the text gives it. `counts`: for a range whose size other
    sizes give, the numbers of which the least is the size. `first`: what the text calls its first place, if not 1.
    """

    label: str
    named: bool = True
    size: int | None = None
    counts: tuple[Count, ...] = ()
    first: Count | None = None

    @property
    def same(self) -> Range | None:
        """The range of which this one has the size, if it begins elsewhere only."""
        match self.counts:
            case (Count(((range, 1),), 0, 1),):
                return range
        return None

    @property
    def made_of(self) -> tuple[Range, ...]:
        """The ranges whose sizes give that of this one."""
        return tuple(dict.fromkeys(each for count in self.counts for each, _ in count.sizes))


_PUBLISHING = RLock()


class Index:
    """A letter with its range: a value, not a term. Interned. Serial 0: the user's; above: fresh.

    An index whose name is a number is a fixed place, counted from 1, and is never free.
    """

    __slots__ = ("__weakref__", "key", "name", "range", "serial")
    _known: ClassVar[WeakValueDictionary[tuple[str, Range, int], Index]] = WeakValueDictionary()

    name: str
    range: Range
    serial: int
    key: tuple[str, int, str]

    def __new__(cls, name: str, range: Range, serial: int = 0) -> Index:
        known = cls._known.get((name, range, serial))
        if known is not None:
            return known
        index = super().__new__(cls)
        index.name, index.range, index.serial = name, range, serial
        index.key = (name, serial, range.label)
        with _PUBLISHING:  # filled before it is seen; and of two threads that made it, one is first
            return cls._known.setdefault((name, range, serial), index)

    def __reduce__(self) -> tuple[Any, ...]:
        return Index, (self.name, self.range, self.serial)

    def __repr__(self) -> str:
        return f"{self.name}{self.serial or ''}"

    def __lt__(self, other: Index) -> bool:
        return self.key < other.key

    @property
    def place(self) -> int | None:
        """The place, counted from 1, if the index is fixed."""
        return int(self.name) if self.name.isdigit() else None


def in_order(indices: Iterable[Index]) -> tuple[Index, ...]:
    """The indices sorted by name: the order that every pass uses where a set must become a sequence."""
    return tuple(sorted(indices, key=lambda index: index.key))
