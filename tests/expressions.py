"""Random expressions as text, over the whole language.

Every expression carries an interval that holds its values, so that what is built is defined and of moderate size: sums
are scaled back, a logarithm gets positive numbers. The text obeys the summation rule: a letter that is neither free nor
bound by a written sum is fresh, and stands in two factors of one product.

A letter's family is the range that it runs over: `i` and `i'` are of one family.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

Choice = TypeVar("Choice")

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
    """A tensor that may be used: the families of its slots, and an interval that holds its elements."""

    name: str
    slots: tuple[int, ...]
    low: float = 0.5
    high: float = 1.5


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
}
# The others: the largest argument, and an interval that then holds the value.
HUMPED = {
    "sin": (WIDE, -1.0, 1.0),
    "cos": (WIDE, -1.0, 1.0),
    "cosh": (3.0, 1.0, math.cosh(3.0)),
    "abs": (WIDE, 0.0, WIDE),
    "gelu": (WIDE, -0.2, WIDE),
}


@dataclass
class Maker:
    """Makes expressions over tensors; all choices come from one source of random numbers."""

    random: random.Random
    tensors: list[Tensor] = field(default_factory=list)
    sizes: dict[int, str] = field(default_factory=dict)

    # Choices

    def pick(self, options: Sequence[Choice]) -> Choice:
        """One of several; the simplest stands first, so that hypothesis shrinks to it."""
        return options[self.random.randint(0, len(options) - 1)]

    def chance(self, share: float) -> bool:
        """True for about this share of calls."""
        return self.random.random() > 1 - share

    def letter(self, which: int, taken: Iterable[str]) -> str | None:
        """A letter of a family that is not taken."""
        left = [letter for letter in FAMILIES[which] if letter not in set(taken)]
        return self.pick(left[:2]) if left else None

    # Leaves

    def fitting(self, scope: Scope, must: str | None = None) -> list[Tensor]:
        """The tensors whose slots the free letters can fill, with a slot for the letter that must stand in it."""
        families = {family(letter) for letter in scope.free}
        return [
            tensor
            for tensor in self.tensors
            if set(tensor.slots) <= families and (must is None or family(must) in tensor.slots)
        ]

    def access(self, scope: Scope, must: str | None = None) -> Text | None:
        """An element of a tensor at free letters."""
        options = self.fitting(scope, must)
        if not options:
            return None
        tensor = self.pick(options)
        slots = [self.pick(sorted(x for x in scope.free if family(x) == slot)) for slot in tensor.slots]
        if must is not None and must not in slots:
            slots[self.pick_slot(tensor, family(must))] = must
        return element(tensor, slots)

    def pick_slot(self, tensor: Tensor, which: int) -> int:
        """A slot of this family."""
        return self.pick([place for place, slot in enumerate(tensor.slots) if slot == which])

    def leaf(self, scope: Scope, must: str | None = None) -> Text:
        """An element of a tensor, or a number where none fits."""
        found = self.access(scope, must)
        if found is None and scope.depth > -2 and not self.chance(0.2):
            found = self.contraction(replace(scope, depth=-1), None)
        if found is not None and not (must is None and self.chance(0.07)):
            return found
        text = self.pick(["2", "3", "0.5", "1.25"])
        return Text(text, frozenset(), float(text), float(text))

    # Expressions

    def expression(self, scope: Scope, must: str | None = None) -> Text:
        """An expression over the free letters; the letter that must stand in it does, unless no tensor can hold it."""
        if scope.depth <= 0:
            return self.leaf(scope, must)
        forms = (
            *(self.product, self.call, self.sum, self.contraction, self.reduction, self.quotient, self.power),
            *(self.sum, self.product, self.contraction, self.call, self.piecewise, self.extreme, self.masked),
            *(self.humped, self.negative, self.cross),
        )
        return self.moderate(self.pick(forms)(scope, must) or self.leaf(scope, must))

    def moderate(self, text: Text) -> Text:
        """The expression, scaled back if its values may be large."""
        largest = max(abs(text.low), abs(text.high))
        if largest <= WIDE:
            return text
        scale = 10 ** math.ceil(math.log10(largest / WIDE * 3))
        return replace(
            text, text=f"{text.at(1)}/{scale}", low=text.low / scale, high=text.high / scale, level=1
        )

    def within(self, text: Text, low: float, high: float) -> Text:
        """The expression, moved or squeezed into an interval if it may lie outside."""
        if low <= text.low and text.high <= high:
            return text
        squeezed = Text(f"sigmoid({self.moderate(text).text})", text.letters, 0.0, 1.0)
        if low <= 0 and high >= 1:
            return squeezed
        return Text(f"{squeezed.text} + {low:.3g}", text.letters, float(f"{low:.3g}"), low + 1, 0)

    def pair(self, scope: Scope, must: str | None) -> tuple[Text, Text]:
        """Two expressions for one product: their dummies differ."""
        first = self.expression(scope.deeper(), must)
        second = self.expression(scope.deeper(taken=first.letters))
        return (second, first) if self.chance(0.3) else (first, second)

    def sum(self, scope: Scope, must: str | None) -> Text:
        """x + y or x - y."""
        first, second = self.expression(scope.deeper(), must), self.expression(scope.deeper())
        sign = self.pick("+-")
        low, high = corners(first, second, lambda x, y: x + y if sign == "+" else x - y)
        text = f"{first.text} {sign} {second.at(1 if sign == '-' else 0)}"
        return Text(text, first.letters | second.letters, low, high, 0)

    def negative(self, scope: Scope, must: str | None) -> Text:
        """-x."""
        inner = self.expression(scope.deeper(), must)
        return Text(f"-{inner.at(1)}", inner.letters, -inner.high, -inner.low, 0)

    def product(self, scope: Scope, must: str | None) -> Text:
        """x*y, or the same written side by side."""
        first, second = self.pair(scope, must)
        return times(first, second, juxtaposed=self.chance(0.15))

    def quotient(self, scope: Scope, must: str | None) -> Text:
        """x/y with y away from 0."""
        first, second = self.pair(scope, must)
        second = self.within(second, 0.3, WIDE)
        low, high = corners(first, second, lambda x, y: x / y)
        return Text(f"{first.at(1)}/{second.at(2)}", first.letters | second.letters, low, high, 1)

    def power(self, scope: Scope, must: str | None) -> Text:
        """x^2, x^(-1), 2^x, x^y."""
        base = self.within(self.expression(scope.deeper(), must), 0.2, 6.0)
        if self.chance(0.4):
            exponent = self.within(self.expression(scope.deeper(taken=base.letters)), -2.0, 2.0)
        else:
            number = self.pick(["2", "3", "0.5", "-1", "-2", "1.5"])
            exponent = Text(number, frozenset(), float(number), float(number), 1 if number[0] == "-" else 3)
        low, high = corners(base, exponent, lambda x, y: float(x**y))
        return Text(f"{base.at(3)}^{exponent.at(3)}", base.letters | exponent.letters, low, high, 2)

    def contraction(self, scope: Scope, must: str | None) -> Text | None:
        """A product whose factors share a fresh letter: an implied sum."""
        dummy = self.dummy(scope)
        if dummy is None:
            return None
        inner = scope.deeper([dummy])
        first = self.holding(inner, dummy)
        second = self.holding(replace(inner, taken=inner.taken | first.letters), dummy) if first else None
        if first is None or second is None:
            return None
        whole = times(first, second)
        if must is not None and must not in whole.letters:
            whole = times(whole, self.leaf(scope, must))
        low, high = widened(whole, 1)
        return replace(whole, letters=whole.letters - {dummy}, low=low, high=high)

    def cross(self, scope: Scope, must: str | None) -> Text | None:
        """A cross product by the permutation symbol, over a range of size 3."""
        triples = [place for place, size in self.sizes.items() if size == "3"]
        if not triples:
            return None
        letters = FAMILIES[triples[0]]
        free = sorted(set(letters) & scope.free)
        left = [letter for letter in letters if letter not in scope.taken][:2]
        if not free or len(left) < 2:
            return None
        inner = scope.deeper(left)
        parts = [self.access(inner, letter) for letter in left]
        if parts[0] is None or parts[1] is None:
            return None
        whole = times(times(Text(f"eps[{free[0]},{','.join(left)}]", frozenset(free[:1]), -1, 1), parts[0]), parts[1])
        high = 6 * max(abs(whole.low), abs(whole.high))
        return replace(whole, letters=whole.letters - set(left), low=-high, high=high)

    def dummy(self, scope: Scope) -> str | None:
        """A fresh letter of a family that some tensor has."""
        families = sorted({slot for tensor in self.tensors for slot in tensor.slots})
        return self.letter(self.pick(families), scope.taken) if families else None

    def holding(self, scope: Scope, letter: str) -> Text | None:
        """An expression in which the letter surely stands."""
        found = self.expression(scope, letter) if self.chance(0.4) else self.access(scope, letter)
        return found if found is not None and letter in found.letters else self.access(scope, letter)

    def reduction(self, scope: Scope, must: str | None) -> Text | None:
        """sum[k](...), prod, mean, max, min, logsumexp."""
        dummy = self.dummy(scope)
        inner = self.holding(scope.deeper([dummy]), dummy) if dummy else None
        if dummy is None or inner is None:
            return None
        kind = self.pick(["sum", "mean", "logsumexp", "prod", "max", "min"][: 4 if self.has_ties(inner) else 6])
        if kind == "prod":
            inner = self.within(inner, 0.4, 1.6)
        if kind == "logsumexp":
            inner = self.within(inner, -3.0, 3.0)
        low, high = REDUCED[kind](inner)
        return Text(f"{kind}[{dummy}]({inner.text})", inner.letters - {dummy}, low, high)

    def has_ties(self, text: Text) -> bool:
        """Whether an antisymmetric matrix is in an expression: the zeros of its diagonal are equal."""
        return any(f"{tensor.name}[" in text.text for tensor in self.tensors if tensor.low == -tensor.high)

    def call(self, scope: Scope, must: str | None) -> Text:
        """A function of one argument."""
        inner = self.expression(scope.deeper(), must)
        name = self.pick(tuple(FUNCTIONS))
        least, most, function = FUNCTIONS[name]
        inner = self.within(inner, least, most)
        return Text(f"{name}({inner.text})", inner.letters, function(inner.low), function(inner.high))

    def humped(self, scope: Scope, must: str | None) -> Text:
        """A function that is not monotone."""
        name = self.pick(tuple(HUMPED))
        limit, low, high = HUMPED[name]
        inner = self.within(self.expression(scope.deeper(), must), -limit, limit)
        return Text(f"{name}({inner.text})", inner.letters, low, high)

    def extreme(self, scope: Scope, must: str | None) -> Text:
        """max(x, y) or min(x, y)."""
        first, second = self.pair(scope, must)
        name, choose = ("max", max) if self.chance(0.5) else ("min", min)
        low, high = corners(first, second, choose)
        return Text(f"{name}({first.text}, {second.text})", first.letters | second.letters, low, high)

    def condition(self, scope: Scope) -> Text:
        """i == j between letters of one family, or a comparison of numbers."""
        pairs = sorted((x, y) for x in scope.free for y in scope.free if x < y and family(x) == family(y))
        if pairs and self.chance(0.6):
            first, second = self.pick(pairs)
            return Text(f"{first} {self.pick(['==', '!='])} {second}", frozenset((first, second)), 0, 1)
        left = self.leaf(scope)
        bound = f"{left.low + 0.45 * (left.high - left.low):.2f}"
        return Text(f"{left.text} {self.pick('><')} {bound}", left.letters, 0, 1)

    def piecewise(self, scope: Scope, must: str | None) -> Text:
        """where(condition, x, y)."""
        condition = self.condition(scope)
        first, second = self.pair(scope, must)
        low, high = min(first.low, second.low), max(first.high, second.high)
        letters = condition.letters | first.letters | second.letters
        return Text(f"where({condition.text}, {first.text}, {second.text})", letters, low, high)

    def masked(self, scope: Scope, must: str | None) -> Text:
        """delta[i,j]*x or 1[condition]*x."""
        inner, condition = self.expression(scope.deeper(), must), self.condition(scope)
        if " == " in condition.text:
            mask = f"delta[{condition.text.replace(' == ', ',')}]"
        else:
            mask = f"1[{condition.text}]"
        return times(replace(condition, text=mask), inner)


def element(tensor: Tensor, slots: list[str]) -> Text:
    """A tensor at letters."""
    text = f"{tensor.name}[{','.join(slots)}]" if slots else tensor.name
    return Text(text, frozenset(slots), tensor.low, tensor.high)


def times(first: Text, second: Text, juxtaposed: bool = False) -> Text:
    """The product."""
    low, high = corners(first, second, lambda x, y: x * y)
    plain = all(each.level == 3 and each.text[-1] == "]" and each.text[0].isalpha() for each in (first, second))
    sign = " " if juxtaposed and plain and "/" not in first.text else "*"
    return Text(f"{first.at(1)}{sign}{second.at(2)}", first.letters | second.letters, low, high, 1)


def widened(text: Text, least: int) -> tuple[float, float]:
    """The interval of a sum over a range of `least` to LARGEST elements."""
    return min(text.low * least, text.low * LARGEST), max(text.high * least, text.high * LARGEST)


REDUCED: dict[str, Callable[[Text], tuple[float, float]]] = {
    "sum": lambda text: widened(text, 1),
    "mean": lambda text: (text.low, text.high),
    "logsumexp": lambda text: (text.low, text.high + math.log(LARGEST)),
    "prod": lambda text: (min(1.0, text.low) ** LARGEST, max(1.0, text.high) ** LARGEST),
    "max": lambda text: (text.low, text.high),
    "min": lambda text: (text.low, text.high),
}
