"""Take a term apart by its deltas: the sum over the parts of (these indices are equal) * (a term without deltas).

    a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])  =  {p=r, q=s}: a[p,q]   and   {p=r}: -a[p,q]*a[p,s]
    sum[k](delta[i,k]*x[k])                  =  {}: x[i]

Only deltas that the term is linear in count; one inside a function stays where it is. A definition whose deltas link
its own axes is taken apart wherever it is used, so that products of such definitions never become dense on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from indexcalc.sheet import Definition
from indexcalc.terms import (
    ONE,
    ZERO,
    Contraction,
    Delta,
    Index,
    Number,
    Power,
    Product,
    Sum,
    Tensor,
    Term,
    Where,
    factors_of,
    negative,
    terms_of,
)
from indexcalc.walk import freshened, substitute

Classes = frozenset[frozenset[Index]]  # disjoint sets of two or more indices
NO_CLASSES: Classes = frozenset()
MOST_PARTS = 64  # a product that would have more is left whole; its factors are then assembled one by one


@dataclass(frozen=True, slots=True)
class Part:
    """A term that counts only where the indices of each class are equal."""

    equal: Classes
    term: Term


Parts = tuple[Part, ...]


def joined(classes: Iterable[frozenset[Index]]) -> Classes | None:
    """The classes with those that share an index made one; none if two different places would be equal."""
    found: list[frozenset[Index]] = []
    for new in classes:
        apart = []
        for old in found:
            if old & new:
                new |= old
            else:
                apart.append(old)
        found = [*apart, new]
    if any(len({index.place for index in each if index.place is not None}) > 1 for each in found):
        return None
    return frozenset(found)


def representatives(classes: Classes, order: Iterable[Index]) -> dict[Index, Index]:
    """For each index of a class what stands for it: a fixed place, else the first in the given order."""
    rank = {index: place for place, index in enumerate(order)}
    chosen: dict[Index, Index] = {}
    for each in classes:
        first = min(each, key=lambda index: (index.place is None, rank.get(index, len(rank)), index.key))
        chosen |= dict.fromkeys(each, first)
    return chosen


def merged(parts: Iterable[Part]) -> Parts:
    """The parts with the terms of equal classes added; those with fewer equal indices first."""
    terms: dict[Classes, list[Term]] = {}
    for part in parts:
        terms.setdefault(part.equal, []).append(part.term)
    found = [Part(equal, Sum(*each)) for equal, each in terms.items()]
    found.sort(key=lambda part: (sum(map(len, part.equal)), _key(part.equal)))
    return tuple(part for part in found if part.term is not ZERO)


def _key(classes: Classes) -> list[list[tuple[str, int, str]]]:
    return sorted(sorted(index.key for index in each) for each in classes)


def common(parts: Parts) -> Classes:
    """The indices that are equal in all parts."""
    if any(not part.equal for part in parts):
        return frozenset()
    first, *others = (part.equal for part in parts)
    classes = set(first)
    for other in others:
        classes = {one & two for one in classes for two in other if len(one & two) > 1}
    return joined(classes) or frozenset()


def deltas(classes: Classes) -> list[Term]:
    """One delta for each equality that the classes say."""
    chosen = representatives(classes, ())
    return [Delta(index, chosen[index]) for index in sorted(chosen) if chosen[index] is not index]


def replacement(part: Part, before: Parts, chosen: Mapping[Index, Index]) -> Term | None:
    """What stands where the part counts, if it takes back all that the parts before it put there; else none.

    x*(1 - delta[i,j]) + y*delta[i,j] has the parts {}: x and {i=j}: y - x; the second one only replaces x by y.
    """
    if not before or any(not _implied(each.equal, part.equal) for each in before):
        return None
    left = list(terms_of(substitute(part.term, chosen)))
    for each in before:
        for addend in terms_of(substitute(each.term, chosen)):
            if negative(addend) not in left:
                return None
            left.remove(negative(addend))
    return Sum(*left)


def _implied(weaker: Classes, stronger: Classes) -> bool:
    return all(any(each <= other for other in stronger) for each in weaker)


class Structure:
    """Takes terms apart, with these definitions; keeps what it has worked out."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self.definitions = definitions
        self._known: dict[Term, Parts] = {}
        self._linked: dict[str, bool] = {}

    def parts(self, term: Term) -> Parts:
        """The parts of a term; one part without classes if no delta is left."""
        known = self._known.get(term)
        if known is None:
            known = self._known[term] = self._parts(term)
        return known

    def is_linked(self, name: str) -> bool:
        """Whether a tensor is defined and deltas link its axes."""
        if name not in self.definitions:
            return False
        if name not in self._linked:
            parts = self.parts(self.definitions[name].body)
            self._linked[name] = any(part.equal for part in parts)
        return self._linked[name]

    def _parts(self, term: Term) -> Parts:
        match term:
            case Delta():
                return (Part(frozenset((frozenset(term.slots),)), ONE),)
            case Tensor(name, slots) if self.is_linked(name):
                return self.parts(self.definitions[name].at(slots))
            case Power(Delta() as base, Number(value)) if value > 0:
                return self.parts(base)
            case Sum():
                inside = [self.parts(addend) for addend in term.terms]
                if all(_is_whole(parts) for parts in inside):
                    return (Part(NO_CLASSES, Sum(*(parts[0].term for parts in inside))),)
                return merged(part for parts in inside for part in parts)
            case Product():
                return self._product(term)
            case Contraction():
                return self._contraction(term)
            case Where(Delta() as condition, then, otherwise) if otherwise is ZERO:
                return self._times(self.parts(condition), self.parts(then))
        return (Part(NO_CLASSES, term),)

    def _product(self, term: Term) -> Parts:
        result: Parts = (Part(NO_CLASSES, ONE),)
        taken = [(factor, self.parts(factor)) for factor in factors_of(term)]
        # x[i,j] - delta[i,j]*y is dense anyway, and the square of a difference that is multiplied out loses all digits.
        if sum(_is_difference(factor, inside) for factor, inside in taken) > 1:
            whole = {factor: (Part(NO_CLASSES, factor),) for factor, inside in taken if _is_difference(factor, inside)}
            taken = [(factor, whole.get(factor, inside)) for factor, inside in taken]
        for factor, inside in taken:
            if len(result) * len(inside) > MOST_PARTS:
                inside = (Part(NO_CLASSES, factor),)
            result = self._times(result, inside)
        return result

    def _times(self, left: Parts, right: Parts) -> Parts:
        found = []
        for first, second in product(left, right):
            equal = joined((*first.equal, *second.equal))
            if equal is not None:
                found.append(Part(equal, Product(first.term, second.term)))
        return tuple(found) if _is_whole(found) else merged(found)

    def _contraction(self, term: Contraction) -> Parts:
        inside = self.parts(term.body)
        if _is_whole(inside):
            return (Part(NO_CLASSES, Contraction(term.bound, inside[0].term)),)
        free = term.free | {index for part in inside for each in part.equal for index in each}
        clashes = (free - term.body.free).intersection(term.bound)
        if clashes:  # a place, or an index that only a definition's deltas bring in
            bound, body = freshened(term, clashes)
            return self.parts(Contraction(bound, body))
        return merged(_without_bound(part, frozenset(term.bound)) for part in inside)


def _is_difference(factor: Term, parts: Parts) -> bool:
    """Whether something is added on a diagonal of an array that has all indices of a factor."""
    dense = any(not part.equal and part.term.free == factor.free for part in parts)
    return dense and len(parts) > 1


def _is_whole(parts: Iterable[Part]) -> bool:
    """Whether these are one part without classes."""
    parts = tuple(parts)
    return len(parts) == 1 and not parts[0].equal


def _without_bound(part: Part, bound: frozenset[Index]) -> Part:
    """The sum of a part over bound indices: those with an equal index go."""
    renaming: dict[Index, Index] = {}
    kept = []
    for each in part.equal:
        free = each - bound
        first = representatives(frozenset((free or each,)), ())
        chosen = next(iter(first.values()))
        renaming |= {index: chosen for index in each & bound if index is not chosen}
        if len(free) > 1:
            kept.append(free)
    rest = bound.difference(renaming)
    return Part(frozenset(kept), Contraction(rest, substitute(part.term, renaming)))
