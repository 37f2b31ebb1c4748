"""Places that are looked up in tensors of whole numbers: E[t[i],d].

An array t holds places as Python counts them, from 0. Where the place p of an axis is the one that t[i] says is an
indicator of two numbers, so that every pass knows it:

    delta[t[i],p]   1[1 + t[i] == sum[q](1[q <= p])]          E[t[i],d]   sum[p](E[p,d]*delta[t[i],p])

The sum counts the places up to p. Nothing is differentiated by t, and t stands nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable

from indexcalc.errors import IndexcalcError
from indexcalc.indices import Index, Range
from indexcalc.terms import ONE, Constraint, Contraction, Derivative, Indicator, Sum, Tensor, Term, factors_of, terms_of
from indexcalc.walk import subterms


def looked_up(term: Term) -> tuple[Term, Index] | None:
    """What is looked up, and the place that it is compared with, of a term delta[t[i],p]; none of any other term."""
    if not isinstance(term, Indicator) or term.relation != "==":
        return None
    for value, place in ((term.left, term.right), (term.right, term.left)):
        index = counted_place(place)
        if index is not None and isinstance(value, Sum) and ONE in terms_of(value):
            return Sum(*(each for each in terms_of(value) if each is not ONE)), index
    return None


def said_at(value: Term, place: Index, own: Index) -> Term:
    """The term delta[t[i],p] of a value and a place; `own`: an index of its range that stands nowhere."""
    return Indicator("==", Sum(value, ONE), Contraction((own,), Indicator("<=", own, place)))


def counted_place(term: Term | Index) -> Index | None:
    """The index of which a sum counts the places up to it."""
    match term:
        case Contraction((own,), Indicator("<=", Index() as left, Index() as right)):
            return right if left is own and right is not own and left.range == right.range else None
    return None


def lookups_in(terms: Iterable[Term]) -> dict[str, Range]:
    """The tensors of whole numbers in terms, each with the range of which it says places."""
    found: dict[str, Range] = {}
    for term in terms:
        for each in subterms(term):
            known = looked_up(each)
            told = _told(known[0]) if known is not None else None
            if known is not None and told is not None:
                found.setdefault(told[0].name, known[1].range)
    return found


def _told(value: Term) -> tuple[Tensor, Term] | None:
    """The tensor that says a place, t of t[s[i]] and t[i+1] too, and the term that it stands in (itself, if all)."""
    if isinstance(value, Tensor):
        return value, value
    if isinstance(value, Contraction):
        tensors = [each for each in factors_of(value.body) if isinstance(each, Tensor)]
        others = [each for each in factors_of(value.body) if not (isinstance(each, Constraint) or looked_up(each))]
        if others == tensors and len(tensors) == 1:
            return tensors[0], value.body
    return None


def check_lookups(terms: Iterable[Term]) -> None:
    """Refuse a derivative by a tensor of whole numbers, and one that stands elsewhere. Raises IndexcalcError."""
    terms = list(terms)
    whole = lookups_in(terms)
    if not whole:
        return
    for term in terms:
        every = list(subterms(term))
        told = [found for each in every if (known := looked_up(each)) and (found := _told(known[0])) is not None]
        holders = {holder for _, holder in told}
        for each in every:
            if isinstance(each, Derivative) and each.variable.name in whole:
                name = each.variable.name
                cause = f"{name} says places, whole numbers: there is no derivative by {name}"
                raise IndexcalcError(cause, "Differentiate by a tensor of real numbers")
            inside = [part for part in each.parts if isinstance(part, Tensor) and part.name in whole]
            is_place = each in holders or (isinstance(each, Sum) and _is_beside_one(each))
            if inside and not is_place and not isinstance(each, Derivative):
                raise _as_a_number(inside[0].name)
        if isinstance(term, Tensor) and term.name in whole:
            raise _as_a_number(term.name)


def _as_a_number(name: str) -> IndexcalcError:
    cause = f"{name} says places, and stands as a number here"
    return IndexcalcError(cause, f"Give the numbers another name: {name} may stand at places only")


def _is_beside_one(term: Sum) -> bool:
    return len(term.fields) == 2 and ONE in term.fields
