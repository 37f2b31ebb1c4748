"""Products of the factors that were read: one factor alone, many, and what only looks like a product."""

from __future__ import annotations

from itertools import pairwise

from indexcalc.notation.formula import Formula, Numeral, Opaque, Product, Span


def product_of(factors: list[tuple[str, Formula]], span: Span) -> Formula:
    r"""The product of some factors, each with the operator before it.

    Two numbers side by side are entries of a row, as in [0.5 \; 0.6]: nobody writes a product so.
    """
    if len(factors) == 1:
        return factors[0][1]
    if any(_are_listed(first, operator, second) for (_, first), (operator, second) in pairwise(factors)):
        return Opaque("numbers", tuple(each for _, each in factors), span=span)
    return Product(tuple(factors), span=span)


def _are_listed(first: Formula, operator: str, second: Formula) -> bool:
    return operator == "juxtaposed" and isinstance(first, Numeral) and isinstance(second, Numeral)
