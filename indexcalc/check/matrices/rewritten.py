r"""Sides in matrix notation, with dots or with symbolic matrices, as trees with indices.

Before parsing, signs are rewritten (see signs.py), and a matrix becomes \text{matrix1}, whose cells are parsed one by
one. A list of indices a \dots b is read with two members.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from lark import Token, Tree

from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.layout import rows
from indexcalc.check.formulas.scan import tokens
from indexcalc.check.matrices.numbers import MATRIX
from indexcalc.check.matrices.signs import DOTS, in_subscript, rewritten
from indexcalc.check.matrices.values import Value
from indexcalc.check.matrices.vectors import Vectors
from indexcalc.check.matrices.written import letter
from indexcalc.errors import IndexcalcError, Span
from indexcalc.notation.latex.names import Words
from indexcalc.notation.latex.trees import Translation
from indexcalc.notation.parsing import written
from indexcalc.notation.syntax.places import Syntax

Cells = list[list[Syntax]]


@dataclass
class Rewriting:
    """How the sides of one chain are read.

    dropped: whether a matrix that has one index, or none, is its first column. apart: indices that are said to differ.
    lists: whether dots stand for members of a list of indices.
    """

    words: Words
    dropped: bool = False
    apart: list[tuple[str, str]] = field(default_factory=list)
    lists: bool = False
    dropping: bool = False  # whether an index was dropped in fact
    fresh: int = 0  # how many letters the sums took: each has its own, since they may run over different ranges

    @property
    def remark(self) -> str:
        """What a reader should know of how the sides were read."""
        remarks = ["a list of indices is read with two members"] if self.lists else []
        remarks += ["where an index is dropped, it is 1"] if self.dropped else []
        return "; ".join(remarks)

    def tree(self, side: Placed, axes: Sequence[str] | None = None) -> tuple[Syntax, Placed]:
        """The tree of a side, and the text in which its positions count. A vector or matrix gets these axes.

        There are none yet for the first side. Raises IndexcalcError, also where the side has more axes.
        """
        self.fresh = 0 if axes is None else self.fresh
        self.lists = self.lists or any(in_subscript(side.text, dots.start()) for dots in DOTS.finditer(side.text))
        content, cells = without_matrices(rewritten(side))
        written_tree = written_side(content.text)
        vectors = Vectors(content.text, self.words, cells, self.dropped, self.fresh)
        value = vectors.value(written_tree)
        names = _axes(value, axes or (), letters_of_axes(self.words))
        extends = {name for name, along in zip(names, value.shape, strict=True) if along}
        if axes is not None and not extends <= {*axes}:
            cause = f"this is {SHAPES[value.shape]}, and the first side {SHAPES[bool(axes), len(axes) > 1]}"
            remedy = "Both sides of an equation have one shape"
            raise IndexcalcError(cause, remedy, content.text, [Span(0, len(content))])
        plain = value.entry(*(letter(name, written_tree) for name in names))
        self.apart += vectors.apart
        self.fresh = vectors.fresh
        self.dropping = self.dropping or vectors.dropping
        return Translation(content.text, self.words).expression(plain), content

    def with_ranks(self, ranks: Mapping[str, int]) -> Rewriting:
        """The same with further names."""
        return Rewriting(replace(self.words, ranks={**self.words.ranks, **ranks}), self.dropped)


def written_side(text: str) -> Syntax:
    """The tree of a side, before names and scripts are given a meaning."""
    return written(text, Span(0, len(text)))


ROW, COLUMN = "row", "column"
SHAPES = {
    (False, False): "a number",
    (True, False): "a column",
    (False, True): "a row",
    (True, True): "a matrix",
}


def letters_of_axes(words: Words) -> tuple[str, str]:
    """The letters of rows and columns, which no sum takes."""
    return (words.spare[0], words.spare[1]) if len(words.spare) > 1 else (ROW, COLUMN)


def _axes(value: Value, axes: Sequence[str], letters: tuple[str, str]) -> tuple[str, str]:
    """The letters for rows and columns: the axes of the chain, if these are as many."""
    if value.tensor:
        raise IndexcalcError("this has more than two indices", "Write its elements with their indices")
    row, column = letters
    if row not in axes and sum(value.shape) == len(axes) > 0:
        return axes[0], axes[-1]
    return row, column if all(value.shape) else row


def without_matrices(side: Placed) -> tuple[Placed, dict[str, Cells]]:
    r"""The side with \text{matrix1} and so on for its matrices, and their cells."""
    found: dict[str, Cells] = {}
    edges = [token for token in tokens(side.text) if re.match(r"\\(begin|end)\b", token.text)]
    opened = None
    spans: list[tuple[int, int, int, int]] = []
    for token in edges:
        if opened is None and MATRIX.match(token.text):
            opened = token
        elif opened is not None and token.text.startswith("\\end") and token.depth == opened.depth:
            spans.append((opened.start, opened.end, token.start, token.end))
            opened = None
    for number, (start, inner, last, _) in enumerate(spans, 1):
        found[f"matrix{number}"] = [_cells(row, start) for row in rows(side[inner:last]) if row.text.strip()]
    changes = ((start, end, rf"\text{{matrix{number}}}") for number, (start, *_, end) in enumerate(spans, 1))
    return side.replaced(*changes) if spans else side, found


def _cells(row: Placed, position: int) -> list[Syntax]:
    """The cells of a row; all of a cell stands where its matrix begins."""
    marks = [token.start for token in tokens(row.text) if token.text == "&" and token.depth <= 0]
    starts = [0, *(mark + 1 for mark in marks)]
    texts = [row.text[start:end] for start, end in zip(starts, [*marks, len(row)], strict=True)]
    cells = []
    for text in texts:
        try:
            cells.append(moved(written_side(text), position))
        except IndexcalcError as error:
            raise IndexcalcError(f"in a cell of the matrix: {error.cause}", error.remedy) from None
    return cells


def moved(tree: Syntax, position: int) -> Syntax:
    """The tree with all its parts at one position: its text is not the one that is shown."""
    children: list[Syntax | Token] = []
    for child in tree.children:
        if isinstance(child, Tree):
            children.append(moved(child, position))
        else:
            children.append(Token(child.type, str(child), start_pos=position, end_pos=position + 1))
    result: Syntax = Tree(tree.data, children)
    result.meta.start_pos, result.meta.end_pos, result.meta.empty = position, position + 1, False
    return result
