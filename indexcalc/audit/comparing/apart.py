r"""Lost definitions that cannot matter: whatever they say, it ties the name to nothing else that is spoken of.

    {names in the text of what n is, and in the texts of theirs} and {names spoken of} \ {n} have none in common

Then n takes any values beside any of the others, and what is false for some is false.
"""

from __future__ import annotations

from indexcalc.audit.comparing.worlds import World
from indexcalc.audit.meanings import Meanings
from indexcalc.context.ledger import STATED
from indexcalc.context.spoken import names_of
from indexcalc.notation.formula import Opaque, walk
from indexcalc.terms import Tensor, Term


def is_apart(name: str, spoken: frozenset[str], world: World) -> bool:
    """Whether a lost definition ties its name to nothing else that is spoken of."""
    found, pending = {name}, [name]
    while pending:
        defined = world.meanings.find(pending.pop(), world.place)
        if defined is None:
            continue
        body = defined[0].body
        if any(isinstance(part, Opaque) for part in walk(body)):
            return False  # it may speak of anything
        for other in names_of(body, world.meanings.known) - found:
            found.add(other)
            pending.append(other)
    return not (found & spoken) - {name}


def left_open(sides: list[Term], world: World, meanings: Meanings, told: frozenset[str]) -> frozenset[str]:
    """The names that nothing defines in what a bare name stands for, of which the other side says what they are."""
    found: frozenset[str] = frozenset()
    for side, other in (sides, sides[::-1]):
        if isinstance(side, Tensor) and side.name in world.definitions and not world.derivatives(sides):
            own = world.direct(side.name) & world.leaves - world.spoken_of(other)
            if world.direct(side.name) & world.spoken_of(other):
                found |= frozenset(name for name in own - told if not meanings.is_stated(name, world.place))
    return frozenset(name for name in found if not name.startswith("?") and name != "pi")


def moved_away(sides: list[Term], world: World) -> frozenset[str]:
    """The names in what is differentiated of which the text says what they are: their terms may well drop out."""
    inner = (name for each in world.derivatives(sides) for name in each.body.symbols)
    return frozenset(name for name in inner if world.meanings.is_stated(name, world.place, STATED))
