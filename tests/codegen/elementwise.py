"""Formulas worked out by Python loops, element by element: what the tests of generated code compare with."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from itertools import product

import numpy as np

from indexcalc import codegen
from indexcalc.notation.reader import Reading, parse_sheet, read_expression
from indexcalc.sheet import Sheet
from indexcalc.terms import (
    Call,
    Contraction,
    Delta,
    Epsilon,
    Index,
    Indicator,
    Number,
    Power,
    Product,
    Range,
    Reduction,
    Size,
    Sum,
    Tensor,
    Where,
)
from indexcalc.walk import subterms

FUNCTIONS = {
    "abs": abs,
    "erf": math.erf,
    "exp": math.exp,
    "gelu": lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2,
    "log": math.log,
    "max": max,
    "min": min,
    "relu": lambda x: max(x, 0.0),
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "sin": math.sin,
    "softplus": lambda x: math.log1p(math.exp(x)),
    "sqrt": math.sqrt,
    "tanh": math.tanh,
}
RELATIONS = {"<": lambda a, b: a < b, "<=": lambda a, b: a <= b, "==": lambda a, b: math.isclose(a, b, rel_tol=1e-12)}
SIZES = (3, 4, 5, 2, 6, 7)


@dataclass
class Loops:
    """The numbers of a sheet; called with a term and the places of its free indices it gives the term's value."""

    sheet: Sheet
    sizes: dict[Range, int]
    arrays: dict[str, np.ndarray]

    def array(self, term, axes: tuple[Index, ...]) -> np.ndarray:
        """The values at all places of the axes."""
        shape = tuple(self.sizes[axis.range] for axis in axes)
        values = [self(term, dict(zip(axes, place, strict=True))) for place in np.ndindex(*shape)]
        return np.array(values, dtype=float).reshape(shape)

    def __call__(self, term, at) -> float:
        def place(index):
            return index.place - 1 if index.place is not None else at[index]

        match term:
            case Number(value):
                return float(value)
            case Size(range_):
                return float(self.sizes[range_])
            case Tensor(name, slots) if name in self.sheet.definitions:
                definition = self.sheet.definitions[name]
                return self(definition.body, dict(zip(definition.axes, map(place, slots), strict=True)))
            case Tensor(name, slots):
                return float(self.arrays[name][tuple(map(place, slots))])
            case Delta():
                return float(place(term.slots[0]) == place(term.slots[1]))
            case Epsilon(slots):
                i, j, k = map(place, slots)
                return (i - j) * (j - k) * (k - i) / 2
            case Sum():
                return math.fsum(self(each, at) for each in term.terms)
            case Product():
                return math.prod(self(each, at) for each in term.factors)
            case Power(base, exponent):
                return self(base, at) ** self(exponent, at)
            case Call(function, arguments):
                return FUNCTIONS[function](*(self(each, at) for each in arguments))
            case Contraction(bound, body):
                return math.fsum(self(body, {**at, **inner}) for inner in self.places(bound))
            case Reduction(kind, bound, body):
                values = [self(body, {**at, **inner}) for inner in self.places(bound)]
                return {"prod": math.prod, "max": max, "min": min}[kind](values)
            case Indicator(relation, Index() as left, Index() as right):
                return float(RELATIONS[relation](place(left), place(right)))
            case Indicator(relation, left, right):
                return float(RELATIONS[relation](self(left, at), self(right, at)))
            case Where(condition, then, otherwise):
                return self(then if self(condition, at) else otherwise, at)
        raise TypeError(f"no rule for {type(term).__name__}")

    def places(self, bound):
        """All places of bound indices."""
        for values in product(*(range(self.sizes[index.range]) for index in bound)):
            yield dict(zip(bound, values, strict=True))


def read(sheet: str, text: str, axes: str) -> Reading:
    """An expression, with the letters of its axes (a prime belongs to the letter before it)."""
    letters: list[str] = []
    for letter in axes:
        if letter == "'":
            letters[-1] += letter
        else:
            letters.append(letter)
    return read_expression(parse_sheet(sheet), text, free=tuple(letters))


def numbers(reading: Reading, low: float = 0.2, high: float = 1.8) -> Loops:
    """Random numbers for an expression: all ranges of different sizes."""
    sheet = reading.sheet
    bodies = [reading.term, *(definition.body for definition in sheet.definitions.values())]
    found = {range_: None for name in sorted(sheet.slots) for range_ in sheet.slots[name]}
    found |= {index.range: None for index in reading.axes}
    found |= {index.range: None for body in bodies for index in sorted(body.indices)}
    found |= {each.range: None for body in bodies for each in subterms(body) if isinstance(each, Size)}
    free = iter(SIZES)
    sizes = {range_: range_.size or next(free) for range_ in found}
    random = np.random.default_rng(zlib.crc32(repr(reading.term).encode()))
    arrays = {
        name: random.uniform(low, high, tuple(sizes[each] for each in ranges))
        for name, ranges in sheet.leaves.items()
        if name != "pi"
    }
    return Loops(sheet, sizes, {**arrays, "pi": np.array(np.pi)})


def keywords(loops: Loops, function: codegen.Function, dtype=float) -> dict[str, object]:
    """What a function takes: arrays, scalars as floats, and sizes that no array has."""
    found: dict[str, object] = {
        name: array.astype(dtype) if array.ndim else float(array)
        for name, array in loops.arrays.items()
        if name != "pi"
    }
    sizes = {each.label if each.named else f"n_{each.label}": size for each, size in loops.sizes.items()}
    return found | {name: sizes[name] for name in function.arguments if name not in found and name in sizes}
