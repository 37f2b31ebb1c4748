"""Differentiate through definitions: reverse accumulation over a sheet.

For a target t and a definition u = e that it uses, the adjoint u~[slots] = dt/du[slots] is the sum over the occurrences
of u. Definitions are visited from the target back to the variable; each adds to the adjoints of what it is made of:

    v~[m] += sum[axes](u~[axes] * d e[axes] / d v[m])

An adjoint is brought into its short form before it is used, and is written out in place; one that is too long for that
gets a name, so that the gradient of a chain of L definitions has a length that is linear in L.

Griewank and Walther, "Evaluating Derivatives", 2nd ed., chapter 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from indexcalc.calculus.constants import Constants
from indexcalc.calculus.derivative import occurrences
from indexcalc.rewrite.cost import cost
from indexcalc.sheet import Definition, Primitive, Sheet
from indexcalc.terms import HALF, ZERO, Contraction, Index, Product, Sum, Tensor, Term, in_order, negative
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
        while isinstance(term, Tensor) and term.name not in self.variables:
            inner = self.sheet.inline(term)
            if inner is None:
                break
            term = inner
        self._add(term, None)
        for each in reversed(self.sheet.all_in_order):
            together = self.sheet.recurrences.get(each.name, ())
            if together and together[-1] == each.name:
                self._go_back(together)
            elif not together and each.name in self._parts and self._relevant(self.sheet.direct(each.name)):
                self._visit(each)

    def adjoint(self, name: str, slots: tuple[Index, ...]) -> Term:
        """The total derivative of the target by a variable at these slots, which occur nowhere else; not shortened."""
        adjoint = Sum(*self._parts.get(name, ()))
        found = substitute(adjoint, dict(zip(self._slots(name), slots, strict=True)))
        sign = self.sheet.varied.get(name)
        if sign is None:
            return found
        # A matrix that varies among the symmetric ones: the derivative is projected on them.
        turned = substitute(adjoint, dict(zip(self._slots(name), slots[::-1], strict=True)))
        return Product(HALF, Sum(found, turned if sign > 0 else negative(turned)))

    def _relevant(self, names: frozenset[str]) -> frozenset[str]:
        """The tensors, of these, that are variables or depend on one."""
        return frozenset(
            name for name in names if any(self.sheet.depends((name,), each) for each in self.variables)
        )

    def _visit(self, visited: Definition | Primitive) -> None:
        slots = self._slots(visited.name)
        adjoint = self.shorten(Sum(*self._parts[visited.name]), (*self.axes, *slots))
        relevant = self._relevant(self.sheet.direct(visited.name))
        if cost(adjoint) > (self.longest if len(relevant) == 1 else self.shared):
            adjoint = self._name(visited.name, adjoint, slots)
        self._parts[visited.name] = [adjoint]
        if isinstance(visited, Definition):
            self._add(visited.at(slots), (adjoint, slots))
        else:
            tangents = {name: of for name, of in visited.tangents.items() if of in relevant}
            self._add(visited.moved(slots), (adjoint, slots), tangents)

    def _go_back(self, together: tuple[str, ...]) -> None:
        """The adjoints of a recurrence: a recurrence that runs the other way.

        u[t] = f(u[t-1]) gives u~[t] = (what others add) + u~[t+1]*f'(u[t]).
        """
        seeds = {name: Sum(*self._parts[name]) for name in together if name in self._parts}
        if not seeds or not self._relevant(frozenset(together)):
            return
        own = {name: tuple(Index(f"~{name}'", s.range, s.serial) for s in self._slots(name)) for name in together}
        free = frozenset[Index]().union(*(seed.free for seed in seeds.values()))
        extra = tuple(axis for axis in self.axes if axis in free)
        extra += in_order(free.difference(extra, *map(self._slots, together)))
        bars = {name: self._free_label(name) for name in together}
        self.named |= {bars[name]: Definition(bars[name], (), ZERO) for name in together}  # the names are taken
        inside: dict[str, list[Term]] = {name: [seeds[name]] if name in seeds else [] for name in together}
        constants = Constants(self.sheet, self.variables if len(self.variables) == 1 else frozenset())
        for name in together:
            body = self.sheet.definitions[name].at(own[name])
            adjoint = Tensor(bars[name], (*extra, *own[name]))
            relevant = self._relevant(self.sheet.direct(name)) | (self.sheet.direct(name) & set(together))
            for found in occurrences(body, relevant, constants):
                other = found.tensor.name
                part = Contraction(own[name], found.times(adjoint).derivative(self._slots(other)))
                (inside[other] if other in inside else self._parts.setdefault(other, [])).append(part)
        for name in together:
            axes = (*extra, *self._slots(name))
            body = self.shorten(Sum(*inside[name]), axes)
            self.named[bars[name]] = Definition(bars[name], axes, body, recognised=False)
            self._parts[name] = [Tensor(bars[name], axes)]

    def _free_label(self, name: str) -> str:
        label = f"{name}_bar"
        while label in self.sheet.slots or label in self.named:
            label += "_"
        return label

    def _add(
        self,
        body: Term,
        outer: tuple[Term, tuple[Index, ...]] | None,
        tangents: Mapping[str, str] | None = None,
    ) -> None:
        """Add what the occurrences in a body contribute, times the adjoint of the body itself.

        tangents: in the tangent of a primitive, whose tangents occur there, by their names.
        """
        # A single variable is varied as if it had no definition.
        constants = Constants(self.sheet, self.variables if len(self.variables) == 1 else frozenset())
        names = self._relevant(body.symbols) if tangents is None else frozenset(tangents)
        for found in occurrences(body, names, constants):
            name = found.tensor.name if tangents is None else tangents[found.tensor.name]
            slots = self._slots(name)
            if outer is None:
                part = found.apart(frozenset(self.axes)).derivative(slots)
            else:
                adjoint, own = outer
                whole = found.times(adjoint)
                part = Contraction(own, whole.derivative(slots))
            self._parts.setdefault(name, []).append(part)

    def _slots(self, name: str) -> tuple[Index, ...]:
        """Indices that no text can hold, one for each slot of a tensor."""
        ranges = self.sheet.slots[name]
        return tuple(Index(f"~{name}", each, place) for place, each in enumerate(ranges, 1))

    def _name(self, name: str, adjoint: Term, slots: tuple[Index, ...]) -> Term:
        label = self._free_label(name)
        axes = in_order(adjoint.free - set(slots)) + tuple(slot for slot in slots if slot in adjoint.free)
        self.named[label] = Definition(label, axes, adjoint)
        return Tensor(label, axes)

    def extended(self) -> Sheet:
        """The sheet with the named adjoints as definitions."""
        return self.sheet.with_definitions(self.named.values())
