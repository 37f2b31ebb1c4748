"""Work out the derivatives in terms: no Derivative is left.

The innermost derivative comes first. Its variable is differentiated at fresh slots, which are then replaced by the
slots that the text writes; where a letter stands in both the body and the variable that is the diagonal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from indexcalc.calculus.adjoint import Adjoints, Shorten
from indexcalc.sheet import Definition, Sheet
from indexcalc.terms import Derivative, Index, Tensor, Term, in_order
from indexcalc.walk import Memo, holds, mapped, substitute


class Resolver:
    """Works out derivatives in the light of one sheet; `sheet` grows by the adjoints that it names.

    `shortener(sheet)` gives the function that brings terms into short form.
    """

    def __init__(self, sheet: Sheet, shortener: Callable[[Sheet], Shorten]) -> None:
        self.shortener = shortener
        self.sheet = sheet
        for definition in sheet.in_order:
            if holds(definition.body, Derivative):
                body = self.resolve(definition.body, definition.axes)
                self._define(Definition(definition.name, definition.axes, body))

    def _define(self, definition: Definition) -> None:
        definitions = {**self.sheet.definitions, definition.name: definition}
        self.sheet = replace(self.sheet, definitions=definitions)

    def resolve(self, term: Term, axes: tuple[Index, ...] = ()) -> Term:
        """The term with every derivative worked out; the axes order its free indices."""
        if not holds(term, Derivative):
            return term

        def rule(term: Term, rec: Memo[Term]) -> Term:
            if isinstance(term, Derivative):
                return self.derivative(rec(term.body), term.variable, axes)
            if isinstance(term, Tensor):
                return term
            return mapped(term, rec)

        return Memo(rule)(term)

    def derivative(self, body: Term, variable: Tensor, axes: tuple[Index, ...] = ()) -> Term:
        """The total derivative of a term without derivatives, in short form."""
        order = tuple(index for index in axes if index in body.free)
        order += in_order(body.free.difference(order))
        adjoints = Adjoints(self.sheet, order, variable.name, self.shortener(self.sheet))
        slots = tuple(
            Index(f"~{variable.name}", each, -place)
            for place, each in enumerate(self.sheet.slots[variable.name], 1)
        )
        found = adjoints.derivative(body, slots)
        self.sheet = adjoints.extended()
        result = substitute(found, dict(zip(slots, variable.slots, strict=True)))
        free = tuple(index for index in variable.slots if index.place is None)
        wanted = tuple(dict.fromkeys((*axes, *order, *free)))
        return self.shortener(self.sheet)(result, wanted)


