"""Multiply out with the laws of comparisons and choices, so that every case of a piecewise term counts once.

    where(c, x, y) = [c]*x + (1 - [c])*y        [x <= y] = 1 - [y < x]        [-x > 0] = 1 - [x > 0] - [x == 0]
    [x == y]*x = [x == y]*y                     [x == y]*[x > y] = 0
    f(delta[i,j]) = delta[i,j]*f(1) + (1 - delta[i,j])*f(0)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

from indexcalc.canonical import Canonical
from indexcalc.rewrite.deltas import Rank
from indexcalc.rewrite.expand import Polynomial
from indexcalc.rewrite.laws import sign_of
from indexcalc.rewrite.monomial import UNIT, Monomial, Powers, atom, divided, power_terms, product_of
from indexcalc.rewrite.opened import Opened
from indexcalc.terms import (
    ONE,
    ZERO,
    Delta,
    Index,
    Indicator,
    Key,
    Number,
    Power,
    Product,
    Sum,
    Term,
    Where,
    negative,
)
from indexcalc.walk import Memo, mapped, substitute, subterms

MOST_TIES = 50  # replacements under a tie


@dataclass(frozen=True)
class Signs:
    """The signs of the elements of tensors: 1 or -1, never 0 if strict, perhaps 0 if weak."""

    strict: Mapping[str, int] = field(default_factory=dict)
    weak: Mapping[str, int] = field(default_factory=dict)


class Piecewise(Opened):
    """Opened, with `inner` for the parts of atoms, under the laws of comparisons and choices."""

    keeps_brackets = False  # a choice is multiplied out

    def __init__(
        self, canonical: Canonical, inner: Callable[[Term], Term], rank: Rank | None = None, signs: Signs | None = None
    ) -> None:
        super().__init__(canonical, inner, rank, everything=True)
        self.signs = signs or Signs()
        self._leads: dict[Term, tuple[Monomial | None, Polynomial]] = {}

    def choice(self, term: Where) -> Polynomial:
        """[c]*x + (1 - [c])*y."""
        holds = self.polynomial(term.condition)
        fails = [UNIT, *(each.scaled(-1) for each in holds)]
        chosen = self._times(holds, self.polynomial(term.then))
        return [*chosen, *self._times(fails, self.polynomial(term.otherwise))]

    def comparison(self, term: Indicator) -> Polynomial:
        """A comparison as one of 0 with a term whose first coefficient is 1; of two indices as "<" and a delta."""
        left, right = term.left, term.right
        if isinstance(left, Index) or isinstance(right, Index):
            left, right = cast(Index, left), cast(Index, right)
            less = [] if left is right else [atom(Indicator("<", left, right))]
            return less if term.relation == "<" else [*less, *self.polynomial(Delta(left, right))]
        if term.relation == "<=":
            return [UNIT, *(each.scaled(-1) for each in self.polynomial(Indicator("<", right, left)))]
        difference = self(Sum(right, negative(left)))
        if not difference:
            return [UNIT] if term.relation == "==" else []
        first = difference[0].coefficient
        side = self.canonical(self.term([each.scaled(1 / first) for each in difference]))
        return self._of_zero(term.relation, side, 1 if first > 0 else -1)

    def _of_zero(self, relation: str, side: Term, sign: int) -> Polynomial:
        """[0 == side], or [0 < sign*side]."""
        if strict := sign * sign_of(side, self.signs.strict):
            return [UNIT] if strict > 0 and relation == "<" else []
        tie, more = atom(Indicator("==", ZERO, side)), atom(Indicator("<", ZERO, side))
        if relation == "==":
            return [tie]
        if weak := sign * sign_of(side, self.signs.weak):
            return [UNIT, tie.scaled(-1)] if weak > 0 else []
        return [more] if sign > 0 else [UNIT, more.scaled(-1), tie.scaled(-1)]

    # Ties

    def under_ties(self, monomial: Monomial) -> Polynomial:
        """The monomial with one side of each tie replaced by the other."""
        pending, done, left = [monomial], [], MOST_TIES
        while pending:
            each = pending.pop()
            new = self._under_one_tie(each) if left else None
            if new is None:
                done.append(each)
            else:
                pending += new
                left -= 1
        return done

    def _under_one_tie(self, monomial: Monomial) -> Polynomial | None:
        for base in monomial.powers:
            match base:
                case Indicator("==", Term() as left, Term() as right):
                    if Indicator("<", left, right) in monomial.powers:
                        return []
                    lead, rest = self._lead_of(right)
                    if lead is not None and _divides(lead.powers, monomial.powers):
                        return _replaced(monomial, lead, rest)
        return None

    def _lead_of(self, side: Term) -> tuple[Monomial | None, Polynomial]:
        if side not in self._leads:
            self._leads[side] = _lead(self.polynomial(side))
        return self._leads[side]

    # Deltas inside functions

    def split(self, term: Term) -> Polynomial | None:
        """A function of a delta as its two values; none where there is no delta, or a value is not defined."""
        deltas = [each for each in subterms(term) if isinstance(each, Delta) and each.free <= term.free]
        if not deltas:
            return None
        delta = min(deltas, key=lambda each: each.key)
        one, other = delta.slots
        equal = substitute(_with(term, delta, ONE), {other: one} if one.place is None else {one: other})
        unequal = _with(term, delta, ZERO)
        if any(isinstance(each, Power) and each.base is ZERO for each in subterms(unequal)):
            return None
        return self.choice_of(delta, equal, unequal)

    def choice_of(self, condition: Term, then: Term, otherwise: Term) -> Polynomial:
        """The two terms of a choice, which need not be kept apart: both are defined."""
        parts = (Product(condition, then), otherwise, negative(Product(condition, otherwise)))
        return [each for part in parts for each in self.polynomial(part)]


def _with(term: Term, delta: Delta, value: Term) -> Term:
    """The term with a value in place of a delta."""

    def rule(term: Term, rec: Memo[Term]) -> Term:
        return value if term is delta else mapped(term, rec)

    return Memo(rule)(term)


def _lead(polynomial: Polynomial) -> tuple[Monomial | None, Polynomial]:
    """The monomial of the highest degree, and the others; none if it is a sum over indices or no product."""

    def degree(monomial: Monomial) -> tuple[Fraction | float, Key]:
        exponents = [exponent.value for exponent in monomial.powers.values() if isinstance(exponent, Number)]
        return sum(exponents), Product(*power_terms(monomial.powers)).key

    lead = max(polynomial, key=degree)
    plain = all(isinstance(exponent, Number) and exponent.value > 0 for exponent in lead.powers.values())
    usable = plain and lead.powers and not lead.bound
    return (lead if usable else None), [each for each in polynomial if each is not lead]


def _divides(powers: Powers, others: Powers) -> bool:
    """Whether a product of powers divides another one."""
    known = ((others.get(base), exponent) for base, exponent in powers.items())
    return all(
        isinstance(have, Number) and isinstance(want, Number) and have.value >= want.value for have, want in known
    )


def _replaced(monomial: Monomial, lead: Monomial, rest: Polynomial) -> Polynomial:
    """The monomial with -rest in place of lead, which divides it."""
    powers: Powers = monomial.powers
    for factor, exponent in lead.powers.items():
        powers = divided(powers, factor, exponent)
    outer = Monomial(monomial.coefficient / lead.coefficient, monomial.bound, powers)
    return [product_of(outer, each.scaled(-1)) for each in rest]
