"""Arithmetic on values: sums, products, quotients and contractions, with scalars kept apart from arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from indexcalc.codegen.programs.program import Axes, Builder, Einsum, Literal, Map, SizeOf, Use
from indexcalc.terms import Index, Range, Term

Coefficient = Fraction | float
ONE, ONE_HALF = Fraction(1), Fraction(1, 2)
MANY = 5  # factors; fewer are easier to read side by side
LARGEST_DECIMAL = 10**12


class Arithmetic:
    """Makes values from values. Axes come in the given order where that is still to choose."""

    def __init__(self) -> None:
        self.build = Builder()

    def literal(self, value: Coefficient) -> Use:
        """A number."""
        return self.build.make(Literal(value), (), ())

    def size(self, range: Range) -> Use:
        """The size of a range."""
        return self.build.make(SizeOf(range), (), ())

    def map(self, function: str, operands: Sequence[Use], order: Axes = (), formula: Term | None = None) -> Use:
        """A function, element by element."""
        if len(operands) == 1 and function in ("add", "mul"):
            return operands[0]
        return self.build.make(Map(function), operands, spread(operands, order), formula)

    def power(self, base: Use, exponent: Use, order: Axes, formula: Term | None) -> Use:
        """A power; a square root where it is one."""
        if exponent.value.op == Literal(ONE_HALF):
            return self.map("sqrt", [base], order, formula)
        return self.map("pow", [base, exponent], order, formula)

    def reciprocal(self, divisor: Use, order: Axes = (), formula: Term | None = None) -> Use:
        """1/x."""
        return self.map("div", [self.literal(ONE), divisor], order, formula)

    def product(
        self,
        number: Coefficient,
        factors: Sequence[Use],
        divisors: Sequence[Use],
        order: Axes,
        formula: Term | None,
    ) -> Use:
        """number * scalars * arrays / (scalars * arrays)."""
        plain = number == 1 and not divisors and all(use.axes for use in factors)
        upper = self._side(_numerator(number), factors, order, formula if plain else None)
        lower = self._side(_denominator(number), divisors, order, None)
        result = self.map("mul", upper, order) if upper else self.literal(ONE)
        if lower:
            result = self.map("div", [result, self.map("mul", lower, order)], order)
        return self.map("neg", [result], order) if number < 0 else result

    def _side(self, number: Coefficient, uses: Sequence[Use], order: Axes, formula: Term | None) -> list[Use]:
        """What is multiplied: a number, scalars, and one array."""
        arrays = self.powers([use for use in uses if use.axes])
        found = [self.literal(number)] if number != 1 else []
        found += [use for use in uses if not use.axes]
        if len(arrays) > 1:
            return [*found, self.build.make(Einsum(), arrays, spread(arrays, order), formula)]
        return found + arrays

    def powers(self, arrays: list[Use]) -> list[Use]:
        """Factors with equal ones made powers, if there are very many."""
        if len(arrays) < MANY:
            return arrays
        counts = Counter(arrays)
        return [
            use if times == 1 else self.map("pow", [use, self.literal(Fraction(times))])
            for use, times in counts.items()
        ]

    def contraction(
        self, bound: Axes, factors: Sequence[Use], divisors: Sequence[Use], order: Axes, formula: Term
    ) -> Use:
        """The sum over indices of a product of arrays; a divisor goes with a factor that has its axes."""
        operands = list(factors)
        for divisor in divisors:
            place = _narrowest_holding(operands, divisor)
            numerator = self.literal(ONE) if place is None else operands.pop(place)
            operands.append(self.map("div", [numerator, divisor]))
        arrays = self.powers([use for use in operands if use.axes])
        found = [use for use in operands if not use.axes]
        found += [self.size(index.range) for index in bound if not any(index in use.axes for use in arrays)]
        if arrays:
            axes = arranged((index for use in arrays for index in use.axes if index not in bound), order)
            found.append(self.build.make(Einsum(), arrays, axes, formula))
        return self.map("mul", found, order)


# ----- Helpers ---------------------------------------------------------------------------------------------------


def arranged(indices: Iterable[Index], order: Axes) -> Axes:
    """The different indices: those of the order first, as there, then the others as they come."""
    found = tuple(dict.fromkeys(indices))
    first = tuple(index for index in dict.fromkeys(order) if index in found)
    return first + tuple(index for index in found if index not in first)


def spread(operands: Sequence[Use], order: Axes) -> Axes:
    """The axes of an elementwise operation: those of all operands, as the widest has them."""
    widest = sorted(operands, key=lambda use: -len(use.axes))
    return arranged((index for use in widest for index in use.axes), order)


def _numerator(number: Coefficient) -> Coefficient:
    """What to multiply by: 3 for 3/7, 1 for 1/7, and 1.5 for 3/2."""
    if isinstance(number, float):
        return abs(number)
    return abs(number) if abs(number.numerator) != 1 and is_decimal(number) else Fraction(abs(number.numerator))


def _denominator(number: Coefficient) -> Fraction:
    """What to divide by: 7 for 3/7 and 1/7, and 1 for 3/2."""
    if not isinstance(number, Fraction) or _numerator(number) == abs(number):
        return ONE
    return Fraction(number.denominator)


def is_decimal(number: Fraction) -> bool:
    """Whether a number ends after a few decimal places."""
    return LARGEST_DECIMAL % number.denominator == 0


def _narrowest_holding(operands: Sequence[Use], divisor: Use) -> int | None:
    """The first operand among those of fewest axes that has all axes of the divisor."""
    wanted = set(divisor.axes)
    holding = [(len(use.axes), place) for place, use in enumerate(operands) if wanted <= set(use.axes)]
    return min(holding)[1] if holding else None
