"""The `check` statements of sheets, step by step.

A step compares a side with the one before it, or with the last one before that could be read. After a wrong step the
sides are also compared with the first one, which tells where a slip was mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexcalc.audit.declared.sheets import Check
from indexcalc.audit.documents.places import Lines, Placed, span_in
from indexcalc.audit.letters import plain
from indexcalc.audit.proving.bounded import prove_within
from indexcalc.audit.proving.proof import CONFIRMED, Verdict
from indexcalc.audit.reports.claims import Claim
from indexcalc.audit.slips.diagnosis import diagnose
from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import dialect_of, read_chain
from indexcalc.notation.writing import latex, text
from indexcalc.sheet import Sheet
from indexcalc.terms import Index, Term

OF_SHEETS = re.compile(r" in line \d+ of the sheet(?=\))")


@dataclass(frozen=True)
class Sides:
    """The sides of a check: each a term, or the error that says why it cannot be read; their sheet and axes."""

    sheet: Sheet
    axes: tuple[Index, ...]
    terms: tuple[Term | IndexcalcError, ...]


def read_sides(sheet: Sheet, sides: tuple[Placed, ...]) -> Sides:
    """Read the sides of a check. If the first cannot be read, none can."""
    try:
        readings = read_chain(sheet, [side.text for side in sides])
    except IndexcalcError as error:  # one of them cannot be read so: each by itself
        together = error
        found = _one_by_one(sheet, sides)
        if found.sheet.letters != sheet.letters or found.sheet.slots != sheet.slots:
            found = _one_by_one(found.sheet, sides)  # a later one may say more about the ranges of an earlier one
        # What is wrong with a side beside the others says more than what is wrong with it alone.
        terms = tuple(
            together if isinstance(term, IndexcalcError) and together.text == side.text else term
            for term, side in zip(found.terms, sides, strict=True)
        )
        return Sides(found.sheet, found.axes, terms)
    return Sides(readings[0].sheet, readings[0].axes, tuple(reading.term for reading in readings))


def _one_by_one(sheet: Sheet, sides: tuple[Placed, ...]) -> Sides:
    axes: tuple[Index, ...] | None = None
    terms: list[Term | IndexcalcError] = []
    for side in sides:
        try:
            (reading,) = read_chain(sheet, [side.text], None if axes is None else [index.name for index in axes])
        except IndexcalcError as error:
            terms.append(error)
            if axes is None:
                return Sides(sheet, (), (error,) * len(sides))
            continue
        sheet, axes = reading.sheet, reading.axes
        terms.append(reading.term)
    return Sides(sheet, axes or (), tuple(terms))


def claims_of(check: Check, sheet: Sheet, lines: Lines) -> list[Claim]:
    """The claims of a check, in the light of a sheet."""
    steps = _Steps(check, read_sides(sheet, check.sides), lines)
    return [steps.step(place) for place in range(len(check.relations))]


def unreadable(check: Check, reason: str, lines: Lines) -> Iterator[Claim]:
    """The claims of a check of which no side can be read."""
    for place in range(len(check.relations)):
        yield _claim(check, place, Verdict("unreadable", reason), lines)


def _claim(check: Check, place: int, verdict: Verdict, lines: Lines, fix: str = "", first: bool = False) -> Claim:
    left, right = (" ".join(side.text.split()) for side in check.sides[place : place + 2])
    position = check.relations[place]
    line, column = lines.at(position)
    return Claim(line, column, left, "=", right, verdict, fix, first, position, check.sides[0].start)


def explained(error: IndexcalcError, side: Placed, lines: Lines) -> str:
    """What an error says, with the place in the file if it stands in this side; a document has no other sheet."""
    cause, remedy = OF_SHEETS.sub("", error.cause), error.remedy.replace("the sheet uses", "the document uses")
    sentences = ". ".join(part for part in (cause, remedy) if part)
    if not error.spans or error.text != side.text:
        return sentences
    line, column = lines.at(span_in(side, error.spans[0]).start)
    return f"line {line}, column {column}: {sentences}"


@dataclass
class _Steps:
    """The steps of a check: what the next side is compared with, and what has gone wrong so far."""

    check: Check
    sides: Sides
    lines: Lines
    last: int = 0
    wrong: int = -1
    mended: bool = False

    def step(self, place: int) -> Claim:
        """The claim of one step."""
        left, right = self.sides.terms[self.last], self.sides.terms[place + 1]
        if isinstance(left, IndexcalcError):
            why = "the first side: " + explained(left, self.check.sides[0], self.lines)
            return self._claim(place, Verdict("unreadable", why))
        if isinstance(right, IndexcalcError):
            why = explained(right, self.check.sides[place + 1], self.lines)
            return self._claim(place, Verdict("unreadable", why))
        self.last = place + 1
        try:
            verdict = prove_within(left, right, self.sides.sheet, self.sides.axes)
        except IndexcalcError as error:
            return self._claim(place, Verdict("undecided", f"the sides cannot be compared: {error.cause}"))
        if verdict.word != "refuted":
            return self._claim(place, self._in_context(verdict))
        return self._refuted(place, verdict, left, right)

    def _refuted(self, place: int, verdict: Verdict, left: Term, right: Term) -> Claim:
        if self.wrong >= 0 and not self.mended and self._like_the_start(right):
            self.mended = True
            number = self._line(self.wrong)
            reason = f"differs from the row above, equals the first row: the slip of line {number} is mended here"
            return self._claim(place, Verdict("refuted", f"{verdict.reason}; {reason}", verdict.counterexample))
        first = self.wrong < 0
        if first or self.mended:
            self.wrong, self.mended = place, False
        sentence, new = diagnose(left, right, self.sides.sheet, self.sides.axes)
        reason = f"{sentence}; {verdict.reason}" if sentence else verdict.reason
        verdict = Verdict("refuted", reason, verdict.counterexample)
        fix = self._written(new, self.check.sides[place + 1].text) if new is not None else ""
        return _claim(self.check, place, verdict, self.lines, fix, first)

    def _written(self, term: Term, beside: str) -> str:
        """A term in the dialect of a side."""
        sheet, axes = self.sides.sheet, self.sides.axes
        shown = plain(term, sheet)
        is_latex = dialect_of(beside, sheet) == "latex"
        return latex.write(shown, sheet, axes) if is_latex else text.write(shown, sheet, axes)

    def _in_context(self, verdict: Verdict) -> Verdict:
        """A right step behind a wrong one says so, for both its sides still hold the slip."""
        if self.wrong < 0 or self.mended:
            return verdict
        reason = f"{verdict.reason}; as a step, but the slip of line {self._line(self.wrong)} is still in both sides"
        return Verdict(verdict.word, reason, verdict.counterexample)

    def _like_the_start(self, side: Term) -> bool:
        first = self.sides.terms[0]
        if isinstance(first, IndexcalcError):
            return False
        try:
            return prove_within(first, side, self.sides.sheet, self.sides.axes).word in CONFIRMED
        except IndexcalcError:
            return False

    def _claim(self, place: int, verdict: Verdict) -> Claim:
        return _claim(self.check, place, verdict, self.lines)

    def _line(self, place: int) -> int:
        return self.lines.at(self.check.relations[place])[0]
