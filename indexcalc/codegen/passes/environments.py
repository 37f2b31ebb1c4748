"""The gradients of a product of many arrays by all of them, for about the price of three contractions.

The product is contracted along one tree. What lies on one side of an edge of the tree is worked out once for each
direction; the gradient by an array is all that lies on the other side of its edge:

    A*B*C*D = (A*B)*(C*D):     by A  sum(B*(C*D)),  by B  sum(A*(C*D)),  by C  sum(D*(A*B)),  by D  sum(C*(A*B))

This is reverse accumulation over the tree, done on the program, where the sizes are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexcalc.codegen.passes.cost import cost
from indexcalc.codegen.passes.families import LEAST, Family, families
from indexcalc.codegen.programs.order import again, in_pairs, is_open, pair_axes, rebuilt
from indexcalc.codegen.programs.planning import MOST_EXACT, SizeOfRange, plan
from indexcalc.codegen.programs.program import Axes, Builder, Einsum, Program, Use, Value
from indexcalc.terms import Index


def may_share(program: Program) -> bool:
    """Whether there are contractions that might share parts."""
    return sum(isinstance(value.op, Einsum) and len(value.operands) >= LEAST for value in program.values) > 1


def with_environments(program: Program, size: SizeOfRange) -> Program:
    """The program, or one in which contractions share their parts, if that costs less for these sizes.

    Many arrays always share: to ask what each order of theirs costs would take too long.
    """
    found = families(program) if may_share(program) else []
    if not found:
        return program
    trees: dict[Value, _Tree] = {}
    for family in found:
        trees |= dict.fromkeys(family.members, _Tree(family, size))

    def make(build: Builder, value: Value, operands: Sequence[Use]) -> Use:
        tree = trees.get(value)
        return again(build, value, operands) if tree is None else tree.member(build, value, operands)

    shared = rebuilt(program, make)
    if any(len(family.network) > MOST_EXACT + 1 for family in found):
        return shared
    before, after = (cost(in_pairs(each, size, is_open), size) for each in (program, shared))
    return shared if after < before else program


@dataclass(frozen=True, slots=True)
class _Node:
    """A node of the tree: what hangs below it, the node above, and the one beside it."""

    leaves: frozenset[int]
    parts: tuple[int, ...] = ()


class _Tree:
    """The contraction of a family's network along one tree; `known` holds what is on each side of an edge."""

    def __init__(self, family: Family, size: SizeOfRange) -> None:
        self.family = family
        count = len(family.network)
        every = frozenset(range(count))
        self.letters = [frozenset(use.axes) for use in family.network]
        joined = [letters & self._of(every - {place}) for place, letters in enumerate(self.letters)]
        self.nodes = [_Node(frozenset({place})) for place in range(count)]
        self.above: dict[int, tuple[int, int]] = {}  # the node above, and the one beside
        orders = [tuple(each for each in use.axes if each in joined[at]) for at, use in enumerate(family.network)]
        for one, two in plan(joined, frozenset(), size, orders):
            self.above |= {one: (len(self.nodes), two), two: (len(self.nodes), one)}
            self.nodes.append(_Node(self.nodes[one].leaves | self.nodes[two].leaves, (one, two)))
        self.cut = [self._of(node.leaves) & self._of(every - node.leaves) for node in self.nodes]
        self.known: dict[tuple[int, bool], Use] = {}

    def _of(self, places: frozenset[int]) -> frozenset[Index]:
        return frozenset[Index]().union(*(self.letters[place] for place in places))

    def member(self, build: Builder, value: Value, operands: Sequence[Use]) -> Use:
        """A contraction of the family, of new operands."""
        member = self.family.members[value]
        arrays = {place: use.renamed(member.letters) for place, use in zip(member.places, operands, strict=True)}
        axes = tuple(member.letters[axis] for axis in value.axes)
        root = len(self.nodes) - 1
        node, is_up = (root, True) if member.hole is None else (member.hole, False)
        found = self._message(build, arrays, node, is_up, axes)
        return found.renamed({two: one for one, two in member.letters.items()})

    def _message(self, build: Builder, arrays: Mapping[int, Use], node: int, is_up: bool, axes: Axes = ()) -> Use:
        """All that is below a node, or all that is not; the axes come in a given order, or as suits what comes next."""
        if (node, is_up) in self.known:
            return self.known[node, is_up]
        if is_up and not self.nodes[node].parts:
            found = self._leaf(build, arrays[node], node)
        else:
            first, second = self._pair(node, is_up)
            if second is None:
                return self._message(build, arrays, *first)
            left, right = (self._message(build, arrays, *each) for each in (first, second))
            order = axes or self._axes(left, right, node)
            found = build.make(Einsum(), [left, right], order)
        self.known[node, is_up] = found
        return found

    def _pair(self, node: int, is_up: bool) -> tuple[tuple[int, bool], tuple[int, bool] | None]:
        """The two messages that a message is made of."""
        if is_up:
            one, two = self.nodes[node].parts
            return (one, True), (two, True)
        above, beside = self.above[node]
        return (beside, True), ((above, False) if above in self.above else None)

    def _leaf(self, build: Builder, use: Use, node: int) -> Use:
        """An array of the network, summed over the indices that no other one has."""
        kept = tuple(index for index in use.axes if index in self.cut[node])
        return use if kept == use.axes else build.make(Einsum(), [use], kept)

    def _axes(self, left: Use, right: Use, node: int) -> Axes:
        """The axes of what is on one side of the edge above a node, as suits what it will be multiplied with."""
        kept = tuple(sorted(self.cut[node]))
        beside = self.above.get(node)
        others = [] if beside is None else [tuple(sorted(self.cut[beside[1]]))]
        order = pair_axes(left, right, kept, others)
        return tuple(index for index in order if index in self.cut[node])
