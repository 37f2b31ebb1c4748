"""Which letters and axes share a range, and what tells it: an axis that no place is shifted on, or a declaration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indexcalc.affine import Form, constant
from indexcalc.errors import IndexcalcError
from indexcalc.indices import Range
from indexcalc.notation.lowering.ranges import Key, Ranges, Slot
from indexcalc.notation.shifts.forms import Written
from indexcalc.notation.shifts.scopes import Access, Scope
from indexcalc.notation.syntax.places import Place

ONE = constant(1)


@dataclass(frozen=True)
class Declared:
    """What `index` says of a letter: the name of its size or a form of sizes, and its first place."""

    size: Written
    first: Written
    place: Place


@dataclass
class Meeting:
    """What letters and axes meet, which of them share a range, and which are told.

    lefts: for each definition the scopes of its left side (an empty name where a base has a place). outside: the
    tensors of which the text says what stands outside. together: for each definition those that need it in turn.
    alike: pairs of scopes that share a range.
    """

    scopes: Mapping[str, Scope]
    accesses: tuple[Access, ...]
    declared: Mapping[str, Declared]
    sizes: frozenset[str]
    lefts: Mapping[str, tuple[str, ...]]
    bases: tuple[tuple[str, tuple[str, ...]], ...]
    outside: frozenset[str]
    together: Mapping[str, frozenset[str]]
    alike: Sequence[tuple[str, str]] = ()
    ranges: Ranges = field(default_factory=Ranges)
    shifted: set[Slot] = field(default_factory=set)
    owners: dict[Key, str] = field(default_factory=dict)
    found: dict[Key, Range] = field(default_factory=dict)
    firsts: dict[Key, Form] = field(default_factory=dict)
    conditions: dict[str, list[Form]] = field(default_factory=dict)
    labels: dict[str, Key] = field(default_factory=dict)
    pending: list[str] = field(default_factory=list)
    problems: dict[str, IndexcalcError] = field(default_factory=dict)

    # ----- What meets what

    def join(self) -> None:
        """Let axes and letters share ranges, and find those that are told."""
        said = {access.name for access in self.accesses if not access.is_asked}
        for access in self.accesses:
            for slot, place in enumerate(access.places):
                self.ranges.root((access.name, slot))
                if not self._is_plain(place) and not (access.is_asked and access.name in said):
                    self.shifted.add((access.name, slot))
        for name, left in (*self.lefts.items(), *self.bases):
            for slot, letter in enumerate(left):
                if letter:
                    self._join(letter, (name, slot))
        for scope in self.scopes.values():
            self.ranges.root(scope.name)
            for slot_of in scope.plain:
                if slot_of not in self.shifted and slot_of[0] not in ("delta", "eps"):
                    self._join(scope.name, slot_of)
        for one, other in self.alike:
            self.ranges.join(one, other, self.scopes[other].place)
        self._circles()
        self._symbols()
        self._declare()
        self._owners()
        self._loose()
        self._tell_sizes()

    def _join(self, scope: str, slot: Slot) -> None:
        self.ranges.join(slot, scope, self.scopes[scope].place)

    def _is_plain(self, place: Written) -> bool:
        """Whether a place is a letter, a number or a size."""
        return place.is_plain or (not place.period and all(name in self.sizes for name, _ in place.names))

    def _circles(self) -> None:
        """Definitions that are worked out together run over the same places of the same letter."""
        for name, left in self.lefts.items():
            for other in sorted(self.together.get(name, ())):
                for one, two in ((one, two) for one in left for two in self.lefts[other]):
                    if one != two and self.scopes[one].letter == self.scopes[two].letter:
                        self.ranges.join(one, two, self.scopes[two].place)

    def _symbols(self) -> None:
        for access in self.accesses:
            if access.name in ("delta", "eps"):
                letters = [each.letter for each in access.places if each.letter in self.scopes]
                for letter in letters[1:]:
                    if all(each.is_plain for each in access.places):
                        self.ranges.join(letters[0], letter, access.place)

    def _declare(self) -> None:
        for letter, said in self.declared.items():
            key = letter
            self.ranges.root(key)
            label = self._label(said.size)
            if label and said.first == Written((), 1):
                self.ranges.give_size(key, label, said.place)

        for scope in self.scopes.values():
            if scope.size.isidentifier() or scope.size.isdecimal():
                self.ranges.give_size(scope.name, scope.size, scope.place)

    def _label(self, size: Written) -> str:
        if not size.names:
            return str(size.constant)
        return size.names[0][0] if size.is_plain else ""

    def _owners(self) -> None:
        for left in self.lefts.values():
            for scope in left:
                root = self.ranges.root(scope)
                if not self._is_told(root):
                    self.owners.setdefault(root, scope)

    def _is_told(self, root: Key) -> bool:
        if self.ranges.classes[root].label or root in self.found:
            return True
        return any(
            self.ranges.root(key) == root
            for access in self.accesses
            if access.name not in self.lefts and access.name not in ("delta", "eps")
            for key in ((access.name, slot) for slot in range(len(access.places)))
            if key not in self.shifted
        )

    def _loose(self) -> None:
        """Letters that stand on shifted axes only, and on one: they run over it; letters that meet nothing."""
        for scope in self.scopes.values():
            root = self.ranges.root(scope.name)
            slots = list(dict.fromkeys(each for each in scope.plain if each in self.shifted))
            is_told = self._is_told(root) or root in self.owners
            if scope.kind == "free" and scope.moved and not is_told:
                self._join(scope.name, scope.moved[0])
                continue
            if scope.is_shifted:
                continue
            if is_told:
                for slot in slots:  # a defined tensor is as long as what it is compared with
                    other = self.ranges.root(slot)
                    if slot[0] in self.lefts and other != root and self._may_join(root, other):
                        self._join(scope.name, slot)
                continue
            roots = {self.ranges.root(slot) for slot in slots}
            if len(roots) == 1:
                self._join(scope.name, slots[0])
        for scope in self.scopes.values():
            if not scope.plain and not scope.reads and not self._is_told(self.ranges.root(scope.name)):
                alike = [each for each in self.scopes.values() if each.letter == scope.letter and each.plain]
                for each in alike[:1]:
                    self.ranges.join(each.name, scope.name, scope.place)

    def _may_join(self, one: Key, other: Key) -> bool:
        labels = {self.ranges.classes[each].label for each in (one, other)} - {""}
        plain = one not in self.owners and other not in self.owners
        return plain and len(labels) < 2 and self._is_told(one) and self._is_told(other)

    def _tell_sizes(self) -> None:
        """A size that no plain axis has is the length of an axis that its letter meets alone, or whose period it is."""
        for scope in self.scopes.values():
            root = self.ranges.root(scope.name)
            label = self.ranges.classes[root].label
            if not label or label.isdecimal() or self._has_axis(root):
                continue
            for slot in scope.plain:
                if slot in self.shifted and slot[0] not in self.lefts and not self._has_axis(root):
                    if not self.ranges.classes[self.ranges.root(slot)].label:
                        self._join(scope.name, slot)
        for access in self.accesses:
            for axis, place in enumerate(access.places):
                if place.period and not place.period.isdecimal() and access.name not in self.lefts:
                    self._tell_period((access.name, axis), place.period, access.place)

    def _tell_period(self, slot: Slot, period: str, place: Place) -> None:
        key = self.ranges.labels.get(period)
        own = self.ranges.classes[self.ranges.root(slot)].label
        if not own and (key is None or not self._has_axis(self.ranges.root(key))):
            self.ranges.give_size(slot, period, place)

    def _has_axis(self, root: Key) -> bool:
        return any(
            self.ranges.root((access.name, slot)) == root
            for access in self.accesses
            if access.name not in self.lefts and access.name not in ("delta", "eps")
            for slot in range(len(access.places))
        )
