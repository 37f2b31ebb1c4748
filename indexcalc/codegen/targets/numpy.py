"""The target `numpy`: the same program made to be fast, with matrix products, broadcasting and views.

A contraction of two arrays is a matrix product wherever it can be one: the indices that both have and the result lacks
are summed, those that both have and the result keeps are a batch, the others are rows and columns.
"""

from __future__ import annotations

from math import prod

from indexcalc.codegen.inplace import InPlacePen
from indexcalc.codegen.passes.distances import with_distances
from indexcalc.codegen.passes.gram import with_roots
from indexcalc.codegen.passes.layout import reduces, with_short_axes_first
from indexcalc.codegen.passes.scaling import with_cheap_scaling
from indexcalc.codegen.programs.order import is_open
from indexcalc.codegen.programs.program import At, Axes, Einsum, Map, Use, Value
from indexcalc.codegen.targets import einsum
from indexcalc.codegen.writing.pen import (
    ATOM,
    MULTIPLICATION,
    NEGATION,
    POWER,
    Pen,
    Table,
    Target,
    Text,
    axis_text,
    is_mask,
    is_plain,
    transposed,
)
from indexcalc.codegen.writing.storage import negated
from indexcalc.terms import Index

SHORT_ROW, MANY_ROWS = 64, 200  # measured: a third to two thirds of the time, of five rows to fifty numbers


def contraction(pen: Pen, value: Value, name: str) -> Text:
    """A sum, a product with broadcasting, or a matrix product; an einsum where none of them does it."""
    if len(value.operands) == 1:
        return total(pen, value, name)
    if len(value.operands) > 2:
        return einsum.einsum(pen, value, name)
    left, right = value.operands
    if any(index not in value.axes for index in set(left.axes) ^ set(right.axes)):
        return einsum.einsum(pen, value, name)
    shared = tuple(index for index in left.axes if index in right.axes)
    summed = tuple(index for index in shared if index not in value.axes)
    if not summed:
        return broadcast(pen, value)
    if len(shared) > len(summed):
        return batched(pen, value, summed, name)
    return matrix_product(pen, value, summed)


def elementwise(pen: Pen, value: Value, name: str) -> Text:
    """A function, element by element; sigmoid(-x) is 1/(1 + exp(x)), without a minus."""
    if value.op == Map("sigmoid") and not is_plain(value):
        (use,) = value.operands
        inner = negated(use, pen.wants_name)
        if inner is not use and use.value not in pen.names:
            return Text(einsum.call("sigmoid_of_minus", [pen.operand(inner, value.axes).text]))
    return einsum.elementwise(pen, value, name)


def total(pen: Pen, value: Value, name: str) -> Text:
    """The sum of one array over axes."""
    use = value.operands[0]
    if len(use.axes) < len(use.indices):
        return einsum.einsum(pen, value, name)
    over = [axis for axis in use.axes if axis not in value.axes]
    if _has_short_rows(pen, use, over):
        return einsum.einsum(pen, value, name)
    axis = "" if len(over) == len(use.axes) else f"axis={axis_text(over, use.axes)}"
    text = f"{pen.operand(use, use.axes).within(ATOM)}.sum({axis})"
    left = tuple(axis for axis in use.axes if axis in value.axes)
    return Text(text if left == value.axes else text + transposed(left, value.axes))


def _has_short_rows(pen: Pen, use: Use, over: list[Index]) -> bool:
    """Whether many short rows are added: numpy's sum takes a call for each of them, its einsum one loop."""
    if is_mask(use.value) or use.axes[: len(over)] != tuple(over) or len(over) == len(use.axes):
        return False
    length = prod(pen.extent(axis.range) for axis in over)
    width = prod(pen.extent(axis.range) for axis in use.axes[len(over) :])
    return width <= SHORT_ROW and length >= MANY_ROWS


def broadcast(pen: Pen, value: Value) -> Text:
    """A product, element by element."""
    masks = all(is_mask(use.value) for use in value.operands)
    words = [(pen.operand if masks else pen.text)(use, value.axes) for use in value.operands]
    return Text(" * ".join(word.within(NEGATION) for word in words), MULTIPLICATION)


def matrix_product(pen: Pen, value: Value, summed: Axes) -> Text:
    """rows x summed times summed x columns."""
    left, right = value.operands
    rows = tuple(axis for axis in value.axes if axis in left.axes)
    columns = tuple(axis for axis in value.axes if axis in right.axes)
    if columns and columns + rows == value.axes:
        left, right, rows, columns = right, left, columns, rows
    elif rows + columns != value.axes:
        rows = tuple(axis for axis in left.axes if axis in rows)
        columns = tuple(axis for axis in right.axes if axis in columns)
    if not rows and not columns and len(summed) > 1:
        words = (pen.operand(use, summed).text for use in (left, right))
        return Text(f"np.vdot({', '.join(words)})")
    first, second = _matrix(pen, left, rows, summed), _matrix(pen, right, summed, columns)
    text = Text(f"{first.within(POWER)} @ {second.within(POWER)}", MULTIPLICATION)
    if len(rows) > 1 or len(columns) > 1:
        text = Text(f"{text.within(ATOM)}.reshape{_sizes(pen, rows + columns)}")
    return pen.view(text, rows + columns, value.axes)


def batched(pen: Pen, value: Value, summed: Axes, name: str) -> Text:
    """A matrix product for each element of a batch."""
    left, right = value.operands
    batch = tuple(axis for axis in value.axes if axis in left.axes and axis in right.axes)
    rows = tuple(axis for axis in value.axes if axis in left.axes and axis not in batch)
    columns = tuple(axis for axis in value.axes if axis in right.axes and axis not in batch)
    if batch + columns + rows == value.axes:
        left, right, rows, columns = right, left, columns, rows
    if not rows and not columns:
        return einsum.einsum(pen, value, name)
    first = _matrix(pen, left, rows, summed, batch).within(POWER if rows else ATOM)
    second = _matrix(pen, right, summed, columns, batch).within(POWER if columns else ATOM)
    first = first if rows else f"{first}[..., None, :]"
    second = second if columns else f"{second}[..., None]"
    text = Text(f"{first} @ {second}", MULTIPLICATION)
    if not rows or not columns:
        text = Text(f"{text.within(ATOM)}[..., 0{', :' if not rows else ''}]")
    if len(rows) > 1 or len(columns) > 1:
        text = Text(f"{text.within(ATOM)}.reshape{_sizes(pen, batch + rows + columns)}")
    return pen.view(text, batch + rows + columns, value.axes)


def _matrix(pen: Pen, use: Use, rows: Axes, columns: Axes, batch: Axes = ()) -> Text:
    """An array as a matrix (a vector where it has no rows or no columns), or as a batch of them."""
    is_view = isinstance(use.value.op, At) and use.indices == use.axes and not batch
    is_turned = bool(rows and columns) and not batch and not is_view and use.indices == columns + rows
    if is_turned and max(len(rows), len(columns)) > 1:
        return Text(f"{_matrix(pen, use, columns, rows).within(ATOM)}.T")
    if is_view and rows and columns and pen.extent(rows[-1].range) > pen.extent(columns[-1].range):
        return Text(f"{_matrix(pen, use, columns, rows).within(ATOM)}.T")  # it is copied along its longer rows
    if is_view and len(rows) > 1 and len(columns) > 1 and pen.uses[use.value] > 1:
        return Text(_copied(pen, use, rows, columns))
    text = pen.operand(use, batch + rows + columns)
    if len(rows) > 1 or len(columns) > 1:
        sizes = [pen.size(axis.range) for axis in batch]
        sizes += [" * ".join(pen.size(axis.range) for axis in group) for group in (rows, columns) if group]
        return Text(f"{text.within(ATOM)}.reshape({', '.join(sizes)})")
    if use.indices and use.indices[-1] in batch:  # BLAS wants one axis of each matrix to be contiguous
        return Text(f"np.ascontiguousarray({text.text})")
    return text


def _copied(pen: Pen, use: Use, rows: Axes, columns: Axes) -> str:
    """The name of a view on overlapping parts as a matrix, which is made once for all who read it."""
    own = dict(zip(use.indices, use.value.axes, strict=True))
    key = use.value, (*(own[axis] for axis in rows), *(own[axis] for axis in columns))
    if key not in pen.copies:
        sizes = [" * ".join(pen.size(axis.range) for axis in group) for group in (rows, columns)]
        text = pen.operand(use, rows + columns).within(ATOM)
        pen.copies[key] = pen.fresh.numbered("t")
        pen.done.append(f"{pen.copies[key]} = {text}.reshape({', '.join(sizes)})")
    return pen.copies[key]


def _sizes(pen: Pen, axes: Axes) -> str:
    return f"({', '.join(pen.size(axis.range) for axis in axes)})"


def asks_for_sizes(value: Value) -> bool:
    """Whether the layout of arrays depends on sizes: of what is reduced, and of overlapping parts that are copied."""
    return reduces(value) or (isinstance(value.op, Einsum) and any(isinstance(u.value.op, At) for u in value.operands))


TABLE: Table = {
    **einsum.TABLE,
    Einsum: contraction,
    Map: elementwise,
}
PASSES = (with_distances, with_roots, with_cheap_scaling, with_short_axes_first)
TARGET = Target(TABLE, is_open, pen=InPlacePen, passes=PASSES, asks_for_sizes=asks_for_sizes)
