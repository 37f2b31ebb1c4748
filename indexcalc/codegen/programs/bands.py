"""Results that are banded: every element lies where the second half of the axes is the first one, a few places on.

    sum[i]((delta[i,p+1] - delta[i,p])*(delta[i,q+1] - delta[i,q]))  =  {q = p: ..., q = p + 1: ..., q = p - 1: ...}

Each band is a term in the first half of the axes, zero where the place in the second half does not exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from indexcalc.affine import Form, constant, of_index, size_form
from indexcalc.codegen.programs.scans import at_places
from indexcalc.terms import (
    ONE,
    ZERO,
    Constraint,
    Contraction,
    Delta,
    Index,
    Number,
    Power,
    Product,
    Sum,
    Term,
    factors_of,
)
from indexcalc.walk import freshened, substitute

MOST_PIECES = 1024  # of a term that is multiplied out; beyond that it counts as dense

Axes = tuple[Index, ...]
Offset = tuple[int, ...]


class _DenseError(Exception):
    """The result is not banded."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """An addend: a term that counts where all the forms are 0."""

    links: tuple[Form, ...]
    term: Term


def bands_of(term: Term, axes: Axes) -> dict[Offset, Term] | None:
    """The bands by their offsets; none if the result is not banded, or if its axes only agree.

    The term of a band has the first half of the axes.
    """
    half = len(axes) // 2
    pairs = list(zip(axes[:half], axes[half:], strict=False))
    if not axes or len(axes) % 2 or any(one.range != other.range or one is other for one, other in pairs):
        return None
    found: dict[Offset, list[Term]] = {}
    try:
        for piece in _pieces(term, frozenset(axes)):
            placed = _placed(piece, pairs)
            if placed is not None:
                found.setdefault(placed[0], []).append(placed[1])
    except _DenseError:
        return None
    bands = {offset: Sum(*found[offset]) for offset in sorted(found)}
    bands = {offset: each for offset, each in bands.items() if each is not ZERO}
    return bands if any(any(offset) for offset in bands) else None


def _pieces(term: Term, taken: frozenset[Index]) -> list[_Piece]:
    """The addends of a term with the equations between places taken out of them."""
    match term:
        case Delta((one, other)) if one.place is None and other.place is None:
            return [_Piece((of_index(one) - of_index(other),), ONE)]
        case Constraint("==", form, period) if period == constant(0) and len(form.letters) > 1:
            return [_Piece((form,), ONE)]
        case Power(Delta() | Constraint() as base, Number(value)) if value > 0:
            return _pieces(base, taken)
        case Sum():
            return [piece for addend in term.terms for piece in _pieces(addend, taken)]
        case Product():
            return _times([_pieces(factor, taken) for factor in factors_of(term)])
        case Contraction():
            bound, body = freshened(term, taken)
            return [_without(piece, bound) for piece in _pieces(body, taken.union(bound))]
    return [_Piece((), term)]


def _times(factors: Sequence[list[_Piece]]) -> list[_Piece]:
    found = [_Piece((), ONE)]
    for factor in factors:
        if len(found) * len(factor) > MOST_PIECES:
            raise _DenseError
        found = [_Piece((*a.links, *b.links), Product(a.term, b.term)) for a, b in product(found, factor)]
    return found


def _without(piece: _Piece, bound: Axes) -> _Piece:
    """The sum of an addend over indices: one equation says what each is, and the others say it of the rest."""
    links, term = list(piece.links), piece.term
    for index in bound:
        holding = [link for link in links if link.of(index)]
        chosen = next((link for link in holding if abs(link.of(index)) == 1), None)
        if chosen is None:
            if holding:
                raise _DenseError
            term = Contraction((index,), term)
            continue
        value = chosen.without(index).times(-chosen.of(index))
        links = [link.put({index: value}) for link in links if link is not chosen]
        if index in term.free:
            term = Contraction((index,), Product(term, Constraint("==", chosen)))
        else:
            term = Product(term, *_exists(index, value))
    return _Piece(tuple(links), term)


def _exists(index: Index, value: Form) -> list[Term]:
    """The conditions that a form is a place of an index."""
    return [Constraint(">=", value - constant(1)), Constraint(">=", size_form(index.range) - value)]


def _placed(piece: _Piece, pairs: Sequence[tuple[Index, Index]]) -> tuple[Offset, Term] | None:
    """The offset of an addend, and its term in the first half of the axes; none if it counts nowhere."""
    links, offsets = list(piece.links), []
    for one, other in pairs:
        wanted = [_distance(link, one, other) for link in links]
        number = next((each for each in wanted if each is not None), None)
        if number is None:
            raise _DenseError
        offsets.append(number)
        links = [link.put({other: of_index(one) + constant(number)}) for link in links]
    term = piece.term
    for (one, other), number in zip(pairs, offsets, strict=True):
        place = of_index(one) + constant(number)
        try:
            term = at_places(term, {other: place}) if number else substitute(term, {other: one})
        except TypeError:
            raise _DenseError from None
        term = Product(term, *(_exists(one, place) if number else ()))
    left = Product(term, *(Constraint("==", link) for link in links))
    return None if left is ZERO else (tuple(offsets), left)


def _distance(link: Form, one: Index, other: Index) -> int | None:
    """How many places an index lies behind another one, if an equation says that."""
    times = link.of(other)
    is_distance = abs(times) == 1 and link.of(one) == -times and len(link.letters) == 2 and not link.sizes
    return -link.constant * times if is_distance else None
