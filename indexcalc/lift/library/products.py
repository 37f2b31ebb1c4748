"""Products of arrays: matrix products, dots, outer and Kronecker products, traces and diagonals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from indexcalc.lift.arrays.array import Array, Axis, array, shape_text
from indexcalc.lift.arrays.combine import contracted, gathered, unlike
from indexcalc.lift.arrays.conditions import compared
from indexcalc.lift.arrays.shaping import place_of, places_of
from indexcalc.lift.arrays.slicing import Slice
from indexcalc.lift.arrays.views import Labelled
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library.elementwise import multiply
from indexcalc.terms import ZERO, Index, Product

Labels = list[object]


def matmul(a: Array, b: Array) -> Array:
    """a @ b: matrix products of the last two axes, the others broadcast."""
    if not a.rank or not b.rank:
        raise RaisesError("a number is no operand of @")
    if a.rank == 1 and b.rank == 1:
        return contracted([a, b], ["k", "k"], "")
    rows: Labels = ["r"] if a.rank > 1 else []
    columns: Labels = ["c"] if b.rank > 1 else []
    depth = max(a.rank, b.rank) - 2
    batch: Labels = [("batch", n) for n in range(max(depth, 0))]
    first, second = (batch[len(batch) - max(each.rank - 2, 0) :] for each in (a, b))
    inner_a, inner_b = a.axes[-1], b.axes[-2 if b.rank > 1 else -1]
    if inner_a.size != inner_b.size:
        shapes = f"{shape_text(a.shape)} and {shape_text(b.shape)}"
        raise unlike(inner_b, inner_a, f"the shapes {shapes} do not fit in a matrix product")
    return contracted([a, b], [[*first, *rows, "k"], [*second, "k", *columns]], [*batch, *rows, *columns])


def dot(a: Array, b: Array) -> Array:
    """np.dot: the last axis of a with the last but one of b; no broadcasting."""
    if not a.rank or not b.rank:
        return multiply(a, b)
    first: Labels = [("a", n) for n in range(a.rank - 1)]
    second: Labels = [("b", n) for n in range(b.rank)]
    second[-2 if b.rank > 1 else -1] = "k"
    _same_length(a.axes[-1], b.axes[-2 if b.rank > 1 else -1], (a, b))
    rest = [each for each in second if each != "k"]
    return contracted([a, b], [[*first, "k"], second], [*first, *rest])


def _same_length(one: Axis, other: Axis, values: Sequence[Array]) -> None:
    """Raise where two axes that are summed together have different lengths: there is no broadcasting here."""
    if one.size != other.size:
        shapes = " and ".join(shape_text(each.shape) for each in values)
        raise unlike(other, one, f"the shapes {shapes} do not fit")


def inner(a: Array, b: Array) -> Array:
    """np.inner: the last axis of both."""
    if not a.rank or not b.rank:
        return multiply(a, b)
    first: Labels = [("a", n) for n in range(a.rank - 1)]
    second: Labels = [("b", n) for n in range(b.rank - 1)]
    _same_length(a.axes[-1], b.axes[-1], (a, b))
    return contracted([a, b], [[*first, "k"], [*second, "k"]], [*first, *second])


def vdot(a: Array, b: Array) -> Array:
    """The sum of the product of all elements."""
    if a.shape != b.shape:
        raise UnreadableError("np.vdot of arrays of different shapes")
    labels: Labels = list(range(a.rank))
    return contracted([a, b], [labels, labels], [])


def vecdot(a: Array, b: Array, axis: Any = -1) -> Array:
    """The sums of products along one axis of both."""
    from indexcalc.lift.library.reductions import total

    if not a.rank or not b.rank:
        raise RaisesError("a number has no axis to sum along")
    _same_length(a.axes[place_of(axis, a.rank)], b.axes[place_of(axis, b.rank)], (a, b))
    if axis >= 0 and a.rank != b.rank:
        raise UnreadableError("sums of products along an axis of arrays with different numbers of axes")
    return total(multiply(a, b), axis)


def matvec(a: Array, b: Array) -> Array:
    """Matrices times vectors, along the last axes."""
    if a.rank < 2 or not b.rank:
        raise RaisesError("a matrix and a vector are needed")
    column = replace(b, axes=(*b.axes, Axis())).numbered()
    found = matmul(a, column)
    return replace(found, axes=found.axes[:-1]).numbered()


def vecmat(a: Array, b: Array) -> Array:
    """Vectors times matrices, along the last axes."""
    if b.rank < 2 or not a.rank:
        raise RaisesError("a vector and a matrix are needed")
    row = replace(a, axes=(*a.axes[:-1], Axis(), a.axes[-1])).numbered()
    found = matmul(row, b)
    return replace(found, axes=(*found.axes[:-2], found.axes[-1])).numbered()


def outer_of(a: Array, b: Array) -> tuple[Array, Array]:
    """Both arrays with axes of length 1 so that all pairs of elements meet."""
    ones = tuple(Axis() for _ in range(b.rank))
    return replace(a, axes=(*a.axes, *ones)).numbered(), b


def outer(a: Array, b: Array) -> Array:
    """np.outer: of all elements of both, as a matrix."""
    return multiply(*outer_of(flat(a), flat(b)))


def flat(a: Array) -> Array:
    """All elements as one axis."""
    if a.rank == 1:
        return a
    from indexcalc.lift.arrays.shaping import reshaped

    return reshaped(a, [Whole.of(-1)])


def tensordot(a: Array, b: Array, axis: Any = 2) -> Array:
    """np.tensordot: a number of axes, or two lists of them."""
    if isinstance(axis, int):
        ours, theirs = list(range(a.rank - axis, a.rank)), list(range(axis))
        if axis > min(a.rank, b.rank) or axis < 0:
            raise RaisesError(f"{axis} axes are summed of arrays of {a.rank} and {b.rank}")
    else:
        ours, theirs = ([each] if isinstance(each, int) else list(each) for each in axis)
    if len(ours) != len(theirs):
        raise RaisesError("as many axes of one array as of the other must be summed")
    mine, yours = places_of(ours, a.rank), places_of(theirs, b.rank)
    first: Labels = [("a", n) for n in range(a.rank)]
    second: Labels = [("b", n) for n in range(b.rank)]
    for number, (one, other) in enumerate(zip(mine, yours, strict=True)):
        _same_length(a.axes[one], b.axes[other], (a, b))
        first[one] = second[other] = number
    rest = [each for each in (*first, *second) if not isinstance(each, int)]
    return contracted([a, b], [first, second], rest)


def kron(a: Array, b: Array) -> Array:
    """np.kron: each axis is one of a and one of b, merged."""
    from indexcalc.lift.arrays.shaping import expanded

    rank = max(a.rank, b.rank)
    a, b = (expanded(each, tuple(range(rank - each.rank))) if each.rank < rank else each for each in (a, b))
    found = multiply(*outer_of(a, b))
    axes = []
    for n in range(a.rank):
        pair = found.axes[n], found.axes[n + a.rank]
        if any(axis.length is not None for axis in pair):
            raise UnreadableError("np.kron of parts of axes")
        axes.append(Axis((*pair[0].factors, *pair[1].factors)))
    return replace(found, axes=tuple(axes)).numbered()


def diagonal(a: Array, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Labelled | Array:
    """The elements at equal places of two axes, or of places that lie apart, as the last axis."""
    one, two = place_of(axis1, a.rank), place_of(axis2, a.rank)
    if one == two:
        raise RaisesError("the diagonal of one axis")
    if offset or a.axes[one].size != a.axes[two].size:
        return _beside(a, offset, one, two)
    rest = [n for n in range(a.rank) if n not in (one, two)]
    labels: Labels = ["d" if n in (one, two) else n for n in range(a.rank)]
    return Labelled(tuple(labels), (*rest, "d"))


def _beside(a: Array, offset: int, one: int, two: int) -> Array:
    """The elements of two axes whose places lie a number apart, as the last axis."""
    from indexcalc.lift.arrays.indexing import place_array, taken
    from indexcalc.lift.arrays.shaping import permuted

    low = [Whole.of(max(-offset, 0)), Whole.of(max(offset, 0))]
    lengths = [a.axes[place].size - start for place, start in zip((one, two), low, strict=True)]
    length = next((each for each in lengths if all((other - each).at_least() for other in lengths)), None)
    if length is None or (-length).at_least():
        raise UnreadableError("the diagonal of axes of different lengths")
    rest = [n for n in range(a.rank) if n not in (one, two)]
    moved = permuted(a, (*rest, one, two))
    return taken(moved, [*[Slice()] * len(rest), *(place_array(length, start) for start in low)])


def trace(a: Array, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Array:
    """The sum of a diagonal."""
    from indexcalc.lift.library.reductions import total

    found = diagonal(a, offset, axis1, axis2)
    return total(found if isinstance(found, Array) else found.read(a), -1)


def diagonal_array(v: Array, offset: int = 0) -> Array:
    """The last axis as the diagonal of a matrix, 0 elsewhere."""
    if offset:
        from indexcalc.lift.arrays.padding import padded

        low, high = Whole.of(max(offset, 0)), Whole.of(max(-offset, 0))
        square = diagonal_array(v)
        return padded(padded(square, square.rank - 2, (high, low)), square.rank - 1, (low, high))
    axis = v.axes[-1]
    if len(axis.factors) != 1 or v.hidden is not None:
        if not axis.factors:
            return replace(v, axes=(*v.axes, Axis()))
        raise UnreadableError("a diagonal matrix of a merged axis")
    index = axis.factors[0]
    new = Index("k", index.range, 1)
    term = Product(compared("==", Whole.atom(index), Whole.atom(new)), v.term)
    return array((*v.axes, Axis((new,), axis.length)), term, v.kind, v.library)


def diag(v: Array, offset: int = 0) -> Array:
    """np.diag: the matrix of a vector, or the diagonal of a matrix."""
    if v.rank == 1:
        return diagonal_array(v, offset)
    if v.rank != 2:
        raise RaisesError(f"np.diag of an array with {v.rank} axes")
    found = diagonal(v, offset)
    return found if isinstance(found, Array) else found.read(v)


def with_diagonal(a: Array, value: Array) -> Array:
    """np.fill_diagonal: the array with another diagonal."""
    from indexcalc.lift.arrays.indexing import place_array
    from indexcalc.lift.arrays.writing import written_at

    if a.rank < 2:
        raise RaisesError("the diagonal of a vector")
    places = place_array(a.axes[0].size)
    if any(axis.size != a.axes[0].size for axis in a.axes):
        raise UnreadableError("the diagonal of an array whose axes have different lengths")
    return written_at(a, [places] * a.rank, value)


def cross(a: Array, b: Array) -> Array:
    """The cross product of the last axes, of length 3."""
    from indexcalc.lift.arrays.array import range_of
    from indexcalc.terms import Epsilon

    if a.axes[-1].size.number != 3 or b.axes[-1].size.number != 3:
        raise UnreadableError("a cross product of axes whose length is not 3")
    three = tuple(Index("k", range_of(3), n) for n in (1, 2, 3))
    permutation = Array(tuple(Axis((index,)) for index in three), Epsilon(*three))
    depth = max(a.rank, b.rank) - 1
    batch: Labels = [("batch", n) for n in range(depth)]
    labels = [[*batch[depth - each.rank + 1 :], name] for each, name in ((a, "j"), (b, "k"))]
    return contracted([permutation, a, b], [["i", "j", "k"], *labels], [*batch, "i"])


def picked_along(a: Array, places: Array, axis: int) -> Array:
    """np.take_along_axis and torch.gather: for each other place one of an axis."""
    from indexcalc.lift.arrays.combine import broadcast
    from indexcalc.lift.arrays.slicing import picked

    place = place_of(axis, a.rank)
    if places.rank != a.rank:
        raise RaisesError("places along an axis need as many axes as the array")
    old = a.axes[place]
    letters = {index: Index("j", index.range, 1) for index in old.factors}
    own = a.renamed(letters)
    lone = replace(own, axes=(*own.axes[:place], Axis(), *own.axes[place + 1 :])).numbered()
    axes, (source, chosen_places) = broadcast([lone, places])
    for n, (one, other) in enumerate(zip(axes, a.axes, strict=True)):
        if n != place and one.size != other.size:
            raise UnreadableError("places along an axis for some of the other places only")
    selector, _ = picked(old.renamed(letters), chosen_places)
    for index in letters.values():
        source = gathered(source, index, selector)
    return replace(source, axes=axes)


def zeros_like(a: Array) -> Array:
    """0 in the shape of an array."""
    return replace(a, term=ZERO, whole=None, choice=None, hidden=None)
