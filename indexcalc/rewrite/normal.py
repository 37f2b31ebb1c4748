"""The normal form: what a proof compares. Everything is multiplied out and every function is brought to a few.

    exp(x + y) = exp(x)*exp(y)        log(x*y) = log(x) + log(y)        sigmoid(x) = 1/(1 + exp(-x))
    where(c, x, y) = [c]*x + (1 - [c])*y        [x <= y] = 1 - [y < x]        max(x, y) = where(x > y, x, y)

The laws hold wherever both sides are defined. cos(x)^2 becomes 1 - sin(x)^2. (x^2)^(1/2) stays, unless x is known to be
positive.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import cast

from indexcalc.canonical import Canonical
from indexcalc.rewrite.content import content
from indexcalc.rewrite.deltas import Rank
from indexcalc.rewrite.expand import Expansion, Polynomial
from indexcalc.rewrite.monomial import UNIT, Monomial, atom, combined, divided, power_terms, product_of
from indexcalc.terms import (
    MINUS_ONE,
    ONE,
    ZERO,
    Call,
    Contraction,
    Delta,
    Index,
    Indicator,
    Number,
    Power,
    Product,
    Reduction,
    Size,
    Sum,
    Tensor,
    Term,
    Where,
    indicator,
    negative,
    quotient,
)
from indexcalc.walk import mapped

TWO, HALF = Number(2), Number(Fraction(1, 2))


def _exp(x: Term) -> Term:
    return Call("exp", x)


def _positive_part(x: Term) -> Term:
    return Product(x, indicator(">", x, ZERO))


def _chosen(relation: str) -> Callable[[Term, Term], Term]:
    return lambda x, y: Where(indicator(relation, x, y), x, y)


REWRITTEN: dict[str, Callable[..., Term]] = {
    "abs": lambda x: Sum(_positive_part(x), _positive_part(negative(x))),
    "cosh": lambda x: Product(HALF, Sum(_exp(x), _exp(negative(x)))),
    "gelu": lambda x: Product(HALF, x, Sum(ONE, Call("erf", Product(x, Power(TWO, negative(HALF)))))),
    "max": _chosen(">"),
    "min": _chosen("<"),
    "relu": _positive_part,
    "sigmoid": lambda x: quotient(ONE, Sum(ONE, _exp(negative(x)))),
    "sign": lambda x: Sum(indicator(">", x, ZERO), negative(indicator("<", x, ZERO))),
    "sinh": lambda x: Product(HALF, Sum(_exp(x), negative(_exp(negative(x))))),
    "softplus": lambda x: Call("log", Sum(ONE, _exp(x))),
    "sqrt": lambda x: Power(x, HALF),
    "tan": lambda x: quotient(Call("sin", x), Call("cos", x)),
    "tanh": lambda x: quotient(Sum(_exp(Product(TWO, x)), MINUS_ONE), Sum(_exp(Product(TWO, x)), ONE)),
}
"""Functions as terms of others."""


class NormalForm(Expansion):
    """Expansion with the laws of functions; `positive` names the tensors whose elements are known to be positive."""

    def __init__(self, canonical: Canonical, rank: Rank | None = None, positive: frozenset[str] = frozenset()) -> None:
        super().__init__(canonical, self._inner, rank, everything=True)
        self.positive = positive

    def _inner(self, term: Term) -> Term:
        return self.canonical(self.term(self(term)))

    def __call__(self, term: Term) -> Polynomial:
        """The monomials of the normal form. Raises TooLargeError."""
        polynomial = self.contracted(self.polynomial(term))
        return self.collect([each for whole in polynomial for each in self._without_squared_cosines(whole)])

    def call(self, term: Term) -> Polynomial:
        """An atom with parts, under the laws of its function."""
        match term:
            case Call("exp", (argument,)):
                return self._exp(argument)
            case Call("log", (argument,)):
                return self._log(argument)
            case Call(function, arguments) if function in REWRITTEN:
                return self.polynomial(REWRITTEN[function](*arguments))
            case Where(condition, then, otherwise):
                holds = self.polynomial(condition)
                fails = [*self.polynomial(ONE), *(each.scaled(-1) for each in holds)]
                chosen = self._times(holds, self.polynomial(then))
                return [*chosen, *self._times(fails, self.polynomial(otherwise))]
            case Indicator():
                return self._indicator(term)
        return [atom(mapped(term, self._inner))]

    # Exponentials and logarithms

    def _exp(self, argument: Term) -> Polynomial:
        result = [UNIT]
        for monomial in self(argument):
            bare = self.term([Monomial(Fraction(1), monomial.bound, monomial.powers)])
            result = self._times(result, self._exp_of(monomial.coefficient, monomial, bare))
        return result

    def _exp_of(self, coefficient: Fraction | float, monomial: Monomial, bare: Term) -> Polynomial:
        """exp(c*log(x)) = x^c; otherwise exp(c*x) = exp(x)^c."""
        logs = [base for base in monomial.powers if isinstance(base, Call) and base.function == "log"]
        if len(logs) == 1 and not monomial.bound and monomial.powers[logs[0]] is ONE:
            rest = divided(monomial.powers, logs[0], ONE)
            exponent = Product(Number(coefficient), *power_terms(rest))
            return self.polynomial(Power(logs[0].arguments[0], exponent))
        if bare is ONE:
            return [atom(_exp(ONE), Number(coefficient))]
        return [atom(_exp(self.canonical(bare)), Number(coefficient))]

    def _log(self, argument: Term) -> Polynomial:
        polynomial = self(argument)
        if not polynomial:
            return [atom(Call("log", ZERO))]
        common, rest = content(polynomial)
        if common.coefficient < 0 or any(isinstance(base, Delta | Indicator) for base in common.powers):
            return [atom(Call("log", self.canonical(self.term(polynomial))))]
        result = self._log_of_number(common.coefficient)
        for base, exponent in common.powers.items():
            result += self._times(self.polynomial(exponent), self._log_of_base(base))
        whole = self.canonical(self.term(rest))
        return result if whole is ONE else [*result, *self._log_of_base(whole)]

    @staticmethod
    def _log_of_number(number: Fraction | float) -> Polynomial:
        """log(2/3) = log(2) - log(3)."""
        if not isinstance(number, Fraction):
            return [atom(Call("log", Number(number)))]
        parts = ((1, number.numerator), (-1, number.denominator))
        return [atom(Call("log", Number(value))).scaled(sign) for sign, value in parts if value != 1]

    def _log_of_base(self, base: Term) -> Polynomial:
        match base:
            case Call("exp", (argument,)):
                return self.polynomial(argument)
            case Reduction("prod", bound, body):
                return self._contraction(frozenset(bound), Call("log", body))
            case Power(inner, exponent):
                return self._times(self.polynomial(exponent), self._log_of_base(inner))
        return [atom(Call("log", base))]

    # Powers that are not whole

    def _power(self, base: Term, exponent: Term) -> Polynomial:
        whole = isinstance(exponent, Number) and exponent.value == int(exponent.value)
        if whole:
            return super()._power(base, exponent)
        polynomial = self(base)
        exponent = self._inner(exponent)
        if not polynomial:
            return [atom(Power(ZERO, exponent))]
        common, rest = content(polynomial)
        if common.coefficient < 0 or any(isinstance(each, Delta | Indicator) for each in common.powers):
            return [atom(Power(self.canonical(self.term(polynomial)), exponent))]
        result = [_power_of_number(common.coefficient, exponent)]
        for each, inner in common.powers.items():
            result = self._times(result, [self._nested(each, inner, exponent)])
        left = self.canonical(self.term(rest))
        return result if left is ONE else self._times(result, [atom(left, exponent)])

    def _nested(self, base: Term, inner: Term, outer: Term) -> Monomial:
        """(x^a)^b = x^(a*b) if x is positive or a is odd."""
        odd = isinstance(inner, Number) and isinstance(inner.value, Fraction) and inner.value.numerator % 2 == 1
        if odd or self._is_positive(base):
            return atom(base, self._inner(Product(inner, outer)))
        return Monomial(Fraction(1), frozenset(), {Power(base, inner): outer})

    def _is_positive(self, base: Term) -> bool:
        match base:
            case Call("exp") | Size():
                return True
            case Tensor(name):
                return name in self.positive
            case Number(value):
                return value > 0
            case Sum() | Product() | Contraction():
                parts = (base.body,) if isinstance(base, Contraction) else cast("tuple[Term, ...]", base.fields)
                return all(self._is_positive(part) for part in parts)
            case Power(inner):
                return self._is_positive(inner)
        return False

    # Comparisons and circular functions

    def _indicator(self, term: Indicator) -> Polynomial:
        left, right = term.left, term.right
        if isinstance(left, Index) or isinstance(right, Index):
            if term.relation == "<=":
                return [atom(Indicator("<", left, right)), atom(Delta(cast(Index, left), cast(Index, right)))]
            return [atom(term)]
        if term.relation == "<=":
            return [UNIT, *(each.scaled(-1) for each in self.polynomial(Indicator("<", right, left)))]
        difference = self(Sum(right, negative(left)))
        if not difference:
            return [UNIT] if term.relation == "==" else []
        if len(difference) == 1 and not difference[0].powers:
            return [UNIT] if term.relation == "<" and difference[0].coefficient > 0 else []
        first: Fraction | float = difference[0].coefficient
        scale = _positive(first) if term.relation == "<" else first
        side = self.canonical(self.term([each.scaled(1 / scale) for each in difference]))
        return [atom(Indicator(term.relation, ZERO, side))]

    def _without_squared_cosines(self, monomial: Monomial) -> Polynomial:
        for base, exponent in monomial.powers.items():
            if isinstance(base, Call) and base.function == "cos" and isinstance(exponent, Number):
                if exponent.value == int(exponent.value) and exponent.value >= 2:
                    rest = Monomial(monomial.coefficient, monomial.bound, divided(monomial.powers, base, TWO))
                    square = product_of(rest, atom(Call("sin", *base.arguments), TWO)).scaled(-1)
                    parts = (self._without_squared_cosines(each) for each in (rest, square))
                    return [each for part in parts for each in part]
        return [monomial]


def _positive(number: Fraction | float) -> Fraction | float:
    return -number if number < 0 else number


def _power_of_number(number: Fraction | float, exponent: Term) -> Monomial:
    """(a/b)^n = a^n * b^(-n), so that equal bases meet."""
    if not isinstance(number, Fraction):
        return atom(Number(number), exponent)
    parts = [(Number(number.numerator), exponent), (Number(number.denominator), negative(exponent))]
    return Monomial(Fraction(1), frozenset(), combined((base, power) for base, power in parts if base is not ONE))


