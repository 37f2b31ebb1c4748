"""What a document writes: its statements, respelled as far as that hangs on nothing that is declared, and its prose.

It is worked out once for a document, however often this is read anew with further declarations.
"""

from __future__ import annotations

from collections import defaultdict
from copy import copy, deepcopy
from dataclasses import dataclass, replace
from itertools import pairwise

from indexcalc.audit.documents.document import Document
from indexcalc.audit.outline.displays import read_statements
from indexcalc.audit.outline.prose import Prose, prose_of
from indexcalc.audit.outline.statements import Side, Statement
from indexcalc.context.abbreviations import abbreviated, spelled_out
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.letters import Letters
from indexcalc.context.observe import look
from indexcalc.context.said import Said
from indexcalc.context.space.commas import with_commas, writes_commas
from indexcalc.context.space.lookups import placing, with_conditions
from indexcalc.context.space.reach import reaches_far, reaching
from indexcalc.context.turning import turning, with_transpositions
from indexcalc.meaning.differentials import is_no_letter, with_differentials
from indexcalc.notation.arguments import functions_of_all, with_arguments
from indexcalc.notation.compounds import compounded, prefixes, with_words, words_in
from indexcalc.notation.dots import without_dots
from indexcalc.notation.elements import functions_in, with_elements, without_conditions
from indexcalc.notation.formula import Name, Scripted
from indexcalc.notation.gradients import named_loss, only_names, with_gradients


@dataclass(frozen=True)
class Written:
    """The statements of a document, what they say for those who observe it, its prose, and what a first look shows.

    Each reading takes copies of what it changes: `taken`, `told` and `looked_at`.
    """

    statements: list[Statement]
    said: list[Said]
    prose: Prose
    known: Knowledge

    def taken(self) -> list[Statement]:
        """The statements, for a reading to write their sides in its own way."""
        sides: dict[int, Side] = {}
        found: dict[int, Statement] = {}
        for each in self.statements:
            for side in each.sides:
                sides.setdefault(id(side), copy(side))
            own = [sides[id(side)] for side in each.sides]
            found[id(each)] = replace(each, sides=own, conditions=[*each.conditions])
        for each in found.values():
            if each.earlier is not None:
                each.earlier = found.get(id(each.earlier), each.earlier)
        return list(found.values())

    def told(self) -> Prose:
        """The prose, for a reading to add what it makes of it."""
        return deepcopy(self.prose)

    def looked_at(self) -> Knowledge:
        """What the first look shows, for a reading to add what else is known."""
        return deepcopy(self.known)


def written(document: Document, declared_only: bool = False) -> Written:
    """What a document writes. declared_only: letters that the text leaves off are not put in."""
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
    known = Knowledge(Letters(placing=placing(said)))
    look(said, known)
    return Written(every, said, prose_of(document), known)


def by_formulas(statements: list[Statement]) -> dict[int, list[Statement]]:
    """The statements by the numbers of their formulas."""
    found: dict[int, list[Statement]] = defaultdict(list)
    for each in statements:
        found[each.formula].append(each)
    return found


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
        formula = without_dots(with_elements(compounded(with_conditions(side.formula), letters), functions))
        side.formula = with_transpositions(formula, signs) if signs else formula
    pairs = (pair for each in statements for pair in pairwise(each.sides))
    whole = functions_of_all((one.formula, other.formula) for one, other in pairs)
    for side in sides if whole else ():
        side.formula = with_arguments(side.formula, whole)
    for each in statements:
        for side in each.sides:
            side.formula, said = without_conditions(side.formula)
            each.conditions += [condition for condition in said if condition not in each.conditions]


def _read_derivatives(document: Document, statements: list[Statement]) -> None:
    """Read the signs of differentiation in the sides of statements, and commas that differentiate."""
    prose = " ".join(piece.content.text for piece in document.pieces if piece.kind == "prose")
    is_sign = is_no_letter([side.formula for side in each.sides] for each in statements)
    for each in statements:
        found = with_differentials([side.formula for side in each.sides], prose, is_sign)
        for side, formula in zip(each.sides, found, strict=True):
            side.formula = formula
    _read_gradients(statements)
    sides = {id(side): side for each in statements for side in each.sides}
    if writes_commas((tuple(side.formula for side in each.sides) for each in statements), prose):
        for side in sides.values():
            side.formula = with_commas(side.formula)
    if reaches_far(side.formula for side in sides.values()):
        for side in sides.values():
            side.formula = reaching(side.formula)


def _read_gradients(statements: list[Statement]) -> None:
    """Read the names that gradients have by a letter d; what says no more than that is left out."""
    loss = named_loss([side.formula for side in each.sides] for each in statements)
    if loss is None:
        return
    statements[:] = [each for each in statements if not only_names([side.formula for side in each.sides])]
    for each in statements:
        found = with_gradients([side.formula for side in each.sides], loss)
        for side, formula in zip(each.sides, found, strict=True):
            side.formula = formula


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
