"""Titles in brackets before formulas."""

from __future__ import annotations

from indexcalc.notation.formula import Bracket, Formula, Name, Opaque, Product, walk


def without_title(formula: Formula) -> Formula:
    r"""A side without the words in brackets before it: (Mean) \\mu."""
    if isinstance(formula, Product) and isinstance(formula.factors[0][1], Bracket):
        inner = formula.factors[0][1].body
        words = all(
            isinstance(each, Opaque | Product) or (isinstance(each, Name) and each.font == "upright")
            for each in walk(inner)
        )
        if words and formula.factors[1][0] == "juxtaposed":
            rest = (("", formula.factors[1][1]), *formula.factors[2:])
            return rest[0][1] if len(rest) == 1 else Product(rest, span=formula.span)
    return formula
