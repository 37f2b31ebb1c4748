r"""The sheet of a step: the definitions that its names need at its place, and what is unknown of them.

A name that is differentiated though the document does not define it is an unknown function of what it is differentiated
by: of those variables that stand nearest to it, u of (u, v) if u is made of v. For a derivative of the order n only its
Taylor polynomial counts, so that it is put in:

    L = L_0 + D_v (v - v*) + 1/2 H_vv (v - v*) (v - v*) + ...     and v* = v once all derivatives are worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from indexcalc.audit.comparing.assumed import Assumed
from indexcalc.audit.comparing.circles import circle_of
from indexcalc.audit.defined import Defined
from indexcalc.audit.meanings import Meanings
from indexcalc.context.names import Label
from indexcalc.indices import Index, Range
from indexcalc.meaning.primitives import Pending, grown, is_pending
from indexcalc.meaning.ranges import UnclearError, settled
from indexcalc.sheet import Definition, Fact, Sheet
from indexcalc.terms import Derivative, Tensor, Term
from indexcalc.walk import subterms

MOST_NESTED = 3


@dataclass
class World:
    """What a step needs: its definitions, the names that nothing defines, and those that are unusable, with the reason.

    rests: the definitions that it rests on. granted: what the document says of derivatives of unknown functions.
    """

    meanings: Meanings
    place: int
    definitions: dict[str, Definition] = field(default_factory=dict)
    leaves: set[str] = field(default_factory=set)
    lost: dict[str, tuple[str, int]] = field(default_factory=dict)
    rests: dict[str, Defined] = field(default_factory=dict)
    granted: list[Assumed] = field(default_factory=list)
    reach: dict[str, tuple[int, int]] = field(default_factory=dict)  # of labels that count: the lowest, the highest
    given: dict[str, tuple[tuple[Index, ...], Term]] = field(default_factory=dict)  # coefficients of unknown functions
    earlier: dict[str, Label] = field(default_factory=dict)  # steps before those that are spoken of
    primitives: dict[str, Pending] = field(default_factory=dict)  # inverses and their like, which are not yet made
    nearer: dict[str, list[Tensor]] = field(default_factory=dict)  # further variables of unknown functions

    def _is_earlier(self, name: str) -> bool:
        """Whether a name belongs to a step before or behind all that the sides speak of."""
        use = self.meanings.spelled.get(name)
        for label in use.labels if use else ():
            lowest, highest = self.reach.get(label.text, (0, 0))
            if label.mark and label.text.isalpha() and not lowest <= label.offset <= highest:
                self.earlier[name] = label
                return True
        return False

    def need(self, term: Term) -> None:
        """Take in the definitions of the names of a term, and of theirs."""
        pending = sorted(term.symbols)
        counted: dict[str, int] = {}
        while pending:
            name = pending.pop()
            if name in self.definitions or name in self.leaves or name in self.lost or name in self.primitives:
                continue
            if is_pending(name) and name in self.meanings.primitives:
                self.primitives[name] = self.meanings.primitives[name]
                pending += sorted(self.primitives[name].symbols)
                continue
            found = self.meanings.find(name, self.place) if not name.startswith("?") else None
            if found is None or self._is_earlier(name):
                self.leaves.add(name)
                continue
            defined, labels = found
            body = self.meanings.body(defined, labels)
            if isinstance(body, str):
                self.lost[name] = (body, defined.line)
                continue
            axes, inner = body
            if name in inner.symbols:
                self.lost[name] = ("it is defined by itself", defined.line)
                continue
            if any(
                isinstance(each, Tensor) and each.name == name and len(each.slots) != len(axes)
                for each in subterms(term)
            ):
                self.lost[name] = ("it stands with another number of indices here", defined.line)
                continue
            self.rests[name] = defined
            self.definitions[name] = Definition(name, axes, inner)
            pending += sorted(inner.symbols)
            counted.update({each.name: len(each.slots) for each in subterms(inner) if isinstance(each, Tensor)})
            for other, count in counted.items():
                if other in self.definitions and len(self.definitions[other].axes) != count:
                    del self.definitions[other]
                    self.lost[other] = ("it stands with another number of indices elsewhere", defined.line)
        self._without_circles()

    def _without_circles(self) -> None:
        """Definitions that go in a circle define nothing: a name in it becomes unusable.

        One that is defined behind the step is free there.
        """
        while circle := circle_of(self.definitions, self.direct):
            name = max(circle, key=lambda each: (self._begins(each), each))
            late = self._begins(name) > self.place
            del self.definitions[name]
            if late:
                self.leaves.add(name)
            else:
                self.lost[name] = ("it is defined by itself", self.rests[name].line if name in self.rests else 0)
            self.rests.pop(name, None)

    def _begins(self, name: str) -> int:
        """Where the definition of a name stands."""
        return self.rests[name].place if name in self.rests else 0

    def direct(self, name: str) -> frozenset[str]:
        """The names in what a name stands for; none of a name that nothing defines."""
        definition = self.definitions.get(name)
        if definition is not None:
            return self.plainly(definition.body.symbols)
        return self.plainly([name]) if name in self.primitives else frozenset()

    def plainly(self, names: Iterable[str]) -> frozenset[str]:
        """Names, with what inverses and their like are applied to in place of these."""
        return plainly(names, self.meanings)

    def made_of(self, name: str, but: str = "") -> frozenset[str]:
        """The names that a name depends on, itself too; `but`: a variable, behind which nothing counts."""
        found, pending = {name}, [name]
        while pending:
            current = pending.pop()
            for other in self.direct(current) if current != but else ():
                if other not in found:
                    found.add(other)
                    pending.append(other)
        return frozenset(found)

    def spoken_of(self, term: Term) -> frozenset[str]:
        """The names that a term speaks of, through definitions too."""
        return frozenset(name for each in term.symbols for name in self.made_of(each))

    def reaches(self, name: str, variable: str, unknown: Mapping[str, Iterable[object]]) -> bool:
        """Whether a name is made of a variable, also by unknown functions of it."""
        pending, found = [name], {name}
        while pending:
            current = pending.pop()
            others = (each if isinstance(each, str) else getattr(each, "name", "") for each in unknown.get(current, ()))
            for other in [*self.made_of(current), *others]:
                if other not in found:
                    found.add(other)
                    pending.append(other)
        return any(self.meanings.is_alike(each, variable) for each in found)

    # ----- Unknown functions -----

    def derivatives(self, sides: Iterable[Term]) -> list[Derivative]:
        """The derivatives in the sides and in the definitions that they need."""
        every = [*sides, *(each.body for each in self.definitions.values()), *self._arguments()]
        return [each for term in every for each in subterms(term) if isinstance(each, Derivative)]

    def unknown(self, sides: list[Term]) -> dict[str, list[Tensor]]:
        """The names that are differentiated though nothing defines them, with the variables nearest to them."""
        found: dict[str, dict[str, Tensor]] = {}
        slopes = self.derivatives(sides)
        if not slopes:
            return {}
        by_coordinates = [each for each in slopes if each.variable.name.startswith("?")]
        for each in slopes:
            body = each.body
            while isinstance(body, Derivative):
                body = body.body
            if isinstance(body, Tensor) and body.name in self.leaves and body.name != each.variable.name:
                found.setdefault(body.name, {})
        for each in slopes:
            for name in self.spoken_of(each.body) & self.leaves:
                if self._is_function(name, each.variable.name):
                    found.setdefault(name, {})
        for each in slopes:
            if not isinstance(each.body, Tensor) and not any(
                self.reaches(name, each.variable.name, found) for name in each.body.symbols
            ):  # no derivative is zero because nothing is known
                for name in sorted(self.spoken_of(each.body) & self.leaves):
                    if not name.startswith("?") and name != each.variable.name:
                        found.setdefault(name, {})
        for each in by_coordinates:
            for name in sorted(self.spoken_of(each.body)):
                if name in self.leaves and not name.startswith("?") and self.meanings.slots.get(name):
                    found.setdefault(name, {})
        for each in slopes:
            spoken = self.spoken_of(each.body)
            for name in found:
                if name in spoken and name != each.variable.name:
                    found[name][each.variable.name] = each.variable
        for name in found.keys() & self.nearer.keys():
            found[name] |= {each.name: each for each in self.nearer[name]}
        for name in self.meanings.constants:
            found.pop(name, None)
        return {name: self._nearest(name, variables, found) for name, variables in sorted(found.items())}

    def _is_function(self, name: str, variable: str) -> bool:
        """Whether the text differentiates a name by a variable, or writes it as a function of what is made of that."""
        if (name, variable) in self.meanings.depends:
            return True
        arguments = self.meanings.known.arguments.get(name, {}).items()
        spoken = [each for each, place in arguments if place <= self.place]
        return any(each == variable or variable in self.made_of(each) for each in spoken)

    def _nearest(self, name: str, variables: dict[str, Tensor], unknown: dict[str, dict[str, Tensor]]) -> list[Tensor]:
        """Those variables of which no other is made, or a function."""

        def made_of(other: str) -> set[str]:
            reached, pending = {other}, [other]
            while pending:
                current = pending.pop()
                for each in {*self.made_of(current), *unknown.get(current, {})} - reached:
                    reached.add(each)
                    pending.append(each)
            return reached

        return [
            tensor
            for own, tensor in sorted(variables.items())
            if not any(other != own and own in made_of(other) for other in variables) and name not in made_of(own)
        ]

    def take_given(self, sides: list[Term]) -> None:
        """Take in what the document says of derivatives of unknown functions."""
        for name, variables in self.unknown(sides).items():
            for variable in variables:
                found = self.meanings.derivative(name, variable.name, self.place)
                if found is not None and len(found[0]) == len(self.meanings.slots.get(name, ())) + len(variable.slots):
                    self.given[f"{name}?{variable.name}"] = found[:2]
                    self.granted.append(Assumed(Derivative(Tensor(name), variable), "=", found[1], found[2], found[3]))
                    self.need(found[1])

    def nesting(self, sides: list[Term]) -> int:
        """How deep derivatives stand in one another, through definitions too."""
        known: dict[str, int] = {}

        def depth(term: Term) -> int:
            inner = max((of_name(name) for name in self.plainly(term.symbols)), default=0)
            return max([inner, *(_nested(each) + inner for each in subterms(term) if isinstance(each, Derivative))])

        def of_name(name: str) -> int:
            if name not in known:
                known[name] = 0
                definition = self.definitions.get(name)
                known[name] = depth(definition.body) if definition else 0
            return known[name]

        return max(map(depth, sides), default=0)

    def _arguments(self) -> list[Term]:
        """What inverses and their like are applied to."""
        return [term for each in self.primitives.values() for term, _ in each.arguments]

    def sheet(self, sides: list[Term], facts: list[Fact]) -> tuple[Sheet, list[Term]]:
        """The sheet with the definitions and primitives, their ranges settled, and the sides in its names."""
        slots: dict[str, tuple[Range, ...]] = {}
        every = [
            *sides,
            *(each.body for each in self.definitions.values()),
            *self._arguments(),
            *(side for fact in facts for side in (fact.left, fact.right)),
        ]
        for term in every:
            for each in subterms(term):
                if isinstance(each, Tensor):
                    known = slots.setdefault(each.name, tuple(slot.range for slot in each.slots))
                    if len(known) != len(each.slots):
                        raise UnclearError(f"{each.name} stands with {len(known)} and with {len(each.slots)} indices")
        for name, definition in self.definitions.items():
            slots[name] = tuple(axis.range for axis in definition.axes)
        letters = {
            index.name: index.range
            for term in every
            for index in sorted(term.indices)
            if not index.name.isdigit() and not index.serial
        }
        written = (
            frozenset()
            if self.meanings.known.implied
            else frozenset(range for ranges in slots.values() for range in ranges)
        )
        sheet = Sheet(
            definitions=dict(self.definitions),
            facts=tuple(facts),
            slots=slots,
            order=tuple(slots),
            letters=letters,
            written=written,
        )
        return grown(sheet, self.primitives, sides)

    def settle(self) -> Callable[[Term], Term]:
        """Settle the ranges of the definitions; the function that does the same for a term."""
        known: dict[Term, Term] = {}
        ranges = self.meanings.ranges

        def change(term: Term) -> Term:
            return settled(term, ranges, known)

        def index(old: Index) -> Index:
            return Index(old.name, ranges.settled(old.range), old.serial)

        for key, (slots, body) in self.given.items():
            self.given[key] = (tuple(map(index, slots)), change(body))
        for name, each in self.definitions.items():
            axes = tuple(map(index, each.axes))
            self.definitions[name] = Definition(name, axes, change(each.body))
        for name, made in self.primitives.items():
            self.primitives[name] = made.changed(change, index)
        return change


def world_of(meanings: Meanings, sides: Iterable[Term], place: int, unknown: Iterable[str] = ()) -> World:
    """The world of a step: the definitions that its sides need. unknown: names of which no definition is used."""
    sides = list(sides)
    reach = meanings.reach(name for side in sides for name in side.symbols)
    world = World(meanings, place, reach=reach, leaves=set(unknown))
    for side in sides:
        world.need(side)
    return world


def _nested(term: Term) -> int:
    count = 0
    while isinstance(term, Derivative):
        count, term = count + 1, term.body
    return count


def plainly(names: Iterable[str], meanings: Meanings) -> frozenset[str]:
    """Names, with what inverses and their like are applied to in place of these."""
    found: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        made = meanings.primitives.get(name)
        if made is None:
            found.add(name)
        else:
            pending += made.symbols
    return frozenset(found)
