r"""Derivatives by the coordinates: \partial_i (x_j x_j) is 2 x_i, where the document has a vector x.

What \partial_i stands before somewhere is an unknown function of the coordinates: of that nothing can be worked out.
"""

from __future__ import annotations

from indexcalc.notation.latex.names import Words
from indexcalc.notation.latex.rates import TIME, element, names_in
from indexcalc.notation.latex.scripts import node, token
from indexcalc.notation.latex.words import IndexWord
from indexcalc.notation.syntax.places import Syntax

POSITION = "x"
REMEDY = r"Write \frac{\partial f}{\partial x_{i}}, where the coordinates x_{i} stand in f"


class NoGradient(Exception):
    """Why a derivative by a coordinate cannot be read."""


def gradient(body: Syntax, index: IndexWord, words: Words) -> Syntax:
    """The derivative of an expression by one coordinate. Raises NoGradient."""
    inside = names_in(body)
    if index.name == TIME:
        raise NoGradient("the time is no coordinate here")
    unknown = sorted(inside.intersection(words.usage.fields).difference(words.defined, [POSITION]))
    if unknown:
        raise NoGradient(f"how {unknown[0]} depends on the coordinates is not said")
    if POSITION not in words.usage.vectors or inside.isdisjoint([POSITION, *words.defined]):
        raise NoGradient("nothing in this depends on coordinates x")
    return node("diff", [body, element(POSITION, [token("INDEX", index.name, index.token)], body)], body)
