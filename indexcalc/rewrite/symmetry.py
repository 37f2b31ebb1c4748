"""Symmetric and antisymmetric tensors: those that the facts call so, and those that their definitions make so.

    assume A[i,j] = A[j,i]        C[i,j] = x[k,i]*x[k,j]        d[i,j] = sum[a]((x[i,a] - x[j,a])^2)
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

from indexcalc.budget import TooLargeError
from indexcalc.canonical import Canonical, Symmetries
from indexcalc.rewrite.cost import cost
from indexcalc.rewrite.expand import Expansion
from indexcalc.rewrite.facts import joined, orders, symmetries
from indexcalc.sheet import Definition, Sheet
from indexcalc.terms import Index, Sum, Term, negative
from indexcalc.walk import substitute

Groups = tuple[tuple[int, ...], ...]
Frozen = tuple[tuple[str, Groups], ...]
LONGEST = 120.0  # the cost of a definition that is looked at


def sign_of_exchange(body: Term, one: Index, other: Index, canonical: Canonical) -> int:
    """1 or -1 if exchanging two indices leaves a body alone but for the sign; 0 if that is not seen."""
    return _sign_of(body, one, other, *map(_frozen, (canonical.symmetries, canonical.antisymmetries, canonical.orders)))


def canonical_under(sheet: Sheet) -> Canonical:
    """The canonical form under the symmetries that the facts state and those that follow for definitions."""
    known = {1: dict(symmetries(sheet, 1)), -1: dict(symmetries(sheet, -1)), 0: dict(orders(sheet))}
    for definition in sheet.in_order:
        for pair in combinations(range(len(definition.axes)), 2):
            sign = _sign(definition, pair, known)
            if sign:
                groups = known[sign]
                groups[definition.name] = joined(groups.get(definition.name, ()), pair)
    return Canonical(known[1], known[-1], known[0])


def _sign(definition: Definition, pair: tuple[int, int], known: dict[int, dict[str, Groups]]) -> int:
    """1 or -1 if exchanging two axes leaves the body alone but for the sign; 0 if that is not seen."""
    one, other = (definition.axes[place] for place in pair)
    body = definition.body
    if one.range != other.range or not {one, other} <= body.free or cost(body) > LONGEST:
        return 0
    return _sign_of(body, one, other, _frozen(known[1]), _frozen(known[-1]), _frozen(known[0]))


def _frozen(groups: Symmetries) -> Frozen:
    return tuple(sorted(groups.items()))


@lru_cache(maxsize=500)
def _sign_of(
    body: Term, one: Index, other: Index, symmetric: Frozen, antisymmetric: Frozen, allowed: Frozen
) -> int:
    canonical = Canonical(dict(symmetric), dict(antisymmetric), dict(allowed))

    def inner(term: Term) -> Term:
        return canonical(expansion.term(expansion(term)))

    expansion = Expansion(canonical, inner, everything=True)
    turned = substitute(body, {one: other, other: one})
    try:
        if not expansion(Sum(body, negative(turned))):
            return 1
        return 0 if expansion(Sum(body, turned)) else -1
    except (TooLargeError, TypeError):  # too long, or with derivatives
        return 0
