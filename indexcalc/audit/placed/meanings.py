"""The meanings of a document at given sizes: names of elements are defined by the rules of their tensors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import ClassVar

from indexcalc.audit.defined import Defined
from indexcalc.audit.meanings import Meanings
from indexcalc.audit.placed.elements import Element
from indexcalc.audit.placed.instances import MARK, Instances, MissingError, UnplacedError
from indexcalc.audit.placed.rules import Rule
from indexcalc.audit.proving.counterexamples import compared_on_samples, differ_at_sight
from indexcalc.audit.proving.proof import BEYOND, Verdict
from indexcalc.context.ledger import DECLARED
from indexcalc.context.names import Use, script_items
from indexcalc.indices import Index
from indexcalc.meaning.ranges import Ranges
from indexcalc.notation.formula import Formula, Name, walk
from indexcalc.sheet import Sheet
from indexcalc.terms import Term

DEEPEST = 40  # elements that need one another


@dataclass
class Placed(Meanings):
    """Meanings at sizes. spoken: the tensors that the text says something of, by their keys."""

    is_tried: ClassVar[bool] = True
    instances: Instances = field(default_factory=lambda: Instances(None, None, None))  # type: ignore[arg-type]
    rules: list[Rule] = field(default_factory=list)
    spoken: frozenset[str] = frozenset()
    numbers: dict[str, int] = field(default_factory=dict)
    made: dict[object, Defined | None] = field(default_factory=dict)
    latest: dict[str, tuple[int, ...]] = field(default_factory=dict)  # the only elements that rules define, if any
    pending: list[str] = field(default_factory=list)
    there: dict[str, bool] = field(default_factory=dict)

    def find(self, name: str, place: int) -> tuple[Defined, dict[str, tuple[str, int]]] | None:
        """The definition of a name that holds at a place, at the sizes of these meanings."""
        if MARK in name:
            known = self.instances.named.get(name)
            found = self._element(name, known.element, known.places) if known is not None else None
            return None if found is None else (found, {})
        whole = super().find(name, place)
        if whole is None or whole[0].given is not None or whole[0].lost:
            return whole
        if id(whole[0]) not in self.made:
            self.made[id(whole[0])] = self._made(whole[0], whole[0].body)
        made = self.made[id(whole[0])]
        return None if made is None else (made, whole[1])

    def _made(self, old: Defined, body: Formula) -> Defined:
        try:
            return replace(old, body=self.instances.formula(body, {}))
        except (MissingError, UnplacedError) as error:
            return replace(old, lost=f"it has no value at places: {error}")

    def is_stated(self, name: str, place: int, least: int = DECLARED) -> bool:
        """Whether it is known what a name is."""
        known = self.instances.named.get(name)
        return super().is_stated(name, place, least) if known is None else known.element.key in self.spoken

    def of_one_step(self, sides: Iterable[Formula]) -> Placed:
        """The meanings in which rules define only the latest elements that sides write; all before is given."""
        latest: dict[str, tuple[int, ...]] = {}
        for each in (part for side in sides for part in walk(side)):
            known = self.instances.named.get(each.letter) if isinstance(each, Name) else None
            if known is not None:
                key = known.element.key
                latest[key] = max(latest.get(key, known.places), known.places)
        return replace(self, latest=latest, made={}, bodies={}, slots={}, ranges=Ranges())

    def verdict(
        self,
        left: Term,
        right: Term,
        sheet: Sheet,
        axes: tuple[Index, ...],
        only_proof: bool = False,
        at_sight: bool = False,
    ) -> Verdict:
        """The verdict on two terms, on samples alone: written out over places, terms are too long for proofs."""
        if left is right:
            return Verdict("proved", "the same expression")
        if at_sight and differ_at_sight(left, right, sheet, axes):
            return Verdict("refuted", "the sides differ")
        found = compared_on_samples(left, right, sheet, axes)
        if found.found is not None:
            return Verdict("refuted", f"the sides differ {found.found}", found.found)
        doubt = found.doubt or ("" if found.number else BEYOND)
        return Verdict("undecided", doubt) if doubt else Verdict("agrees", f"equal on {found.number} random samples")

    def is_alike(self, name: str, other: str) -> bool:
        """Whether two names are elements of one tensor: by another element the derivative is 0, and known to be."""
        one, two = self.instances.named.get(name), self.instances.named.get(other)
        return name == other or (one is not None and two is not None and one.element.key == two.element.key)

    # ----- Elements -----

    def _element(self, name: str, element: Element, places: tuple[int, ...]) -> Defined | None:
        if name in self.made:
            return self.made[name]
        found = self._rule(element, places)
        if self.latest and self.latest.get(element.key, places) != places:
            found = None
        if found is None:
            self.made[name] = None
            return None
        rule, values = found
        around = {letter: (value, "free") for letter, value in values.items()}
        lines = self.instances.lines
        left = [each for slot, each in enumerate(rule.left.items) if slot not in lines.of(rule.left)]
        items = tuple(item for each in left for item in script_items(each))
        defined = Defined(Use(name, (), items), rule.body, rule.statement.start, 0, text=name)
        try:
            self.made[name] = replace(defined, body=self.instances.formula(rule.body, around))
        except (MissingError, UnplacedError) as error:
            self.made[name] = replace(defined, lost=f"it has no value at places: {error}")
        return self.made[name]

    def _rule(self, element: Element, places: tuple[int, ...]) -> tuple[Rule, dict[str, int]] | None:
        """The rule that defines an element, and the numbers of its letters; one for its own place comes first."""
        lines, sizes = self.instances.lines, self.numbers
        own = [rule for rule in self.rules if rule.left.key == element.key]
        named = frozenset(sizes)
        for rule in sorted(own, key=lambda each: len(each.letters(lines, named))):
            values = rule.at(places, lines, sizes)
            if values is not None and (not values or self._is_inside(element, places)):
                return rule, values
        return None

    def _is_inside(self, element: Element, places: tuple[int, ...]) -> bool:
        spans = self.instances.extents.slots
        for slot, place in zip(self.instances.lines.of(element), places, strict=True):
            low, high = spans.get((element.key, slot), (place, place))
            if not low <= place <= high:
                return False
        return True

    def exists(self, name: str, element: Element, places: tuple[int, ...]) -> bool:
        """Whether an element exists: it is within its axes, and so is all that its definition reads."""
        if len(self.pending) > DEEPEST or name in self.pending:
            return True
        if name not in self.there:
            self.there[name] = self._exists(name, element, places)
        return self.there[name]

    def _exists(self, name: str, element: Element, places: tuple[int, ...]) -> bool:
        found = self._rule(element, places)
        own = [rule for rule in self.rules if rule.left.key == element.key]
        if found is None:
            return self._is_start(element, places, own) or self._is_inside(element, places)
        self.pending.append(name)
        try:
            rule, values = found
            self.instances.formula(rule.body, {letter: (value, "free") for letter, value in values.items()})
        except MissingError:
            return False
        except UnplacedError:
            return True
        finally:
            self.pending.pop()
        return True

    def _is_start(self, element: Element, places: tuple[int, ...], own: Iterable[Rule]) -> bool:
        """Whether an element is one from which a recurrence begins, that the text does not give."""
        for rule in own:
            for slot in self.instances.lines.of(rule.left):
                for shift in _shifts(rule, slot, self.instances):
                    nearer = list(places)
                    at = self.instances.lines.of(element).index(slot)
                    for _ in range(1, abs(shift) + 1):
                        nearer[at] -= 1 if shift > 0 else -1
                        if self._is_inside(element, tuple(nearer)):
                            return True
        return False


def _shifts(rule: Rule, slot: int, instances: Instances) -> set[int]:
    """By how much a recurrence reads its own places before (below 0) or behind at one slot."""
    from indexcalc.audit.placed.elements import elements_in

    own = rule.left.places[slot]
    found = set()
    for each in elements_in(rule.body, instances.known):
        other = each.places[slot] if each.key == rule.left.key else None
        if own is not None and other is not None and other.letters == own.letters and own.letters:
            found.add(other.constant - own.constant)
    return found - {0}
