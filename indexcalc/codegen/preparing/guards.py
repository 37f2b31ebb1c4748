"""Guard the branches of a piecewise term: where a branch is not chosen, its functions get a harmless argument.

    where(x > 0, log(x), 0)  computes  log(where(x > 0, x, 1))

Both branches are computed for all elements, so without a guard the one that is not chosen gives nan or inf with a
warning. Definitions that hold a function of limited domain are inlined, since the guard must stand inside them.
"""

from __future__ import annotations

from collections.abc import Mapping

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.sheet import Definition
from indexcalc.terms import (
    ONE,
    Binder,
    Call,
    Contraction,
    Number,
    Power,
    Reduction,
    Size,
    Tensor,
    Term,
    Where,
)
from indexcalc.walk import Memo, freshened, mapped, subterms

# What a function gets where its value is not wanted: one that is not defined everywhere, or that overflows.
HARMLESS = {name: each.harmless for name, each in FUNCTIONS.items() if each.harmless is not None}
GROWING = frozenset(name for name in HARMLESS if not FUNCTIONS[name].is_limited)


class Guards:
    """Guards branches, with these definitions (each after those that it uses).

    It knows which piecewise terms are guards themselves.
    """

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self.definitions = definitions
        self._made: set[Term] = set()
        self._limited: set[str] = set()
        for definition in definitions.values():
            if self.is_limited(definition.body):
                self._limited.add(definition.name)

    def is_limited(self, term: Term) -> bool:
        """Whether a term holds a function that is not defined everywhere, in its definitions too."""
        for each in subterms(term):
            match each:
                case Call(function, _) if function in FUNCTIONS and FUNCTIONS[function].is_limited:
                    return True
                case Power(_, exponent) if not is_total(exponent):
                    return True
                case Tensor(name, _) if name in self._limited:
                    return True
        return False

    def __call__(self, term: Where) -> tuple[Term, Term]:
        """Both branches of a piecewise term, safe to compute everywhere."""
        if term in self._made:
            return term.then, term.otherwise
        return self.branch(term.then, term.condition, True), self.branch(term.otherwise, term.condition, False)

    def branch(self, term: Term, condition: Term, holds: bool) -> Term:
        """A branch that is chosen where the condition holds (or where it does not), safe to compute everywhere."""

        def rule(term: Term, rec: Memo[Term]) -> Term:
            match term:
                case Call(function, (*orders, argument)) if function in HARMLESS:
                    safe = self._safe(rec(argument), HARMLESS[function], condition, holds)
                    return Call(function, *orders, safe)
                case Power(base, exponent) if not is_total(exponent):
                    return Power(self._safe(rec(base), ONE, condition, holds), rec(exponent))
                case Tensor(name, slots) if name in self._limited:
                    return rec(self.definitions[name].at(slots))
                case Where(own, then, otherwise):
                    # A condition is computed for all elements, as it is: nothing is inlined in it.
                    new = Where(own, rec(then), rec(otherwise))
                    self._made.update({new} if term in self._made else ())
                    return new
                case Contraction() | Reduction() if self.is_limited(term):
                    bound, body = freshened(term, condition.free)
                    if isinstance(term, Contraction):
                        return Contraction(bound, rec(body))
                    return Reduction(term.kind, bound, rec(body))
                case Binder():
                    return term
            return mapped(term, rec)

        return Memo(rule)(term)

    def _safe(self, argument: Term, harmless: Term, condition: Term, holds: bool) -> Term:
        """The argument where the branch is chosen, something harmless elsewhere."""
        if isinstance(argument, Number | Size) or self._is_safe(argument, harmless, condition, holds):
            return argument
        if not argument.free and condition.free and condition.symbols.isdisjoint(argument.symbols):
            return argument  # one number for all elements, which the condition says nothing about
        made = Where(condition, *((argument, harmless) if holds else (harmless, argument)))
        self._made.add(made)
        return made

    @staticmethod
    def _is_safe(argument: Term, harmless: Term, condition: Term, holds: bool) -> bool:
        """Whether an argument was guarded before, under the same condition."""
        if not isinstance(argument, Where) or argument.condition is not condition:
            return False
        return (argument.otherwise if holds else argument.then) is harmless


def is_total(exponent: Term) -> bool:
    """Whether every number can be raised to this power."""
    return isinstance(exponent, Number) and exponent.value >= 0 and exponent.value == int(exponent.value)
