"""Recognise formulas that overflow as they stand, and put their stable forms in.

    exp(x)/sum(exp(x))                       softmax(x)
    log(sum(exp(x)))                         logsumexp(x)
    log(softmax(x))                          log_softmax(x)
    1/(1 + exp(-x)), exp(x)/(1 + exp(x))     sigmoid(x)
    log(1 + exp(x)), log(exp(x) + exp(y))    softplus(x), logaddexp(x, y)
    log(sigmoid(x)), log(1 - sigmoid(x))     -softplus(-x), -softplus(x)
    exp(x)/(exp(x) + exp(y))                 exp(x - logaddexp(x, y))
    softmax(x)*(y/softmax(x) + z)            y + z*softmax(x): what is positive is cancelled

The forms are found through definitions: with a = exp(z)/s and s = sum(exp(z)), log(a) is a log_softmax. A softmax is
not a scalar function, so a `Normalised` stands for it, under a name that no sheet can use.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import cast

from indexcalc.canonical import canonical
from indexcalc.codegen.preparing.exponents import Exponents
from indexcalc.codegen.preparing.patterns import (
    Axes,
    Normalised,
    base_and_exponent,
    divides,
    is_total,
    is_whole,
    log_of_constant,
    matched,
    minus,
    occurrence,
    one_minus,
    without_products,
)
from indexcalc.sheet import Definition
from indexcalc.terms import (
    MINUS_ONE,
    NOTHING,
    ONE,
    ZERO,
    Call,
    Contraction,
    Index,
    Number,
    Power,
    Product,
    Sum,
    Tensor,
    Term,
    factors_of,
    negative,
)
from indexcalc.walk import freshened, mapped, substitute


class Stabiliser:
    """Puts stable forms into terms, with these definitions; some tensors are known to be positive.

    `forms`: what it put in, by name. `hidden`: parts of what it put in, by name, as definitions.
    """

    def __init__(self, definitions: Mapping[str, Definition], positive: frozenset[str] = NOTHING) -> None:
        self.forms: dict[str, Normalised] = {}
        self._definitions = definitions
        self._known: dict[Term, Term] = {}
        self._meanings: dict[Term, Term] = {}
        self._names: dict[tuple[object, ...], str] = {}
        self.hidden: dict[str, Definition] = {}
        self._exponents = Exponents(self._seen, self._hidden, positive)

    def __call__(self, term: Term) -> Term:
        """The term with stable forms in it."""
        known = self._known.get(term)
        if known is None:
            known = self._known[term] = self._rewritten(mapped(term, self))
        return known

    def _rewritten(self, term: Term) -> Term:
        match term:
            case Tensor(name, slots) if name in self._definitions:
                definition = self._definition(name)
                return definition.at(slots) if self._is_form(definition.body) else term
            case Call("log", (argument,)):
                if (found := self._log(argument)) is None:
                    found = self._exponents.log(self._seen(argument))
                    found = None if found is None else mapped(found, self)
                return found or term
            case Call("log1p", (argument,)) if self._exponents(argument).exponent is not ZERO:
                return self._rewritten(Call("log", Sum(ONE, argument)))
            case Power(base, Number(value)) if value < 0 and (inner := self._exp(base)) is not None:
                return Call("exp", Product(Number(value), inner))
            case Power(Product(), Number(value)) if is_whole(value):
                powers = (self._rewritten(Power(factor, Number(value))) for factor in factors_of(term.fields[0]))
                return self._rewritten(Product(*powers))
            case Power(base, Number(value)) if is_whole(value) and value < 0:
                return self._sigmoid(base, -value) or self._total(base, value) or term
            case Product():
                return self._product(term)
        return term

    # ----- What a term is, seen through definitions ----------------------------------------------------------

    def _seen(self, term: Term) -> Term:
        """What a tensor stands for, if it is defined."""
        if not isinstance(term, Tensor) or term.name not in self._definitions:
            return term
        if term not in self._meanings:
            self._meanings[term] = self._seen(self._definition(term.name).at(term.slots))
        return self._meanings[term]

    def _definition(self, name: str) -> Definition:
        """A definition with stable forms in it."""
        definition = self._definitions[name]
        return Definition(name, definition.axes, self(definition.body))

    def _is_form(self, term: Term) -> bool:
        """Whether a term is a stable form, so that a tensor that it defines can stand for any other spelling of it."""
        return (isinstance(term, Tensor) and term.name in self.forms) or (
            isinstance(term, Call) and term.function == "sigmoid"
        )

    def _is_positive(self, term: Term) -> bool:
        """Whether a term is never zero, although what is computed for it may be."""
        match term:
            case Call("exp" | "sigmoid", _):
                return True
            case Tensor(name, _) if name in self.forms:
                return self.forms[name].kind == "softmax"
        other = one_minus(term)
        return isinstance(other, Call) and other.function == "sigmoid"

    def _exp(self, term: Term) -> Term | None:
        """x if the term is exp(x)."""
        seen = self._seen(term)
        return seen.arguments[0] if isinstance(seen, Call) and seen.function == "exp" else None

    def _sum_of_exp(self, term: Term) -> tuple[Axes, Term] | None:
        """The bound indices and x, if the term is a sum of exp(x) over indices of x."""
        seen = self._seen(term)
        if not isinstance(seen, Contraction):
            return None
        argument = self._exp(seen.body)
        if argument is None or not argument.free.issuperset(seen.bound):
            return None
        return seen.bound, argument

    def _softplus_of(self, term: Term) -> Term | None:
        """x if the term is 1 + exp(x)."""
        seen = self._seen(term)
        if isinstance(seen, Sum) and len(seen.terms) == 2 and ONE in seen.terms:
            return self._exp(next(each for each in seen.terms if each is not ONE))
        return None

    def _form(self, kind: str, over: Axes, argument: Term, slots: Mapping[Index, Index]) -> Tensor:
        """The tensor that stands for a stable form, at the given indices; one for all names of indices."""
        order = occurrence(argument)
        labels = {index: Index("_", index.range, number) for number, index in enumerate(order, 1)}
        key = (kind, canonical(substitute(argument, labels)), frozenset(labels[index] for index in over))
        kept = tuple(index for index in order if kind != "logsumexp" or index not in over)
        name = self._names.setdefault(key, f"{kind} {len(self._names) + 1}")
        self.forms.setdefault(name, Normalised(kind, kept, over, argument))
        return Tensor(name, tuple(slots.get(index, index) for index in kept))

    def _hidden(self, kind: str, term: Term) -> Tensor:
        """The tensor that stands for a part of a stable form, which is not looked into any more."""
        order = occurrence(term)
        labels = {index: Index("_", index.range, number) for number, index in enumerate(order, 1)}
        name = self._names.setdefault((kind, canonical(substitute(term, labels))), f"{kind} {len(self._names) + 1}")
        self.hidden.setdefault(name, Definition(name, order, term))
        return Tensor(name, order)

    # ----- Products ------------------------------------------------------------------------------------------

    def _product(self, term: Term) -> Term:
        factors = without_products(self._cancelled(list(factors_of(term))))
        for place in range(len(factors)):
            found = (
                self._normalised(factors, place)
                or self._product_with_sigmoid(factors, place)
                or self._product_with_total(factors, place)
            )
            if found is not None:
                return self._product(Product(*found))
        return self._exponents.quotient(factors) or Product(*factors)

    def _cancelled(self, factors: list[Term]) -> list[Term]:
        """The factors with positive ones cancelled, those too that the addends of a sum divide by."""
        powers: dict[Term, Fraction | float] = {}
        rest: list[Term] = []
        for factor in factors:
            base, exponent = base_and_exponent(factor)
            if self._is_positive(base):
                powers[base] = powers.get(base, Fraction(0)) + exponent
            else:
                rest.append(factor)
        for base, exponent in powers.items():
            for place, factor in enumerate(rest):
                if exponent >= 1 and isinstance(factor, Sum) and any(divides(base, each) for each in factor.terms):
                    rest[place] = Sum(*(self._product(Product(base, each)) for each in factor.terms))
                    exponent -= 1
            rest.append(Power(base, Number(exponent)))
        return rest

    def _normalised(self, factors: list[Term], place: int) -> list[Term] | None:
        """The factors with exp(x)/sum(exp(x)), or sum(y*exp(x))/sum(exp(x)), replaced; place: the divisor's."""
        divisor = factors[place]
        if not isinstance(divisor, Power) or not isinstance(divisor.exponent, Number):
            return None
        exponent = divisor.exponent.value
        if not is_whole(exponent) or exponent >= 0:
            return None
        total = self._sum_of_exp(divisor.base)
        if total is None:
            return None
        for other, factor in enumerate(factors):
            replaced = self._over(factor, divisor.base, *total)
            if replaced is not None:
                rest = [each for at, each in enumerate(factors) if at not in (place, other)]
                return [*rest, replaced, Power(divisor.base, Number(exponent + 1))]
        return None

    def _over(self, factor: Term, total: Term, over: Axes, argument: Term) -> Term | None:
        """factor/total, if a softmax is in it."""
        base, exponent = base_and_exponent(factor)
        own = self._exp(base)
        if own is not None and exponent >= 1:
            slots = matched(argument, over, own)
            if slots is None:
                return None
            return Product(self._form("softmax", over, argument, slots), Power(base, Number(exponent - 1)))
        if isinstance(factor, Contraction):
            bound, body = freshened(factor, total.free)
            inner = [*factors_of(body), Power(total, MINUS_ONE)]
            found = self._normalised(inner, len(inner) - 1)
            return None if found is None else Contraction(bound, self._product(Product(*found)))
        return None

    def _sigmoid(self, base: Term, times: Fraction | float) -> Term | None:
        """1/(1 + exp(x)) = sigmoid(-x)."""
        argument = self._softplus_of(base)
        if argument is None:
            return None
        return Power(Call("sigmoid", minus(argument)), Number(times))

    def _product_with_sigmoid(self, factors: list[Term], place: int) -> list[Term] | None:
        """exp(x)*sigmoid(-x) = sigmoid(x), where the exponential is at the place."""
        argument = self._exp(factors[place])
        if argument is None:
            return None
        wanted = Call("sigmoid", minus(argument))
        for other, factor in enumerate(factors):
            base, exponent = (factor.base, factor.exponent) if isinstance(factor, Power) else (factor, ONE)
            if base is wanted and isinstance(exponent, Number) and exponent.value >= 1:
                rest = [each for at, each in enumerate(factors) if at not in (place, other)]
                return [*rest, Call("sigmoid", argument), Power(base, Sum(exponent, MINUS_ONE))]
        return None

    def _total(self, base: Term, exponent: Fraction | float) -> Term | None:
        """A power of exp(x) + exp(y) + ... as one exponential."""
        seen = self._seen(base)
        log = self._log_of_sum(seen) if isinstance(seen, Sum) else None
        if not isinstance(log, Call) or log.function != "logaddexp":
            return None
        return Call("exp", Product(Number(exponent), log))

    def _product_with_total(self, factors: list[Term], place: int) -> list[Term] | None:
        """Exponentials times exp(-logaddexp(x, y)) as one; also where they stand in the addends of the only sum."""
        total = self._exp(factors[place])
        if total is None or not is_total(total):
            return None
        rest = [each for at, each in enumerate(factors) if at != place]
        single = [(each, own) for each in rest if (own := self._exp(each)) is not None and not is_total(own)]
        sums = [each for each in rest if isinstance(each, Sum) and self._has_exp(each)]
        if single and not sums:
            for each, _ in single:
                rest.remove(each)
            return [*rest, Call("exp", Sum(*(own for _, own in single), total))]
        if len(sums) == 1 and not single:
            rest.remove(sums[0])
            return [*rest, Sum(*(self._product(Product(factors[place], each)) for each in sums[0].terms))]
        return None

    def _has_exp(self, term: Sum) -> bool:
        return any(self._exp(factor) for each in term.terms for factor in factors_of(each))

    # ----- Logarithms ----------------------------------------------------------------------------------------

    def _log(self, term: Term) -> Term | None:
        """The logarithm of a term, if it has a form that is stabler than taking the logarithm."""
        seen = self._seen(term)
        if isinstance(seen, Product):
            logs = [self._log(factor) or log_of_constant(factor) for factor in seen.factors]
            if None in logs or not any(self._log(factor) for factor in seen.factors):
                return None
            return Sum(*cast("list[Term]", logs))
        if isinstance(seen, Power):
            log = self._log(seen.base)
            return None if log is None else Product(seen.exponent, log)
        return self._log_of_factor(seen)

    def _log_of_factor(self, seen: Term) -> Term | None:
        total = self._sum_of_exp(seen)
        if total is not None:
            return self._form("logsumexp", *total, {})
        match seen:
            case Call("exp", (argument,)):
                return argument
            case Call("sigmoid", (argument,)):
                return negative(Call("softplus", minus(argument)))
            case Tensor(name, slots) if name in self.forms and self.forms[name].kind == "softmax":
                form = self.forms[name]
                return self._form("log_softmax", form.over, form.argument, dict(zip(form.axes, slots, strict=True)))
            case Sum():
                return self._log_of_sum(seen)
        return None

    def _log_of_sum(self, term: Sum) -> Term | None:
        argument = self._softplus_of(term)
        if argument is not None:
            return Call("softplus", argument)
        other = self._seen(one_minus(term) or term)
        if isinstance(other, Call) and other.function == "sigmoid":
            return negative(Call("softplus", other.arguments[0]))
        arguments = [self._exp(each) for each in term.terms]
        if None in arguments:
            return None
        first, *others = cast("list[Term]", arguments)
        for other in others:
            first = Call("logaddexp", first, other)
        return first
