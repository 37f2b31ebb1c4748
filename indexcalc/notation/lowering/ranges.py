"""Which letters and which slots of tensors share a range: unification.

Two letters that meet in the same slot of a tensor share a range; so do the letters of a delta or a comparison. A range
has at most one size. The range of a letter holds for a whole sheet.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from indexcalc.notation.syntax.places import Place, error_at
from indexcalc.terms import Range

Slot = tuple[str, int]  # the name of a tensor and the place of the slot, counted from 0
Key = str | Slot  # a letter or a slot


@dataclass(frozen=True, slots=True)
class Class:
    """What is known of letters and slots that share a range.

    order: how many letters the text had used before the first one of these. label: the name of the size, or the size,
    with the place that gives it.
    """

    letter: str = ""
    order: int = 0
    label: str = ""
    place: Place | None = None

    @property
    def range(self) -> Range:
        """The range itself."""
        if not self.label:
            return Range(self.letter, named=False)
        return Range(self.label, size=int(self.label) if self.label.isdecimal() else None)

    def merged(self, other: Class) -> Class:
        """Both in one; the letter is the one that the text uses first."""
        first, second = (self, other) if self.order <= other.order else (other, self)
        sized = first if first.label else second
        return replace(first, label=sized.label, place=sized.place)


@dataclass
class Ranges:
    """A union-find over letters and slots.

    `settled` are the roots whose range is in use already; `stale` says that one of those has changed since.
    """

    parents: dict[Key, Key] = field(default_factory=dict)
    classes: dict[Key, Class] = field(default_factory=dict)
    labels: dict[str, Key] = field(default_factory=dict)
    letters: dict[str, Place] = field(default_factory=dict)
    settled: set[Key] = field(default_factory=set)
    stale: bool = False

    def copy(self) -> Ranges:
        """A copy in which the ranges that are known are settled."""
        roots = {self.root(key) for key in self.classes}
        return Ranges(dict(self.parents), dict(self.classes), dict(self.labels), dict(self.letters), roots)

    def root(self, key: Key) -> Key:
        """The representative of a key's class; a new key is a class of its own."""
        parents = self.parents
        parent = parents.get(key)
        if parent is None:
            parents[key] = key
            unnamed = "" if isinstance(key, str) else f"{key[0]}.{key[1] + 1}"
            order = len(self.letters) if isinstance(key, str) else 1 << 30
            self.classes[key] = Class(unnamed or str(key), order)
            return key
        while parent != key:
            parents[key] = key = parents[parent]
            parent = parents[key]
        return key

    def meet(self, letter: str, place: Place) -> None:
        """Note a letter."""
        if letter not in self.letters:
            self.root(letter)
            self.letters[letter] = place

    def join(self, first: Key, second: Key, place: Place) -> None:
        """Let two keys share a range; the place is where they meet."""
        one, other = self.root(first), self.root(second)
        if one == other:
            return
        left, right = self.classes[one], self.classes[other]
        if left.label and right.label and left.label != right.label:
            raise _two_sizes(first if isinstance(first, str) else second, place, left, right)
        merged = left.merged(right)
        self._check_settled(one, left, merged)
        self._check_settled(other, right, merged)
        if one in self.settled and other in self.settled:
            self.stale = True
        if other in self.settled:
            self.settled.add(one)
        self.parents[other] = one
        self.classes[one] = merged
        del self.classes[other]

    def _check_settled(self, root: Key, old: Class, new: Class) -> None:
        if root in self.settled and (old.label, old.letter) != (new.label, new.letter):
            self.stale = self.stale or old.range != new.range

    def give_size(self, key: Key, label: str, place: Place) -> None:
        """Give a range its size: a name or a number. Ranges of the same size are one range."""
        root = self.root(key)
        old = self.classes[root]
        new = Class(old.letter, old.order, label, place)
        if old.label and old.label != label:
            raise _two_sizes(key, place, old, new)
        if not old.label:
            self._check_settled(root, old, new)
            self.classes[root] = new
        self.join(self.labels.setdefault(label, key), key, place)

    def range_of(self, key: Key) -> Range:
        """The range of a letter or slot."""
        return self.classes[self.root(key)].range

    def range_of_size(self, label: str) -> Range:
        """The range of which a name is the size."""
        return self.range_of(self.labels[label])


def _two_sizes(key: Key, place: Place, one: Class, other: Class) -> Exception:
    what = f"the index {key}" if isinstance(key, str) else f"slot {key[1] + 1} of {key[0]}"
    sizes = [each.place for each in (one, other) if each.place is not None and each.place != place]
    return error_at(
        f"{what} would need two sizes, {one.label} and {other.label}",
        "Use another letter for one of them, or give both ranges the same size",
        place,
        *sizes,
    )
