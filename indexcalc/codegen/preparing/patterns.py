"""What stable forms look like: the patterns that `stable` finds in terms, and what it puts in their place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from indexcalc.canonical import canonical
from indexcalc.terms import (
    MINUS_ONE,
    ONE,
    Call,
    Constraint,
    Contraction,
    Delta,
    Epsilon,
    Index,
    Number,
    Power,
    Product,
    Reduction,
    Size,
    Sum,
    Tensor,
    Term,
    Where,
    coefficient_and_rest,
    coefficient_of,
    factors_of,
    in_order,
    negative,
)
from indexcalc.walk import parts, substitute

Axes = tuple[Index, ...]


@dataclass(frozen=True, slots=True)
class Normalised:
    """softmax, log_softmax or logsumexp of an argument over some of its indices, as a tensor with these axes."""

    kind: str
    axes: Axes
    over: Axes
    argument: Term

    @property
    def meaning(self) -> Term:
        """The formula that it stands for."""
        total = Contraction(self.over, Call("exp", self.argument))
        if self.kind == "logsumexp":
            return Call("log", total)
        value = Product(Call("exp", self.argument), Power(total, MINUS_ONE))
        return Call("log", value) if self.kind == "log_softmax" else value


def is_whole(value: Fraction | float) -> bool:
    """Whether a number is an exact integer."""
    return isinstance(value, Fraction) and value.denominator == 1


def minus(term: Term) -> Term:
    """-x, with the sign moved into the addends of a sum."""
    return Sum(*map(negative, term.terms)) if isinstance(term, Sum) else negative(term)


def one_minus(term: Term) -> Term | None:
    """x if the term is 1 - x."""
    if isinstance(term, Sum) and len(term.terms) == 2 and ONE in term.terms:
        return negative(next(each for each in term.terms if each is not ONE))
    return None


def is_total(term: Term) -> bool:
    """Whether a term is a negative multiple of a logaddexp."""
    number, rest = coefficient_and_rest(term)
    return number < 0 and isinstance(rest, Call) and rest.function == "logaddexp"


def occurrence(term: Term) -> Axes:
    """The free indices of a term in the order in which they occur: the same for terms that differ in names only."""
    found: dict[Index, None] = {}
    pending = [term]
    while pending:
        each = pending.pop()
        if not parts(each):
            found |= {index: None for index in _slots(each) if index in term.free}
        pending += reversed(parts(each))
    return tuple(found)


def _slots(leaf: Term) -> tuple[Index, ...]:
    """The indices of a term without parts, in their order."""
    if isinstance(leaf, Constraint):
        return leaf.form.free
    fields = leaf.slots if isinstance(leaf, Tensor | Delta | Epsilon) else leaf.fields
    return tuple(index for index in fields if isinstance(index, Index))


def base_and_exponent(factor: Term) -> tuple[Term, Fraction | float]:
    """x and 2 for x^2, x and 1 for x."""
    if isinstance(factor, Power) and isinstance(factor.exponent, Number):
        return factor.base, factor.exponent.value
    return factor, Fraction(1)


def is_negative(term: Term) -> bool:
    """Whether the number in front of a term is negative; of a sum, that of its first addend."""
    first = term.terms[0] if isinstance(term, Sum) else term
    return coefficient_of(first) < 0


def without_products(factors: list[Term]) -> list[Term]:
    """The factors with prod[l](where(l == k, 1, x[l]))/prod[l](x[l]) as 1/x[k]: what is left out is what remains."""
    for place, factor in enumerate(factors):
        match factor:
            case Reduction("prod", (bound,), Where(Delta() as delta, then, otherwise)) if then is ONE:
                if bound not in delta.slots:
                    continue
                kept = next(index for index in delta.slots if index is not bound)
                whole = canonical(Reduction("prod", (bound,), otherwise))
                for other, divisor in enumerate(factors):
                    base, exponent = base_and_exponent(divisor)
                    if exponent <= -1 and canonical(base) is whole:
                        rest = [each for at, each in enumerate(factors) if at not in (place, other)]
                        left = Power(substitute(otherwise, {bound: kept}), MINUS_ONE)
                        return without_products([*rest, left, Power(base, Number(exponent + 1))])
    return factors


def divides(base: Term, addend: Term) -> bool:
    """Whether a factor of an addend is 1 over a power of a term."""
    found = (base_and_exponent(factor) for factor in factors_of(addend))
    return any(each is base and exponent < 0 for each, exponent in found)


def log_of_constant(term: Term) -> Term | None:
    """The logarithm of a positive number or a size."""
    match term:
        case Number(value) if value > 0:
            return Call("log", term)
        case Size() | Power(Size(), Number()):
            return Call("log", term)
    return None


def matched(pattern: Term, bound: Iterable[Index], term: Term) -> dict[Index, Index] | None:
    """What to put for the bound indices to make the pattern the term; none if it cannot be done."""
    bound = in_order(bound)
    wanted = canonical(term)
    choices = [
        [index, *(each for each in in_order(term.free - {index}) if each.range == index.range)] for index in bound
    ]
    for chosen in product(*choices):
        renaming = dict(zip(bound, chosen, strict=True))
        if canonical(substitute(pattern, renaming)) is wanted:
            return renaming
    return None
