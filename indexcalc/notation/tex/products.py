"""Products of the factors that were read: one factor alone, many, and what only looks like a product."""

from __future__ import annotations

from indexcalc.notation.formula import Formula, Numeral, Opaque, Product, Span


def product_of(factors: list[tuple[str, Formula]], span: Span) -> Formula:
    r"""The product of some factors, each with the operator before it.

    Nothing but numbers side by side are the entries of a row, as in [0.5 \; 0.6]: nobody writes a product so.
    """
    if len(factors) == 1:
        return factors[0][1]
    listed = all(operator == "juxtaposed" for operator, _ in factors[1:])
    if listed and all(isinstance(each, Numeral) for _, each in factors):
        return Opaque("numbers", tuple(each for _, each in factors), span=span)
    return Product(tuple(factors), span=span)
