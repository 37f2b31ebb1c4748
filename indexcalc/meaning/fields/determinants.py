r"""Determinants of which a row holds vectors or signs of differentiation: a \times b, \nabla \times u written out.

    | e_1        e_2        e_3        |
    | \partial_1 \partial_2 \partial_3 |     each product runs down the rows; a sign differentiates what is below it
    | u_1        u_2        u_3        |
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

from indexcalc.meaning.scope import Scope
from indexcalc.meaning.tensors import Read
from indexcalc.meaning.value import Value
from indexcalc.meaning.values import added, negated, scaled
from indexcalc.notation.formula import Derivative, Formula, Nabla, Numeral, Product, Table

LARGEST = 4


def is_mixed(table: Table, orders: list[list[int]]) -> bool:
    """Whether a square table of entries with these numbers of axes has one row of vectors, or a row of signs."""
    size = len(table.rows)
    if not 1 < size <= LARGEST or any(len(row) != size for row in table.rows):
        return False
    signs = [all(map(is_sign, row)) for row in table.rows]
    vectors = [set(row) == {1} for row in orders]
    plain = [set(row) == {0} for row in orders]
    fits = all(one or other or third for one, other, third in zip(signs, vectors, plain, strict=True))
    return fits and sum(vectors) <= 1 and (any(vectors) or any(signs)) and not signs[-1]


def is_sign(formula: Formula) -> bool:
    r"""Whether a formula is a sign of differentiation without anything behind it: \partial / \partial x."""
    return isinstance(formula, Derivative | Nabla) and formula.body is None


def expanded(table: Table, scope: Scope, read: Read) -> Value:
    """The sum over all permutations of the products down the rows, each with its sign."""
    result: Value | None = None
    for even, columns in _ordered(len(table.rows)):
        value = _down([row[column] for row, column in zip(table.rows, columns, strict=True)], scope, read)
        value = value if even else negated(value)
        result = value if result is None else added(result, value, scope.ranges)
    assert result is not None
    return result


def _ordered(size: int) -> Iterator[tuple[bool, tuple[int, ...]]]:
    """The permutations of the columns; whether each is even."""
    for columns in permutations(range(size)):
        crossings = sum(columns[one] > columns[other] for one in range(size) for other in range(one + 1, size))
        yield crossings % 2 == 0, columns


def _down(entries: list[Formula], scope: Scope, read: Read) -> Value:
    first, rest = entries[0], entries[1:]
    if is_sign(first):
        body = rest[0] if len(rest) == 1 else Product(tuple(("juxtaposed", each) for each in rest))
        return read(replace(first, body=body), scope)  # type: ignore[call-arg]
    value = read(first, scope)
    if not rest or (isinstance(first, Numeral) and first.exact == 0):
        return value
    return scaled(value, _down(rest, scope, read))
