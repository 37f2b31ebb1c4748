r"""Matrix notation as index notation: X^\top (A - Y) is \sum_k x_{kr} (a_{kc} - y_{kc}).

A vector is a column, so v^\top w is a number and v w^\top a matrix; a slice a_{:,t} is a vector too. The result is what
could have been written with indices: what names and scripts mean is decided later, with the sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lark import Token, Tree

from indexcalc.check import dots
from indexcalc.check.dots import Grid, is_dots
from indexcalc.check.written import (
    bracket,
    delta,
    divided,
    items,
    letter,
    multiplied,
    number,
    scripted,
    spelled,
    subtrees,
    summed,
)
from indexcalc.errors import IndexcalcError, Span
from indexcalc.notation.latex_names import Words
from indexcalc.notation.latex_scripts import Namer, Scripts, node, token
from indexcalc.notation.latex_words import base_name
from indexcalc.notation.places import Syntax
from indexcalc.notation.survey import kind

NAMES = ("name", "accent", "font")
Part = Syntax | Token
Entry = Callable[[Syntax, Syntax], Syntax]
Element = Callable[[Syntax, Syntax, Syntax, Syntax], Syntax]


@dataclass(frozen=True)
class Slope:
    """A derivative: of what and by what, as written, their shapes, and the element at the indices of both."""

    above: str
    below: str
    shapes: tuple[tuple[bool, bool], tuple[bool, bool]]
    element: Element


@dataclass(frozen=True)
class Value:
    """What an expression is worth: a number, a column (`rows`), a row (`columns`) or a matrix; its elements.

    `tensor`: it has more than two indices, and only a subscript or a product makes it one of these.
    """

    entry: Entry
    rows: bool = False
    columns: bool = False
    slope: Slope | None = None
    tensor: bool = False

    @property
    def shape(self) -> tuple[bool, bool]:
        """Along what it extends."""
        return self.rows, self.columns

    @property
    def is_number(self) -> bool:
        """Whether it has no extent."""
        return not (self.rows or self.columns or self.tensor)


def constant(tree: Syntax) -> Value:
    """A number."""
    return Value(lambda row, column: tree)


def transposed(value: Value) -> Value:
    """Rows for columns."""
    return Value(lambda row, column: value.entry(column, row), value.columns, value.rows)


def derivative(slope: Slope) -> Value:
    """The derivative of a number by anything, of anything by a number, or of a vector by a vector (a matrix)."""
    above, below = slope.shapes
    element = slope.element
    if not any(above):
        return Value(lambda r, c: element(r, c, r, c), *below, slope=slope)
    if not any(below):
        return Value(lambda r, c: element(r, c, r, c), *above, slope=slope)
    if all(above) or all(below):
        return Value(lambda r, c: element(r, c, r, c), slope=slope, tensor=True)
    return Value(lambda r, c: element(r, r, c, c), True, True, slope)


class Vectors:
    """Reads the trees of one side.

    words: the names of the sheet. matrices: the cells of what is called matrix1 and so on. dropped: whether a matrix
    that has one index, or none, is its first column. `apart` collects the indices that are said to differ.
    """

    def __init__(
        self, text: str, words: Words, matrices: Mapping[str, list[list[Syntax]]] | None = None, dropped: bool = False
    ) -> None:
        self.text, self.words, self.dropped = text, words, dropped
        self.matrices = matrices or {}
        self.apart: list[tuple[str, str]] = []
        self.fresh = 0

    def value(self, tree: Syntax) -> Value:
        """The value of an expression."""
        rule = RULES.get(kind(tree))
        return constant(tree) if rule is None else rule(self, tree)

    def error(self, cause: str, remedy: str, tree: Syntax) -> IndexcalcError:
        """An error at a tree."""
        start, end = getattr(tree.meta, "start_pos", 0), getattr(tree.meta, "end_pos", len(self.text))
        return IndexcalcError(cause, remedy, self.text, [Span(start, end)])

    def index(self, at: Syntax) -> Syntax:
        """A new letter for a sum."""
        self.fresh += 1
        return node("name", [token("TEXT", rf"\text{{k_{self.fresh}}}", at)], at)

    # ----- Sums and products

    def _sum(self, tree: Syntax) -> Value:
        if any(is_dots(child) for child in subtrees(tree)):
            return self.value(dots.continued_sum(tree, self.index(tree)))
        values = [self.value(child) for child in subtrees(tree)]
        if any(value.shape != values[0].shape or value.tensor for value in values):
            raise self.error("the terms of this sum have different shapes", "Give all the same shape", tree)

        def entry(row: Syntax, column: Syntax) -> Syntax:
            parts = iter(values)
            children = [c if isinstance(c, Token) else bracket(next(parts).entry(row, column)) for c in tree.children]
            return node("sum", children, tree)

        return Value(entry, *values[0].shape)

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
            value, place = self._unit(parts, place)
            result = value if result is None else self._times(result, value, sign, tree)
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
        bracketed, scripts = _bracketed(after)
        if name and bracketed is not None:
            called = self._called(name, part, bracketed)
            if called is not None:
                return self._with_scripts(called, scripts, after), place + 2
        if _is_operator(part):
            operand, end = self._unit(parts, place + 1)
            return self._slope(operand, spelled(after), subtrees(part)[1], part), end
        return self.value(part), place + 1

    def _times(self, left: Value, right: Value, sign: str, tree: Syntax) -> Value:
        if sign in ELEMENTWISE:
            return self._elementwise(left, right, ELEMENTWISE[sign], tree)
        if left.slope and right.slope and not (left.is_number and right.is_number):
            chained = _chained(left.slope, right.slope, self.index(tree), self.index(tree))
            if chained is not None:
                return derivative(chained)
        if left.tensor or right.tensor:
            raise self.error("a derivative of a matrix by a matrix has four indices", "Write its elements", tree)
        if left.is_number or right.is_number:
            shape = (right if left.is_number else left).shape
            return Value(lambda r, c: multiplied(left.entry(r, c), right.entry(r, c)), *shape)
        if left.columns != right.rows:
            raise self.error("these shapes do not go together", r"Transpose one with ^{\top}, or write \odot", tree)
        if not left.columns:
            return Value(lambda r, c: multiplied(left.entry(r, r), right.entry(c, c)), left.rows, right.columns)
        index = self.index(tree)

        def entry(row: Syntax, column: Syntax) -> Syntax:
            return summed(index, multiplied(left.entry(row, index), right.entry(index, column)))

        return Value(entry, left.rows, right.columns)

    def _elementwise(self, left: Value, right: Value, operation: Callable[..., Syntax], tree: Syntax) -> Value:
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

    # ----- Names and scripts

    def _name(self, tree: Syntax) -> Value:
        cells = self.matrices.get(base_name(tree) or "")
        if cells is not None:
            return self._matrix(cells)
        inner = subtrees(tree)[-1] if kind(tree) == "font" else None
        if inner is not None and base_name(tree) is None:
            if kind(inner) == "number" and str(inner.children[0]) in "01":
                return self._ones(tree) if str(inner.children[0]) == "1" else constant(number(0, tree))
            return self.value(inner)
        return self._named(tree, ())

    def _ones(self, tree: Syntax) -> Value:
        return Value(lambda row, column: number(1, tree), rows=True)

    def _named(self, base: Syntax, above: Sequence[Part]) -> Value:
        """A name without indices: a number, a vector or a matrix."""
        known = self._known(base, above)
        if known is None:
            return constant(scripted(base, (), above))
        name, rank = known
        one = [letter("1", base)] if self.dropped and rank == 2 else []
        if rank > 2:
            raise self.error("a tensor without indices", "Write its indices", base)
        if rank == 2 and not one:
            return Value(lambda row, column: scripted(name, [row, column], above), True, True)
        return Value(lambda row, column: scripted(name, [row, *one], above), rows=True)

    def _known(self, base: Syntax, above: Sequence[Part]) -> tuple[Syntax, int] | None:
        """The name in the case that the sheet knows with indices, and how many it has; none for a number."""
        label = next((part for part in above if isinstance(part, Tree) and kind(part) == "above"), None)
        namer = _Names(self.text, self.words)
        for name in (base, _other_case(base)):
            if name is None or base_name(name) is None:
                continue
            found, power = namer.named(name, Scripts(None, label, ""))
            rank = self.words.rank(str(found.children[0]))
            if rank and power is None:
                return name, rank
        return None

    def _scripted(self, tree: Syntax) -> Value:
        base, *scripts = tree.children
        assert isinstance(base, Tree)
        above = [part for part in scripts if isinstance(part, Token) or kind(part) == "above"]
        below = [item for part in scripts if isinstance(part, Tree) and kind(part) == "below" for item in items(part)]
        turned = [part for part in above if isinstance(part, Tree) and _is_transposition(part)]
        if turned and not self.words.knows(f"{base_name(base) if kind(base) in NAMES else None}_T"):
            rest = [part for part in scripts if part not in turned]
            return transposed(self.value(node("scripted", [base, *rest], tree) if rest else base))
        if kind(base) not in NAMES:
            if not below and kind(base) not in ("ones",):
                inner = self.value(base)
                return Value(lambda r, c: scripted(bracket(inner.entry(r, c)), (), above), *inner.shape)
            return self._with_scripts(self.value(base), scripts, tree)
        if not below:
            return self._named(base, above)
        return self._element(base, below, above, tree)

    def _element(self, base: Syntax, below: list[Syntax], above: Sequence[Part], tree: Syntax) -> Value:
        """A name with indices, some of which may be slices."""
        below = [self._condition(item) for item in below]
        slices = [place for place, item in enumerate(below) if kind(item) == "slice"]
        known = self._known_with(base, above, len(below))
        if known is not None and self.dropped and self._rank(base, above) == len(below) + 1 == 2:
            below = [*below, letter("1", base)]
        name = known or base
        if len(slices) > 2:
            raise self.error("more than two slices", "Write indices for them", tree)

        def entry(row: Syntax, column: Syntax) -> Syntax:
            letters = dict(zip(slices, (row, column), strict=False))
            return scripted(name, [letters.get(place, item) for place, item in enumerate(below)], above)

        return Value(entry, len(slices) > 0, len(slices) > 1)

    def _rank(self, base: Syntax, above: Sequence[Part]) -> int:
        known = self._known(base, above)
        return known[1] if known else 0

    def _known_with(self, base: Syntax, above: Sequence[Part], count: int) -> Syntax | None:
        """The name in the case that has so many indices, or fewer dropped; none if it has in neither case."""
        for name in (base, _other_case(base)):
            known = self._known(name, above) if name is not None else None
            if known is not None and known[1] in (count, count + self.dropped):
                return known[0]
        return None

    def _condition(self, item: Syntax) -> Syntax:
        r"""z_{i=j} is z_j; in z_{i \neq j} the indices are said to differ."""
        if kind(item) != "comparison" or len(item.children) != 3:
            return item
        left, relation, right = item.children
        assert isinstance(left, Tree) and isinstance(right, Tree)
        if str(relation) == "=":
            return right
        self.apart.append((spelled(left), spelled(right)))
        return left

    def _with_scripts(self, value: Value, scripts: Sequence[Part], tree: Syntax) -> Value:
        """A bracket, or what a function gave, with scripts: an element, a column, the transpose, a power."""
        above = [part for part in scripts if isinstance(part, Tree) and kind(part) == "above"]
        below = [item for part in scripts if isinstance(part, Tree) and kind(part) == "below" for item in items(part)]
        if below:
            value = self._taken(value, [self._condition(item) for item in below], tree)
        for part in above:
            if _is_transposition(part):
                value = transposed(value)
            elif value.is_number:
                value = constant(scripted(bracket(value.entry(tree, tree)), (), [part]))
            else:
                raise self.error("a power of a matrix", "Write its elements with their indices", tree)
        return value

    def _taken(self, value: Value, below: list[Syntax], tree: Syntax) -> Value:
        """The element, row or column of a value."""
        slices = [kind(item) == "slice" for item in below]
        if value.tensor and value.slope and slices == [True, True, False]:  # (dA/dZ)_{::j}: both in column j
            element = value.slope.element
            return Value(lambda r, c: element(r, below[2], c, below[2]), True, True)
        if len(below) != sum(value.shape) or value.tensor:
            raise self.error("the number of indices does not fit", "Write one for each row and column", tree)
        if len(below) == 1:
            return value if slices[0] else constant(value.entry(below[0], below[0]))
        row, column = below
        shape = (any(slices), all(slices))

        def entry(first: Syntax, second: Syntax) -> Syntax:
            return value.entry(first if slices[0] else row, (second if slices[0] else first) if slices[1] else column)

        return Value(entry, *shape)

    # ----- Functions

    def _called(self, name: str, head: Syntax, inner: Syntax) -> Value | None:
        """What a function of vectors gives; none for any other name."""
        if name in ("diag", "Diag"):
            return _diagonal(self.value(inner))
        if name in ("tr", "Tr", "trace", "sum"):
            value, index, other = self.value(inner), self.index(inner), self.index(inner)
            if name != "sum" or not value.columns:
                return constant(summed(index, value.entry(index, index)))
            return constant(summed(index, summed(other, value.entry(index, other))))
        rank = self.words.rank(name)
        argument = self.value(inner)
        if rank == 1 and self._argument(inner) is not None:
            return self._row_wise(name, head, self._argument(inner) or inner)
        if rank == 1:
            return Value(lambda row, column: scripted(head, [row]), rows=True)
        if rank is None and not argument.is_number and len(name) > 1:
            return Value(lambda r, c: node("product", [head, bracket(argument.entry(r, c))], head), *argument.shape)
        return None

    def _argument(self, inner: Syntax) -> Syntax | None:
        """The matrix, or a row of one, to which a function of vectors is applied row by row."""
        base = subtrees(inner)[0] if kind(inner) == "scripted" else inner
        name = base_name(base) if kind(base) in NAMES else None
        if name is None:
            return None
        known = {name, rows_of(name)} if kind(inner) == "scripted" else {name}
        return inner if any(self.words.rank(each) == 2 for each in known) else None

    def _row_wise(self, name: str, head: Syntax, inner: Syntax) -> Value:
        base = subtrees(inner)[0] if kind(inner) == "scripted" else inner
        whole = f"{name}_{rows_of(base_name(base) or '')}"
        title = node("name", [token("TEXT", rf"\text{{{whole}}}", head)], head)
        if kind(inner) != "scripted":
            return Value(lambda row, column: scripted(title, [row, column]), True, True)
        first = items(subtrees(inner)[1])[0]
        first = self._condition(first)
        return Value(lambda row, column: scripted(title, [first, row]), rows=True)

    def _applied(self, tree: Syntax) -> Value:
        *head, argument = tree.children
        assert isinstance(argument, Tree)
        inner, scripts = _bracketed(argument)
        below = [part for part in scripts if isinstance(part, Tree) and kind(part) == "below"]
        if inner is not None and below:  # \exp(z)_j: the element of the vector \exp(z)
            value = self.value(node("applied", [*head, bracket(inner)], tree))
            return self._with_scripts(value, scripts, tree)
        value = self.value(inner if inner is not None and not scripts else argument)
        return Value(lambda r, c: node("applied", [*head, bracket(value.entry(r, c))], tree), *value.shape)

    # ----- Other forms

    def _inside(self, tree: Syntax) -> Value:
        """Brackets and groups."""
        inner = _only(tree)
        return constant(tree) if inner is None else self.value(inner)

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

    def _matrix(self, cells: list[list[Syntax]]) -> Value:
        """A matrix with dots; cells that are rows themselves make a matrix of a column."""
        found: Grid = dots.grid(cells)
        values = [self.value(cell) for line in found.cells for cell in line if not is_dots(cell)]
        if found.rows and not found.columns and all(value.rows != value.columns for value in values):
            return Value(lambda r, c: self.value(found.entry(r, c)).entry(c, c), True, True)
        return Value(lambda r, c: self.value(found.entry(r, c)).entry(r, c), found.rows, found.columns)


class _Names(Namer):
    """Finds out what a name means."""


ELEMENTWISE: dict[str, Callable[..., Syntax]] = {
    **dict.fromkeys(("\\odot", "\\circ"), multiplied),
    **dict.fromkeys(("\\oslash", "/", "÷", "\\div", "\\slash"), divided),
}
RULES: dict[str, Callable[[Vectors, Syntax], Value]] = {
    "accent": Vectors._name,
    "applied": Vectors._applied,
    "big": Vectors._big,
    "bracket": Vectors._inside,
    "cases": Vectors._cases,
    "font": Vectors._name,
    "fraction": Vectors._fraction,
    "group": Vectors._inside,
    "name": Vectors._name,
    "negative": Vectors._negative,
    "ones": Vectors._ones,
    "product": Vectors._product,
    "scripted": Vectors._scripted,
    "sum": Vectors._sum,
}


def rows_of(name: str) -> str:
    """The name of a matrix whose rows go by this name: its capital."""
    return name[:1].upper() + name[1:]


def _diagonal(value: Value) -> Value:
    """The matrix with this diagonal, or the diagonal of a matrix."""
    if value.rows and value.columns:
        return Value(lambda row, column: value.entry(row, row), rows=True)
    return Value(lambda row, column: multiplied(delta(row, column, row), value.entry(row, row)), True, True)


def _chained(left: Slope, right: Slope, first: Syntax, second: Syntax) -> Slope | None:
    """dL/dA dA/dZ, in either order: summed over all elements of A."""
    outer, inner = (left, right) if left.below == right.above else (right, left)
    if outer.below != inner.above:
        return None
    shape = outer.shapes[1]

    def element(row: Syntax, column: Syntax, other_row: Syntax, other_column: Syntax) -> Syntax:
        last = second if all(shape) else first
        body = multiplied(outer.element(row, column, first, last), inner.element(first, last, other_row, other_column))
        return summed(first, summed(second, body) if all(shape) else body)

    return Slope(outer.above, inner.below, (outer.shapes[0], inner.shapes[1]), element)


def _bracketed(tree: Syntax) -> tuple[Syntax | None, Sequence[Part]]:
    """What stands in a bracket, and the scripts of the bracket."""
    base, scripts = (tree.children[0], tree.children[1:]) if kind(tree) == "scripted" else (tree, [])
    inner = _only(base) if isinstance(base, Tree) and kind(base) in ("bracket", "group") else None
    return inner, scripts


def _only(tree: Syntax) -> Syntax | None:
    """The only expression in a bracket or a group."""
    inner = subtrees(tree)
    if len(inner) == 1 and kind(inner[0]) == "list":
        inner = subtrees(inner[0])
    return inner[0] if len(inner) == 1 and kind(inner[0]) != "comparison" else None


def _factors(tree: Syntax) -> list[Part]:
    return list(tree.children) if kind(tree) == "product" else [tree]


def _is_partial(part: Part) -> bool:
    return isinstance(part, Tree) and kind(part) == "partial"


def _is_operator(tree: Syntax) -> bool:
    """Whether this is the sign of a derivative alone, which acts on what follows."""
    return kind(tree) == "fraction" and _is_partial(subtrees(tree)[0])


def _is_transposition(above: Syntax) -> bool:
    r"""Whether a superscript is \top or T."""
    content = above.children[0] if above.children else None
    if isinstance(content, Token):
        return content.type.endswith("TOP")
    found = spelled(above)
    return found in ("T", "\\top", "\\intercal")


def _other_case(tree: Syntax) -> Syntax | None:
    """The same name as a capital, or as a small letter."""
    while kind(tree) == "font":
        tree = subtrees(tree)[-1]
    if kind(tree) == "accent":
        inner = _other_case(subtrees(tree)[-1])
        return node("accent", [tree.children[0], inner], tree) if inner is not None else None
    if kind(tree) != "name" or not isinstance(tree.children[0], Token):
        return None
    return node("name", [tree.children[0].update(value=str(tree.children[0]).swapcase())], tree)
