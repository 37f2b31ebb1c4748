"""Between which numbers a term lies, for all values of its leaves that the facts allow: interval arithmetic.

What cannot be told is everything. Ends are floats, rounded as they come: only their signs are asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from itertools import product as pairs

from indexcalc.rewrite.facts import ordered
from indexcalc.sheet import Sheet
from indexcalc.terms import (
    Call,
    Contraction,
    Delta,
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
)
from indexcalc.walk import Memo

Interval = tuple[float, float]
EVERYTHING: Interval = (-math.inf, math.inf)
UNIT: Interval = (0.0, 1.0)
HIGHEST = 1000  # power of an interval
RANGES: Mapping[str, Interval] = {
    "abs": (0.0, math.inf),
    "arccos": (0.0, math.pi),
    "arcsin": (-math.pi / 2, math.pi / 2),
    "arctan": (-math.pi / 2, math.pi / 2),
    "cos": (-1.0, 1.0),
    "cosh": (1.0, math.inf),
    "erf": (-1.0, 1.0),
    "exp": (0.0, math.inf),
    "relu": (0.0, math.inf),
    "sigmoid": UNIT,
    "sign": (-1.0, 1.0),
    "sin": (-1.0, 1.0),
    "softplus": (0.0, math.inf),
    "sqrt": (0.0, math.inf),
    "tanh": (-1.0, 1.0),
}
RISING: Mapping[str, Callable[[float], float]] = {
    "arctan": math.atan,
    "erf": math.erf,
    "exp": math.exp,
    "log": lambda x: math.log(x) if x > 0 else -math.inf,
    "relu": lambda x: max(x, 0.0),
    "sinh": math.sinh,
    "sqrt": lambda x: math.sqrt(max(x, 0.0)),
    "tanh": math.tanh,
}
"""Functions that grow with their argument."""


def interval(term: Term, sheet: Sheet, bounds: Mapping[str, Interval]) -> Interval:
    """Between which numbers the elements of a term lie, if those of the leaves lie within their bounds."""

    def rule(term: Term, rec: Memo[Interval]) -> Interval:
        match term:
            case Number(value):
                return _number(value)
            case Size(range):
                return (float(range.size or 1), float(range.size or math.inf))
            case Tensor(name):
                definition = sheet.definitions.get(name) if name not in sheet.recurrences else None
                return rec(definition.body) if definition else bounds.get(name, EVERYTHING)
            case Delta() | Indicator():
                return UNIT
            case Sum(terms):
                found = [rec(each) for each in terms]
                return sum(low for low, _ in found), sum(high for _, high in found)
            case Product(factors):
                return reduce(_times, map(rec, factors))
            case Power(base, Number() as exponent) if -HIGHEST < exponent.value < HIGHEST:
                return _power(rec(base), float(exponent.value))
            case Call("max", (one, other)):
                return max(rec(one)[0], rec(other)[0]), max(rec(one)[1], rec(other)[1])
            case Call("min", (one, other)):
                return min(rec(one)[0], rec(other)[0]), min(rec(one)[1], rec(other)[1])
            case Call(function, (argument,)):
                return _called(function, rec(argument))
            case Contraction(_, body):
                low, high = rec(body)  # of one addend or more
                return (low if low >= 0 else -math.inf), (high if high <= 0 else math.inf)
            case Reduction("max" | "min", _, body):
                return rec(body)
            case Where(_, then, otherwise):
                return min(rec(then)[0], rec(otherwise)[0]), max(rec(then)[1], rec(otherwise)[1])
        return EVERYTHING

    low, high = Memo(rule)(term)
    return (-math.inf if math.isnan(low) else low), (math.inf if math.isnan(high) else high)


def bounds_of(sheet: Sheet) -> dict[str, Interval]:
    """The bounds that the facts set to all elements of leaves; a strict one leaves out its end."""
    found: dict[str, Interval] = {"pi": (math.pi, math.pi)} if sheet.is_pi("pi") else {}
    for fact in ordered(sheet.facts):
        small, large, strict = fact.left, fact.right, fact.relation == "<"
        match small, large:
            case Number(value), Tensor(name, slots) if len(large.free) == len(slots):
                low = math.nextafter(_number(value)[0], math.inf) if strict else _number(value)[0]
                known = found.get(name, EVERYTHING)
                found[name] = (max(known[0], low), known[1])
            case Tensor(name, slots), Number(value) if len(small.free) == len(slots):
                high = math.nextafter(_number(value)[1], -math.inf) if strict else _number(value)[1]
                known = found.get(name, EVERYTHING)
                found[name] = (known[0], min(known[1], high))
    return found


def _number(value: Fraction | float) -> Interval:
    try:
        found = float(value)
    except OverflowError:
        return EVERYTHING
    return found, found


def _times(one: Interval, other: Interval) -> Interval:
    found = [0.0 if not x or not y else x * y for x, y in pairs(one, other)]
    return min(found), max(found)


def _power(base: Interval, exponent: float) -> Interval:
    low, high = base
    if not exponent.is_integer():
        return (0.0, math.inf) if low < 0 or exponent < 0 else (_raised(low, exponent), _raised(high, exponent))
    if exponent < 0:
        if low <= 0 <= high:
            return (0.0, math.inf) if exponent % 2 == 0 or low >= 0 else EVERYTHING
        one, other = _raised(low, exponent), _raised(high, exponent)
        return min(one, other), max(one, other)
    ends = _raised(low, exponent), _raised(high, exponent)
    if exponent % 2:
        return ends
    return (0.0 if low <= 0 <= high else min(ends)), max(ends)


def _raised(base: float, exponent: float) -> float:
    if math.isinf(base):
        return 0.0 if exponent < 0 else (math.inf if base > 0 or exponent % 2 == 0 else -math.inf)
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf if base > 0 or exponent % 2 == 0 else -math.inf


def _called(function: str, argument: Interval) -> Interval:
    if function in RISING and not any(map(math.isnan, argument)):
        return _end(function, argument[0]), _end(function, argument[1])
    if function == "abs" and argument[0] >= 0:
        return argument
    return RANGES.get(function, EVERYTHING)


def _end(function: str, argument: float) -> float:
    low, high = RANGES.get(function, EVERYTHING)
    if math.isinf(argument):
        return high if argument > 0 else low
    try:
        return RISING[function](argument)
    except OverflowError:
        return high if argument > 0 else low
