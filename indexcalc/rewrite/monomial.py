"""Monomials: the form in which terms are multiplied out, compared and put together again.

    coefficient * sum over `bound` of the product of base^exponent

Everything that is not a sum, a product or a contraction is an atom here: a base.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import TypeGuard

from indexcalc.canonical import Canonical
from indexcalc.terms import (
    NOTHING,
    ONE,
    ZERO,
    Call,
    Constraint,
    Contraction,
    Delta,
    Index,
    Indicator,
    Number,
    Power,
    Product,
    Sum,
    Term,
    coefficient_and_rest,
    coefficient_of,
    in_order,
    size_of,
    terms_of,
)
from indexcalc.walk import fresh, substitute

Powers = Mapping[Term, Term]


@dataclass(slots=True, frozen=True, eq=False)
class Monomial:
    """coefficient * sum[bound](product of base^exponent); no base is a number, no exponent zero."""

    coefficient: Fraction | float
    bound: frozenset[Index]
    powers: Powers

    @property
    def free(self) -> frozenset[Index]:
        """The free indices."""
        return _free(self.powers) - self.bound

    def scaled(self, number: Fraction | float) -> Monomial:
        """A multiple."""
        if number == 1:
            return self
        return Monomial(self.coefficient * number, self.bound, self.powers)


UNIT = Monomial(Fraction(1), NOTHING, {})
HALF = Fraction(1, 2)


def whole_number(exponent: Term) -> int | None:
    """The value of an exponent that is a whole number."""
    if exponent is ONE:
        return 1
    if not isinstance(exponent, Number):
        return None
    value = exponent.value
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else None
    return int(value) if value.is_integer() else None


def is_root(exponent: Term) -> bool:
    """Whether an exponent is a number, but no whole one."""
    return isinstance(exponent, Number) and whole_number(exponent) is None


def is_negative(exponent: Term) -> bool:
    """Whether an exponent has a negative number in front."""
    return coefficient_of(exponent) < 0


def is_below(factor: Term) -> TypeGuard[Power]:
    """Whether a factor divides."""
    return isinstance(factor, Power) and is_negative(factor.exponent)


def _free(powers: Powers) -> frozenset[Index]:
    found: frozenset[Index] = NOTHING
    for base, exponent in powers.items():
        found = found.union(base.free, exponent.free)
    return found


def atom(term: Term, exponent: Term = ONE) -> Monomial:
    """A single power; a number becomes the coefficient where it can."""
    raised = Power(term, exponent)
    if isinstance(raised, Number):
        return Monomial(raised.value, NOTHING, {})
    if isinstance(raised, Power):
        return Monomial(UNIT.coefficient, NOTHING, {raised.base: raised.exponent})
    return Monomial(UNIT.coefficient, NOTHING, {raised: ONE})


def added(one: Term, other: Term, sign: int = 1) -> Term:
    """The sum, or difference, of two exponents, their like terms collected: (n - 1) - (n - 1) = 0."""
    if one is other and sign == -1:
        return ZERO
    if isinstance(one, Number) and isinstance(other, Number):
        return Number(one.value + sign * other.value)
    totals: dict[Term, Fraction | float] = {}
    for scale, exponent in ((1, one), (sign, other)):
        outer, rest = coefficient_and_rest(exponent)
        for term in terms_of(rest):
            inner, bare = coefficient_and_rest(term)
            totals[bare] = totals.get(bare, 0) + scale * outer * inner
    return Sum(*(Product(Number(total), bare) for bare, total in totals.items()))


LARGEST_ROOT = 1000  # the power of a root that is worked out: 4^(10^9 + 1/2) must not fill the memory


def root_of_number(number: Fraction | float, exponent: Fraction | float) -> Monomial:
    """(9/2)^(1/2) = 3*2^(-1/2): a power of a positive number that is not whole."""
    if not isinstance(number, Fraction) or not isinstance(exponent, Fraction):
        return atom(Number(number), Number(exponent))
    coefficient, powers = Fraction(1), dict[Term, Term]()
    for part, power in ((number.numerator, exponent), (number.denominator, -exponent)):
        root = isqrt(part)
        if exponent.denominator == 2 and root * root == part and abs(power.numerator) <= LARGEST_ROOT:
            coefficient *= Fraction(root) ** power.numerator
        else:
            powers[Number(part)] = Number(power)
    return Monomial(coefficient, NOTHING, powers)


def combined(pairs: Iterable[tuple[Term, Term]]) -> Powers:
    """Powers of equal bases merged: x^a * x^b = x^(a+b), and delta^2 = delta."""
    powers: dict[Term, Term] = {}
    for base, exponent in pairs:
        known = powers.get(base)
        if known is None:
            powers[base] = exponent
        elif not (is_idempotent(base) and known is ONE and exponent is ONE):
            total = added(known, exponent)
            if total is ZERO:
                del powers[base]
            else:
                powers[base] = total
    return powers


def divided(powers: Powers, base: Term, exponent: Term) -> dict[Term, Term]:
    """Powers divided by base^exponent, which they hold; an idempotent base is gone once it is divided by."""
    left = dict(powers)
    rest = added(left.pop(base), exponent, -1)
    if isinstance(base, Product) and rest is not ZERO and whole_number(rest) is not None:
        # (x*y)^(3/2) divided by sqrt(x*y): what is left of the root is no atom
        parts = [(f.base, f.exponent) if isinstance(f, Power) else (f, ONE) for f in base.factors]
        return dict(combined((*left.items(), *((part, Product(power, rest)) for part, power in parts))))
    if rest is not ZERO and not (is_idempotent(base) and exponent is ONE):
        left[base] = rest
    return left


def is_idempotent(base: Term) -> bool:
    """Whether x*x = x."""
    return isinstance(base, (Delta, Indicator, Constraint))


def product_of(first: Monomial, second: Monomial) -> Monomial:
    """The product; the bound indices of the second are renamed where they clash."""
    if not second.powers:
        return first if second is UNIT else first.scaled(second.coefficient)
    if not first.powers:
        return second if first is UNIT else second.scaled(first.coefficient)
    if first.bound or second.bound:
        first = apart(first, second.free)
        second = apart(second, first.bound | first.free)
    powers = combined((*first.powers.items(), *second.powers.items()))
    number, powers = _without_numbers(first.coefficient * second.coefficient, powers)
    return without_idle(number, first.bound | second.bound, powers)


def _without_numbers(coefficient: Fraction | float, powers: Powers) -> tuple[Fraction | float, Powers]:
    """2^(1/2)*2^(1/2) = 2: a base that is a number joins the coefficient once its exponent is whole."""
    for base, exponent in powers.items():
        if isinstance(base, Number):
            raised = Power(base, exponent)
            if isinstance(raised, Number):
                rest = {other: power for other, power in powers.items() if other is not base}
                return _without_numbers(coefficient * raised.value, rest)
    return coefficient, powers


def apart(monomial: Monomial, taken: frozenset[Index]) -> Monomial:
    """The monomial with no bound index among those taken."""
    clashes = in_order(monomial.bound & taken)
    if not clashes:
        return monomial
    used = (term.indices for power in monomial.powers.items() for term in power)
    busy = set(taken).union(monomial.bound, *used)
    renaming: dict[Index, Index] = {}
    for index in clashes:
        renaming[index] = fresh(index, busy)
        busy.add(renaming[index])
    bound = frozenset(renaming.get(index, index) for index in monomial.bound)
    return Monomial(monomial.coefficient, bound, renamed(monomial.powers, renaming))


def renamed(powers: Powers, renaming: Mapping[Index, Index]) -> dict[Term, Term]:
    """Powers under a one-to-one renaming of indices."""
    return {substitute(base, renaming): substitute(exponent, renaming) for base, exponent in powers.items()}


def without_idle(coefficient: Fraction | float, bound: frozenset[Index], powers: Powers) -> Monomial:
    """A monomial in which bound indices that do not occur have become sizes: sum[i](1) = size(i)."""
    idle = bound - _free(powers) if bound else bound
    if not idle:
        return Monomial(coefficient, bound, powers)
    sizes = [size_of(index.range) for index in in_order(idle)]
    for size in sizes:
        if isinstance(size, Number):
            coefficient = coefficient * size.value
    named = ((size, ONE) for size in sizes if not isinstance(size, Number))
    return without_idle(coefficient, bound - idle, combined((*powers.items(), *named)))


# ----- Back to terms ---------------------------------------------------------------------------------------------


def power_terms(powers: Powers) -> Iterator[Term]:
    """The factors; the root of a number and another one are written as one root."""
    numbers = [base for base, exponent in powers.items() if isinstance(base, Number) and whole_number(exponent) is None]
    for number in numbers:
        partners = [base for base, exponent in powers.items() if exponent is powers[number] and base is not number]
        if partners:
            partner = min(partners, key=lambda base: base.key)
            rest = {base: exponent for base, exponent in powers.items() if base not in (number, partner)}
            return power_terms({**rest, Product(number, partner): powers[number]})
    return (_raised(base, exponent) for base, exponent in powers.items())


def _raised(base: Term, exponent: Term) -> Term:
    """base^exponent; a square root is written as one."""
    if exponent is ONE:
        return base
    if isinstance(exponent, Number) and abs(exponent.value) == HALF:
        return Power(Call("sqrt", base), Number(2 * exponent.value))
    return Power(base, exponent)


def components(monomial: Monomial) -> Iterator[tuple[frozenset[Index], dict[Term, Term]]]:
    """The groups of factors that share bound indices, directly or through others; first those with none."""
    groups: list[tuple[frozenset[Index], dict[Term, Term]]] = [(NOTHING, {})]
    for base, exponent in monomial.powers.items():
        touched = (base.free | exponent.free) & monomial.bound
        if not touched:
            groups[0][1][base] = exponent
            continue
        joined = {base: exponent}
        for group in [group for group in groups if not touched.isdisjoint(group[0])]:
            touched |= group[0]
            joined = {**group[1], **joined}
            groups.remove(group)
        groups.append((touched, joined))
    return iter(groups)


def to_term(monomial: Monomial, canonical: Canonical) -> Term:
    """The term: each sum drawn as tightly as it goes, its bound indices in canonical names."""
    if monomial.coefficient == 0:
        return ZERO
    monomial = without_idle(monomial.coefficient, monomial.bound, monomial.powers)
    outer, *groups = components(monomial)
    sums = (canonical(Contraction(bound, Product(*power_terms(powers)))) for bound, powers in groups)
    return Product(Number(monomial.coefficient), *power_terms(outer[1]), *sums)


def to_sum(monomials: Iterable[Monomial], canonical: Canonical) -> Term:
    """The sum of the monomials as a term."""
    return Sum(*(to_term(monomial, canonical) for monomial in monomials))
