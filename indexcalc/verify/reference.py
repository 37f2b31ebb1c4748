"""The reference evaluator: what a term is worth, by its definition alone.

A derivative is taken by the complex step: every element of the variable gets a tiny imaginary part, each along its own
place of a new axis, and the imaginary part of the result is the derivative to machine precision, kinks of the other
branch included. Where the body holds a derivative that moves too, a central difference of sixth order is taken of it.
"""

from __future__ import annotations

import math
from typing import cast

import numpy as np

from indexcalc.budget import spend
from indexcalc.sheet import Sheet
from indexcalc.terms import Derivative, Index, Term, in_order
from indexcalc.verify.evaluator import Array, Evaluator, World, reached, shape_of
from indexcalc.verify.named import NUMPY, Library, Named, aligned, arranged, renamed, total
from indexcalc.walk import subterms

TINY = 1e-30  # of the complex step: its square is nothing beside 1
LONGEST_STEP, SHORTEST_STEP = 2e-3, 1e-6  # of differences; between them a twentieth of the way to the next kink
STENCIL = {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}  # and the same, negated, on the other side
LARGEST_BLOCK = 2**22  # elements of one intermediate array
AT_ONCE = 2**12  # elements that take no longer than a single one


class Reference(Evaluator):
    """Evaluates with numpy; derivatives by complex steps."""

    at_once = AT_ONCE

    def __init__(self, world: World, library: Library = NUMPY) -> None:
        super().__init__(world, library)

    def _value(self, term: Term) -> Named:
        found = super()._value(term)
        spend(1 + found.array.size // self.at_once)
        return found

    def derivative(self, term: Derivative) -> Named:
        """Every element of the variable is moved along its own place of a new axis, so many at a time as fit."""
        name = term.variable.name
        shape, axis = shape_of(self.world, name), f"moved by {self.depth}"
        count = math.prod(shape)
        width = max(1, LARGEST_BLOCK // self._largest(term.body))
        blocks = [
            self._block(term, axis, shape, range(start, min(start + width, count)))
            for start in range(0, count, width)
        ]
        axes, arrays = blocks[0].axes, [block.array for block in blocks]
        array = np.concatenate(arrays).reshape(shape + arrays[0].shape[1:])
        return renamed(NUMPY, Named((*range(len(shape)), *axes[1:]), array), (*term.variable.slots, *axes[1:]))

    @property
    def depth(self) -> int:
        """How often this world was displaced."""
        return 0 if self.parent is None else 1 + cast(Reference, self.parent).depth

    def _largest(self, body: Term) -> int:
        """The size of the largest array on the way to a body."""
        sizes = self.world.sizes
        return max(
            math.prod(sizes[index.range] for index in each.free)
            for part in reached(self.world.sheet, [body])
            for each in subterms(part)
        )

    def _block(self, term: Derivative, axis: str, shape: tuple[int, ...], places: range) -> Named:
        """The derivative by some elements of the variable, along the new axis and then the axes of the body."""
        units = np.zeros((math.prod(shape), len(places)))
        units[places, range(len(places))] = 1
        slots = tuple(range(len(shape)))
        unit = Named((*slots, axis), units.reshape((*shape, len(places))))
        value = self.slope(term, unit)
        return arranged(NUMPY, value, (axis,), (len(places),))

    def slope(self, term: Derivative, direction: Named) -> Named:
        """The derivative of the body along a direction of the variable."""
        if self._holds_derivative(term.body, term.variable.name):
            return self._difference(term, direction)
        moved = self.moving(term.variable.name, Named(direction.axes, direction.array * (TINY * 1j)))
        value = moved(term.body)
        return Named(value.axes, np.imag(value.array) / TINY)

    def _difference(self, term: Derivative, direction: Named) -> Named:
        steps = {sign * step: sign * weight for step, weight in STENCIL.items() for sign in (1, -1)}
        length = min(LONGEST_STEP, max(SHORTEST_STEP, self.world.clearance / 20))
        scale = self.scale(term.variable.name, direction)
        scale = Named(scale.axes, np.minimum(1.0, scale.array) * length)
        axes, (along, by) = aligned(NUMPY, [direction, scale])
        found = []
        for step, weight in steps.items():
            value = self.moving(term.variable.name, Named(axes, along * by * step))(term.body)
            found.append(Named(value.axes, value.array * weight))
        axes, (apart, by) = aligned(NUMPY, [total(NUMPY, found), scale])
        return Named(axes, apart / by)

    def scale(self, name: str, direction: Named) -> Named:
        """How often a direction can be added to a tensor until an element has moved by as much as it is itself.

        Elements that are zero do not count; where all are, once. Its axes: those of the direction beside the slots.
        """
        root: Evaluator = self
        while root.parent is not None:
            root = root.parent
        array = self.library.real(root.tensor(name).array)
        slots = tuple(range(array.ndim))
        axes, parts = aligned(self.library, [Named(slots, array), direction])
        own, along = np.broadcast_arrays(*(np.asarray(part) for part in parts))
        far = np.full(own.shape, math.inf, dtype=own.dtype)
        ways = np.abs(np.divide(own, along, out=far, where=(own != 0) & (along != 0)))
        shortest = np.asarray(np.minimum.reduce(ways, axis=tuple(axes.index(slot) for slot in slots)))
        rest = tuple(axis for axis in axes if axis not in slots)
        return Named(rest, np.where(shortest == math.inf, 1.0, shortest))

    def _holds_derivative(self, body: Term, name: str) -> bool:
        """Whether a derivative that moves with the variable has to be taken on the way to a body."""
        return derivatives_in(self.world.sheet, body, name)


class Differences(Reference):
    """The reference evaluator with real differences only: it needs no complex numbers, but fewer digits agree."""

    def _holds_derivative(self, body: Term, name: str) -> bool:
        return True


def derivatives_in(sheet: Sheet, body: Term, name: str) -> bool:
    """Whether a Derivative that depends on a tensor stands in a body or in a definition that the body uses."""
    return any(
        isinstance(each, Derivative) and sheet.depends(each.symbols, name)
        for part in reached(sheet, [body])
        for each in subterms(part)
    )


def evaluate(term: Term, world: World, axes: tuple[Index, ...], by: Reference | None = None) -> Array:
    """The array of a term, its free indices as axes in this order; an index that it lacks is filled by repetition.

    by: an evaluator of the world, which knows what was worked out before.
    """
    return np.array((by or Reference(world)).array(term, axes), dtype=float)


def ties(reference: Reference, kind: str, bound: tuple[Index, ...], body: Term) -> Array:
    """How far the extreme of a reduction is from the next value."""
    axes = (*bound, *in_order(body.free.difference(bound)))
    array = np.asarray(reference.array(body, axes))
    flat = np.sort(array.reshape(-1, *array.shape[len(bound) :]), axis=0)
    if len(flat) < 2:
        return np.full(1, math.inf)
    return np.asarray(flat[-1] - flat[-2] if kind == "max" else flat[1] - flat[0])
