r"""Matrix notation as index notation: X^\top (A - Y) is \sum_k x_{kr} (a_{kc} - y_{kc}).

A vector is a column, so v^\top w is a number and v w^\top a matrix; a slice a_{:,t} is a vector too. The result is what
could have been written with indices: what names and scripts mean is decided later, with the sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lark import Token, Tree

from indexcalc.check.matrices import dots
from indexcalc.check.matrices.dots import Grid, is_dots
from indexcalc.check.matrices.names import Names
from indexcalc.check.matrices.values import (
    Part,
    Slope,
    Value,
    broadcast,
    chained,
    constant,
    cross_product,
    derivative,
    double_dot,
    outer,
    transposed,
)
from indexcalc.check.matrices.written import (
    bracket,
    bracketed,
    divided,
    multiplied,
    only,
    spelled,
    summed,
)
from indexcalc.notation.latex.functions import with_its_call
from indexcalc.notation.latex.scripts import node
from indexcalc.notation.latex.words import base_name
from indexcalc.notation.syntax.places import NAMES, Syntax, kind, subtrees


class Vectors(Names):
    """Reads the trees of one side."""

    def value(self, tree: Syntax) -> Value:
        """The value of an expression."""
        rule = RULES.get(kind(tree))
        if rule is None:
            return constant(tree)
        value: Value = getattr(self, rule.__name__)(tree)
        return value

    # ----- Sums and products

    def _sum(self, tree: Syntax) -> Value:
        if any(is_dots(child) for child in subtrees(tree)):
            return self.value(dots.continued_sum(tree, self.index(tree)))
        values = self.alike([self.value(child) for child in subtrees(tree)], subtrees(tree))
        if any(value.shape != values[0].shape or value.tensor for value in values):
            raise self.error("the terms of this sum have different shapes", "Give all the same shape", tree)

        def entry(row: Syntax, column: Syntax) -> Syntax:
            parts = iter(values)
            children = [c if isinstance(c, Token) else bracket(next(parts).entry(row, column)) for c in tree.children]
            return node("sum", children, tree)

        return Value(entry, *values[0].shape)

    def alike(self, values: list[Value], trees: list[Syntax]) -> list[Value]:
        """The terms of a sum, where a number such as 1 stands for a vector or a matrix of ones beside others."""
        shape = next((value.shape for value in values if not value.is_number), (False, False))
        numbers = [kind(tree) == "number" for tree in trees]
        pairs = zip(values, numbers, strict=True)
        return [broadcast(value, shape) if is_digit else value for value, is_digit in pairs]

    def _negative(self, tree: Syntax) -> Value:
        *signs, inner = tree.children
        assert isinstance(inner, Tree)
        return self._negated(self.value(inner), signs, tree)

    def _negated(self, value: Value, signs: Sequence[Part], tree: Syntax) -> Value:
        return Value(lambda r, c: node("negative", [*signs, bracket(value.entry(r, c))], tree), *value.shape)

    def _product(self, tree: Syntax) -> Value:
        return self.product([part for part in tree.children if isinstance(part, Token) or not is_dots(part)], tree)

    def product(self, parts: Sequence[Part], tree: Syntax) -> Value:
        """The value of some factors with the signs between them."""
        result: Value | None = None
        sign, place = "", 0
        while place < len(parts):
            part = parts[place]
            if isinstance(part, Token):
                sign, place = str(part), place + 1
                continue
            value, place = self._slope_on_a_line(parts, place, tree) or self._unit(parts, place)
            result = value if result is None else self.times(result, value, tree, sign)
            sign = ""
        if result is None:
            raise self.error("only dots stand here", "Write the factors", tree)
        return result

    def _unit(self, parts: Sequence[Part], place: int) -> tuple[Value, int]:
        """The factor that begins at a place, with the bracket or operand that belongs to it; and where it ends."""
        part, after = parts[place], parts[place + 1] if place + 1 < len(parts) else None
        assert isinstance(part, Tree)
        if kind(part) == "negative":
            *signs, inner = part.children
            value, end = self._unit([inner, *parts[place + 1 :]], 0)
            return self._negated(value, signs, part), place + end
        if not isinstance(after, Tree):
            return self.value(part), place + 1
        name = base_name(part) if kind(part) in NAMES else None
        inside, scripts = bracketed(after)
        if name and inside is not None:
            called = self.called(name, part, inside)
            if called is not None:
                return self.with_scripts(called, scripts, after), place + 2
        wider = with_its_call(part, after, self.words)
        if wider is not None:
            return self.value(wider), place + 2
        if _is_operator(part):
            operand, end = self._operand(parts, place + 1, part)
            return self._slope(operand, spelled(after), subtrees(part)[1], part), end
        return self.value(part), place + 1

    def _slope_on_a_line(self, parts: Sequence[Part], place: int, tree: Syntax) -> tuple[Value, int] | None:
        r"""The derivative \partial L / \partial w that begins at a place, and where it ends; none elsewhere."""
        overs = (n for n, part in enumerate(parts) if n > place and isinstance(part, Token) and str(part) == "/")
        over = next(overs, len(parts)) if _is_partial(parts[place]) else len(parts)
        if over == place + 1 or over + 2 >= len(parts) or not _is_partial(parts[over + 1]):
            return None
        body = node("product", parts[place + 1 : over], tree)
        below = node("product", parts[over + 1 : over + 3], tree)
        return self._slope(self.value(body), spelled(body), below, tree), over + 3

    def _operand(self, parts: Sequence[Part], place: int, tree: Syntax) -> tuple[Value, int]:
        """What an operator acts on: a bracket, else all that follows."""
        following = parts[place]
        inner = subtrees(following)[0] if isinstance(following, Tree) and kind(following) == "scripted" else following
        if isinstance(inner, Tree) and kind(inner) in BRACKETS:
            return self._unit(parts, place)
        return self.product(parts[place:], tree), len(parts)

    def times(self, left: Value, right: Value, tree: Syntax, sign: str = "") -> Value:
        """The product of two values, with the sign between them."""
        if sign in ELEMENTWISE:
            return self.elementwise(left, right, ELEMENTWISE[sign], tree)
        if left.slope and right.slope and not (left.is_number and right.is_number):
            slope = chained(left.slope, right.slope, self.index(tree), self.index(tree))
            if slope is not None:
                return derivative(slope)
        if left.tensor or right.tensor:
            raise self.error("a derivative of a matrix by a matrix has four indices", "Write its elements", tree)
        if left.is_number or right.is_number:
            shape = (right if left.is_number else left).shape
            return Value(lambda r, c: multiplied(left.entry(r, c), right.entry(r, c)), *shape)
        if sign == DOUBLE_DOT:
            if left.shape != right.shape or left.tensor or right.tensor:
                raise self.error("these have different shapes", "A : B is the sum of a_{ij} b_{ij}", tree)
            return double_dot(left, right, self.index(tree), self.index(tree))
        columns = left.shape == right.shape == (True, False)
        if columns and sign == "\\otimes":
            return outer(left, right)
        if columns and sign == "\\times":
            return cross_product(left, right, self.index(tree), self.index(tree))
        if columns and sign in DOTS:
            index = self.index(tree)
            return constant(summed(index, multiplied(left.entry(index, index), right.entry(index, index))))
        if left.columns != right.rows:
            raise self.error("these shapes do not go together", r"Transpose one with ^{\top}, or write \odot", tree)
        if not left.columns:
            return Value(lambda r, c: multiplied(left.entry(r, r), right.entry(c, c)), left.rows, right.columns)
        index = self.index(tree)

        def entry(row: Syntax, column: Syntax) -> Syntax:
            return summed(index, multiplied(left.entry(row, index), right.entry(index, column)))

        return Value(entry, left.rows, right.columns)

    def elementwise(self, left: Value, right: Value, operation: Callable[..., Syntax], tree: Syntax) -> Value:
        """The value of an operation at each place; a number goes with anything."""
        if left.shape != right.shape and not left.is_number and not right.is_number:
            raise self.error("these have different shapes", "Give both the same shape", tree)
        shape = left.shape if right.is_number else right.shape
        return Value(lambda r, c: operation(left.entry(r, c), right.entry(r, c)), *shape)

    # ----- Derivatives

    def _fraction(self, tree: Syntax) -> Value:
        above, below = subtrees(tree)
        parts = _factors(above)
        if _is_partial(parts[0]) and _is_partial(_factors(below)[0]):
            if len(parts) == 1:
                return constant(tree)
            body = node("product", parts[1:], above) if len(parts) > 2 else parts[1]
            assert isinstance(body, Tree)
            return self._slope(self.value(body), spelled(body), below, tree)
        if _is_second(parts[0]) and len(parts) > 1:
            return self._second_slope(node("product", parts[1:], above), _factors(below), tree)
        over, under = self.value(above), self.value(below)
        if under.is_number or over.shape == under.shape:
            return Value(lambda r, c: divided(over.entry(r, c), under.entry(r, c)), *over.shape)
        raise self.error("a division by a matrix", r"Divide entry by entry with \oslash", tree)

    def _slope(self, body: Value, name: str, below: Syntax, tree: Syntax) -> Value:
        """The derivative of a value; `below` holds the sign and the variable."""
        sign, *rest = _factors(below)
        if len(rest) != 1 or not isinstance(rest[0], Tree) or not isinstance(sign, Tree) or body.tensor:
            raise self.error("this derivative is not of the first order", "Write its elements with indices", tree)
        variable = self.value(rest[0])

        def element(row: Syntax, column: Syntax, other_row: Syntax, other_column: Syntax) -> Syntax:
            above = node("product", [sign, bracket(body.entry(row, column))], tree)
            return divided(above, node("product", [sign, variable.entry(other_row, other_column)], tree))

        return derivative(Slope(name, spelled(rest[0]), (body.shape, variable.shape), element))

    def _second_slope(self, inner: Syntax, below: Sequence[Part], tree: Syntax) -> Value:
        r"""The matrix of second derivatives \partial^2 f / \partial x \partial x^\top of a number."""
        body = self.value(inner)
        variables = [self.value(part) for part in below if isinstance(part, Tree) and not _is_partial(part)]
        if len(variables) != 2 or not body.is_number or any(sum(value.shape) != 1 for value in variables):
            return constant(tree)
        one, other = (transposed(value) if value.columns else value for value in variables)
        sign = below[0]

        def entry(row: Syntax, column: Syntax) -> Syntax:
            above = node("product", [sign, bracket(body.entry(row, row))], tree)
            first = divided(above, node("product", [sign, one.entry(row, row)], tree))
            above = node("product", [sign, bracket(first)], tree)
            return divided(above, node("product", [sign, other.entry(column, column)], tree))

        return Value(entry, True, True)

    # ----- Other forms

    def _applied(self, tree: Syntax) -> Value:
        *head, argument = tree.children
        assert isinstance(argument, Tree)
        inner, scripts = bracketed(argument)
        below = [part for part in scripts if isinstance(part, Tree) and kind(part) == "below"]
        if inner is not None and below:  # \exp(z)_j: the element of the vector \exp(z)
            value = self.value(node("applied", [*head, bracket(inner)], tree))
            return self.with_scripts(value, scripts, tree)
        value = self.value(inner if inner is not None and not scripts else argument)
        return Value(lambda r, c: node("applied", [*head, bracket(value.entry(r, c))], tree), *value.shape)

    def _inside(self, tree: Syntax) -> Value:
        """Brackets and groups."""
        inner = only(tree)
        return constant(tree) if inner is None else self.value(inner)

    def _absolute(self, tree: Syntax) -> Value:
        """Bars: the absolute value of a number, the norm of a vector."""
        value = self._inside(tree)
        if value.rows and value.columns:
            raise self.error("bars around a matrix", r"Write \\| A \\| for its norm", tree)
        if value.is_number:
            return constant(node("absolute", [value.entry(tree, tree)], tree))
        return self._norm(value, tree)

    def _big(self, tree: Syntax) -> Value:
        *scripts, body = tree.children
        assert isinstance(body, Tree)
        value = self.value(body)
        return Value(lambda r, c: node("big", [*scripts, bracket(value.entry(r, c))], tree), *value.shape)

    def _cases(self, tree: Syntax) -> Value:
        rows = subtrees(tree)
        values = [self.value(subtrees(row)[0]) for row in rows]
        shape = values[0].shape

        def entry(row: Syntax, column: Syntax) -> Syntax:
            new = [
                node("row", [value.entry(row, column), *old.children[1:]], old)
                for value, old in zip(values, rows, strict=True)
            ]
            return node("cases", new, tree)

        return Value(entry, *shape)

    def matrix(self, cells: list[list[Syntax]]) -> Value:
        """A matrix with dots; cells that are rows themselves make a matrix of a column."""
        found: Grid = dots.grid(cells)
        values = [self.value(cell) for line in found.cells for cell in line if not is_dots(cell)]
        if found.rows and not found.columns and all(value.rows != value.columns for value in values):
            return Value(lambda r, c: self.value(found.entry(r, c)).entry(c, c), True, True)
        return Value(lambda r, c: self.value(found.entry(r, c)).entry(r, c), found.rows, found.columns)


DOUBLE_DOT = r"\mathbin:"
DOTS = ("\\cdot", "·", "⋅")
BRACKETS = ("bracket", "braces", "group")
ELEMENTWISE: dict[str, Callable[..., Syntax]] = {
    **dict.fromkeys(("\\odot", "\\circ"), multiplied),
    **dict.fromkeys(("\\oslash", "/", "÷", "\\div", "\\slash"), divided),
}
RULES: dict[str, Callable[[Vectors, Syntax], Value]] = {
    "absolute": Vectors._absolute,
    "accent": Vectors.name,
    "applied": Vectors._applied,
    "big": Vectors._big,
    "bracket": Vectors._inside,
    "braces": Vectors._inside,
    "cases": Vectors._cases,
    "font": Vectors.name,
    "fraction": Vectors._fraction,
    "group": Vectors._inside,
    "name": Vectors.name,
    "negative": Vectors._negative,
    "ones": Vectors.ones,
    "product": Vectors._product,
    "scripted": Vectors.scripted,
    "sum": Vectors._sum,
}


def _factors(tree: Syntax) -> list[Part]:
    return list(tree.children) if kind(tree) == "product" else [tree]


def _is_partial(part: Part) -> bool:
    return isinstance(part, Tree) and (kind(part) == "partial" or (kind(part) == "name" and spelled(part) == "d"))


def _is_second(part: Part) -> bool:
    r"""Whether this is \partial^2."""
    return isinstance(part, Tree) and kind(part) == "scripted" and _is_partial(subtrees(part)[0])


def _is_operator(tree: Syntax) -> bool:
    """Whether this is the sign of a derivative alone, which acts on what follows."""
    if kind(tree) != "fraction":
        return False
    above, below = subtrees(tree)
    return _is_partial(above) and _is_partial(_factors(below)[0])
