"""What a formula is read in: the letters of its statement, what they are bound to, and what is known of the names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.names import Item, Label, Use
from indexcalc.indices import Index, Range
from indexcalc.meaning.chance.expected import Chance
from indexcalc.meaning.primitives import Pending
from indexcalc.meaning.ranges import Ranges, UnclearError
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Formula
from indexcalc.terms import Delta, Epsilon, Tensor, Term
from indexcalc.walk import subterms


@dataclass(frozen=True)
class FunctionBody:
    """A function that the document defines: its parameters, and how its value is read, given theirs.

    indices: the letters of which its value has an element each.
    """

    parameters: tuple[str, ...]
    body: Formula
    indices: tuple[str, ...] = ()


@dataclass
class Scope:
    """The scope of one statement.

    letters: its free letters. bound: those that a sum binds, innermost last. parameters: what the parameters of a
    function
    stand for. labels: what letters in labels stand for. summed: letters over which a product sums without a sign.
    function: how the document defines a function at this place. hanging: what a formula speaks of that is defined
    through a parameter, with the definitions, those first that hang on no other. slots: the ranges of a tensor's slots.
    opaque: the names made for what is not understood. uses: how the names were met (a name: its strength).
    """

    known: Knowledge
    ranges: Ranges
    slots: dict[str, tuple[Range, ...]]
    place: int = 0
    letters: dict[str, Index] = field(default_factory=dict)
    bound: dict[str, Index] = field(default_factory=dict)
    parameters: dict[str, Value] = field(default_factory=dict)
    labels: dict[str, tuple[str, int]] = field(default_factory=dict)
    summed: frozenset[str] = frozenset()
    alike: dict[str, Range] = field(default_factory=dict)  # what letters run over that are summed without a sign
    untied: set[str] = field(default_factory=set)  # of them those that stood below deltas only so far
    function: Callable[[str], FunctionBody | None] = lambda name: None
    defined: Callable[[str], bool] = lambda name: False
    hanging: Callable[[Formula, str, frozenset[str]], list[tuple[Use, Formula]]] = lambda *asked: []
    derived: Callable[[Term, str], Term] | None = None
    opaque: dict[str, str] = field(default_factory=dict)
    primitives: dict[str, Pending] = field(default_factory=dict)  # inverses and their like, by the names made for them
    chance: Chance = field(default_factory=Chance)
    is_chance: bool = True  # expectations are calculated with
    counts: dict[int, Counter[str]] = field(default_factory=dict)
    remarks: dict[str, None] = field(default_factory=dict)
    varied: tuple[str, ...] = ()  # the names before which signs of differentiation stand
    serial: int = 0
    outer: frozenset[str] = frozenset()  # letters that a sum over pairs, i < j, does not bind
    clash: tuple[str, frozenset[str]] | None = None  # why what meets cannot fit, and the tensors that meet
    is_misfit: bool = False  # what was read last has no meaning because axes or sizes do not fit
    depth: int = 0

    def meets(self, letter: str, index: Index, term: Term) -> None:
        """Note what a letter runs over; where it stands below deltas only, as another sum of the statement says."""
        range, known = index.range, self.alike.get(letter)
        if known is None:
            self.alike[letter] = range
            if not self.ranges.has_met(range) or is_below_deltas(index, term):
                self.untied.add(letter)
        elif not self.ranges.same(known, range):
            is_untied = not self.ranges.has_met(range) or is_below_deltas(index, term)
            if is_untied or letter in self.untied:
                self.ranges.join(range, known)
                if not is_untied:
                    self.alike[letter] = range
        if known is not None and letter in self.untied and not is_below_deltas(index, term):
            self.untied.discard(letter)

    def fresh(self, letter: str, range: Range | None = None) -> Index:
        """A new index for an axis."""
        self.serial += 1
        return Index(letter, range or self.ranges.fresh(letter), 1000 + self.serial)

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Within it formulas are read without leaving a trace in ranges and letters."""
        kept = (dict(self.letters), dict(self.bound), dict(self.slots), self.ranges.copy(), self.clash)
        try:
            yield
        finally:
            self.letters, self.bound = kept[0], kept[1]
            self.slots.clear()
            self.slots.update(kept[2])
            vars(self.ranges).update(vars(kept[3]))
            self.clash = kept[4]

    def letter(self, name: str) -> Index:
        """The index that a letter is here."""
        found = self.bound.get(name) or self.letters.get(name)
        if found is None:
            size = self.known.extents.get(name)
            range = self.ranges.fresh(name) if size is None else self.ranges.of_size(size)
            found = self.letters[name] = Index(_identifier(name), range)
        return found

    def declared(self, letters: dict[str, Index]) -> None:
        """Give bound letters, to which neither bounds nor tensors gave a size, the one that a sheet declares."""
        for letter, index in letters.items():
            size = self.known.extents.get(letter)
            if size is not None and self.ranges.size(index.range) is None:
                self.ranges.join(index.range, self.ranges.of_size(size))

    def index(self, item: Item, range: Range) -> Index:
        """The index of a script; `range` is that of the slot in which it stands."""
        if item.kind == "place":
            return Index(str(int(item.text)), range)
        if item.kind != "letter":
            raise UnclearError(
                f"the index {item.text}{item.offset:+d} is shifted"
                if item.kind == "shifted"
                else f"{item.text} is no index"
            )
        found = self.letter(item.text)
        self.ranges.join(found.range, range, named_alike=item.text not in self.known.extents)
        return found

    def ranges_of(self, name: str, rank: int) -> tuple[Range, ...]:
        """The ranges of the slots of a tensor; others, where the text has given it another shape."""
        epoch = self.known.epoch(name, self.place)
        key = f"{name}@{epoch}" if epoch else name
        known = self.slots.get(key, ())
        if len(known) < rank:
            known = self.slots[key] = (
                *known,
                *(self.ranges.fresh("ijklmn"[slot % 6]) for slot in range(len(known), rank)),
            )
        return known[:rank]

    def label(self, label: Label) -> Label:
        """A label where letters in labels stand for others."""
        new = self.labels.get(label.text)
        return Label(new[0], label.offset + new[1], label.mark) if new else label

    def name(self, use: Use) -> str:
        """The name of a tensor as it is meant here."""
        if not use.labels or not self.labels:
            return use.name
        return Use(use.letter, tuple(map(self.label, use.labels))).name

    def unknown(self, word: str, letters: tuple[str, ...], text: str) -> Value:
        """A number that nobody knows, for each of some letters; what is written alike is the same number."""
        name = f"?{word}"
        slots = tuple(self.letter(letter) for letter in letters)
        for slot, range in zip(slots, self.ranges_of(name, len(slots)), strict=True):
            self.ranges.join(slot.range, range, named_alike=True)
        self.opaque.setdefault(name, text)
        return Value(Tensor(name, slots))


def is_below_deltas(index: Index, term: Term) -> bool:
    """Whether all that a term has with an index are deltas."""
    found = [each for each in subterms(term) if isinstance(each, Tensor | Delta | Epsilon) and index in each.slots]
    return all(isinstance(each, Delta) for each in found)


def _identifier(name: str) -> str:
    return name if name.rstrip("'").isidentifier() else "".join(each for each in name if each.isalnum()) or "i"
