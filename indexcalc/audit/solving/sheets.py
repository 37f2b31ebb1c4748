"""Several equations in one sheet: their derivatives worked out, the definitions put in, so that they can be compared.

A letter that an equation is solved for has no definition. It is differentiated by as a letter like any other, and only
then what solves the equation may be put in for it: in the other order a derivative would be one along the solutions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from indexcalc.audit.comparing.assumed import Assumed
from indexcalc.audit.comparing.comparison import aligned_sides, concerning
from indexcalc.audit.comparing.grounds import differentiates_lost, vain, without_unknown
from indexcalc.audit.comparing.worlds import MOST_NESTED, world_of
from indexcalc.audit.meanings import Meanings
from indexcalc.calculus.resolve import Resolver
from indexcalc.errors import IndexcalcError
from indexcalc.indices import Index
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.values import Value
from indexcalc.rewrite.simplify import shortener
from indexcalc.sheet import Definition, Fact, Sheet
from indexcalc.terms import Sum, Tensor, Term, in_order, negative
from indexcalc.walk import replace_tensors, substitute, subterms

DEEPEST = 12  # definitions that are put in, one into the other


@dataclass(frozen=True)
class Difference:
    """The difference of the sides of an equation, and the letters of the axes at which it is zero."""

    term: Term
    axes: tuple[Index, ...]

    @property
    def free(self) -> tuple[Index, ...]:
        """All the indices at which the equation holds."""
        return in_order(self.term.free | frozenset(self.axes))


@dataclass(frozen=True)
class Solved:
    """A letter with what solves an equation for it, as a definition would have it. line: where the text gives it."""

    name: str
    axes: tuple[Index, ...]
    body: Term
    line: int = 0
    text: str = ""
    place: int = -1

    @property
    def definition(self) -> Definition:
        """As a definition of a sheet."""
        return Definition(self.name, self.axes, self.body, recognised=False)


@dataclass(frozen=True)
class Together:
    """Equations and solutions in the names of one sheet, with no derivative in them."""

    sheet: Sheet
    differences: tuple[Difference, ...]
    solutions: tuple[Solved, ...]

    def with_solutions(self, solutions: Iterable[Solved]) -> Sheet | None:
        """The sheet with solutions as definitions; none where one would hold itself."""
        sheet = self.sheet.with_definitions(each.definition for each in solutions)
        return None if sheet.recurrences else sheet

    def inlined(self, term: Term) -> Term:
        """A term with all definitions put in."""
        for _ in range(DEEPEST):
            new = replace_tensors(term, self.sheet.inline)
            if new is term:
                break
            term = new
        return term


def together(
    meanings: Meanings,
    equations: Iterable[tuple[Value, Value]],
    solutions: Iterable[Solved],
    facts: Iterable[Assumed],
    place: int,
) -> Together | None:
    """Equations and solutions in one sheet; none where that cannot be: a name was lost, or axes do not fit."""
    try:
        return _together(meanings, list(equations), list(solutions), list(facts), place)
    except (UnclearError, IndexcalcError):
        return None


def _together(
    meanings: Meanings,
    equations: list[tuple[Value, Value]],
    solutions: list[Solved],
    facts: list[Assumed],
    place: int,
) -> Together | None:
    sides: list[Term] = []
    opened: list[tuple[Index, ...]] = []
    for pair in equations:
        first, second, axes = aligned_sides(*pair, meanings)
        sides.append(Sum(first, negative(second)))
        opened.append(axes)
    letters = _letters(opened, sides)
    sides = [substitute(side, letters) for side in sides]
    opened = [tuple(letters.get(axis, axis) for axis in axes) for axes in opened]
    terms = [*sides, *(each.body for each in solutions)]
    world = world_of(meanings, terms, place)
    world.take_given(terms)
    facts = concerning(world, terms, facts, meanings)
    change = world.settle()
    known = [Fact(change(one), relation, change(other)) for one, relation, other, *_ in facts]
    terms = [change(term) for term in terms]

    def settled(axes: tuple[Index, ...]) -> tuple[Index, ...]:
        return tuple(Index(each.name, meanings.ranges.settled(each.range), each.serial) for each in axes)

    if differentiates_lost(terms, world) or vain(terms, world):
        return None
    unknown, order = world.unknown(terms), world.nesting(terms)
    if unknown and order > MOST_NESTED:
        return None
    sheet, terms = world.sheet(terms, known)
    terms, sheet = without_unknown(terms, sheet, unknown, order, ())
    sheet = sheet.with_definitions(
        Definition(name, *found) for name, found in world.given.items() if name in sheet.slots
    )
    resolver = Resolver(sheet, shortener, terms)
    terms = [resolver.resolve(term) for term in terms]
    differences = tuple(Difference(term, settled(axes)) for term, axes in zip(terms, opened, strict=False))
    bodies = terms[len(equations) :]
    found = tuple(
        replace(each, axes=settled(each.axes), body=body) for each, body in zip(solutions, bodies, strict=True)
    )
    return Together(resolver.sheet, differences, found)


def _letters(opened: list[tuple[Index, ...]], sides: list[Term]) -> dict[Index, Index]:
    """The same letters for the axes of all equations of which the text writes none: the first axis, the second one."""
    taken = {index.name for side in sides for index in side.indices} | {"~"}
    free = [letter for letter in "ijklmnpqrst" if letter not in taken]
    found: dict[Index, Index] = {}
    for axes in opened:
        for place, axis in enumerate(axes):
            if axis.serial and place < len(free):
                found[axis] = Index(free[place], axis.range)
    return found


def renamed(term: Term, names: Mapping[str, str]) -> Term:
    """A term with other names for some tensors."""
    return replace_tensors(term, lambda each: Tensor(names[each.name], each.slots) if each.name in names else None)


def slots_of(term: Term, name: str) -> set[tuple[Index, ...]]:
    """The places at which a tensor stands in a term."""
    return {each.slots for each in subterms(term) if isinstance(each, Tensor) and each.name == name}
