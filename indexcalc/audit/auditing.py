"""The reading of a document: its statements, what is known of the names, and the steps that are to be judged."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from indexcalc.audit.declared.fences import Fenced, declare, define, fences
from indexcalc.audit.defined import Definitions
from indexcalc.audit.documents.document import Document
from indexcalc.audit.documents.pieces import Piece
from indexcalc.audit.documents.places import Placed
from indexcalc.audit.judging import Judge
from indexcalc.audit.meanings import Meanings
from indexcalc.audit.outline.cases import conditions
from indexcalc.audit.outline.displays import read_statements
from indexcalc.audit.outline.plain import plain_definitions
from indexcalc.audit.outline.prose import prose_of, tell
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.steps import Step
from indexcalc.audit.taking import take
from indexcalc.context.abbreviations import abbreviated, spelled_out
from indexcalc.context.extent import extended, is_scaled
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.letters import Letters
from indexcalc.context.observe import look, observe
from indexcalc.context.said import Said
from indexcalc.context.space.commas import with_commas, writes_commas
from indexcalc.context.space.reach import reaches_far, reaching
from indexcalc.context.turning import turning, with_transpositions
from indexcalc.meaning.differentials import with_differentials
from indexcalc.notation.compounds import compounded, prefixes, with_words, words_in
from indexcalc.notation.dots import without_dots
from indexcalc.notation.elements import functions_in, with_elements, without_conditions
from indexcalc.notation.formula import Name, Scripted


@dataclass(frozen=True)
class Audit:
    """A document as it was read: its judge, which has what is known, its sheets and its steps, none judged yet."""

    document: Document
    judge: Judge
    fenced: list[Fenced]
    steps: list[Step]


def audited(document: Document, further: str = "", declared_only: bool = False) -> Audit:
    """Read a document.

    further: statements of a sheet that are declared before it. declared_only: nothing is taken from the text; what is
    not declared is not known.
    """
    every = read_statements(document)
    _respell(every)
    _read_derivatives(document, every)
    if not declared_only:
        _spell_out(every)
    said = [
        Said(
            tuple(side.formula for side in each.sides),
            tuple("in" if link.text in ("\\in", "∈") else link.kind for link in each.links),
            tuple(each.conditions),
            each.start,
        )
        for each in every
    ]
    by_formula: dict[int, list[Statement]] = defaultdict(list)
    for each in every:
        by_formula[each.formula].append(each)
    prose = prose_of(document)
    fenced = fences([*_declared(further), *document.pieces])
    known = Knowledge(Letters())
    look(said, known)
    declare(fenced, known)
    if not declared_only:
        tell(prose, by_formula, known)
    observe(said, known)
    for each in every:
        for side, formula in zip(each.sides, extended([side.formula for side in each.sides], known), strict=True):
            side.scaled = formula != side.formula and is_scaled(side.formula)
            side.formula = formula
    conditions(prose, by_formula, known)
    known.settle()
    sections = Definitions(sections=[start for start, _ in prose.sections], levels=[each for _, each in prose.sections])
    meanings = Meanings(known, sections)
    judge = Judge(document.lines, known, meanings, prose, declared_only=declared_only)
    meanings.convention = prose.convention
    meanings.shapes()
    define(fenced, meanings, document.lines)
    steps = take(judge, every)
    for defined in plain_definitions(prose.sentences, frozenset(meanings.definitions.by_letter)):
        meanings.definitions.add(replace(defined, line=document.lines.at(defined.place)[0]))
    judge.read(every)
    return Audit(document, judge, fenced, steps)


def _respell(statements: list[Statement]) -> None:
    """Read names of several letters, dots, elements of values, and the signs by which the document transposes."""
    sides = list({id(side): side for each in statements for side in each.sides}.values())
    words = words_in(side.formula for side in sides)
    for side in sides:
        side.formula = with_words(side.formula, words)
    letters = prefixes(side.formula for side in sides)
    signs = turning(side.formula for side in sides)
    functions = functions_in(side.formula for side in sides)
    for side in sides:
        formula = without_dots(with_elements(compounded(side.formula, letters), functions))
        side.formula = with_transpositions(formula, signs) if signs else formula
    for each in statements:
        for side in each.sides:
            side.formula, said = without_conditions(side.formula)
            each.conditions += [condition for condition in said if condition not in each.conditions]


def _read_derivatives(document: Document, statements: list[Statement]) -> None:
    """Read the signs of differentiation in the sides of statements, and commas that differentiate."""
    prose = " ".join(piece.content.text for piece in document.pieces if piece.kind == "prose")
    for each in statements:
        found = with_differentials([side.formula for side in each.sides], prose)
        for side, formula in zip(each.sides, found, strict=True):
            side.formula = formula
    sides = {id(side): side for each in statements for side in each.sides}
    if writes_commas((tuple(side.formula for side in each.sides) for each in statements), prose):
        for side in sides.values():
            side.formula = with_commas(side.formula)
    if reaches_far(side.formula for side in sides.values()):
        for side in sides.values():
            side.formula = reaching(side.formula)


def _spell_out(statements: list[Statement]) -> None:
    r"""Write letters with the index that the text leaves off: z = z^{(k)}."""
    short: dict[Name, Scripted] = {}
    for each in statements:
        sides = [side.formula for side in each.sides]
        found = abbreviated(sides)
        if found is not None:
            short[replace(found[0], span=(0, 0))] = found[1]
            continue
        for letter, whole in short.items():
            sides = spelled_out(sides, letter, whole)
        for side, formula in zip(each.sides, sides, strict=True):
            side.formula = formula


def _declared(further: str) -> list[Piece]:
    return [Piece("sheet", Placed.put_in(further, 0))] if further else []
