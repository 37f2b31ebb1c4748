"""Stand-ins for unknown functions: smooth ones, whose derivatives belong to them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.terms import Call, Term
from indexcalc.verify.evaluator import Function
from indexcalc.walk import subterms


@dataclass(frozen=True)
class StandIn:
    """A smooth positive function in place of an unknown one: a sum of weights times exponentials of the arguments.

    `order` is how often it was differentiated: f' is truly the derivative of f.
    """

    weights: tuple[float, ...]
    rates: tuple[tuple[float, ...], ...]
    order: int = 0

    def value(self, exp: Callable[[Any], Any], *arguments: Any) -> Any:
        """The value at arrays of a library whose exponential function is given."""
        found: Any = 0.0
        for weight, rates in zip(self.weights, self.rates, strict=True):
            exponent: Any = 0.0
            for rate, argument in zip(rates, arguments, strict=True):
                exponent = exponent + rate * argument
            value = exp(exponent)
            for _ in range(self.order):  # one by one: the numbers of the library may have more digits than a float
                value = value * rates[0]
            found = found + value * weight
        return found

    def __call__(self, *arguments: Any) -> Any:
        """The value at numpy arrays, as generated code calls it."""
        return self.value(np.exp, *arguments)


def stand_in(name: str, arity: int, seed: int) -> StandIn:
    """The stand-in for a function; f, f' and f'' belong together."""
    base = name.rstrip("'")
    random = np.random.default_rng([seed, zlib.crc32(base.encode())])
    weights, rates = random.uniform(0.3, 0.8, 3), random.uniform(-0.9, 0.9, (3, arity))
    return StandIn(tuple(weights.tolist()), tuple(map(tuple, rates.tolist())), len(name) - len(base))


DERIVATIVES = 4  # the highest derivative of an unknown function that a result may hold


def stand_ins(bodies: Iterable[Term], seed: int) -> dict[str, Function]:
    """Stand-ins for the unknown functions in some terms, and for their derivatives."""
    found: dict[str, Function] = {}
    for each in (each for body in bodies for each in subterms(body)):
        if isinstance(each, Call) and each.function not in FUNCTIONS:
            base = each.function.rstrip("'")
            for order in range(DERIVATIVES + 1 if len(each.arguments) == 1 else 1):
                name = base + "'" * order
                found[name] = stand_in(name, len(each.arguments), seed)
    return found
