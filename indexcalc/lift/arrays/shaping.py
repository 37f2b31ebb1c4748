"""The order and the grouping of axes: transposed, reshaped, broadcast, joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from indexcalc.lift.arrays.array import Array, Axis, axis_of, range_of, shape_text, written
from indexcalc.lift.arrays.combine import broadcast
from indexcalc.lift.arrays.conditions import compared
from indexcalc.lift.arrays.whole import UNIT, Whole
from indexcalc.lift.errors import RaisesError, UndecidedError, UnreadableError
from indexcalc.terms import ZERO, Delta, Index, Product, Sum
from indexcalc.walk import substitute


def place_of(place: int, rank: int) -> int:
    """The place of an axis, counted from 0, for one that may be counted from the end. Raises outside."""
    if not -rank <= place < rank:
        raise RaisesError(f"axis {place} of an array with {rank} axes")
    return place % rank


def places_of(places: Sequence[int], rank: int) -> tuple[int, ...]:
    """The places of several axes. Raises for one outside or twice."""
    found = tuple(place_of(place, rank) for place in places)
    if len(set(found)) < len(found):
        raise RaisesError(f"axes {tuple(places)} name an axis twice")
    return found


def permuted(value: Array, order: Sequence[int]) -> Array:
    """The array with its axes in another order."""
    order = places_of(order, value.rank)
    if len(order) != value.rank:
        raise RaisesError(f"{len(order)} axes are named for an array with {value.rank}")
    return replace(value, axes=tuple(value.axes[place] for place in order)).numbered()


def swapped(value: Array, first: int, second: int) -> Array:
    """The array with two axes exchanged."""
    one, two = place_of(first, value.rank), place_of(second, value.rank)
    order = list(range(value.rank))
    order[one], order[two] = two, one
    return permuted(value, order)


def moved_axes(value: Array, source: Sequence[int], target: Sequence[int]) -> tuple[int, ...]:
    """The order of axes that np.moveaxis gives."""
    if len(source) != len(target):
        raise RaisesError("as many axes must be named before as after")
    old, new = places_of(source, value.rank), places_of(target, value.rank)
    order = [place for place in range(value.rank) if place not in old]
    for place, axis in sorted(zip(new, old, strict=True)):
        order.insert(place, axis)
    return tuple(order)


def expanded(value: Array, places: Sequence[int]) -> Array:
    """The array with axes of length 1 at places of the result."""
    rank = value.rank + len(places)
    wanted = places_of(places, rank)
    left = iter(value.axes)
    return replace(value, axes=tuple(Axis() if place in wanted else next(left) for place in range(rank))).numbered()


def squeezed(value: Array, places: Sequence[int] | None, strict: bool = True) -> Array:
    """The array without axes of length 1: all, or those named. Raises for a longer one if strict."""
    if places is None:
        return replace(value, axes=tuple(axis for axis in value.axes if axis.factors)).numbered()
    wanted = places_of(places, value.rank)
    long = [place for place in wanted if value.axes[place].factors]
    if long and strict:
        raise RaisesError(f"axis {long[0]} has length {value.axes[long[0]]}, not 1")
    kept = (axis for place, axis in enumerate(value.axes) if place not in wanted or axis.factors)
    return replace(value, axes=tuple(kept)).numbered()


def reshaped(value: Array, shape: Sequence[Whole]) -> Array:
    """The array with its axes merged and split; one length may be -1."""
    shape = _filled(value, list(shape))
    try:
        return _regrouped(value, shape)
    except UndecidedError:
        return _renumbered(value, shape)


def _renumbered(value: Array, shape: Sequence[Whole]) -> Array:
    """The array in another shape, element by element: where the numbers of the elements, row-major, are equal."""
    axes = tuple(axis_of(size, 10 * place) for place, size in enumerate(shape))
    renaming = {index: Index("r", index.range, index.serial) for axis in axes for index in axis.factors}
    axes = tuple(axis.renamed(renaming) for axis in axes)
    tie = compared("==", _number(value.axes), _number(axes))
    if value.hidden is not None:
        raise _unfit(value, shape)
    from indexcalc.lift.arrays.combine import sum_over

    term = sum_over(value.axes, Product(tie, value.term))
    return replace(value, axes=axes, term=term, whole=None, choice=None).numbered()


def _number(axes: Sequence[Axis]) -> Whole:
    """The number of an element, row-major, from 0."""
    total = Whole()
    for axis in axes:
        if axis.length is not None:
            total = total * axis.size + Whole.atom(axis.factors[0])
            continue
        for index in axis.factors:
            total = total * Whole.atom(index.range) + Whole.atom(index)
    return total


def _regrouped(value: Array, shape: Sequence[Whole]) -> Array:
    """The array with its axes merged and split where the ranges say how. Raises UndecidedError elsewhere."""
    pieces: list[Axis] = [
        Axis((index,)) if axis.length is None else axis for axis in value.axes for index in axis.factors
    ]
    found: list[Axis] = []
    value = replace(value, axes=tuple(pieces))
    for size in shape:
        taken: list[Axis] = []
        total = UNIT
        while total != size:
            if not pieces:
                raise _unfit(value, shape)
            split = _split(pieces[0], size.divided(total))
            if split is not None:
                value, pieces = _replaced(value, pieces, split)
            piece = pieces.pop(0)
            taken.append(piece)
            total = total * piece.size
            if size.divided(total) is None:
                raise _unfit(value, shape)
        if len(taken) > 1 and any(each.length is not None for each in taken):
            raise UnreadableError("parts of axes are merged")
        joined = Axis(tuple(index for each in taken for index in each.factors), taken[0].length if taken else None)
        found.append(joined)
    if pieces:
        raise _unfit(value, shape)
    return replace(value, axes=tuple(found)).numbered()


def _unfit(value: Array, shape: Sequence[Whole]) -> UndecidedError:
    return UndecidedError(f"an array of shape {shape_text(value.shape)} is reshaped to {shape_text(shape)}")


def _filled(value: Array, shape: list[Whole]) -> list[Whole]:
    """The shape with the length that -1 stands for."""
    total = UNIT
    for axis in value.axes:
        total = total * axis.size
    known = UNIT
    for size in shape:
        known = known * (size if size.number != -1 else UNIT)
    if sum(size.number == -1 for size in shape) == 1:
        missing = total.divided(known)
        if missing is None:
            raise _unfit(value, shape)
        return [missing if size.number == -1 else size for size in shape]
    if known != total:
        raise RaisesError(f"an array of shape {shape_text(value.shape)} cannot have the shape {shape_text(shape)}")
    return shape


def _split(piece: Axis, wanted: Whole | None) -> tuple[int, int] | None:
    """Into what lengths an axis of a number of places must be split to give one of the length wanted."""
    own = piece.size.number
    goal = wanted.number if wanted is not None else None
    if own is None or goal is None or piece.length is not None or goal >= own or own % goal or goal == 1:
        return None
    return goal, own // goal


def _replaced(value: Array, pieces: list[Axis], split: tuple[int, int]) -> tuple[Array, list[Axis]]:
    """The array read along two indices in place of one."""
    index = pieces[0].factors[0]
    outer, inner = (Index("r", range_of(size), index.serial * 2 + n) for n, size in enumerate(split))
    place = Whole.atom(outer) * Whole.of(split[1]) + Whole.atom(inner)
    from indexcalc.lift.arrays.combine import gathered

    value = gathered(value, index, compared("==", Whole.atom(index), place))
    return value, [Axis((outer,)), Axis((inner,)), *pieces[1:]]


def broadcast_to(value: Array, shape: Sequence[Whole]) -> Array:
    """The array repeated to a shape; -1 keeps a length. Raises where it does not fit."""
    if len(shape) < value.rank:
        raise RaisesError(f"an array of shape {shape_text(value.shape)} does not fit into {shape_text(shape)}")
    offset = len(shape) - value.rank
    sizes = [
        value.axes[place - offset].size if size.number == -1 and place >= offset else size
        for place, size in enumerate(shape)
    ]
    axes = tuple(axis_of(size, 10 * place) for place, size in enumerate(sizes))
    found, parts = broadcast([value, Array(axes, ZERO).numbered()])
    if [axis.size for axis in found] != sizes:
        raise RaisesError(f"an array of shape {shape_text(value.shape)} does not fit into {shape_text(sizes)}")
    return replace(parts[0], axes=found)


def stacked(values: Sequence[Array], place: int) -> Array:
    """Arrays of one shape along a new axis."""
    axes, parts = broadcast(list(values))
    if any(each.shape != values[0].shape for each in values):
        raise RaisesError("arrays of different shapes are stacked")
    place = place_of(place, len(axes) + 1)
    if len(values) == 1:
        return replace(parts[0], axes=(*axes[:place], Axis(), *axes[place:])).numbered()
    new = Index("k", range_of(len(values)), 1)
    addends = [Product(Delta(new, Index(str(n + 1), new.range)), part.term) for n, part in enumerate(parts)]
    if any(part.hidden is not None for part in parts):
        raise UnreadableError("arrays with minus infinity are joined")
    kind = values[0].kind
    joined = Array((*axes[:place], Axis((new,)), *axes[place:]), Sum(*addends), kind, library=values[0].library)
    return joined.numbered()


def concatenated(values: Sequence[Array], place: int) -> Array:
    """Arrays joined along an axis, where all lengths along it are numbers or one is."""
    if len({each.rank for each in values}) > 1:
        raise RaisesError("arrays with different numbers of axes are joined")
    place = place_of(place, values[0].rank)
    total = Whole()
    for each in values:
        total = total + each.axes[place].size
    if len(values) == 1:
        return values[0]
    new = axis_of(total, 990)
    if len(new.factors) != 1:
        return _blocks(values, place, new)
    index = Index("k", new.factors[0].range, 1)
    new = new.renamed({new.factors[0]: index})
    reach, joined = Whole(), None
    for each in values:
        part = _placed(each, place, index, reach)
        reach = reach + each.axes[place].size
        joined = part if joined is None else _added(joined, part)
    assert joined is not None
    axes = (*joined.axes[:place], new, *joined.axes[place + 1 :])
    return replace(joined, axes=axes).numbered()


def _placed(value: Array, place: int, index: Index, start: Whole) -> Array:
    """An array spread along an index, 0 beside its own places; its axis there has length 1."""
    from indexcalc.lift.arrays.combine import gathered

    axis = value.axes[place]
    if value.hidden is not None or len(axis.factors) > 1:
        raise UnreadableError("these arrays cannot be joined")
    here = Whole.atom(index) - start
    if axis.factors:
        own = Index("j", axis.factors[0].range, 1)
        value = value.renamed({axis.factors[0]: own})
        value = gathered(value, own, compared("==", Whole.atom(own), here)) if own in value.term.free else value
    inside = Product(compared("<=", start, Whole.atom(index)), compared("<", Whole.atom(index), start + axis.size))
    axes = (*value.axes[:place], Axis(), *value.axes[place + 1 :])
    return replace(value, axes=axes, term=Product(inside, value.term), whole=None, choice=None).numbered()


def _added(first: Array, second: Array) -> Array:
    from indexcalc.lift.arrays.combine import combined

    if first.shape != second.shape:
        raise RaisesError("arrays of different shapes are joined")
    return combined([first, second], Sum)


def _blocks(values: Sequence[Array], place: int, new: Axis) -> Array:
    """Arrays of one length joined: blocks along a merged axis."""
    if any(each.axes[place].size != values[0].axes[place].size for each in values):
        raise UnreadableError("arrays whose lengths together are no range are joined")
    found = stacked(values, 0)
    order = [*range(1, place + 1), 0, *range(place + 1, found.rank)]
    found = permuted(found, order)
    merged = Axis((*found.axes[place].factors, *found.axes[place + 1].factors))
    if [r.size or r for r in merged.ranges] != [r.size or r for r in new.ranges]:
        raise UnreadableError("arrays whose lengths together are no range are joined")
    return replace(found, axes=(*found.axes[:place], merged, *found.axes[place + 2 :])).numbered()


def repeated_axis(value: Array, place: int, many: Whole, inner: bool) -> Array:
    """An axis of length 1 repeated, or each place (inner) or all places in turn of a longer one."""
    axis = value.axes[place]
    new = axis_of(many, 980)
    letters = tuple(Index("k", index.range, n + 1) for n, index in enumerate(new.factors))
    factors = (*axis.factors, *letters) if inner else (*letters, *axis.factors)
    if axis.length is not None:
        raise UnreadableError(f"a part of an axis is repeated {written(many)} times")
    return replace(value, axes=(*value.axes[:place], Axis(factors), *value.axes[place + 1 :])).numbered()


def merged_axis(value: Array, first: int, last: int) -> Array:
    """Neighbouring axes as one."""
    factors = tuple(index for axis in value.axes[first : last + 1] for index in axis.factors)
    if any(axis.length is not None for axis in value.axes[first : last + 1]) and last > first:
        raise UnreadableError("parts of axes are merged")
    axis = value.axes[first] if first == last else Axis(factors)
    return replace(value, axes=(*value.axes[:first], axis, *value.axes[last + 1 :])).numbered()


def shifted_substitute(value: Array, renaming: dict[Index, Index]) -> Array:
    """The array with free indices that are no axes replaced: letters of loops."""
    return replace(
        value,
        term=substitute(value.term, renaming),
        hidden=None if value.hidden is None else substitute(value.hidden, renaming),
        whole=None if value.whole is None else value.whole.renamed(renaming),
        choice=None if value.choice is None else (value.choice[0], substitute(value.choice[1], renaming)),
    )
