"""Terms whose ranges get other names."""

from __future__ import annotations

from collections.abc import Mapping

from indexcalc.affine import form
from indexcalc.terms import (
    Constraint,
    Contraction,
    Delta,
    Epsilon,
    Index,
    Indicator,
    Range,
    Reduction,
    Size,
    Tensor,
    Term,
    size_of,
)
from indexcalc.walk import Memo, mapped


def resized(term: Term, names: Mapping[Range, Range]) -> Term:
    """A term with other ranges in place of its own."""

    def index(each: Index) -> Index:
        return Index(each.name, names.get(each.range, each.range), each.serial)

    def rule(each: Term, rec: Memo[Term]) -> Term:
        match each:
            case Tensor(name, slots):
                return Tensor(name, tuple(map(index, slots)))
            case Delta() | Epsilon():
                return type(each)(*map(index, each.slots))
            case Indicator(relation, Index() as left, Index() as right):
                return Indicator(relation, index(left), index(right))
            case Constraint(relation, own, period):
                letters = tuple((index(letter), times) for letter, times in own.letters)
                sizes = tuple((names.get(range, range), times) for range, times in own.sizes)
                return Constraint(relation, form(letters, sizes, own.constant), period)
            case Size(range):
                return size_of(names.get(range, range))
            case Contraction(bound, body):
                return Contraction(tuple(map(index, bound)), rec(body))
            case Reduction(kind, bound, body):
                return Reduction(kind, tuple(map(index, bound)), rec(body))
        return mapped(each, rec)

    return Memo(rule)(term)
