"""Take common factors out, under sums too: the reverse of `expand`.

    x*y + x*z = x*(y + z)            sum[i](x[i]*a) + sum[j](x[j]*b) = sum[i](x[i]*(a + b))

Greedy: the two addends with the dearest common factor are joined, then every other addend that holds it; until no
two addends have one. The bound indices of addends are matched so that they share as much as possible. A factor that a
delta makes equal to a common one counts as common: delta[i,j]*a[i] + b*a[j] = a[j]*(delta[i,j] + b).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, islice
from math import gcd, lcm

from indexcalc.canonical import Canonical
from indexcalc.rewrite.collect import collected
from indexcalc.rewrite.cost import cost
from indexcalc.rewrite.deltas import equal_indices
from indexcalc.rewrite.expand import Polynomial
from indexcalc.rewrite.match import unify
from indexcalc.rewrite.monomial import (
    Monomial,
    Powers,
    apart,
    combined,
    divided,
    renamed,
    to_sum,
    whole_number,
    without_idle,
)
from indexcalc.terms import (
    ONE,
    Constraint,
    Delta,
    Index,
    Number,
    Power,
    Product,
    Sum,
    Term,
    coefficient_and_rest,
    factors_of,
    negative,
    terms_of,
)
from indexcalc.walk import substitute

MOST_ADDENDS = 40  # the pairs are compared: above this only what all addends share is taken out
MOST_WORK = 40_000  # about two seconds; long products that differ in one factor have nothing else to share
MOST_MATCHINGS = 8
Split = tuple[Monomial, Monomial, Monomial]  # a common factor of two addends, and what is left of each
Known = dict[tuple[Monomial, Monomial], tuple[float, Split | None]]


def factor(polynomial: Polynomial, canonical: Canonical) -> Term:
    """The polynomial as a term with common factors taken out."""
    # No bound index may have the name of one that is free in another addend: they are matched with each other.
    free = frozenset[Index]().union(*(addend.free for addend in polynomial))
    addends = _spread([apart(addend, free) for addend in polynomial], canonical)
    known: Known = {}
    while 1 < len(addends) <= MOST_ADDENDS and _work(addends) <= MOST_WORK:
        joined = _join_dearest(addends, canonical, known)
        if joined is None:
            break
        addends = joined
    number, addends = _numeric_content(addends)
    return Product(Number(number), to_sum(addends, canonical))


def _work(addends: Polynomial) -> int:
    """How many pairs of factors would be matched for their bound indices, two addends at a time."""
    moving = [sum(not addend.bound.isdisjoint(base.free) for base in addend.powers) for addend in addends]
    return (sum(moving) ** 2 - sum(each * each for each in moving)) // 2


def _spread(addends: Polynomial, canonical: Canonical) -> Polynomial:
    """The addends with those that are sums themselves as their parts: (1 - a) - a = 1 - 2*a."""
    if not any(_bare_sum(addend) for addend in addends):
        return addends
    parts = (_parts(addend) if _bare_sum(addend) else [addend] for addend in addends)
    return collected([each for part in parts for each in part], canonical)


def _bare_sum(addend: Monomial) -> bool:
    return len(addend.powers) == 1 and all(
        isinstance(base, Sum) and exponent is ONE for base, exponent in addend.powers.items()
    )


def _parts(addend: Monomial) -> Polynomial:
    (whole,) = addend.powers
    found = []
    for term in terms_of(whole):
        number, rest = coefficient_and_rest(term)
        pairs = ((f.base, f.exponent) if isinstance(f, Power) else (f, ONE) for f in factors_of(rest) if f is not ONE)
        found.append(without_idle(addend.coefficient * number, addend.bound, combined(pairs)))
    return found


def _join_dearest(
    addends: Polynomial, canonical: Canonical, known: Known
) -> Polynomial | None:
    """The addends with one group that shares the dearest factor joined; none if nothing is shared.

    `known` keeps the dearest factor of two addends, and what it is worth, for those that are not joined.
    """
    pairs = list(combinations(addends, 2))
    for pair in pairs:
        if pair not in known:
            splits = [(_value(split[0]), split) for split in _shared(*pair)]
            known[pair] = max(splits, key=lambda each: each[0], default=(0.0, None))
    dearest = max(pairs, key=lambda pair: known[pair][0])
    value, split = known[dearest]
    if split is None or value == 0:
        return None
    common, *rests = split
    others = []
    for addend in addends:
        if not any(addend is each for each in dearest):
            rest = _without(addend, common)
            rests += [rest] if rest else []
            others += [] if rest else [addend]
    return [_joined(common, rests, canonical), *others]


def _joined(common: Monomial, rests: Polynomial, canonical: Canonical) -> Monomial:
    number, rests = _numeric_content(rests, signed=True)
    inner = factor(rests, canonical)
    pairs = [(f.base, f.exponent) if isinstance(f, Power) else (f, ONE) for f in factors_of(inner)]
    coefficient = number
    powers: list[tuple[Term, Term]] = []
    for base, exponent in pairs:
        if isinstance(base, Number):
            coefficient = coefficient * base.value
        else:
            powers.append((base, exponent))
    return Monomial(coefficient, common.bound, combined((*common.powers.items(), *powers)))


def _value(common: Monomial) -> float:
    return sum(cost(Power(base, exponent)) for base, exponent in common.powers.items())


def _numeric_content(addends: Polynomial, signed: bool = False) -> tuple[Fraction | float, Polynomial]:
    """The number that all coefficients share, where no new fractions come of it; its sign if all have it.

    A sign alone is taken out only if that is wanted: as part of a sum it costs nothing, as a factor in front it does.
    """
    numbers = [addend.coefficient for addend in addends]
    exact = [Fraction(number) for number in numbers if isinstance(number, (Fraction, int))]
    if len(addends) < 2 or len(exact) < len(numbers):
        return Fraction(1), addends
    if len({number.denominator for number in exact}) == 1 or len({abs(number) for number in exact}) == 1:
        shared = Fraction(gcd(*(n.numerator for n in exact)), lcm(*(n.denominator for n in exact)))
    else:
        shared = Fraction(1)
    if all(number < 0 for number in exact):
        shared = -shared if signed or shared != 1 else shared
    return shared, [addend.scaled(1 / shared) for addend in addends]


# ----- What two addends share ------------------------------------------------------------------------------------


def _shared(first: Monomial, second: Monomial) -> Iterator[Split]:
    """The common factors of two addends and what is left of each, one for each matching of their bound indices."""
    second = apart(second, first.bound | first.free)
    for matching in islice(_matchings(first, second), MOST_MATCHINGS):
        other = Monomial(
            second.coefficient,
            frozenset(matching.get(index, index) for index in second.bound),
            renamed(second.powers, matching) if matching else second.powers,
        )
        other = _turned(other, first.powers)
        powers = _common_powers(first, other)
        if powers:
            bound = frozenset(index for index in matching.values() if any(index in base.free for base in powers))
            common = Monomial(Fraction(1), bound, powers)
            left, right = _rest(first, common), _rest(other, common)
            if left and right:
                yield common, left, right


def _turned(monomial: Monomial, powers: Powers) -> Monomial:
    """The monomial with those of its differences turned round that then are factors of another: b - a = -(a - b)."""
    sign, turned = 1, list[tuple[Term, Term]]()
    for base, exponent in monomial.powers.items():
        opposite, number = _opposite(base), whole_number(exponent)
        if opposite is not None and number is not None and base not in powers and opposite in powers:
            sign *= (-1) ** (number % 2)
            base = opposite
        turned.append((base, exponent))
    return Monomial(monomial.coefficient * sign, monomial.bound, combined(turned))


def _opposite(base: Term) -> Sum | None:
    """-x for a sum x."""
    opposite = Sum(*map(negative, base.terms)) if isinstance(base, Sum) else None
    return opposite if isinstance(opposite, Sum) else None


def _matchings(first: Monomial, second: Monomial) -> Iterator[dict[Index, Index]]:
    """Ways to name bound indices of the second like some of the first: by each pair of like factors, as many as fit."""
    known: list[dict[Index, Index]] = []
    if first.bound and second.bound:
        for matching in _anchored(first, second):
            if matching not in known:
                known.append(matching)
                yield matching
    if {} not in known:
        yield {}


def _anchored(first: Monomial, second: Monomial) -> Iterator[dict[Index, Index]]:
    moving = [base for base in second.powers if not second.bound.isdisjoint(base.free)]
    for anchor in moving:
        for matching in _extensions({}, anchor, first, second):
            for base in moving:
                matching = next(_extensions(matching, base, first, second), matching)
            yield matching


def _extensions(
    matching: dict[Index, Index], base: Term, first: Monomial, second: Monomial
) -> Iterator[dict[Index, Index]]:
    """The matchings that also turn this factor of the second into one of the first."""
    if second.bound.isdisjoint(base.free.difference(matching)):
        if substitute(base, matching) in first.powers:  # all its indices have their names
            yield matching
            return
    alike = (whole for whole in first.powers if type(whole) is type(base) and whole.symbols == base.symbols)
    for target in (each for whole in alike for each in (whole, _opposite(whole))):
        if target is not None:
            for found in unify(base, target, matching, second.bound):
                values = set(found.values())
                if len(values) == len(found) and values <= first.bound:
                    yield found


def _common_powers(first: Monomial, second: Monomial) -> dict[Term, Term]:
    """The powers that divide both, up to the deltas of each."""
    found: dict[Term, Term] = {}
    for base, exponent in second.powers.items():
        known = first.powers.get(_under_deltas(base, first))
        lesser = _lesser(known, exponent) if known is not None else None
        if lesser is not None:
            found[base] = lesser
    for base, exponent in first.powers.items():
        if base not in found and not isinstance(base, (Delta, Constraint)):
            known = second.powers.get(_under_deltas(base, second))
            lesser = _lesser(known, exponent) if known is not None else None
            taken = _under_deltas(base, second)
            if lesser is not None and taken not in found:
                found[base] = lesser
    # A delta may have made a factor lose an index that only the other addend sums.
    lone = first.bound ^ second.bound
    return {base: exponent for base, exponent in found.items() if lone.isdisjoint(base.free)}


def _under_deltas(base: Term, monomial: Monomial) -> Term:
    """How a factor is written in a monomial whose deltas make some of its indices equal."""
    if isinstance(base, (Delta, Constraint)) or base in monomial.powers:
        return base
    if not any(type(each) is type(base) and each.symbols == base.symbols for each in monomial.powers):
        return base
    classes = equal_indices(monomial.powers, monomial.bound, {})
    if base.free.isdisjoint(classes):
        return base
    return next((new for new in _rewritten(base, classes) if new in monomial.powers), base)


def _rewritten(base: Term, classes: dict[Index, Index]) -> Iterator[Term]:
    yield substitute(base, classes)
    for index, chosen in classes.items():
        same = [other for other in classes if classes[other] is chosen]
        yield substitute(base, dict.fromkeys(same, index))


def _lesser(one: Term, other: Term) -> Term | None:
    """x^lesser divides both x^one and x^other; none if nothing does."""
    if one is other:
        return one
    if isinstance(one, Number) and isinstance(other, Number):
        values = Fraction(one.value), Fraction(other.value)
        if values[0] * values[1] > 0:
            return one if abs(values[0]) < abs(values[1]) else other
    return None


def _rest(monomial: Monomial, common: Monomial) -> Monomial | None:
    """The monomial divided by a common factor whose sums are its own; none if it does not divide."""
    powers: Powers = monomial.powers
    for base, exponent in common.powers.items():
        own = _under_deltas(base, monomial)
        if own not in powers or _lesser(powers[own], exponent) is not exponent:
            return None
        powers = divided(powers, own, exponent)
    bound = monomial.bound - common.bound
    if any(isinstance(base, Constraint) and not base.free.isdisjoint(common.bound) for base in powers):
        return None  # x[i+1] - x[i] has nothing in common: each x stands at a place of its own
    if any(not isinstance(base, Delta) for base in common.powers) and _lost_delta(monomial, common, powers):
        return None
    return Monomial(monomial.coefficient, bound, powers)


def _lost_delta(monomial: Monomial, common: Monomial, rest: Powers) -> bool:
    """Whether a factor was rewritten by a delta that neither the rest nor the common factor keeps."""
    kept = {base for base in (*rest, *common.powers) if isinstance(base, Delta)}
    return any(isinstance(base, Delta) and base not in kept for base in monomial.powers)


def _without(addend: Monomial, common: Monomial) -> Monomial | None:
    """The addend divided by a common factor, for some matching of its bound indices."""
    if not common.bound:
        found = _rest(_turned(addend, common.powers), common)
        return found if found and not _touches(common.powers, addend.bound) else None
    addend = apart(addend, common.bound | common.free)
    for matching in islice(_matchings(common, addend), MOST_MATCHINGS):
        if len(matching) == len(common.bound):
            bound = frozenset(matching.get(index, index) for index in addend.bound)
            whole = Monomial(addend.coefficient, bound, renamed(addend.powers, matching))
            found = _rest(_turned(whole, common.powers), common)
            if found:
                return found
    return None


def _touches(powers: Powers, bound: frozenset[Index]) -> bool:
    return any(not bound.isdisjoint(base.free) for base in powers)
