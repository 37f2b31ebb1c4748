"""Eliminate Kronecker deltas: sum[j](delta[i,j]*x[j]) = x[i], and delta[i,j]*x[j] = delta[i,j]*x[i].

The deltas of a monomial say which indices are equal. A class of equal indices is represented by a fixed place if it
holds one, else by its first free index, else by a bound one; the representative takes the place of the others
everywhere, inside functions too. What remains is one delta for each further free index, and no bound index of the class
but the representative. Deltas in one addend of a factor are the business of `expand`.

Constraints between places are deltas of affine forms. A bound index that stands in constraints alone is replaced by
what an equation with it says, and its ends become conditions; a condition that an equation implies is dropped.

    sum[t]([p = t] * [q = t+1]) = [q = p+1] * [p <= n-1]        for t from 1 to n-1
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from indexcalc.affine import Form, constant, size_form
from indexcalc.looked import looked_up
from indexcalc.rewrite.monomial import Monomial, Powers, combined, power_terms, without_idle
from indexcalc.terms import (
    NO_PERIOD,
    ONE,
    ZERO,
    Constraint,
    Contraction,
    Delta,
    Index,
    Number,
    Product,
    Range,
    Term,
    in_order,
)
from indexcalc.walk import substitute

Rank = Mapping[Index, int]  # the order of the free indices: the first one represents its class


def equal_indices(powers: Powers, bound: frozenset[Index], rank: Rank) -> dict[Index, Index]:
    """Each index that a delta names, with the representative of its class."""
    parent: dict[Index, Index] = {}

    def root(index: Index) -> Index:
        while parent.setdefault(index, index) is not index:
            index = parent[index]
        return index

    def weight(index: Index) -> tuple[object, ...]:
        return (index.place is None, index in bound, rank.get(index, len(rank)), index.key)

    for base, exponent in powers.items():
        if isinstance(base, Delta) and exponent is ONE:
            first, second = sorted(map(root, base.slots), key=weight)
            parent[second] = first
    return {index: root(index) for index in parent}


def eliminate(monomial: Monomial, rank: Rank) -> Monomial | Term:
    """The monomial without deltas on bound indices.

    A term comes back where a factor is no longer an atom after the substitution, so that it must be expanded anew.
    """
    monomial = at_equal_places(at_one_place(monomial))
    if monomial.powers.get(ZERO) is ONE:  # and no quotient by what is zero
        return ZERO
    classes = equal_indices(monomial.powers, monomial.bound, rank)
    renaming = {index: chosen for index, chosen in classes.items() if index is not chosen}
    if not renaming:
        return solved(monomial)
    deltas = [Delta(index, chosen) for index, chosen in renaming.items() if index not in monomial.bound]
    if ZERO in deltas:
        return ZERO
    factors: list[tuple[Term, Term]] = [(delta, ONE) for delta in deltas if delta is not ONE]
    anew = False
    for base, exponent in monomial.powers.items():
        if not (isinstance(base, Delta) and exponent is ONE):
            new = substitute(base, renaming)
            anew = anew or type(new) is not type(base)
            factors.append((new, substitute(exponent, renaming)))
    bound, powers = monomial.bound.difference(renaming), combined(factors)
    if anew:
        return Contraction(bound, Product(Number(monomial.coefficient), *power_terms(powers)))
    return solved(without_idle(monomial.coefficient, bound, powers))


# ----- Places that are looked up ---------------------------------------------------------------------------------


def at_one_place(monomial: Monomial) -> Monomial:
    """The monomial in which a place is looked up once: delta[t[i],p]*delta[t[i],q] = delta[t[i],p]*delta[p,q].

    sum[p](delta[t[i],p]) = 1: exactly one place is the one that is looked up.
    """
    found = [(base, looked) for base in monomial.powers if (looked := looked_up(base)) is not None]
    if not found:
        return monomial
    first: dict[Term, tuple[Term, Index]] = {}
    factors: dict[Term, Term] = dict(monomial.powers)
    bound = monomial.bound
    for base, (value, place) in found:
        known = first.setdefault(value, (base, place))
        factors[base] = ONE
        if known[0] is not base:
            del factors[base]
            factors[Delta(known[1], place)] = ONE
    for base, place in first.values():
        others = [each.free for each in factors if each is not base] + [each.free for each in factors.values()]
        if place in bound and not any(place in each for each in others):
            del factors[base]
            bound = bound - {place}
    factors.pop(ONE, None)
    return Monomial(monomial.coefficient, bound, factors)


# ----- Constraints -----------------------------------------------------------------------------------------------


def solved(monomial: Monomial) -> Monomial | Term:
    """The monomial without bound indices that only constraints name; 0 where the constraints never hold together."""
    constraints = [base for base in monomial.powers if isinstance(base, Constraint)]
    if not constraints:
        return monomial
    for index in in_order(monomial.bound):
        if any(index in base.free for base in monomial.powers if not isinstance(base, Constraint)):
            continue
        if any(index in exponent.free for exponent in monomial.powers.values()):
            continue
        found = _without(monomial, index, constraints)
        if found is not None:
            return found if found is ZERO or not isinstance(found, Monomial) else solved(found)
    return _without_implied(monomial, constraints)


def at_equal_places(monomial: Monomial) -> Monomial:
    """The monomial where bound indices that are at one place are one: [p == i+1]*[q == i+1] = [p == i+1]*[p == q]."""
    constraints = [base for base in monomial.powers if isinstance(base, Constraint)]
    if len(constraints) < 2:
        return monomial
    found = [(index, value, each) for each in constraints for index, value in solutions(each)]
    found.sort(key=lambda solved: solved[0] in monomial.bound)  # what is free stays
    first: dict[tuple[Range, Form], Index] = {}
    factors: dict[Term, Term] = dict(monomial.powers)
    for index, value, each in found:
        known = first.setdefault((index.range, value), index)
        if known is not index and index in monomial.bound and each in factors and known not in value.free:
            del factors[each]
            factors[Delta(known, index)] = ONE
    if factors.keys() == monomial.powers.keys():
        return monomial
    return Monomial(monomial.coefficient, monomial.bound, factors)


def solutions(constraint: Term) -> Iterator[tuple[Index, Form]]:
    """The indices that an equation can be solved for, each with what it is equal to."""
    if isinstance(constraint, Constraint) and constraint.relation == "==" and constraint.period == NO_PERIOD:
        for index, times in constraint.form.letters:
            if abs(times) == 1:
                yield index, constraint.form.without(index).times(-times)


def within(form: Form, index: Index) -> list[Term]:
    """The conditions that a form is a place of an index; those that always hold are 1."""
    above = Constraint(">=", form - constant(1))
    return [above, Constraint(">=", size_form(index.range) - form)]


def _without(monomial: Monomial, index: Index, constraints: list[Constraint]) -> Monomial | Term | None:
    for equation in constraints:
        value = next((value for other, value in solutions(equation) if other is index), None)
        if value is None:
            continue
        factors: list[tuple[Term, Term]] = [(each, ONE) for each in within(value, index)]
        for base, exponent in monomial.powers.items():
            if base is equation:
                continue
            if isinstance(base, Constraint) and index in base.free:
                base = Constraint(base.relation, base.form.put({index: value}), base.period)
            factors.append((base, exponent))
        if any(base is ZERO for base, _ in factors):
            return ZERO
        powers = combined((base, exponent) for base, exponent in factors if base is not ONE)
        return without_idle(monomial.coefficient, monomial.bound - {index}, powers)
    return None


def _is_contradiction(constraints: list[Constraint]) -> bool:
    """Whether two equations between places never hold together: p == i+1 and i == n, for p up to n."""
    return any(
        each.form.of(index) and Constraint("==", each.form.put({index: value}), each.period) is ZERO
        for equation in constraints
        for index, value in solutions(equation)
        for each in constraints
        if each is not equation and each.relation == "=="
    )


def _without_implied(monomial: Monomial, constraints: list[Constraint]) -> Monomial | Term:
    """The monomial without the conditions that follow from one equation and from the ends of its letters."""
    implied = []
    values = [pair for each in constraints for pair in solutions(each)]
    if _is_contradiction(constraints):
        return ZERO
    for each in constraints:
        if each.relation != ">=":
            continue
        for index, value in values:
            if each.form.of(index):
                folded = Constraint(">=", each.form.put({index: value}))
                if folded is ZERO:
                    return ZERO
                if folded is ONE:
                    implied.append(each)
                    break
    if not implied:
        return monomial
    powers: Powers = {base: exponent for base, exponent in monomial.powers.items() if base not in implied}
    return without_idle(monomial.coefficient, monomial.bound, powers)


