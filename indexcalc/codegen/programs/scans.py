"""Recurrences as loops: for each step the bodies of the definitions at one place of the axes that are looped over.

At a step the letter of a looped axis is a number, which a form holds like a size: x[t] becomes the element of x at the
place of the loop, h[t-1] that at one less, 0 where there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from indexcalc.affine import Form, of_index
from indexcalc.errors import IndexcalcError
from indexcalc.notation.shifts.order import Order, order_of
from indexcalc.sheet import Definition
from indexcalc.terms import (
    Binder,
    Constraint,
    Contraction,
    Delta,
    Derivative,
    Epsilon,
    Index,
    Indicator,
    Product,
    Range,
    Tensor,
    Term,
)
from indexcalc.walk import Memo, mapped

COUNTER = "@"  # begins the label of the range whose "size" is the place of a loop, counted from 0


@dataclass(frozen=True)
class Loop:
    """One loop: its counter, the range that it runs over, and whether upwards (1) or downwards (-1)."""

    counter: Range
    range: Range
    direction: int


@dataclass(frozen=True)
class Step:
    """What one definition is at a step: its body there, its axes without those of loops, and the loop of each axis."""

    name: str
    axes: tuple[Index, ...]
    kept: tuple[Index, ...]
    loops: tuple[int | None, ...]
    body: Term


def steps_of(circle: tuple[Definition, ...], number: int) -> tuple[tuple[Loop, ...], tuple[Step, ...]]:
    """The loops of a recurrence and its steps, in the order in which they are done."""
    order = order_of(circle)
    if order is None:
        names = " and ".join(each.name for each in circle)
        raise IndexcalcError(
            f"{names} cannot be worked out step by step", "Let them read smaller places only, or greater ones only"
        )
    by_name = {each.name: each for each in circle}
    loops = []
    for place, (axes, direction) in enumerate(order.loops):
        ranges = {by_name[name].axes[axis].range for name, axis in axes.items()}
        if len(ranges) > 1:
            names = " and ".join(sorted(axes))
            cause = f"{names} are worked out together and have different lengths"
            raise IndexcalcError(cause, "Declare one range for the letter of both: index t : n")
        loops.append(Loop(Range(f"{COUNTER}{number}.{place}"), ranges.pop(), direction))
    return tuple(loops), tuple(_step(by_name[name], order, loops) for name in order.names)


def _step(definition: Definition, order: Order, loops: list[Loop]) -> Step:
    looped = {axes[definition.name]: place for place, (axes, _) in enumerate(order.loops)}
    values = {
        definition.axes[axis]: Form((), ((loops[place].counter, 1),), 1) for axis, place in looped.items()
    }
    kept = tuple(index for axis, index in enumerate(definition.axes) if axis not in looped)
    places = tuple(looped.get(axis) for axis in range(len(definition.axes)))
    return Step(definition.name, definition.axes, kept, places, at_places(definition.body, values))


def at_places(term: Term, values: Mapping[Index, Form]) -> Term:
    """A term with forms in place of free indices."""
    numbers = count(1 + max((index.serial for index in term.indices), default=0))

    def fresh(range_: Range) -> Index:
        return Index("i", range_, next(numbers))

    def rule(term: Term, rec: Memo[Term]) -> Term:
        if values.keys().isdisjoint(term.free):
            return term
        match term:
            case Tensor(name, slots):
                bound = {index: fresh(index.range) for index in slots if index in values}
                equal = [Constraint("==", of_index(own) - values[index]) for index, own in bound.items()]
                tensor = Tensor(name, tuple(bound.get(index, index) for index in slots))
                return Contraction(bound.values(), Product(tensor, *equal))
            case Delta((one, other)):
                return Constraint("==", _value(one, values) - _value(other, values))
            case Constraint(relation, form, period):
                return Constraint(relation, form.put(values), period)
            case Indicator(relation, Index() as left, Index() as right):
                difference = _value(right, values) - _value(left, values)
                return Constraint(">=", difference if relation == "<=" else difference - Form((), (), 1))
            case Binder() if not values.keys().isdisjoint(term.bound):
                raise TypeError("an index that is bound has the name of one that is free")
            case Epsilon() | Derivative():
                raise TypeError(f"no rule for {type(term).__name__}")
        return mapped(term, rec)

    return Memo(rule)(term)


def _value(index: Index, values: Mapping[Index, Form]) -> Form:
    return values.get(index) or of_index(index)
