"""What a program costs: the model by which passes choose.

The unit is one multiplication and addition in a product of large matrices. An operation that no matrix product does
takes NO_MATMUL of them, an element that is written ELEMENT, a call of the library CALL.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from math import prod

from indexcalc.codegen.programs.program import Einsum, Program, Value
from indexcalc.terms import Index, Range

SizeOfRange = Callable[[Range], int]
NO_MATMUL = 8
ELEMENT = 16
CALL = 40_000


def cost(program: Program, size: SizeOfRange) -> float:
    """The cost of all operations of a program whose contractions are in pairs."""
    return sum(value_cost(value, size) for value in program.values if not value.is_free)


def value_cost(value: Value, size: SizeOfRange) -> float:
    """The cost of one operation; numbers cost nothing. Of a contraction that is not in pairs it is a guess."""
    letters = value.letters
    if not letters:
        return 0
    written = elements(value.axes, size)
    if len(value.operands) > 2 and isinstance(value.op, Einsum):
        longest = max((size(index.range) for index in letters if index not in value.axes), default=1)
        return len(value.operands) * (written * longest + ELEMENT * written + CALL)
    work = elements(letters, size)
    if isinstance(value.op, Einsum):
        work *= 1 if _multiplies_matrices(value) else NO_MATMUL
    return work + ELEMENT * written + CALL


def elements(indices: Collection[Index], size: SizeOfRange) -> int:
    """How many elements an array with these axes has."""
    return prod(size(index.range) for index in indices)


def _multiplies_matrices(value: Value) -> bool:
    """Whether a contraction multiplies two matrices, or a batch of them, be they diagonals or elements of arrays."""
    if len(value.operands) != 2:
        return False
    left, right = (set(use.axes) for use in value.operands)
    kept = set(value.axes)
    return bool((left & right) - kept and left - right and right - left)
