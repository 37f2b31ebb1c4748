"""Matrices of numbers: exact values of what `grammars/matrix.lark` reads, and a verdict for left = right.

    ( 1  2 ) . ( 1 )   =  ( 3 )        a 1x1 matrix is a number
               ( 1 )

An entry that is written with fewer decimals than its exact value has agrees with it if it is that value rounded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from indexcalc.check.matrices.arithmetic import (
    FUNCTIONS,
    OPERATIONS,
    Matrix,
    divided,
    is_decimal,
    multiplied,
    power,
    scalar,
    scaled,
    shapes_differ,
    transposed,
)
from indexcalc.errors import IndexcalcError, Span
from indexcalc.notation.parsing import grammar_path
from indexcalc.notation.syntax.places import subtrees

Syntax = Tree[Token]
LONGEST = 100_000  # characters


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
    inner = subtrees(node)
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
        case "short":
            above, below = re.findall(r"\d", str(node.children[0]))
            return divided(scalar(Fraction(above)), scalar(Fraction(below)))
        case "applied":
            return FUNCTIONS[normal(str(node.children[0])).lstrip("\\")](_value(inner[0], known))
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
    sign = Token("TIMES", "")
    for child in node.children:
        if isinstance(child, Token):
            sign = child
            continue
        value = _value(child, known)
        if result is None:
            result = value
        else:
            result = multiplied(sign, result, value) if sign.type == "TIMES" else OPERATIONS[sign.type](result, value)
        sign = Token("TIMES", "")
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
    fonts = r"\\(mathbf|boldsymbol|bm|mathrm|mathit|text|operatorname\*?|left|right)(?![A-Za-z])"
    return re.sub(rf"{fonts}|[\s{{}}]|\\[,;:!]", "", text)


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
        raise shapes_differ(left, "=", right)
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
