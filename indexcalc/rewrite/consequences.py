"""Facts that follow from definitions: a defined tensor whose sum over one of its indices is a number.

    a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))        sum[q](a[p,q]) = 1
    c[i] = x[i] - 1/n*sum[j](x[j])                  sum[i](c[i]) = 0

Only sums that occur are looked at, each once; the definitions are written out and brought to normal form.
"""

from __future__ import annotations

from collections.abc import Iterable

from indexcalc.canonical import Canonical
from indexcalc.rewrite.expand import TooLargeError
from indexcalc.rewrite.match import Rule
from indexcalc.rewrite.monomial import Monomial
from indexcalc.rewrite.normal import NormalForm
from indexcalc.sheet import Fact, Sheet
from indexcalc.terms import ONE, Contraction, Index, Number, Tensor, Term
from indexcalc.walk import holds, replace_tensors

MOST_ROUNDS = 6  # definitions written out one inside the other


class Consequences:
    """The sums of defined tensors that were looked at, as rules where they are numbers."""

    def __init__(self, sheet: Sheet, canonical: Canonical) -> None:
        self.sheet, self.normal = sheet, NormalForm(canonical)
        self._known: dict[tuple[str, int], Rule | None] = {}

    def rules(self, polynomial: Iterable[Monomial]) -> list[Rule]:
        """The rules for the sums of single defined tensors in these monomials."""
        wanted = dict.fromkeys(place for monomial in polynomial for place in self._summed(monomial))
        found = (self._rule(*place) for place in wanted)
        return [rule for rule in found if rule is not None]

    def _summed(self, monomial: Monomial) -> Iterable[tuple[str, int]]:
        """The defined tensors, and their slots, with an index that is summed and stands nowhere else."""
        if not monomial.bound:
            return
        for base, exponent in monomial.powers.items():
            if isinstance(base, Tensor) and base.name in self.sheet.definitions and exponent is ONE:
                for slot, index in enumerate(base.slots):
                    alone = base.slots.count(index) == 1 and index in monomial.bound
                    if alone and not any(index in other.free for other in monomial.powers if other is not base):
                        yield base.name, slot

    def _rule(self, name: str, slot: int) -> Rule | None:
        if (name, slot) not in self._known:
            self._known[name, slot] = None  # while it is found out
            self._known[name, slot] = self._found(name, slot)
        return self._known[name, slot]

    def _found(self, name: str, slot: int) -> Rule | None:
        definition = self.sheet.definitions[name]
        if not any(holds(body, Contraction) for body in self._bodies(name)):
            return None
        axis = definition.axes[slot]
        value = self._number(Contraction((axis,), self._written_out(definition.body)))
        if value is None:
            return None
        whole = Tensor(name, definition.axes)
        left = Monomial(ONE.value, frozenset((axis,)), {whole: ONE})
        return Rule(left, value, _without(definition.axes, axis), Fact(Contraction((axis,), whole), "=", value))

    def _bodies(self, name: str) -> Iterable[Term]:
        names = {name, *self.sheet.made_of.get(name, ())}
        return (each.body for each in self.sheet.in_order if each.name in names)

    def _written_out(self, term: Term) -> Term:
        for _ in range(MOST_ROUNDS):
            new = replace_tensors(term, self.sheet.inline)
            if new is term:
                break
            term = new
        return term

    def _number(self, term: Term) -> Number | None:
        try:
            polynomial = self.normal(term)
        except (TooLargeError, TypeError):
            return None
        if not polynomial:
            return Number(0)
        alone = len(polynomial) == 1 and not polynomial[0].powers
        return Number(polynomial[0].coefficient) if alone else None


def _without(axes: tuple[Index, ...], axis: Index) -> frozenset[Index]:
    return frozenset(axes) - {axis}
