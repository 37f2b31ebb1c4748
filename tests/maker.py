"""Random expressions as text, over the whole language.

Every expression carries an interval that holds its values, so that what is built is defined and of moderate size: sums
are scaled back, a logarithm gets positive numbers. The text obeys the summation rule: a letter that is neither free nor
bound by a written sum is fresh, and stands in two factors of one product.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tests.expressions import (
    FAMILIES,
    FUNCTIONS,
    HUMPED,
    REDUCED,
    WIDE,
    Scope,
    Tensor,
    Text,
    corners,
    element,
    family,
    times,
    widened,
)

Choice = TypeVar("Choice")


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
        if slots and self.chance(0.05):
            slots[self.pick(range(len(slots)))] = self.pick("12")
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
            *(self.humped, self.negative, self.cross, self.normalised),
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
        low, high = widened(whole)
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
        """sum[k](...), prod, mean, max, min, logsumexp; now and then over two letters."""
        dummies = [letter for letter in (self.dummy(scope),) if letter]
        inner = self.holding(scope.deeper(dummies), dummies[0]) if dummies else None
        if inner is None:
            return None
        if self.chance(0.15) and (second := self.letter(family(dummies[0]), {*scope.taken, *inner.letters})):
            more = self.access(scope.deeper([*dummies, second], inner.letters), second)
            inner, dummies = (times(inner, more), [*dummies, second]) if more else (inner, dummies)
        kind = self.pick(["sum", "mean", "logsumexp", "prod", "max", "min"][: 4 if self.has_ties(inner) else 6])
        if kind == "prod":
            inner = self.within(inner, 0.4, 1.6)
        if kind == "logsumexp":
            inner = self.within(inner, -3.0, 3.0)
        low, high = REDUCED[kind](inner, len(dummies))
        return Text(f"{kind}[{','.join(dummies)}]({inner.text})", inner.letters - set(dummies), low, high)

    def normalised(self, scope: Scope, must: str | None) -> Text | None:
        """exp(x[i])/sum[k](exp(x[k])): the softmax of an element."""
        dummy = self.dummy(scope)
        free = sorted(letter for letter in scope.free if dummy and family(letter) == family(dummy))
        if not dummy or not free:
            return None
        letter = must if must in free else self.pick(free)
        inner = self.access(scope, letter)
        if inner is None:
            return None
        inner = self.within(inner, -3.0, 3.0)
        other = re.sub(rf"\b{letter}(?!['\w])", dummy, inner.text)
        return Text(f"exp({inner.text})/sum[{dummy}](exp({other}))", inner.letters, 0.0, 1.0, 1)

    def has_ties(self, text: Text) -> bool:
        """Whether a tensor with elements that are equal for sure is in an expression."""
        return any(f"{tensor.name}[" in text.text for tensor in self.tensors if tensor.tied)

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
        """i == j or i < j between letters of one family, or a comparison of numbers."""
        pairs = sorted((x, y) for x in scope.free for y in scope.free if x < y and family(x) == family(y))
        if pairs and self.chance(0.6):
            first, second = self.pick(pairs)
            relation = self.pick(["==", "!=", "==", "!=", "<", "<=", ">", ">="])
            return Text(f"{first} {relation} {second}", frozenset((first, second)), 0, 1)
        left = self.leaf(scope)
        if self.chance(0.2) and (right := self.access(scope)) and right.letters and right.text != left.text:
            return Text(f"{left.text} {self.pick(['>', '<'])} {right.text}", left.letters | right.letters, 0, 1)
        bound = f"{left.low + 0.45 * (left.high - left.low):.2f}"
        return Text(f"{left.text} {self.pick(['>', '<', '>=', '<='])} {bound}", left.letters, 0, 1)

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
