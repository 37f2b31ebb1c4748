"""Facts that follow from definitions: a defined tensor whose sum over one of its indices, or trace, is a number.

    a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))        sum[q](a[p,q]) = 1
    c[i] = x[i] - 1/n*sum[j](x[j])                  sum[i](c[i]) = 0
    d[i,j] = s[i,j] - delta[i,j]*s[k,k]/3           d[i,i] = 0, if the indices run to 3

Only sums that occur are looked at, each once; the definitions are written out and brought to normal form.
"""

from __future__ import annotations

from collections.abc import Iterable

from indexcalc.budget import TooLargeError
from indexcalc.canonical import Canonical
from indexcalc.rewrite.match import Rule
from indexcalc.rewrite.monomial import Monomial
from indexcalc.rewrite.normal import NormalForm
from indexcalc.sheet import Fact, Sheet
from indexcalc.terms import ONE, Contraction, Index, Number, Tensor, Term
from indexcalc.walk import holds, replace_tensors

MOST_ROUNDS = 6  # definitions written out one inside the other
Place = tuple[str, tuple[int, ...]]  # a defined tensor, and the slots at which one index is summed


class Consequences:
    """The sums of defined tensors that were looked at, as rules where they are numbers."""

    def __init__(self, sheet: Sheet, canonical: Canonical) -> None:
        self.sheet, self.normal = sheet, NormalForm(canonical)
        self._known: dict[Place, Rule | None] = {}

    def rules(self, polynomial: Iterable[Monomial]) -> list[Rule]:
        """The rules for the sums of single defined tensors in these monomials."""
        wanted = dict.fromkeys(place for monomial in polynomial for place in self._summed(monomial))
        found = (self._rule(*place) for place in wanted)
        return [rule for rule in found if rule is not None]

    def _summed(self, monomial: Monomial) -> Iterable[Place]:
        """The defined tensors, and their slots, with an index that is summed and stands in nothing else."""
        if not monomial.bound:
            return
        for base, exponent in monomial.powers.items():
            if isinstance(base, Tensor) and base.name in self.sheet.definitions and exponent is ONE:
                for index in dict.fromkeys(base.slots):
                    others = (other for other in monomial.powers if other is not base)
                    if index in monomial.bound and not any(index in other.free for other in others):
                        yield base.name, tuple(slot for slot, each in enumerate(base.slots) if each is index)

    def _rule(self, name: str, slots: tuple[int, ...]) -> Rule | None:
        if (name, slots) not in self._known:
            self._known[name, slots] = None  # while it is found out
            self._known[name, slots] = self._found(name, slots)
        return self._known[name, slots]

    def _found(self, name: str, slots: tuple[int, ...]) -> Rule | None:
        definition = self.sheet.definitions[name]
        if not any(holds(body, Contraction) for body in self._bodies(name)):
            return None
        axis = definition.axes[slots[0]]
        axes = tuple(axis if slot in slots else each for slot, each in enumerate(definition.axes))
        value = self._number(Contraction((axis,), self._written_out(definition.at(axes))))
        if value is None:
            return None
        whole = Tensor(name, axes)
        left = Monomial(ONE.value, frozenset((axis,)), {whole: ONE})
        return Rule(left, value, _without(axes, axis), Fact(Contraction((axis,), whole), "=", value))

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
