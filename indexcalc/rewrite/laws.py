"""The laws of functions and numbers that the normal form applies: what the table of functions says, and no more.

    sigmoid(x) = 1/(1 + exp(-x))        sin(-x) = -sin(x), cos(-x) = cos(x)        12 = 2^2*3
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.calculus.rows import Laws
from indexcalc.terms import (
    ONE,
    ZERO,
    Call,
    Contraction,
    Indicator,
    Number,
    Power,
    Product,
    Reduction,
    Size,
    Sum,
    Tensor,
    Term,
)

REWRITTEN = {name: each.laws.formula for name, each in FUNCTIONS.items() if each.laws.formula is not None}
"""Functions as terms of others."""

PARITY = {name: each.laws.parity for name, each in FUNCTIONS.items() if each.laws.parity}
"""f(-x) = parity*f(x); at 0 the odd ones are 0 and the even one is 1."""

INVERSES = {name: each.laws.inverse for name, each in FUNCTIONS.items() if each.laws.inverse}
"""f(g(x)) = x, wherever g(x) is defined."""


# ----- Values ----------------------------------------------------------------------------------------------------

HOLDS: dict[str, Callable[[Fraction | float, Fraction | float], bool]] = {
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    "==": lambda x, y: x == y,
}


def folded(term: Term) -> Term:
    """A function of numbers that has an exact value, and a choice between equals: exp(0) = 1, max(x, x) = x."""
    match term:
        case Call(function, (Number(value),)) if function in FUNCTIONS:
            return _of_number(term, FUNCTIONS[function].laws, value)
        case Call("max" | "min", (first, second)) if first is second:
            return first
        case Call("max" | "min" as function, (Number(first), Number(second))):
            return Number(max(first, second) if function == "max" else min(first, second))
        case Indicator(relation, left, right) if left is right:
            return ZERO if relation == "<" else ONE
        case Indicator(relation, Number(left), Number(right)):
            return ONE if HOLDS[relation](left, right) else ZERO
    return term


def _of_number(term: Term, laws: Laws, value: Fraction | float) -> Term:
    """The value of a function at a number, if it is exact; else the term as it is."""
    if isinstance(value, Fraction) and value.denominator == 1 and value.numerator in laws.at:
        return laws.at[value.numerator]
    return Number(laws.of_number(value)) if laws.of_number is not None else term


# ----- Signs -----------------------------------------------------------------------------------------------------


def sign_of(term: Term, known: Mapping[str, int]) -> int:
    """1 if a term is positive wherever it is defined, -1 if it is negative, 0 if that is not seen.

    `known` are the signs of the elements of tensors.
    """
    match term:
        case Size() | Tensor("pi", ()):
            return 1
        case Call(function) if function in FUNCTIONS:
            return int(FUNCTIONS[function].laws.positive)
        case Tensor(name):
            return known.get(name, 0)
        case Number(value):
            return (value > 0) - (value < 0)
        case Sum(terms):
            signs = {sign_of(each, known) for each in terms}
            return signs.pop() if len(signs) == 1 else 0
        case Product(factors):
            sign = 1
            for factor in factors:
                sign *= sign_of(factor, known)
            return sign
        case Contraction(_, body) | Reduction("max" | "min", _, body):
            return sign_of(body, known)
        case Power(base, exponent):
            return _sign_of_power(sign_of(base, known), exponent)
    return 0


def _sign_of_power(sign: int, exponent: Term) -> int:
    if sign > 0:
        return 1
    whole = isinstance(exponent, Number) and exponent.value == int(exponent.value)
    return sign ** int(exponent.value) if whole and isinstance(exponent, Number) and sign else 0


# ----- Numbers ---------------------------------------------------------------------------------------------------

LARGEST_PRIME = 1000  # what has only larger ones stays whole


def primes(number: int) -> dict[int, int]:
    """The prime factors of a positive number, with their powers; what is left after the small ones counts as one."""
    found: dict[int, int] = {}
    divisor = 2
    while divisor <= LARGEST_PRIME and divisor * divisor <= number:
        while number % divisor == 0:
            found[divisor] = found.get(divisor, 0) + 1
            number //= divisor
        divisor += 1
    if number > 1:
        found[number] = found.get(number, 0) + 1
    return found


def prime_powers(number: Fraction) -> dict[int, int]:
    """The prime factors of a positive fraction; those of the denominator have negative powers."""
    found = primes(number.numerator)
    found.update((prime, -power) for prime, power in primes(number.denominator).items())
    return found
