"""What a form costs a reader: of several equal forms the cheapest is shown.

The cost is about the number of signs in print: an index half a sign, a tensor one and a half beside its indices, and
an operation one; a minus in a sum is its operation. A shared subterm is read, and counted, each time.
"""

from __future__ import annotations

from indexcalc.terms import (
    MINUS_ONE,
    Binder,
    Call,
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
    negative,
)
from indexcalc.walk import Memo, parts


def _rule(term: Term, rec: Memo[float]) -> float:
    inside = sum(map(rec, parts(term)))
    match term:
        case Number() | Size():
            return 0.5 if term is MINUS_ONE else 1.0
        case Tensor() | Delta() | Epsilon():
            return 1.5 + 0.5 * len(term.slots)
        case Sum(terms):
            signs = [coefficient_and_rest(each)[0] < 0 for each in terms]
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
        case Indicator() | Where():
            return inside + 3
    raise TypeError(f"no rule for {type(term).__name__}")


def cost(term: Term) -> float:
    """The cost of reading a term."""
    return Memo(_rule)(term)
