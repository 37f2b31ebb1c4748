r"""Places that are looked up: E_{t_i, d} is the sum over k of E_{kd} where t_i says k (see `indexcalc.looked`)."""

from __future__ import annotations

from collections.abc import Sequence

from indexcalc.context.names import Item
from indexcalc.context.space.lookups import is_place
from indexcalc.indices import Index, Range
from indexcalc.looked import said_at
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.scope import Scope
from indexcalc.terms import Contraction, Product, Tensor, Term


def looks_up(item: Item, scope: Scope) -> bool:
    """Whether a script says a place."""
    return is_place(item, scope.known.letters.placing)


def slots_of(
    items: Sequence[Item], ranges: Sequence[Range], scope: Scope
) -> tuple[list[Index], list[tuple[Index, Term]]]:
    """The indices of scripts; for each that says a place an index of its own, with the term that tells which it is."""
    slots: list[Index] = []
    looked: list[tuple[Index, Term]] = []
    for item, range in zip(items, ranges, strict=False):
        if looks_up(item, scope):
            place = scope.fresh("k", range)
            looked.append((place, said(item, place, scope)))
            slots.append(place)
        else:
            slots.append(scope.index(item, range))
    return slots, looked


def summed_over(term: Term, looked: Sequence[tuple[Index, Term]]) -> Term:
    """A term at the places that are looked up."""
    if not looked:
        return term
    return Contraction([place for place, _ in looked], Product(term, *(holds for _, holds in looked)))


def compared(items: Sequence[Item], scope: Scope) -> Term | None:
    r"""What \delta_{t_i k} is; none where no place is looked up."""
    if len(items) != 2:
        return None
    for one, other in (items, items[::-1]):
        if looks_up(one, scope) and other.kind == "letter":
            return said(one, scope.letter(other.text), scope)
    return None


def said(item: Item, place: Index, scope: Scope) -> Term:
    """One where a script says that place, else zero."""
    use = scope.known.use(item.formula)
    if use is None or not use.indices or use.power is not None:
        raise UnclearError(f"{item.text} says no place")
    named = scope.name(use)
    ranges = scope.ranges_of(named, len(use.indices))
    slots = tuple(scope.index(each, range) for each, range in zip(use.indices, ranges, strict=True))
    return said_at(Tensor(named, slots), place, scope.fresh("q", place.range))
