"""Conditions between whole numbers, as terms that are 0 or 1, and choices by them."""

from __future__ import annotations

from indexcalc.lift.arrays.whole import Whole
from indexcalc.terms import (
    ONE,
    ZERO,
    Call,
    Constraint,
    Delta,
    Index,
    Indicator,
    Number,
    Power,
    Product,
    Range,
    Sum,
    Term,
    Where,
    factors_of,
    indicator,
    negative,
    terms_of,
)
from indexcalc.walk import subterms


def compared(relation: str, left: Whole, right: Whole) -> Term:
    """1 where a relation between whole numbers holds."""
    gap = left - right
    if relation in (">", ">="):
        return compared({">": "<", ">=": "<="}[relation], right, left)
    if relation == "!=":
        return Sum(ONE, negative(compared("==", left, right)))
    known = gap.number
    if known is not None:
        return ONE if {"==": known == 0, "<": known < 0, "<=": known <= 0}[relation] else ZERO
    if relation != "==" and (-gap).at_least(1 if relation == "<" else 0):
        return ONE
    if gap.at_least(1 if relation in ("<=", "==") else 0) or (relation == "==" and (-gap).at_least(1)):
        return ZERO
    simple = _between_indices(relation, gap)
    if simple is not None:
        return simple
    form = (gap if relation == "==" else -gap - Whole.of(relation == "<")).form
    if form is not None:
        return Constraint("==" if relation == "==" else ">=", form)
    return indicator(relation, left.term(), right.term())


def _between_indices(relation: str, gap: Whole) -> Term | None:
    """A relation between two places of one range, or of one with a number, as the indicator of indices."""
    gap = gap if relation == "==" else gap + Whole.of(1 if relation == "<" else 0)  # a < b is a + 1 <= b
    up = [monomial[0] for monomial, c in gap.terms if len(monomial) == 1 and c == 1]
    down = [monomial[0] for monomial, c in gap.terms if len(monomial) == 1 and c == -1]
    rest = [(monomial, c) for monomial, c in gap.terms if not monomial]
    if len(up) + len(down) + len(rest) != len(gap.terms) or len(up) > 1 or len(down) > 1:
        return None
    first, second = (each[0] if each else None for each in (up, down))
    if isinstance(first, Range) or isinstance(second, Range):
        return None
    shift = rest[0][1] if rest else 0  # first - second + shift == 0, or <= 0
    if first is not None and second is not None:
        return _between_two(relation, first, second, shift)
    index = first or second
    if index is None:
        return None
    place = -shift if first is not None else shift
    if relation == "==":
        return Delta(index, Index(str(place + 1), index.range)) if place >= 0 else ZERO
    return None


def _between_two(relation: str, first: Index, second: Index, shift: int) -> Term | None:
    if first.range != second.range:
        return None
    if relation == "==":
        return Delta(first, second) if shift == 0 else None
    if shift == 0:
        return Indicator("<=", first, second)
    return Indicator("<", first, second) if shift == 1 else None


def chosen(condition: Term, then: Term, otherwise: Term) -> Term:
    """One term where a condition (a term that is 0 or 1) holds, another elsewhere; what both have stays outside."""
    if condition is ONE or then is otherwise:
        return then
    if condition is ZERO:
        return otherwise
    swapped = _negated(condition)
    if swapped is not None:
        return chosen(swapped, otherwise, then)
    if isinstance(condition, Constraint) and otherwise is ZERO and total(then):
        return Product(condition, then)
    if isinstance(condition, Product) and not isinstance(condition.factors[0], Number):
        first, rest = condition.factors[0], Product(*condition.factors[1:])
        if all(map(_is_condition, factors_of(rest))):
            return chosen(first, chosen(rest, then, otherwise), otherwise)
    if not isinstance(condition, Delta | Indicator):
        condition = Indicator("==", condition, ONE)
    return Where(condition, then, otherwise)


def choice(condition: Term, one: Term, other: Term) -> Term:
    """One term where a condition holds, another elsewhere; addends that both have stand outside."""
    first, second = list(terms_of(one)), list(terms_of(other))
    common = []
    for each in list(first):
        if each in second:
            common.append(each)
            first.remove(each)
            second.remove(each)
    if not common:
        return chosen(condition, one, other)
    left, right = Sum(*first) if first else ZERO, Sum(*second) if second else ZERO
    if right is ZERO and isinstance(condition, Delta | Indicator | Constraint | Product) and total(left):
        return Sum(*common, Product(condition, left))
    return Sum(*common, chosen(condition, left, right))


def total(term: Term) -> bool:
    """Whether a term is finite wherever it is asked for: it divides by nothing and takes no logarithm."""

    def partial(each: Term) -> bool:
        if isinstance(each, Power):
            return not (isinstance(each.exponent, Number) and each.exponent.value >= 0)
        return isinstance(each, Call) and each.function in ("log", "sqrt", "arcsin", "arccos")

    return not any(map(partial, subterms(term)))


def _is_condition(term: Term) -> bool:
    return isinstance(term, Delta | Indicator | Constraint) or _negated(term) is not None


def _negated(term: Term) -> Term | None:
    """The condition c where the term is 1 - c; none if it is no such difference."""
    if isinstance(term, Sum) and len(term.terms) == 2:
        for one, other in (term.terms, term.terms[::-1]):
            if one is ONE and isinstance(other, Product) and other.factors[0] == Number(-1):
                rest = Product(*other.factors[1:])
                if isinstance(rest, Delta | Indicator | Constraint):
                    return rest
    return None
