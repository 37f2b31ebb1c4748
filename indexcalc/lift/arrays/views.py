"""Views: the ways from an array to another one that shares its elements, and back when one of them is written to."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from indexcalc.lift.arrays.array import Array, Axis
from indexcalc.lift.arrays.combine import contracted
from indexcalc.lift.arrays.conditions import chosen, compared
from indexcalc.lift.arrays.indexing import taken
from indexcalc.lift.arrays.shaping import permuted, reshaped
from indexcalc.lift.arrays.slicing import Item, full_items
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.arrays.writing import fitted_to, written_at
from indexcalc.lift.errors import UnreadableError
from indexcalc.terms import Product, Term


@dataclass(frozen=True)
class Elements:
    """x[items] with whole numbers, slices and new axes."""

    items: tuple[Item, ...]

    def read(self, whole: Array) -> Array:
        """The view of an array."""
        return taken(whole, self.items)

    def write(self, whole: Array, new: Array) -> Array:
        """The array after something was written to its view."""
        items = full_items(self.items, whole.rank)
        squeezed = tuple(axis for axis, item in zip(new.axes, _kept(items), strict=False) if item is not None)
        kept = [item for item in items if item is not None]
        return written_at(whole, kept, replace(new, axes=squeezed).numbered())


def _kept(items: Sequence[Any]) -> list[Any]:
    """The items that give an axis."""
    return [item for item in items if not isinstance(item, Array)]


@dataclass(frozen=True)
class Order:
    """The axes in another order."""

    order: tuple[int, ...]

    def read(self, whole: Array) -> Array:
        """The view of an array."""
        return permuted(whole, self.order)

    def write(self, whole: Array, new: Array) -> Array:
        """The array after something was written to its view."""
        rank = len(self.order)
        places = [place % rank for place in self.order]
        return permuted(new, [places.index(place) for place in range(rank)])


@dataclass(frozen=True)
class Shape:
    """The same elements in another shape."""

    shape: tuple[Whole, ...]

    def read(self, whole: Array) -> Array:
        """The view of an array."""
        return reshaped(whole, self.shape)

    def write(self, whole: Array, new: Array) -> Array:
        """The array after something was written to its view."""
        return reshaped(new, whole.shape)


@dataclass(frozen=True)
class Labelled:
    """The elements where axes with equal labels have equal places, with axes in an order: np.einsum('iij->ji')."""

    labels: tuple[Hashable, ...]
    output: tuple[Hashable, ...]

    def read(self, whole: Array) -> Array:
        """The view of an array."""
        return contracted([whole], [self.labels], self.output)

    def write(self, whole: Array, new: Array) -> Array:
        """The array after something was written to its view."""
        first: dict[Hashable, Axis] = {}
        ties: list[Term] = []
        for label, axis in zip(self.labels, whole.axes, strict=True):
            if label in first:
                pairs = zip(first[label].factors, axis.factors, strict=True)
                ties += [compared("==", Whole.atom(one), Whole.atom(other)) for one, other in pairs]
            first.setdefault(label, axis)
        target = tuple(first[label] for label in self.output)
        fitted = fitted_to(new, target)
        if fitted.hidden is not None or whole.hidden is not None:
            raise UnreadableError("minus infinity is written to a diagonal")
        term = chosen(Product(*ties), fitted.term, whole.term)
        return replace(whole, term=term, whole=None, choice=None)


View = Elements | Order | Shape | Labelled
