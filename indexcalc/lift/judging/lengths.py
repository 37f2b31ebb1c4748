"""Lengths as text, such as "b", "3" or "4*h", and arrays of the shapes that they write."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from indexcalc.errors import IndexcalcError
from indexcalc.lift.arrays.array import LETTER, Array, Axis, range_of
from indexcalc.lift.arrays.whole import UNIT, Whole
from indexcalc.terms import Index, Range, Tensor


def length(text: str | int) -> Whole:
    """A length. Raises IndexcalcError for a text that is none."""
    try:
        tree = ast.parse(str(text).strip(), mode="eval").body
    except SyntaxError:
        raise _wrong(text) from None
    return _whole(tree, text)


def _whole(node: ast.expr, text: str | int) -> Whole:
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool) and 0 < value < 10**6:
            return Whole.of(value)
        case ast.Name(id=name):
            return Whole.atom(Range(name))
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() as operator, right=right):
            one, other = _whole(left, text), _whole(right, text)
            if isinstance(operator, ast.Mult):
                return one * other
            return one + other if isinstance(operator, ast.Add) else one - other
        case ast.BinOp(left=left, op=ast.Div() | ast.FloorDiv(), right=right):
            found = _whole(left, text).divided(_whole(right, text))
            if found is not None:
                return found
    raise _wrong(text)


def _wrong(text: str | int) -> IndexcalcError:
    return IndexcalcError(f"{text!r} is no length of an axis", "Write a name, a whole number, or a product of them")


def shaped(name: str, shape: Sequence[str | int]) -> Array:
    """A tensor of a shape as an array: a merged axis has a slot for each of its factors."""
    axes: list[Axis] = []
    slots: list[Index] = []
    for number, text in enumerate(reversed(list(shape))):
        ranges = _ranges(length(text), text)
        factors = tuple(Index(LETTER, each, 10 * number + n + 1) for n, each in enumerate(ranges))
        axes.insert(0, Axis(factors))
        slots[:0] = factors
    return Array(tuple(axes), Tensor(name, tuple(slots)))


def _ranges(size: Whole, text: str | int) -> list[Range]:
    """The ranges whose sizes multiply to a length; none for 1."""
    if size == UNIT:
        return []
    number = size.number
    if number is not None:
        return [range_of(number)]
    if len(size.terms) != 1 or size.terms[0][1] < 1:
        return [Range(str(text))]
    monomial, many = size.terms[0]
    ranges = [atom for atom in monomial if isinstance(atom, Range)]
    return ([range_of(many)] if many > 1 else []) + ranges
