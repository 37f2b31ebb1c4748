"""What random expressions are made of: texts with their letters and intervals, and what functions do to intervals.

Every expression carries an interval that holds its values, so that what is built is defined and of moderate size: sums
are scaled back, a logarithm gets positive numbers. The text obeys the summation rule: a letter that is neither free nor
bound by a written sum is fresh, and stands in two factors of one product.

A letter's family is the range that it runs over: `i` and `i'` are of one family.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

LARGEST = 7  # the largest size that a sample draws for these sheets, about
WIDE = 30.0  # values beyond it are scaled back
FAMILIES = (("i", "j", "k", "l", "i'", "j'", "k'"), ("p", "q", "r", "s", "p'", "q'", "r'"), ("a", "b", "c", "d", "a'"))


@dataclass(frozen=True)
class Text:
    """An expression: its text, the letters in it that no written sum binds, an interval that holds its values.

    level: 0 a sum, 1 a product, 2 a power, 3 an atom; one below what its place needs is put in brackets.
    """

    text: str
    letters: frozenset[str]
    low: float
    high: float
    level: int = 3

    def at(self, level: int) -> str:
        """The text where a level is needed."""
        return self.text if self.level >= level else f"({self.text})"


@dataclass(frozen=True)
class Tensor:
    """A tensor that may be used: the families of its slots, and an interval that holds its elements.

    tied: whether some elements are equal for sure, such as the zeros of an antisymmetric matrix.
    """

    name: str
    slots: tuple[int, ...]
    low: float = 0.5
    high: float = 1.5
    tied: bool = False


@dataclass(frozen=True)
class Scope:
    """Where an expression stands: the letters free there, those that no dummy may take, the depth that is left."""

    free: frozenset[str]
    taken: frozenset[str]
    depth: int

    def deeper(self, letters: Iterable[str] = (), taken: Iterable[str] = ()) -> Scope:
        """One level down, with more free letters and more that are taken."""
        letters = frozenset(letters)
        return Scope(self.free | letters, self.taken | letters | frozenset(taken), self.depth - 1)


def family(letter: str) -> int:
    """The family of a letter."""
    return next(place for place, letters in enumerate(FAMILIES) if letter in letters)


def corners(first: Text, second: Text, operation: Callable[[float, float], float]) -> tuple[float, float]:
    """The interval of an operation that is monotone in each argument."""
    values = [operation(x, y) for x in (first.low, first.high) for y in (second.low, second.high)]
    return min(values), max(values)


# What a function needs of its argument, and a monotone form of it for the interval.
FUNCTIONS: dict[str, tuple[float, float, Callable[[float], float]]] = {
    "exp": (-3.0, 3.0, math.exp),
    "log": (0.2, WIDE, math.log),
    "sqrt": (0.1, WIDE, math.sqrt),
    "tanh": (-3.0, 3.0, math.tanh),
    "sigmoid": (-6.0, 6.0, lambda x: 1 / (1 + math.exp(-x))),
    "sinh": (-3.0, 3.0, math.sinh),
    "arctan": (-WIDE, WIDE, math.atan),
    "softplus": (-6.0, WIDE, lambda x: math.log(1 + math.exp(x))),
    "erf": (-2.0, 2.0, math.erf),
    "relu": (-WIDE, WIDE, lambda x: max(x, 0.0)),
    "tan": (-1.2, 1.2, math.tan),
    "arcsin": (-0.9, 0.9, math.asin),
    "sign": (-WIDE, WIDE, lambda x: math.copysign(1.0, x)),
}
# The others, unknown ones too: the largest argument, and an interval that then holds the value.
HUMPED = {
    "sin": (WIDE, -1.0, 1.0),
    "cos": (WIDE, -1.0, 1.0),
    "cosh": (3.0, 1.0, math.cosh(3.0)),
    "abs": (WIDE, 0.0, WIDE),
    "gelu": (WIDE, -0.2, WIDE),
    "f": (2.0, 0.1, 15.0),
    "Psi": (1.0, 0.3, 6.0),
}


def element(tensor: Tensor, slots: list[str]) -> Text:
    """A tensor at letters."""
    text = f"{tensor.name}[{','.join(slots)}]" if slots else tensor.name
    return Text(text, frozenset(slot for slot in slots if not slot.isdigit()), tensor.low, tensor.high)


def times(first: Text, second: Text, juxtaposed: bool = False) -> Text:
    """The product."""
    low, high = corners(first, second, lambda x, y: x * y)
    plain = all(each.level == 3 and each.text[-1] == "]" and each.text[0].isalpha() for each in (first, second))
    sign = " " if juxtaposed and plain and "/" not in first.text else "*"
    return Text(f"{first.at(1)}{sign}{second.at(2)}", first.letters | second.letters, low, high, 1)


def widened(text: Text, count: int = 1) -> tuple[float, float]:
    """The interval of a sum over so many ranges of 1 to LARGEST elements."""
    most = LARGEST**count
    return min(text.low, text.low * most), max(text.high, text.high * most)


REDUCED: dict[str, Callable[[Text, int], tuple[float, float]]] = {
    "sum": widened,
    "mean": lambda text, _: (text.low, text.high),
    "logsumexp": lambda text, count: (text.low, text.high + count * math.log(LARGEST)),
    "prod": lambda text, count: (min(1.0, text.low) ** LARGEST**count, max(1.0, text.high) ** LARGEST**count),
    "max": lambda text, _: (text.low, text.high),
    "min": lambda text, _: (text.low, text.high),
}
"""The interval of a reduction over so many letters."""
