"""Matrices of which entries are left out, as formulas."""

from __future__ import annotations

from dataclasses import dataclass

from indexcalc.notation.formula import Formula


@dataclass(frozen=True, slots=True)
class Laid(Formula):
    """A matrix, a row or a column of which entries are left out: what stands at the letters of its places.

    rows, columns: the names of its sizes; none for a single row or column. diagonal: what stands at equal places.
    other: what stands at `place`, a letter, instead.
    """

    entry: Formula
    rows: Formula | None
    columns: Formula | None
    diagonal: Formula | None = None
    place: Formula | None = None
    other: Formula | None = None
