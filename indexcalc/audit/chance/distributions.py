r"""What a document says of what varies: x \sim N(m, S), that things are independent, what stands beside an expectation.

    x \sim N(m, S)            E[x] = m, Cov[x] = S
    x independent of y        E[f(x) g(y)] = E[f(x)] E[g(y)]
    x_1, ..., x_n independent the same for the elements: here of their squares and products only
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.audit.chance.sampling import constants_of
from indexcalc.audit.outline.statements import Side, Statement
from indexcalc.context.spoken import names_of
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Bracket, Formula, Name, Opaque, Product, Scripted, Sequence

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge

NORMAL = ("N", "Normal")


def take_chances(judge: Judge) -> None:
    """Note what the statements of a document, once they are read, say of what varies."""
    chance = judge.meanings.chance
    chance.constant |= {each.name for each in judge.prose.facts if each.fact == "constant"}
    for own, others in judge.prose.independent:
        chance.tell_independent(own, others)
    for statement in list(judge.readings):
        if [link.text.strip() for link in statement.links] == [r"\perp"]:
            names = [frozenset(names_of(side.formula, judge.known)) for side in statement.sides]
            chance.tell_independent(*names)
        for fact in _moments(statement):
            chance.varying |= names_of(statement.sides[0].formula, judge.known)
            judge.readings[fact] = judge.reading(fact)
            judge.facts.append((fact, statement.start))
    for reading in judge.readings.values():
        sides = [value.term for value in reading.values if isinstance(value, Value)]
        chance.constant |= constants_of(sides, chance)


def _moments(statement: Statement) -> list[Statement]:
    """The expectation and the covariance of what a statement says to be normal, as facts."""
    if [link.text.strip() for link in statement.links] != [r"\sim"]:
        return []
    own, law = statement.sides
    found = _normal(law.formula)
    if found is None or not isinstance(own.formula, Name | Scripted):
        return []
    mean, spread = found
    moments = [_equation(statement, "E", "mean", own, mean)]
    if not _may_be_root(spread):
        moments.append(_equation(statement, "Cov", "covariance", own, spread))
    return moments


def _may_be_root(spread: Formula) -> bool:
    r"""Whether the second parameter may be the root of the variance: a small letter, \sigma, without a square."""
    return isinstance(spread, Name) and not spread.letter[:1].isupper()


def _normal(law: Formula) -> tuple[Formula, Formula] | None:
    r"""The parameters of a normal distribution, \mathcal{N}(m, S)."""
    match law:
        case Product(((_, Name(letter)), (_, Bracket(_, Sequence((mean, spread)))))) if letter in NORMAL:
            return mean, spread
        case Opaque(text, (Bracket(_, Sequence((mean, spread))),)) if text in NORMAL:
            return mean, spread
    return None


def _equation(statement: Statement, sign: str, word: str, own: Side, value: Formula) -> Statement:
    """The statement that a moment of what a side is has a value."""
    start = own.start
    left = Side([], f"{word} of {own.text}", start, Opaque(sign, (Bracket("[", own.formula),)))
    right = Side([], "that of its distribution", start, value)
    return Statement([left, right], [], display=False, formula=statement.formula)
