"""Numbers for matrices of which inverses, determinants and their like are taken: far from singular."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from indexcalc.sheet import Sheet
from indexcalc.verify.evaluator import Array


def square_leaves(sheet: Sheet) -> Iterator[tuple[str, tuple[int, int]]]:
    """The tensors of which a primitive takes square matrices, with the places of rows and columns."""
    for name in sorted(sheet.definite):
        yield name, (0, 1)
    for made in sheet.primitives.values():
        matrix, operand = made.matrices[0], made.operands[0]
        if len(matrix) == 2 and matrix[0].range == matrix[1].range:
            yield operand.name, (operand.slots.index(matrix[0]), operand.slots.index(matrix[1]))


def well_conditioned(array: Array, places: tuple[int, int]) -> Array:
    """The array with diagonals that outweigh the rest of their rows, at these two axes."""
    rows = np.abs(array).sum(axis=places[1], keepdims=True)
    one = np.eye(array.shape[places[0]])
    shape = [size if place in places else 1 for place, size in enumerate(array.shape)]
    return np.asarray(array + one.reshape(shape) * rows)
