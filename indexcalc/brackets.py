"""Iverson's brackets are strong zeros: where one is 0, so is the product, whatever stands beside it.

    (1 - delta[i,j])/(x[i] - x[j])                = where(i == j, 0, 1/(x[i] - x[j]))
    1[i < j]*y[i]*log(x[j] - x[i])                = y[i]*where(i < j, log(x[j] - x[i]), 0)
    where(i == j, 0, x)^2*where(i == j, 0, 1/y)   = where(i == j, 0, x^2/y)

Multiplied in, the zero would meet an infinity, and multiplied out an exponential would be added and taken off again. So
what is not defined everywhere, or grows fast, goes into a choice, if it has all the indices of the bracket, so that the
bracket can be what keeps it from where it is not defined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.looked import looked_up
from indexcalc.terms import (
    MINUS_ONE,
    ONE,
    ZERO,
    Call,
    Constraint,
    Contraction,
    Delta,
    Indicator,
    Number,
    Power,
    Product,
    Size,
    Sum,
    Term,
    Where,
    coefficient_and_rest,
    coefficient_of,
    negative,
)
from indexcalc.walk import holds, substitute, subterms

# Functions that are not defined everywhere, or whose values may be larger than all the rest; a root of 0 is 0.
BOUNDLESS = frozenset(
    name for name, each in FUNCTIONS.items() if each.harmless is not None and each.domain != "nonnegative"
)


def is_boundless(term: Term) -> bool:
    """Whether a function is not defined everywhere or grows fast: a logarithm, a negative power, an exponential."""
    match term:
        case Call(function, _):
            return function in BOUNDLESS
        case Power(base, exponent) if not isinstance(base, (Number, Size)) and not is_count(base):
            return coefficient_of(exponent) < 0
    return False


def gathered(
    factors: Iterable[Term], is_partial: Callable[[Term], bool] = is_boundless, sums: bool = False
) -> Term | None:
    """The product with what brackets keep from infinity put into choices; none if there is nothing to do.

    sums: whether sums of brackets are looked at too, which stay inside of the choice; and places that are looked up,
    which a sum will take as one place, but code may not.
    """
    left = list(factors)
    for place, factor in enumerate(left):
        is_place = _is_equality(factor) or (not sums and looked_up(factor) is not None)
        opened = None if is_place else _opened(factor)
        if opened is None or not (sums or opened[1] is ONE or isinstance(_base(factor), Where)):
            continue
        zero, beside = opened
        rest = [each for at, each in enumerate(left) if at != place]
        inside = [each for each in rest if _is_kept(each, zero, is_partial)]
        if inside:
            value = Product(beside, *(_within(each, zero) for each in inside))
            outside = [each for each in rest if each not in inside]
            chosen = choice(zero, value)
            return gathered([*outside, chosen], is_partial, sums) or Product(*outside, chosen)
    return None


@lru_cache(maxsize=5000)
def strong_zero(factor: Term) -> Term | None:
    """A term of Iverson's brackets and numbers that is 0 where a factor makes a product 0 whatever stands beside it.

    None if the factor is not made of brackets, nor a choice of 0.
    """
    match factor:
        case Where(condition, _, otherwise) if otherwise is ZERO:
            return condition
        case Where(condition, then, _) if then is ZERO:
            return Sum(ONE, negative(condition))
    return factor if holds(factor, (Indicator, Delta, Constraint)) and _is_of_brackets(factor) else None


def is_count(term: Term) -> bool:
    """Whether a term counts places: a divisor that is 0 nowhere, where an extreme is attained."""
    return isinstance(term, Contraction) and isinstance(term.body, Indicator) and term.body.relation == "=="


def _is_of_brackets(term: Term) -> bool:
    match term:
        case Number() | Delta() | Indicator() | Constraint():
            return True
        case Sum() | Product():
            return all(map(_is_of_brackets, term.fields))
        case Power(base, Number(value)):
            return value > 0 and _is_of_brackets(base)
    return False


def choice(zero: Term, value: Term) -> Term:
    """A value, or 0 where a term of brackets is 0."""
    match zero:
        case Indicator() | Delta() | Constraint():
            return Where(zero, value, ZERO)
        case Sum() if (other := _complement(zero)) is not None:
            return Where(other, ZERO, value)
    return Where(Indicator("==", zero, ZERO), ZERO, value)


def number_outside(term: Term) -> tuple[Fraction | float, Term]:
    """The number in front of what is chosen beside 0, and the choice without it."""
    match term:
        case Where(condition, then, otherwise) if otherwise is ZERO:
            number, rest = coefficient_and_rest(then)
            return (ONE.value, term) if rest is ONE else (number, Where(condition, rest, ZERO))
        case Where(condition, then, otherwise) if then is ZERO:
            number, rest = coefficient_and_rest(otherwise)
            return (ONE.value, term) if rest is ONE else (number, Where(condition, ZERO, rest))
    return ONE.value, term


def without_idle_choice(chosen: Where) -> Term:
    """where(i == j, x, y) = y if x and y are the same for i = j."""
    match chosen:
        case Where(Delta((one, other)), then, otherwise):
            same = {one: other} if one.place is None else {other: one}
            if substitute(then, same) is substitute(otherwise, same):
                return otherwise
    return chosen


def _opened(factor: Term) -> tuple[Term, Term] | None:
    """Where a factor of brackets is 0, and what it is elsewhere."""
    power: Term = ONE
    match factor:
        case Power(base, Number(value) as exponent) if value > 0:
            factor, power = base, exponent
    zero = strong_zero(factor)
    if zero is None:
        return None
    match factor:
        case Where(_, then, otherwise):
            return zero, Power(then if otherwise is ZERO else otherwise, power)
        case Indicator() | Constraint():
            return zero, ONE
    return zero, ONE if _complement(factor) is not None else Power(factor, power)


def _is_equality(factor: Term) -> bool:
    """Whether a factor says which places are equal: what it leaves of a sum, it takes from it as one place."""
    return isinstance(factor, Delta) or (isinstance(factor, Constraint) and factor.relation == "==")


def _base(factor: Term) -> Term:
    return factor.base if isinstance(factor, Power) else factor


def _complement(term: Term) -> Term | None:
    """c, if the term is 1 - c for one bracket c."""
    if isinstance(term, Sum) and len(term.terms) == 2 and ONE in term.terms:
        other = Product(MINUS_ONE, next(each for each in term.terms if each is not ONE))
        return other if isinstance(other, (Delta, Indicator, Constraint)) else None
    return None


def _is_kept(factor: Term, zero: Term, is_partial: Callable[[Term], bool]) -> bool:
    """Whether a term of brackets may keep a factor from where it is not defined."""
    # An index that is bound inside of the factor may have the same name.
    return zero.free <= factor.free and any(zero.free <= each.free and is_partial(each) for each in subterms(factor))


def _within(factor: Term, zero: Term) -> Term:
    """A factor where a term of brackets is not 0."""
    opened = _opened(factor) if isinstance(factor, (Where, Power)) else None
    return opened[1] if opened is not None and opened[0] is zero else factor
