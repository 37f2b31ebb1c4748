"""Products with brackets as choices, where code would multiply an infinity by zero (see `indexcalc.brackets`).

    1[i < j]*log(x[j] - x[i])    computes  where(i < j, log(x[j] - x[i]), 0)
    1[i < j]*exp(x[i] - x[j])    computes  where(i < j, exp(x[i] - x[j]), 0): it may overflow where it is not wanted
"""

from __future__ import annotations

from indexcalc.brackets import gathered, is_count
from indexcalc.codegen.preparing.guards import HARMLESS, Guards, is_total
from indexcalc.terms import Call, Number, Power, Product, Size, Tensor, Term
from indexcalc.walk import Memo, mapped


class Brackets:
    """Makes choices of products with brackets, where `guards` knows which terms are not defined everywhere."""

    def __init__(self, guards: Guards) -> None:
        self.guards = guards

    def __call__(self, term: Term) -> Term:
        """The term with strong zeros."""

        def rule(term: Term, rec: Memo[Term]) -> Term:
            new = mapped(term, rec)
            return gathered(new.factors, self._is_partial, sums=True) or new if isinstance(new, Product) else new

        return Memo(rule)(term)

    def _is_partial(self, term: Term) -> bool:
        match term:
            case Call(function, _):
                return function in HARMLESS
            case Power(base, exponent):
                return not isinstance(base, Number | Size) and not is_total(exponent) and not is_count(base)
            case Tensor():
                return self.guards.is_limited(term)
        return False
