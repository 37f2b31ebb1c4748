r"""Definitions that a text shows without giving them: \partial y / \partial x = \partial / \partial x (e^x / u).

Both sides are the same, but that one differentiates a name of which nothing says what it is, and the other an
expression, by the same variable. What is shown so proves what comes behind it, and refutes nothing: a text may write so
for a special case. What does not depend on the variable may have been left off: so nothing is proved of a derivative by
anything that the variable is not made of.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from indexcalc.audit.comparing.comparison import compare
from indexcalc.audit.comparing.grounds import Compared
from indexcalc.audit.comparing.worlds import world_of
from indexcalc.audit.defined import SHOWN, Defined
from indexcalc.audit.facts import facts_at
from indexcalc.audit.meanings import Meanings
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.steps import Step, replaced
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.names import Use, written
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Derivative, Formula, Name, Product, Scripted, changed, walk
from indexcalc.terms import Term

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge

APART = 1_000_000  # between the serial numbers of indices of two readings of one document


def shown_by(left: Formula, right: Formula, known: Knowledge) -> tuple[Use, Formula, str] | None:
    """The name of which two sides of an equation show what it is, the expression, and by what it is differentiated.

    None if they show nothing.
    """
    left, right = _closed(left), _closed(right)
    slopes = [each for each in walk(left) if isinstance(each, Derivative) and isinstance(each.body, Name | Scripted)]
    others = [each for each in walk(right) if isinstance(each, Derivative) and each.body is not None]
    for one in slopes:
        use = known.use(one.body) if isinstance(one.body, Name | Scripted) else None
        if use is None or use.power is not None or use.primes or use.transposed:
            continue
        letters = [item.text for item in use.indices]
        if any(item.kind != "letter" for item in use.indices) or len(set(letters)) < len(letters):
            continue
        for other in others:
            if other.body is None or isinstance(other.body, Name | Scripted) or _by(one) != _by(other):
                continue
            if written(replaced(left, written(one), other)) == written(right):
                by = known.use(other.variables[0][0]) if len(other.variables) == 1 else None
                return use, other.body, by.name if by is not None else ""
    return None


def _closed(formula: Formula) -> Formula:
    """A formula in which a sign of differentiation before the last factors of a product has these as its body."""
    inner = changed(formula, _closed)
    if not isinstance(inner, Product):
        return inner
    for place, (operator, each) in enumerate(inner.factors[:-1]):
        if isinstance(each, Derivative) and each.body is None:
            rest = inner.factors[place + 1 :]
            body = rest[0][1] if len(rest) == 1 else replace(inner, factors=(("", rest[0][1]), *rest[1:]))
            before = (*inner.factors[:place], (operator, replace(each, body=body)))
            return before[0][1] if len(before) == 1 else replace(inner, factors=before)
    return inner


def _by(slope: Derivative) -> tuple[tuple[str, int], ...]:
    return tuple((written(variable), order) for variable, order in slope.variables)


def take_shown(judge: Judge, statement: Statement) -> None:
    """Take in what the sides of a statement show of names that nothing defines."""
    if judge.declared_only:
        return
    for place, link in enumerate(statement.links):
        one, other = statement.sides[place : place + 2]
        found = shown_by(one.formula, other.formula, judge.known) if link.kind == "equality" else None
        if found is None:
            continue
        use, body, by = found
        if judge.meanings.definitions.find(use.letter, use.labels, statement.start) is None:
            text = f"{one.text} = {other.text}"
            line = judge.lines.at(link.position)[0]
            defined = Defined(use, body, link.position + 1, line, SHOWN, text=text, in_case=True, by=by)
            judge.meanings.definitions.add(defined)


def shows(judge: Judge, use: Use) -> bool:
    """Whether the text shows what a name is."""
    return judge.meanings.definitions.find(use.letter, use.labels, 0, (SHOWN,)) is not None


def proved_by_shown(judge: Judge, step: Step, left: Value, right: Value, place: int = -1) -> Compared | None:
    """The proof of a step with what the text has shown of names before it, or before a place; none if none is found."""
    statement = step.statement
    place = statement.links[step.place].position if place < 0 else place
    every = (each for found in judge.meanings.definitions.by_letter.values() for each in found)
    if not any(each.kind == SHOWN and each.place <= place for each in every):
        return None
    meanings = replace(judge.meanings, also=(SHOWN,), serial=judge.meanings.serial + APART)
    condition = judge.readings[statement].condition
    found = compare(left, right, meanings, place, condition, facts_at(judge, statement), only_proof=True)
    if found.verdict.word != "proved" or _goes_beyond(found, [left.term, right.term], meanings, place):
        return None
    return found


def _goes_beyond(found: Compared, sides: list[Term], meanings: Meanings, place: int) -> bool:
    """Whether something that was shown is differentiated by what may have been left off there."""
    world = world_of(meanings, sides, place)
    slopes = world.derivatives(sides)
    for each in found.rests:
        if not isinstance(each, Defined) or each.kind != SHOWN:
            continue
        for slope in slopes:
            variable = slope.variable.name
            inner = (name for own in slope.body.symbols for name in world.made_of(own, variable))
            if variable != each.name and variable not in world.made_of(each.by) and each.name in inner:
                return True
    return False
