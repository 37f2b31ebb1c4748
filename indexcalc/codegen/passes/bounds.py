"""Bounds on the elements of values: what can be said whatever the arguments are, such as that a softmax is in [0, 1].

Rounding is monotone, so a bound that is a float itself holds for what is computed too: sigmoid(x) is at most 1, and
1 - sigmoid(x) at least 0. Of an argument, and of what there is no rule for, nothing is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import inf

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.codegen.programs.program import (
    RELATIONS,
    Assemble,
    Chosen,
    Compare,
    Einsum,
    Fits,
    Gather,
    Literal,
    Map,
    Normal,
    Places,
    Program,
    Reduce,
    SizeOf,
    Value,
)

Interval = tuple[float, float]
ANYTHING: Interval = (-inf, inf)
UNIT: Interval = (0.0, 1.0)
NONNEGATIVE: Interval = (0.0, inf)
LARGEST = 10**300  # of a literal; a larger one may be no float


def bounds(program: Program) -> Mapping[Value, Interval]:
    """The least and the greatest number that an element of each value may be."""
    found: dict[Value, Interval] = {}
    for value in program.values:
        found[value] = _bounds(value, [found[use.value] for use in value.operands])
    return found


def _bounds(value: Value, inside: Sequence[Interval]) -> Interval:
    match value.op:
        case Literal():
            return _literal(value.op)
        case SizeOf() | Places():
            return NONNEGATIVE
        case Chosen() | Compare() | Fits():
            return UNIT
        case Map(function):
            if function in FUNCTION:
                return FUNCTION[function](inside)
            return FUNCTIONS[function].laws.between if function in FUNCTIONS else ANYTHING
        case Einsum():
            factor = _product(_squared(value, inside))
            return factor if set(value.letters) == set(value.axes) else _sum(factor)
        case Reduce(kind):
            return inside[0] if kind != "prod" else UNIT if _within(inside[0], UNIT) else _sign(inside)
        case Normal(kind, _):
            return {"softmax": UNIT, "log_softmax": (-inf, 0.0)}.get(kind, ANYTHING)
        case Gather():
            return inside[0]
        case Assemble():
            return NONNEGATIVE if all(low >= 0 for low, _ in inside) else ANYTHING
    return ANYTHING


def _literal(literal: Literal) -> Interval:
    number = literal.value
    return (float(number), float(number)) if -LARGEST < number < LARGEST else ANYTHING


def _squared(value: Value, inside: Sequence[Interval]) -> list[Interval]:
    """The bounds of the factors of a product, equal ones taken together: x*x is not negative."""
    known = dict(zip(value.operands, inside, strict=True))
    return [_power(known[use], times) for use, times in Counter(value.operands).items()]


def _within(inner: Interval, outer: Interval) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _sign(inside: Sequence[Interval]) -> Interval:
    """Of a product or quotient whose parts are not negative."""
    return NONNEGATIVE if all(low >= 0 for low, _ in inside) else ANYTHING


def _sum(each: Interval) -> Interval:
    """Of a sum of any number of such elements."""
    return (0.0 if each[0] >= 0 else -inf), (0.0 if each[1] <= 0 else inf)


def _add(inside: Sequence[Interval]) -> Interval:
    return sum(low for low, _ in inside), sum(high for _, high in inside)


def _product(inside: Sequence[Interval]) -> Interval:
    result: Interval = (1.0, 1.0)
    for low, high in inside:
        corners = [0.0 if 0 in (a, b) else a * b for a in result for b in (low, high)]
        result = min(corners), max(corners)
    return result


def _power(base: Interval, exponent: float) -> Interval:
    """x^n for a positive number n."""
    if exponent == 1:
        return base
    if base[0] < 0 and exponent % 2:
        return ANYTHING
    return UNIT if _within(base, (-1.0, 1.0)) else NONNEGATIVE


def _powers(inside: Sequence[Interval]) -> Interval:
    base, (exponent, other) = inside
    if base[0] >= 0 and exponent < 0:
        return NONNEGATIVE
    return _power(base, exponent) if exponent == other > 0 else ANYTHING


# What depends on the bounds of the operands; the values of other functions are bounded by the table of functions.
FUNCTION: Mapping[str, Callable[[Sequence[Interval]], Interval]] = {
    "add": _add,
    "div": _sign,
    "max": lambda inside: (max(low for low, _ in inside), max(high for _, high in inside)),
    "min": lambda inside: (min(low for low, _ in inside), min(high for _, high in inside)),
    "mul": _product,
    "neg": lambda inside: (-inside[0][1], -inside[0][0]),
    "pow": _powers,
    "relu": lambda inside: (max(inside[0][0], 0.0), max(inside[0][1], 0.0)),
    "sqrt": lambda _: NONNEGATIVE,
    "where": lambda inside: (min(low for low, _ in inside[1:]), max(high for _, high in inside[1:])),
    **{relation: lambda _: UNIT for relation in RELATIONS},
}
