"""Recognise formulas that overflow as they stand, and put their stable forms in.

    exp(x)/sum(exp(x))                       softmax(x)
    log(sum(exp(x)))                         logsumexp(x)
    log(softmax(x))                          log_softmax(x)
    1/(1 + exp(-x)), exp(x)/(1 + exp(x))     sigmoid(x)
    log(1 + exp(x)), log(exp(x) + exp(y))    softplus(x), logaddexp(x, y)
    log(sigmoid(x)), log(1 - sigmoid(x))     -softplus(-x), -softplus(x)

The forms are found through definitions: with a = exp(z)/s and s = sum(exp(z)), log(a) is a log_softmax. A softmax is
not a scalar function, so a `Normalised` stands for it, under a name that no sheet can use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import cast

from indexcalc.canonical import canonical
from indexcalc.sheet import Definition
from indexcalc.terms import (
    MINUS_ONE,
    ONE,
    Call,
    Contraction,
    Index,
    Number,
    Power,
    Product,
    Size,
    Sum,
    Tensor,
    Term,
    factors_of,
    in_order,
    negative,
)
from indexcalc.walk import freshened, mapped, substitute

Axes = tuple[Index, ...]


@dataclass(frozen=True, slots=True)
class Normalised:
    """softmax, log_softmax or logsumexp of an argument over some of its indices, as a tensor with these axes."""

    kind: str
    axes: Axes
    over: Axes
    argument: Term

    @property
    def meaning(self) -> Term:
        """The formula that it stands for."""
        total = Contraction(self.over, Call("exp", self.argument))
        if self.kind == "logsumexp":
            return Call("log", total)
        value = Product(Call("exp", self.argument), Power(total, MINUS_ONE))
        return Call("log", value) if self.kind == "log_softmax" else value


class Stabiliser:
    """Puts stable forms into terms, with these definitions. `forms`: what it put in, by name."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self.forms: dict[str, Normalised] = {}
        self._definitions = definitions
        self._known: dict[Term, Term] = {}

    def __call__(self, term: Term) -> Term:
        known = self._known.get(term)
        if known is None:
            known = self._known[term] = self._rewritten(mapped(term, self))
        return known

    def _rewritten(self, term: Term) -> Term:
        match term:
            case Call("log", (argument,)):
                return self._log(argument) or term
            case Power(base, Number(value)) if (inner := self._exp(base)) is not None:
                return Call("exp", Product(Number(value), inner))
            case Power(Product(), Number(value)) if is_whole(value):
                powers = (self._rewritten(Power(factor, Number(value))) for factor in factors_of(term.fields[0]))
                return self._rewritten(Product(*powers))
            case Power(base, Number(value)) if is_whole(value) and value < 0:
                return self._sigmoid(base, -value) or term
            case Product():
                return self._product(term)
        return term

    # ----- What a term is, seen through definitions ----------------------------------------------------------

    def _seen(self, term: Term) -> Term:
        """What a tensor stands for, if it is defined."""
        while isinstance(term, Tensor) and term.name in self._definitions:
            definition = self._definitions[term.name]
            term = Definition(term.name, definition.axes, self(definition.body)).at(term.slots)
        return term

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
        """The tensor that stands for a stable form, at the given indices."""
        kept = argument.free.difference(over) if kind == "logsumexp" else argument.free
        made = Normalised(kind, in_order(kept), over, argument)
        name = next((name for name, form in self.forms.items() if form == made), "")
        if not name:
            name = f"{kind} {len(self.forms) + 1}"
            self.forms[name] = made
        return Tensor(name, tuple(slots.get(index, index) for index in made.axes))

    # ----- Products ------------------------------------------------------------------------------------------

    def _product(self, term: Product) -> Term:
        factors = list(term.factors)
        for place in range(len(factors)):
            found = self._normalised(factors, place) or self._product_with_sigmoid(factors, place)
            if found is not None:
                replaced = Product(*found)
                return self._product(replaced) if isinstance(replaced, Product) else replaced
        return term

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
        own = self._exp(factor)
        if own is not None:
            slots = matched(argument, over, own)
            return None if slots is None else self._form("softmax", over, argument, slots)
        if isinstance(factor, Contraction):
            bound, body = freshened(factor, total.free)
            inner = [*factors_of(body), Power(total, MINUS_ONE)]
            found = self._normalised(inner, len(inner) - 1)
            return None if found is None else Contraction(bound, Product(*found))
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

    # ----- Logarithms ----------------------------------------------------------------------------------------

    def _log(self, term: Term) -> Term | None:
        """The logarithm of a term, if it has a form that is stabler than taking the logarithm."""
        seen = self._seen(term)
        if isinstance(seen, Product):
            logs = [self._log(factor) or _log_of_constant(factor) for factor in seen.factors]
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
        if len(term.terms) == 2 and ONE in term.terms:
            other = self._seen(negative(next(each for each in term.terms if each is not ONE)))
            if isinstance(other, Call) and other.function == "sigmoid":
                return negative(Call("softplus", other.arguments[0]))
        arguments = [self._exp(each) for each in term.terms]
        if None in arguments:
            return None
        first, *others = cast("list[Term]", arguments)
        for other in others:
            first = Call("logaddexp", first, other)
        return first


# ----- Helpers ---------------------------------------------------------------------------------------------------


def is_whole(value: Fraction | float) -> bool:
    """Whether a number is an exact integer."""
    return isinstance(value, Fraction) and value.denominator == 1


def minus(term: Term) -> Term:
    """-x, with the sign moved into the addends of a sum."""
    return Sum(*map(negative, term.terms)) if isinstance(term, Sum) else negative(term)


def _log_of_constant(term: Term) -> Term | None:
    """The logarithm of a positive number or a size."""
    match term:
        case Number(value) if value > 0:
            return Call("log", term)
        case Size() | Power(Size(), Number()):
            return Call("log", term)
    return None


def matched(pattern: Term, bound: Iterable[Index], term: Term) -> dict[Index, Index] | None:
    """What to put for the bound indices to make the pattern the term; none if it cannot be done."""
    bound = in_order(bound)
    wanted = canonical(term)
    choices = [
        [index, *(each for each in in_order(term.free - {index}) if each.range == index.range)] for index in bound
    ]
    for chosen in product(*choices):
        renaming = dict(zip(bound, chosen, strict=True))
        if canonical(substitute(pattern, renaming)) is wanted:
            return renaming
    return None
