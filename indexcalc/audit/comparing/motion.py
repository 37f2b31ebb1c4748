r"""Total derivatives by the time: names with a dot are the rates of those without.

    \frac{d}{dt} f  =  \sum_v \frac{\partial f}{\partial v} \dot v + \frac{\partial f}{\partial t}

v: the names of which f is made, through definitions, that have a dot somewhere in the text, or that it differentiates
by the time; all else is constant. The rate of what is defined is the derivative of its definition.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from indexcalc.audit.comparing.circles import circle_of
from indexcalc.audit.comparing.worlds import World, world_of
from indexcalc.audit.meanings import Meanings
from indexcalc.context.names import Use
from indexcalc.context.space.frames import DOTS
from indexcalc.indices import Index, Range
from indexcalc.meaning.derivatives import TIME
from indexcalc.meaning.ranges import UnclearError
from indexcalc.sheet import Definition
from indexcalc.terms import Contraction, Derivative, Product, Sum, Tensor, Term
from indexcalc.walk import mapped, subterms

SUFFIXES = ("", *(f"_{accent}" for accent in DOTS))  # of a letter, as it is named with so many dots


def moved(sides: list[Term], world: World) -> list[Term]:
    """The sides, and the definitions of a world in place, with total derivatives by the time worked out."""
    return _Motion(world).of(sides) if world.meanings.known.moving else sides


def is_rate(name: str, meanings: Meanings) -> bool:
    """Whether a name is the rate of another: it is known as well as that."""
    return bool(base_of(name, meanings))


def base_of(name: str, meanings: Meanings) -> str:
    """The name of which a name is the rate; empty for any that has no dot."""
    use, letter, order = _parted(name, meanings)
    return replace(use, letter=letter + SUFFIXES[order - 1]).name if order and letter in meanings.known.moving else ""


def moves_by_definition(name: str, meanings: Meanings, place: int) -> bool:
    """Whether a name is a rate of what has a definition before a place."""
    while name := base_of(name, meanings):
        found = meanings.find(name, place)
        if found is not None and found[0].place <= place:
            return True
    return False


def highest_rates(sides: list[Term], meanings: Meanings, place: int) -> list[tuple[Tensor, list[bool]]]:
    """Of the rates of which the sides are made, elements of those with most dots; whether each side has it."""
    world = world_of(meanings, sides, place)
    sides = moved(sides, world)
    spoken = [world.spoken_of(side) & world.leaves for side in sides]
    every = [*sides, *(each.body for each in world.definitions.values())]
    slots = {each.name: each.slots for term in every for each in subterms(term) if isinstance(each, Tensor)}
    highest: dict[str, tuple[int, list[str]]] = {}
    for name in sorted(frozenset().union(*spoken)):
        _, letter, order = _parted(name, meanings)
        most, names = highest.get(letter, (1, []))
        if letter in meanings.known.moving and order >= most:
            highest[letter] = (order, [*(names if order == most else ()), name])
    return [
        (_element(name, slots.get(name, ())), [name in each for each in spoken])
        for _, names in highest.values()
        for name in names
    ]


def _element(name: str, slots: tuple[Index, ...]) -> Tensor:
    """A tensor at letters of its own."""
    return Tensor(name, tuple(Index("k", slot.range, -650 - number) for number, slot in enumerate(slots)))


class _Motion:
    """The rates in a world. serials: numbers of summed indices, each used once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.serials = count(-700, -1)
        self.begun: set[str] = set()

    def of(self, sides: list[Term]) -> list[Term]:
        """The sides with their derivatives by the time worked out; those of the definitions are as well."""
        world = self.world
        done: set[str] = set()
        self._define_rates(sides)  # first of all: what is defined is no variable of its own
        sides = [self._worked(side) for side in sides]
        while True:
            for side in sides:
                world.need(side)
            self._define_rates(sides)
            left = world.definitions.keys() - done
            if not left:
                if circle_of(world.definitions, world.direct):
                    raise UnclearError("rates are defined by one another in a circle")
                return sides
            for name in sorted(left):
                each = world.definitions[name]
                world.definitions[name] = replace(each, body=self._worked(each.body))
                world.need(world.definitions[name].body)
            done |= left

    def _define_rates(self, sides: list[Term]) -> None:
        r"""Define the rates of what is defined: of x = l \sin a the rate is \dot x = l \cos a \dot a."""
        world = self.world
        late = {name for name, each in world.rests.items() if each.place > world.place}
        for name in sorted(world.leaves | late):
            if name not in self.begun and moves_by_definition(name, world.meanings, world.place):
                ranges = next((each.slots for each in self._tensors(*sides) if each.name == name), ())
                self._define(name, tuple(slot.range for slot in ranges))

    def _define(self, name: str, ranges: tuple[Range, ...]) -> None:
        world = self.world
        self.begun.add(name)
        base = base_of(name, world.meanings)
        axes = tuple(Index("k", range, next(self.serials)) for range in ranges)
        tensor = Tensor(base, axes)
        world.need(tensor)
        if base in world.leaves - self.begun and moves_by_definition(base, world.meanings, world.place):
            self._define(base, ranges)
        if base in world.definitions and len(world.definitions[base].axes) == len(axes):
            world.leaves.discard(name)
            world.rests.pop(name, None)
            world.definitions[name] = Definition(name, axes, self._total(tensor))

    def _tensors(self, *terms: Term) -> list[Tensor]:
        bodies = [*terms, *(each.body for each in self.world.definitions.values())]
        return [each for body in bodies for each in subterms(body) if isinstance(each, Tensor)]

    def _worked(self, term: Term) -> Term:
        inner = mapped(term, self._worked)
        if isinstance(inner, Derivative) and inner.variable == Tensor(TIME):
            return self._total(inner.body)
        return inner

    def _total(self, body: Term) -> Term:
        world = self.world
        world.need(body)
        self._define_rates([body])
        if isinstance(body, Tensor) and body.name in world.leaves:
            return self._rate(body)
        spoken = world.spoken_of(body)
        leaves = sorted(spoken & world.leaves)
        terms = [self._by(body, name) for name in leaves if self._is_moving(name)]
        if "t" in spoken:
            terms.append(Derivative(body, Tensor("t")))
        return Sum(*terms) if terms else Derivative(body, Tensor(TIME))

    def _by(self, body: Term, name: str) -> Term:
        """The derivative by a tensor times the rate of that, summed over its elements."""
        ranges = next((each.slots for each in self._tensors(body) if each.name == name), ())
        axes = tuple(Index("k", slot.range, next(self.serials)) for slot in ranges)
        tensor = Tensor(name, axes)
        term = Product(Derivative(body, tensor), self._rate(tensor))
        return Contraction(axes, term) if axes else term

    def _rate(self, tensor: Tensor) -> Term:
        rate = self._name_of_rate(tensor.name) if self._is_moving(tensor.name) else None
        return Tensor(rate, tensor.slots) if rate else Derivative(tensor, Tensor(TIME))

    # ----- Names -----

    def _is_moving(self, name: str) -> bool:
        meanings = self.world.meanings
        by_time = (name.partition("?")[0], TIME) in meanings.depends
        return by_time or _parted(name, meanings)[1] in meanings.known.moving

    def _name_of_rate(self, name: str) -> str | None:
        """The name with one more dot; none if there are too many."""
        use, letter, order = _parted(name, self.world.meanings)
        if letter not in self.world.meanings.known.moving:
            return f"{name}?{TIME}"
        if order + 1 == len(SUFFIXES):
            return None
        rate = replace(use, letter=letter + SUFFIXES[order + 1])
        self.world.meanings.spelled.setdefault(rate.name, rate)
        return rate.name


def _parted(name: str, meanings: Meanings) -> tuple[Use, str, int]:
    """A name as it is spelled, its letter without dots, and how many it has."""
    use = meanings.spelled.get(name, Use(name))
    order = next((order for order in (3, 2, 1) if use.letter.endswith(SUFFIXES[order])), 0)
    return use, use.letter.removesuffix(SUFFIXES[order]), order
