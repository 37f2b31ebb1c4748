"""Which letters are seen in a form: those that a reader would take for free indices or for implied sums."""

from __future__ import annotations

from indexcalc.notation.writing.forms import (
    Applied,
    Big,
    Chosen,
    Element,
    Form,
    Holds,
    Minus,
    Name,
    Numeral,
    Plus,
    Raised,
    Ratio,
    Slope,
    Times,
)
from indexcalc.notation.writing.lookups import letters_in


def visible(form: Form | str) -> frozenset[str]:
    """The letters in a form that no written sum binds."""
    match form:
        case str():
            return frozenset((form,))
        case Element(_, letters):
            return frozenset(letter for each in letters for letter in letters_in(each))
        case Big(_, letters, body):
            return visible(body).difference(letter.text for letter in letters)
        case Numeral() | Name():
            return frozenset()
        case Holds(condition):
            return visible(condition.left) | visible(condition.right)
        case Chosen(condition, then, otherwise):
            return visible(condition.left).union(*map(visible, (condition.right, then, otherwise)))
        case Applied(_, parts) | Times(parts) | Plus(parts):
            return frozenset[str]().union(*map(visible, parts))
        case Slope(body, variables):
            return visible(body).union(*map(visible, variables))
        case Raised(first, second) | Ratio(first, second):
            return visible(first) | visible(second)
        case Minus(body):
            return visible(body)
