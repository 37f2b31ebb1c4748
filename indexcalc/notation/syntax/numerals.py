"""Numbers as they are written: exact, and bounded so that no text can fill the memory."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from indexcalc.terms import Number, Term

LONGEST = 400  # characters of a number
LARGEST = 300  # as a power of ten: more would not fit a float
MOST_BITS = 12_000  # of all numbers that one sum or product folds into one


@lru_cache(maxsize=1024)
def read_number(text: str) -> Number | None:
    """The number that a text writes; none if it is too long, too large or too small to compute with."""
    if len(text) > LONGEST:
        return None
    mantissa, _, exponent = text.lower().partition("e")
    if abs(int(exponent or 0)) > 2 * LARGEST:
        return None
    value = Fraction(mantissa.rstrip(".")) * Fraction(10) ** int(exponent or 0)
    fits = value == 0 or Fraction(10) ** -LARGEST <= value <= Fraction(10) ** LARGEST
    return Number(value) if fits else None


def folds(terms: Iterable[Term]) -> bool:
    """Whether the numbers among these terms may be folded into one: whether the result stays of a moderate length."""
    bits = 0
    for term in terms:
        if isinstance(term, Number) and isinstance(term.value, Fraction):
            bits += term.value.numerator.bit_length() + term.value.denominator.bit_length()
    return bits <= MOST_BITS
