"""Which pairs of a product of many arrays to contract: the cheapest order for the sizes.

Up to `MOST_EXACT` operands the best order is found by dynamic programming over all sets of operands; up to
`MOST_LINKED` over the sets that hang together, below a bound on the cost that grows until an order is found; beyond
it, or where that takes too long, the pair that shrinks most is taken, again and again.

R. N. C. Pfeifer, J. Haegeman and F. Verstraete, "Faster identification of optimal contraction sequences for tensor
networks", Physical Review E 90, 033315 (2014).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import prod

from indexcalc.terms import Index, Range

SizeOfRange = Callable[[Range], int]
Indices = frozenset[Index]
MOST_EXACT = 7
MOST_LINKED = 40
MOST_STEPS = 1_000_000  # pairs of sets that are looked at, about half a second; then the quick way is taken
WIDER = 8  # times the bound on the cost that was too low
NO_MATMUL = 8  # how much longer an operation takes where no matrix product can do it


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a set of operands is contracted: at what cost, to what, and from which two plans."""

    cost: float
    indices: Indices
    place: int = 0
    parts: tuple[_Plan, _Plan] | None = None


def plan(operands: Sequence[Indices], output: Indices, size: SizeOfRange) -> list[tuple[int, int]]:
    """The pairs to contract, by number: the operands count from 0, and each result gets the next number."""
    if len(operands) < 2:
        return []
    if len(operands) <= MOST_EXACT:
        return _best(operands, output, size)
    numbers: dict[Index, int] = {}
    for index in (*(each for indices in operands for each in sorted(indices)), *sorted(output)):
        numbers.setdefault(index, len(numbers))
    sets = tuple(sum(1 << numbers[each] for each in indices) for indices in operands)
    sizes = tuple(size(index.range) for index in numbers)
    if len(operands) <= MOST_LINKED:
        found = _linked(sets, sum(1 << numbers[each] for each in output), sizes)
        if found is not None:
            return list(found)
    return _greedy(operands, output, size)


def _cost(left: Indices, right: Indices, kept: Indices, size: SizeOfRange) -> float:
    """The operations of one pair, and the elements that it writes."""
    every = left | right
    work = prod(size(index.range) for index in every)
    shared = left & right
    is_product = shared - kept and left - shared and right - shared
    return work * (1 if is_product else NO_MATMUL) + prod(size(index.range) for index in every & kept)


def _best(operands: Sequence[Indices], output: Indices, size: SizeOfRange) -> list[tuple[int, int]]:
    """The cheapest order."""
    count = len(operands)
    everything = (1 << count) - 1
    plans = {1 << place: _Plan(0, indices, place) for place, indices in enumerate(operands)}
    needed = {
        mask: output.union(*(operands[place] for place in range(count) if not mask >> place & 1))
        for mask in range(1, everything + 1)
    }
    for number in range(2, count + 1):
        for places in combinations(range(count), number):
            mask = sum(1 << place for place in places)
            plans[mask] = min(_splits(mask, plans, needed[mask], size), key=lambda found: found.cost)
    pairs: list[tuple[int, int]] = []
    _number(plans[everything], count, pairs)
    return pairs


def _splits(mask: int, plans: dict[int, _Plan], kept: Indices, size: SizeOfRange) -> Iterator[_Plan]:
    """The plans for a set of operands by its last pair."""
    part = (mask - 1) & mask
    while part > mask - part:
        left, right = plans[mask - part], plans[part]
        cost = left.cost + right.cost + _cost(left.indices, right.indices, kept, size)
        yield _Plan(cost, (left.indices | right.indices) & kept, 0, (left, right))
        part = (part - 1) & mask


def _number(found: _Plan, count: int, pairs: list[tuple[int, int]]) -> int:
    """Write the pairs of a plan, inner ones first; the number of its result."""
    if found.parts is None:
        return found.place
    left, right = (_number(part, count, pairs) for part in found.parts)
    pairs.append((left, right))
    return count + len(pairs) - 1


def _greedy(operands: Sequence[Indices], output: Indices, size: SizeOfRange) -> list[tuple[int, int]]:
    """The order in which each pair shrinks the arrays most."""
    alive = dict(enumerate(operands))
    pairs: list[tuple[int, int]] = []
    while len(alive) > 1:
        holders: dict[Index, list[int]] = {}
        for number, indices in alive.items():
            for index in indices:
                holders.setdefault(index, []).append(number)
        first, second = min(
            _neighbours(alive, holders), key=lambda pair: (_growth(pair, alive, holders, output, size), pair)
        )
        joined = alive[first] | alive[second]
        result = frozenset(index for index in joined if index in output or set(holders[index]) - {first, second})
        del alive[first], alive[second]
        alive[len(operands) + len(pairs)] = result
        pairs.append((first, second))
    return pairs


def _neighbours(alive: dict[int, Indices], holders: dict[Index, list[int]]) -> list[tuple[int, int]]:
    """The pairs that share an index; the two smallest arrays if none do."""
    found = {pair for numbers in holders.values() for pair in combinations(numbers[:8], 2)}
    if not found:
        first, second = sorted(alive, key=lambda number: (len(alive[number]), number))[:2]
        return [(min(first, second), max(first, second))]
    return sorted(found)


def _growth(
    pair: tuple[int, int],
    alive: dict[int, Indices],
    holders: dict[Index, list[int]],
    output: Indices,
    size: SizeOfRange,
) -> tuple[int, int]:
    """The elements that a pair adds, and the operations that it takes."""
    left, right = (alive[number] for number in pair)
    kept = (index for index in left | right if index in output or set(holders[index]).difference(pair))
    sizes = [prod(size(index.range) for index in indices) for indices in (left, right)]
    work = prod(size(index.range) for index in left | right)
    return prod(size(index.range) for index in kept) - sum(sizes), work


# ----- Sets that hang together -----------------------------------------------------------------------------------


Step = tuple[float, int, int, int]  # the cost, the indices, and the two sets that were joined


class _TooLongError(Exception):
    """The best order would take too long to find."""


@lru_cache(maxsize=256)
def _linked(sets: tuple[int, ...], output: int, sizes: tuple[int, ...]) -> tuple[tuple[int, int], ...] | None:
    """The cheapest order among those that join sets with an index in common; none if that takes too long.

    sets, output: the indices as bits.
    """
    steps = [MOST_STEPS]
    weigh = lru_cache(maxsize=None)(lambda bits: prod(each for at, each in enumerate(sizes) if bits >> at & 1))
    pairs: list[tuple[int, int]] = []
    ends: list[tuple[int, int, int]] = []  # of each part that hangs together: its size, its number, its indices
    try:
        for part in _parts(sets):
            found = _search(sets, part, output, weigh, steps)
            number = _written(sum(1 << place for place in part), found, len(sets), pairs)
            indices = found[sum(1 << place for place in part)][1]
            ends.append((weigh(indices), number, indices))
    except _TooLongError:
        return None
    ends.sort()
    while len(ends) > 1:
        (_, one, left), (_, two, right), *ends = ends
        pairs.append((one, two))
        ends = sorted([*ends, (weigh(left | right), len(sets) + len(pairs) - 1, left | right)])
    return tuple(pairs)


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


def _search(
    sets: Sequence[int], part: Sequence[int], output: int, weigh: Callable[[int], int], steps: list[int]
) -> dict[int, Step]:
    """The best way to each set of operands that is worth it, for operands that hang together."""
    bound = float(max(weigh(sets[place]) for place in part))
    while True:
        by_count: list[dict[int, Step]] = [{}, {1 << place: (0.0, sets[place], 0, 0) for place in part}]
        for count in range(2, len(part) + 1):
            by_count.append({})
            for less in range(1, count // 2 + 1):
                _join(by_count, less, sets, part, output, weigh, bound, steps)
        if by_count[-1] or len(part) == 1:
            return {mask: each for group in by_count for mask, each in group.items()}
        bound *= WIDER


def _join(
    by_count: list[dict[int, Step]],
    less: int,
    sets: Sequence[int],
    part: Sequence[int],
    output: int,
    weigh: Callable[[int], int],
    bound: float,
    steps: list[int],
) -> None:
    """Join sets of `less` operands with others, to those of as many as the last group counts."""
    group = by_count[-1]
    others = by_count[len(by_count) - 1 - less]
    steps[0] -= len(by_count[less]) * len(others)
    if steps[0] < 0:
        raise _TooLongError
    for one, (cost, left, _, _) in by_count[less].items():
        for two, (more, right, _, _) in others.items():
            if one & two or not left & right or cost + more > bound:
                continue
            mask = one | two
            kept = _kept(sets, part, mask, output)
            total = cost + more + _pair_cost(left, right, kept, weigh)
            if total <= bound and (mask not in group or total < group[mask][0]):
                group[mask] = total, (left | right) & kept, one, two


def _kept(sets: Sequence[int], part: Sequence[int], mask: int, output: int) -> int:
    """The indices that are in the output or outside of a set of operands."""
    for place in part:
        if not mask >> place & 1:
            output |= sets[place]
    return output


def _pair_cost(left: int, right: int, kept: int, weigh: Callable[[int], int]) -> float:
    """The operations of one pair, and the elements that it writes, as in `_cost`."""
    every, shared = left | right, left & right
    is_product = shared & ~kept and left & ~shared and right & ~shared
    return weigh(every) * (1 if is_product else NO_MATMUL) + weigh(every & kept)


def _written(mask: int, found: dict[int, Step], count: int, pairs: list[tuple[int, int]]) -> int:
    """Write the pairs that lead to a set, inner ones first; the number of its result."""
    _, _, one, two = found[mask]
    if not one:
        return mask.bit_length() - 1
    left, right = (_written(each, found, count, pairs) for each in (one, two))
    pairs.append((left, right))
    return count + len(pairs) - 1
