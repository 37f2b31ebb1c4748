"""Which matrices of a program are symmetric and positive definite: by a fact of the sheet, or by their form.

X.T @ X and its likes are at least semidefinite; one of these that has an inverse is definite. A sum of such matrices,
and of diagonals that are not negative, is one as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from indexcalc.codegen.passes.bounds import Interval, bounds
from indexcalc.codegen.programs.program import Assemble, Einsum, Leaf, Literal, Map, Program, Use, Value
from indexcalc.sheet import Sheet
from indexcalc.terms import Index

Matrix = tuple[Index, Index]  # the indices of rows and columns


class Definite:
    """What is known of the matrices of a program."""

    def __init__(self, program: Program, sheet: Sheet) -> None:
        self.names, self.sheet = program.names, sheet
        self.bounds: Mapping[Value, Interval] = bounds(program)

    def is_stated(self, use: Use, matrix: Matrix) -> bool:
        """Whether the sheet says that a matrix is positive definite."""
        value = use.value
        name = value.op.name if isinstance(value.op, Leaf) else self.names.get(value, "")
        return name in self.sheet.definite and set(use.indices) == set(matrix) and len(use.indices) == 2

    def is_gram(self, use: Use, matrix: Matrix) -> bool:
        """Whether a matrix is semidefinite by its form, so that it is definite if it has an inverse."""
        own = dict(zip(use.indices, use.value.axes, strict=True))
        if len(own) < len(use.indices) or not set(matrix) <= set(own):
            return self.is_stated(use, matrix)
        inner = own[matrix[0]], own[matrix[1]]
        return self.is_stated(use, matrix) or self._has_form(use.value, inner)

    def _has_form(self, value: Value, matrix: Matrix) -> bool:
        match value.op:
            case Einsum():
                return self._is_square(value, matrix)
            case Map("add"):
                return all(self.is_gram(each, matrix) for each in value.operands)
            case Map("mul") | Map("div"):
                scalars = [each for each in value.operands if not set(matrix) & set(each.axes)]
                rest = [each for each in value.operands if each not in scalars]
                over = value.op.function == "div" and value.operands[-1] not in scalars
                positive = all(self.is_not_negative(each) for each in scalars)
                return positive and not over and len(rest) == 1 and self.is_gram(rest[0], matrix)
            case Assemble(patterns, replaces) if not any(replaces):
                return all(
                    self._is_part(pattern, use, matrix, value.axes)
                    for pattern, use in zip(patterns, value.operands, strict=True)
                )
        return False

    def _is_part(self, pattern: tuple[Index, ...], use: Use, matrix: Matrix, axes: tuple[Index, ...]) -> bool:
        if pattern == axes:
            return self.is_gram(use, matrix)
        row, column = (pattern[axes.index(index)] for index in matrix)
        return row is column and self.is_not_negative(use)

    def _is_square(self, value: Value, matrix: Matrix) -> bool:
        """Whether a product is X.T @ X, perhaps with weights that are not negative."""
        row, column = matrix
        factors = list(_flat(value))
        with_rows = [use for use in factors if row in use.indices]
        with_columns = [use for use in factors if column in use.indices]
        if len(with_rows) != 1 or len(with_columns) != 1 or with_rows[0] is with_columns[0]:
            return False
        first, second = with_rows[0], with_columns[0].renamed({column: row})
        weights = [use for use in factors if row not in use.indices and column not in use.indices]
        return first == second and all(self.is_not_negative(use) for use in weights)

    def is_not_negative(self, use: Use) -> bool:
        """Whether no element is negative."""
        value = use.value
        if self.bounds[value][0] >= 0:
            return True
        if isinstance(value.op, Literal):
            return value.op.value >= Fraction(0)
        name = value.op.name if isinstance(value.op, Leaf) else self.names.get(value, "")
        if name in self.sheet.positive:
            return True
        kind = value.op.function if isinstance(value.op, Map) else "mul" if isinstance(value.op, Einsum) else ""
        return kind in ("add", "mul", "div") and all(map(self.is_not_negative, value.operands))


def _flat(value: Value) -> Iterator[Use]:
    """The factors of a product, those of products in it that sum nothing with them."""
    for use in value.operands:
        inner = use.value
        is_product = isinstance(inner.op, Einsum) or inner.op == Map("mul")
        if is_product and set(inner.letters) == set(inner.axes) and len(set(use.indices)) == len(use.indices):
            names = dict(zip(inner.axes, use.indices, strict=True))
            yield from (each.renamed(names) for each in _flat(inner))
        else:
            yield use
