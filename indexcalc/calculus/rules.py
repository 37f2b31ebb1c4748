"""The rules of differentiation one at a time, as they are written down by hand: derivatives move inwards to tensors.

    sum rule        d(x + y) = dx + dy
    product rule    d(x*y) = dx*y + x*dy
    quotient rule   d(x/y) = (dx*y - x*dy)/y^2
    power rule      d(x^n) = n*x^(n-1)*dx
    chain rule      d f(x) = f'(x)*dx

`occurrences` gives the same derivative in one go; this form is for reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from indexcalc.calculus.constants import Constants
from indexcalc.calculus.derivative import occurrences
from indexcalc.calculus.functions import known, slopes
from indexcalc.sheet import Primitive, Sheet
from indexcalc.terms import (
    HALF,
    MINUS_ONE,
    ZERO,
    Call,
    Contraction,
    Delta,
    Derivative,
    Index,
    Number,
    Power,
    Product,
    Sum,
    Tensor,
    Term,
    Where,
    negative,
    quotient,
)
from indexcalc.walk import Memo, freshened, mapped, replace_tensors


class Rules:
    """Moves derivatives by one variable inwards; `used` names the rules that were needed, the outermost first."""

    def __init__(self, sheet: Sheet, variable: Tensor) -> None:
        self.sheet, self.variable = sheet, variable
        self.constants = Constants(sheet, frozenset({variable.name}))
        self.used: list[str] = []

    def derivative(self, term: Term) -> Term:
        """The derivative of a term, with Derivative nodes left only around tensors."""
        if not self.sheet.depends(term.symbols, self.variable.name):
            return ZERO
        match term:
            case Tensor(name) if name in self.sheet.primitives and name != self.variable.name:
                return self._primitive(self.sheet.primitives[name], term)
            case Tensor():
                return Derivative(term, self.variable)
            case Sum(terms):
                self._use("sum rule")
                return Sum(*map(self.derivative, terms))
            case Product(factors):
                return self._product(factors)
            case Power(base, Number() as exponent):
                self._use("power rule")
                slope = Product(exponent, Power(base, Sum(exponent, MINUS_ONE)))
                slope = self.constants.guarded(term, base, slope)
                return Product(slope, self.derivative(base))
            case Call():
                self._use("chain rule")
                pairs = zip(slopes(term), term.arguments, strict=True)
                moving = ((slope, x, self.derivative(x)) for slope, x in pairs)
                moved = [(known(term, slope), x, tangent) for slope, x, tangent in moving if tangent is not ZERO]
                return Sum(*(Product(self.constants.guarded(term, x, slope), tangent) for slope, x, tangent in moved))
            case Contraction():
                bound, body = freshened(term, self.variable.free)
                return Contraction(bound, self.derivative(body))
            case Where(condition, then, otherwise):
                return Where(condition, self.derivative(then), self.derivative(otherwise))
        self._use("chain rule")
        return self._by_occurrences(term)

    def _primitive(self, primitive: Primitive, term: Tensor) -> Term:
        """The tangent of an inverse or its like, with the derivatives of what it is applied to."""
        self._use(f"derivative of {primitive.name}")
        tangents = primitive.tangents

        def value(tensor: Tensor) -> Term | None:
            of = tangents.get(tensor.name)
            return None if of is None else self.derivative(Tensor(of, tensor.slots))

        return replace_tensors(_apart(primitive.moved(term.slots), self.variable.free), value)

    def _product(self, factors: tuple[Term, ...]) -> Term:
        moving = [factor for factor in factors if self.sheet.depends(factor.symbols, self.variable.name)]
        still = [factor for factor in factors if factor not in moving]
        below = [factor for factor in moving if isinstance(factor, Power) and factor.exponent is MINUS_ONE]
        if len(moving) == 1:
            return Product(*still, self.derivative(moving[0]))
        if len(below) == 1:
            self._use("quotient rule")
            above = Product(*(factor for factor in moving if factor is not below[0]))
            return Product(*still, self._quotient(above, below[0]))
        self._use("product rule")
        return Sum(*self._one_after_the_other(factors))

    def _quotient(self, above: Term, below: Term) -> Term:
        assert isinstance(below, Power)
        base = below.base
        numerator = Sum(
            Product(self.derivative(above), base),
            negative(Product(above, self.derivative(base))),
        )
        return quotient(numerator, Power(base, Number(2)))

    def _one_after_the_other(self, factors: tuple[Term, ...]) -> Iterable[Term]:
        for place, factor in enumerate(factors):
            yield Product(*factors[:place], self.derivative(factor), *factors[place + 1 :])

    def _by_occurrences(self, term: Term) -> Term:
        """The terms that have no rule of their own: one addend for each occurrence."""
        names = frozenset(n for n in term.symbols if self.sheet.depends((n,), self.variable.name))
        parts = (found.apart(self.variable.free) for found in occurrences(term, names, self.constants))
        return Sum(
            *(
                Contraction(part.scope, Product(part.cofactor, Derivative(part.tensor, self.variable)))
                for part in parts
            )
        )

    def _use(self, rule: str) -> None:
        if rule not in self.used:
            self.used.append(rule)


def _apart(term: Term, taken: frozenset[Index]) -> Term:
    """The term with no bound index among those taken."""

    def rule(term: Term, rec: Memo[Term]) -> Term:
        if isinstance(term, Contraction):
            bound, body = freshened(term, taken)
            return Contraction(bound, rec(body))
        return mapped(term, rec)

    return Memo(rule)(term)


def own_derivatives(term: Term, varied: Mapping[str, int] = MappingProxyType({})) -> Term:
    """Derivatives of a tensor by itself as deltas: diff(x[i,j], x[k,l]) = delta[i,k]*delta[j,l].

    varied: the matrices that vary among the symmetric (1) or antisymmetric (-1) ones; theirs are projected.
    """

    def rule(term: Term, rec: Memo[Term]) -> Term:
        match term:
            case Derivative(Tensor(name, slots), Tensor(other, at)) if name == other:
                whole = Product(*(Delta(one, two) for one, two in zip(slots, at, strict=True)))
                if name not in varied:
                    return whole
                turned = Product(*(Delta(one, two) for one, two in zip(slots, at[::-1], strict=True)))
                return Product(HALF, Sum(whole, turned if varied[name] > 0 else negative(turned)))
            case Tensor():
                return term
        return mapped(term, rec)

    return Memo(rule)(term)
