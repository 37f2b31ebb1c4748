"""The order of a contraction: a product of many arrays taken two at a time, in the cheapest pairs.

Up to `MOST_EXACT` operands the best order is found by dynamic programming over the sets of operands; beyond it the pair
that shrinks most is taken, again and again. An index that one operand alone has is summed there first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

from indexcalc.codegen.programs.arithmetic import arranged
from indexcalc.codegen.programs.program import Axes, Builder, Einsum, Program, Use, Value
from indexcalc.codegen.programs.program import Result as ProgramResult
from indexcalc.terms import Index, Range

SizeOfRange = Callable[[Range], int]
Indices = frozenset[Index]
MOST_EXACT = 7
USUAL_SIZE = 64  # of a range about which nothing is known
NO_MATMUL = 8  # how much longer an operation takes where no matrix product can do it


def usual_size(range: Range) -> int:
    """A size to plan with where none is known."""
    if range.counts:
        return max(1, min(count.value(usual_size) for count in range.counts))
    return range.size or USUAL_SIZE


def is_open(value: Value) -> bool:
    """Whether there is an order to choose: of more than two operands, or of two and a sum that concerns one alone."""
    if not isinstance(value.op, Einsum) or len(value.operands) < 2:
        return False
    sets = [set(use.axes) for use in value.operands]
    return len(sets) > 2 or not (sets[0] ^ sets[1]) <= set(value.axes)


def in_pairs(program: Program, size: SizeOfRange, wanted: Callable[[Value], bool]) -> Program:
    """The program with each wanted contraction taken two operands at a time."""

    def make(build: Builder, value: Value, operands: Sequence[Use]) -> Use:
        if wanted(value):
            return contracted(build, operands, value.axes, size, value)
        return again(build, value, operands)

    return rebuilt(program, make)


def rebuilt(program: Program, make: Callable[[Builder, Value, Sequence[Use]], Use]) -> Program:
    """The program with each value made anew of its operands, which were made before."""
    build = Builder()
    new: dict[Value, Use] = {}
    names: dict[Value, str] = {}
    for value in program.values:
        made = make(build, value, [_moved(use, new) for use in value.operands])
        new[value] = made
        if value in program.names and set(made.indices) == set(value.axes):
            names.setdefault(made.value, program.names[value])
    results = (ProgramResult(each.name, each.axes, each.pattern, _moved(each.use, new)) for each in program.results)
    return Program(tuple(results), names)


def again(build: Builder, value: Value, operands: Sequence[Use]) -> Use:
    """The same operation on other operands."""
    return build.make(value.op, operands, value.axes, value.formula)


def _moved(use: Use, new: dict[Value, Use]) -> Use:
    """The same use of the new value."""
    return new[use.value].renamed(dict(zip(use.value.axes, use.indices, strict=True)))


def contracted(build: Builder, operands: Sequence[Use], axes: Axes, size: SizeOfRange, value: Value) -> Use:
    """The sum of a product, in pairs."""
    found = [_summed_alone(build, operands, place, axes) for place in range(len(operands))]
    pairs = plan([frozenset(use.axes) for use in found], frozenset(axes), size)
    alive = dict(enumerate(found))
    for step, (first, second) in enumerate(pairs):
        left, right = alive.pop(first), alive.pop(second)
        last = step == len(pairs) - 1
        order = axes if last else _pair_axes(left, right, axes, [use.axes for use in alive.values()])
        alive[len(found) + step] = build.make(Einsum(), [left, right], order, value.formula if last else None)
    (result,) = alive.values()
    return result


def _summed_alone(build: Builder, operands: Sequence[Use], place: int, axes: Axes) -> Use:
    """An operand, summed over the indices that nothing else has."""
    use = operands[place]
    others = set(axes).union(*(each.axes for other, each in enumerate(operands) if other != place))
    kept = tuple(index for index in use.axes if index in others)
    return use if kept == use.axes else build.make(Einsum(), [use], kept)


def _pair_axes(left: Use, right: Use, axes: Axes, others: Sequence[Axes]) -> Axes:
    """The axes of an intermediate array.

    Where the wider array has all of them, they stay as they are there. Else they come as in the output, or as in an
    array with which a sum over one of them waits, whichever shares most of them. The rest: what both have, then what
    the wider one has, then the other one.
    """
    kept = set(axes).union(*others)
    wide, narrow = (right, left) if len(right.axes) > len(left.axes) else (left, right)
    if kept.issuperset(wide.axes) and set(wide.axes).issuperset(narrow.axes):
        return wide.axes
    both = [index for index in wide.axes if index in narrow.axes and index in kept]
    first = [index for index in wide.axes if index in kept and index not in both]
    second = [index for index in narrow.axes if index in kept and index not in both]
    natural = (*both, *first, *second)
    count = Counter(index for other in (axes, *others) for index in other)
    waiting = (other for other in others if any(count[index] == 1 for index in set(other).intersection(natural)))
    like = max((*waiting, axes), key=lambda other: len(set(other).intersection(natural)))
    return arranged(natural, like if len(set(like).intersection(natural)) > 1 else ())


# ----- Planning --------------------------------------------------------------------------------------------------


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
    return (_best if len(operands) <= MOST_EXACT else _greedy)(operands, output, size)


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
