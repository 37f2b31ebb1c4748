"""All that the statements of a document show of vectors in space."""

from __future__ import annotations

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.ledger import SHOWN
from indexcalc.context.said import Said
from indexcalc.context.space.bases import find_bases
from indexcalc.context.space.deviators import takes_off_thirds
from indexcalc.context.space.frames import find_frame
from indexcalc.context.space.tensors import find_tensors
from indexcalc.context.space.vectors import find_vectors
from indexcalc.notation.formula import walk


def look_at_space(said: list[Said], known: Knowledge) -> None:
    """Find vectors in space, tensors of mechanics, coordinates and bases."""
    find_vectors(said, known)
    find_tensors(said, known)
    find_frame((part for each in said for side in each.sides for part in walk(side)), known)
    find_bases(said, known)
    known.solid = takes_off_thirds(said, known)
    for name in known.vectors:
        known.believe(name, max(0, 1 - known.count(name)), SHOWN, 0, "it is a vector in space")
