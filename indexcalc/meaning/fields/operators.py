r"""Operators written as products: (v \\cdot \\nabla) u, the Laplacian \\Delta u."""

from __future__ import annotations

from dataclasses import replace

from indexcalc.meaning.fields.nabla import along, anything, has_frame
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.tensors import Read, renewed
from indexcalc.meaning.value import Value
from indexcalc.notation.formula import Bracket, Formula, Nabla, Name, Product


def is_gradient(formula: Formula) -> bool:
    """Whether a formula is nabla before a field, or alone, without a variable below it."""
    return isinstance(formula, Nabla) and formula.sign == "nabla" and formula.below is None and formula.way == ""


def is_along(formula: Formula) -> bool:
    r"""Whether a formula is (v \\cdot \\nabla): it differentiates what stands behind it."""
    if not isinstance(formula, Bracket) or not isinstance(formula.body, Product):
        return False
    operator, last = formula.body.factors[-1]
    return operator == "dot" and is_gradient(last) and isinstance(last, Nabla) and last.body is None


def is_laplacian(formula: Formula, operator: str, scope: Scope) -> bool:
    r"""Whether \Delta before a field is the Laplacian, in a text that speaks of it."""
    is_delta = isinstance(formula, Name) and formula.letter == "Delta" and formula.font in ("", "plain")
    return is_delta and scope.known.laplacian and has_frame(scope) and operator in ("", "juxtaposed")


def with_body(formula: Bracket, body: Formula) -> Formula:
    r"""(v \\cdot \\nabla) u as v \\cdot \\nabla u."""
    product = formula.body
    assert isinstance(product, Product)
    operator, last = product.factors[-1]
    assert isinstance(last, Nabla)
    return replace(product, factors=(*product.factors[:-1], (operator, replace(last, body=body))))


def along_vector(factors: list[tuple[str, Formula]], scope: Scope, read: Read) -> Value | None:
    r"""The derivative along a vector: v \cdot \nabla u; none for any other product."""
    signs = (place for place, (operator, each) in enumerate(factors) if operator == "dot" and is_gradient(each))
    place = next(signs, 0)
    if not place or place != len(factors) - 1 or not has_frame(scope):
        return None
    sign = factors[place][1]
    assert isinstance(sign, Nabla)
    direction = renewed(read(Product(tuple(factors[:place])) if place > 1 else factors[0][1], scope), scope)
    if direction.order != 1:
        return None
    return along(direction, anything(scope) if sign.body is None else read(sign.body, scope), scope)
