"""The formula of a side, from its tokens."""

from __future__ import annotations

from indexcalc.notation.formula import Formula, Opaque, depth_of
from indexcalc.notation.tex.parser import Parser
from indexcalc.notation.tex.tokens import Token

DEEPEST = 60  # formulas in one another


def parsed(toks: list[Token], text: str) -> Formula:
    """The formula of a side; one that is nested too deep is not understood."""
    try:
        found = Parser(toks).whole()
    except RecursionError:
        return Opaque(text)
    return found if depth_of(found) <= DEEPEST else Opaque(text)
