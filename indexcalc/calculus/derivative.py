"""Differentiate one term: where a tensor occurs, and what stands around each occurrence.

    d term / d x[m] = sum over the occurrences x[i] of  sum[scope](cofactor * delta[i,m])

The cofactor of an occurrence is the product of everything around it; the scope holds the indices summed on the way down
to it. No other form of a derivative is ever built: contracting the deltas is the business of `rewrite`.

    x^n -> n*x^(n-1)                     where(c, x, y) -> where(c, dx, 0) and where(c, 0, dy)
    f(x) -> f'(x)                        x^y -> x^y*log(x) for the exponent
    prod[k](x[k]) -> prod[l](where(l == k, 1, x[l]))
    max[k](x[k]) -> 1[x[k] == max]/sum[l](1[x[l] == max])

The places where a maximum is attained share its slope equally, however many they are, by chance or by form. Where a
function is taken of what is the same number for all arguments, as on the diagonal of a distance, the slope is 0 (see
`constants`). A condition is not differentiated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from indexcalc.calculus.constants import NO_SHEET, Constants
from indexcalc.calculus.functions import known, slopes
from indexcalc.errors import IndexcalcError
from indexcalc.terms import (
    MINUS_ONE,
    NOTHING,
    ONE,
    ZERO,
    Binder,
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
    in_order,
    quotient,
)
from indexcalc.walk import fresh, freshened, substitute

MOST_FACTORS = 40_000  # of all addends of the derivative of one product, about two seconds


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place of a tensor in a term, what stands around it, and the indices summed on the way to it."""

    tensor: Tensor
    cofactor: Term
    scope: frozenset[Index]

    def times(self, factor: Term) -> Occurrence:
        """The occurrence with a factor that stood outside."""
        kept = self.apart(factor.free)
        return Occurrence(kept.tensor, Product(kept.cofactor, factor), kept.scope)

    def apart(self, taken: frozenset[Index]) -> Occurrence:
        """The occurrence with no index of its scope among those taken."""
        clashes = in_order(self.scope & taken)
        if not clashes:
            return self
        busy = set(taken | self.scope | self.cofactor.indices | self.tensor.indices)
        renaming: dict[Index, Index] = {}
        for index in clashes:
            renaming[index] = fresh(index, busy)
            busy.add(renaming[index])
        slots = tuple(renaming.get(slot, slot) for slot in self.tensor.slots)
        scope = frozenset(renaming.get(index, index) for index in self.scope)
        return Occurrence(Tensor(self.tensor.name, slots), substitute(self.cofactor, renaming), scope)

    def derivative(self, slots: tuple[Index, ...]) -> Term:
        """What this occurrence adds to the derivative by the tensor at these slots (in no scope)."""
        deltas = (Delta(own, slot) for own, slot in zip(self.tensor.slots, slots, strict=True))
        return Contraction(self.scope, Product(self.cofactor, *deltas))


def occurrences(term: Term, names: frozenset[str], constants: Constants = NO_SHEET) -> Iterator[Occurrence]:
    """Every place in a term where one of these tensors occurs.

    `constants` knows where a term is the same number for all arguments.
    Raises IndexcalcError for what has no derivative.
    """
    if names.isdisjoint(term.symbols):
        return
    match term:
        case Tensor():
            yield Occurrence(term, ONE, NOTHING)
        case Sum(terms):
            for each in terms:
                yield from occurrences(each, names, constants)
        case Product(factors):
            yield from _inside_product(factors, names, constants)
        case Power(base, exponent):
            slope = constants.guarded(term, base, Product(exponent, Power(base, Sum(exponent, MINUS_ONE))))
            yield from (found.times(slope) for found in occurrences(base, names, constants))
            slope = Product(term, Call("log", base))
            yield from (found.times(slope) for found in occurrences(exponent, names, constants))
        case Call():
            if not names.isdisjoint(term.symbols):
                for by, argument in zip(slopes(term), term.arguments, strict=True):
                    inner = list(occurrences(argument, names, constants))
                    if inner:
                        slope = constants.guarded(term, argument, known(term, by))
                        yield from (found.times(slope) for found in inner)
        case Binder():
            yield from _inside_binder(term, names, constants)
        case Where(condition, then, otherwise):
            for found in occurrences(then, names, constants):
                yield _guarded(found, condition, chosen=True)
            for found in occurrences(otherwise, names, constants):
                yield _guarded(found, condition, chosen=False)
        case Number() | Size() | Delta() | Epsilon() | Indicator() | Constraint():
            return
        case Derivative():
            raise TypeError("a derivative must be worked out before it is differentiated")
        case _:
            raise TypeError(f"no rule for {type(term).__name__}")


def _guarded(found: Occurrence, condition: Term, chosen: bool) -> Occurrence:
    found = found.apart(condition.free)
    branches = (found.cofactor, ZERO) if chosen else (ZERO, found.cofactor)
    return Occurrence(found.tensor, Where(condition, *branches), found.scope)


def _inside_product(factors: tuple[Term, ...], names: frozenset[str], constants: Constants) -> Iterator[Occurrence]:
    """Those in each factor that moves; equal factors have the same, which are worked out once."""
    moving = Counter(factor for factor in factors if not names.isdisjoint(factor.symbols))
    if len(moving) * len(factors) > MOST_FACTORS:
        raise IndexcalcError(
            f"a product of {len(factors)} factors, of which {len(moving)} differ and move, has too long a derivative",
            "Give parts of the product names by definitions, or write it as prod[k](...)",
        )
    for factor, times in moving.items():
        place = factors.index(factor)
        others = Product(*factors[:place], *factors[place + 1 :])
        addends = [found.times(others) for found in occurrences(factor, names, constants)]
        for _ in range(times):
            yield from addends


def _inside_binder(term: Binder, names: frozenset[str], constants: Constants) -> Iterator[Occurrence]:
    bound, body = freshened(term, term.free)
    for found in occurrences(body, names, constants):
        found = found.apart(frozenset(bound))
        around = _around(term, bound, body)
        whole = found.times(around)
        yield Occurrence(whole.tensor, whole.cofactor, whole.scope.union(bound))


def _around(term: Binder, bound: tuple[Index, ...], body: Term) -> Term:
    """The derivative of a reduction by its body at one place."""
    match term:
        case Contraction():
            return ONE
        case Reduction(kind):
            if kind == "prod":
                return _product_of_others(kind, bound, body)
            return _share(term, bound, body)
    raise TypeError(f"no rule for {type(term).__name__}")


def _share(term: Reduction, bound: tuple[Index, ...], body: Term) -> Term:
    """1 where the extreme is attained, over the number of places where it is."""
    extreme = Reduction(term.kind, bound, body)
    chosen = Indicator("==", body, extreme)
    copies, other = _copied(bound, body)
    return quotient(chosen, Contraction(copies, Indicator("==", other, extreme)))


def _copied(bound: tuple[Index, ...], body: Term) -> tuple[tuple[Index, ...], Term]:
    """The body at other indices."""
    taken = set(body.indices.union(bound))
    renaming: dict[Index, Index] = {}
    for index in bound:
        renaming[index] = fresh(index, taken)
        taken.add(renaming[index])
    return tuple(renaming.values()), substitute(body, renaming)


def _product_of_others(kind: str, bound: tuple[Index, ...], body: Term) -> Term:
    """prod over all places but this one: exact where a factor is 0."""
    copies, other = _copied(bound, body)
    inside: Term = ONE
    for index, copy in reversed(list(zip(bound, copies, strict=True))):
        inside = Where(Delta(index, copy), inside, other)
    return Reduction(kind, copies, inside)
