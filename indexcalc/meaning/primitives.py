r"""Inverses, determinants and their like while a document is read.

A primitive belongs to a sheet, and sheets are made when a step is judged: until then its elements are tensors with a
name of their own, and what it is applied to is kept beside them (`Scope.primitives`). `grown` makes them real.

    \Sigma^{-1}   inv(Sigma)      |\Sigma|, \det \Sigma   det(Sigma)      \log|\Sigma|   logdet(Sigma)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from indexcalc.calculus.primitives import PRIMITIVES, applied
from indexcalc.indices import Index
from indexcalc.meaning import groups
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.value import Value
from indexcalc.sheet import Fact, Sheet
from indexcalc.terms import (
    MINUS_ONE,
    ONE,
    Call,
    Number,
    Power,
    Product,
    Sum,
    Tensor,
    Term,
    factors_of,
    in_order,
    size_of,
)
from indexcalc.walk import replace_tensors, substitute

if TYPE_CHECKING:
    from indexcalc.meaning.scope import Scope

MARK = "@"  # no name in a text begins with it


@dataclass(frozen=True)
class Pending:
    """A primitive of which the sheet is not yet made: what it is applied to, each term with its open axes.

    axes: of its tensor, the batch first, then the result.
    """

    kind: str
    arguments: tuple[tuple[Term, tuple[Index, ...]], ...]
    batch: tuple[Index, ...]
    result: tuple[Index, ...]

    @property
    def symbols(self) -> frozenset[str]:
        """The names of the tensors that it is applied to."""
        return frozenset(name for term, _ in self.arguments for name in term.symbols)

    def changed(self, change: Callable[[Term], Term], index: Callable[[Index], Index]) -> Pending:
        """The primitive with its terms and indices changed."""
        arguments = tuple((change(term), tuple(map(index, axes))) for term, axes in self.arguments)
        return Pending(self.kind, arguments, tuple(map(index, self.batch)), tuple(map(index, self.result)))


def is_pending(name: str) -> bool:
    """Whether a name is that of a primitive that is not yet made."""
    return name.startswith(MARK)


def primitive(kind: str, value: Value, scope: Scope) -> Value:
    """A primitive of a matrix. Raises UnclearError where its axes do not fit."""
    row = PRIMITIVES[kind]
    if value.order != 2 or len(value.axes) != 2:
        raise UnclearError(f"{WORDS.get(kind, kind)} of what is no matrix", shape=True)
    if row.square:
        scope.ranges.join(value.axes[0].range, value.axes[1].range)
    batch = in_order(value.term.free.difference(value.axes))
    own = {old: Index("~own", old.range, place) for place, old in enumerate((*batch, *value.axes), 1)}
    term = substitute(value.term, own)
    open_axes = tuple(own[axis] for axis in value.axes)
    result = tuple(Index("~result", open_axes[place].range, number) for number, (_, place) in enumerate(row.like, 1))
    made = Pending(kind, ((term, open_axes),), tuple(own[axis] for axis in batch), result)
    name = next((name for name, each in scope.primitives.items() if each == made), f"{MARK}{len(scope.primitives) + 1}")
    scope.primitives[name] = made
    axes = tuple(scope.fresh("ijkl"[number % 4], axis.range) for number, axis in enumerate(result))
    return Value(Tensor(name, (*batch, *axes)), axes, fits=value.fits and kind == "inv")


WORDS = {"inv": "the inverse", "det": "a determinant", "logdet": "a determinant", "sqrtm": "the root"}


def _inverted(value: Value, scope: Scope) -> Value:
    """The inverse of a Kronecker product: the product of the inverses."""
    if not value.factors:
        raise UnclearError("the inverse of a sum of Kronecker products")
    result: Value | None = None
    for each in value.factors:
        one = inverse(groups.plain(each), scope)
        result = one if result is None else groups.kronecker(result, one)
    assert result is not None
    return result


def _determined(value: Value, scope: Scope) -> Value:
    """The determinant of a Kronecker product of square matrices, each to the power of the sizes of the others."""
    if not value.factors:
        raise UnclearError("the determinant of a sum of Kronecker products")
    found = []
    for each in value.factors:
        sizes = [size_of(other.axes[0].range) for other in value.factors if other is not each]
        found.append(Power(determinant(groups.plain(each), scope).term, Product(*sizes)))
    return Value(Product(*found) if found else ONE)


LARGEST = 4  # rows of a matrix that is written out whose determinant is


def determinant(value: Value, scope: Scope) -> Value:
    """The determinant of a matrix; of one that is written out the sum of products (Leibniz)."""
    if value.order == 0:
        return value
    if value.groups:
        return _determined(value, scope)
    entries = value.entries
    if entries and len(entries) == len(entries[0]) <= LARGEST:
        return Value(_expanded(entries))
    return primitive("det", value, scope)


def _expanded(entries: tuple[tuple[Term, ...], ...]) -> Term:
    """A determinant by its first row."""
    if not entries:
        return ONE
    first, *rest = entries
    terms = []
    for place, entry in enumerate(first):
        minor = tuple(row[:place] + row[place + 1 :] for row in rest)
        sign = MINUS_ONE if place % 2 else ONE
        terms.append(Product(sign, entry, _expanded(minor)))
    return Sum(*terms)


def inverse(value: Value, scope: Scope) -> Value:
    """The inverse of a matrix."""
    if value.groups:
        return _inverted(value, scope)
    return primitive("inv", value, scope)


def logarithm(term: Term, scope: Scope) -> Term:
    """The logarithm of a number: of determinants in a product the logarithm of their size, each by itself."""
    factors = factors_of(term)
    parts: list[Term] = []
    rest: list[Term] = []
    for factor in factors:
        base, exponent = (factor.base, factor.exponent) if isinstance(factor, Power) else (factor, ONE)
        made = scope.primitives.get(base.name) if isinstance(base, Tensor) else None
        if made is not None and made.kind == "det" and isinstance(base, Tensor):
            parts.append(Product(exponent, _again("logdet", made, base, scope)))
        else:
            rest.append(factor)
    other = Product(*rest)
    if not parts or (isinstance(other, Number) and other.value <= 0):
        return Call("log", term)
    return Sum(*parts) if other is ONE else Sum(*parts, Call("log", other))


def _again(kind: str, made: Pending, tensor: Tensor, scope: Scope) -> Term:
    """Another primitive of the same matrix, without a result of its own."""
    new = Pending(kind, made.arguments, made.batch, ())
    name = next((name for name, each in scope.primitives.items() if each == new), f"{MARK}{len(scope.primitives) + 1}")
    scope.primitives[name] = new
    return Tensor(name, tensor.slots)


def exponential(value: Value, scope: Scope) -> Value:
    """exp of a number, or of each element of an array; of a square matrix as a whole, if the text speaks of that."""
    if scope.known.exponentials and is_square(value, scope):
        return primitive("expm", value, scope)
    return value.with_term(Call("exp", value.term))


def is_square(value: Value, scope: Scope) -> bool:
    """Whether a value is a matrix whose rows and columns are known to run over the same."""
    ranges = [axis.range for axis in value.axes]
    return value.order == len(ranges) == 2 and not value.groups and scope.ranges.same(*ranges)


HALVES = {Fraction(1, 2): ("sqrtm",), Fraction(-1, 2): ("sqrtm", "inv")}


def root(value: Value, exponent: Fraction, scope: Scope) -> Value | None:
    """The square root of a matrix, or the inverse of it; none for another exponent."""
    kinds = HALVES.get(exponent)
    for kind in kinds or ():
        value = primitive(kind, value, scope)
    return value if kinds else None


# ----- Making them real --------------------------------------------------------------------------------------------


def grown(
    sheet: Sheet, pending: Mapping[str, Pending], sides: Iterable[Term]
) -> tuple[Sheet, list[Term]]:
    """The sheet with primitives that are pending, and the sides with their elements in place of the pending ones.

    Definitions and facts of the sheet are changed as the sides are.
    """
    made: dict[str, tuple[tuple[Index, ...], Tensor]] = {}

    def element(tensor: Tensor) -> Term | None:
        found = made.get(tensor.name)
        return None if found is None else substitute(found[1], dict(zip(found[0], tensor.slots, strict=True)))

    def real(term: Term) -> Term:
        return replace_tensors(term, element) if any(map(is_pending, term.symbols)) else term

    for name in _inner_first(pending):
        each = pending[name]
        arguments = [(real(term), axes) for term, axes in each.arguments]
        sheet, tensor = applied(sheet, each.kind, arguments, each.result)
        made[name] = ((*each.batch, *each.result), tensor)
    definitions = {name: replace(one, body=real(one.body)) for name, one in sheet.definitions.items()}
    facts = tuple(Fact(real(fact.left), fact.relation, real(fact.right)) for fact in sheet.facts)
    slots = {name: ranges for name, ranges in sheet.slots.items() if not is_pending(name)}
    order = tuple(name for name in sheet.order if not is_pending(name))
    sheet = replace(sheet, definitions=definitions, facts=facts, slots=slots, order=order)
    return sheet, [real(side) for side in sides]


def _inner_first(pending: Mapping[str, Pending]) -> list[str]:
    """The names, each behind those that it is applied to."""
    done: dict[str, None] = {}

    def visit(name: str) -> None:
        for inner in sorted(pending[name].symbols):
            if inner in pending and inner not in done:
                visit(inner)
        done[name] = None

    for name in pending:
        if name not in done:
            visit(name)
    return list(done)

