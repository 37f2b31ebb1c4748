"""A term as a mantissa times an exponential, and how such terms are multiplied and raised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from indexcalc.codegen.preparing.patterns import one_minus
from indexcalc.terms import (
    ZERO,
    Call,
    Delta,
    Indicator,
    Number,
    Power,
    Product,
    Sum,
    Term,
    Where,
    coefficient_and_rest,
    factors_of,
    terms_of,
)


@dataclass(frozen=True, slots=True)
class Scaled:
    """mantissa * exp(exponent)."""

    mantissa: Term
    exponent: Term = ZERO

    @property
    def term(self) -> Term:
        """The term that it stands for."""
        return self.mantissa if self.exponent is ZERO else Product(self.mantissa, Call("exp", self.exponent))


def product(parts: Iterable[Scaled]) -> Scaled:
    """A product; equal bases of the mantissas and equal addends of the exponents are taken together."""
    powers: dict[Term, Fraction | float] = {}
    others: list[Term] = []
    addends: dict[Term, Fraction | float] = {}
    for part in parts:
        for factor in factors_of(part.mantissa):
            match factor:
                case Power(base, Number(value)):
                    powers[base] = powers.get(base, Fraction(0)) + value
                case Number() | Delta() | Indicator():
                    others.append(factor)
                case _:
                    powers[factor] = powers.get(factor, Fraction(0)) + 1
        for addend in terms_of(part.exponent):
            number, rest = coefficient_and_rest(addend)
            addends[rest] = addends.get(rest, Fraction(0)) + number
    mantissa = Product(*others, *(Power(base, Number(value)) for base, value in powers.items()))
    return Scaled(mantissa, Sum(*(Product(Number(number), rest) for rest, number in addends.items())))


def power(base: Scaled, exponent: Term) -> Scaled:
    """A power of a positive number times a mantissa."""
    return Scaled(Power(base.mantissa, exponent), Sum(*(Product(exponent, each) for each in terms_of(base.exponent))))


def unless_zero(mantissa: Term, instead: Term, exponent: Term) -> Term:
    """An exponent; something else where the mantissa is 0."""
    match mantissa:
        case Indicator() | Delta():
            return Where(mantissa, exponent, instead)
        case Sum() if isinstance(other := one_minus(mantissa), Indicator | Delta):
            return Where(other, instead, exponent)
    return Where(Indicator("==", mantissa, ZERO), instead, exponent)
