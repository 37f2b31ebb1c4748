"""Facts that cannot hold together, where that shows without looking for numbers: 0 = 1, or x > 0 beside x < 0.

Each fact is brought to the form `term relation number`. Two facts about the same term, up to the names of indices, or
about elements of a tensor that may be the same, exclude one another where no number obeys both.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from indexcalc.canonical import canonical
from indexcalc.sheet import Fact
from indexcalc.terms import (
    FLIPPED,
    ONE,
    Contraction,
    Index,
    Indicator,
    Number,
    Product,
    Reduction,
    Sum,
    Tensor,
    Term,
    coefficient_and_rest,
    in_order,
    negative,
)

Bound = tuple[Term, str, "Fraction | float"]


class Bounds:
    """Facts as they come, each told from those before that it excludes."""

    def __init__(self) -> None:
        self._known: dict[Term | str, dict[tuple[Term, str], tuple[int, Bound]]] = {}
        self._number = 0

    def excluded(self, fact: Fact) -> int | None:
        """The number of an earlier fact, from 0, that cannot hold together with this one; its own if it never holds."""
        number, bound = self._number, _bound(fact)
        self._number += 1
        term, relation, value = bound
        if isinstance(term, Number):
            return None if _holds(term.value, relation, value) else number
        known = self._known.setdefault(term.name if isinstance(term, Tensor) else term, {})
        clashes = (n for n, other in known.values() if _may_be_same(other[0], term) and _exclude(other[1:], bound[1:]))
        found = next(clashes, None)
        before = known.get((term, relation))
        if before is None or (value > before[1][2] if relation in (">", ">=") else value < before[1][2]):
            known[term, relation] = number, bound  # what is weaker tells nothing more
        return found


OPPOSITE = {"<": ">=", "<=": ">"}


def as_comparison(fact: Fact) -> Fact:
    """The fact that an indicator of values is 1, or 0, as the comparison that it states or denies."""
    match fact:
        case Fact(Indicator(relation, Term() as left, Term() as right), "=", Number(value)) if value in (0, 1):
            if relation == "==":
                return Fact(left, "=", right) if value else fact
            return Fact(left, relation if value else OPPOSITE[relation], right)
    return fact


def _bound(fact: Fact) -> Bound:
    """The fact as `term relation number`: what is no number on the left, its first coefficient 1."""
    totals: dict[Term, Fraction | float] = {}
    for number, rest in _addends(Sum(fact.left, negative(fact.right))):
        totals[rest] = totals.get(rest, Fraction(0)) + number
    constant = totals.pop(ONE, Fraction(0))
    left = [(totals[rest], rest) for rest in sorted(totals, key=lambda each: each.key) if totals[rest]]
    if not left:
        return Number(constant), fact.relation, Fraction(0)
    scale = left[0][0]
    relation = fact.relation if scale > 0 else _turned(fact.relation)
    whole = Sum(*(Product(Number(number / scale), rest) for number, rest in left))
    return _named_apart(whole), relation, -constant / scale


def _addends(term: Term) -> Iterator[tuple[Fraction | float, Term]]:
    """The addends of a sum, and of sums in it, each with the number in front of it."""
    number, rest = _coefficient(term)
    if isinstance(rest, Sum):
        yield from ((number * inner, each) for addend in rest.terms for inner, each in _addends(addend))
    else:
        yield number, rest


def _coefficient(term: Term) -> tuple[Fraction | float, Term]:
    """The number in front of a term, of a sum over indices too, and the rest in canonical names."""
    if isinstance(term, Contraction):
        number, body = coefficient_and_rest(term.body)
        return number, canonical(Contraction(term.bound, body))
    number, rest = coefficient_and_rest(term)
    if isinstance(rest, Contraction):
        inner, rest = _coefficient(rest)
        number = number * inner
    return number, rest


def _turned(relation: str) -> str:
    return FLIPPED.get(relation) or {other: one for one, other in FLIPPED.items()}.get(relation, relation)


def _named_apart(term: Term) -> Term:
    """The term with its free indices in canonical names; a tensor alone keeps them."""
    if isinstance(term, Tensor) or not term.free:
        return term
    whole = canonical(Reduction("max", in_order(term.free), term))
    return whole if isinstance(whole, Term) else term


def _may_be_same(one: Term, other: Term) -> bool:
    """Whether two terms are the same one for some values of their free indices."""
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        pairs = zip(one.slots, other.slots, strict=False)
        return one.name == other.name and not any(_differ(*pair) for pair in pairs)
    return one is other


def _differ(one: Index, other: Index) -> bool:
    return one.place is not None and other.place is not None and one.place != other.place


def _exclude(one: tuple[str, Fraction | float], other: tuple[str, Fraction | float]) -> bool:
    """Whether no number obeys two relations."""
    lows, highs = [], []
    for relation, number in (one, other):
        lows += [(number, relation == ">")] if relation in ("=", ">", ">=") else []
        highs += [(number, relation == "<")] if relation in ("=", "<", "<=") else []
    pairs = ((low, high) for low in lows for high in highs)
    return any(low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1])) for low, high in pairs)


def _holds(number: Fraction | float, relation: str, other: Fraction | float) -> bool:
    return not _exclude(("=", number), (relation, other))
