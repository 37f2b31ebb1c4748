r"""Indices above the line and below: where a text writes v^\mu and v_\mu, they differ by the metric.

Each term of a step has the same free letters at the same height, and sums over letters that stand once above and once
below. The derivative by what stands below stands above: \partial_\mu is \partial / \partial x^\mu. A step that does not
keep to that holds in the space of Euclid, in which both are the same.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from indexcalc.audit.steps import Step
from indexcalc.context.knowledge import Knowledge
from indexcalc.notation.formula import (
    Applied,
    Bracket,
    Derivative,
    Formula,
    Nabla,
    Name,
    Numeral,
    Product,
    Quotient,
    Scripted,
    Signed,
    Sum,
)

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge

PAIR = 2  # indices of delta
Heights = Counter[tuple[str, bool]]  # how often a letter stands above the line, and below it


class _Unknown(Exception):
    """What has no heights: a sum with a sign, a table, a formula that is not calculated with."""


class _Unbalanced(Exception):
    """A letter that stands at other heights in another term."""


def moved_letter(judge: Judge, step: Step) -> str:
    """A letter that is not at the same height on both sides of a step, or summed over at one height; empty if none."""
    if not judge.known.metric:
        return ""
    sides = [side.formula for side in step.statement.sides[step.place : step.place + 2]]
    try:
        found = [_heights(side, judge.known) for side in sides if not isinstance(side, Numeral)]
        if len(found) > 1:
            _same([_free(each) for each in found])
        return next((_summed(each) for each in found if _summed(each)), "")
    except _Unbalanced as error:
        return str(error)
    except _Unknown:
        return ""


def _free(heights: Heights) -> Heights:
    """The letters that stand once."""
    return Counter({key: 1 for key in heights if _times(key[0], heights) == 1})


def _summed(heights: Heights) -> str:
    """A letter that stands twice at one height."""
    letters = sorted({letter for letter, _ in heights if _times(letter, heights) == 2})
    return next((letter for letter in letters if heights[letter, True] != 1), "")


def _times(letter: str, heights: Heights) -> int:
    return heights[letter, True] + heights[letter, False]


def _same(terms: list[Heights]) -> None:
    for each in terms[1:]:
        if each != terms[0]:
            raise _Unbalanced(min((each - terms[0]) + (terms[0] - each))[0])


def _heights(formula: Formula, known: Knowledge) -> Heights:
    match formula:
        case Numeral():
            return Counter()
        case Signed(_, body) | Bracket(_, body):
            return _heights(body, known)
        case Sum(terms):
            found = [_heights(each, known) for _, each in terms]
            _same([_free(each) for each in found])
            for each in found:
                if letter := _summed(each):
                    raise _Unbalanced(letter)
            return _free(found[0])
        case Product(factors):
            return sum((_heights(each, known) for _, each in factors), Heights())
        case Quotient(above, below):
            return _heights(above, known) + _turned(_heights(below, known))
        case Derivative(body, variables):
            inner = _heights(body, known) if body is not None else Heights()
            for variable, times in variables:
                for _ in range(times):
                    inner = inner + _turned(_heights(variable, known))
            return inner
        case Nabla("partial", Formula() as below, Formula() as body, "", raised):
            return _letters(below, raised, known) + _heights(body, known)
        case Applied(_, Formula() as argument):
            return _heights(argument, known)
        case Name() | Scripted():
            return _of_name(formula, known)
        case _:
            raise _Unknown


def _turned(heights: Heights) -> Heights:
    return Counter({(letter, not above): count for (letter, above), count in heights.items()})


def _letters(script: Formula, raised: bool, known: Knowledge) -> Heights:
    items = [each for _, each in script.factors] if isinstance(script, Product) else [script]
    if not all(isinstance(each, Name) for each in items):
        raise _Unknown
    names = (each.letter for each in items if isinstance(each, Name))
    return Counter((letter, raised) for letter in names if letter in known.metric)


def _of_name(formula: Name | Scripted, known: Knowledge) -> Heights:
    use = known.use(formula)
    if use is None:
        raise _Unknown
    if use.power is not None:
        if not isinstance(use.power, Numeral) or use.indices:
            raise _Unknown
        return Heights()
    if any(item.kind != "letter" for item in use.indices):
        raise _Unknown
    heights = [(item.text, item.above) for item in use.indices if item.text in known.metric]
    if use.letter == "delta" and len({above for _, above in heights}) == 1 and len(heights) == PAIR:
        raise _Unbalanced(heights[0][0])  # \delta_{ij} is the metric of Euclid, \delta^i_j none at all
    return Counter(heights)
