"""The reference evaluator with as many digits as one asks for: what rounding hides, it tells apart.

Arrays hold mpmath numbers, which have no largest and no smallest one. A derivative is taken by the complex step, and
one of a derivative by differences, each with steps far below the scale of the variable: both are exact to most of the
digits. A slope of a function comes from the function itself, not from the table of derivatives.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product as combinations
from typing import Any

import numpy as np

from indexcalc.errors import IndexcalcError
from indexcalc.sheet import Definition, Sheet
from indexcalc.terms import Derivative, Index, Indicator, Number, Tensor, Term
from indexcalc.verify.evaluator import World, shape_of
from indexcalc.verify.named import Library, Named, aligned, renamed, total
from indexcalc.verify.reference import STENCIL, Reference
from indexcalc.verify.special import exact
from indexcalc.walk import Memo, parts

LARGEST = 10**400  # of an argument: its own digits must not fill the memory
LARGEST_EXPONENT = 10**12  # of what is exponential in its argument, for the same reason
EXPONENTIAL = frozenset(("exp", "expm1", "sinh", "cosh", "sigmoid", "softplus"))
HIGHEST = 10**6  # digits before the point of a number that is raised to a power
OTHER_NAMES = {
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
}
# These carry a tiny imaginary part by themselves.
ALONG = frozenset(("exp", "log", "sqrt", "sin", "cos", "sinh", "cosh", "sigmoid"))
MOST_BITS = 4000  # more than usual, for the slope of a function at a very small or large place
POSITIVE = {"log": 0, "sqrt": 0, "log1p": -1}  # no number below: the real branch is meant


class Exact(np.ndarray):
    """An array of mpmath numbers that stays an array where numpy would hand out its only element."""

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        return np.asarray(array).view(Exact)

    def __getitem__(self, key: Any) -> Any:
        return _array(super().__getitem__(key))


def _array(value: Any) -> Any:
    """A value as an array of numbers, one alone as an array without axes."""
    if not isinstance(value, np.ndarray):
        whole = np.empty((), dtype=object)
        whole[()] = value
        value = whole
    return value.view(Exact)


class Numbers:
    """mpmath with a number of digits, under the names of numpy; its functions take arrays."""

    def __init__(self, digits: int) -> None:
        from mpmath.ctx_mp import MPContext

        self.digits = digits
        self.context = MPContext()  # one's own: the precision of the common one is everybody's
        self.context.dps = digits
        self.nan = self.context.nan
        self._known: dict[str, Callable[..., Any]] = {}

    def number(self, value: Any) -> Any:
        """A number, exact to the last digit."""
        if isinstance(value, Fraction):
            return self.context.mpf(value.numerator) / value.denominator
        return value if isinstance(value, self.context.mpf | self.context.mpc) else self.context.mpf(value)

    def constant(self, array: Any) -> Any:
        """An array of them."""
        return _array(np.frompyfunc(self.number, 1, 1)(np.asarray(array)))

    is_exact = True  # no linear algebra package knows these numbers

    @staticmethod
    def array(array: Any) -> Any:
        """An array that holds them already."""
        return _array(array)

    @staticmethod
    def where(condition: Any, first: Any, second: Any) -> Any:
        """numpy.where."""
        return _array(np.where(np.asarray(condition, dtype=bool), first, second))

    @staticmethod
    def sum(array: Any, axis: int) -> Any:
        """numpy.sum along one axis."""
        return _array(np.add.reduce(np.asarray(array), axis=axis))

    def same(self, one: Any, other: Any) -> Any:
        """Whether real numbers agree in the first half of their digits: they were worked out in another order."""
        return abs(one - other) <= self.context.mpf(10) ** -(self.digits // 2) * abs(other)

    def real(self, array: Any) -> Any:
        """The real parts."""
        return _array(np.frompyfunc(lambda x: x.real, 1, 1)(np.asarray(array)))

    def imag(self, array: Any) -> Any:
        """The imaginary parts; no number where the real part is none."""
        return _array(np.frompyfunc(lambda x: x.imag if x.real == x.real else self.nan, 1, 1)(np.asarray(array)))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """The function of this name, on arrays."""
        if name.startswith("__"):
            raise AttributeError(name)
        known = self._known.get(name)
        if known is None:
            function = getattr(self.context, OTHER_NAMES.get(name, name), None)
            if function is None:
                raise AttributeError(name)
            known = self._known[name] = self.elementwise(self.guarded(function, name))
        return known

    def elementwise(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function of one number as one of arrays."""
        return lambda array: _array(np.frompyfunc(function, 1, 1)(np.asarray(array)))

    def guarded(self, function: Callable[..., Any], name: str = "") -> Callable[[Any], Any]:
        """A real function, along with its slope; no number where it is not defined or its argument is too large."""
        context, least = self.context, POSITIVE.get(name)
        largest = LARGEST_EXPONENT if name in EXPONENTIAL else LARGEST

        def value(x: Any) -> Any:
            real, imaginary = x.real, x.imag
            if not abs(real) < largest or (least is not None and real < least):
                return context.nan
            try:
                if imaginary and name in ALONG:
                    return function(x)
                found = function(real)
                if isinstance(found, context.mpc):  # beyond the numbers that the function is defined for
                    return context.nan
                return context.mpc(found, imaginary * self._slope(function, real)) if imaginary else found
            except (ValueError, ZeroDivisionError, OverflowError):  # a pole, or what mpmath gives up on
                return context.nan

        return value

    def _slope(self, function: Callable[[Any], Any], x: Any) -> Any:
        """The slope of a function of one number, by a step far below its argument: a pole may be as near as zero is."""
        context = self.context
        magnitude = context.mag(x) if x else 0
        step = context.ldexp(1, magnitude - context.prec - 10)
        with context.extraprec(min(abs(magnitude), MOST_BITS)):  # what is about 1 changes little with a small argument
            return context.diff(function, x, h=step)

    def power(self, base: Any, exponent: Any) -> Any:
        """base to the exponent, which is a number of Python's or an array."""
        return _array(np.frompyfunc(self._raised, 2, 1)(np.asarray(base), np.asarray(exponent, dtype=object)))

    def _raised(self, base: Any, exponent: Any) -> Any:
        context = self.context
        size = abs(context.mag(base.real)) if base.real else 0
        if not size * max(1.0, float(abs(exponent.real))) < HIGHEST * 4:
            return context.nan
        try:
            if context.isint(exponent.real) and not exponent.imag:
                return base ** int(exponent.real)
            if base.real < 0:
                return context.nan
            return context.exp(exponent * context.log(base)) if base.imag or exponent.imag else base**exponent
        except (ValueError, ZeroDivisionError, OverflowError):
            return context.nan


def library(digits: int) -> Library:
    """The library of numbers with this many digits."""
    xp = Numbers(digits)
    known = Library(xp, xp.erf, xp.constant, lambda array, order: array.transpose(order), xp.power, xp.real, xp.same)
    known.functions.update(_functions(xp))
    for name, function in exact.functions(xp.context).items():
        known.functions[name] = exact.of_arrays(xp, function)
    return known


def _functions(xp: Numbers) -> dict[str, Callable[..., Any]]:
    """The functions that mpmath does not have, or not for small values."""
    context = xp.context

    def softplus(x: Any) -> Any:
        return context.log1p(context.exp(-abs(x))) + max(x, 0)

    def cbrt(x: Any) -> Any:
        return context.sign(x) * context.cbrt(abs(x))

    found = {
        "cbrt": cbrt,
        "digamma": context.digamma,
        "erfc": context.erfc,
        "gammaln": lambda x: context.loggamma(x).real,  # of a negative number it is complex: ln |Gamma(x)| is real
        "log_ndtr": lambda x: context.log(context.erfc(-x / context.sqrt(2)) / 2),
        "ndtr": lambda x: context.erfc(-x / context.sqrt(2)) / 2,
        "sigmoid": lambda x: 1 / (1 + context.exp(-x)),
        "softplus": softplus,
        "gelu": lambda x: x / 2 * context.erfc(-x / context.sqrt(2)),
    }
    return {name: xp.elementwise(xp.guarded(function, name)) for name, function in found.items()}


class Precise(Reference):
    """Evaluates with many digits. The arrays of its world may hold mpmath numbers."""

    at_once = 8

    def __init__(self, world: World, library: Library) -> None:
        super().__init__(world, library)
        self.numbers: Numbers = library.xp
        self.step = self.numbers.context.mpf(10) ** -self.numbers.digits

    # Numbers

    def _resting(self, name: str) -> Named:
        given = self.world.arrays.get(name)
        if name == "pi" and name not in self.world.sheet.definitions and (given is None or np.ndim(given) == 0):
            return Named((), _array(+self.numbers.context.pi))
        if name in self.world.sheet.definitions or name in self.world.sheet.primitives or given is None:
            return super()._resting(name)
        return Named(tuple(range(np.ndim(given))), self.library.constant(given))

    def _value(self, term: Term) -> Named:
        if isinstance(term, Number):
            return Named((), _array(self.numbers.number(term.value)))
        return super()._value(term)

    def _power(self, base: Term, exponent: Term) -> Named:
        axes, (first, second) = aligned(self.library, [self(base), self(exponent)])
        return Named(axes, self.numbers.power(first, second))

    def _indicator(self, term: Indicator) -> Named:
        """What differs in the second half of the digits only is equal: it was worked out in another order."""
        if isinstance(term.left, Index) or isinstance(term.right, Index):
            return super()._indicator(term)
        axes, parts = aligned(self.library, [self(term.left), self(term.right)])
        one, other = (self.numbers.real(part) for part in parts)
        same, numbers = self.numbers.same(one, other), (one < other) | (one >= other)
        holds = {"<": (one < other) & ~same, "<=": (one < other) | same, "==": same}[term.relation]
        values = self.numbers.where(holds, *map(self.numbers.number, (1, 0)))
        return Named(axes, self.numbers.where(numbers, values, self.numbers.nan))

    # Derivatives

    def derivative(self, term: Derivative) -> Named:
        """As in the reference evaluator; of a tensor of which elements are named, these alone are moved."""
        name, slots = term.variable.name, term.variable.slots
        shape, axis = shape_of(self.world, name), f"moved by {self.depth}"
        pairs = zip(slots, shape, strict=True)
        ways = [range(size) if slot.place is None else _one(slot, size) for slot, size in pairs]
        places = [_flat(place, shape) for place in combinations(*ways)]
        block = self._moved(term, axis, shape, places)
        open_slots = tuple(slot for slot in slots if slot.place is None)
        lengths = [len(way) for way, slot in zip(ways, slots, strict=True) if slot.place is None]
        array = block.array.reshape([*lengths, *block.array.shape[1:]])
        names = (*range(len(lengths)), *block.axes[1:])
        return renamed(self.library, Named(names, array), (*open_slots, *block.axes[1:]))

    def _moved(self, term: Derivative, axis: str, shape: tuple[int, ...], places: Sequence[int]) -> Named:
        units = np.zeros((math.prod(shape), len(places)))
        units[places, range(len(places))] = 1
        unit = Named((*range(len(shape)), axis), self.library.constant(units.reshape((*shape, len(places)))))
        value = self.slope(term, unit)
        if axis not in value.axes:
            ones = Named((axis,), self.library.constant(np.ones(len(places))))
            axes, parts = aligned(self.library, [ones, value])
            return Named(axes, parts[0] * parts[1])
        order = (axis, *(each for each in value.axes if each != axis))
        return Named(order, value.array.transpose([value.axes.index(each) for each in order]))

    def slope(self, term: Derivative, direction: Named) -> Named:
        """The derivative of the body along a direction of the variable."""
        direction = Named(direction.axes, self.library.constant(direction.array))
        if self._holds_derivative(term.body, term.variable.name):
            return self._difference(term, direction)
        tiny = self.step**3
        displacement = direction.array * self.numbers.context.mpc(0, tiny)
        value = self.moving(term.variable.name, Named(direction.axes, displacement))(term.body)
        return Named(value.axes, self.numbers.imag(value.array) / tiny)

    def _difference(self, term: Derivative, direction: Named) -> Named:
        """A difference of sixth order, whose step leaves six in seven of the digits that are there to the result."""
        name = term.variable.name
        length = self.numbers.context.mpf(10) ** -max(2, self._digits_left(term) // 7)
        scale = self.scale(name, direction)
        scale = Named(scale.axes, self.library.constant(scale.array))
        found = []
        for step, weight in ((sign * step, sign * weight) for step, weight in _WEIGHTS.items() for sign in (1, -1)):
            axes, parts = aligned(self.library, [direction, scale])
            value = self.moving(name, Named(axes, parts[0] * parts[1] * (length * step)))(term.body)
            found.append(Named(value.axes, value.array * (self.numbers.number(weight) / length)))
        axes, parts = aligned(self.library, [total(self.library, found), scale])
        return Named(axes, parts[0] / parts[1])

    def _digits_left(self, term: Derivative) -> int:
        """How many digits the body has, after the differences that are taken of it."""
        digits = self.numbers.digits
        for _ in range(nesting(self.world.sheet, term.body) - 1):
            digits = digits * 6 // 7
        return digits


class PreciseDifferences(Precise):
    """The same with real differences only."""

    def _holds_derivative(self, body: Term, name: str) -> bool:
        return True


_WEIGHTS = {step: Fraction(weight).limit_denominator(100) for step, weight in STENCIL.items()}


def _one(slot: Index, size: int) -> range:
    place = slot.place or 0
    if not 1 <= place <= size:
        raise IndexcalcError(
            f"the place {place} lies outside a range of size {size}",
            "Places count from 1; give the range a larger size",
        )
    return range(place - 1, place)


def _flat(place: Sequence[int], shape: Sequence[int]) -> int:
    found = 0
    for each, size in zip(place, shape, strict=True):
        found = found * size + each
    return found


def nesting(sheet: Sheet, term: Term) -> int:
    """How many derivatives stand inside one another at most, in a term and the definitions that it is made of."""
    names: dict[str, int] = {}

    def rule(term: Term, rec: Memo[int]) -> int:
        if isinstance(term, Tensor):
            return names.get(term.name, 0)
        return max(map(rec, parts(term)), default=0) + isinstance(term, Derivative)

    depth = Memo(rule)
    for each in sheet.all_in_order:
        inside = (names.get(name, 0) for name in sheet.direct(each.name))
        names[each.name] = depth(each.body) if isinstance(each, Definition) else max(inside, default=0)
    return depth(term)
