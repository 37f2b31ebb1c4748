"""The normal form: what a proof compares. Everything is multiplied out and every function is brought to a few.

    exp(x + y) = exp(x)*exp(y)        log(x*y) = log(x) + log(y)        sigmoid(x) = 1/(1 + exp(-x))
    where(c, x, y) = [c]*x + (1 - [c])*y        [x <= y] = 1 - [y < x]        max(x, y) = where(x > y, x, y)
    sin(x + y) = sin(x)*cos(y) + cos(x)*sin(y)

The laws hold wherever both sides are defined. cos(x)^2 becomes 1 - sin(x)^2, [-x > 0] becomes 1 - [x > 0] - [x == 0],
prod(x*y) becomes prod(x)*prod(y), and under [x == y] every x becomes y.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

from indexcalc.calculus.rows import TWO
from indexcalc.canonical import Canonical
from indexcalc.rewrite.content import content
from indexcalc.rewrite.deltas import Rank
from indexcalc.rewrite.expand import Polynomial
from indexcalc.rewrite.laws import INVERSES, PARITY, REWRITTEN, prime_powers, sign_of
from indexcalc.rewrite.monomial import (
    UNIT,
    Monomial,
    atom,
    combined,
    divided,
    is_idempotent,
    power_terms,
    product_of,
    whole_number,
)
from indexcalc.rewrite.piecewise import Piecewise, Signs
from indexcalc.terms import (
    NOTHING,
    ONE,
    ZERO,
    Call,
    Constraint,
    Contraction,
    Delta,
    Index,
    Indicator,
    Number,
    Power,
    Product,
    Reduction,
    Sum,
    Term,
    Where,
    negative,
    quotient,
    size_of,
    terms_of,
)
from indexcalc.walk import mapped, substitute

LARGEST_POWER = 1000  # of a prime that is worked out: 9^9^9^9 must not fill the memory
MOST_KEPT = 20_000  # terms
Asked = TypeVar("Asked")
MOST_ANGLES = 4  # addends of the argument of a sine, multiples counted, above which it stays whole


def _kept(known: dict[Asked, Polynomial], asked: Asked, work_out: Callable[[Asked], Polynomial]) -> Polynomial:
    """What is known already, or is worked out now: an inner part is asked for once for each sum it stands in."""
    found = known.get(asked)
    if found is None:
        if len(known) > MOST_KEPT:
            known.clear()
        found = known[asked] = work_out(asked)
    return list(found)


class NormalForm(Piecewise):
    """Expansion with the laws of functions, and those of comparisons and choices; keeps what it has worked out."""

    def __init__(self, canonical: Canonical, rank: Rank | None = None, signs: Signs | None = None) -> None:
        super().__init__(canonical, self._inner, rank, signs)
        self._forms: dict[Term, Polynomial] = {}
        self._atoms: dict[Term, Polynomial] = {}
        self._powers: dict[tuple[Term, Term], Polynomial] = {}

    def _inner(self, term: Term) -> Term:
        return self.canonical(self.term(self(term)))

    def __call__(self, term: Term) -> Polynomial:
        """The monomials of the normal form. Raises TooLargeError."""
        with self.budget:
            return _kept(self._forms, term, self._normal)

    def _normal(self, term: Term) -> Polynomial:
        polynomial = self.contracted(self.polynomial(term))
        for law in (self._with_primes, self._without_squared_cosines, self.under_ties):
            polynomial = [each for monomial in polynomial for each in law(monomial)]
        return self.collect(polynomial)

    def call(self, term: Term) -> Polynomial:
        """An atom with parts, under the laws of its function."""
        return _kept(self._atoms, term, self._lawful)

    def _lawful(self, term: Term) -> Polynomial:
        match term:
            case Call("exp", (argument,)):
                return self._exp(argument)
            case Call("log", (argument,)):
                return self._log(argument)
            case Call(function, (Call(inner, (argument,)),)) if INVERSES.get(function) == inner:
                return self.polynomial(argument)
            case Call(function, arguments) if function in REWRITTEN:
                return self.polynomial(REWRITTEN[function](*arguments))
            case Where():
                return self.choice(term)
            case Indicator():
                return self.comparison(term)
            case Call(function, (argument,)) if function in PARITY:
                return self._of_parity(function, argument)
            case Reduction("min", bound, body):
                return [each.scaled(-1) for each in self.call(Reduction("max", bound, negative(body)))]
            case Reduction("max", bound, body):
                return self._maximum_over(bound, body)
            case Reduction("prod", bound, Where() as body) if (found := self._product_but_one(bound, body)):
                return found
            case Reduction("prod", bound, body):
                return self._product_over(bound, body)
        new = mapped(term, self._inner)
        return self.split(new) or [atom(new)]

    def _maximum_over(self, bound: tuple[Index, ...], body: Term) -> Polynomial:
        """max[i](x[i] + c) = max[i](x[i]) + c."""
        polynomial = self(body)
        still = [each for each in polynomial if each.free.isdisjoint(bound)]
        moving = self.canonical(self.term([each for each in polynomial if each not in still]))
        if moving is ZERO:
            return still
        return [*still, atom(self.canonical(Reduction("max", bound, moving)))]

    def _of_parity(self, function: str, argument: Term) -> Polynomial:
        """sin(-x) = -sin(x): the sign of the first addend goes outside; sin(0) = 0, cos(0) = 1."""
        polynomial = self(argument)
        if not polynomial:
            return [UNIT] if PARITY[function] == 1 else []
        if function in ("sin", "cos") and (parts := _one_and_rest(polynomial)):
            return self._of_sum(function, *map(self.term, parts))
        sign = -1 if polynomial[0].coefficient < 0 else 1
        new = Call(function, self.canonical(self.term([each.scaled(sign) for each in polynomial])))
        found = self.split(new) or [atom(new)]
        return found if sign == 1 else [each.scaled(PARITY[function]) for each in found]

    def _of_sum(self, function: str, x: Term, y: Term) -> Polynomial:
        """sin(x + y) = sin(x)*cos(y) + cos(x)*sin(y), cos(x + y) = cos(x)*cos(y) - sin(x)*sin(y)."""
        first, second = (("sin", "cos"), ("cos", "sin")) if function == "sin" else (("cos", "cos"), ("sin", "sin"))
        sign = 1 if function == "sin" else -1
        before = self._times(self.call(Call(first[0], x)), self.call(Call(first[1], y)))
        after = self._times(self.call(Call(second[0], x)), self.call(Call(second[1], y)))
        return [*before, *(each.scaled(sign) for each in after)]

    def _product_but_one(self, bound: tuple[Index, ...], choice: Where) -> Polynomial | None:
        """prod[k](where(k == i, x[k], y[k])) = x[i]*prod[k](y[k])/y[i]; none where it is no such product."""
        slots = choice.condition.slots if isinstance(choice.condition, Delta) else ()
        own, others = [each for each in slots if each in bound], [each for each in slots if each not in bound]
        if len(own) != 1:
            return None
        left = tuple(index for index in bound if index is not own[0])
        new, old = (
            Reduction("prod", left, substitute(each, {own[0]: others[0]})) for each in (choice.then, choice.otherwise)
        )
        if not self(old):
            return None
        return self.polynomial(quotient(Product(new, Reduction("prod", bound, choice.otherwise)), old))

    def _product_over(self, bound: tuple[Index, ...], body: Term) -> Polynomial:
        """prod(c*x^n*exp(y)) = c^size * prod(x)^n * exp(sum(y))."""
        polynomial = self(body)
        if len(polynomial) != 1 or polynomial[0].bound:
            return [atom(Reduction("prod", bound, self._inner(body)))]
        monomial = polynomial[0]
        size = Product(*(size_of(index.range) for index in bound))
        result = self.polynomial(Power(Number(monomial.coefficient), size))
        for base, exponent in monomial.powers.items():
            result = self._times(result, self._product_of_power(bound, base, exponent, size))
        return result

    def _product_of_power(self, bound: tuple[Index, ...], base: Term, exponent: Term, size: Term) -> Polynomial:
        match base:
            case Call("exp", (argument,)):
                return self._exp(Contraction(bound, Product(exponent, argument)))
            case _ if exponent.free.isdisjoint(bound) and base.free.isdisjoint(bound):
                return self.polynomial(Power(base, Product(exponent, size)))
            case _ if exponent.free.isdisjoint(bound) and whole_number(exponent) is not None:
                return [atom(self.canonical(Reduction("prod", bound, base)), exponent)]
        return [atom(self.canonical(Reduction("prod", bound, Power(base, exponent))))]

    # Exponentials and logarithms

    def _exp(self, argument: Term) -> Polynomial:
        result = [UNIT]
        for monomial in self(argument):
            bare = self.term([Monomial(Fraction(1), monomial.bound, monomial.powers)])
            result = self._times(result, self._exp_of(monomial.coefficient, monomial, bare))
        return result

    def _exp_of(self, coefficient: Fraction | float, monomial: Monomial, bare: Term) -> Polynomial:
        """exp(c*log(x)) = x^c; exp([c]*x) = 1 - [c] + [c]*exp(x); otherwise exp(c*x) = exp(x)^c."""
        for base, power in monomial.powers.items():
            if is_idempotent(base) and power is ONE and not monomial.bound:
                bared = Monomial(coefficient, NOTHING, divided(monomial.powers, base, ONE))
                chosen = self._times([atom(base)], self._exp(self.term([bared])))
                return [UNIT, atom(base).scaled(-1), *chosen]
        logs = [base for base in monomial.powers if isinstance(base, Call) and base.function == "log"]
        if len(logs) == 1 and not monomial.bound and monomial.powers[logs[0]] is ONE:
            rest = divided(monomial.powers, logs[0], ONE)
            exponent = Product(Number(coefficient), *power_terms(rest))
            return self.polynomial(Power(logs[0].arguments[0], exponent))
        if bare is ONE:
            return [atom(Call("exp", ONE), Number(coefficient))]
        return [atom(Call("exp", self.canonical(bare)), Number(coefficient))]

    def _log(self, argument: Term) -> Polynomial:
        polynomial = self(argument)
        if not polynomial:
            return [atom(Call("log", ZERO))]
        common, rest = content(polynomial)
        if common.coefficient < 0 or any(isinstance(base, (Delta, Indicator, Constraint)) for base in common.powers):
            return [atom(Call("log", self.canonical(self.term(polynomial))))]
        result = self._log_of_number(common.coefficient)
        for base, exponent in common.powers.items():
            result += self._times(self.polynomial(exponent), self._log_of_base(base))
        whole = self.canonical(self.term(rest))
        return result if whole is ONE else [*result, *self._log_of_base(whole)]

    @staticmethod
    def _log_of_number(number: Fraction | float) -> Polynomial:
        """log(4/3) = 2*log(2) - log(3)."""
        if not isinstance(number, Fraction):
            return [atom(Call("log", Number(number)))]
        return [atom(Call("log", Number(prime))).scaled(power) for prime, power in prime_powers(number).items()]

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
        if not isinstance(base, Sum):
            return self._lawful_power(base, exponent)
        return _kept(self._powers, (base, exponent), lambda _: self._lawful_power(base, exponent))

    def _lawful_power(self, base: Term, exponent: Term) -> Polynomial:
        if (number := whole_number(exponent)) is not None and number > 0:
            return super()._power(base, exponent)
        if isinstance(base, Sum) and (split := self.split(Power(base, exponent))):
            return split
        if number is not None:
            return super()._power(base, exponent)
        polynomial = self(base)
        exponent = self._inner(exponent)
        if not polynomial:
            return [atom(Power(ZERO, exponent))]
        common, rest = content(polynomial)
        if common.coefficient < 0 or any(isinstance(each, (Delta, Indicator, Constraint)) for each in common.powers):
            return [atom(Power(self.canonical(self.term(polynomial)), exponent))]
        result = [self._power_of_number(common.coefficient, exponent)]
        for each, inner in common.powers.items():
            result = self._times(result, self._nested(each, inner, exponent))
        left = self.canonical(self.term(rest))
        return result if left is ONE else self._times(result, [atom(left, exponent)])

    def _nested(self, base: Term, inner: Term, outer: Term) -> Polynomial:
        """(x^a)^b = x^(a*b) if x is positive or a is odd, |x|^(a*b) if a is even."""
        odd = isinstance(inner, Number) and isinstance(inner.value, Fraction) and inner.value.numerator % 2 == 1
        exponent = self._inner(Product(inner, outer))
        if odd or sign_of(base, self.signs.strict) > 0:
            return [atom(base, exponent)]
        if whole_number(inner) is not None and whole_number(exponent) is not None:
            return self.polynomial(Power(Call("abs", base), exponent))
        return [Monomial(Fraction(1), NOTHING, {Power(base, inner): outer})]

    def _with_primes(self, monomial: Monomial) -> Polynomial:
        """The monomial with its powers of numbers as powers of primes."""
        numbers, others = UNIT.scaled(monomial.coefficient), list[tuple[Term, Term]]()
        for base, exponent in monomial.powers.items():
            if isinstance(base, Number) and base.value > 0:
                numbers = product_of(numbers, self._power_of_number(base.value, exponent))
            else:
                others.append((base, exponent))
        return [Monomial(numbers.coefficient, monomial.bound, combined([*others, *numbers.powers.items()]))]

    def _power_of_number(self, number: Fraction | float, exponent: Term) -> Monomial:
        """12^(n + 1/2) = 2*2^(2*n)*3^n*3^(1/2): powers of primes, what is whole of them in front."""
        if not isinstance(number, Fraction):
            return atom(Number(number), exponent)
        coefficient, pairs = Fraction(1), []
        for prime, power in prime_powers(number).items():
            constant, rest = Fraction(0), []
            for term in terms_of(self._inner(Product(Number(power), exponent))):
                if isinstance(term, Number) and isinstance(term.value, Fraction):
                    constant = term.value
                else:
                    rest.append(term)
            whole = constant.numerator // constant.denominator
            whole = whole if abs(whole) <= LARGEST_POWER else 0
            coefficient *= Fraction(prime) ** whole
            pairs.append((Number(prime), Sum(*rest, Number(constant - whole))))
        return Monomial(coefficient, NOTHING, combined(pair for pair in pairs if pair[1] is not ZERO))

    # Circular functions

    def _without_squared_cosines(self, monomial: Monomial) -> Polynomial:
        for base, exponent in monomial.powers.items():
            if isinstance(base, Call) and base.function == "cos" and isinstance(exponent, Number):
                if exponent.value == int(exponent.value) and exponent.value >= 2:
                    rest = Monomial(monomial.coefficient, monomial.bound, divided(monomial.powers, base, TWO))
                    square = product_of(rest, atom(Call("sin", *base.arguments), TWO)).scaled(-1)
                    parts = (self._without_squared_cosines(each) for each in (rest, square))
                    return [each for part in parts for each in part]
        return [monomial]


def _one_and_rest(polynomial: Polynomial) -> tuple[Polynomial, Polynomial] | None:
    """An angle parted: x + y as x and y, 3*x as x and 2*x, 3/2*x as x/2 and x; none if it is one or too many."""
    first, *rest = polynomial
    numbers = [each.coefficient for each in polynomial]
    if not all(isinstance(number, Fraction) for number in numbers):
        return None
    count = sum(abs(Fraction(number).numerator) for number in numbers)
    if not 1 < count <= MOST_ANGLES:
        return None
    number = Fraction(first.coefficient)
    unit = Fraction(1 if number > 0 else -1, number.denominator)
    one = first.scaled(unit / number)
    left = [] if one.coefficient == number else [first.scaled((number - unit) / number)]
    return [one], [*left, *rest]
