"""Equations between places, and recurrences, as an evaluator sees them: by their definition."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np

from indexcalc.affine import Form
from indexcalc.terms import Constraint, Delta, Epsilon, Index, Term
from indexcalc.verify.named import NUMPY, Library, Named, aligned, arranged, chosen, product, summed, total

if TYPE_CHECKING:
    from indexcalc.verify.evaluator import Evaluator


def recur(evaluator: Evaluator, name: str) -> Named:
    """The values of a recurrence: those that the values before give, until nothing changes.

    What is read is smaller in one order, so each round settles further places, whatever the first values were.
    """
    together = evaluator.world.sheet.recurrences[name]
    definitions = [evaluator.world.sheet.definitions[name] for name in together]
    lengths = {each.name: [evaluator.world.sizes[axis.range] for axis in each.axes] for each in definitions}
    for each in definitions:
        zeros = evaluator.library.constant(np.zeros(lengths[each.name]))
        evaluator.tensors[each.name] = Named(tuple(range(len(each.axes))), zeros)
    settled = {term: value for term, value in evaluator.known.items() if term.symbols.isdisjoint(together)}
    for _ in range(sum(math.prod(each) for each in lengths.values()) + 1):
        evaluator.known = dict(settled)
        new: dict[str, Named] = {}
        for each in definitions:
            value = arranged(evaluator.library, evaluator(each.body), each.axes, lengths[each.name])
            slots = tuple(range(len(each.axes)))
            whole = Named((*slots, *value.axes[len(slots) :]), value.array)
            moved = [evaluator.moved[each.name]] if each.name in evaluator.moved else []
            new[each.name] = total(evaluator.library, [whole, *moved])
        is_same = all(_is_same(evaluator.library, new[each], evaluator.tensors[each]) for each in together)
        evaluator.tensors |= new
        if is_same:
            break
    evaluator.known = dict(settled)
    return evaluator.tensors[name]


def symbol(evaluator: Evaluator, term: Delta | Epsilon) -> Named:
    """The Kronecker delta or the permutation symbol at all places."""
    axes, places = aligned(NUMPY, [evaluator.place(slot) for slot in term.slots])
    if isinstance(term, Delta):
        array = (places[0] == places[1]).astype(float)
    else:
        i, j, k = places
        array = (i - j) * (j - k) * (k - i) / 2  # the sign of the order of three places
    return Named(axes, evaluator.library.constant(array))


def form_of(evaluator: Evaluator, form: Form) -> Named:
    """The values of an affine form of places."""
    sizes = sum(times * evaluator.world.sizes[range] for range, times in form.sizes)
    axes, places = aligned(NUMPY, [Named((), np.asarray(0.0)), *(evaluator.place(index) for index in form.free)])
    start = form.constant + sizes + sum(times for _, times in form.letters)
    return Named(axes, start + sum(times * place for (_, times), place in zip(form.letters, places[1:], strict=True)))


def constraint(evaluator: Evaluator, term: Constraint) -> Named:
    """1 where a form of places holds its relation with 0, else 0."""
    value = form_of(evaluator, term.form)
    if term.relation == ">=":
        return Named(value.axes, evaluator.library.constant((np.asarray(value.array) >= 0).astype(float)))
    period = float(form_of(evaluator, term.period).array)
    left = np.mod(value.array, period) if period else value.array
    return Named(value.axes, evaluator.library.constant((np.asarray(left) == 0).astype(float)))


def with_places(evaluator: Evaluator, bound: tuple[Index, ...], factors: tuple[Term, ...]) -> Named:
    """A sum with equations between places; what is no number where an equation does not hold does not count."""
    masks = [evaluator(each) for each in factors if isinstance(each, Constraint)]
    axes = {axis for mask in masks for axis in mask.axes}
    mask = product(evaluator.library, masks)
    nothing = evaluator.library.constant(np.zeros(()))
    values = [mask]
    rest = evaluator.factors(tuple(each for each in factors if not isinstance(each, Constraint)))
    for value in rest:
        if axes & set(value.axes):
            named, parts = aligned(evaluator.library, [value, _over(evaluator, mask, value.axes)])
            values.append(Named(named, chosen(evaluator.library, parts[1] == 0, nothing, parts[0])))
        else:
            values.append(value)
    return evaluator.contraction(bound, values)


def _over(evaluator: Evaluator, mask: Named, axes: tuple[Hashable, ...]) -> Named:
    """Where a mask holds for some places of the axes that others lack."""
    rest = [axis for axis in mask.axes if axis not in axes]
    for axis in rest:
        mask = summed(evaluator.library, mask, axis)
    return mask


def _is_same(library: Library, one: Named, other: Named) -> bool:
    """Whether two values are the same numbers, with the parts of displacements."""
    if one.axes != other.axes or one.array.shape != other.array.shape:
        return False
    pair = [each.array for each in (one, other)]
    if type(pair[0]) is not np.ndarray or type(pair[1]) is not np.ndarray:
        return False  # traced, or of numbers that are compared otherwise: all rounds are done
    return bool(np.array_equal(pair[0], pair[1], equal_nan=True))
