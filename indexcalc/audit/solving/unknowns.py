"""What the text solves: equations that hold for some values only, and the letters whose values they are.

Noted while statements are taken in, by what is written alone: whether a formula that gives a letter that was spoken of
is its definition, or what solves an equation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indexcalc.audit.fields.laws import is_zero
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.reached import leaves_of
from indexcalc.context.functions.calls import definition_call
from indexcalc.context.knowledge import Knowledge, argument_names
from indexcalc.context.names import Use
from indexcalc.context.spoken import names_of
from indexcalc.notation.formula import Derivative, Formula, Nabla, Name, Scripted, walk

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge


@dataclass
class Noted:
    """Equations with a side that is zero, and derivatives that begin a statement, with the letters that they may fix.

    zeros: place, names that are spoken of. slopes: the statement, and by what is differentiated. last: the statement
    before, from which an arrow may lead on.
    """

    zeros: list[tuple[int, frozenset[str]]] = field(default_factory=list)
    slopes: list[tuple[Statement, frozenset[str]]] = field(default_factory=list)
    last: Statement | None = None


def variables_of(formula: Formula, known: Knowledge) -> frozenset[str]:
    """The names that a formula differentiates by."""
    found: set[str] = set()
    for part in walk(formula):
        variables = [each for each, _ in part.variables] if isinstance(part, Derivative) else []
        if isinstance(part, Nabla):
            call = definition_call(part.body) if part.body is not None and part.below is None else None
            arguments = argument_names(call[1]) if call else None
            found.update(arguments or ())
            variables += [part.below] if part.below is not None else []
        for each in variables:
            use = known.use(each) if isinstance(each, Name | Scripted) else None
            if use is not None:
                found.add(use.name)
    return frozenset(found)


def note(judge: Judge, statement: Statement) -> None:
    """Note what a statement says of letters that are solved for."""
    noted = judge.noted
    first = statement.sides[0].formula
    note_slope(judge, statement)
    if any(is_zero(side.formula) for side in statement.sides[1:]) or is_zero(first):
        noted.zeros.append((statement.start, _spoken(judge, statement)))
    noted.last = statement


def note_slope(judge: Judge, statement: Statement) -> None:
    """Note a derivative with which a statement begins, or that stands alone: the text may set it to zero."""
    first = statement.sides[0].formula if statement.sides else None
    if isinstance(first, Derivative | Nabla):
        judge.noted.slopes.append((statement, variables_of(first, judge.known)))


def _spoken(judge: Judge, statement: Statement) -> frozenset[str]:
    found = frozenset().union(*(leaves_of(judge, side.formula, statement.start) for side in statement.sides))
    return found.union(*(variables_of(side.formula, judge.known) for side in statement.sides))


def begin_of_section(judge: Judge, place: int) -> int:
    """Where the section begins in which a place is."""
    return max((start for start, _ in judge.prose.sections if start <= place), default=0)


def slopes_set_to_zero(judge: Judge, statement: Statement) -> list[Statement]:
    """The statements about derivatives of which the text says, before a statement, that they are set to zero."""
    begins = [start for start, end in judge.prose.solving if start <= statement.start <= end]
    if not begins:
        return []
    section = begin_of_section(judge, statement.start)
    own = {number for each in judge.prose.sentences if each.start in begins for number in each.formulas}
    return [
        each
        for each, _ in judge.noted.slopes
        if each is not statement
        and (section <= each.start <= max(begins) or (each.formula in own and each.start < statement.start))
    ]


def gives_solution(judge: Judge, statement: Statement, use: Use) -> bool:
    """Whether a formula that gives a letter, of which the text has spoken before, is what solves an equation for it."""
    if use.name not in judge.used:
        return False
    section = begin_of_section(judge, statement.start)
    if any(section <= place <= statement.start and use.name in names for place, names in judge.noted.zeros):
        return True
    slopes = slopes_set_to_zero(judge, statement)
    if any(use.name in variables for each, variables in judge.noted.slopes if each in slopes):
        return True
    before = judge.noted.last
    return (
        statement.implied
        and before is not None
        and before.formula == statement.formula
        and len(before.sides) > 1
        and any(use.name in names_of(side.formula, judge.known) for side in before.sides)
    )
