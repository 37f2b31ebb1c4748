r"""Functions that a document differentiates but never defines: `l` in \frac{\partial l}{\partial z_{jkp}}.

Such a function depends on the outermost tensors by which it is differentiated, in any way; its derivative by one of
those is a tensor of its own, and its derivative by another tensor follows by the chain rule:

    dl/dx[i] = sum[j](dl_dz[j] * dz[j]/dx[i])        if z is made of x

An equation that first says what dl/dz is defines it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from indexcalc.check.sides import Sides
from indexcalc.errors import IndexcalcError
from indexcalc.sheet import Definition, Sheet
from indexcalc.terms import Contraction, Derivative, Index, Product, Sum, Tensor, Term
from indexcalc.walk import Memo, fresh, mapped, parts, subterms


class Gradients:
    """The derivatives of unknown functions, and what the document said they are."""

    def __init__(self) -> None:
        self.given: dict[str, Definition] = {}
        self.variables: dict[str, dict[str, None]] = {}  # by which each function was differentiated so far

    def copy(self) -> Gradients:
        """The same derivatives, to which others may come."""
        other = Gradients()
        other.given = dict(self.given)
        other.variables = {name: dict(by) for name, by in self.variables.items()}
        return other

    def worked_in(self, sides: Sides) -> tuple[Sides, bool]:
        """The sides with the derivatives of unknown functions as tensors; whether the first step defines one."""
        terms = [term for term in sides.terms if isinstance(term, Term)]
        outer = self._outermost(sides.sheet, terms)
        if not outer:
            return sides, False
        sheet = self._sheet(sides.sheet, outer)
        changed = tuple(_replaced(term, sheet, outer) if isinstance(term, Term) else term for term in sides.terms)
        new = self._definition(changed)
        if new is not None and new.name not in self.given:
            self.given[new.name] = new
            return Sides(self._sheet(sheet, outer), sides.axes, changed, sides.remark), True
        return Sides(sheet, sides.axes, changed, sides.remark), False

    def _outermost(self, sheet: Sheet, terms: list[Term]) -> dict[str, list[str]]:
        """For each unknown function the tensors that it depends on at first hand."""
        elsewhere = _used(sheet, terms)
        functions: dict[str, None] = {}
        for slope in (each for term in terms for each in subterms(term) if isinstance(each, Derivative)):
            body = slope.body
            if isinstance(body, Tensor) and body.name not in sheet.definitions and body.name not in elsewhere:
                self.variables.setdefault(body.name, {})[slope.variable.name] = None
                functions[body.name] = None
        return {function: outermost(sheet, self.variables[function]) for function in functions}

    def _sheet(self, sheet: Sheet, outer: dict[str, list[str]]) -> Sheet:
        """The sheet with a tensor for each derivative, and what is known of it."""
        slots = dict(sheet.slots)
        for function, tensors in outer.items():
            for tensor in tensors:
                slots[_name(function, tensor)] = (*sheet.slots[function], *sheet.slots[tensor])
        given = {name: value for name, value in self.given.items() if name in slots}
        return replace(sheet, slots=slots, definitions={**sheet.definitions, **given})

    def _definition(self, terms: tuple[Term | IndexcalcError, ...]) -> Definition | None:
        """The definition that the first two sides make: dl_dz[j,k] = an expression without it."""
        left, right = terms[:2]
        if not isinstance(left, Tensor) or isinstance(right, IndexcalcError) or left.name in right.symbols:
            return None
        if not left.name.startswith("d") or len(left.free) < len(left.slots) or not right.free <= left.free:
            return None
        return Definition(left.name, left.slots, right)


def _name(function: str, tensor: str) -> str:
    return f"d{function}_d{tensor}"


def outermost(sheet: Sheet, tensors: Iterable[str]) -> list[str]:
    """Those tensors of which no other one is made."""
    known = [name for name in tensors if name in sheet.slots]
    return [one for one in known if not any(sheet.depends([other], one) for other in known if other != one)]


def _used(sheet: Sheet, terms: list[Term]) -> frozenset[str]:
    """The tensors that occur otherwise than as what is differentiated."""
    sides = [side for fact in sheet.facts for side in (fact.left, fact.right)]
    bodies = [definition.body for definition in sheet.definitions.values()]
    found: set[str] = set()
    for term in (*terms, *sides, *bodies):
        for each in subterms(term):
            if isinstance(each, Derivative):
                found.add(each.variable.name)
        found |= _outside(term)
    return frozenset(found)


def _outside(term: Term) -> set[str]:
    """The names of the tensors in a term that are not the whole numerator of a derivative."""
    found: set[str] = set()
    pending = [term]
    seen = {term}
    while pending:
        current = pending.pop()
        if isinstance(current, Tensor):
            found.add(current.name)
        bare = isinstance(current, Derivative) and isinstance(current.body, Tensor)
        for part in () if bare else parts(current):
            if part not in seen:
                seen.add(part)
                pending.append(part)
    return found


def _replaced(term: Term, sheet: Sheet, outer: dict[str, list[str]]) -> Term:
    """The term with the derivatives of unknown functions put in."""

    def rule(part: Term, rec: Memo[Term]) -> Term:
        if isinstance(part, Derivative) and isinstance(part.body, Tensor) and part.body.name in outer:
            return _slope(part.body, part.variable, sheet, outer[part.body.name], term)
        return mapped(part, rec)

    return Memo(rule)(term)


def _slope(function: Tensor, variable: Tensor, sheet: Sheet, tensors: list[str], around: Term) -> Term:
    if variable.name in tensors:
        return Tensor(_name(function.name, variable.name), (*function.slots, *variable.slots))
    return Sum(*(_by_chain_rule(function, variable, tensor, sheet, around) for tensor in tensors))


def _by_chain_rule(function: Tensor, variable: Tensor, tensor: str, sheet: Sheet, around: Term) -> Term:
    taken = set(around.indices)
    slots: list[Index] = []
    for number, range in enumerate(sheet.slots[tensor], 1):
        slots.append(fresh(Index(f"j{number}", range), taken))
        taken.add(slots[-1])
    known = Tensor(_name(function.name, tensor), (*function.slots, *slots))
    return Contraction(slots, Product(known, Derivative(Tensor(tensor, slots), variable)))
