r"""How far lines reach: where letters run, and from where to where the elements of a tensor exist, at given sizes.

What the text lists exists, x_1, \dots, x_n; of other tensors what its definitions read and define.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from indexcalc.audit.placed.elements import Element, LinesFound, Slot, element_of
from indexcalc.audit.placed.forms import Place, Span, place_of
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.loose import binds
from indexcalc.notation.formula import Big, Formula, Mark, Name, Relation, Scripted, Sequence, parts, walk

ROUNDS = 4
UNKNOWN = (1, 4)  # where a letter runs of which nothing says it


@dataclass(frozen=True)
class Bound:
    """From where to where the text lets a letter run."""

    letter: str
    first: Place
    last: Place


def bounds_in(formula: Formula) -> Iterator[Bound]:
    r"""The bounds that a formula writes: \sum_{i=1}^{n}, and i = 1, \dots, n."""
    for each in walk(formula):
        if isinstance(each, Big):
            yield from _of_sign(each)
    items = formula.items if isinstance(formula, Sequence) else (formula,)
    for number, item in enumerate(items):
        is_first = isinstance(item, Relation) and item.relations == ("=",) and isinstance(item.sides[0], Name)
        if is_first and isinstance(item, Relation) and any(_is_dots(other) for other in items[number + 1 :]):
            first, last = place_of(item.sides[1]), place_of(items[-1])
            if first is not None and last is not None:
                yield Bound(item.sides[0].letter, first, last)  # type: ignore[attr-defined]


def _is_dots(formula: Formula) -> bool:
    return isinstance(formula, Mark) and formula.sign == "dots"


def _of_sign(sign: Big) -> Iterator[Bound]:
    for letter in binds(sign.below):
        found = limits_of(sign, letter)
        if found is not None:
            yield Bound(letter, *found)


def limits_of(sign: Big, letter: str) -> tuple[Place, Place] | None:
    """The first and the last place of a letter that a big sign binds; none if the sign does not say."""
    below = sign.below
    for item in below.items if isinstance(below, Sequence) else (below,):
        if isinstance(item, Relation) and item.relations == ("=",):
            names = [each.letter for each in item.sides[:-1] if isinstance(each, Name)]
            first, last = place_of(item.sides[-1]), place_of(sign.above)
            if letter in names and first is not None and last is not None:
                return first, last
    return None


def listed(formula: Formula, known: Knowledge) -> Iterator[tuple[Element, Element]]:
    r"""The first and the last of elements that are listed, x_1, \dots, x_n."""
    if isinstance(formula, Sequence) and any(map(_is_dots, formula.items)):
        found = [element_of(each, known) if isinstance(each, Scripted) else None for each in formula.items]
        named = [each for each in found if each is not None]
        if len(named) > 1 and len({each.key for each in named}) == 1 and found[0] and found[-1]:
            yield named[0], named[-1]


@dataclass
class Extents:
    """At given sizes: the spans of the slots on lines and of letters.

    defined: what is defined, with its body and the letters that its statement lets run. stated: what the text lists.
    """

    lines: LinesFound
    known: Knowledge
    sizes: Mapping[str, int]
    bounds: Mapping[str, tuple[Bound, ...]]
    defined: Iterable[tuple[Element | None, Formula, tuple[Bound, ...]]]
    stated: Iterable[tuple[Element, Element]]
    first: int = 1
    slots: dict[Slot, Span] = field(default_factory=dict)
    fixed: set[Slot] = field(default_factory=set)

    def __post_init__(self) -> None:
        for first, last in self.stated:
            for place in self.lines.of(first):
                begin, end = self._value(first.places[place]), self._value(last.places[place])
                if begin is not None and end is not None:
                    self.slots[first.key, place] = (begin, end)
                    self.fixed.add((first.key, place))
        for _ in range(ROUNDS):
            before = dict(self.slots)
            for left, body, bounds in self.defined:
                self._define(left, body, bounds)
            if before == self.slots:
                break

    def _value(self, place: Place | None) -> int | None:
        return None if place is None else place.value(self.sizes, self.first)

    def _define(self, left: Element | None, body: Formula, bounds: tuple[Bound, ...]) -> None:
        spans: dict[str, Span] = {name: (size, size) for name, size in self.sizes.items()}
        every = self._on_lines(left) if left is not None else []
        for slot, form in every if any(form.names() - self.sizes.keys() for _, form in every) else ():
            for letter in form.names() - self.sizes.keys():
                own = next((each for each in bounds if each.letter == letter), None)
                told = self._told(own, spans) if own is not None else None
                spans[letter] = told or self._by_slot(slot, form) or self.letter(letter)
            reach = form.span(spans, self.first)
            if reach is not None:
                self._grow(slot, reach)
        self._read(body, spans, left)

    def _by_slot(self, slot: Slot, form: Place) -> Span | None:
        """Where the letter of a left side runs, by what is read of it."""
        found = self.slots.get(slot)
        return None if found is None else (found[0] - form.constant, found[1] - form.constant)

    def _on_lines(self, element: Element) -> list[tuple[Slot, Place]]:
        pairs = [((element.key, place), element.places[place]) for place in self.lines.of(element)]
        return [(slot, form) for slot, form in pairs if form is not None]

    def _told(self, bound: Bound, spans: Mapping[str, Span]) -> Span | None:
        first, last = bound.first.span(spans), bound.last.span(spans)
        return None if first is None or last is None else (first[0], last[1])

    def letter(self, letter: str) -> Span:
        """Where a free letter runs: as far as the text lets it anywhere."""
        spans = {name: (size, size) for name, size in self.sizes.items()}
        found = [told for each in self.bounds.get(letter, ()) if (told := self._told(each, spans)) is not None]
        if not found:
            return UNKNOWN
        return min(low for low, _ in found), max(high for _, high in found)

    def bound_letter(self, sign: Big, letter: str, spans: Mapping[str, Span]) -> Span:
        """Where a letter runs that a big sign binds."""
        limits = limits_of(sign, letter)
        told = self._told(Bound(letter, *limits), spans) if limits is not None else None
        if told is not None:
            return told
        alone = self.alone(sign.body, letter) if sign.body is not None else None
        return alone or self.letter(letter)

    def alone(self, body: Formula, letter: str) -> Span | None:
        """The common part of the axes on which a letter stands alone in a formula."""
        found: Span | None = None
        for each in walk(body):
            element = element_of(each, self.known) if isinstance(each, Scripted) else None
            for slot, form in self._on_lines(element) if element is not None else ():
                own = self.slots.get(slot)
                if form.alone == letter and own is not None:
                    found = own if found is None else (max(found[0], own[0]), min(found[1], own[1]))
        return found

    def _read(self, formula: Formula, spans: Mapping[str, Span], left: Element | None) -> None:
        """Take in what a body reads; of what it defines itself only the left side counts."""
        element = element_of(formula, self.known) if isinstance(formula, Scripted) else None
        if element is not None and (left is None or element.key != left.key):
            for slot, form in self._on_lines(element):
                reach = form.span(spans, self.first)
                if reach is not None:
                    self._grow(slot, reach)
        if isinstance(formula, Big):
            inner = dict(spans)
            for letter in binds(formula.below):
                if letter in self.lines.letters:
                    inner[letter] = self.bound_letter(formula, letter, inner)
            spans = inner
        for part in parts(formula):
            self._read(part, spans, left)

    def _grow(self, slot: Slot, reach: Span) -> None:
        if slot not in self.fixed and reach[0] <= reach[1]:
            low, high = self.slots.get(slot, reach)
            self.slots[slot] = (min(low, reach[0]), max(high, reach[1]))


__all__ = ["Bound", "Extents", "bounds_in", "limits_of", "listed"]
