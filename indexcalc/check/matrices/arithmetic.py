"""Arithmetic of matrices of exact numbers; a 1x1 matrix is a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce

from indexcalc.errors import IndexcalcError

Rows = tuple[tuple[Fraction, ...], ...]
Place = tuple[int, int]
LARGEST_POWER = 64


@dataclass(frozen=True)
class Matrix:
    """Rows of exact numbers. `decimals`: how many decimals stand in the text of an entry that is a plain number."""

    rows: Rows
    decimals: Mapping[Place, int] = field(default_factory=dict, compare=False)

    @property
    def shape(self) -> Place:
        """The numbers of rows and columns."""
        return len(self.rows), len(self.rows[0])

    def entries(self) -> tuple[Fraction, ...]:
        """The entries of a column."""
        return tuple(row[0] for row in self.rows)

    @property
    def number(self) -> Fraction | None:
        """The value of a 1x1 matrix."""
        return self.rows[0][0] if self.shape == (1, 1) else None

    def __str__(self) -> str:
        rows = ["  ".join(map(spelled, row)) for row in self.rows]
        return rows[0] if self.number is not None else f"({'; '.join(rows)})"


def scalar(value: Fraction) -> Matrix:
    """A number as a matrix."""
    return Matrix(((value,),))


def spelled(value: Fraction) -> str:
    """A number as it is best read: exactly if it has few digits."""
    if value.denominator == 1 or is_decimal(value):
        return f"{float(value):.12g}"
    return str(value) if len(str(value)) < 12 else f"{float(value):.6g}"


def is_decimal(value: Fraction) -> bool:
    """Whether a number can be written with finitely many decimals."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


# ----- Operations --------------------------------------------------------------------------------------------------


def elementwise(operation: Callable[[Fraction, Fraction], Fraction], sign: str) -> Callable[[Matrix, Matrix], Matrix]:
    """An operation between entries at the same place."""

    def result(left: Matrix, right: Matrix) -> Matrix:
        if left.shape != right.shape:
            raise shapes_differ(left, sign, right)
        pairs = zip(left.rows, right.rows, strict=True)
        return Matrix(tuple(tuple(operation(a, b) for a, b in zip(*rows, strict=True)) for rows in pairs))

    return result


def scaled(left: Matrix, factor: Fraction) -> Matrix:
    """Every entry times a number."""
    return Matrix(tuple(tuple(entry * factor for entry in row) for row in left.rows))


def multiplied(sign: str, left: Matrix, right: Matrix) -> Matrix:
    """The product that a sign means: of two columns the inner product (a dot) or the cross product."""
    columns = left.shape == right.shape and left.shape[1] == 1 and left.number is None
    if columns and sign == "\\cdot":
        return product(transposed(left), right)
    if columns and sign == "\\times" and left.shape[0] == 3:
        (a, b, c), (x, y, z) = (matrix.entries() for matrix in (left, right))
        return Matrix(((b * z - c * y,), (c * x - a * z,), (a * y - b * x,)))
    return product(left, right)


def product(left: Matrix, right: Matrix) -> Matrix:
    """The product of two matrices, or of a number and a matrix."""
    if left.number is not None:
        return scaled(right, left.number)
    if right.number is not None:
        return scaled(left, right.number)
    if left.shape[1] != right.shape[0]:
        cause = f"{_sizes(left)} times {_sizes(right)}: {left.shape[1]} columns do not meet {right.shape[0]} rows"
        raise IndexcalcError(cause, "Transpose one of them, or exchange them")
    columns = tuple(zip(*right.rows, strict=True))
    return Matrix(tuple(tuple(_dot(row, column) for column in columns) for row in left.rows))


def _dot(row: tuple[Fraction, ...], column: tuple[Fraction, ...]) -> Fraction:
    return sum((a * b for a, b in zip(row, column, strict=True)), Fraction(0))


def divided(left: Matrix, right: Matrix) -> Matrix:
    """A matrix by a number."""
    if right.number is None:
        raise IndexcalcError("a division by a matrix", r"Divide entry by entry with \oslash, or multiply by an inverse")
    return scaled(left, _reciprocal(right.number))


def _reciprocal(value: Fraction) -> Fraction:
    if not value:
        raise IndexcalcError("a division by zero", "Change the denominator")
    return 1 / value


def transposed(matrix: Matrix) -> Matrix:
    """Rows for columns."""
    return Matrix(tuple(zip(*matrix.rows, strict=True)))


def power(base: Matrix, exponent: Matrix) -> Matrix:
    """A small whole power of a number or a square matrix."""
    number = exponent.number
    if number is None or number.denominator != 1 or abs(number) > LARGEST_POWER:
        raise IndexcalcError("the exponent is no small whole number", f"Powers up to {LARGEST_POWER} are worked out")
    if base.number is not None:
        value = base.number if number >= 0 else _reciprocal(base.number)
        return scalar(value ** abs(number.numerator))
    if base.shape[0] != base.shape[1] or not number:
        raise IndexcalcError(f"the power {number} of {_sizes(base)}", "Only square matrices have powers")
    return reduce(product, [base if number > 0 else inverse(base)] * abs(number.numerator))


def trace(matrix: Matrix) -> Matrix:
    """The sum of the diagonal."""
    _check_square(matrix, "trace")
    return scalar(sum((row[place] for place, row in enumerate(matrix.rows)), Fraction(0)))


def determinant(matrix: Matrix) -> Matrix:
    """The product of the pivots of Gauss's elimination."""
    _check_square(matrix, "determinant")
    return scalar(_eliminated(matrix)[0])


def inverse(matrix: Matrix) -> Matrix:
    """What gives the unit matrix in a product with it."""
    _check_square(matrix, "inverse")
    found, rows = _eliminated(matrix)
    if not found:
        raise IndexcalcError("this matrix has no inverse", "Its determinant is 0")
    return Matrix(rows)


def _eliminated(matrix: Matrix) -> tuple[Fraction, Rows]:
    """The determinant and, unless it is 0, the rows of the inverse."""
    size = len(matrix.rows)
    rows = [[*row, *(Fraction(place == at) for at in range(size))] for place, row in enumerate(matrix.rows)]
    found = Fraction(1)
    for place in range(size):
        pivot = next((at for at in range(place, size) if rows[at][place]), None)
        if pivot is None:
            return Fraction(0), ()
        if pivot != place:
            rows[place], rows[pivot], found = rows[pivot], rows[place], -found
        first = rows[place][place]
        found *= first
        rows[place] = [entry / first for entry in rows[place]]
        for at, row in enumerate(rows):
            if at != place and row[place]:
                rows[at] = [entry - row[place] * other for entry, other in zip(row, rows[place], strict=True)]
    return found, tuple(tuple(row[size:]) for row in rows)


def _check_square(matrix: Matrix, of: str) -> None:
    if matrix.shape[0] != matrix.shape[1]:
        raise IndexcalcError(f"the {of} of {_sizes(matrix)}", "Only square matrices have one")


def shapes_differ(left: Matrix, sign: str, right: Matrix) -> IndexcalcError:
    """The error for an operation between matrices of different shapes."""
    return IndexcalcError(f"{_sizes(left)} {sign} {_sizes(right)}: the shapes differ", "Give both the same shape")


def _sizes(matrix: Matrix) -> str:
    return "a number" if matrix.number is not None else "a {}x{} matrix".format(*matrix.shape)


OPERATIONS: dict[str, Callable[[Matrix, Matrix], Matrix]] = {
    "PLUS": elementwise(lambda a, b: a + b, "plus"),
    "MINUS": elementwise(lambda a, b: a - b, "minus"),
    "TIMES": product,
    "OVER": divided,
    "HADAMARD": elementwise(lambda a, b: a * b, "times, entry by entry,"),
    "DIVIDED": elementwise(lambda a, b: a * _reciprocal(b), "divided, entry by entry, by"),
}
FUNCTIONS: dict[str, Callable[[Matrix], Matrix]] = {
    "tr": trace,
    "Tr": trace,
    "trace": trace,
    "det": determinant,
}
