"""Differentiate through definitions: reverse accumulation over a sheet.

For a target t and a definition u = e that it uses, the adjoint u~[slots] = dt/du[slots] is the sum over the occurrences
of u. Definitions are visited from the target back to the variable; each adds to the adjoints of what it is made of:

    v~[m] += sum[axes](u~[axes] * d e[axes] / d v[m])

An adjoint is brought into its short form before it is used, and is written out in place; one that is too long for that
gets a name, so that the gradient of a chain of L definitions has a length that is linear in L.

Griewank and Walther, "Evaluating Derivatives", 2nd ed., chapter 3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from indexcalc.calculus.constants import Constants
from indexcalc.calculus.derivative import occurrences
from indexcalc.rewrite.cost import cost
from indexcalc.sheet import Definition, Sheet
from indexcalc.terms import Contraction, Index, Sum, Tensor, Term, in_order
from indexcalc.walk import substitute

Shorten = Callable[[Term, tuple[Index, ...]], Term]  # a term and the order of its free indices -> its short form
LONGEST_IN_PLACE = 90.0  # the cost above which an adjoint gets a name


@dataclass
class Adjoints:
    """The adjoints of one target by some variables.

    One whose cost is above `longest` gets a name; one that is needed for several tensors, above `shared`.
    """

    sheet: Sheet
    axes: tuple[Index, ...]
    variables: frozenset[str]
    shorten: Shorten
    longest: float = LONGEST_IN_PLACE
    shared: float = LONGEST_IN_PLACE
    named: dict[str, Definition] = field(default_factory=dict)
    _parts: dict[str, list[Term]] = field(default_factory=dict)

    def accumulate(self, term: Term) -> None:
        """Go from a target back to the variables, adding up the adjoints of all that lies between."""
        while isinstance(term, Tensor) and term.name in self.sheet.definitions and term.name not in self.variables:
            term = self.sheet.definitions[term.name].at(term.slots)
        self._add(term, None)
        for definition in reversed(self.sheet.in_order):
            if definition.name in self._parts and self._relevant(definition.body):
                self._visit(definition)

    def adjoint(self, name: str, slots: tuple[Index, ...]) -> Term:
        """The total derivative of the target by a variable at these slots, which occur nowhere else; not shortened."""
        adjoint = Sum(*self._parts.get(name, ()))
        return substitute(adjoint, dict(zip(self._slots(name), slots, strict=True)))

    def _relevant(self, body: Term) -> frozenset[str]:
        """The tensors in a body that are variables, or depend on one."""
        return frozenset(
            name for name in body.symbols if any(self.sheet.depends((name,), each) for each in self.variables)
        )

    def _visit(self, definition: Definition) -> None:
        slots = self._slots(definition.name)
        adjoint = self.shorten(Sum(*self._parts[definition.name]), (*self.axes, *slots))
        if cost(adjoint) > (self.longest if len(self._relevant(definition.body)) == 1 else self.shared):
            adjoint = self._name(definition.name, adjoint, slots)
        self._parts[definition.name] = [adjoint]
        self._add(definition.at(slots), (adjoint, slots))

    def _add(self, body: Term, outer: tuple[Term, tuple[Index, ...]] | None) -> None:
        """Add what the occurrences in a body contribute, times the adjoint of the body itself."""
        # A single variable is varied as if it had no definition.
        constants = Constants(self.sheet, self.variables if len(self.variables) == 1 else frozenset())
        for found in occurrences(body, self._relevant(body), constants):
            slots = self._slots(found.tensor.name)
            if outer is None:
                part = found.apart(frozenset(self.axes)).derivative(slots)
            else:
                adjoint, own = outer
                whole = found.times(adjoint)
                part = Contraction(own, whole.derivative(slots))
            self._parts.setdefault(found.tensor.name, []).append(part)

    def _slots(self, name: str) -> tuple[Index, ...]:
        """Indices that no text can hold, one for each slot of a tensor."""
        ranges = self.sheet.slots[name]
        return tuple(Index(f"~{name}", each, place) for place, each in enumerate(ranges, 1))

    def _name(self, name: str, adjoint: Term, slots: tuple[Index, ...]) -> Term:
        label = f"{name}_bar"
        while label in self.sheet.slots or label in self.named:
            label += "_"
        axes = in_order(adjoint.free - set(slots)) + tuple(slot for slot in slots if slot in adjoint.free)
        self.named[label] = Definition(label, axes, adjoint)
        return Tensor(label, axes)

    def extended(self) -> Sheet:
        """The sheet with the named adjoints as definitions."""
        return self.sheet.with_definitions(self.named.values())
