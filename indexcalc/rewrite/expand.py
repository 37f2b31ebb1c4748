"""Multiply out: a term as a sum of monomials without deltas on bound indices, like terms collected.

    x*(y + z) = x*y + x*z            sum[i](x + y) = sum[i](x) + sum[i](y)
    (x*y)^n = x^n*y^n                eps[i,j,k]*eps[i,l,m] = delta[j,l]*delta[k,m] - delta[j,m]*delta[k,l]

A sum that is a factor stays one, unless a delta inside it names an index that is summed outside: only then does the
product have to be distributed to be contracted. With `everything` all products are distributed. What is no sum,
product, power or contraction is an atom; its parts are handed to `inner`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import reduce

from indexcalc.brackets import gathered, number_outside, without_idle_choice
from indexcalc.budget import Budget, TooLargeError, spend
from indexcalc.canonical import Canonical
from indexcalc.rewrite.collect import collected, is_antisymmetric, merged_choices, settled
from indexcalc.rewrite.content import content
from indexcalc.rewrite.deltas import Rank, eliminate
from indexcalc.rewrite.epsilon import as_deltas, epsilon_pair
from indexcalc.rewrite.laws import folded
from indexcalc.rewrite.monomial import (
    UNIT,
    Monomial,
    Powers,
    apart,
    atom,
    combined,
    divided,
    is_below,
    is_idempotent,
    is_negative,
    is_root,
    power_terms,
    product_of,
    root_of_number,
    to_sum,
    whole_number,
    without_idle,
)
from indexcalc.terms import (
    ONE,
    ZERO,
    Call,
    Constraint,
    Contraction,
    Delta,
    Derivative,
    Epsilon,
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
    coefficient_and_rest,
    factors_of,
    negative,
)
from indexcalc.walk import holds, mapped

MOST_MONOMIALS = 3000
MANY = 8  # factors
HIGHEST_EXPANDED_POWER = 6
HALF = Number(Fraction(1, 2))
Polynomial = list[Monomial]


class Expansion:
    """How a term is multiplied out.

    canonical: the canonical form, which tells like terms; rank: the order of the free indices (see `deltas`);
    inner: what is done to the parts of an atom; everything: distribute all products; powers: those of sums too;
    budget: the work that may be done.
    """

    keeps_brackets = True  # what brackets keep from its poles stays under them

    def __init__(
        self,
        canonical: Canonical,
        inner: Callable[[Term], Term] = lambda term: term,
        rank: Rank | None = None,
        everything: bool = False,
        powers: bool = True,
        budget: Budget | None = None,
    ) -> None:
        self.canonical, self.inner, self.everything = canonical, inner, everything
        self.powers, self.budget = powers, budget or Budget()
        self.rank: Mapping[Index, int] = rank or {}

    def __call__(self, term: Term) -> Polynomial:
        """The monomials of a term, like terms collected. Raises TooLargeError."""
        with self.budget:
            return self.collect(self.contracted(self.polynomial(term)))

    def collect(self, polynomial: Polynomial) -> Polynomial:
        """Like terms added up."""
        spend(sum(1 + len(each.powers) // MANY + len(each.bound) for each in polynomial))  # to find their least forms
        whole = [settled(each, self.canonical) for each in polynomial if each.coefficient]
        if len(whole) == 1 and not is_antisymmetric(whole[0], self.canonical):
            return whole
        like, choices = merged_choices(collected(whole, self.canonical, self.everything))
        if not choices:
            return like
        return self.collect([*like, *(each for choice in choices for each in self(choice))])

    def term(self, polynomial: Polynomial) -> Term:
        """The monomials as a term."""
        return to_sum(polynomial, self.canonical)

    def polynomial(self, term: Term) -> Polynomial:
        """The monomials of a term, not yet collected."""
        match term:
            case Number(value):
                return [UNIT.scaled(value)] if value else []
            case Size() | Tensor() | Delta() | Epsilon() | Constraint():
                return [atom(term)]
            case Sum(terms):
                return [monomial for each in terms for monomial in self.polynomial(each)]
            case Product(factors):
                return self._product(factors)
            case Power(base, exponent):
                return self._power(base, exponent)
            case Contraction(bound, body):
                return self._contraction(frozenset(bound), body)
            case Where(Delta() as condition, Number() as then, Number() as otherwise):
                # [c]*x + (1 - [c])*y: numbers are defined on both sides. Other choices may yet be merged.
                parts = (Product(condition, Sum(then, negative(otherwise))), otherwise)
                return [each for part in parts for each in self.polynomial(part)]
            case Call() | Reduction() | Where() | Indicator():
                return self.call(term)
            case Derivative():
                raise TypeError("a derivative must be worked out before its term is expanded")
        raise TypeError(f"no rule for {type(term).__name__}")

    def call(self, term: Term) -> Polynomial:
        """An atom with parts: a call, a reduction other than a sum, a choice, a comparison."""
        if isinstance(term, Call) and term.function == "sqrt":
            return self._power(term.arguments[0], HALF)
        inner = self._named if isinstance(term, Indicator) and term.relation == "==" else self.inner
        return self._settled_call(mapped(term, inner), type(term))

    def _named(self, side: Term) -> Term:
        """A side of an equality, in other words only if those are a name: otherwise they would round differently."""
        new = self.inner(side)
        return new if isinstance(new, (Number, Size, Tensor)) else self.canonical(side)

    def _settled_call(self, term: Term, kind: type[Term]) -> Polynomial:
        """An atom whose parts are in form; what it has folded into is expanded if that is no atom."""
        term = without_idle_choice(term) if isinstance(term, Where) else folded(term)
        if type(term) is not kind:
            return self.polynomial(term)
        number, term = number_outside(term)
        return [atom(term).scaled(number)]

    # Products

    def _product(self, factors: Iterable[Term]) -> Polynomial:
        factors = tuple(factors)
        if self.keeps_brackets and (chosen := gathered(factors)) is not None:
            return self.polynomial(chosen)
        pairs = ((f.base, f.exponent) if isinstance(f, Power) else (f, ONE) for f in factors)
        powers = combined(pairs)
        sums = [base for base in powers if isinstance(base, Sum)]
        cancelling = self._cancelling(powers)
        if cancelling is not None:
            return self._distributed_over(powers, cancelling)
        alone = len(sums) == 1 and all(isinstance(other, (Number, Sum)) for other in powers)
        parts = []
        for base, exponent in powers.items():
            if isinstance(base, Sum) and exponent is ONE and not (self.everything or alone):
                parts.append(self._kept_sum(base, ONE))
            else:
                parts.append(self._power(base, exponent))
        return self._all(parts)

    def _all(self, parts: list[Polynomial]) -> Polynomial:
        """The product of polynomials; of many by halves, so that a long product is not copied for each factor."""
        if len(parts) > MANY:
            return self._times(self._all(parts[: len(parts) // 2]), self._all(parts[len(parts) // 2 :]))
        result: Polynomial = [UNIT]
        for part in parts:
            result = self._times(result, part)
        return result

    @staticmethod
    def _cancelling(powers: Powers) -> Sum | None:
        """A sum among the factors with an addend that divides by another factor: x*(a/x + b) = a + x*b."""
        for base, exponent in powers.items():
            if isinstance(base, Sum) and exponent is ONE:
                below = (f.base for term in base.terms for f in factors_of(term) if is_below(f))
                if any(each in powers and not is_negative(powers[each]) for each in below):
                    return base
        return None

    def _distributed_over(self, powers: Powers, base: Sum) -> Polynomial:
        rest = tuple(power_terms(divided(powers, base, ONE)))
        return [each for term in base.terms for each in self._product((*rest, *factors_of(term)))]

    def _times(self, first: Polynomial, second: Polynomial) -> Polynomial:
        if len(first) * len(second) > MOST_MONOMIALS:
            raise TooLargeError
        self.budget.spend(len(first) * len(second))
        pairs = ((one, product_of(one, other)) for one in first for other in second)
        products = [each for before, after in pairs for each in self._with_roots_taken(before, after)]
        return [monomial for each in products for monomial in self._without_epsilon_pairs(each)]

    def _with_roots_taken(self, before: Monomial, after: Monomial) -> Polynomial:
        """What came of a monomial; the square of sqrt(x*y) is no atom any more."""
        roots = (base for base, exponent in before.powers.items() if is_root(exponent))
        if all(is_root(after.powers.get(base, HALF)) for base in roots):
            return [after]
        whole = Product(Number(after.coefficient), *power_terms(after.powers))
        return self.polynomial(Contraction(after.bound, whole))

    def _without_epsilon_pairs(self, monomial: Monomial) -> Polynomial:
        """A pair of permutation symbols as deltas, where they share an index that is summed."""
        pair = epsilon_pair(monomial, self.everything)
        return [monomial] if pair is None else self.contracted(as_deltas(monomial, *pair))

    # Powers

    def _power(self, base: Term, exponent: Term) -> Polynomial:
        if exponent is ONE:
            return self.polynomial(base)
        number = whole_number(exponent)
        if number is None:
            return self._root(self.inner(base), self.inner(exponent))
        match base:
            case Product(factors):
                return self._product(Power(factor, exponent) for factor in factors)
            case Sum():
                return self._power_of_sum(base, number)
            case Contraction():
                return self._power_of_polynomial(self(base), number)
            case Call() | Reduction() | Where():
                return self._power_of_polynomial(self.call(base), number)
            case Delta() | Indicator() | Constraint() if number > 0:
                return self.polynomial(base)
        return [atom(base, exponent)]

    def _root(self, base: Term, exponent: Term) -> Polynomial:
        """A power that is not whole; a positive number in front is a root of its own: sqrt(4*x) = 2*sqrt(x)."""
        raised = Power(base, exponent)
        if not isinstance(raised, Power):
            return self.polynomial(raised)
        number, rest = coefficient_and_rest(base)
        if number == 1 or number <= 0 or not isinstance(exponent, Number):
            return [atom(raised)]
        root = root_of_number(number, exponent.value)
        return [root] if rest is ONE else self._times([root], self._root(rest, exponent))

    def _power_of_sum(self, base: Sum, exponent: int) -> Polynomial:
        if not (self.everything and self.powers):
            return self._kept_sum(base, Number(exponent))
        return self._power_of_polynomial(self(base), exponent)

    def _kept_sum(self, base: Sum, exponent: Term) -> Polynomial:
        """A sum that stays a factor; it may turn into something else when it is simplified."""
        inner = self.inner(base)
        if isinstance(inner, Sum):
            return [atom(inner, exponent)]
        return self.polynomial(Power(inner, exponent))

    def _power_of_polynomial(self, polynomial: Polynomial, exponent: int) -> Polynomial:
        if not polynomial:
            return [] if exponent > 0 else [atom(ZERO, Number(exponent))]
        if len(polynomial) == 1:
            return self._with_roots_taken(polynomial[0], self._power_of_monomial(polynomial[0], exponent))
        if 0 < exponent <= HIGHEST_EXPANDED_POWER and self.everything:
            return reduce(self._times, [polynomial] * exponent)
        common, rest = content(polynomial)
        whole = self.canonical(self.term(rest))
        self.budget.spend(len(whole.fields))  # sums that are factors of the monomials are joined here
        return [product_of(self._power_of_monomial(common, exponent), atom(whole, Number(exponent)))]

    def _power_of_monomial(self, monomial: Monomial, exponent: int) -> Monomial:
        """Each factor raised; a sum over indices becomes one base."""
        bare = Monomial(UNIT.coefficient, monomial.bound, monomial.powers)
        if monomial.bound:
            term = self.canonical(self.term([bare]))
            pairs = [
                (f.base, f.exponent) if isinstance(f, Power) else (f, ONE)
                for f in (term.fields if isinstance(term, Product) else (term,))
            ]
        else:
            pairs = list(bare.powers.items())
        number = Power(Number(monomial.coefficient), Number(exponent))
        raised = combined((base, Product(old, Number(exponent))) for base, old in pairs)
        powers = {base: ONE if exponent > 0 and is_idempotent(base) else power for base, power in raised.items()}
        return product_of(atom(number), Monomial(UNIT.coefficient, frozenset(), powers))

    # Contractions

    def _contraction(self, bound: frozenset[Index], body: Term) -> Polynomial:
        inside = (apart(monomial, bound) for monomial in self.polynomial(body))
        wider = (without_idle(each.coefficient, each.bound | bound, each.powers) for each in inside)
        return self.contracted(wider)

    def contracted(self, polynomial: Iterable[Monomial]) -> Polynomial:
        """The monomials with the deltas on bound indices eliminated, those inside factors too."""
        done: Polynomial = []
        for monomial in (each for whole in polynomial for each in self._without_epsilon_pairs(whole)):
            self.budget.spend(1)
            found = eliminate(monomial, self.rank)
            if isinstance(found, Term):
                done += self.polynomial(found)
            elif hidden := self._sum_with_delta(found):
                done += self._distributed(found, hidden)
            else:
                done.append(found)
        return done

    def _sum_with_delta(self, monomial: Monomial) -> Sum | None:
        """A factor with an addend in which a delta names an index that is summed outside."""
        if not monomial.bound:
            return None
        for base, exponent in monomial.powers.items():
            if isinstance(base, Sum) and (whole_number(exponent) or 0) > 0:
                if any(_delta_on(monomial.bound, each) for each in base.terms):
                    return base
        return None

    def _distributed(self, monomial: Monomial, base: Sum) -> Polynomial:
        left = divided(monomial.powers, base, ONE)
        rest = Product(Number(monomial.coefficient), *power_terms(left))
        parts = [Contraction(monomial.bound, Product(rest, each)) for each in base.terms]
        return [each for part in parts for each in self.polynomial(part)]


def _delta_on(bound: frozenset[Index], term: Term) -> bool:
    if bound.isdisjoint(term.free) or not holds(term, Delta):
        return False
    match term:
        case Delta():
            return not bound.isdisjoint(term.slots)
        case Sum() | Product():
            return any(_delta_on(bound, part) for part in term.fields)
        case Contraction():
            return _delta_on(bound, term.body)
    return False
