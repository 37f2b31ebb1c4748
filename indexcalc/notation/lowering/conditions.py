"""A letter that one side of a claim compares with an index, and that stands nowhere else: it may be a size."""

from __future__ import annotations

from collections.abc import Sequence

from indexcalc.notation.syntax.places import Place, error_at
from indexcalc.terms import Index, Indicator, Term
from indexcalc.walk import subterms


def check_compared(terms: Sequence[Term], axes: Sequence[Index], place: Place) -> None:
    """Refuse the first side of a claim if an index of it stands in comparisons only, and on no other side.

    where(p < n, x[p], 0) = x[p] says nothing of each n: n is a size that is not declared. place: of the first side.
    """
    first, *others = terms
    if not others:
        return
    compared = {
        index: other
        for each in subterms(first)
        if isinstance(each, Indicator) and isinstance(each.left, Index) and isinstance(each.right, Index)
        for index, other in ((each.left, each.right), (each.right, each.left))
    }
    elsewhere = {
        field
        for each in subterms(first)
        if not isinstance(each, Indicator)
        for field in (*each.fields, *getattr(each, "slots", ()))
        if isinstance(field, Index)
    }
    for index in axes:
        if index in compared and index not in elsewhere and all(index not in other.free for other in others):
            raise error_at(
                f"{index.name} is compared with an index on one side only, and nothing says what it runs over",
                f"Write index {compared[index].name} : {index.name} if it is a size",
                place,
            )
