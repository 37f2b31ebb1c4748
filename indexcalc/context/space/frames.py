r"""By what the operators of nabla differentiate: coordinates x_i, or x, y, z by themselves, or such without a name.

Where a text differentiates by x and by y, these are coordinates; where by x_i, or writes \partial_i u, x_i are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.names import letter_of, script_items
from indexcalc.notation.formula import Derivative, Formula, Nabla, Name, Scripted

LAPLACE = re.compile(r"\blaplacians?\b|\blaplace(?:'s)?[ -](?:operator|equation)|\blaplacien\b", re.IGNORECASE)
AXES = ("x", "y", "z")
DOTS = ("dot", "ddot", "dddot")  # accents that stand for derivatives by the time


def _is_numbered(variable: tuple[Formula, int]) -> bool:
    """Whether a derivative is taken by x with something below it."""
    base = variable[0].base if isinstance(variable[0], Scripted) else None
    return isinstance(base, Name) and letter_of(base) == "x"


def find_frame(every: Iterable[Formula], known: Knowledge) -> None:
    """Note the coordinates that a text differentiates by, whether it writes derivatives by t with t below, and dots."""
    every = list(every)
    alone: set[str] = set()
    for each in every:
        match each:
            case Derivative(_, variables):
                alone |= {letter_of(variable) for variable, _ in variables if isinstance(variable, Name)}
            case Nabla("partial", below, _):
                items = script_items(below)
                alone |= {item.text for item in items if item.text in AXES and not known.letters.is_index(item.text)}
                known.timed |= any(item.text == "t" for item in items) and not known.letters.is_index("t")
            case Name(accents=(*inner, last)) if last in DOTS:
                known.moving.add(letter_of(replace(each, accents=tuple(inner))))
    numbered = any(isinstance(each, Derivative) and any(map(_is_numbered, each.variables)) for each in every)
    if {"x", "y"} <= alone and not numbered:
        known.frame = AXES if "z" in alone or known.space else AXES[:2]
