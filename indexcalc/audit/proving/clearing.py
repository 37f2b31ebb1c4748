"""Clearing inverses: a difference is zero if a product of it with a regular matrix is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from indexcalc.rewrite.expand import Polynomial
from indexcalc.rewrite.primitives.laws import written_out
from indexcalc.sheet import Sheet
from indexcalc.terms import Contraction, Index, Product, Term
from indexcalc.walk import substitute

MOST = 12  # products that are brought to normal form, in all
DEEPEST = 2  # products, one after the other


def cleared(term: Term, sheet: Sheet, normal: Callable[[Term], Polynomial]) -> str:
    """The matrices by which a difference can be multiplied so that it vanishes; empty if none are found.

    One matrix is tried after the other, then two of them.
    """
    tried = 0
    pending: list[tuple[str, Term]] = [("", term)]
    for _ in range(DEEPEST):
        reached: list[tuple[str, Term]] = []
        for before, each in pending:
            for name, product in _products(each, sheet):
                if tried == MOST:
                    return ""
                tried += 1
                names = f"{before} and {name}" if before else name
                if not normal(product):
                    return names
                reached.append((names, product))
        pending = reached
    return ""


def _products(term: Term, sheet: Sheet) -> Iterator[tuple[str, Term]]:
    """A difference times each matrix that it holds the inverse of, along each of its free indices."""
    for name in sorted(term.symbols, reverse=True):
        made = sheet.primitives.get(name)
        if made is None or made.kind != "inv" or made.batch:
            continue
        operand = written_out(sheet, made.operands[0])
        row, column = made.matrices[0]
        for index in sorted(term.free, key=lambda index: index.key):
            if index.range != row.range or index.place is not None:
                continue
            new = Index("~z", index.range, len([each for each in term.indices if each.name == "~z"]) + 1)
            for old in (column, row):
                matrix = substitute(operand, {column: index, row: new} if old is column else {row: index, column: new})
                shown = made.operands[0].name
                yield shown, Contraction((index,), Product(matrix, term))
