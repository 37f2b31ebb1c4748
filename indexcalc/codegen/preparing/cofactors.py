"""The cofactors of a matrix in place of its determinant times its inverse, which a singular matrix does not have.

    det(A)*inv(A)  is  adj(A),  the transposed matrix of cofactors, which is a polynomial in the elements

The derivative of a determinant is one: it is smooth at singular matrices too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from indexcalc.sheet import Primitive, Sheet
from indexcalc.terms import (
    MINUS_ONE,
    Contraction,
    Index,
    Number,
    Power,
    Product,
    Sum,
    Tensor,
    Term,
    factors_of,
    terms_of,
)
from indexcalc.walk import mapped

Targets = Mapping[str, tuple[Term, tuple[Index, ...]]]
KIND = "adj"


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
        factors = list(factors_of(term))
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
                return Product(Power(base, Sum(exponent, MINUS_ONE)), taken)
        return term

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
                parts = [self._absorbed(each, matrix, det) for each in terms_of(term)]
                found = [each for each in parts if each is not None]
                return Sum(*found) if len(found) == len(parts) else None
        return None

    def _cofactors(self, inverse: Primitive) -> str:
        name = KIND + inverse.name.removeprefix("inv")
        if name not in self.sheet.primitives:
            self.sheet = self.sheet.with_primitive(replace(inverse, name=name, kind=KIND))
        return name


def _matrix_of(made: Primitive, element: Tensor) -> object:
    """The matrix that a primitive is of: its name, and what stands at each slot, a batch at that of the element."""
    places = dict(zip(made.axes, element.slots, strict=True))
    matrix = {index: f"matrix {place}" for place, index in enumerate(made.matrices[0])}
    operand = made.operands[0]
    return operand.name, tuple(matrix.get(slot) or places.get(slot, slot) for slot in operand.slots)
