r"""Places below names as the text writes them: affine forms of letters and sizes, x_{i+k-1}, x_{(i+1) \bmod n}."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexcalc.context.names import letter_of
from indexcalc.notation.formula import Bracket, Formula, Name, Numeral, Product, Scripted, Signed, Sum
from indexcalc.notation.formula import Sequence as Listed

MODULO = ("bmod", "mod")
Span = tuple[int, int]  # the lowest and the highest place


@dataclass(frozen=True, slots=True)
class Place:
    """Letters, each times a whole number, and a constant; with a period it counts modulo that."""

    letters: tuple[tuple[str, int], ...] = ()
    constant: int = 0
    period: Place | None = None

    def plus(self, other: Place, times: int = 1) -> Place:
        """The sum with a multiple of another one."""
        counts = dict(self.letters)
        for letter, number in other.letters:
            counts[letter] = counts.get(letter, 0) + times * number
        found = tuple((letter, number) for letter, number in sorted(counts.items()) if number)
        return Place(found, self.constant + times * other.constant)

    @property
    def alone(self) -> str:
        """The letter that it is; empty for anything else."""
        is_letter = len(self.letters) == 1 and self.letters[0][1] == 1 and not self.constant and self.period is None
        return self.letters[0][0] if is_letter else ""

    def names(self) -> frozenset[str]:
        """The letters in it, those of the period too."""
        own = frozenset(letter for letter, _ in self.letters)
        return own if self.period is None else own | self.period.names()

    def value(self, values: Mapping[str, int], first: int = 1) -> int | None:
        """The place for values of the letters, periods counted from `first`; none if a letter has no value."""
        total = self.constant
        for letter, number in self.letters:
            if letter not in values:
                return None
            total += number * values[letter]
        if self.period is None:
            return total
        period = self.period.value(values)
        return None if period is None or period < 1 else (total - first) % period + first

    def span(self, spans: Mapping[str, Span], first: int = 1) -> Span | None:
        """From where to where it reaches; none if that is not known of a letter."""
        if self.period is not None:
            found = self.period.span(spans)
            return None if found is None else (first, first + found[1] - 1)
        low = high = self.constant
        for letter, number in self.letters:
            if letter not in spans:
                return None
            ends = sorted(number * end for end in spans[letter])
            low, high = low + ends[0], high + ends[1]
        return low, high


def place_of(formula: Formula | None) -> Place | None:
    """A formula as a place; none if it is no affine form with whole numbers."""
    modulo = _modulo(formula)
    if modulo is not None:
        inner, period = place_of(modulo[0]), place_of(modulo[1])
        return None if inner is None or period is None else Place(inner.letters, inner.constant, period)
    match formula:
        case Bracket("(", body):
            return place_of(body)
        case Numeral(exact=exact) if exact.denominator == 1:
            return Place((), int(exact))
        case Name(letter, font) if len(letter) == 1 or font != "upright":
            return Place(((letter_of(formula), 1),))
        case Scripted(Name(letter) as base, None, None, primes) if primes:
            return Place(((letter_of(base) + "'" * primes, 1),))
        case Scripted(Name() as base, Name() as below, None, 0):  # a size, n_o
            return Place(((f"{letter_of(base)}_{letter_of(below)}", 1),))
        case Signed(sign, body) if sign in "+-":
            inner = place_of(body)
            return None if inner is None else Place().plus(inner, -1 if sign == "-" else 1)
        case Product(factors):
            return _multiple(tuple(each for _, each in factors), [operator for operator, _ in factors])
        case Sum(terms):
            return _sum(terms)
    return None


def _sum(terms: Sequence[tuple[str, Formula]]) -> Place | None:
    total = Place()
    for sign, term in terms:
        inner = place_of(term)
        if inner is None or inner.period is not None or sign not in "+-":
            return None
        total = total.plus(inner, -1 if sign == "-" else 1)
    return total


def _multiple(factors: tuple[Formula, ...], operators: list[str]) -> Place | None:
    """A number times a place."""
    found = [place_of(each) for each in factors]
    if len(found) != 2 or any(each not in ("", "juxtaposed", "times") for each in operators):
        return None
    for number, other in (found, found[::-1]):
        if number is not None and other is not None and not number.letters and number.period is None:
            return None if other.period is not None else Place().plus(other, number.constant)
    return None


def _modulo(formula: Formula | None) -> tuple[Formula, Formula] | None:
    """What counts modulo what, if a formula says so."""
    if isinstance(formula, Sum):
        sign, last = formula.terms[-1]
        inner = _modulo(last)
        return None if inner is None else (Sum((*formula.terms[:-1], (sign, inner[0]))), inner[1])
    if not isinstance(formula, Product):
        return None
    for place, (_, each) in enumerate(formula.factors):
        if isinstance(each, Name) and each.letter in MODULO and 0 < place < len(formula.factors) - 1:
            return _factors(formula.factors[:place]), _factors(formula.factors[place + 1 :])
    return None


def _factors(factors: tuple[tuple[str, Formula], ...]) -> Formula:
    return factors[0][1] if len(factors) == 1 else Product((("", factors[0][1]), *factors[1:]))


def items_of(script: Formula | None) -> list[Formula]:
    """The places that a script writes, one after the other: i,j and ij are two, 2i is one."""
    match script:
        case None:
            return []
        case Listed(items):
            return [each for item in items for each in items_of(item)]
        case Product(factors):
            if _modulo(script) is not None or any(isinstance(each, Numeral) for _, each in factors):
                return [script]
            if all(operator in ("", "juxtaposed") for operator, _ in factors):
                return [each for _, factor in factors for each in items_of(factor)]
    return [script]
