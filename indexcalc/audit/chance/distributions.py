r"""What a document says of what varies: x \sim N(m, S), that things are independent, what stands beside an expectation.

    x \sim N(m, S)            E[x] = m, Cov[x] = S
    x independent of y        E[f(x) g(y)] = E[f(x)] E[g(y)]
    x_1, ..., x_n independent the same for the elements: here of their squares and products only
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.audit.chance.sampling import constants_of
from indexcalc.audit.outline.moments import moment
from indexcalc.audit.outline.statements import Side, Statement
from indexcalc.context.spoken import names_of
from indexcalc.meaning.chance.densities import filled, may_be_deviation
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Bracket, Formula, Name, Opaque, Product, Scripted, items_of
from indexcalc.notation.tex.parser import parse
from indexcalc.notation.writing.formulas import written_back

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge

# Parameters, expectation, variance (Johnson, Kotz and Kemp, Univariate Discrete Distributions). A small letter without
# a square as the second parameter of a normal distribution may be the root of the variance.
LAWS = {
    "N": ("AB", "A", "B"),
    "Normal": ("AB", "A", "B"),
    "Bernoulli": ("A", "A", "A (1 - A)"),
    "Bern": ("A", "A", "A (1 - A)"),
    "Poisson": ("A", "A", "A"),
    "Binomial": ("AB", "A B", "A B (1 - B)"),
    "Uniform": ("AB", r"\frac{A + B}{2}", r"\frac{(B - A)^2}{12}"),
}
NORMAL = ("N", "Normal")


def take_chances(judge: Judge) -> None:
    """Note what the statements of a document, once they are read, say of what varies."""
    chance = judge.meanings.chance
    chance.arguments |= {name: frozenset(others) for name, others in judge.known.arguments.items()}
    chance.constant |= {each.name for each in judge.prose.facts if each.fact == "constant"}
    for own, others in judge.prose.independent:
        chance.tell_independent(own, others)
    for statement in list(judge.readings):
        if [link.text.strip() for link in statement.links] == [r"\perp"]:
            names = [frozenset(names_of(side.formula, judge.known)) for side in statement.sides]
            chance.tell_independent(*names)
        for left, value in _moments(statement):
            _take(judge, left, value)
    for left, value in judge.prose.moments:
        _take(judge, left, value)
    for reading in judge.readings.values():
        sides = [value.term for value in reading.values if isinstance(value, Value)]
        chance.constant |= constants_of(sides, chance)


def _take(judge: Judge, left: Side, value: Formula) -> None:
    """Take in that a moment has a value, as a fact."""
    judge.meanings.chance.varying |= names_of(left.formula, judge.known)
    right = Side([], written_back(value), left.start, value)
    fact = Statement([left, right], [], display=False)
    judge.readings[fact] = judge.reading(fact)
    judge.facts.append((fact, left.start))


def _moments(statement: Statement) -> list[tuple[Side, Formula]]:
    """The expectation and the covariance of what a statement says to have a distribution."""
    if [link.text.strip() for link in statement.links] != [r"\sim"]:
        return []
    own, law = statement.sides
    found = _law(law.formula)
    if found is None or not isinstance(own.formula, Name | Scripted):
        return []
    mean, spread = found
    moments = [(moment("E", own), mean)]
    return moments if spread is None else [*moments, (moment("Cov", own), spread)]


def _law(law: Formula) -> tuple[Formula, Formula | None] | None:
    r"""The expectation and the covariance of a distribution, \mathcal{N}(m, S); no covariance where it is not sure."""
    match law:
        case Product(((_, Name(word)), (_, Bracket(_, inner)))):
            pass
        case Opaque(word, (Bracket(_, inner),)):
            pass
        case _:
            return None
    given = items_of(inner)
    letters, mean, spread = LAWS.get(word, ("", "", ""))
    if len(letters) != len(given) or not letters:
        return None
    put = dict(zip(letters, given, strict=True))
    is_open = word in NORMAL and may_be_deviation(given[1])
    return filled(parse(mean), put), None if is_open else filled(parse(spread), put)
