"""Derivatives through layers: an unknown function hangs on what stands between it and the variable.

A text that gives dE/dv, for v = M u, and then asks for dE/du means E as a function of v: the chain rule is the claim.
Such a comparison only proves: E may hang on u by other ways, of which the text has not spoken yet.
"""

from __future__ import annotations

from indexcalc.audit.comparing.grounds import Compared, differentiates_lost, on_all, vain
from indexcalc.audit.comparing.worlds import World
from indexcalc.audit.meanings import Meanings
from indexcalc.indices import Index
from indexcalc.sheet import Fact
from indexcalc.terms import Tensor, Term


def through_layers(
    sides: list[Term], world: World, facts: list[Fact], axes: tuple[Index, ...], meanings: Meanings
) -> Compared | None:
    """A proof in which unknown functions hang on all that the text differentiates them by; none if none is found."""
    unknown = world.unknown(sides)
    nearer = {name: _between(name, variables, world, meanings) for name, variables in unknown.items()}
    nearer = {name: found for name, found in nearer.items() if found}
    if not nearer:
        return None
    other = World(meanings, world.place, reach=world.reach, nearer=nearer)
    for term in (*sides, *(each for found in nearer.values() for each in found)):
        other.need(term)
    other.take_given(sides)
    other.settle()
    if differentiates_lost(sides, other) or vain(sides, other):
        return None
    found = on_all(sides, other, facts, axes, only_proof=True)
    if found.verdict.word != "proved":
        return None
    return Compared(found.verdict, rests=(*other.rests.values(), *other.granted))


def _between(name: str, variables: list[Tensor], world: World, meanings: Meanings) -> list[Tensor]:
    """The defined names that a function is differentiated by elsewhere, and that are made of one of its variables."""
    own = {each.name for each in variables}
    found = []
    for function, other in sorted(meanings.depends):
        if function != name or other in own or meanings.find(other, world.place) is None:
            continue
        ranges = [meanings.ranges.settled(each) for each in meanings.slots.get(other, ())]
        tensor = Tensor(other, tuple(Index("w", each, -400 - place) for place, each in enumerate(ranges)))
        trial = World(meanings, world.place, reach=world.reach)
        trial.need(tensor)
        if other in trial.definitions and any(each in trial.made_of(other) for each in own):
            found.append(tensor)
    return found
