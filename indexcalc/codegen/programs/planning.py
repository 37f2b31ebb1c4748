"""Which pairs of a product of many arrays to contract: the cheapest order for the sizes.

Up to `MOST_EXACT` operands the best order is found by dynamic programming over all sets of operands; up to
`MOST_LINKED` over those that hang together (see `linking`); beyond it, or where that takes too long, the pair that
shrinks most is taken, again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

from indexcalc.codegen.programs.linking import COPIED, NO_MATMUL, is_awkward, linked
from indexcalc.terms import Index, Range

SizeOfRange = Callable[[Range], int]
Indices = frozenset[Index]
Order = tuple[Index, ...]  # of axes in memory
MOST_EXACT = 7
MOST_LINKED = 40


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a set of operands is contracted: at what cost, to what, and from which two plans."""

    cost: float
    indices: Indices
    place: int = 0
    parts: tuple[_Plan, _Plan] | None = None
    order: Order = ()


def plan(
    operands: Sequence[Indices], output: Indices, size: SizeOfRange, orders: Sequence[Order] = ()
) -> list[tuple[int, int]]:
    """The pairs to contract, by number: the operands count from 0, and each result gets the next number.

    orders: the axes of the operands as they are in memory; one that must be copied to be a matrix costs more.
    """
    if len(operands) < 2:
        return []
    orders = orders or [()] * len(operands)
    if len(operands) <= MOST_EXACT:
        return _best(operands, output, size, orders)
    numbers: dict[Index, int] = {}
    for index in (*(each for indices in operands for each in sorted(indices)), *sorted(output)):
        numbers.setdefault(index, len(numbers))
    sets = tuple(sum(1 << numbers[each] for each in indices) for indices in operands)
    sizes = tuple(size(index.range) for index in numbers)
    if len(operands) <= MOST_LINKED:
        places = tuple(tuple(numbers[index] for index in order) for order in orders)
        found = linked(sets, sum(1 << numbers[each] for each in output), sizes, places)
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


def _copied(left: _Plan, right: _Plan, kept: Indices, size: SizeOfRange) -> float:
    """The cost of copying the operands that are awkward."""
    total = 0
    for one, two in ((left, right), (right, left)):
        if one.order and is_awkward(one.order, two.indices.__contains__, kept.__contains__):
            total += COPIED * prod(size(index.range) for index in one.order)
    return total


def _best(
    operands: Sequence[Indices], output: Indices, size: SizeOfRange, orders: Sequence[Order]
) -> list[tuple[int, int]]:
    """The cheapest order."""
    count = len(operands)
    everything = (1 << count) - 1
    plans = {1 << at: _Plan(0, indices, at, None, orders[at]) for at, indices in enumerate(operands)}
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
        cost += _copied(left, right, kept, size)
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
