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
from dataclasses import dataclass, field, replace

from indexcalc.calculus.derivative import occurrences
from indexcalc.rewrite.cost import cost
from indexcalc.sheet import Definition, Sheet
from indexcalc.terms import Contraction, Index, Sum, Tensor, Term, in_order
from indexcalc.walk import substitute

Shorten = Callable[[Term, tuple[Index, ...]], Term]  # a term and the order of its free indices -> its short form
LONGEST_IN_PLACE = 90.0  # the cost above which an adjoint gets a name


@dataclass
class Adjoints:
    """The adjoints of one target by one variable."""

    sheet: Sheet
    axes: tuple[Index, ...]
    variable: str
    shorten: Shorten
    named: dict[str, Definition] = field(default_factory=dict)
    _parts: dict[str, list[Term]] = field(default_factory=dict)

    def derivative(self, term: Term, slots: tuple[Index, ...]) -> Term:
        """The total derivative of a term by the variable at these slots, which occur nowhere else."""
        self._add(term, None)
        for definition in reversed(self.sheet.in_order):
            if definition.name in self._parts and definition.name != self.variable:
                self._visit(definition)
        own = self._slots(self.variable)
        adjoint = Sum(*self._parts.get(self.variable, ()))
        return substitute(adjoint, dict(zip(own, slots, strict=True)))

    def _visit(self, definition: Definition) -> None:
        slots = self._slots(definition.name)
        adjoint = self.shorten(Sum(*self._parts.pop(definition.name)), (*self.axes, *slots))
        if cost(adjoint) > LONGEST_IN_PLACE:
            adjoint = self._name(definition.name, adjoint, slots)
        self._add(definition.at(slots), (adjoint, slots))

    def _add(self, body: Term, outer: tuple[Term, tuple[Index, ...]] | None) -> None:
        """Add what the occurrences in a body contribute, times the adjoint of the body itself."""
        relevant = frozenset(name for name in body.symbols if self.sheet.depends((name,), self.variable))
        for found in occurrences(body, relevant):
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
        if not self.named:
            return self.sheet
        slots = {name: tuple(axis.range for axis in each.axes) for name, each in self.named.items()}
        return replace(
            self.sheet,
            definitions={**self.sheet.definitions, **self.named},
            slots={**self.sheet.slots, **slots},
            order=(*self.sheet.order, *self.named),
        )


