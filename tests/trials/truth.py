"""What a formula of the trials is worth: numbers with nilpotent parts, e1^2 = e2^2 = 0, over numpy.

A derivative gives the variable a new nilpotent part and reads off the coefficient of the result. A letter is an axis
of its own for every binder, so that an inner letter hides an outer one without any renaming.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from operator import or_

import numpy as np
from scipy import special

from tests.trials.language import (
    Add,
    Choice,
    Div,
    El,
    Fn,
    Mul,
    Node,
    Num,
    Pow,
    Red,
    Same,
    Size,
    Slope,
    Slot,
    Sub,
    Test,
    Turn,
)

AXES = 24  # of every array; an axis that a value does not depend on has length 1
CLEAR = 1e-3  # how far from a kink, a pole or a near tie the numbers must stay
LARGEST = 1e7

Jet = dict[int, np.ndarray]  # coefficients, by the set of nilpotent parts as bits


class UnfitError(Exception):
    """Numbers for which a formula has no value, or one that says little."""


# ----- Numbers with nilpotent parts ------------------------------------------------------------------------------


def plus(x: Jet, y: Jet) -> Jet:
    """x + y."""
    return {bits: x.get(bits, 0) + y.get(bits, 0) for bits in x | y}


def times(x: Jet, y: Jet) -> Jet:
    """x*y."""
    found: Jet = {}
    for one, a in x.items():
        for other, b in y.items():
            if not one & other:
                found[one | other] = found.get(one | other, 0) + a * b
    return found


def scaled(x: Jet, number: float) -> Jet:
    """number*x."""
    return {bits: number * value for bits, value in x.items()}


def applied(x: Jet, derivatives: Sequence[np.ndarray]) -> Jet:
    """f(x) by the values of f, f', f'', f''' at the plain part: Taylor's series, which ends."""
    moved = {bits: value for bits, value in x.items() if bits}
    if reduce(or_, moved, 0).bit_count() >= len(derivatives):
        raise UnfitError("a derivative of a high order")
    found, power, factor = {0: derivatives[0]}, {0: np.ones((1,) * AXES)}, 1
    for order, value in enumerate(derivatives[1:], 1):
        power, factor = times(power, moved), factor * order
        found = plus(found, times({0: value / factor}, power))
    return found


def chosen(test: np.ndarray, x: Jet, y: Jet) -> Jet:
    """x where the test holds, else y."""
    return {bits: np.where(test, x.get(bits, 0.0), y.get(bits, 0.0)) for bits in x | y}


# ----- Functions: value and three derivatives, from a table of integrals -----------------------------------------


def _power(x: np.ndarray, n: float) -> list[np.ndarray]:
    return [x**n, n * x ** (n - 1), n * (n - 1) * x ** (n - 2), n * (n - 1) * (n - 2) * x ** (n - 3)]


def _erf(x: np.ndarray, sign: int = 1) -> list[np.ndarray]:
    bell = 2 / math.sqrt(math.pi) * np.exp(-(x**2)) * sign
    return [special.erf(x) if sign == 1 else special.erfc(x), bell, -2 * x * bell, (4 * x**2 - 2) * bell]


def _cbrt(x: np.ndarray) -> list[np.ndarray]:
    y = np.cbrt(x)
    return [y, 1 / 3 / y**2, -2 / 9 / y**5, 10 / 27 / y**8]


def _tanh(x: np.ndarray) -> list[np.ndarray]:
    y = np.tanh(x)
    d = 1 / np.cosh(x) ** 2
    return [y, d, -2 * y * d, d * (6 * y**2 - 2)]


def _sigmoid(x: np.ndarray) -> list[np.ndarray]:
    y, d, dd, ddd = _tanh(x / 2)
    return [(1 + y) / 2, d / 4, dd / 8, ddd / 16]


def _arctan(x: np.ndarray) -> list[np.ndarray]:
    d = 1 / (1 + x**2)
    return [np.arctan(x), d, -2 * x * d**2, (6 * x**2 - 2) * d**3]


def _log(x: np.ndarray, shift: int = 0) -> list[np.ndarray]:
    y = x + shift
    return [np.log1p(x) if shift else np.log(x), 1 / y, -1 / y**2, 2 / y**3]


def _gelu(x: np.ndarray) -> list[np.ndarray]:
    phi, bell = special.ndtr(x), np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return [x * phi, phi + x * bell, (2 - x**2) * bell, (x**3 - 4 * x) * bell]


FUNCTIONS = {
    "exp": lambda x: [np.exp(x)] * 4,
    "expm1": lambda x: [np.expm1(x), *[np.exp(x)] * 3],
    "log": _log,
    "log1p": lambda x: _log(x, 1),
    "sin": lambda x: [np.sin(x), np.cos(x), -np.sin(x), -np.cos(x)],
    "cos": lambda x: [np.cos(x), -np.sin(x), -np.cos(x), np.sin(x)],
    "sinh": lambda x: [np.sinh(x), np.cosh(x)] * 2,
    "cosh": lambda x: [np.cosh(x), np.sinh(x)] * 2,
    "tanh": _tanh,
    "sigmoid": _sigmoid,
    "softplus": lambda x: [np.logaddexp(0, x), *_sigmoid(x)[:3]],
    "erf": _erf,
    "erfc": lambda x: _erf(x, -1),
    "gelu": _gelu,
    "arctan": _arctan,
    "sqrt": lambda x: _power(x, 0.5),
    "cbrt": _cbrt,
    "gammaln": lambda x: [special.gammaln(x), *(special.polygamma(n, x) for n in range(3))],
    "digamma": lambda x: [special.polygamma(n, x) for n in range(4)],
    "abs": lambda x: [np.abs(x), np.sign(x), 0 * x, 0 * x],
    "sign": lambda x: [np.sign(x), 0 * x, 0 * x, 0 * x],
    "relu": lambda x: [np.maximum(x, 0), 1.0 * (x > 0), 0 * x, 0 * x],
}
POLES = {"log", "sqrt", "cbrt", "gammaln", "digamma", "abs", "sign", "relu"}  # at 0
RELATIONS = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal,
             "!=": np.not_equal}  # fmt: skip


# ----- The evaluator ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seed:
    """A nilpotent part of a tensor: at one element, which may hang on axes, or along a direction (an array)."""

    name: str
    bit: int
    places: tuple[tuple[str, int], ...] = ()
    direction: np.ndarray | None = None


@dataclass(frozen=True)
class World:
    """Numbers: sizes by letter and by name, arrays of leaves, definitions (letters and body)."""

    letters: Mapping[str, int]
    sizes: Mapping[str, int]
    arrays: Mapping[str, np.ndarray]
    definitions: Mapping[str, tuple[tuple[str, ...], Node]] = field(default_factory=dict)


@dataclass(frozen=True)
class Scope:
    """Where each letter stands (an axis, or a fixed place), the next free axis and part, and what moves."""

    letters: Mapping[str, tuple[str, int]]
    axis: int = 0
    bit: int = 1
    seeds: tuple[Seed, ...] = ()

    def bind(self, letters: Sequence[str]) -> Scope:
        """The scope in which letters have axes of their own."""
        if self.axis + len(letters) > AXES:
            raise UnfitError("too many letters")
        new = {letter: ("axis", self.axis + step) for step, letter in enumerate(letters)}
        return replace(self, letters={**self.letters, **new}, axis=self.axis + len(letters))


def value(node: Node, world: World, axes: Sequence[str], directions: Mapping[str, np.ndarray] | None = None):
    """The array of a formula along letters; with directions its derivative along them."""
    scope = Scope({}).bind(axes)
    for name, direction in (directions or {}).items():  # one part for all: they move together
        scope = replace(scope, seeds=(*scope.seeds, Seed(name, scope.bit, direction=direction)))
    if directions:
        scope = replace(scope, bit=scope.bit * 2)
    with np.errstate(all="ignore"):
        jet = _Evaluator(world)(node, scope)
    array = np.asarray(jet.get(1 if directions else 0, 0.0), dtype=float)
    shape = tuple(world.letters[letter] for letter in axes)
    array = np.broadcast_to(array, (*shape, *(1,) * (AXES - len(shape)))).reshape(shape)
    if not np.isfinite(array).all() or np.abs(array).max(initial=0) > LARGEST:
        raise UnfitError("no number, or a large one")
    return array


class _Evaluator:
    def __init__(self, world: World) -> None:
        self.world = world

    def __call__(self, node: Node, scope: Scope) -> Jet:
        jet = self._value(node, scope)
        if not all(np.isfinite(part).all() for part in jet.values()):
            raise UnfitError("no number on the way")
        return jet

    def _value(self, node: Node, scope: Scope) -> Jet:
        match node:
            case Num(text):
                return {0: np.full((1,) * AXES, float(Fraction(text.strip("()"))))}
            case Size(name):
                return {0: np.full((1,) * AXES, float(self.world.sizes[name]))}
            case El(name, slots):
                return self._element(name, slots, scope)
            case Add(left, right):
                return plus(self(left, scope), self(right, scope))
            case Sub(left, right):
                return plus(self(left, scope), scaled(self(right, scope), -1.0))
            case Mul(factors):
                found = self(factors[0], scope)
                for factor in factors[1:]:
                    found = times(found, self(factor, scope))
                return found
            case Div(left, right):
                return times(self(left, scope), self._power(self(right, scope), -1.0))
            case Pow(base, exponent):
                upper, _, lower = exponent.partition("/")
                return self._power(self(base, scope), float(upper) / float(lower or 1))
            case Fn(name, arguments):
                return self._function(name, [self(each, scope) for each in arguments])
            case Red(kind, letters, body):
                return self._reduced(kind, letters, body, scope)
            case Same() | Turn() | Test():
                return {0: self._constant(node, scope)}
            case Choice(test, yes, no):
                return chosen(self._constant(test, scope) > 0, self._value(yes, scope), self._value(no, scope))
            case Slope(body, variables):
                return self._slope(body, variables, scope)
        raise TypeError(node)

    # Elements

    def _place(self, slot: Slot, scope: Scope) -> tuple[str, int]:
        return ("place", slot - 1) if isinstance(slot, int) else scope.letters[slot]

    def _range(self, place: tuple[str, int], size: int) -> np.ndarray:
        """The places along a slot, as an array along its axis."""
        kind, number = place
        if kind == "place":
            return np.full((1,) * AXES, number)
        return np.arange(size).reshape([size if axis == number else 1 for axis in range(AXES)])

    def _element(self, name: str, slots: tuple[Slot, ...], scope: Scope) -> Jet:
        places = tuple(self._place(slot, scope) for slot in slots)
        if name in self.world.definitions:
            letters, body = self.world.definitions[name]
            shape = tuple(self.world.letters[letter] for letter in letters)
            jet = dict(self(body, replace(scope, letters=dict(zip(letters, places, strict=True)))))
        else:
            array = self.world.arrays[name]
            shape = array.shape
            ranges = [self._range(place, size) for place, size in zip(places, shape, strict=True)]
            jet = {0: array[tuple(ranges)] if ranges else np.full((1,) * AXES, float(array))}
        for seed in scope.seeds:
            if seed.name == name:
                ranges = [self._range(place, size) for place, size in zip(places, shape, strict=True)]
                jet[seed.bit] = jet.get(seed.bit, 0) + self._moved(seed, ranges, shape)
        return jet

    def _moved(self, seed: Seed, ranges: list[np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
        if seed.direction is not None:
            return seed.direction[tuple(ranges)] if ranges else np.full((1,) * AXES, float(seed.direction))
        found = np.ones((1,) * AXES)
        for own, place, size in zip(ranges, seed.places, shape, strict=True):
            found = found * (own == self._range(place, size))
        return found

    def _slope(self, body: Node, variables: tuple[El, ...], scope: Scope) -> Jet:
        inner, bits = scope, 0
        for variable in variables:
            places = tuple(self._place(slot, scope) for slot in variable.slots)
            seeds = (*inner.seeds, Seed(variable.name, inner.bit, places))
            inner, bits = replace(inner, seeds=seeds, bit=inner.bit * 2), bits | inner.bit
        jet = self(body, inner)
        found = {each & ~bits: part for each, part in jet.items() if each & bits == bits}
        return found or {0: np.zeros((1,) * AXES)}

    # Functions

    def _power(self, x: Jet, n: float) -> Jet:
        if n != int(n) or n < 0:
            _clear(x[0])
        if n == int(n) and n > 0:
            found = x
            for _ in range(int(n) - 1):
                found = times(found, x)
            return found
        return applied(x, _power(x[0], n))

    def _function(self, name: str, arguments: list[Jet]) -> Jet:
        if name in ("max", "min"):
            x, y = arguments
            _clear(x[0] - y[0])
            return chosen(x[0] > y[0] if name == "max" else x[0] < y[0], x, y)
        (x,) = arguments
        if name in POLES:
            _clear(x[0])
        return applied(x, FUNCTIONS[name](x[0]))

    def _constant(self, node: Node, scope: Scope) -> np.ndarray:
        """What has no derivative: deltas, signs of permutations, conditions."""
        if isinstance(node, Test) and not isinstance(node.left, str):
            left, right = self(node.left, scope)[0], self(node.right, scope)[0]
            _clear(left - right)
            return 1.0 * RELATIONS[node.relation](left, right)
        slots = node.slots if isinstance(node, Turn) else (node.left, node.right)
        ranges = [self._range(self._place(slot, scope), self._size(slot)) for slot in slots]
        if isinstance(node, Same):
            return 1.0 * (ranges[0] == ranges[1])
        if isinstance(node, Test):
            return 1.0 * RELATIONS[node.relation](*ranges)
        i, j, k = ranges
        return (i - j) * (j - k) * (k - i) / 2.0

    def _size(self, slot: Slot) -> int:
        return 1 if isinstance(slot, int) else self.world.letters[slot]

    # Reductions

    def _reduced(self, kind: str, letters: tuple[str, ...], body: Node, scope: Scope) -> Jet:
        inner = scope.bind(letters)
        jet = self(body, inner)
        axes = tuple(inner.letters[letter][1] for letter in letters)
        shape = [self.world.letters[letter] for letter in letters]
        full = [1] * AXES
        for axis, size in zip(axes, shape, strict=True):
            full[axis] = size
        ones = np.ones(full)
        jet = {bits: part * ones for bits, part in jet.items()}
        if kind in ("max", "min"):
            return _extreme(jet, axes, 1 if kind == "max" else -1)
        if kind == "logsumexp":
            jet = applied(jet, [np.exp(jet[0])] * 4)
        if kind == "prod":
            return _product(jet, axes)
        total = {bits: part.sum(axis=axes, keepdims=True) for bits, part in jet.items()}
        if kind == "mean":
            return scaled(total, 1 / math.prod(shape))
        return applied(total, _log(total[0])) if kind == "logsumexp" else total


def _clear(gap: np.ndarray) -> None:
    if np.abs(gap).min(initial=math.inf) < CLEAR:
        raise UnfitError("near a kink or a pole")


def _extreme(jet: Jet, axes: tuple[int, ...], sign: int) -> Jet:
    """The extreme; places that attain it share the derivative equally."""
    plain = sign * jet[0]
    gap = plain.max(axis=axes, keepdims=True) - plain
    tied = gap <= 1e-12 * np.abs(plain).max(axis=axes, keepdims=True)
    _clear(np.where(tied, 1.0, gap))
    count = tied.sum(axis=axes, keepdims=True)
    return {bits: (part * tied).sum(axis=axes, keepdims=True) / count for bits, part in jet.items()}


def _product(jet: Jet, axes: tuple[int, ...]) -> Jet:
    for axis in axes:
        parts = [{bits: part.take([place], axis) for bits, part in jet.items()} for place in range(jet[0].shape[axis])]
        jet = parts[0]
        for part in parts[1:]:
            jet = times(jet, part)
    return jet
