"""Terms as a mantissa times an exponential, which is worked out only at the end: nothing overflows on the way.

    exp(x) = 1 * exp(x)                          x^n = m^n * exp(n*e)     where x = m * exp(e)
    cosh(x) = (1 + exp(-2*|x|))/2 * exp(|x|)     x*y = m*l * exp(e + f)
    sum[k](x[k]) = sum[k](m[k]*exp(e[k] - p)) * exp(p)     with p = max[k](e[k]), where m[k] is not 0

So a sum of exponentials with any coefficients, masks and constants is its scaled sum, which is neither too large nor
too small, times exp(p); its logarithm is p + log(scaled sum), and of a quotient only the difference of the p counts.
What a mask leaves out has no part in p: its exponent may be larger than all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import cast

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.codegen.preparing.patterns import base_and_exponent, is_negative, is_total, one_minus
from indexcalc.codegen.preparing.scaled import Scaled, power, product, unless_zero
from indexcalc.terms import (
    MINUS_ONE,
    ONE,
    ZERO,
    Call,
    Contraction,
    Index,
    Number,
    Power,
    Product,
    Reduction,
    Size,
    Sum,
    Tensor,
    Term,
    Where,
    coefficient_of,
    factors_of,
    negative,
    terms_of,
)
from indexcalc.walk import freshened, subterms

LOWEST = Number(-1e38)  # an exponent that counts for nothing; float32 holds it too
HALF = Number(Fraction(1, 2))
LARGEST_POWER = 32  # of which the logarithm is taken as it stands
POSITIVE = frozenset(name for name, each in FUNCTIONS.items() if each.laws.positive)
Change = Callable[[Term], Term]


class Exponents:
    """Finds mantissas and exponents.

    seen: what a defined tensor stands for; hidden: the tensor that stands for a part that is done, of a kind;
    positive: the tensors that are.
    """

    def __init__(
        self, seen: Change, hidden: Callable[[str, Term], Tensor], positive: Iterable[str] = ()
    ) -> None:
        self.seen, self.hidden = seen, hidden
        self._known: dict[Term, Scaled] = {}
        self._plain: set[str] = set()  # tensors in which there is no exponential, whatever their indices are
        self._peaks: set[str] = set()
        self._masked: set[str] = set()  # those that leave something out
        self._positive = set(positive)  # the tensors that are never 0 or less

    def __call__(self, term: Term) -> Scaled:
        """A term as a mantissa times an exponential; the exponent is 0 if no exponential is found in it."""
        known = self._known.get(term)
        if known is None:
            known = self._scaled(term)
            if known.exponent is not ZERO and self(known.mantissa).exponent is not ZERO:
                known = Scaled(self._part(known.mantissa), known.exponent)
            self._known[term] = known
        return known

    def quotient(self, factors: list[Term]) -> Term | None:
        """A quotient of sums of exponentials, or exp(x)/exp(y), by what is left of the exponents; else none."""
        small = any(_is_below(factor) and _is_sigmoid(factor) for factor in factors)
        parts = [self._sigmoid(each) if small and _is_sigmoid(each) else self(each) for each in factors]
        carrying = [place for place, part in enumerate(parts) if part.exponent is not ZERO]
        divides = any(self._divides(factors[place]) for place in carrying)
        signs = {is_negative(parts[place].exponent) for place in carrying}
        if len(carrying) < 2 or not (divides or len(signs) > 1):  # one may grow while another falls
            return None
        sums = [place for place in carrying if isinstance(self.seen(factors[place]), Contraction)]
        outside = product(part for place, part in enumerate(parts) if place not in sums[:1])
        if not sums:
            return self._joined(outside)
        # The difference of the exponents goes into one of the sums above, which need not be scaled by itself.
        whole = self.seen(factors[sums[0]])
        assert isinstance(whole, Contraction)
        bound, body = freshened(whole, outside.mantissa.free | outside.exponent.free)
        inner = product([self(body), Scaled(ONE, outside.exponent)])
        return Product(outside.mantissa, Contraction(bound, self._joined(inner)))

    def _divides(self, factor: Term) -> bool:
        """Whether something in a factor is divided by what has an exponent, or was: then a peak is taken off."""
        base, _ = base_and_exponent(factor)
        for each in (*subterms(factor), *subterms(self.seen(base))):
            if isinstance(each, Call) and each.function == "exp":
                if is_total(each.arguments[0]) or not self._peaks.isdisjoint(each.symbols):
                    return True
            if _is_below(each) and (_is_sigmoid(each) or self(each).exponent is not ZERO):
                return True
        return False

    def _joined(self, whole: Scaled) -> Term:
        """A product as a term; what a mask leaves out must not overflow."""
        if whole.exponent is ZERO or not self.is_masked(whole.exponent):
            return whole.term
        above = [each for each in factors_of(whole.mantissa) if not _is_below(each)]
        under = [each for each in factors_of(whole.mantissa) if _is_below(each)]
        return Product(*under, self.masked(Product(*above), whole.exponent))

    def log(self, term: Term) -> Term | None:
        """The logarithm of an exponential times a mantissa, or of a product over indices; none for other terms."""
        scaled = self(term)
        logs = self._log_of_product(scaled.mantissa)
        if scaled.exponent is ZERO and logs is None:
            return None
        if logs is None:
            logs = ZERO if scaled.mantissa is ONE else Call("log", scaled.mantissa)
        return Sum(scaled.exponent, logs)

    def _log_of_product(self, term: Term) -> Term | None:
        """log(prod[i](x[i])*y^n) = sum[i](log(|x[i]|)) + n*log(|y|) + log(prod[i](sign(x[i]))*sign(y)^n)."""
        if not any(map(_is_long, factors_of(term))):
            return None
        logs, signs = list[Term](), list[Term]()
        for factor in factors_of(term):
            match factor:
                case Reduction("prod", bound, body):
                    logs.append(Contraction(bound, self._log_of_size(body)))
                    signs.append(Reduction("prod", bound, self._sign(body)))
                case Power(base, exponent):
                    logs.append(Product(exponent, self._log_of_size(base)))
                    signs.append(Power(self._sign(base), exponent))
                case _:
                    logs.append(self._log_of_size(factor))
                    signs.append(self._sign(factor))
        sign = Product(*signs)
        return Sum(*logs, ZERO if sign is ONE else Call("log", self.hidden("sign", sign)))

    def _sign(self, term: Term) -> Term:
        return ONE if self._is_positive(term) else Call("sign", term)

    def _log_of_size(self, term: Term) -> Term:
        """log(|x|)."""
        match term:
            case Product(factors):
                return Sum(*map(self._log_of_size, factors))
            case Power(base, exponent):
                return Product(exponent, self._log_of_size(base))
        return Call("log", term if self._is_positive(term) else Call("abs", term))

    def _scaled(self, term: Term) -> Scaled:
        match term:
            case Call(function, (argument,)):
                return self._call(function, argument, term)
            case Tensor(name, slots):
                seen = term if name in self._plain else self.seen(term)
                found = Scaled(term) if seen is term else self(seen)
                if found.exponent is not ZERO:
                    return found
                if len(set(slots)) == len(slots) and all(slot.place is None for slot in slots):
                    self._plain.add(name)  # on a diagonal, exponents may have cancelled
                return Scaled(term)
            case Power(base, exponent):
                inner = self(base)
                return Scaled(term) if inner.exponent is ZERO else power(inner, exponent)
            case Product(factors):
                return product(map(self, factors))
            case Sum(terms):
                return self._sum(term, [self(each) for each in terms])
            case Contraction(bound, body):
                inner = self(body)
                if inner.exponent is ZERO:
                    return Scaled(term)
                peak = self._peak([inner], bound)
                return Scaled(self._part(Contraction(bound, self.below(inner, peak))), peak)
            case Where(condition, then, otherwise):
                one, other = self(then), self(otherwise)
                if one.exponent is other.exponent is ZERO:
                    return Scaled(term)
                exponents = [each.exponent for each in (one, other) if each.mantissa is not ZERO]
                exponent = exponents[0] if len(exponents) == 1 else Where(condition, *exponents)
                return Scaled(Where(condition, one.mantissa, other.mantissa), exponent)
            case Reduction("prod", bound, body) if self(body).exponent is not ZERO:
                inner = self(body)
                return Scaled(Reduction("prod", bound, inner.mantissa), Contraction(bound, inner.exponent))
            case Reduction(kind, bound, body) if self(body).mantissa is ONE:
                return Scaled(ONE, Reduction(kind, bound, self(body).exponent))
        return Scaled(term)

    def _call(self, function: str, argument: Term, term: Term) -> Scaled:
        size = Call("abs", argument)
        match function:
            case "exp":
                return Scaled(ONE, argument)
            case "cosh":
                return Scaled(self._half_sum(size), size)
            case "sinh":
                return Scaled(Product(Call("tanh", argument), self._half_sum(size)), size)
            case "expm1":  # -(e^-x - 1)*e^x where x is positive
                whole = self._part(negative(Call("expm1", negative(size))))
                return Scaled(Product(Call("sign", argument), whole), Call("relu", argument))
            case "abs" | "sqrt":
                inner = self(argument)
                factor = HALF if function == "sqrt" else ONE
                if inner.exponent is not ZERO:
                    return Scaled(Call(function, inner.mantissa), Product(factor, inner.exponent))
        return Scaled(term)

    def _half_sum(self, size: Term) -> Term:
        """(1 + exp(-2*|x|))/2."""
        return self._part(Product(HALF, Sum(ONE, Call("exp", Product(Number(-2), size)))))

    def _sigmoid(self, factor: Term) -> Scaled:
        """sigmoid(x)^n, where sigmoid(x) = exp(-relu(-x))/(1 + exp(-|x|)): beside others it may be small."""
        base, exponent = base_and_exponent(factor)
        (argument,) = cast(Call, base).arguments
        whole = self._part(Sum(ONE, Call("exp", negative(Call("abs", argument)))))
        scaled = Scaled(Power(whole, MINUS_ONE), negative(Call("relu", negative(argument))))
        return power(scaled, Number(exponent))

    def _sum(self, term: Term, parts: list[Scaled]) -> Scaled:
        if all(each.exponent is ZERO for each in parts):
            return Scaled(term)
        exponents = list(dict.fromkeys(each.exponent for each in parts))
        if len(exponents) == 1:
            return Scaled(Sum(*(each.mantissa for each in parts)), exponents[0])
        # What shares an exponent is one addend: its coefficients may cancel.
        merged = [
            Scaled(Sum(*(each.mantissa for each in parts if each.exponent is exponent)), exponent)
            for exponent in exponents
        ]
        peak = self._peak(merged, ())
        return Scaled(self._part(Sum(*(self.below(each, peak) for each in merged))), peak)

    def _peak(self, parts: list[Scaled], bound: tuple[Index, ...]) -> Term:
        """The largest exponent over some indices of what is not 0."""
        largest: Term | None = None
        for part in parts:
            is_safe = self.is_never_zero(part.mantissa)
            exponent = part.exponent
            if not is_safe:
                exponent = self.hidden("counted", unless_zero(part.mantissa, LOWEST, exponent))
            largest = exponent if largest is None else Call("max", largest, exponent)
        assert largest is not None
        peak = Reduction("max", bound, largest) if bound else largest
        if isinstance(peak, Tensor | Number):
            return peak
        hidden = self.hidden("peak", peak)
        self._peaks.add(hidden.name)
        if not all(self.is_never_zero(part.mantissa) for part in parts):
            self._masked.add(hidden.name)
        return hidden

    def below(self, part: Scaled, peak: Term) -> Term:
        """The part divided by exp(peak); what is multiplied by 0 must not overflow."""
        exponent = product([Scaled(ONE, part.exponent), Scaled(ONE, Sum(*map(negative, terms_of(peak))))]).exponent
        if exponent is ZERO:
            return part.mantissa
        return self.masked(part.mantissa, exponent)

    def masked(self, mantissa: Term, exponent: Term) -> Term:
        """mantissa * exp(exponent), where the exponent counts only where the mantissa is not 0."""
        kept = exponent if self.is_never_zero(mantissa) else unless_zero(mantissa, ZERO, exponent)
        return Product(mantissa, Call("exp", kept))

    def is_never_zero(self, term: Term) -> bool:
        """Whether a term is not 0 whatever the arguments are, as far as it can be seen."""
        match term:
            case Number(value):
                return value != 0
            case Size() | Tensor() | Call():
                return self._is_positive(term)
            case Product(factors):
                return all(map(self.is_never_zero, factors))
            case Power(base, exponent):
                return self.is_never_zero(base) or coefficient_of(exponent) < 0
            case Sum() | Contraction():
                return self._is_positive(term)
        return False

    def _is_positive(self, term: Term) -> bool:
        match term:
            case Number(value):
                return value > 0
            case Size():
                return True
            case Tensor(name, _):
                seen = self.seen(term)
                return name in self._positive or (seen is not term and self._is_positive(seen))
            case Sum() if (other := one_minus(term)) is not None:
                return _is_sigmoid(self.seen(other))
            case Call(function, _):
                return function in POSITIVE
            case Sum() | Product():
                return all(map(self._is_positive, term.fields))
            case Contraction(_, body):
                return self._is_positive(body)
            case Power(base, _):
                return self._is_positive(base)
        return False

    def _part(self, term: Term) -> Tensor:
        """The tensor that stands for a scaled part."""
        part = self.hidden("scaled", term)
        if self._is_positive(term):
            self._positive.add(part.name)
        return part

    def is_masked(self, term: Term) -> bool:
        """Whether an exponent has a peak taken off that leaves something out, so that it may be positive there."""
        return not self._masked.isdisjoint(term.symbols)


def _is_below(factor: Term) -> bool:
    """Whether a factor divides."""
    return isinstance(factor, Power) and is_negative(factor.exponent)


def _is_sigmoid(factor: Term) -> bool:
    """Whether a factor is a power of a sigmoid."""
    base, _ = base_and_exponent(factor)
    return isinstance(base, Call) and base.function == "sigmoid"


def _is_long(factor: Term) -> bool:
    """Whether a factor is a product of so many that it may be too large or too small for a number."""
    match factor:
        case Reduction("prod", _, _):
            return True
        case Power(_, exponent):
            return not isinstance(exponent, Number) or abs(float(exponent.value)) > LARGEST_POWER
    return False
