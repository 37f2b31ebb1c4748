"""The cheapest order of a product of many arrays among those that join sets of them with an index in common.

Sets of operands and of indices are bits of integers. The sets that hang together are built up by size, below a bound on
the cost that grows until an order of all operands is found.

R. N. C. Pfeifer, J. Haegeman and F. Verstraete, "Faster identification of optimal contraction sequences for tensor
networks", Physical Review E 90, 033315 (2014).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from math import prod
from typing import TypeVar

MOST_STEPS = 1_000_000  # pairs of sets that are looked at, about half a second; then there is no answer
WIDER = 8  # times the bound on the cost that was too low
NO_MATMUL = 8  # how much longer an operation takes where no matrix product can do it
COPIED = 8  # operations that take as long as to copy an element to its place in a matrix

I = TypeVar("I")  # noqa: E741 - an index, of whatever kind
Step = tuple[float, int, int, int]  # the cost, the indices, and the two sets that were joined
Steps = dict[int, Step]
Pairs = tuple[tuple[int, int], ...]


def is_awkward(order: Sequence[I], other: Callable[[I], bool], kept: Callable[[I], bool]) -> bool:
    """Whether an array must be copied for a product: what is summed stands at no end, or a batch not in front.

    order: its axes in memory. other: whether the other operand has an index. kept: whether the result has it.
    """
    kinds = [(2 if kept(index) else 1) if other(index) else 0 for index in order]
    blocks = [kind for place, kind in enumerate(kinds) if not place or kinds[place - 1] != kind]
    return 1 in kinds and (len(blocks) > len(set(blocks)) or (2 in kinds and blocks[0] != 2))


@lru_cache(maxsize=256)
def linked(
    sets: tuple[int, ...], output: int, sizes: tuple[int, ...], orders: tuple[tuple[int, ...], ...]
) -> Pairs | None:
    """The pairs of the cheapest order, by number (see `planning.plan`); none if that takes too long to find.

    sets, output: the indices as bits. orders: their numbers, as the axes of the operands are in memory.
    """
    return _Search(sets, output, sizes, orders).pairs()


class _TooLongError(Exception):
    """The best order would take too long to find."""


class _Search:
    """The search for the order of one product."""

    def __init__(
        self, sets: tuple[int, ...], output: int, sizes: tuple[int, ...], orders: tuple[tuple[int, ...], ...]
    ) -> None:
        self.sets, self.output, self.orders = sets, output, orders
        self.steps = MOST_STEPS
        self.weigh = cache(lambda bits: prod(each for at, each in enumerate(sizes) if bits >> at & 1))
        self.copying = cache(self._copying)

    def pairs(self) -> Pairs | None:
        """Those of each part that hangs together, then those that join the parts, the smallest first."""
        pairs: list[tuple[int, int]] = []
        ends: list[tuple[int, int, int]] = []  # of each part: its size, its number, its indices
        try:
            for part in _parts(self.sets):
                mask = sum(1 << place for place in part)
                found = self._ways(part)
                ends.append((self.weigh(found[mask][1]), self._written(mask, found, pairs), found[mask][1]))
        except _TooLongError:
            return None
        ends.sort()
        while len(ends) > 1:
            (_, one, left), (_, two, right), *ends = ends
            pairs.append((one, two))
            ends = sorted([*ends, (self.weigh(left | right), len(self.sets) + len(pairs) - 1, left | right)])
        return tuple(pairs)

    def _ways(self, part: Sequence[int]) -> Steps:
        """The best way to each set of operands that is worth it, for operands that hang together."""
        bound = float(max(self.weigh(self.sets[place]) for place in part))
        while True:
            by_count: list[Steps] = [{}, {1 << place: (0.0, self.sets[place], 0, 0) for place in part}]
            for count in range(2, len(part) + 1):
                by_count.append({})
                for less in range(1, count // 2 + 1):
                    self._join(by_count[less], by_count[count - less], by_count[-1], part, bound)
            if by_count[-1] or len(part) == 1:
                return {mask: each for group in by_count for mask, each in group.items()}
            bound *= WIDER

    def _join(self, ones: Steps, others: Steps, joined: Steps, part: Sequence[int], bound: float) -> None:
        """Join sets of operands that have an index in common, where that costs no more than the bound."""
        self.steps -= len(ones) * len(others)
        if self.steps < 0:
            raise _TooLongError
        for one, (cost, left, _, _) in ones.items():
            for two, (more, right, _, _) in others.items():
                if one & two or not left & right or cost + more > bound:
                    continue
                mask = one | two
                kept = self._kept(part, mask)
                total = cost + more + self._cost(one, left, two, right, kept)
                if total <= bound and (mask not in joined or total < joined[mask][0]):
                    joined[mask] = total, (left | right) & kept, one, two

    def _kept(self, part: Sequence[int], mask: int) -> int:
        """The indices that are in the output or outside of a set of operands."""
        found = self.output
        for place in part:
            if not mask >> place & 1:
                found |= self.sets[place]
        return found

    def _cost(self, one: int, left: int, two: int, right: int, kept: int) -> float:
        """The operations of one pair, the elements that it writes, and those that are copied first."""
        every, shared = left | right, left & right
        is_product = shared & ~kept and left & ~shared and right & ~shared
        work = self.weigh(every) * (1 if is_product else NO_MATMUL) + self.weigh(every & kept)
        return work + self.copying(one, right, kept & shared) + self.copying(two, left, kept & shared)

    def _copying(self, mask: int, other: int, batch: int) -> float:
        """The cost of copying an operand, if the set is one operand that is awkward."""
        order = () if mask & (mask - 1) else self.orders[mask.bit_length() - 1]
        if not order or not is_awkward(order, lambda at: bool(other >> at & 1), lambda at: bool(batch >> at & 1)):
            return 0
        return COPIED * self.weigh(sum(1 << at for at in order))

    def _written(self, mask: int, found: Steps, pairs: list[tuple[int, int]]) -> int:
        """Write the pairs that lead to a set, inner ones first; the number of its result."""
        _, _, one, two = found[mask]
        if not one:
            return mask.bit_length() - 1
        left, right = (self._written(each, found, pairs) for each in (one, two))
        pairs.append((left, right))
        return len(self.sets) + len(pairs) - 1


def _parts(sets: Sequence[int]) -> list[tuple[int, ...]]:
    """The places of operands that hang together by indices, part by part."""
    found: list[tuple[int, tuple[int, ...]]] = []
    for place, bits in enumerate(sets):
        joined = [each for each in found if each[0] & bits]
        found = [each for each in found if not each[0] & bits]
        places = tuple(sorted([place, *(other for _, others in joined for other in others)]))
        for other, _ in joined:
            bits |= other
        found.append((bits, places))
    return sorted(places for _, places in found)
