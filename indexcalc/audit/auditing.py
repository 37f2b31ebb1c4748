"""The reading of a document: its statements, what is known of the names, and the steps that are to be judged."""

from __future__ import annotations

from dataclasses import dataclass, replace

from indexcalc.audit.declared.fences import Fenced, declare, define, fences
from indexcalc.audit.defined import Definitions
from indexcalc.audit.documents.document import Document
from indexcalc.audit.documents.pieces import Piece
from indexcalc.audit.documents.places import Placed
from indexcalc.audit.judging import Judge
from indexcalc.audit.meanings import Meanings
from indexcalc.audit.outline.braces import ones_of
from indexcalc.audit.outline.cases import conditions
from indexcalc.audit.outline.plain import plain_definitions
from indexcalc.audit.outline.prose import tell
from indexcalc.audit.outline.written import Written, by_formulas, written
from indexcalc.audit.shaping.choices import Choice
from indexcalc.audit.shaping.solver import chosen
from indexcalc.audit.spelling import written_letters
from indexcalc.audit.steps import Step
from indexcalc.audit.taking import take
from indexcalc.context.extent import extended, is_scaled
from indexcalc.context.observe import observe
from indexcalc.notation.formula import Formula


@dataclass(frozen=True)
class Audit:
    """A document as it was read: its judge, which has what is known, its sheets and its steps, none judged yet."""

    document: Document
    judge: Judge
    fenced: list[Fenced]
    steps: list[Step]
    written: Written
    choices: tuple[Choice, ...] = ()


def audited(
    document: Document,
    further: str = "",
    declared_only: bool = False,
    first: Written | None = None,
    choices: tuple[Choice, ...] | None = None,
) -> Audit:
    """Read a document.

    further: statements of a sheet that are declared before it. declared_only: nothing is taken from the text; what is
    not declared is not known. first: what it writes, where that was worked out before. choices: the shapes of names
    that were chosen for it before; else it is read again with those by which alone its formulas fit.
    """
    first = first or written(document, declared_only)
    if choices is not None or declared_only:
        return _audited(document, further, declared_only, first, choices or ())
    made: tuple[Choice, ...] = ()
    for _ in range(PASSES):
        audit = _audited(document, further, declared_only, first, made)
        more = chosen(audit.judge)
        if not more:
            return audit
        made = (*made, *more)
    return _audited(document, further, declared_only, first, made)


PASSES = 2


def _audited(
    document: Document, further: str, declared_only: bool, first: Written, choices: tuple[Choice, ...]
) -> Audit:
    every, said, prose, known = first.taken(), first.said, first.told(), first.looked_at()
    for choice in choices:
        choice.tell(known)
    by_formula = by_formulas(every)
    fenced = fences([*_declared(further), *document.pieces])
    declare(fenced, known)
    if not declared_only:
        tell(prose, by_formula, known)
    observe(said, known)
    unreached: dict[int, Formula] = {}
    for each in every:
        for side, formula in zip(each.sides, extended([side.formula for side in each.sides], known), strict=True):
            side.scaled = formula != side.formula and is_scaled(side.formula)
            if formula != side.formula:
                unreached[id(side)] = side.formula
            side.formula = formula
    conditions(prose, by_formula, known)
    prose.braced = [(each, formula) for each in every for side in each.sides for formula in ones_of(side.text)]
    known.settle()
    sections = Definitions(sections=[start for start, _ in prose.sections], levels=[each for _, each in prose.sections])
    meanings = Meanings(known, sections, written=written_letters(document.text))
    judge = Judge(document.lines, known, meanings, prose, declared_only=declared_only, written=unreached)
    meanings.convention = prose.convention
    meanings.shapes()
    define(fenced, meanings, document.lines)
    steps = take(judge, every)
    for defined in plain_definitions(prose.sentences, frozenset(meanings.definitions.by_letter)):
        meanings.definitions.add(replace(defined, line=document.lines.at(defined.place)[0]))
    judge.read(every)
    return Audit(document, judge, fenced, steps, first, choices)


def _declared(further: str) -> list[Piece]:
    return [Piece("sheet", Placed.put_in(further, 0))] if further else []
