r"""Sums with dots: x_1 + x_2 + \\dots + x_n is the sum of the x_k.

The first term and the last one differ where the first has 1 and the last has the name of a size; every term that is
written between them must be an instance of what they have in common.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from indexcalc.context.names import written
from indexcalc.notation.formula import Big, Formula, Mark, Name, Numeral, Relation, Scripted, Sum, changed, parts

LETTER = "dots"


def without_dots(formula: Sum) -> Sum:
    """The sum with the terms around dots as one big sum; as it is, where there are none or they are not understood."""
    places = [place for place, (_, term) in enumerate(formula.terms) if isinstance(term, Mark) and term.sign == "dots"]
    if len(places) != 1 or places[0] == 0 or places[0] == len(formula.terms) - 1:
        return formula
    (place,) = places
    last_sign, last = formula.terms[place + 1]
    for begin in range(place - 1, -1, -1):
        sign, first = formula.terms[begin]
        found = _generalised(first, last)
        if found is None or sign != last_sign:
            continue
        common, end = found
        between = formula.terms[begin + 1 : place]
        if all(
            each == sign and written(_instance(common, number)) == written(term)
            for number, (each, term) in enumerate(between, 2)
        ):
            letter = Name(LETTER)
            big = Big("sum", Relation((letter, Numeral("1", _ONE)), ("=",)), end, common, span=formula.span)
            return replace(formula, terms=(*formula.terms[:begin], (sign, big), *formula.terms[place + 2 :]))
    return formula


_ONE = Fraction(1)


def _generalised(first: Formula, last: Formula) -> tuple[Formula, Formula] | None:
    """What two formulas have in common, with a letter where one has 1 and the other the name of a size; that name."""
    ends: dict[str, Formula] = {}

    def joined(one: Formula, other: Formula) -> Formula | None:
        if isinstance(one, Numeral) and one.text == "1" and isinstance(other, Name | Scripted):
            ends[written(other)] = other
            return Name(LETTER)
        if type(one) is not type(other):
            return None
        inner, others = list(parts(one)), list(parts(other))
        if len(inner) != len(others) or (not inner and written(one) != written(other)):
            return None
        new = [joined(left, right) for left, right in zip(inner, others, strict=True)]
        if any(each is None for each in new):
            return None
        pending = iter(new)
        return changed(one, lambda _: next(pending))  # type: ignore[arg-type, return-value]

    common = joined(first, last)
    if common is None or len(ends) != 1:
        return None
    return common, next(iter(ends.values()))


def _instance(common: Formula, number: int) -> Formula:
    """The common form at a place."""
    if isinstance(common, Name) and common.letter == LETTER:
        return Numeral(str(number), _ONE * number)
    return changed(common, lambda part: _instance(part, number))
