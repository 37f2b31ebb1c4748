"""Axes with further places before and behind them."""

from __future__ import annotations

from dataclasses import replace

from indexcalc.lift.arrays.array import Array, axis_of
from indexcalc.lift.arrays.conditions import chosen, compared
from indexcalc.lift.arrays.indexing import read_at
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.errors import UnreadableError
from indexcalc.terms import Product

Pair = tuple[Whole, Whole]
ZERO = Whole()


def padded(a: Array, place: int, widths: Pair, value: Array | None = None) -> Array:
    """An axis with further places before and behind it, which hold a number (0 if there is none)."""
    low, high = widths
    if low == high == ZERO:
        return a
    if (-low).at_least(1) or (-high).at_least(1):
        raise UnreadableError("an axis that is cut by padding")
    old = a.axes[place]
    new = axis_of(old.size + low + high, 940).renamed_letters("w")
    if len(new.factors) != 1 or new.length is not None:
        raise UnreadableError("padding along such an axis")
    here = Whole.atom(new.factors[0])
    found = read_at(a, place, here - low)
    if value is not None:
        inside = Product(compared("<=", low, here), compared("<", here, low + old.size))
        found = replace(found, term=chosen(inside, found.term, value.term))
    return replace(found, axes=(*found.axes[:place], new, *found.axes[place:])).plain().numbered()
