"""What a document says of places, taken from all of its statements: rules, bounds, what is listed, sizes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.placed.elements import Element, elements_in, lines_of
from indexcalc.audit.placed.extents import Bound, bounds_in, listed
from indexcalc.audit.placed.rules import Rule, rules_of
from indexcalc.audit.steps import Step, as_listing
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.loose import binds
from indexcalc.notation.formula import Big, Formula, walk

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge


@dataclass
class Placings:
    """What a document says of places, taken from all of its statements."""

    known: Knowledge
    rules: list[Rule]
    bounds: dict[str, tuple[Bound, ...]]
    stated: list[tuple[Element, Element]]
    sizes: frozenset[str]
    outside: bool
    bodies: list[Formula]  # of all definitions
    lined: bool  # whether any place in the document is reckoned from letters
    reckoned: frozenset[str]  # the names at which such places stand


def placings(judge: Judge, steps: list[Step]) -> Placings:
    """What a document says of places."""
    statements = list(judge.readings)
    formulas = [side.formula for each in statements for side in each.sides]
    formulas += [condition for each in statements for condition in each.conditions]
    bounds: dict[str, tuple[Bound, ...]] = {}
    for bound in (each for formula in formulas for each in bounds_in(formula)):
        bounds[bound.letter] = tuple(dict.fromkeys((*bounds.get(bound.letter, ()), bound)))
    for each in statements:
        for bound in _listing(each):
            bounds[bound.letter] = tuple(dict.fromkeys((*bounds.get(bound.letter, ()), bound)))
    stated = [pair for formula in formulas for pair in listed(formula, judge.known)]
    bound_by_signs = {
        letter for each in formulas for sign in walk(each) if isinstance(sign, Big) for letter in binds(sign.below)
    }
    ends = [bound.last for all in bounds.values() for bound in all]
    ends += [form for _, last in stated for form in last.places if form is not None]
    sizes = {form.letters[0][0] for form in ends if len(form.letters) == 1 and form.letters[0][1] == 1}
    counted = {form.alone for each in formulas for one in elements_in(each, judge.known) for form in one.places if form}
    several = {name for form in ends for name in form.names()}
    sizes |= {name for name in several - counted if judge.known.is_size(name)}
    periods = (
        form.period for each in formulas for one in elements_in(each, judge.known) for form in one.places if form
    )
    sizes |= {name for period in periods if period is not None for name in period.names()}
    names = frozenset(sizes - bound_by_signs - bounds.keys())
    reckoned = frozenset(key for key, _ in lines_of(formulas, names, judge.known).slots)
    rules = [rule for rule in rules_of(steps, judge.known, names) if rule.left.key in reckoned]
    definitions = [each for all in judge.meanings.definitions.by_letter.values() for each in all]
    bodies = [each.body for each in definitions if each.given is None]
    own = frozenset(key for key, _ in lines_of(bodies, names, judge.known).slots)
    return Placings(
        judge.known,
        rules,
        bounds,
        stated,
        names,
        judge.prose.is_zero_outside,
        bodies,
        bool(reckoned or own),
        reckoned | own,
    )


def _listing(statement: Statement) -> Iterator[Bound]:
    for condition in as_listing(statement):
        yield from bounds_in(condition)
