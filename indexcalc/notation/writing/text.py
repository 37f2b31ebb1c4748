"""Writing terms in the ASCII dialect."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final

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
    Relation,
    Slope,
    Times,
)
from indexcalc.notation.writing.layout import lay_out
from indexcalc.sheet import Sheet
from indexcalc.terms import Index, Term

# How tightly a form holds together: in a place that asks for more it is put in brackets.
SUM, PRODUCT, POWER, ATOM = range(4)
STRENGTH: Final[dict[type, int]] = {Plus: SUM, Minus: PRODUCT, Times: PRODUCT, Ratio: PRODUCT, Raised: POWER}


def write(term: Term, sheet: Sheet, axes: Iterable[Index] = ()) -> str:
    """The text of a term, which reads back as the same term on this sheet.

    No bound index gets the letter of one of the axes: the free indices, if the term may lack some of them.
    """
    return _text(lay_out(term, sheet, axes))


def numeral(value: Fraction | float) -> str:
    """The digits of a number that is not negative, without an exponent."""
    return str(value) if isinstance(value, Fraction) else f"{Decimal(repr(value)):f}"


def _within(form: Form, least: int) -> str:
    """The text of a form, in brackets where it does not hold together enough."""
    text = _text(form)
    return text if STRENGTH.get(type(form), ATOM) >= least else f"({text})"


def _text(form: Form) -> str:
    match form:
        case Numeral(value):
            return numeral(value)
        case Name(name):
            return name
        case Element(name, letters):
            return f"{name}[{','.join(letters)}]"
        case Applied(function, arguments):
            return f"{function}({', '.join(map(_text, arguments))})"
        case Big(kind, letters, body):
            return f"{kind}[{','.join(letter.text for letter in letters)}]({_text(body)})"
        case Holds(condition):
            return f"1[{_condition(condition)}]"
        case Chosen(condition, then, otherwise):
            return f"where({_condition(condition)}, {_text(then)}, {_text(otherwise)})"
        case Slope(body, variables):
            return f"diff({', '.join(map(_text, (body, *variables)))})"
        case Raised(base, exponent):
            return f"{_within(base, ATOM)}^{_within(exponent, ATOM)}"
        case Times((first, *rest)):
            least = PRODUCT if isinstance(first, Ratio) else POWER
            return "*".join([_within(first, least), *(_within(factor, POWER) for factor in rest)])
        case Ratio(numerator, denominator):
            return f"{_within(numerator, PRODUCT)}/{_within(denominator, POWER)}"
        case Minus(body):
            return f"-{_within(body, PRODUCT)}"
        case Plus(terms):
            return _sum(terms)
    raise TypeError(f"no rule for {type(form).__name__}")


def _sum(terms: tuple[Form, ...]) -> str:
    text = _within(terms[0], PRODUCT)
    for term in terms[1:]:
        sign, shown = (" - ", term.body) if isinstance(term, Minus) else (" + ", term)
        text += sign + _within(shown, PRODUCT)
    return text


def _condition(condition: Relation) -> str:
    sides = (side if isinstance(side, str) else _text(side) for side in (condition.left, condition.right))
    return f" {condition.relation} ".join(sides)
