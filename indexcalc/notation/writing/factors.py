"""The factors of a product on the page: where each stands, which are below the line, which sums are means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

from indexcalc.notation.writing.forms import (
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
from indexcalc.terms import Constraint, Contraction, Delta, Indicator, Number, Power, Size, Term
from indexcalc.walk import holds

ONCE = Numeral(Fraction(1))


class Place(IntEnum):
    """Where a factor stands in a product."""

    SCALAR = 0
    TENSOR = 1
    SLOPE = 2
    BRACKET = 3
    DELTA = 4
    DELTA_BRACKET = 5
    SUM = 6

SortKey = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A factor laid out: its form, where it stands, whether below the line, the letters of the implied sum around."""

    form: Form
    place: Place
    key: SortKey
    below: bool
    summed: frozenset[str]


def denominator(term: Term) -> Term | None:
    """What stands below the line for a factor, if it stands there."""
    match term:
        case Power(base, Number(value)) if value < 0:
            return Power(base, Number(-value))
    return None


def means(factors: Iterable[Term]) -> tuple[list[Contraction], list[Term]]:
    """The sums that are divided by the sizes of their ranges, which have no names; and the other factors."""
    rest = list(factors)
    found = []
    for term in [each for each in rest if isinstance(each, Contraction)]:
        sizes = [Power(Size(index.range), Number(Fraction(-1))) for index in term.bound if not index.range.named]
        if len(sizes) == len(term.bound) and not Counter(sizes) - Counter(rest):
            found.append(term)
            for factor in (term, *sizes):
                rest.remove(factor)
    return found, rest


def place_of(term: Term, form: Form) -> Place:
    """Where a factor stands in its product."""
    if isinstance(term, Power) and isinstance(form, Raised):
        return max(place_of(term.base, form.base), Place.TENSOR if term.free else Place.SCALAR)
    match form:
        case Name() | Numeral() | Minus() | Ratio():
            return Place.SCALAR
        case Big() if isinstance(term, Size):
            return Place.SCALAR
        case Element("delta") | Holds():
            return Place.DELTA
        case Slope():
            return Place.SLOPE
        case Plus() | Chosen() | Times():
            return Place.DELTA_BRACKET if holds(term, (Delta, Indicator, Constraint)) else Place.BRACKET
        case Big():
            return Place.SUM
    return Place.TENSOR


def _times(factors: Sequence[Form]) -> Form:
    return factors[0] if len(factors) == 1 else Times(tuple(factors)) if factors else ONCE


def assembled(number: Fraction | float, items: list[Item]) -> Form:
    """The product, with one line for all quotients; scalar quotients stand before sums and numbered brackets."""
    below: list[Form] = [item.form for item in items if item.below]
    above = [item for item in items if not item.below]
    if isinstance(number, Fraction) and number.denominator > 1:
        below.insert(0, Numeral(Fraction(number.denominator)))
        number = Fraction(number.numerator)
    first: list[Form] = [] if number == 1 else [Numeral(number)]
    if not below:
        return _times([*first, *(item.form for item in above)])
    scalars = [item.form for item in above if item.place is Place.SCALAR]
    rest = [item for item in above if item.place is not Place.SCALAR]
    numbered = bool(first) and any(isinstance(item.form, Plus) for item in rest)
    if (numbered or any(item.place is Place.SUM for item in rest)) and _is_scalar(items):
        return Times((Ratio(_times([*first, *scalars]), _times(below)), *(item.form for item in rest)))
    return Ratio(_times([*first, *(item.form for item in above)]), _times(below))


def _is_scalar(items: Iterable[Item]) -> bool:
    """Whether all that stands below the line is a scalar."""
    return all(item.place is Place.SCALAR for item in items if item.below)
