"""Functions of numbers, applied to each element: arithmetic, comparisons, choices, functions of the language."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import reduce

from indexcalc.affine import constant, of_index
from indexcalc.lift.arrays.array import Array, number
from indexcalc.lift.arrays.combine import broadcast, combined
from indexcalc.lift.arrays.conditions import chosen
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.terms import (
    MINUS_ONE,
    ONE,
    ZERO,
    Call,
    Constraint,
    Contraction,
    Index,
    Indicator,
    Number,
    Power,
    Product,
    Range,
    Sum,
    Tensor,
    Term,
    indicator,
    negative,
    quotient,
)

TWO, HALF = Number(2), Number(Fraction(1, 2))
MOST_EXPONENT = 512  # a larger whole exponent is a mistake or an attack


def _wholes(a: Array, b: Array) -> tuple[Whole, Whole] | None:
    """Both values, where both are whole numbers that are reckoned."""
    return (a.whole, b.whole) if a.whole is not None and b.whole is not None else None


def _sum_rule(first: Term, second: Term) -> Term:
    return Sum(first, second)


def with_whole(a: Array, b: Array, found: Array, rule: Callable[[Whole, Whole], Whole]) -> Array:
    """The result with its whole value, where both operands have one; its indices are those of the result."""
    if "float" in (a.kind, b.kind) or a.whole is None or b.whole is None:
        return found
    _, parts = broadcast([a, b])
    first, second = parts[0].whole, parts[1].whole
    if first is None or second is None:
        return found
    whole = rule(first, second)
    return replace(found, whole=whole, term=whole.term(), kind="int")


def add(a: Array, b: Array) -> Array:
    """a + b."""
    found = combined([a, b], _sum_rule, "int" if {a.kind, b.kind} == {"bool"} else "")
    if a.hidden is not None or b.hidden is not None:
        return _hidden_sum(a, b, found)
    if a.kind == b.kind == "bool":
        return replace(found, term=either(*(part.term for part in broadcast([a, b])[1])), kind="bool")
    return with_whole(a, b, found, lambda x, y: x + y)


def _hidden_sum(a: Array, b: Array, found: Array) -> Array:
    """What is minus infinity stays so whatever finite is added."""
    _, parts = broadcast([a, b])
    masks = [part.hidden for part in parts if part.hidden is not None]
    return replace(found, hidden=reduce(either, masks))


def subtract(a: Array, b: Array) -> Array:
    """a - b."""
    if b.hidden is not None:
        raise UnreadableError("minus infinity is subtracted")
    found = combined([a, b], lambda x, y: Sum(x, negative(y)), "int" if {a.kind, b.kind} == {"bool"} else "")
    if a.hidden is not None:
        return _hidden_sum(a, b, found)
    return with_whole(a, b, found, lambda x, y: x - y)


def multiply(a: Array, b: Array) -> Array:
    """a * b."""
    found = combined([a, b], Product)
    for one, other in ((a, b), (b, a)):
        if one.hidden is not None:
            if other.hidden is not None or not _positive(other.term):
                raise UnreadableError("minus infinity is multiplied by what may be negative")
            return _hidden_sum(a, b, found)
    return with_whole(a, b, found, lambda x, y: x * y)


def _positive(term: Term) -> bool:
    match term:
        case Number(value):
            return value > 0
        case Power(base, _):
            return _positive(base)
        case Call("sqrt" | "exp" | "sigmoid" | "softplus"):
            return True
        case Product(factors):
            return all(map(_positive, factors))
    return type(term).__name__ == "Size"


def divide(a: Array, b: Array) -> Array:
    """a / b."""
    if b.hidden is not None:
        raise UnreadableError("something is divided by minus infinity")
    if b.term is ZERO:
        raise UnreadableError("a division by zero")
    if a.hidden is not None:
        return multiply(a, replace(b, term=Power(b.term, MINUS_ONE), kind="float").plain())
    return combined([a, b], quotient, "float")


def floor_divide(a: Array, b: Array) -> Array:
    """a // b, of whole numbers that are reckoned."""
    wholes = _wholes(a, b)
    if wholes is not None and not a.rank and not b.rank:
        first, second = wholes
        if first.number is not None and second.number is not None:
            if second.number == 0:
                raise RaisesError("a division by zero")
            return number(first.number // second.number)
        found = first.divided(second)
        if found is not None:
            return Array((), found.term(), "int", found)
    raise UnreadableError("a division that is rounded")


def modulo(a: Array, b: Array) -> Array:
    """a % b, of whole numbers that are reckoned."""
    wholes = _wholes(a, b)
    if wholes is not None and not a.rank and not b.rank:
        first, second = wholes
        if first.number is not None and second.number:
            return number(first.number % second.number)
        if first.divided(second) is not None:
            return number(0)
        found = _in_circle(first, second)
        if found is not None:
            return found
    raise UnreadableError("a remainder")


def _in_circle(place: Whole, period: Whole) -> Array | None:
    """A place modulo the size of a range, as a label: the term that is 1 at the place it names."""
    form, many = place.form, period.form
    if form is None or many is None or len(period.terms) != 1 or not form.letters:
        return None
    ((atoms, times),) = period.terms
    if times != 1 and atoms:
        return None
    from indexcalc.lift.arrays.array import range_of

    known = atoms[0] if atoms else range_of(times)
    if not isinstance(known, Range):
        return None
    letter, before = Index("c", known, 1), Index("b", known, 1)
    here = Constraint("==", of_index(letter) - form - constant(1), many)
    places = Contraction((before, letter), Product(Indicator("<", before, letter), here))
    return Array((), places, "int", choice=(letter, here))


def power(a: Array, b: Array) -> Array:
    """a ** b."""
    exponent = b.term
    if a.hidden is not None or b.hidden is not None:
        raise UnreadableError("minus infinity is raised to a power")
    if isinstance(exponent, Number) and not -MOST_EXPONENT <= exponent.value <= MOST_EXPONENT:
        raise UnreadableError(f"an exponent of {exponent.value}")
    wholes = _wholes(a, b)
    times: int | None = wholes[1].number if wholes is not None and a.kind != "float" != b.kind else None
    if wholes is not None and isinstance(times, int) and 0 <= times <= 8:
        total = Whole.of(1)
        for _ in range(times):
            total = total * wholes[0]
        return replace(a, term=total.term(), whole=total, kind="int")
    return combined([a, b], _raised, "float" if b.kind == "float" or _below_zero(exponent) else "")


def _below_zero(exponent: Term) -> bool:
    return isinstance(exponent, Number) and exponent.value < 0


def _raised(base: Term, exponent: Term) -> Term:
    if isinstance(exponent, Number) and exponent.value == HALF.value:
        return Call("sqrt", base)
    if isinstance(exponent, Number) and exponent.value == -HALF.value:
        return Power(Call("sqrt", base), MINUS_ONE)
    return Power(base, exponent)


def negate(a: Array) -> Array:
    """-a."""
    if a.hidden is not None:
        raise UnreadableError("plus infinity")
    whole = -a.whole if a.whole is not None else None
    return replace(a, term=negative(a.term), whole=whole, choice=None)


def mapped(a: Array, rule: Callable[[Term], Term], kind: str = "float") -> Array:
    """A function of one array."""
    if a.hidden is not None:
        raise UnreadableError("a function of minus infinity")
    return replace(a, term=rule(a.term), kind=kind, whole=None, choice=None)


def exp(a: Array) -> Array:
    """The exponential function; 0 at minus infinity."""
    term = Call("exp", a.term)
    if a.hidden is not None:
        return replace(a, term=chosen(a.hidden, ZERO, term), hidden=None, kind="float")
    return replace(a, term=ONE if a.term is ZERO else term, kind="float", whole=None, choice=None)


def log(a: Array) -> Array:
    """The logarithm."""
    return mapped(a, _log)


def _log(term: Term) -> Term:
    return ZERO if term is ONE else Call("log", term)


def sqrt(a: Array) -> Array:
    """The square root; exact for squares of whole numbers."""

    def root(term: Term) -> Term:
        if isinstance(term, Number) and isinstance(term.value, Fraction) and term.value >= 0:
            for guess in range(math.isqrt(int(term.value)), math.isqrt(int(term.value)) + 2):
                if guess * guess == term.value:
                    return Number(guess)
        return Call("sqrt", term)

    return mapped(a, root)


def absolute(a: Array) -> Array:
    """|a|."""
    return mapped(a, lambda term: Call("abs", term), a.kind)


def square(a: Array) -> Array:
    """a squared."""
    return mapped(a, lambda term: Power(term, TWO), a.kind)


# ----- Comparisons -----------------------------------------------------------------------------------------------


def either(one: Term, other: Term) -> Term:
    """1 where one of two truth values is 1."""
    return one if one is other else Sum(one, other, negative(Product(one, other)))


def sigmoid(a: Array) -> Array:
    """1/(1 + exp(-a)); 0 at minus infinity."""
    if a.hidden is not None:
        return replace(a, term=chosen(a.hidden, ZERO, Call("sigmoid", a.term)), hidden=None)
    return function("sigmoid")(a)


def function(name: str) -> Callable[[Array], Array]:
    """A function of the language by its name."""
    return lambda a: mapped(a, lambda term: Call(name, term))


PI = Tensor("pi")


def silu(term: Term) -> Term:
    """x*sigmoid(x)."""
    return Product(term, Call("sigmoid", term))


def gelu_tanh(term: Term) -> Term:
    """The approximation of gelu by tanh."""
    inner = Product(
        Call("sqrt", quotient(TWO, PI)), Sum(term, Product(Number(Fraction("0.044715")), Power(term, Number(3))))
    )
    return Product(HALF, term, Sum(ONE, Call("tanh", inner)))


def elu(term: Term, alpha: Term = ONE) -> Term:
    """x where positive, alpha*(exp(x) - 1) elsewhere."""
    return chosen(indicator(">", term, ZERO), term, Product(alpha, Sum(Call("exp", term), MINUS_ONE)))


def leaky(term: Term, slope: Term) -> Term:
    """x where positive, slope*x elsewhere."""
    return chosen(indicator(">", term, ZERO), term, Product(slope, term))


COMPOSED: dict[str, Callable[[Term], Term]] = {
    "log1p": lambda x: Call("log", Sum(ONE, x)),
    "expm1": lambda x: Sum(Call("exp", x), MINUS_ONE),
    "log2": lambda x: quotient(Call("log", x), Call("log", TWO)),
    "log10": lambda x: quotient(Call("log", x), Call("log", Number(10))),
    "exp2": lambda x: Call("exp", Product(Call("log", TWO), x)),
    "reciprocal": lambda x: Power(x, MINUS_ONE),
    "rsqrt": lambda x: Power(Call("sqrt", x), MINUS_ONE),
    "cbrt": lambda x: Power(x, Number(Fraction(1, 3))),
    "silu": silu,
    "softsign": lambda x: quotient(x, Sum(ONE, Call("abs", x))),
    "log_sigmoid": lambda x: negative(Call("softplus", negative(x))),
    "erfc": lambda x: Sum(ONE, negative(Call("erf", x))),
    "deg2rad": lambda x: Product(quotient(PI, Number(180)), x),
    "relu6": lambda x: Call("min", Call("relu", x), Number(6)),
    "mish": lambda x: Product(x, Call("tanh", Call("softplus", x))),
}


def composed(name: str) -> Callable[[Array], Array]:
    """A function that is made of those of the language."""
    rule = COMPOSED[name]
    return lambda a: mapped(a, rule)
