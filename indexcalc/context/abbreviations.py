r"""Letters that stand without their index from a place on: z, where the text says z = z^{(k)}."""

from __future__ import annotations

from collections.abc import Sequence

from indexcalc.context.names import script_items
from indexcalc.notation.formula import Bracket, Formula, Name, Scripted, changed, walk


def abbreviated(sides: Sequence[Formula]) -> tuple[Name, Scripted] | None:
    r"""The letter that a statement z = z^{(k)} leaves without its index from there on, and what it stands for."""
    if len(sides) != 2:
        return None
    for one, other in (sides, sides[::-1]):
        if isinstance(one, Name) and isinstance(other, Scripted) and _alike(one, other.base):
            items = script_items(other.above, above=True)
            bracketed = isinstance(other.above, Bracket) and other.below is None and not other.primes
            if bracketed and [item.kind for item in items] == ["letter"]:
                return one, other
    return None


def spelled_out(sides: Sequence[Formula], letter: Name, whole: Scripted) -> list[Formula]:
    """Sides with a letter written with its index; as they are, where it has other scripts in them."""
    if any(isinstance(part, Scripted) and _alike(letter, part.base) for side in sides for part in walk(side)):
        return list(sides)

    def change(formula: Formula) -> Formula:
        return whole if _alike(letter, formula) else changed(formula, change)

    return [change(side) for side in sides]


def _alike(one: Name, other: Formula) -> bool:
    return isinstance(other, Name) and (one.letter, one.font, one.accents) == (other.letter, other.font, other.accents)
