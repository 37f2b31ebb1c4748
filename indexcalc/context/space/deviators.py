r"""Tensors of which a third of the trace is taken off: that has no trace in three dimensions, and in no other.

    s_{ij} = \sigma_{ij} - \frac13 \sigma_{kk} \delta_{ij}
"""

from __future__ import annotations

from collections.abc import Iterable

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.said import Said
from indexcalc.notation.formula import Applied, Formula, Name, Numeral, Quotient, Scripted, Sum, walk


def takes_off_thirds(said: Iterable[Said], known: Knowledge) -> bool:
    """Whether a document takes a third of a trace off somewhere, times a unit tensor: it is about space."""
    parts = (part for each in said for side in each.sides for part in walk(side))
    terms = (term for part in parts if isinstance(part, Sum) for sign, term in part.terms if sign == "-")
    return any(_is_third(term, known) for term in terms)


def _is_third(term: Formula, known: Knowledge) -> bool:
    r"""Whether a term is a third of a trace on the diagonal: \frac13 \sigma_{kk} \delta_{ij}."""
    parts = list(walk(term))
    below = [each.below for each in parts if isinstance(each, Quotient)]
    if not any(isinstance(each, Numeral) and each.exact == 3 for each in below):
        return False
    uses = [use for each in parts if isinstance(each, Name | Scripted) and (use := known.use(each)) is not None]
    letters = [[item.text for item in use.indices if item.kind == "letter"] for use in uses]
    is_trace = any(len(each) == 2 and len(set(each)) == 1 for each in letters)
    is_trace = is_trace or any(isinstance(each, Applied) and each.function == "tr" for each in parts)
    return is_trace and any(use.letter == "I" or (use.letter == "delta" and len(use.indices) == 2) for use in uses)
