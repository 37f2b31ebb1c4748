"""Clearing inverses: a difference is zero if a product of it with a regular matrix is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from indexcalc.rewrite.expand import Polynomial
from indexcalc.rewrite.primitives.laws import written_out
from indexcalc.sheet import Sheet
from indexcalc.terms import Contraction, Index, Product, Term
from indexcalc.walk import substitute

MOST = 6  # matrices that are tried
DEEPEST = 2  # products, one after the other


def cleared(term: Term, sheet: Sheet, normal: Callable[[Term], Polynomial], depth: int = 1) -> str:
    """The matrices by which a difference can be multiplied so that it vanishes; empty if none are found."""
    for name, product in list(_products(term, sheet))[:MOST]:
        polynomial = normal(product)
        if not polynomial:
            return name
        if depth < DEEPEST:
            further = cleared(product, sheet, normal, depth + 1)
            if further:
                return f"{name} and {further}"
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
