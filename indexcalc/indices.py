"""Ranges and indices: the letters of index notation, values that terms are made of."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from sys import getrefcount
from threading import RLock
from typing import Any, ClassVar, Generic, TypeVar
from weakref import ref

_PUBLISHING = RLock()  # one that may be taken twice: a collection of garbage may run anything in between
Value = TypeVar("Value")


class Kept(Generic[Value]):
    """The values that are in use, each once, by what they are made of; what nobody holds is forgotten at once.

    `find` is asked all the time, so it does no more than a dictionary of weak references must.
    """

    __slots__ = ("references",)

    def __init__(self) -> None:
        self.references: dict[Hashable, ref[Value]] = {}

    def __contains__(self, name: Hashable) -> bool:
        return self.find(name) is not None

    def find(self, name: Hashable) -> Value | None:
        """The value that is made of this; none if there is none."""
        found = self.references.get(name)
        return None if found is None else found()

    def publish(self, name: Hashable, value: Value) -> Value:
        """The value of this name from now on: this one, or the one that another thread has made in the meantime."""
        references, lock = self.references, _PUBLISHING  # at the end of a program there are no globals any more

        def forget(gone: ref[Value]) -> None:
            with lock:
                if references.get(name) is gone:
                    del references[name]

        with _PUBLISHING:
            known = self.find(name)
            if known is not None:
                return known
            references[name] = ref(value, forget)
        return value


class Table(Generic[Value]):
    """The same for values that are made and dropped by the thousand: what nobody holds is forgotten once in a while.

    A weak reference for each value takes longer than making it. `values` is read as it is, without a lock.
    """

    __slots__ = ("least", "most", "values")

    def __init__(self, least: int) -> None:
        self.values: dict[Hashable, Value] = {}
        self.least = self.most = least

    def publish(self, name: Hashable, value: Value) -> Value:
        """The value of this name from now on: this one, or the one that another thread has made in the meantime."""
        with _PUBLISHING:
            known = self.values.setdefault(name, value)
            if len(self.values) > self.most:
                self.forget()
                self.most = max(self.least, 2 * len(self.values))
        return known

    def forget(self) -> None:
        """Drop the values that nothing else holds, the latest first: the earlier ones may be parts of these.

        A thread that finds one in between holds it, so that it is put back; one that does not find it waits.
        """
        with _PUBLISHING:
            names = list(self.values)
            while names:
                name = names.pop()
                value = self.values.get(name)
                if value is None or getrefcount(value) > IN_TABLE:
                    continue
                del self.values[name]
                if getrefcount(value) >= IN_TABLE:
                    self.values[name] = value


IN_TABLE = 3  # references to a value that nothing holds but a table: also by a variable and by the call that counts


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


class Range:
    """The set that an index runs over: a value, interned.

    `label` is the name of its size ("m"), the size itself ("3"), or, if `named` is false, the first letter that the
    text uses for it; `size` is the number of values where the text gives it. `counts`: for a range whose size other
    sizes give, the numbers of which the least is the size. `first`: what the text calls its first place, if not 1.
    """

    __slots__ = ("__weakref__", "counts", "first", "label", "named", "size")
    _known: ClassVar[Kept[Range]] = Kept()

    label: str
    named: bool
    size: int | None
    counts: tuple[Count, ...]
    first: Count | None

    def __new__(
        cls,
        label: str,
        named: bool = True,
        size: int | None = None,
        counts: tuple[Count, ...] = (),
        first: Count | None = None,
    ) -> Range:
        name = (label, named, size, counts, first)
        known = cls._known.find(name)
        if known is not None:
            return known
        made = super().__new__(cls)
        made.label, made.named, made.size, made.counts, made.first = name
        return cls._known.publish(name, made)

    def __reduce__(self) -> tuple[Any, ...]:
        return Range, (self.label, self.named, self.size, self.counts, self.first)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in ("label", "named", "size", "counts", "first"))
        return f"Range({shown})"

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


class Index:
    """A letter with its range: a value, not a term. Interned. Serial 0: the user's; above: fresh.

    An index whose name is a number is a fixed place, counted from 1, and is never free.
    """

    __slots__ = ("__weakref__", "key", "name", "range", "serial")
    _known: ClassVar[Kept[Index]] = Kept()

    name: str
    range: Range
    serial: int
    key: tuple[str, int, str]

    def __new__(cls, name: str, range: Range, serial: int = 0) -> Index:
        made_of = (name, range, serial)
        found = cls._known.references.get(made_of)  # `find`, in place: this is asked most of all
        if found is not None and (known := found()) is not None:
            return known
        index = super().__new__(cls)
        index.name, index.range, index.serial = made_of
        index.key = (name, serial, range.label)
        return cls._known.publish(made_of, index)  # filled before it is seen

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
