"""Sums over a few values, written out: if i runs to 3, sum[i](x[i]) is x[1] + x[2] + x[3].

So a formula that names its elements one by one can be compared with the general one.
"""

from __future__ import annotations

from itertools import product
from math import prod

from indexcalc.budget import TooLargeError
from indexcalc.terms import Contraction, Index, Sum, Tensor, Term
from indexcalc.walk import Memo, mapped, substitute, subterms

MOST_MEMBERS = 32  # of one sum


def names_members(term: Term) -> bool:
    """Whether a tensor in a term has a fixed place for an index."""
    return any(isinstance(part, Tensor) and any(slot.place for slot in part.slots) for part in subterms(term))


def written_out(term: Term) -> Term:
    """The term with every sum over a range of known size written out. Raises TooLargeError."""

    def rule(part: Term, rec: Memo[Term]) -> Term:
        part = mapped(part, rec)
        known = [index for index in part.bound if index.range.size] if isinstance(part, Contraction) else []
        if not known or not isinstance(part, Contraction):
            return part
        sizes = [index.range.size or 0 for index in known]
        if prod(sizes) > MOST_MEMBERS:
            raise TooLargeError
        members = []
        for places in product(*(range(1, size + 1) for size in sizes)):
            chosen = {index: Index(str(place), index.range) for index, place in zip(known, places, strict=True)}
            members.append(substitute(part.body, chosen))
        rest = [index for index in part.bound if index not in known]
        return Contraction(rest, Sum(*members))

    return Memo(rule)(term)
