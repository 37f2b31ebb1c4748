"""Ranges while a document is read: which letters and slots run over the same values.

Every letter and every slot begins with a range of its own; whatever meets is joined (union and find). When a step is
judged, `settled` gives each class one range, with the size that the text names, if any.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from indexcalc.indices import Index, Range
from indexcalc.terms import Contraction, Delta, Epsilon, Indicator, Reduction, Size, Tensor, Term, size_of
from indexcalc.walk import Memo, mapped

MORE = "_plus_1"  # behind the name of n in that of the size of what runs from 0 to n


class UnclearError(Exception):
    """Why a formula cannot be given a meaning. sizes: the two that would have to be equal; shape: axes do not fit."""

    def __init__(self, cause: str, shape: bool = False, sizes: tuple[str, str] | None = None) -> None:
        super().__init__(cause)
        self.cause = cause
        self.shape = shape
        self.sizes = sizes
        self.certain = False  # whatever the author means by a product, the sides of a sum do not fit
        self.names: frozenset[str] = frozenset()  # of the tensors that meet where sizes do not fit


@dataclass
class Ranges:
    """Classes of ranges, with the sizes that the text names for them."""

    parent: dict[str, str] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)  # the first letter of each range
    sizes: dict[str, str | int] = field(default_factory=dict)  # of each class: a name or a number
    named: dict[str, str] = field(default_factory=dict)  # the range of each named size
    count: int = 0
    met: set[str] = field(default_factory=set)  # the ranges that have met another one

    def has_met(self, range: Range) -> bool:
        """Whether a range has met another one, in a slot of a tensor or beside another letter."""
        return range.label in self.met

    def fresh(self, letter: str) -> Range:
        """A new range, met by a letter."""
        self.count += 1
        label = f"~{self.count}"
        self.parent[label] = label
        self.letters[label] = letter
        return Range(label, named=False)

    def of_size(self, size: str | int) -> Range:
        """The range of a size that the text names."""
        label = self.named.get(str(size))
        if label is None:
            label = self.fresh("i").label
            self.named[str(size)] = label
            self.sizes[label] = size
        return Range(label, named=False)

    def find(self, label: str) -> str:
        """The class of a range."""
        parent = self.parent
        while parent[label] != label:
            parent[label] = parent[parent[label]]
            label = parent[label]
        return label

    def join(self, first: Range, second: Range, named_alike: bool = False) -> None:
        """Take two ranges for the same one. Raises UnclearError where the text names two sizes for them.

        named_alike: an index that is said to run to one size stands where another one is: the sizes are the same.
        """
        one, other = self.find(first.label), self.find(second.label)
        if one == other:
            return
        self.met |= {first.label, second.label}
        if int(other[1:]) < int(one[1:]):
            one, other = other, one
        left, right = self.sizes.get(one), self.sizes.get(other)
        if (
            left is not None
            and right is not None
            and left != right
            and not (named_alike and str in (type(left), type(right)) and not _differ(left, right))
        ):
            raise UnclearError(f"the sizes {left} and {right} would have to be equal", sizes=(str(left), str(right)))
        if right is not None and (left is None or isinstance(right, int)):
            self.sizes[one] = right
        self.parent[other] = one

    def same(self, first: Range, second: Range) -> bool:
        """Whether two ranges are known to be the same."""
        return self.find(first.label) == self.find(second.label)

    def size(self, range: Range) -> str | int | None:
        """The size that the text names for a range."""
        return self.sizes.get(self.find(range.label))

    def is_merged(self, range: Range, size: str | int) -> bool:
        """Whether a range is that of another size than this one."""
        known = self.size(range)
        return known is not None and known != size

    def copy(self) -> Ranges:
        """Another table with the same classes."""
        return Ranges(
            dict(self.parent), dict(self.letters), dict(self.sizes), dict(self.named), self.count, set(self.met)
        )

    def part(self, kept: Ranges) -> None:
        """Undo what was joined since a copy was taken; the ranges that were made since stay, each by itself."""
        made = self.parent.keys() - kept.parent.keys()
        named = {label: size for size, label in self.named.items() if label in made}
        self.parent = {**kept.parent, **{label: label for label in made}}
        self.sizes = {**kept.sizes, **{label: _size(size) for label, size in named.items()}}

    def settled(self, range: Range, numbers: Mapping[str, int] | None = None) -> Range:
        """The range of a class as the sheet of a step has it."""
        if range.label not in self.parent:
            return range
        label = self.find(range.label)
        size = self.sizes.get(label)
        if isinstance(size, int):
            return Range(f"{size}" if size else "0", size=size) if size <= 12 else Range(f"size{size}")
        if size is not None:
            return Range(size)
        return Range(f"{self.letters[label]}{label[1:]}", named=False)


def _differ(left: str | int, right: str | int) -> bool:
    """Whether one size is that of what runs from 0 to the other."""
    return left == f"{right}{MORE}" or right == f"{left}{MORE}"


def _size(text: str) -> str | int:
    return int(text) if text.isdigit() else text


def settled(term: Term, ranges: Ranges, known: dict[Term, Term]) -> Term:
    """The term with its ranges settled."""
    return over_ranges(term, ranges.settled, known)


def over_ranges(term: Term, change: Callable[[Range], Range], known: dict[Term, Term]) -> Term:
    """The term with other ranges; what `known` holds is not changed anew."""

    def index(old: Index) -> Index:
        return Index(old.name, change(old.range), old.serial)

    def rule(term: Term, rec: Memo[Term]) -> Term:
        match term:
            case Tensor(name, slots):
                return Tensor(name, map(index, slots))
            case Delta() | Epsilon():
                return type(term)(*map(index, term.slots))
            case Size(range):
                return size_of(change(range))
            case Indicator(relation, Index() as left, Index() as right):
                return Indicator(relation, index(left), index(right))
            case Contraction(bound, body):
                return Contraction(map(index, bound), rec(body))
            case Reduction(kind, bound, body):
                return Reduction(kind, map(index, bound), rec(body))
        return mapped(term, rec)

    memo = Memo(rule)
    memo.known = known
    return memo(term)
