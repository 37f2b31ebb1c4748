"""Work out the derivatives in terms: no Derivative is left.

The innermost derivative comes first. Its variable is differentiated at fresh slots, which are then replaced by the
slots that the text writes; where a letter stands in both the body and the variable that is the diagonal.

A fact holds for values, not along a displacement: given a = 2, the derivative of a^2 is 4, but its second derivative is
that of 2*a. So what a further derivative by x is taken of is shortened without the facts that x has a part in, and x
itself is not recognised in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from indexcalc.calculus.adjoint import LONGEST_IN_PLACE, Adjoints, Shorten
from indexcalc.calculus.hanging import check_hanging
from indexcalc.errors import IndexcalcError
from indexcalc.sheet import Definition, Fact, Sheet
from indexcalc.terms import Derivative, Index, Tensor, Term, in_order
from indexcalc.walk import Memo, holds, length, mapped, substitute, subterms

LONGEST = 5_000  # parts of a derivative that is differentiated again; several times as many come of it, in two seconds


class Resolver:
    """Works out derivatives in the light of one sheet; `sheet` grows by the adjoints that it names.

    `shortener(sheet)` gives the function that brings terms into short form; `targets` are what will be resolved.
    """

    def __init__(
        self, sheet: Sheet, shortener: Callable[[Sheet], Shorten], targets: Iterable[Term] | None = None
    ) -> None:
        self.shortener = shortener
        self.sheet = sheet
        self._shorteners: dict[frozenset[str], Shorten] = {}
        self._named = frozenset[str]()  # the adjoints that got names
        # A definition may yet be differentiated: by anything, if the targets are not known.
        bodies = [definition.body for definition in sheet.in_order]
        moving = frozenset(sheet.slots) if targets is None else _variables([*targets, *bodies])
        for definition in sheet.in_order:
            if holds(definition.body, Derivative):
                body = self.resolve(definition.body, definition.axes, moving)
                self._define(Definition(definition.name, definition.axes, body, recognised=False))

    def _define(self, definition: Definition) -> None:
        self._grow(self.sheet.with_definitions([definition]))

    def resolve(
        self, term: Term, axes: tuple[Index, ...] = (), moving: frozenset[str] = frozenset()
    ) -> Term:
        """The term with every derivative worked out.

        The axes order its free indices; the result may be differentiated further by the tensors that are moving.
        """
        if not holds(term, Derivative):
            return term

        def rule(term: Term, rec: Memo[Term]) -> Term:
            if isinstance(term, Derivative):
                body = self.resolve(term.body, axes, moving | {term.variable.name})
                if body is not term.body:
                    self._check_length(body)
                return self.derivative(body, term.variable, axes, moving)
            if isinstance(term, Tensor):
                return term
            return mapped(term, rec)

        return Memo(rule)(term)

    def derivative(
        self,
        body: Term,
        variable: Tensor,
        axes: tuple[Index, ...] = (),
        moving: frozenset[str] = frozenset(),
    ) -> Term:
        """The total derivative of a term without derivatives, in short form."""
        return self.derivatives(body, [(variable, axes)], moving, LONGEST_IN_PLACE, LONGEST_IN_PLACE)[0]

    def derivatives(
        self,
        body: Term,
        variables: Sequence[tuple[Tensor, tuple[Index, ...]]],
        moving: frozenset[str],
        longest: float,
        shared: float,
    ) -> list[Term]:
        """The total derivatives of a term by several tensors, in one pass; the axes order the free indices of each.

        `longest` and `shared` say which adjoints get names (see `Adjoints`).
        """
        order = tuple(index for index in variables[0][1] if index in body.free)
        order += in_order(body.free.difference(order))
        names = frozenset(variable.name for variable, _ in variables)
        check_hanging(self.sheet, body, sorted(names))
        adjoints = Adjoints(self.sheet, order, names, self._shorten(moving), longest, shared)
        adjoints.accumulate(body)
        self._named |= adjoints.named.keys()
        self._grow(adjoints.extended())
        shorten = self._shorten(moving)
        found = []
        for variable, axes in variables:
            slots = self._own_slots(variable.name)
            result = substitute(adjoints.adjoint(variable.name, slots), dict(zip(slots, variable.slots, strict=True)))
            free = tuple(index for index in variable.slots if index.place is None)
            found.append(shorten(result, tuple(dict.fromkeys((*axes, *order, *free)))))
        return found

    def _check_length(self, body: Term) -> None:
        """Refuse to differentiate once more what became too long, adjoints with names included: each time it grows."""
        reached = body.symbols.union(*(self.sheet.made_of.get(name, ()) for name in body.symbols))
        named = (self.sheet.definitions[name].body for name in sorted(reached & self._named))
        if any(length(each) > LONGEST for each in (body, *named)):
            raise IndexcalcError(
                "a derivative that is differentiated once more is too long for that",
                "Differentiate fewer times, or give parts of the expression names by definitions",
            )

    def _own_slots(self, name: str) -> tuple[Index, ...]:
        """Indices that no text can hold, one for each slot of a variable."""
        ranges = self.sheet.slots[name]
        return tuple(Index(f"~{name}", each, -place) for place, each in enumerate(ranges, 1))

    def _shorten(self, moving: frozenset[str]) -> Shorten:
        if moving not in self._shorteners:
            self._shorteners[moving] = self.shortener(self.known_while(moving))
        return self._shorteners[moving]

    def _grow(self, sheet: Sheet) -> None:
        """Go on with a sheet that defines more."""
        if sheet is not self.sheet:
            self.sheet = sheet
            self._shorteners.clear()

    def known_while(self, moving: frozenset[str]) -> Sheet:
        """The sheet with what still holds along a displacement of the moving tensors."""
        return known_while(self.sheet, moving)


def known_while(sheet: Sheet, moving: frozenset[str]) -> Sheet:
    """The sheet with what still holds along a displacement of the moving tensors."""
    if not moving:
        return sheet
    facts = tuple(fact for fact in sheet.facts if not _moves(sheet, fact, moving))
    definitions = {name: each for name, each in sheet.definitions.items() if name not in moving}
    return replace(sheet, facts=facts, definitions=definitions)


def _moves(sheet: Sheet, fact: Fact, moving: frozenset[str]) -> bool:
    """Whether one of the tensors has a part in a fact."""
    names = fact.left.symbols | fact.right.symbols
    return any(sheet.depends(names, name) for name in moving)


def _variables(terms: Iterable[Term]) -> frozenset[str]:
    """The tensors that terms differentiate by."""
    return frozenset(
        each.variable.name for term in terms for each in subterms(term) if isinstance(each, Derivative)
    )
