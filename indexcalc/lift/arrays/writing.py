"""Writing elements: an array with some of its elements replaced or added to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from indexcalc.lift.arrays.array import Array, Axis, shape_text
from indexcalc.lift.arrays.combine import broadcast, reduction, summed
from indexcalc.lift.arrays.conditions import chosen
from indexcalc.lift.arrays.indexing import OWN, selection
from indexcalc.lift.arrays.slicing import Item, only_mask
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.terms import ONE, ZERO, Delta, Index, Product, Sum, Term, factors_of
from indexcalc.walk import substitute


def written_at(value: Array, items: Sequence[Item], new: Array, adds: bool = False, once: bool = False) -> Array:
    """value with value[items] replaced by an array (broadcast to it), or with it added.

    once: an element that arrays of places name several times is added to once, as numpy's `x[places] += y` does.
    """
    mask = only_mask(items)
    if mask is not None:
        return _written_under(value, mask, new, adds)
    parts = selection(value, items)
    target = Array(parts.axes, ZERO)
    fitted = fitted_to(new, target.axes)
    places = [index for axis in parts.axes for index in axis.factors]
    selector = Product(*(term for _, term in parts.selectors))
    for axis in parts.axes:
        if axis.length is not None:
            selector = Product(selector, axis.inside)
    back = {Index(OWN, index.range, index.serial): index for index in value.indices}
    if adds and not (once and parts.advanced):
        term = Sum(value.term, substitute(summed(places, Product(selector, fitted.term)), back))
        if value.hidden is not None or fitted.hidden is not None:
            raise UnreadableError("minus infinity is added to places")
        return replace(value, term=term, whole=None, choice=None)
    touched, put = _put(places, selector, fitted, parts.advanced)
    touched = substitute(touched, back)
    put = _at_axes(touched, value, put)
    if adds:
        if value.hidden is not None or put[1] is not None:
            raise UnreadableError("minus infinity is added to places")
        term = Sum(value.term, Product(touched, substitute(put[0], back)))
        return replace(value, term=term, whole=None, choice=None)
    hidden = None
    if value.hidden is not None or put[1] is not None:
        new_hidden = substitute(put[1], back) if put[1] is not None else ZERO
        hidden = chosen(touched, new_hidden, value.hidden or ZERO)
        hidden = None if hidden is ZERO else hidden
    return replace(
        value, term=chosen(touched, substitute(put[0], back), value.term), hidden=hidden, whole=None, choice=None
    )


def _at_axes(touched: Term, value: Array, put: tuple[Term, Term | None]) -> tuple[Term, Term | None]:
    """What is written with the axes of the array in place of the letters of loops that are equal to them there."""
    axes = frozenset(value.indices)
    renaming: dict[Index, Index] = {}
    for each in factors_of(touched):
        if isinstance(each, Delta):
            one, other = each.slots
            axis, letter = (one, other) if one in axes else (other, one)
            if axis in axes and letter not in axes and letter.place is None:
                renaming[letter] = axis
    return substitute(put[0], renaming), None if put[1] is None else substitute(put[1], renaming)


def _put(places: list[Index], selector: Term, new: Array, advanced: bool) -> tuple[Term, tuple[Term, Term | None]]:
    """Where something is written, and what. An element that is written twice by arrays of places is refused."""
    one_to_one = True
    for index in places:
        ties = [each for each in factors_of(selector) if isinstance(each, Delta) and index in each.slots]
        if not ties:
            one_to_one = False
            break
        first, second = ties[0].slots
        renaming = {index: second if first is index else first}
        selector, new = substitute(selector, renaming), new.renamed(renaming)
        new = replace(
            new,
            term=substitute(new.term, renaming),
            hidden=None if new.hidden is None else substitute(new.hidden, renaming),
        )
    if one_to_one:
        return selector, (new.term, new.hidden)
    left = [index for index in places if index in selector.free]
    free_of_places = not any(index in new.term.free for index in left)
    if new.hidden is not None and not free_of_places:
        raise UnreadableError("minus infinity is written to places that are reckoned")
    if advanced and free_of_places:  # an element may be named several times, with one value
        return reduction("max", left, selector), (new.term, new.hidden)
    if advanced:
        raise UnreadableError("elements may be written several times")
    return summed(left, selector), (summed(left, Product(selector, new.term)), new.hidden)


def fitted_to(new: Array, axes: tuple[Axis, ...]) -> Array:
    """An array broadcast to axes. Raises if it has more of them, or others."""
    while new.rank > len(axes) and not new.axes[0].factors:
        new = replace(new, axes=new.axes[1:])
    if new.rank > len(axes):
        shape = shape_text([axis.size for axis in axes])
        raise RaisesError(f"an array of shape {shape_text(new.shape)} does not fit into {shape}")
    lettered = tuple(axes)
    values = [new, Array(lettered, ZERO).numbered()]
    met_axes, parts = broadcast(values)
    if [axis.size for axis in met_axes] != [axis.size for axis in lettered]:
        shape = shape_text([axis.size for axis in lettered])
        raise RaisesError(f"an array of shape {shape_text(new.shape)} does not fit into {shape}")
    found = replace(parts[0], axes=met_axes)
    flat = [index for axis in met_axes for index in axis.factors]
    wanted = [index for axis in lettered for index in axis.factors]
    if len(flat) != len(wanted):
        raise UnreadableError("merged axes are assigned")
    renaming = dict(zip(flat, wanted, strict=True))
    return replace(
        found,
        axes=lettered,
        term=substitute(found.term, renaming),
        hidden=None if found.hidden is None else substitute(found.hidden, renaming),
        whole=None,
        choice=None,
    )


def _written_under(value: Array, mask: Array, new: Array, adds: bool) -> Array:
    if new.mask is not None and (new.mask is not mask.term or new.axes != value.axes):
        raise UnreadableError("elements that another mask picks are assigned")
    if new.mask is None and new.rank:
        raise UnreadableError("an array is assigned to the places that a mask picks")
    if mask.rank > value.rank:
        raise RaisesError("the mask has more axes than the array")
    padded = Array((*mask.axes, *(Axis() for _ in range(value.rank - mask.rank))), mask.term, "bool")
    padded = padded.numbered()
    axes, parts = broadcast([padded, value])
    if [axis.size for axis in axes] != list(value.shape):
        raise RaisesError("the mask has another shape than the array")
    condition, old = parts[0].term, parts[1]
    hidden = None
    if new.hidden is not None or old.hidden is not None:
        hidden = chosen(condition, ONE if new.hidden is not None else ZERO, old.hidden or ZERO)
    put = Sum(old.term, new.term) if adds else new.term
    if adds and hidden is not None:
        raise UnreadableError("minus infinity is added to places")
    return replace(value, axes=axes, term=chosen(condition, put, old.term), hidden=hidden, whole=None, choice=None)
