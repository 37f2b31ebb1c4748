"""The order of a product of many arrays: the cheapest of those that are looked at, within bounds."""

from __future__ import annotations

import random
from math import prod

import pytest

from indexcalc.codegen.programs import linking, planning
from indexcalc.codegen.programs.planning import plan
from indexcalc.terms import Index, Range

Sets = list[frozenset[Index]]


def size(range_: Range) -> int:
    return 2 + len(range_.label) % 5


def network(seed: int, count: int) -> tuple[Sets, frozenset[Index]]:
    """Random operands that hang together, each index on two or three of them, and an output."""
    chance = random.Random(seed)
    found: list[set[Index]] = [set() for _ in range(count)]
    for number in range(count + chance.randint(0, count // 2)):
        index = Index(f"i{number}", Range("n" * chance.randint(1, 4)))
        first = number if number < count else chance.randrange(count)
        found[first].add(index)
        for _ in range(chance.randint(1, 2)):
            found[chance.randrange(first) if 0 < first < count else (first + 1) % count].add(index)
    every = sorted(set().union(*found))
    return [frozenset(each) for each in found], frozenset(chance.sample(every, 2))


def work(operands: Sets, output: frozenset[Index], pairs: list[tuple[int, int]]) -> float:
    """What an order costs."""
    alive = dict(enumerate(operands))
    total = 0.0
    for step, (one, two) in enumerate(pairs):
        left, right = alive.pop(one), alive.pop(two)
        kept = output.union(*alive.values())
        total += planning._cost(left, right, kept, size)
        alive[len(operands) + step] = (left | right) & kept
    (last,) = alive.values()
    assert last == output
    return total


@pytest.mark.parametrize("seed", range(8))
def test_sets_that_hang_together_cost_no_more_than_the_quick_way(seed):
    operands, output = network(seed, 11)
    quick = planning._greedy(operands, output, size)
    assert work(operands, output, plan(operands, output, size)) <= work(operands, output, quick)


@pytest.mark.parametrize("seed", range(8))
def test_leaving_out_what_shares_nothing_costs_little(seed, monkeypatch):
    operands, output = network(seed, 6)
    exact = work(operands, output, plan(operands, output, size))
    monkeypatch.setattr(planning, "MOST_EXACT", 1)
    assert exact <= work(operands, output, plan(operands, output, size)) <= 2 * exact


def test_parts_that_share_nothing_are_joined_last(monkeypatch):
    monkeypatch.setattr(planning, "MOST_EXACT", 1)
    a, b, c, d = (Index(letter, Range(letter)) for letter in "abcd")
    operands = [frozenset({a, b}), frozenset({c, d}), frozenset({b}), frozenset({d})]
    pairs = plan(operands, frozenset({a, c}), size)
    assert [sorted(pair) for pair in pairs] == [[0, 2], [1, 3], [4, 5]]


def test_what_takes_too_long_is_done_the_quick_way(monkeypatch):
    operands, output = network(3, 12)
    linking.linked.cache_clear()
    monkeypatch.setattr(linking, "MOST_STEPS", 10)
    assert plan(operands, output, size) == planning._greedy(operands, output, size)
    linking.linked.cache_clear()


def test_a_large_lattice_takes_the_best_order():
    rows, columns = 4, 5
    places = [(row, column) for row in range(rows) for column in range(columns)]
    bonds = [(one, (one[0], one[1] + 1)) for one in places] + [(one, (one[0] + 1, one[1])) for one in places]
    bonds = [bond for bond in bonds if bond[1] in places]
    letters = {bond: Index(f"i{number}", Range("nnnn")) for number, bond in enumerate(bonds)}
    operands = [frozenset(letters[bond] for bond in bonds if place in bond) for place in places]
    width = prod(size(range_) for range_ in [Range("nnnn")] * rows)
    assert work(operands, frozenset(), plan(operands, frozenset(), size)) < 200 * size(Range("nnnn")) * width


def test_an_array_is_summed_at_an_end_of_its_axes():
    i, j, k, a, b, c = (Index(letter, Range(letter * 4)) for letter in "ijkabc")
    orders = [(i, j, k), (i, a), (j, b), (k, c)]
    operands = [frozenset(order) for order in orders]
    pairs = plan(operands, frozenset({a, b, c}), size, orders)
    assert pairs[0] in ((0, 1), (0, 3))


@pytest.mark.parametrize(
    ("order", "other", "kept", "expected"),
    [
        ("ijk", "kc", "ijc", False),
        ("ijk", "ia", "ajk", False),
        ("ijk", "jb", "ibk", True),
        ("ijk", "jk", "i", False),
        ("ijk", "ik", "j", True),
        ("bik", "bkj", "bij", False),
        ("ibk", "bkj", "bij", True),
        ("ij", "ij", "ij", False),  # nothing is summed
    ],
)
def test_what_must_be_copied(order, other, kept, expected):
    assert linking.is_awkward(order, other.__contains__, kept.__contains__) is expected
