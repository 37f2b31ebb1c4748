r"""Lost definitions that cannot matter: whatever they say, it ties the name to nothing else that is spoken of.

    {names in the text of what n is, and in the texts of theirs} and {names spoken of} \ {n} have none in common

Then n takes any values beside any of the others, and what is false for some is false.
"""

from __future__ import annotations

from indexcalc.audit.comparing.worlds import World
from indexcalc.context.spoken import names_of
from indexcalc.notation.formula import Opaque, walk


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
