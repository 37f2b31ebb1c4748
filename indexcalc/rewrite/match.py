"""Matching: where a rule left -> right, given for all values of its variables, fits into a monomial.

A rule's left side is a monomial. It fits where its factors are found among those of the target (with at least their
powers) for some values of the variables, and where the indices that it sums occur in nothing else of the target.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import Generic, TypeVar, cast

from indexcalc.budget import Budget, measured, spend
from indexcalc.canonical import Canonical
from indexcalc.rewrite.monomial import Monomial, Powers, divided, whole_number
from indexcalc.sheet import Definition, Fact
from indexcalc.terms import (
    ONE,
    Binder,
    Constraint,
    Index,
    Number,
    Power,
    Product,
    Sum,
    Tensor,
    Term,
)
from indexcalc.walk import substitute

Binding = dict[Index, Index]
Kind = tuple[type[Term], str]
Answer = TypeVar("Answer")


@dataclass(frozen=True, eq=False)
class Rule:
    """left -> right for all values of the variables. The right side is a term; the source says why."""

    left: Monomial
    right: Term
    variables: frozenset[Index]
    source: Fact | Definition

    @cached_property
    def symbols(self) -> frozenset[str]:
        """The tensors without which the left side cannot be found."""
        return frozenset[str]().union(*(base.symbols for base in self.left.powers))

    @cached_property
    def factors(self) -> list[tuple[Term, Term]]:
        """The factors of the left side, those first that fit into the fewest others."""
        return sorted(self.left.powers.items(), key=lambda item: (-item[0].rank, item[0].key))

    @cached_property
    def kinds(self) -> Counter[Kind]:
        """How many factors of each kind the left side has."""
        return Counter(map(_kind, self.left.powers))

    @property
    def of_one_factor(self) -> bool:
        """Whether the left side is one factor, without sums: then the rule fits into powers of it."""
        return len(self.left.powers) == 1 and not self.left.bound


def unify(pattern: Term, target: Term, binding: Binding, open_: frozenset[Index]) -> Iterator[Binding]:
    """The ways to give values to the open indices of a pattern so that it becomes the target."""
    if pattern is target and open_.isdisjoint(pattern.indices):
        yield binding
    elif type(pattern) is not type(target) or len(pattern.fields) != len(target.fields):
        return
    elif isinstance(pattern, Tensor):
        found = _slots_put(pattern, cast(Tensor, target), binding, open_)
        if found is not None:
            yield found
    elif isinstance(pattern, (Sum, Product)):
        yield from _unify_unordered(pattern.fields, target.fields, binding, open_)
    elif isinstance(pattern, Constraint):
        yield from _unify_constraints(pattern, cast(Constraint, target), binding, open_)
    elif isinstance(pattern, Binder):
        yield from _unify_binders(pattern, cast(Binder, target), binding, open_)
    else:
        yield from _unify_fields(pattern.fields, target.fields, binding, open_)


def _slots_put(pattern: Tensor, target: Tensor, binding: Binding, open_: frozenset[Index]) -> Binding | None:
    """The values with which one element of a tensor is another one; there is one way at most."""
    if pattern.name != target.name or len(pattern.slots) != len(target.slots):
        return None
    found = binding
    for first, other in zip(pattern.slots, target.slots, strict=True):
        if first not in open_:
            if first is not other:
                return None
            continue
        known = found.get(first)
        if known is None and first.range == other.range:
            found = {**found, first: other}
        elif known is not other:
            return None
    return found


def _unify_constraints(
    pattern: Constraint, target: Constraint, binding: Binding, open_: frozenset[Index]
) -> Iterator[Binding]:
    """Forms letter by letter; an equation may stand turned round."""
    if (pattern.relation, pattern.period) != (target.relation, target.period):
        return
    forms = [target.form, target.form.times(-1)] if pattern.relation == "==" else [target.form]
    for form in forms:
        if (pattern.form.sizes, pattern.form.constant) != (form.sizes, form.constant):
            continue
        letters, times = zip(*pattern.form.letters, strict=True) if pattern.form.letters else ((), ())
        for order in permutations(form.letters):
            if tuple(number for _, number in order) == times:
                yield from _unify_fields(letters, tuple(index for index, _ in order), binding, open_)


def _unify_binders(
    pattern: Binder, target: Binder, binding: Binding, open_: frozenset[Index]
) -> Iterator[Binding]:
    """The bound indices of the pattern stand for those of the target, one for one, and no other index does."""
    if pattern.fields[:-2] != target.fields[:-2] or len(pattern.bound) != len(target.bound):
        return
    shadowed = {index: value for index, value in binding.items() if index in pattern.bound}
    outer = {index: value for index, value in binding.items() if index not in pattern.bound}
    for found in unify(pattern.body, target.body, outer, open_.union(pattern.bound)):
        inner = {found[index] for index in pattern.bound if index in found}
        others = {index: value for index, value in found.items() if index not in pattern.bound}
        if inner == set(target.bound) and inner.isdisjoint(others.values()):
            yield {**shadowed, **others}


def _unify_fields(
    pattern: tuple[object, ...], target: tuple[object, ...], binding: Binding, open_: frozenset[Index]
) -> Iterator[Binding]:
    if not pattern:
        yield binding
        return
    first, other = pattern[0], target[0]
    for found in _unify_field(first, other, binding, open_):
        yield from _unify_fields(pattern[1:], target[1:], found, open_)


def _unify_field(first: object, other: object, binding: Binding, open_: frozenset[Index]) -> Iterator[Binding]:
    match first, other:
        case Term(), Term():
            yield from unify(first, other, binding, open_)
        case Index(), Index() if first in open_:
            known = binding.get(first)
            if known is other:
                yield binding
            elif known is None and first.range == other.range:
                yield {**binding, first: other}
        case tuple(), tuple() if len(first) == len(other):
            yield from _unify_fields(first, other, binding, open_)
        case _ if first == other:
            yield binding


def _unify_unordered(
    pattern: tuple[Term, ...], target: tuple[Term, ...], binding: Binding, open_: frozenset[Index]
) -> Iterator[Binding]:
    if not pattern:
        yield binding
        return
    for place, other in enumerate(target):
        for found in unify(pattern[0], other, binding, open_):
            yield from _unify_unordered(pattern[1:], target[:place] + target[place + 1 :], found, open_)


# ----- Rules in monomials ----------------------------------------------------------------------------------------


def apply_rule(rule: Rule, target: Monomial, canonical: Canonical) -> tuple[Monomial, Term] | None:
    """What is left of the target, and the rule's right side that multiplies it; none where the rule does not fit."""
    if rule.of_one_factor:
        return _apply_to_power(rule, target)
    if _too_few(target.powers, rule.kinds):
        return None
    open_ = rule.variables | rule.left.bound
    for binding in _fits(rule.factors, dict(target.powers), {}, open_, canonical):
        found = _replaced(rule, target, binding, canonical)
        if found is not None:
            return found
    return None


def _kind(base: Term) -> Kind:
    """What a factor must be to fit: its type, and the name of a tensor."""
    return type(base), base.name if isinstance(base, Tensor) else ""


def _too_few(powers: Powers, wanted: Counter[Kind]) -> bool:
    """Whether there are fewer factors of a kind than wanted; a power may stand for several, x^2 for x[i]*x[j]."""
    there = Counter(map(_kind, powers))
    lacking = {kind for kind, number in wanted.items() if there[kind] < number}
    return any(
        there[kind] == 0 or all(power is ONE for base, power in powers.items() if _kind(base) == kind)
        for kind in lacking
    )


def _apply_to_power(rule: Rule, target: Monomial) -> tuple[Monomial, Term] | None:
    """c*x^e -> y fits into x^(e*n + d), which is (y/c)^n * x^d; only where the root of c is real."""
    (base, exponent), *_ = rule.left.powers.items()
    kind, symbols, is_negative = type(base), base.symbols, rule.left.coefficient < 0
    for candidate, power in target.powers.items():
        if type(candidate) is not kind or not symbols <= candidate.symbols:
            continue
        times = _times(power, exponent)
        if times is None or (is_negative and whole_number(times) is None):
            continue
        for binding in unify(base, candidate, {}, rule.variables):
            if binding.keys() >= rule.variables:
                rest = divided(target.powers, candidate, Product(exponent, times))
                scale = Power(Number(rule.left.coefficient), Product(Number(-1), times))
                right = Product(scale, Power(substitute(rule.right, binding), times))
                return Monomial(target.coefficient, target.bound, rest), right
    return None


def _times(power: Term, exponent: Term) -> Term | None:
    """How often x^exponent is seen in x^power: x^2 in x^(-5) -2 times, but sqrt(x) or 1/x never in x."""
    if exponent is ONE:
        return power
    if not (isinstance(power, Number) and isinstance(exponent, Number)):
        return None
    times = int(power.value / exponent.value)
    roots = [whole_number(each) is None for each in (power, exponent)]
    seen = times > 0 or (times < 0 and exponent.value > 0)
    exact = times * exponent.value == power.value
    return Number(times) if seen and roots[0] == roots[1] and (exact or not roots[0]) else None


def _fits(
    factors: list[tuple[Term, Term]],
    powers: dict[Term, Term],
    binding: Binding,
    open_: frozenset[Index],
    canonical: Canonical,
) -> Iterator[Binding]:
    if not factors:
        yield binding
        return
    (base, exponent), *others = factors
    for candidate, power in powers.items():
        if type(candidate) is type(base) and _enough(power, exponent):
            left: dict[Term, Term] | None = None
            for found in unify(base, candidate, binding, open_):
                left = divided(powers, candidate, exponent) if left is None else left
                yield from _fits(others, left, found, open_, canonical)


def _enough(power: Term, wanted: Term) -> bool:
    """Whether x^power holds the factor x^wanted."""
    if not (isinstance(power, Number) and isinstance(wanted, Number)):
        return power is wanted
    have, want = power.value, wanted.value
    return want <= have if want > 0 else have <= want


def _replaced(rule: Rule, target: Monomial, binding: Binding, canonical: Canonical) -> tuple[Monomial, Term] | None:
    summed = {binding[index] for index in rule.left.bound if index in binding}
    if len(summed) < len(rule.left.bound) or not summed <= target.bound:
        return None
    if rule.variables - binding.keys():
        return None
    powers = dict(target.powers)
    for base, exponent in rule.left.powers.items():
        instance = canonical(substitute(base, binding))
        if instance not in powers or not _enough(powers[instance], exponent):
            return None
        powers = divided(powers, instance, exponent)
    used = frozenset[Index]().union(*(base.free | exponent.free for base, exponent in powers.items()))
    values = {binding[index] for index in rule.variables}
    if not summed.isdisjoint(used | values):
        return None
    right = substitute(rule.right, {index: binding[index] for index in rule.variables})
    bound = target.bound - summed
    return Monomial(target.coefficient / rule.left.coefficient, bound, powers), right


class Answers(Generic[Answer]):
    """What is asked of monomials, of which many come back: facts lead in circles, A = B' and B = A'.

    What is asked again counts as much work as it took.
    """

    def __init__(self, answer: Callable[[Monomial], Answer], budget: Budget) -> None:
        self.answer, self.budget = answer, budget
        self.known: dict[object, tuple[Answer, int, int]] = {}

    def __call__(self, monomial: Monomial) -> Answer:
        """The answer, worked out once."""
        question = (monomial.coefficient, monomial.bound, *monomial.powers.items())
        if question in self.known:
            found, own, rest = self.known[question]
            self.budget.spend(own)
            spend(rest)
            return found
        before = self.budget.spent
        with measured() as work:
            found = self.answer(monomial)
        own = max(0, self.budget.spent - before)
        self.known[question] = found, own, max(0, work.done - own)
        return found
