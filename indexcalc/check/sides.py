"""Reading the sides of a chain: all with the same free indices and the same ranges.

The first side says which indices are free. A later side may be the first to say what a letter of an earlier one runs
over, so that all sides are read again with what the last one told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexcalc.check.places import Lines, Placed, span_in
from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import read_chain, read_expression
from indexcalc.sheet import Sheet
from indexcalc.terms import Index, Term


@dataclass(frozen=True)
class Sides:
    """The sides of a chain: each a term, or the error that says why it cannot be read."""

    sheet: Sheet
    axes: tuple[Index, ...]
    terms: tuple[Term | IndexcalcError, ...]


def read_sides(sheet: Sheet, sides: Sequence[Placed]) -> Sides:
    """Read the sides of a chain. If the first cannot be read, none can."""
    try:
        readings = read_chain(sheet, [side.text for side in sides])
        return Sides(readings[0].sheet, readings[0].axes, tuple(reading.term for reading in readings))
    except IndexcalcError:
        pass  # one of them cannot be read: each by itself
    found = _read_once(sheet, sides)
    if found.sheet.letters != sheet.letters or found.sheet.slots != sheet.slots:
        found = _read_once(found.sheet, sides)
    return found


def _read_once(sheet: Sheet, sides: Sequence[Placed]) -> Sides:
    axes: tuple[Index, ...] | None = None
    terms: list[Term | IndexcalcError] = []
    for side in sides:
        try:
            names = None if axes is None else [index.name for index in axes]
            reading = read_expression(sheet, side.text, names)
        except IndexcalcError as error:
            terms.append(error)
            if axes is None:
                return Sides(sheet, (), (error,) * len(sides))
            continue
        sheet, axes = reading.sheet, reading.axes
        terms.append(reading.term)
    return Sides(sheet, axes or (), tuple(terms))


def explained(error: IndexcalcError, side: Placed, lines: Lines) -> str:
    """What an error says, with the place in the file if it stands in this side."""
    sentences = ". ".join(part for part in (error.cause, error.remedy) if part)
    if not error.spans or error.text != side.text:
        return sentences
    line, column = lines.at(span_in(side, error.spans[0]).start)
    return f"line {line}, column {column}: {sentences}"
