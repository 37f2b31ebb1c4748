"""Contractions that are one product of many arrays, each without another factor: the gradients of such a product.

    sum(B*C*D), sum(A*C*D), sum(A*B*D), sum(A*B*C)        are one network A, B, C, D, with a hole in place of one array

The axes of a member are those of the array that it lacks. The product itself may be a member too. Letters are found by
matching: arrays may occur several times, and an index may join more than two of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, permutations

from indexcalc.codegen.programs.program import Einsum, Program, Use, Value
from indexcalc.terms import Index

LEAST, MOST = 3, 200  # operands of a member
MOST_TRIED = 24  # ways to put an array into a hole
PATIENCE = 50  # steps of a matching, for each operand


@dataclass(frozen=True, slots=True)
class Member:
    """A contraction of a network: the place of the array that it lacks, if it lacks one.

    places: for each of its operands the place in the network. letters: its letters in those of the network.
    """

    hole: int | None
    places: tuple[int, ...]
    letters: Mapping[Index, Index]


@dataclass(frozen=True, slots=True)
class Family:
    """A product of arrays that is summed over all indices, and the contractions that are it but for one array."""

    network: tuple[Use, ...]
    members: Mapping[Value, Member]


def families(program: Program) -> list[Family]:
    """The families of at least two members among the contractions of a program; each is in one of them at most."""
    groups: dict[int, list[Value]] = {}
    for value in program.values:
        if isinstance(value.op, Einsum) and LEAST <= len(value.operands) <= MOST:
            groups.setdefault(len(value.operands), []).append(value)
    found: list[Family] = []
    for count, group in groups.items():
        left = [value for value in group if value.axes]
        whole = [value for value in groups.get(count + 1, ()) if not value.axes]
        while len(left) > 1:
            first, *others = left
            family = _family(first, others, whole)
            if family is not None:
                found.append(family)
            left = [each for each in others if family is None or each not in family.members]
    return found


def _family(first: Value, others: Sequence[Value], whole: Sequence[Value]) -> Family | None:
    """The family of one contraction among others, some of which may be the whole product."""
    for network in _networks(first, others):
        members = {}
        for value in (first, *others, *whole):
            member = _member(value, network)
            if member is not None:
                members[value] = member
        if len(members) > 1:
            return Family(network, members)
    return None


def _networks(first: Value, others: Sequence[Value]) -> Iterator[tuple[Use, ...]]:
    """The products that a contraction may lack one array of, so that another one lacks another array of it."""
    own = Counter(use.value for use in first.operands)
    tried: set[Value] = set()
    for other in others:
        more = list((Counter(use.value for use in other.operands) - own).elements())
        candidates = more if len(more) == 1 else list(own) if not more else []
        for value in candidates:
            if value not in tried and len(value.axes) == len(first.axes):
                tried.add(value)
                for order in islice(permutations(first.axes), MOST_TRIED):
                    if all(one.range == two.range for one, two in zip(order, value.axes, strict=True)):
                        yield (*first.operands, Use(value, order))


def _member(value: Value, network: tuple[Use, ...]) -> Member | None:
    """What a contraction is in a network."""
    found = _Matching(value.operands, network).found()
    if found is None:
        return None
    places, letters = found
    rest = set(range(len(network))) - set(places)
    if not rest:
        return Member(None, places, letters) if not value.axes else None
    (hole,) = rest
    missing = network[hole].indices
    axes = [letters[axis] for axis in value.axes]
    return Member(hole, places, letters) if len(axes) == len(missing) and set(axes) == set(missing) else None


class _Matching:
    """The search for the operands of a contraction in a network: the same arrays, joined by the same letters."""

    def __init__(self, operands: Sequence[Use], network: Sequence[Use]) -> None:
        self.operands, self.network = operands, network
        self.order = _along_letters(operands)
        self.steps = PATIENCE * len(operands)
        self.places: dict[int, int] = {}
        self.letters: dict[Index, Index] = {}
        self.back: dict[Index, Index] = {}
        self.holders: dict[Value, list[int]] = {}
        for place, use in enumerate(network):
            self.holders.setdefault(use.value, []).append(place)

    def found(self) -> tuple[tuple[int, ...], dict[Index, Index]] | None:
        """The place of each operand, and the letters of the network for those of the contraction."""
        if len(self.network) - len(self.operands) not in (0, 1) or not self._place(0):
            return None
        return tuple(self.places[number] for number in range(len(self.operands))), dict(self.letters)

    def _place(self, step: int) -> bool:
        """Find places for all operands from a step on."""
        if step == len(self.order):
            return True
        number = self.order[step]
        use = self.operands[number]
        taken = set(self.places.values())
        for place in self.holders.get(use.value, ()):
            self.steps -= 1
            if place in taken or self.steps < 0:
                continue
            new = self._joined(use.indices, self.network[place].indices)
            if new is None:
                continue
            self.places[number] = place
            if self._place(step + 1):
                return True
            del self.places[number]
            for index in new:
                del self.back[self.letters.pop(index)]
        return False

    def _joined(self, indices: Sequence[Index], others: Sequence[Index]) -> list[Index] | None:
        """The letters that become known where these indices are those; none if they cannot be."""
        new: list[Index] = []
        for one, two in zip(indices, others, strict=True):
            if one.place is not None or two.place is not None:
                fits = one.place == two.place
            elif one in self.letters or two in self.back:
                fits = self.letters.get(one) is two
            else:
                self.letters[one], self.back[two] = two, one
                new.append(one)
                fits = True
            if not fits:
                for index in new:
                    del self.back[self.letters.pop(index)]
                return None
        return new


def _along_letters(operands: Sequence[Use]) -> list[int]:
    """The operands in an order in which each shares a letter with one before it, where there is such an order."""
    holders: dict[Index, list[int]] = {}
    for number, use in enumerate(operands):
        for index in use.axes:
            holders.setdefault(index, []).append(number)
    order: dict[int, None] = {}
    for start in range(len(operands)):
        pending = [start]
        while pending:
            number = pending.pop()
            if number not in order:
                order[number] = None
                pending += [each for index in operands[number].axes for each in holders[index] if each not in order]
    return list(order)
