"""Clearing inverses: a difference is zero if a product of it with a regular matrix is.

Products are tried as long as fewer inverses are left in them: the one with the fewest first.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush

from indexcalc.rewrite.normal import NormalForm
from indexcalc.rewrite.primitives.laws import written_out
from indexcalc.rewrite.rational import vanishes
from indexcalc.sheet import Sheet
from indexcalc.terms import Contraction, Index, Power, Product, Tensor, Term
from indexcalc.walk import substitute, subterms

MOST = 24  # products that are brought to normal form, in all
DEEPEST = 4  # products, one after the other


def cleared(term: Term, sheet: Sheet, normal: NormalForm) -> str:
    """The matrices by which a difference can be multiplied so that it vanishes; empty if none are found.

    Raises TooLargeError.
    """
    inverted = frozenset(name for name, made in sheet.primitives.items() if made.kind == "inv")
    tried, serial = 0, 0
    pending: list[tuple[int, int, int, tuple[str, ...], Term]] = [(0, 0, 0, (), term)]
    while pending:
        _, _, depth, before, each = heappop(pending)
        for name, product in _products(each, sheet):
            if tried == MOST:
                return ""
            tried += 1
            polynomial = normal(product)
            names = (*before, name)
            if not polynomial or (_has_quotient(product) and vanishes(polynomial, normal)):
                return " and ".join(dict.fromkeys(names))
            if depth + 1 < DEEPEST:
                serial += 1
                left = normal.term(polynomial)
                heappush(pending, (_inverses(left, inverted), serial, depth + 1, names, left))
    return ""


def _inverses(term: Term, names: frozenset[str]) -> int:
    return sum(isinstance(each, Tensor) and each.name in names for each in subterms(term))


def _has_quotient(term: Term) -> bool:
    return any(isinstance(each, Power) for each in subterms(term))


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
