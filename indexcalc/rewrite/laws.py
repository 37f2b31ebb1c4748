"""The laws of functions and numbers that the normal form applies: tables, and no more.

    sigmoid(x) = 1/(1 + exp(-x))        sin(-x) = -sin(x), cos(-x) = cos(x)        12 = 2^2*3
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from indexcalc.terms import (
    MINUS_ONE,
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
    Where,
    indicator,
    negative,
    quotient,
)

TWO, HALF = Number(2), Number(Fraction(1, 2))


def _exp(x: Term) -> Term:
    return Call("exp", x)


def _positive_part(x: Term) -> Term:
    return Product(x, indicator(">", x, ZERO))


def _chosen(relation: str) -> Callable[[Term, Term], Term]:
    return lambda x, y: Where(indicator(relation, x, y), x, y)


REWRITTEN: dict[str, Callable[..., Term]] = {
    "abs": lambda x: Sum(_positive_part(x), _positive_part(negative(x))),
    "cosh": lambda x: Product(HALF, Sum(_exp(x), _exp(negative(x)))),
    "gelu": lambda x: Product(HALF, x, Sum(ONE, Call("erf", Product(x, Power(TWO, negative(HALF)))))),
    "max": _chosen(">"),
    "min": _chosen("<"),
    "relu": _positive_part,
    "sigmoid": lambda x: quotient(ONE, Sum(ONE, _exp(negative(x)))),
    "sign": lambda x: Sum(indicator(">", x, ZERO), negative(indicator("<", x, ZERO))),
    "sinh": lambda x: Product(HALF, Sum(_exp(x), negative(_exp(negative(x))))),
    "softplus": lambda x: Call("log", Sum(ONE, _exp(x))),
    "sqrt": lambda x: Power(x, HALF),
    "tan": lambda x: quotient(Call("sin", x), Call("cos", x)),
    "tanh": lambda x: quotient(Sum(_exp(Product(TWO, x)), MINUS_ONE), Sum(_exp(Product(TWO, x)), ONE)),
}
"""Functions as terms of others."""

PARITY = {"arcsin": -1, "arctan": -1, "cos": 1, "erf": -1, "sin": -1}
"""f(-x) = parity*f(x); at 0 the odd ones are 0 and the even one is 1."""

INVERSES = {"cos": "arccos", "sin": "arcsin", "tan": "arctan"}
"""f(g(x)) = x, wherever g(x) is defined."""


# ----- Values ----------------------------------------------------------------------------------------------------

AT_ZERO = {
    **dict.fromkeys(("arcsin", "arctan", "erf", "gelu", "sin", "sinh", "tan", "tanh"), ZERO),
    **dict.fromkeys(("cos", "cosh", "exp"), ONE),
    "sigmoid": HALF,
}
OF_NUMBERS: dict[str, Callable[[Fraction | float], Fraction | float]] = {
    "abs": lambda x: x if x > 0 else -x,
    "relu": lambda x: x if x > 0 else Fraction(0),
    "sign": lambda x: Fraction((x > 0) - (x < 0)),
}
HOLDS: dict[str, Callable[[Fraction | float, Fraction | float], bool]] = {
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    "==": lambda x, y: x == y,
}


def folded(term: Term) -> Term:
    """A function of numbers that has an exact value, and a choice between equals: exp(0) = 1, max(x, x) = x."""
    match term:
        case Call(function, (argument,)) if argument is ZERO and function in AT_ZERO:
            return AT_ZERO[function]
        case Call("log", (argument,)) if argument is ONE:
            return ZERO
        case Call(function, (Number(value),)) if function in OF_NUMBERS:
            return Number(OF_NUMBERS[function](value))
        case Call("max" | "min", (first, second)) if first is second:
            return first
        case Call("max" | "min" as function, (Number(first), Number(second))):
            return Number(max(first, second) if function == "max" else min(first, second))
        case Indicator(relation, left, right) if left is right:
            return ZERO if relation == "<" else ONE
        case Indicator(relation, Number(left), Number(right)):
            return ONE if HOLDS[relation](left, right) else ZERO
    return term


# ----- Signs -----------------------------------------------------------------------------------------------------


def sign_of(term: Term, known: Mapping[str, int]) -> int:
    """1 if a term is positive wherever it is defined, -1 if it is negative, 0 if that is not seen.

    `known` are the signs of the elements of tensors.
    """
    match term:
        case Call("exp") | Size() | Tensor("pi"):
            return 1
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
