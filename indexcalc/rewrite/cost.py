"""What a form costs a reader: of several equal forms the cheapest is shown, unless it loses digits.

The cost is about the number of signs in print: an index half a sign, a tensor one and a half beside its indices, and
an operation one; a minus in a sum is its operation. A shared subterm is read, and counted, each time.
"""

from __future__ import annotations

from collections.abc import Callable

from indexcalc.terms import (
    MINUS_ONE,
    Binder,
    Call,
    Constraint,
    Delta,
    Derivative,
    Epsilon,
    Indicator,
    Number,
    Power,
    Product,
    Size,
    Sum,
    Tensor,
    Term,
    Where,
    coefficient_and_rest,
    coefficient_of,
    factors_of,
    negative,
)
from indexcalc.walk import parts, subterms


def _rule(term: Term, rec: Callable[[Term], float]) -> float:
    inside = sum(map(rec, parts(term)))
    match term:
        case Number() | Size():
            return 0.5 if term is MINUS_ONE else 1.0
        case Tensor() | Delta() | Epsilon():
            return 1.5 + 0.5 * len(term.slots)
        case Sum(terms):
            signs = [coefficient_of(each) < 0 for each in terms]
            sizes = (rec(negative(each)) if sign else rec(each) for each, sign in zip(terms, signs, strict=True))
            return sum(sizes) + len(terms) - 1 + 0.5 * all(signs)
        case Product():
            return inside + len(term.fields) - 1
        case Power(base, exponent):
            return rec(base) + 1 if exponent is MINUS_ONE else inside + 0.5
        case Call("sqrt", _):
            return inside + 1
        case Call() | Derivative():
            return inside + 2
        case Binder():
            return inside + 1 + 0.5 * len(term.bound)
        case Constraint(_, form, _):
            return 1.5 + len(form.letters)
        case Indicator() | Where():
            return inside + 3
    raise TypeError(f"no rule for {type(term).__name__}")


def cost(term: Term) -> float:
    """The cost of reading a term."""
    try:
        return term.cost
    except AttributeError:
        found = term.cost = _rule(term, cost)
        return found


Shape = tuple[tuple[float, tuple[str, ...]], ...]  # the addends of a sum, without signs: the same in other letters


def loses_differences(form: Term, other: Term) -> bool:
    """Whether a form has products of differences multiplied out that another form keeps, into new differences.

    (x - m)^2 - v keeps its digits where x and m are large and nearly equal, x^2 - 2*m*x + w loses all of them.
    """
    lost = _multiplied(other) - _multiplied(form)
    return bool(lost) and not _differences(form) <= _differences(other)


def _multiplied(term: Term) -> set[Shape]:
    """The differences that stand in a term as factors of a product with others, or squared."""
    found: set[Shape] = set()
    for each in subterms(term):
        bases = [_base(factor) for factor in factors_of(each)]
        shapes = [_shape(base) for base, degree in bases for _ in range(degree) if _is_difference(base)]
        found.update(shapes if len(shapes) > 1 else ())
    return found


def _differences(term: Term) -> set[Shape]:
    return {_shape(each) for each in subterms(term) if _is_difference(each)}


def _base(factor: Term) -> tuple[Term, int]:
    """The base of a power, and 2 for any exponent from 2 on."""
    match factor:
        case Power(base, Number(value)):
            return base, 2 if value >= 2 else 1
    return factor, 1


def _is_difference(term: Term) -> bool:
    return isinstance(term, Sum) and len({coefficient_of(each) < 0 for each in term.terms}) > 1


def _shape(term: Term) -> Shape:
    found: list[tuple[float, tuple[str, ...]]] = []
    for each in parts(term):
        number, rest = coefficient_and_rest(each)
        found.append((abs(float(number)), tuple(sorted(rest.symbols))))
    return tuple(sorted(found))
