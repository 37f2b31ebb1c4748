"""What statements are for their observers."""

from __future__ import annotations

from dataclasses import dataclass

from indexcalc.notation.formula import Formula


@dataclass(frozen=True)
class Said:
    """What a statement is for its observers: its sides, relations, conditions, and where it stands."""

    sides: tuple[Formula, ...]
    relations: tuple[str, ...]
    conditions: tuple[Formula, ...]
    place: int
