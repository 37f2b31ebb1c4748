"""What becomes of each value when an index is postponed.

With the index b, h[i,b] = c[i] + W[i,j]*x[j,b] is linear in x, and s[i,j] = g[i,b]*h[j,b] sums over b:

    an atom      is an array, made as before: what is not linear, is returned, or costs no more than to read its atoms
    postponed    is no array: what it is made of stands for it, wherever it is used
    expanded     is a postponed value whose coefficients are wanted: (W[i,j] of x[j,b], c[i] of 1)
    pushed       is a postponed value under a sum over b with something else: the sum goes inside

Of two factors under a sum over b that are differences one becomes an atom: their product may be a square of something
small, whose digits would be lost if both were taken apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from indexcalc.codegen.passes.classes import Class
from indexcalc.codegen.programs.program import Literal, Map, Program, Use, Value

Atom = Value | None


class Roles:
    """The roles of the values of a program for one class of letters. users: for each value those that use it."""

    def __init__(self, program: Program, group: Class, users: Mapping[Value, list[tuple[Value, Use]]]) -> None:
        self.lead = {value: index for value in group.letters if (index := group.lead(value)) is not None}
        self.members = sorted(self.lead, key=lambda value: value.number)
        self._users = users
        returned = {result.use.value for result in program.results}
        self._wanted = {value for value in self.members if value in returned or not self._is_taken(value)}
        self.postponed: set[Value] = set()
        self.expanded: set[Value] = set()
        self._atoms: dict[Value, frozenset[Atom]] = {}
        self._differences: set[Value] = set()
        while self._find():
            pass
        self._expand()

    # ----- What a value is -----------------------------------------------------------------------------------

    def tall(self, value: Value) -> list[Use]:
        """The operands of a value that have the index."""
        return [use for use in value.operands if self.lead[value] in use.indices]

    def is_kept(self, value: Value) -> bool:
        """Whether the index is an axis of a value and the value is linear in what has it."""
        lead, tall = self.lead[value], self.tall(value)
        if lead not in value.axes or not self._is_simple(value, tall):
            return False
        if isinstance(value.op, Map) and value.op.function == "add":
            return True
        return len(tall) == 1 and not (value.op == Map("div") and tall[0] is value.operands[1])

    def is_summed(self, value: Value) -> bool:
        """Whether a value is a sum over the index of a product in which at most two factors have it."""
        tall = self.tall(value)
        return self.lead[value] not in value.axes and self._is_simple(value, tall) and len(tall) <= 2

    def _is_simple(self, value: Value, tall: list[Use]) -> bool:
        return all(use.indices.count(self.lead[value]) == 1 for use in tall)

    def _is_taken(self, value: Value) -> bool:
        """Whether all users of a value can do without it."""
        lead = self.lead[value]
        if lead not in value.axes:
            return False
        for user, use in self._users[value]:
            if user not in self.lead or use.indices[value.axes.index(lead)] is not self.lead[user]:
                return False
            if not self.is_kept(user) and not self.is_summed(user):
                return False
        return True

    # ----- Atoms and postponed values ------------------------------------------------------------------------

    def _find(self) -> bool:
        """Find what is postponed; whether one more value is wanted as an array because of it."""
        self.postponed.clear()
        self._differences.clear()
        for value in self.members:
            if value not in self._wanted and self.is_kept(value) and not self._is_cheap(value):
                self.postponed.add(value)
                self._atoms[value] = frozenset(
                    atom for use in value.operands for atom in self._atoms_of(value, use)
                )
                if self._is_difference(value):
                    self._differences.add(value)
        squares = [value for value in self.members if self.is_summed(value) and self._is_square(value)]
        self._wanted |= {self.tall(value)[1].value for value in squares}
        return bool(squares)

    def _is_cheap(self, value: Value) -> bool:
        """Whether a value is made of atoms with no more work than to read them."""
        tall = self.tall(value)
        letters = set(value.letters)
        return all(use.value not in self.postponed and letters <= set(use.indices) for use in tall)

    def _atoms_of(self, user: Value, use: Use) -> frozenset[Atom]:
        if self.lead[user] not in use.indices:
            return frozenset({None} if user.op == Map("add") else ())
        return self._atoms[use.value] if use.value in self.postponed else frozenset({use.value})

    def _is_difference(self, value: Value) -> bool:
        """Whether a postponed value has a minus in it."""
        inside = [use.value for use in self.tall(value)]
        if any(each in self.postponed and each in self._differences for each in inside):
            return True
        return value.op == Map("add") and any(_is_negative(use.value) for use in value.operands)

    def _is_square(self, value: Value) -> bool:
        """Whether a value sums the product of two postponed values that are one, or two differences."""
        inside = [use.value for use in self.tall(value)]
        if len(inside) < 2 or not self.postponed.issuperset(inside):
            return False
        return inside[0] is inside[1] or self._differences.issuperset(inside)

    # ----- What is expanded ----------------------------------------------------------------------------------

    def sides(self, value: Value) -> tuple[Use, Use]:
        """Of two operands under a sum over the index: the one to expand, which has fewer atoms, and the other."""
        first, second = self.tall(value)
        count = {use: len(self._atoms_of(value, use)) + (use.value in self.postponed) for use in (first, second)}
        return (second, first) if count[second] < count[first] else (first, second)

    def _expand(self) -> None:
        pending = list(self._roots())
        while pending:
            value = pending.pop()
            if value in self.postponed and value not in self.expanded:
                self.expanded.add(value)
                pending += [use.value for use in self.tall(value)]

    def _roots(self) -> Iterator[Value]:
        """The values whose coefficients are wanted first."""
        for value in self.members:
            if value in self.postponed:
                continue
            if self.is_kept(value):
                yield from (use.value for use in self.tall(value))
            elif self.is_summed(value) and len(self.tall(value)) == 2:
                yield self.sides(value)[0].value


def _is_negative(value: Value) -> bool:
    return value.op == Map("neg") or (isinstance(value.op, Literal) and value.op.value < 0)


def users_of(program: Program) -> dict[Value, list[tuple[Value, Use]]]:
    """For each value what uses it, and how."""
    found: dict[Value, list[tuple[Value, Use]]] = {value: [] for value in program.values}
    for value in program.values:
        for use in value.operands:
            found[use.value].append((value, use))
    return found
