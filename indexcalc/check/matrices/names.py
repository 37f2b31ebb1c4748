r"""Names and scripts in matrix notation: X, X^\top, x_{:,t}, (AB)_{ij}, \sigma(z)_j, z_{i=j}."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence

from lark import Token, Tree

from indexcalc.check.matrices.values import Part, Value, constant, diagonal, identity, transposed
from indexcalc.check.matrices.written import (
    bracket,
    is_bold,
    is_number,
    is_transposition,
    items,
    letter,
    multiplied,
    number,
    other_case,
    rows_of,
    scripted,
    small,
    spelled,
    summed,
)
from indexcalc.errors import IndexcalcError, Span
from indexcalc.notation.latex.functions import OPERATOR, is_operator
from indexcalc.notation.latex.names import Words
from indexcalc.notation.latex.scripts import Namer, Scripts, node, token
from indexcalc.notation.latex.words import base_name
from indexcalc.notation.syntax.places import NAMES, Syntax, kind, subtrees

DIAGONALS = frozenset(("diag", "Diag"))
TOTALS = frozenset(("tr", "Tr", "trace", "sum"))
POWERS = ("2", "3", "4")
OF_MATRICES = DIAGONALS | TOTALS
UNIT = "I"  # the unit matrix, in matrix notation
NORM = "norm"  # what bars are rewritten to


class Names:
    """Reads the trees of one side.

    words: the names of the sheet. matrices: the cells of what is called matrix1 and so on. dropped: whether a matrix
    that has one index, or none, is its first column. fresh: how many letters were taken for sums. `apart` collects the
    indices that are said to differ.
    """

    def __init__(
        self,
        text: str,
        words: Words,
        matrices: Mapping[str, list[list[Syntax]]] | None = None,
        dropped: bool = False,
        fresh: int = 0,
    ) -> None:
        self.text, self.words, self.dropped = text, words, dropped
        self.matrices = matrices or {}
        self.apart: list[tuple[str, str]] = []
        self.dropping = False
        self.fresh = fresh

    @abstractmethod
    def value(self, tree: Syntax) -> Value:
        """The value of an expression."""

    @abstractmethod
    def times(self, left: Value, right: Value, tree: Syntax) -> Value:
        """The product of two values."""

    @abstractmethod
    def matrix(self, cells: list[list[Syntax]]) -> Value:
        """The value of a matrix of cells."""

    def error(self, cause: str, remedy: str, tree: Syntax) -> IndexcalcError:
        """An error at a tree."""
        start, end = getattr(tree.meta, "start_pos", 0), getattr(tree.meta, "end_pos", len(self.text))
        return IndexcalcError(cause, remedy, self.text, [Span(start, end)])

    def index(self, at: Syntax) -> Syntax:
        """A new letter for a sum."""
        self.fresh += 1
        spare = self.words.spare[self.fresh + 1 : self.fresh + 2]  # the first two are for rows and columns
        return letter(spare[0] if spare else f"k_{self.fresh}", at)

    # ----- Names and scripts

    def name(self, tree: Syntax) -> Value:
        """The value of a name without scripts."""
        cells = self.matrices.get(base_name(tree) or "")
        if cells is not None:
            return self.matrix(cells)
        inner = subtrees(tree)[-1] if kind(tree) == "font" else None
        if inner is not None and (base_name(tree) is None or self._is_product(tree, inner)):
            if kind(inner) == "number" and str(inner.children[0]) in "01":
                return self.ones(tree) if str(inner.children[0]) == "1" else constant(number(0, tree))
            return self.value(inner)
        return self._named(tree, ())

    def _is_product(self, whole: Syntax, inner: Syntax) -> bool:
        r"""Whether letters under one font are names of their own, as in \mathbf{Xw}, and not one long name."""
        names = [base_name(part) for part in subtrees(inner)]
        if kind(inner) != "product" or self.words.knows(base_name(whole) or ""):
            return False
        return all(name and any(map(self.words.knows, (name, name.swapcase()))) for name in names)

    def ones(self, tree: Syntax) -> Value:
        """The vector of ones."""
        return Value(lambda row, column: number(1, tree), rows=True)

    def _named(self, base: Syntax, above: Sequence[Part]) -> Value:
        """A name without indices: a number, a vector or a matrix."""
        is_power = bool(above) and all(map(is_number, above))
        known = self._known(base, () if is_power else above)
        if known is None and base_name(base) == UNIT and not self.words.knows(UNIT) and not above:
            return identity(base)
        if known is None:
            return constant(scripted(base, (), above))
        name, rank = known
        if rank == 2 and is_power and not self.dropped:
            return self._power(self._named(base, ()), above, base)
        one = [letter("1", base)] if self.dropped and rank == 2 else []
        if rank > 2:
            raise self.error("a tensor without indices", "Write its indices", base)
        if rank == 2 and not one:
            return Value(lambda row, column: scripted(name, [row, column], above), True, True)
        return Value(lambda row, column: scripted(name, [row, *one], above), rows=True)

    def _known(self, base: Syntax, above: Sequence[Part]) -> tuple[Syntax, int] | None:
        """The name that the sheet knows with indices, perhaps in small letters, and how many; none for a number."""
        labels = (part for part in above if isinstance(part, Tree) and kind(part) == "above" and part.children)
        label = next(labels, None)
        namer = _Names(self.text, self.words)
        for name in (base, small(base)):
            if name is None or base_name(name) is None:
                continue
            found, power = namer.named(name, Scripts(None, label, ""))
            rank = self.words.rank(str(found.children[0]))
            if rank and power is None:
                return name, rank
        return None

    def scripted(self, tree: Syntax) -> Value:
        """The value of anything with scripts."""
        base, *scripts = tree.children
        assert isinstance(base, Tree)
        above = [part for part in scripts if isinstance(part, Token) or kind(part) == "above"]
        below = [item for part in scripts if isinstance(part, Tree) and kind(part) == "below" for item in items(part)]
        turned = [part for part in above if isinstance(part, Tree) and is_transposition(part)]
        if turned and not self.words.knows(f"{base_name(base) if kind(base) in NAMES else None}_T"):
            rest = [part for part in scripts if part not in turned]
            return transposed(self.value(node("scripted", [base, *rest], tree) if rest else base))
        if kind(base) not in NAMES:
            if not below and kind(base) not in ("ones",):
                inner = self.value(base)
                if all(inner.shape):
                    return self._power(inner, above, tree)
                return Value(lambda r, c: scripted(bracket(inner.entry(r, c)), (), above), *inner.shape)
            return self.with_scripts(self.value(base), scripts, tree)
        if not below:
            return self._named(base, above)
        return self._element(base, below, above, tree)

    def _power(self, value: Value, above: Sequence[Part], tree: Syntax) -> Value:
        """A small power of a matrix: the product with itself."""
        digits = spelled(above[0]) if len(above) == 1 and isinstance(above[0], Tree) else ""
        if digits not in POWERS:
            raise self.error("this is no power of a matrix", "Powers up to 4 are read; an inverse is not", tree)
        result = value
        for _ in range(int(digits) - 1):
            result = self.times(result, value, tree)
        return result

    def _element(self, base: Syntax, below: list[Syntax], above: Sequence[Part], tree: Syntax) -> Value:
        """A name with indices, some of which may be slices."""
        below = [self._condition(item) for item in below]
        slices = [place for place, item in enumerate(below) if kind(item) == "slice"]
        known = self._known_with(base, above, len(below))
        if known is not None and self.dropped and self._rank(base, above) == len(below) + 1 == 2:
            below = [*below, letter("1", base)]
            self.dropping = True
        row_of = self._known_with(base, above, len(below) + 1) if known is None and not slices else None
        if row_of is not None and (is_bold(base) or base_name(row_of) in self.words.inferred):
            return Value(lambda row, column: scripted(row_of, [*below, row], above), rows=True)
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
        for name in (base, small(base), other_case(base)):
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

    def with_scripts(self, value: Value, scripts: Sequence[Part], tree: Syntax) -> Value:
        """A bracket, or what a function gave, with scripts: an element, a column, the transpose, a power."""
        above = [part for part in scripts if isinstance(part, Tree) and kind(part) == "above"]
        below = [item for part in scripts if isinstance(part, Tree) and kind(part) == "below" for item in items(part)]
        if below and not (value.is_number and [spelled(item) for item in below] in (["2"], ["F"])):  # of a norm
            value = self._taken(value, [self._condition(item) for item in below], tree)
        for part in above:
            if is_transposition(part):
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

    def called(self, name: str, head: Syntax, inner: Syntax) -> Value | None:
        """What a function of vectors gives; none for any other name."""
        if is_operator(head):
            raise self.error(*OPERATOR, head)
        if name in DIAGONALS:
            return diagonal(self.value(inner))
        if name in TOTALS:
            value, index, other = self.value(inner), self.index(inner), self.index(inner)
            if name != "sum" or not value.columns:
                return constant(summed(index, value.entry(index, index)))
            return constant(summed(index, summed(other, value.entry(index, other))))
        if name == NORM:
            return self._norm(self.value(inner), inner)
        rank = self.words.rank(name)
        argument = self.value(inner)
        if rank == 1 and self._argument(inner) is not None:
            return self._row_wise(name, head, self._argument(inner) or inner)
        if rank == 1 and not argument.is_number:
            return Value(lambda row, column: scripted(head, [row]), rows=True)
        if rank is None and (argument.is_number or len(name) > 1):  # whether it is a call is decided later
            return Value(lambda r, c: node("product", [head, bracket(argument.entry(r, c))], head), *argument.shape)
        return None

    def _norm(self, value: Value, tree: Syntax) -> Value:
        """The root of the sum of the squares of all elements."""
        index, other = self.index(tree), self.index(tree)
        element = value.entry(index, other if value.columns and value.rows else index)
        total = multiplied(element, element)
        for each, extends in ((other, value.rows and value.columns), (index, not value.is_number)):
            total = summed(each, total) if extends else total
        return constant(node("root", [token("SQRT", r"\sqrt", tree), total], tree))

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


class _Names(Namer):
    """Finds out what a name means."""
