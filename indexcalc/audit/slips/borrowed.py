"""Slips that the left side gives away: a factor of it is missing, or something else stands for a part of it.

What the left side is made of is put into the right side, everywhere it can stand. A bound index of it becomes one that
is bound there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from indexcalc.audit.slips.edits import Edit, Slips, everywhere
from indexcalc.rewrite.cost import cost
from indexcalc.terms import (
    Call,
    Contraction,
    Delta,
    Index,
    Indicator,
    Power,
    Product,
    Size,
    Sum,
    Tensor,
    Term,
    in_order,
)
from indexcalc.walk import substitute, subterms

PARTS = (Tensor, Call, Power, Delta, Indicator, Size, Contraction, Sum)
MOST_PARTS = 30


def parts_of(*sides: Term) -> list[Term]:
    """What the sides are made of, but for a side itself: each once, if it may be a factor; short ones first."""
    inside = (part for side in sides for part in subterms(side) if part not in sides)
    found: dict[Term, None] = dict.fromkeys(part for part in inside if isinstance(part, PARTS))
    return sorted(found, key=cost)[:MOST_PARTS]


def borrowed(term: Term, parts: Sequence[Term], slips: Slips) -> Iterator[Edit]:
    """The term with a part of the left side put in."""
    fitted = list(dict.fromkeys(new for part in parts for new in _fitted(part, slips)))
    for part in fitted:
        if part.free.issubset(slips.axes):
            yield f"the factor {slips.show(part)} is missing", Product(part, term)
    simple = [part for part in fitted if not isinstance(part, Sum)]
    yield from everywhere(term, lambda place: _missing(place, simple, slips))
    yield from everywhere(term, lambda place: _replaced(place, simple, slips))


def _fitted(part: Term, slips: Slips) -> Iterator[Term]:
    """The part with letters that the right side has for those that it has not."""
    foreign = [index for index in in_order(part.free) if index not in slips.letters]
    choices = [[letter for letter in slips.letters if letter.range == index.range] for index in foreign]
    for chosen in product(*choices):
        renaming: dict[Index, Index] = dict(zip(foreign, chosen, strict=True))
        yield substitute(part, renaming) if renaming else part


def _missing(place: Term, parts: Sequence[Term], slips: Slips) -> Iterator[Edit]:
    """A factor missing in one addend, or in what is summed over indices."""
    if isinstance(place, Sum):
        for number, addend in enumerate(place.terms):
            others = place.terms[:number] + place.terms[number + 1 :]
            for part in parts:
                sentence = f"the factor {slips.show(part)} is missing before {slips.show(addend).removeprefix('-')}"
                yield sentence, Sum(*others, Product(part, addend))
    if isinstance(place, Contraction):
        for part in parts:
            sentence = f"the factor {slips.show(part)} is missing in the sum"
            yield sentence, Contraction(place.bound, Product(place.body, part))


def _replaced(place: Term, parts: Sequence[Term], slips: Slips) -> Iterator[Edit]:
    """Another part of the same kind, or a part for a number."""
    if isinstance(place, Sum | Product):
        return
    for part in parts:
        if part is not place:
            yield f"{slips.show(place)} stands for {slips.show(part)}", part
