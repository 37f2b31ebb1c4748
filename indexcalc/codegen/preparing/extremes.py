"""Where an extreme is attained: 1[x[k]*y[k] == max[l](x[l]*y[l])] compares elements with the extreme of the same array.

The element must be the very number that the extreme was taken of: worked out apart it might differ in the last digit,
and then the extreme would be attained nowhere. So it is found as a place of the body of the extreme.

A body that is symmetric by form, such as A[i,k]*A[j,k] in i and j, need not be so in the last digit. There the element
is the largest (smallest) of all those that are equal by form: either all of them attain the extreme, or none does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations

from indexcalc.canonical import Canonical
from indexcalc.codegen.preparing.patterns import matched
from indexcalc.sheet import Definition
from indexcalc.terms import Index, Indicator, Reduction, Tensor, Term
from indexcalc.walk import substitute

MOST_PERMUTED = 4  # bound indices; of more, an element is compared with what is nearly equal


@dataclass(frozen=True, slots=True)
class Attained:
    """An extreme (max or min), its body, and which indices to put for the bound ones to get the compared element.

    One renaming for each element that is equal to it by form.
    """

    kind: str
    extreme: Term
    body: Term
    renamings: tuple[Mapping[Index, Index], ...]


def attained(term: Indicator, definitions: Mapping[str, Definition], canonical: Canonical) -> Attained | None:
    """What is compared, if it is an element with its extreme, which may be defined; else none.

    `canonical` is the canonical form under the symmetries of tensors.
    """
    if term.relation != "==" or not isinstance(term.left, Term) or not isinstance(term.right, Term):
        return None
    for element, extreme in ((term.left, term.right), (term.right, term.left)):
        seen = extreme
        while isinstance(seen, Tensor) and seen.name in definitions:
            seen = definitions[seen.name].at(seen.slots)
        if isinstance(seen, Reduction) and seen.kind != "prod":
            renaming = matched(seen.body, seen.bound, element)
            if renaming is not None:
                turns = _symmetries(seen, canonical)
                if turns is None:
                    return None
                renamings = tuple({index: renaming[turn[index]] for index in seen.bound} for turn in turns)
                return Attained(seen.kind, extreme, seen.body, renamings)
    return None


def _symmetries(extreme: Reduction, canonical: Canonical) -> list[dict[Index, Index]] | None:
    """The permutations of the bound indices that leave the body alone by form; none if there are too many to try."""
    if len(extreme.bound) > MOST_PERMUTED:
        return None
    form = canonical(extreme.body)
    found = []
    for images in permutations(extreme.bound):
        turn = dict(zip(extreme.bound, images, strict=True))
        if all(old.range == new.range for old, new in turn.items()):
            if canonical(substitute(extreme.body, turn)) is form:
                found.append(turn)
    return found
