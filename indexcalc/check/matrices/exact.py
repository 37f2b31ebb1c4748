"""Matrices of numbers: exact values of what `grammars/matrix.lark` reads, and a verdict for left = right.

    ( 1  2 ) . ( 1 )   =  ( 3 )        a 1x1 matrix is a number
               ( 1 )

An entry that is written with fewer decimals than its exact value has agrees with it if it is that value rounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, reduce

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from indexcalc.errors import IndexcalcError, Span
from indexcalc.notation.parsing import grammar_path

Rows = tuple[tuple[Fraction, ...], ...]
Place = tuple[int, int]
Syntax = Tree[Token]
LARGEST_POWER = 64
LONGEST = 100_000  # characters


@dataclass(frozen=True)
class Matrix:
    """Rows of exact numbers. `decimals`: how many decimals stand in the text of an entry that is a plain number."""

    rows: Rows
    decimals: Mapping[Place, int] = field(default_factory=dict, compare=False)

    @property
    def shape(self) -> Place:
        """The numbers of rows and columns."""
        return len(self.rows), len(self.rows[0])

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
            raise _shapes_differ(left, sign, right)
        pairs = zip(left.rows, right.rows, strict=True)
        return Matrix(tuple(tuple(operation(a, b) for a, b in zip(*rows, strict=True)) for rows in pairs))

    return result


def scaled(left: Matrix, factor: Fraction) -> Matrix:
    """Every entry times a number."""
    return Matrix(tuple(tuple(entry * factor for entry in row) for row in left.rows))


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
    if base.shape[0] != base.shape[1] or number < 1:
        raise IndexcalcError(f"the power {number} of {_sizes(base)}", "Only square matrices have positive powers here")
    return reduce(product, [base] * number.numerator)


def _shapes_differ(left: Matrix, sign: str, right: Matrix) -> IndexcalcError:
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

# ----- Reading -----------------------------------------------------------------------------------------------------


@cache
def parser() -> Lark:
    """The parser, made when it is first needed."""
    path = str(grammar_path("matrix.lark"))
    return Lark.open(path, parser="lalr", start="expression", propagate_positions=True)


def read_matrix(text: str, known: Mapping[str, Matrix] | None = None) -> Matrix:
    """The value of an expression with matrices of numbers; `known` are the values of names.

    Raises IndexcalcError where the text cannot be read, or has no value.
    """
    if len(text) > LONGEST:
        raise IndexcalcError(f"the expression has {len(text)} characters", f"At most {LONGEST} are read")
    try:
        tree = parser().parse(text)
        return _value(tree, known or {})
    except UnexpectedInput as error:
        start = len(text) if isinstance(error, UnexpectedToken) and error.token.type == "$END" else error.pos_in_stream
        cause = "this does not go on as an expression of numbers and matrices"
        raise IndexcalcError(cause, "", text, [Span(start or 0, (start or 0) + 1)]) from None
    except IndexcalcError as error:
        raise error.located(text, [Span(0, len(text))]) from None
    except RecursionError:
        raise IndexcalcError("the expression is nested too deeply", "Take some brackets away") from None


def _value(node: Syntax, known: Mapping[str, Matrix]) -> Matrix:
    """The value of a node of the syntax tree."""
    inner = [child for child in node.children if isinstance(child, Tree)]
    match node.data:
        case "number":
            text = str(node.children[0])
            return Matrix(((Fraction(text),),), {(0, 0): len(text.partition(".")[2])})
        case "name":
            return _named(str(node.children[0]), known)
        case "sum" | "product":
            return _folded(node, known)
        case "signs":
            value = _value(inner[0], known)
            negative = sum(str(sign) == "-" for sign in node.children[:-1]) % 2
            return Matrix(scaled(value, Fraction(-1)).rows, value.decimals) if negative else value
        case "power" | "quotient":
            first, second = (_value(child, known) for child in inner)
            return power(first, second) if node.data == "power" else divided(first, second)
        case "transposed":
            return transposed(_value(inner[0], known))
        case "matrix":
            return _matrix(inner, known)
    raise TypeError(f"no rule for {node.data}")


def _named(text: str, known: Mapping[str, Matrix]) -> Matrix:
    name = normal(text)
    if name not in known:
        raise IndexcalcError(f"{text} has no value", "Give it as a matrix of numbers before")
    return known[name]


def _folded(node: Syntax, known: Mapping[str, Matrix]) -> Matrix:
    """A sum or a product, from left to right."""
    result: Matrix | None = None
    operation = "TIMES"
    for child in node.children:
        if isinstance(child, Token):
            operation = child.type
            continue
        value = _value(child, known)
        result = value if result is None else OPERATIONS[operation](result, value)
        operation = "TIMES"
    assert result is not None
    return result


def _matrix(rows: list[Syntax], known: Mapping[str, Matrix]) -> Matrix:
    """A matrix from its rows of cells, each of which must be a number."""
    values = [[_value(cell, known) for cell in row.children if isinstance(cell, Tree)] for row in rows]
    if len({len(row) for row in values}) != 1:
        counts = ", ".join(str(len(row)) for row in values)
        raise IndexcalcError(f"the rows of the matrix have different numbers of entries: {counts}", "Fill them up")
    if any(cell.number is None for row in values for cell in row):
        raise IndexcalcError("a matrix stands inside a matrix", "Write out its entries")
    entries = {(r, c): cell for r, row in enumerate(values) for c, cell in enumerate(row)}
    decimals = {place: cell.decimals[0, 0] for place, cell in entries.items() if (0, 0) in cell.decimals}
    return Matrix(tuple(tuple(cell.rows[0][0] for cell in row) for row in values), decimals)


def normal(text: str) -> str:
    """A name without the macros that only set its font, and without blanks."""
    return re.sub(r"\\(mathbf|boldsymbol|bm|mathrm|mathit|text|left|right)(?![A-Za-z])|[\s{}]|\\[,;:!]", "", text)


# ----- Comparing ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """An entry at which two matrices differ: its place, counted from 1, and both values."""

    row: int
    column: int
    left: Fraction
    right: Fraction


def compare(left: Matrix, right: Matrix) -> tuple[str, Difference | None]:
    """The verdict: proved (exactly equal), agrees (equal when rounded) or refuted, with the first entry that differs.

    Raises IndexcalcError for two matrices of different shapes.
    """
    if left.shape != right.shape:
        raise _shapes_differ(left, "=", right)
    word = "proved"
    for row, pair in enumerate(zip(left.rows, right.rows, strict=True)):
        for column, (first, second) in enumerate(zip(*pair, strict=True)):
            place = row, column
            if first == second:
                continue
            rounded = _rounds(first, second, right.decimals.get(place))
            if not (rounded or _rounds(second, first, left.decimals.get(place))):
                return "refuted", Difference(row + 1, column + 1, first, second)
            word = "agrees"
    return word, None


def _rounds(exact: Fraction, written: Fraction, decimals: int | None) -> bool:
    """Whether a number as it is written is another one, rounded.

    Of a number that a few decimals would give exactly that is believed only with three digits or more.
    """
    if decimals is None or not decimals or abs(exact - written) * 2 * 10**decimals > 1:
        return False
    digits = len(str(abs(written.numerator * 10**decimals // written.denominator)))
    return digits >= 3 or not is_decimal(exact)
