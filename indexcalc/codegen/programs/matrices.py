"""Products of matrices: contractions that BLAS does, and where it does them faster than loops.

    c[b..,i..,j..] = sum[k..](x[b..,i..,k..]*y[b..,k..,j..])   (the axes of each in any order)

BLAS takes over from `LEAST_WORK` multiplications on, if each row and each column takes `LEAST_ROW` of them. Below, its
overhead is more than what it saves, and a loop that is merged with its neighbours stores nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import prod

from indexcalc.codegen.programs.program import Apply, Axes, Einsum, Value
from indexcalc.terms import Index, Range

LEAST_WORK = 2**15
LEAST_ROW = 2**6
Size = Callable[[Range], int]


def summed(value: Value) -> Axes:
    """The indices that a contraction sums."""
    if not isinstance(value.op, Einsum):
        return ()
    return tuple(index for index in value.letters if index not in value.axes)


def is_matrix_product(value: Value) -> bool:
    """Whether a contraction is a product of matrices (or a batch of them) with rows, columns and a sum."""
    over = summed(value)
    if not over or len(value.operands) != 2:
        return False
    left, right = value.operands
    if left.indices != left.axes or right.indices != right.axes:
        return False
    own = [index for index in value.axes if (index in left.axes) != (index in right.axes)]
    sides = {index in left.axes for index in own}
    return len(sides) == 2 and all(index in left.axes and index in right.axes for index in over)


def is_for_blas(value: Value, size: Size) -> bool:
    """Whether a contraction is a product of matrices that are large enough for BLAS."""
    if isinstance(value.op, Apply):
        return True  # the inverse and its like are left to LAPACK
    if not is_matrix_product(value):
        return False
    left, right = (set(use.axes) for use in value.operands)
    rows, columns = _extent(left - right, size), _extent(right - left, size)
    length = _extent(summed(value), size)
    work = _extent(value.letters, size)
    return work >= LEAST_WORK and length * min(rows, columns) >= LEAST_ROW


def _extent(indices: Iterable[Index], size: Size) -> int:
    return prod(size(index.range) for index in indices)
