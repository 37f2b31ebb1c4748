"""The value of a term, read off its definition: no simplification, no order of operations but the term's own.

One evaluator serves every array library. What a Derivative node is worth is left to the witness that derives from it:
complex steps, differences, or automatic differentiation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexcalc.brackets import strong_zero
from indexcalc.errors import IndexcalcError
from indexcalc.sheet import Primitive, Sheet
from indexcalc.terms import (
    Call,
    Constraint,
    Contraction,
    Delta,
    Derivative,
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
    Term,
    Where,
    factors_of,
)
from indexcalc.verify import places, primitives
from indexcalc.verify.named import (
    NUMPY,
    OF_ORDER,
    Library,
    Named,
    aligned,
    arranged,
    chosen,
    contracted,
    integer_power,
    now_calm,
    product,
    reduced,
    renamed,
    total,
)

Array = NDArray[np.float64]


class Function(Protocol):
    """A stand-in for a function that the sheet does not define."""

    def value(self, exp: Callable[[Any], Any], *arguments: Any) -> Any:
        """The value at arrays of a library whose exponential function is given."""


@dataclass(frozen=True)
class World:
    """A sheet with numbers.

    sizes: of every range. arrays: of every leaf, () for a scalar. functions: stand-ins for the unknown ones, by name;
    those of their derivatives (f', f'') too. clearance: how far the arrays are from kinks.
    """

    sheet: Sheet
    sizes: Mapping[Range, int]
    arrays: Mapping[str, Array]
    functions: Mapping[str, Function] = field(default_factory=dict)
    clearance: float = math.inf


class Evaluator:
    """The values of terms in one world; each term is worked out once.

    `moved` are displacements of tensors: a tensor's value is its array, or the value of its definition, plus its
    displacement. So a tensor with a definition is varied as if it were independent, and only the definitions that are
    made of it move with it.
    """

    library: Library

    def __init__(self, world: World, library: Library) -> None:
        self.world, self.library = world, library
        self.moved: dict[str, Named] = {}
        self.variable = ""
        self.parent: Evaluator | None = None
        self.known: dict[Term, Named] = {}
        self.tensors: dict[str, Named] = {}
        self.is_calm = False  # numpy was told not to warn

    def moving(self, name: str, displacement: Named) -> Evaluator:
        """An evaluator of the world in which one tensor is displaced (further)."""
        displacement = self._projected(name, displacement)
        child = type(self)(self.world, self.library)
        child.parent, child.variable, child.is_calm = self, name, self.is_calm
        known = self.moved.get(name)
        both = [displacement] if known is None else [known, displacement]
        child.moved = {**self.moved, name: total(self.library, both)}
        return child

    def _projected(self, name: str, displacement: Named) -> Named:
        """A displacement of a matrix that varies among the symmetric ones: among these."""
        sign = self.world.sheet.varied.get(name)
        if sign is None:
            return displacement
        exchange: dict[Hashable, Hashable] = {0: 1, 1: 0}
        turned = Named(tuple(exchange.get(axis, axis) for axis in displacement.axes), displacement.array)
        half = [Named(each.axes, each.array * scale) for each, scale in ((displacement, 0.5), (turned, sign * 0.5))]
        return total(self.library, half)

    def derivative(self, term: Derivative) -> Named:
        """The value of a Derivative node whose body depends on its variable."""
        raise NotImplementedError

    def array(self, term: Term, axes: tuple[Index, ...]) -> Any:
        """The array of a term along these axes; an axis that the term lacks is filled by repetition."""
        lengths = [self.world.sizes[axis.range] for axis in axes]
        value = arranged(self.library, self(term), axes, lengths)
        if len(value.axes) > len(axes):
            names = ", ".join(str(axis) for axis in value.axes[len(axes) :])
            raise IndexcalcError(f"the expression is free in {names} too", "Name all its free indices")
        return value.array

    def __call__(self, term: Term) -> Named:
        """The value of a term along its free indices (it may lack some along which it is constant)."""
        known = self.known.get(term)
        if known is None:
            known = self.known[term] = self._found(term)
        return known

    def _found(self, term: Term) -> Named:
        if self.parent is not None and not self.world.sheet.depends(term.symbols, self.variable):
            return self.parent(term)
        if self.is_calm:
            return self._value(term)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"), now_calm(self):  # beside a strong zero
            return self._value(term)

    def tensor(self, name: str) -> Named:
        """A tensor along its slots 0, 1, ..., and along the axes of displacements."""
        if name in self.tensors:
            return self.tensors[name]
        made_of = self.world.sheet.made_of.get(name, frozenset())
        for each in self.world.sheet.all_in_order:  # first what it is made of: a chain may be long
            if each.name in made_of and each.name not in self.world.sheet.recurrences:
                self._tensor(each.name)
        return self._tensor(name)

    def _tensor(self, name: str) -> Named:
        known, sheet = self.tensors.get(name), self.world.sheet
        if known is None and name in sheet.recurrences:
            if self.parent is not None and not sheet.depends((name,), self.variable):
                return self.parent.tensor(name)
            return places.recur(self, name)
        if known is None:
            if self.parent is not None and not sheet.depends((name,), self.variable):
                known = self.parent.tensor(name)
            else:
                parts = [self._resting(name)]
                parts += [self.moved[name]] if name in self.moved else []
                known = total(self.library, parts)
            self.tensors[name] = known
        return known

    def _resting(self, name: str) -> Named:
        """A tensor without its displacement."""
        definition = self.world.sheet.definitions.get(name)
        if definition is None:
            if name in self.world.sheet.primitives:
                return self._primitive(self.world.sheet.primitives[name])
            if name == "pi" and name not in self.world.arrays:
                return self._constant(math.pi)
            if name not in self.world.arrays:
                raise IndexcalcError(f"the tensor {name} has no value", f"Give an array for {name}")
            array = np.asarray(self.world.arrays[name], dtype=float)
            return Named(tuple(range(array.ndim)), self.library.constant(array))
        lengths = [self.world.sizes[axis.range] for axis in definition.axes]
        value = arranged(self.library, self(definition.body), definition.axes, lengths)
        slots = tuple(range(len(definition.axes)))
        return Named((*slots, *value.axes[len(slots) :]), value.array)

    def _primitive(self, made: Primitive) -> Named:
        """A primitive of arrays that have the axes of displacements as a further batch."""
        values = [self(operand) for operand in made.operands]
        own = {axis for each in made.matrices for axis in each}
        batch = [axis for axis in dict.fromkeys(axis for value in values for axis in value.axes) if axis not in own]
        arrays = []
        for value, matrix in zip(values, made.matrices, strict=True):
            axes = [*(axis for axis in batch if axis in value.axes), *matrix]
            lengths = [self.world.sizes[axis.range] if isinstance(axis, Index) else 1 for axis in axes]
            full = arranged(self.library, value, tuple(axes), lengths).array
            sizes = dict(zip(axes, full.shape, strict=True))
            arrays.append(full.reshape([*(sizes.get(axis, 1) for axis in batch), *(sizes[axis] for axis in matrix)]))
        found = Named((*batch, *made.result), primitives.value(self.library, made.kind, arrays))
        lengths = [self.world.sizes[axis.range] for axis in made.axes]
        whole = arranged(self.library, found, made.axes, lengths)
        slots = tuple(range(len(made.axes)))
        return Named((*slots, *whole.axes[len(slots) :]), whole.array)

    # One rule for each kind of term

    def _value(self, term: Term) -> Named:
        library = self.library
        match term:
            case Number(value):
                return self._constant(_as_float(value))
            case Size(range):
                return self._constant(float(self.world.sizes[range]))
            case Tensor("pi", ()) if self.world.sheet.slots.get("pi"):  # the number, beside a tensor of its name
                return self._constant(math.pi)
            case Tensor(name, slots):
                found = self.tensor(name)
                return renamed(library, found, (*slots, *found.axes[len(slots) :]))
            case Delta() | Epsilon():
                return places.symbol(self, term)
            case Constraint():
                return places.constraint(self, term)
            case Sum(terms):
                return total(library, [self(each) for each in terms])
            case Product(factors):
                return product(library, self.factors(factors))
            case Power(base, exponent):
                return self._power(base, exponent)
            case Call(function, arguments):
                return self._call(function, arguments)
            case Contraction(bound, body):
                factors = factors_of(body)
                if any(isinstance(each, Constraint) for each in factors):
                    return places.with_places(self, bound, factors)
                return self.contraction(bound, self.factors(factors))
            case Reduction(kind, bound, body):
                lengths = [self.world.sizes[index.range] for index in bound]
                return reduced(library, kind, arranged(library, self(body), bound, lengths), bound)
            case Indicator():
                return self._indicator(term)
            case Where(condition, then, otherwise):
                axes, parts = aligned(library, [self(each) for each in (condition, then, otherwise)])
                known = chosen(library, parts[0] != 0, parts[1], parts[2])
                return Named(axes, chosen(library, parts[0] == parts[0], known, parts[0] * known))
            case Derivative(body, variable):
                if not self.world.sheet.depends(body.symbols, variable.name):
                    return self._constant(0.0)
                return self.derivative(term)
        raise TypeError(f"no rule for {type(term).__name__}")

    def _constant(self, value: float) -> Named:
        return Named((), self.library.constant(np.asarray(value)))

    def place(self, index: Index) -> Named:
        """The places of an index, counted from 0."""
        if index.place is not None:
            return Named((), np.asarray(index.place - 1.0))
        return Named((index,), np.arange(float(self.world.sizes[index.range])))

    def _indicator(self, term: Indicator) -> Named:
        relation = RELATIONS[term.relation]
        left, right = term.left, term.right
        if isinstance(left, Index) and isinstance(right, Index):
            axes, places = aligned(NUMPY, [self.place(left), self.place(right)])
            return Named(axes, self.library.constant(relation(*places).astype(float)))
        assert isinstance(left, Term) and isinstance(right, Term)
        axes, parts = aligned(self.library, [self(left), self(right)])
        one, other = (self.library.real(part) for part in parts)
        numbers = (one < other) | (one >= other)  # what is no number makes a comparison none
        where = self.library.xp.where
        return Named(axes, where(relation(one, other), 1.0, where(numbers, 0.0, math.nan)))

    def factors(self, factors: tuple[Term, ...]) -> list[Named]:
        """The values of the factors of a product; where one is a strong zero, those with all of its axes are 0 too."""
        values = [self(each) for each in factors]
        nothing = self.library.constant(np.zeros(()))
        for zero in filter(None, map(strong_zero, factors)):
            mask = self(zero)
            for place, (factor, value) in enumerate(zip(factors, values, strict=True)):
                if factor is not zero and set(mask.axes) <= set(value.axes):
                    axes, parts = aligned(self.library, [value, mask])
                    values[place] = Named(axes, chosen(self.library, parts[1] == 0, nothing, parts[0]))
        return values

    def contraction(self, bound: tuple[Index, ...], values: list[Named]) -> Named:
        """The sum of a product; along an index that no value has, as in a derivative that is 0, all are equal."""
        axes = {axis for value in values for axis in value.axes}
        equal = math.prod(self.world.sizes[index.range] for index in bound if index not in axes)
        if equal != 1:
            values = [*values, self._constant(float(equal))]
        return contracted(self.library, values, [index for index in bound if index in axes])

    def _power(self, base: Term, exponent: Term) -> Named:
        value, power = self(base), self(exponent)
        if not exponent.symbols and not exponent.indices:
            number, array = float(power.array), value.array
            raised = integer_power(array, int(number)) if number.is_integer() else self.library.raised(array, number)
            return Named(value.axes, raised)
        axes, (first, second) = aligned(self.library, [value, power])
        return Named(axes, self.library.raised(first, second))

    def _call(self, function: str, arguments: tuple[Term, ...]) -> Named:
        known = self.library.functions.get(function)
        if function in OF_ORDER and known is not None:
            orders = [int(each.value) for each in arguments[: OF_ORDER[function]] if isinstance(each, Number)]
            axes, arrays = aligned(self.library, [self(each) for each in arguments[len(orders) :]])
            return Named(axes, known(*orders, *arrays))
        axes, arrays = aligned(self.library, [self(each) for each in arguments])
        if known is not None:
            return Named(axes, known(*arrays))
        if function not in self.world.functions:
            raise IndexcalcError(f"the function {function} has no value", f"Give a stand-in for {function}")
        return Named(axes, self.world.functions[function].value(self.library.xp.exp, *arrays))


def _as_float(value: Fraction | float) -> float:
    """A number, infinite where it is too large for a float."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


SAME = 1e-12  # numbers that agree to twelve digits are equal: a maximum may have been worked out in another order
RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    "==": lambda x, y: abs(x - y) <= SAME * abs(y),
}


def shape_of(world: World, name: str) -> tuple[int, ...]:
    """The shape of a tensor, by the sizes of the ranges of its slots."""
    return tuple(world.sizes[range] for range in world.sheet.slots[name])


def reached(sheet: Sheet, terms: Iterable[Term]) -> list[Term]:
    """Terms, and the bodies of all definitions that they are made of."""
    bodies = list(terms)
    used = frozenset[str]().union(*(term.symbols for term in bodies))
    made_of = used.union(*(sheet.made_of.get(name, frozenset()) for name in used))
    return bodies + [each.body for each in sheet.in_order if each.name in made_of]
