"""A product as a graph: indices are nodes, matrices edges, vectors stand at nodes; a sum over one joins its edges."""

from __future__ import annotations

from collections.abc import Callable

from indexcalc.notation.writing.chains import (
    IDENTITY,
    Atom,
    Chain,
    NoMatrixError,
    applied,
    entrywise,
    joined,
    transposed,
    written,
)
from indexcalc.terms import Contraction, Index, Product, Sum, Tensor, Term, factors_of
from indexcalc.walk import freshened

Edge = tuple[Index, Index, Chain]
Factor = Callable[[Term, Index, Index | None], Chain]


class Graph:
    """The factors of one product: vectors at indices, matrices between them, scalars."""

    def __init__(self, factor: Factor, diagonal: Callable[[Tensor], Chain], axes: tuple[Index, ...]) -> None:
        self.factor, self.diagonal, self.axes = factor, diagonal, axes
        self.scalars: list[Term] = []
        self.vectors: dict[Index, list[Chain]] = {}
        self.edges: list[Edge] = []
        self.numbers: list[Chain] = []
        self.bound: list[Index] = []

    def add(self, term: Term) -> None:
        """Take in a product."""
        for factor in factors_of(term):
            if isinstance(factor, Contraction):
                self._contraction(factor)
            elif isinstance(factor, Product):
                self.add(factor)
            else:
                self._factor(factor)

    def _contraction(self, term: Contraction) -> None:
        if not term.free and self.axes:
            self.scalars.append(term)
            return
        bound, body = freshened(term, [*self.axes, *self.bound])
        self.bound += bound
        if isinstance(body, Sum):
            raise NoMatrixError("a sum of several products is summed at once")
        self.add(body)

    def _factor(self, factor: Term) -> None:
        free = sorted(factor.free, key=lambda index: index.key)
        if not free:
            self.scalars.append(factor)
        elif len(free) == 1:
            (index,) = free
            if isinstance(factor, Tensor) and len(factor.slots) == 2:
                chain = applied("diag", r"\operatorname{diag}", self.diagonal(factor))
                self.vectors.setdefault(index, []).append(chain)
            else:
                self.vectors.setdefault(index, []).append(self.factor(factor, index, None))
        elif len(free) == 2:
            first, second = factor.slots[:2] if isinstance(factor, Tensor) else free
            self.edges.append((first, second, self.factor(factor, first, second)))
        else:
            raise NoMatrixError("a factor has three indices, and a matrix has two")

    def whole(self) -> Chain:
        """The product between the axes, when all summed indices are gone."""
        pending = list(self.bound)
        while pending:
            index = min(pending, key=lambda each: (len(self._at(each)), pending.index(each)))
            pending.remove(index)
            self._sum_over(index)
        return self._between()

    def _at(self, index: Index) -> list[Edge]:
        self._join_parallel()
        return [edge for edge in self.edges if index in edge[:2]]

    def _join_parallel(self) -> None:
        joined: list[Edge] = []
        for first, second, chain in self.edges:
            alike = [edge for edge in self.edges if {*edge[:2]} == {first, second}]
            is_trace = {first, second} <= set(self.bound) and len(alike) == 2
            for place, (one, other, known) in enumerate(joined):
                if {one, other} == {first, second} and not is_trace:
                    turned = chain if (one, other) == (first, second) else transposed(chain)
                    joined[place] = one, other, entrywise(known, turned)
                    break
            else:
                joined.append((first, second, chain))
        self.edges = joined

    def _vector(self, index: Index) -> Chain | None:
        """The product entry by entry of all vectors at an index."""
        chains = self.vectors.pop(index, [])
        if not chains:
            return None
        found = chains[0]
        for chain in chains[1:]:
            found = entrywise(found, chain)
        return found

    def _sum_over(self, index: Index) -> None:
        edges = self._at(index)
        if len(edges) > 2:
            raise NoMatrixError("a sum joins more than two matrices")
        if not edges:
            self._number_at(index)
            return
        for edge in edges:
            self.edges.remove(edge)
        vector = self._vector(index)
        if len(edges) == 1:
            (one, other, chain) = edges[0]
            if vector is None:
                raise NoMatrixError("a matrix is summed along one index alone")
            end, ordered = (one, chain) if other is index else (other, transposed(chain))
            self.vectors.setdefault(end, []).append(joined(ordered, vector))
            return
        (a, b, first), (c, d, second) = edges
        start, left = (a, first) if b is index else (b, transposed(first))
        end, right = (d, second) if c is index else (c, transposed(second))
        middle = applied("diag", r"\operatorname{diag}", vector, symmetric=True) if vector is not None else ()
        whole = joined(left, middle, right)
        if start is end:
            self.vectors.setdefault(start, []).append(applied("diag", r"\operatorname{diag}", whole))
        else:
            self.edges.append((start, end, whole))

    def _number_at(self, index: Index) -> None:
        """A sum that is a number: x @ y, or the trace that a diagonal is summed to."""
        chains = self.vectors.pop(index, [])
        if len(chains) == 1:
            (chain,) = chains
            if len(chain) == 1 and chain[0].text.startswith("diag("):
                inside, latex = chain[0].text[5:-1], chain[0].latex.removeprefix(r"\operatorname{diag}")
                self.numbers.append((Atom(f"tr({inside})", rf"\operatorname{{tr}}{latex}"),))
                return
            raise NoMatrixError("a vector is summed over all its entries")
        *most, last = sorted(chains, key=len, reverse=False)
        first = most[0]
        for chain in most[1:]:
            first = entrywise(first, chain)
        text = f"{_as_row(first, False)} @ {written(last, False)}"
        latex = f"{_as_row(first, True)} {written(last, True)}"
        self.numbers.append((Atom(f"({text})", latex),))

    def _between(self) -> Chain:
        """What is left, between the axes."""
        self._join_parallel()
        numbers = tuple(atom for chain in self.numbers for atom in chain)
        if not self.axes:
            return _numbers(numbers)
        rest = self._column() if len(self.axes) == 1 else self._matrix()
        if not numbers:
            return rest
        text = "*".join([*(atom.text for atom in numbers), written(rest, False)])
        latex = " ".join([*(atom.latex for atom in numbers), written(rest, True)])
        return (Atom(text, latex),)

    def _column(self) -> Chain:
        (axis,) = self.axes
        vector = self._vector(axis)
        if self.edges or self.vectors:
            raise NoMatrixError("an index is neither summed nor an axis")
        return vector if vector is not None else (Atom("ones", r"\mathbf{1}"),)

    def _matrix(self) -> Chain:
        row, column = self.axes
        left, right = self._vector(row), self._vector(column)
        if len(self.edges) > 1 or self.vectors:
            raise NoMatrixError("an index is neither summed nor an axis")
        if not self.edges:
            if left is None or right is None:
                raise NoMatrixError("the result is constant along one of its axes")
            text = f"outer({written(left, False)}, {written(right, False)})"
            latex = f"{written(left, True)} {_as_row(right, True)}"
            return (Atom(text, latex),)
        one, _, chain = self.edges[0]
        chain = chain if one is row else transposed(chain)
        if chain == IDENTITY and (left is not None or right is not None):
            both = left if right is None else right if left is None else entrywise(left, right)
            assert both is not None
            return applied("diag", r"\operatorname{diag}", both, symmetric=True)
        before = applied("diag", r"\operatorname{diag}", left, symmetric=True) if left is not None else ()
        after = applied("diag", r"\operatorname{diag}", right, symmetric=True) if right is not None else ()
        return (*before, *chain, *after)


def _numbers(numbers: Chain) -> Chain:
    if not numbers:
        return ()
    return (Atom("*".join(atom.text for atom in numbers), " ".join(atom.latex for atom in numbers)),)


def _as_row(chain: Chain, is_latex: bool) -> str:
    """A vector as a row: x.T A.T for A @ x, in the text the vector itself."""
    if not is_latex:
        text = written(chain, False)
        return text if len(chain) == 1 else f"({text})"
    return written(transposed(chain), True)
