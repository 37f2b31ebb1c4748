"""Where an extreme is attained at several places as a rule, not by chance.

    max[k](min(x[k], c))          at all k for which c is the smaller
    max[i,j]((x[i] - x[j])^2)     at (i,j) and at (j,i)

The second is seen by a permutation of the bound indices under which the body holds the same elements as before. That is
necessary, and nearly sufficient: of an exchange that turns the sign, as in max[i,j](x[i] - x[j]), the body knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, permutations, product

from indexcalc.canonical import Canonical
from indexcalc.rewrite.facts import canonical_of
from indexcalc.rewrite.symmetry import sign_of_exchange
from indexcalc.sheet import Sheet
from indexcalc.terms import NOTHING, Index, Tensor, Term
from indexcalc.walk import has_kink, substitute, subterms

MOST_PERMUTED = 4  # bound indices of one range; of more it is taken for granted that there are ties


@dataclass(frozen=True)
class Ties:
    """Knows of ties in the light of a sheet, where some tensors are varied as if they had no definition."""

    sheet: Sheet
    varied: frozenset[str] = NOTHING

    def possible(self, bound: tuple[Index, ...], body: Term) -> bool:
        """Whether the extreme of a body over indices may be attained at several places as a rule."""
        return has_kink(body, self.sheet.kinked - self.varied) or self._is_symmetric(bound, body)

    def _is_symmetric(self, bound: tuple[Index, ...], body: Term) -> bool:
        """Whether a permutation of the bound indices may leave the body alone."""
        most = max(Counter(index.range for index in bound).values())
        if most == 1 or most > MOST_PERMUTED:
            return most > 1
        canonical = canonical_of(self.sheet)
        elements = frozenset(self._elements(body, canonical))
        for renaming in _permutations(bound):
            turned = frozenset(canonical(substitute(each, renaming)) for each in elements)
            if turned == elements and not self._turns_the_sign(body, renaming):
                return True
        return False

    def _elements(self, body: Term, canonical: Canonical) -> Iterator[Term]:
        """The elements of leaves that a body is made of; an index that is summed inside says only its range."""
        outside, seen, pending = body.free, {body}, [body]
        while pending:
            for part in subterms(pending.pop()):
                if not isinstance(part, Tensor):
                    continue
                known = (slot in outside or slot.place is not None for slot in part.slots)
                slots = (slot if keep else Index("~", slot.range) for slot, keep in zip(part.slots, known, strict=True))
                element = Tensor(part.name, tuple(slots))
                inner = None if part.name in self.varied else self.sheet.inline(element)
                if inner is None:
                    yield canonical(element)
                elif inner not in seen:
                    seen.add(inner)
                    pending.append(inner)

    def _turns_the_sign(self, body: Term, renaming: Mapping[Index, Index]) -> bool:
        moved = [old for old, new in renaming.items() if old is not new]
        return len(moved) == 2 and sign_of_exchange(body, moved[0], moved[1], canonical_of(self.sheet)) == -1


NO_TIES = Ties(Sheet())


def _permutations(bound: tuple[Index, ...]) -> Iterator[dict[Index, Index]]:
    """All permutations that keep the ranges, but for the one that moves nothing."""
    by_range = sorted(bound, key=lambda index: index.range.label)
    groups = [tuple(group) for _, group in groupby(by_range, key=lambda index: index.range)]
    for images in product(*(permutations(group) for group in groups)):
        pairs = zip(groups, images, strict=True)
        renaming = {old: new for group, image in pairs for old, new in zip(group, image, strict=True)}
        if any(old is not new for old, new in renaming.items()):
            yield renaming
