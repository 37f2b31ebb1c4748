"""The cofactors of a matrix in place of its determinant times its inverse, which a singular matrix does not have.

    det(A)*inv(A)  is  adj(A),  the transposed matrix of cofactors, which is a polynomial in the elements
    det(A)*(inv(A)[j,i]*inv(A)[l,k] - inv(A)[j,k]*inv(A)[l,i])  is  adj2(A)[j,i,l,k],  one as well

The derivatives of a determinant are these: it is smooth at singular matrices too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from indexcalc.canonical import canonical
from indexcalc.sheet import Primitive, Sheet
from indexcalc.terms import (
    MINUS_ONE,
    ZERO,
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
    terms_of,
)
from indexcalc.walk import mapped

Targets = Mapping[str, tuple[Term, tuple[Index, ...]]]
KIND, SECOND = "adj", "adj2"
Bound = Iterable[Index]


def with_cofactors(targets: Targets, sheet: Sheet) -> tuple[Targets, Sheet]:
    """Terms and definitions with cofactors where both of a determinant and of its inverse are factors."""
    kinds = {made.kind for made in sheet.primitives.values()}
    if not {"det", "inv"} <= kinds:
        return targets, sheet
    work = _Cofactors(sheet)
    changed = {name: (work(term), axes) for name, (term, axes) in targets.items()}
    definitions = {name: replace(each, body=work(each.body)) for name, each in sheet.definitions.items()}
    if work.sheet is sheet:
        return targets, sheet
    return changed, replace(work.sheet, definitions=definitions)


@dataclass
class _Cofactors:
    """Puts them in; the sheet grows by those that are needed."""

    sheet: Sheet

    def __call__(self, term: Term) -> Term:
        """A term with cofactors."""
        if not any(name in self.sheet.primitives for name in term.symbols):
            return term
        term = mapped(term, self)
        return self._product(term) if isinstance(term, Product) else term

    def _product(self, term: Product) -> Term:
        factors = [each for factor in factors_of(term) for each in factors_of(self._opened(factor))]
        for place, factor in enumerate(factors):
            base, exponent = (factor.base, factor.exponent) if isinstance(factor, Power) else (factor, Number(1))
            made = self.sheet.primitives.get(base.name) if isinstance(base, Tensor) else None
            is_power = isinstance(exponent, Number) and exponent.value >= 1
            if made is None or made.kind != "det" or not is_power or made.operands[0].name in self.sheet.definite:
                continue
            assert isinstance(base, Tensor)
            rest = Product(*(each for other, each in enumerate(factors) if other != place))
            taken = self._absorbed(rest, _matrix_of(made, base), base)
            if taken is not None:
                left = Product(Power(base, Sum(exponent, MINUS_ONE)), taken)
                return self._product(left) if isinstance(left, Product) else left
        return term

    def _opened(self, factor: Term) -> Term:
        """A power of a determinant, times a number, in place of the name that it has."""
        body = self.sheet.inline(factor) if isinstance(factor, Tensor) else None
        if body is None:
            return factor
        bases = [each.base if isinstance(each, Power) else each for each in factors_of(body)]
        kinds = {made.kind if (made := self._made(base)) else "" for base in bases if not isinstance(base, Number)}
        return body if kinds == {"det"} else factor

    def _made(self, base: Term) -> Primitive | None:
        return self.sheet.primitives.get(base.name) if isinstance(base, Tensor) else None

    def _absorbed(self, term: Term, matrix: object, det: Tensor) -> Term | None:
        """A term times the determinant, where each addend has the inverse as a factor; none where one has not."""
        match term:
            case Tensor():
                made = self.sheet.primitives.get(term.name)
                if made is None or made.kind != "inv" or _matrix_of(made, term) != matrix:
                    return None
                return Tensor(self._cofactors(made), term.slots)
            case Contraction(bound, body) if det.free.isdisjoint(bound):
                inner = self._absorbed(body, matrix, det)
                return None if inner is None else Contraction(bound, inner)
            case Product():
                factors = list(factors_of(term))
                for place, factor in enumerate(factors):
                    inner = self._absorbed(factor, matrix, det)
                    if inner is not None:
                        return Product(*factors[:place], inner, *factors[place + 1 :])
            case Sum():
                term, second = self._in_pairs(term, matrix)
                if second:
                    rest = self._absorbed(term, matrix, det) if term is not ZERO else ZERO
                    return None if rest is None else Sum(*second, rest)
                parts = [self._absorbed(each, matrix, det) for each in terms_of(term)]
                found = [each for each in parts if each is not None]
                return Sum(*found) if len(found) == len(parts) else None
        return None

    def _in_pairs(self, term: Sum, matrix: object) -> tuple[Term, list[Term]]:
        """The addends that are left, and what those are that differ by an exchange of columns of two inverses."""
        left, found = list(terms_of(term)), list[Term]()
        for each in terms_of(term):
            if each not in left or (parts := self._two_inverses(each, matrix)) is None:
                continue
            bound, rest, (one, other) = parts
            turned = Product(rest, *(self._element(one, [slot, at]) for slot, at in self._exchanged(one, other)))
            partner = canonical(negative(Contraction(bound, turned)))
            same = next((term for term in left if term is not each and canonical(term) is partner), None)
            if same is not None:
                left = [term for term in left if term is not each and term is not same]
                slots = [slot for pair in self._pairs(one, other) for slot in pair]
                found.append(Contraction(bound, Product(rest, self._second(one, slots))))
        return Sum(*left), found

    def _two_inverses(self, term: Term, matrix: object) -> tuple[Bound, Term, tuple[Tensor, Tensor]] | None:
        """The bound indices of an addend, its other factors, and the two inverses of the matrix in it."""
        bound, body = (term.bound, term.body) if isinstance(term, Contraction) else (frozenset[Index](), term)
        factors = [each for factor in factors_of(body) for each in _twice(factor)]
        own = [
            each for each in factors
            if isinstance(each, Tensor) and (made := self._made(each)) and made.kind == "inv"
            and _matrix_of(made, each) == matrix
        ]  # fmt: skip
        if len(own) != 2:
            return None
        rest = Product(*(each for each in factors if each not in own))
        return bound, rest, (own[0], own[1])

    def _pairs(self, *elements: Tensor) -> list[tuple[Index, Index]]:
        """Row and column of elements of an inverse."""
        made = self.sheet.primitives[elements[0].name]
        places = [made.axes.index(axis) for axis in made.result]
        return [(each.slots[places[0]], each.slots[places[1]]) for each in elements]

    def _exchanged(self, one: Tensor, other: Tensor) -> list[tuple[Index, Index]]:
        (row, column), (second_row, second_column) = self._pairs(one, other)
        return [(row, second_column), (second_row, column)]

    def _element(self, like: Tensor, slots: list[Index]) -> Tensor:
        made = self.sheet.primitives[like.name]
        places = dict(zip(made.axes, like.slots, strict=True)) | dict(zip(made.result, slots, strict=True))
        return Tensor(like.name, tuple(places[axis] for axis in made.axes))

    def _second(self, like: Tensor, slots: list[Index]) -> Tensor:
        """An element of det times inv times inv, made antisymmetric."""
        inverse = self.sheet.primitives[like.name]
        name = SECOND + inverse.name.removeprefix("inv")
        result = tuple(Index("v", axis.range, place) for place, axis in enumerate(inverse.result * 2, 1))
        axes = (*inverse.batch, *result)
        if name not in self.sheet.primitives:
            made = replace(inverse, name=name, kind=SECOND, axes=axes, result=result)
            self.sheet = self.sheet.with_primitive(made)
        places = dict(zip(inverse.axes, like.slots, strict=True)) | dict(zip(result, slots, strict=True))
        return Tensor(name, tuple(places[axis] for axis in axes))

    def _cofactors(self, inverse: Primitive) -> str:
        name = KIND + inverse.name.removeprefix("inv")
        if name not in self.sheet.primitives:
            self.sheet = self.sheet.with_primitive(replace(inverse, name=name, kind=KIND))
        return name


def _twice(factor: Term) -> tuple[Term, ...]:
    """A square as two factors."""
    is_square = isinstance(factor, Power) and isinstance(factor.exponent, Number) and factor.exponent.value == 2
    return (factor.base, factor.base) if isinstance(factor, Power) and is_square else (factor,)


def _matrix_of(made: Primitive, element: Tensor) -> object:
    """The matrix that a primitive is of: its name, and what stands at each slot, a batch at that of the element."""
    places = dict(zip(made.axes, element.slots, strict=True))
    matrix = {index: f"matrix {place}" for place, index in enumerate(made.matrices[0])}
    operand = made.operands[0]
    return operand.name, tuple(matrix.get(slot) or places.get(slot, slot) for slot in operand.slots)
