r"""Differentials: d(X^{-1}) = -X^{-1} (dX) X^{-1}, d\ell = \operatorname{tr}(G^\top dX).

A letter d before a name, a bracket or a function is a sign of differentiation in a statement of which every term has
one, if it is upright or the text speaks of differentials. What varies is what such a sign stands before by itself and
nothing defines: dX is a tensor like X; d of anything else is its derivative by all that varies, times that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from indexcalc.context.knowledge import Knowledge
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.tensors import Read, tensor
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import (
    Applied,
    Bars,
    Bracket,
    Differential,
    Formula,
    Mark,
    Name,
    Numeral,
    Opaque,
    Product,
    Quotient,
    Scripted,
    Signed,
    Sum,
    Table,
    changed,
    walk,
)
from indexcalc.terms import Contraction, Derivative, Tensor, Term
from indexcalc.terms import Product as TermProduct
from indexcalc.terms import Sum as TermSum

SPOKEN_OF = re.compile(r"\bdifferentials?\b|\bdiff\w+rentielles?\b|\bDifferentiale?\b", re.IGNORECASE)
DERIVING = re.compile(r"\bdifferenti\w+", re.IGNORECASE)
UNEVEN = -1  # terms with different numbers of signs


def with_differentials(sides: Sequence[Formula], prose: str, is_sign: bool = False) -> list[Formula]:
    """The sides of a statement with its signs of differentiation read; as they are, where there are none.

    prose: the words of the text. An italic d is such a sign where they speak of differentials; and before capital
    letters, brackets and functions only where they speak of differentiating, or the text has no other d (is_sign).
    """
    for font in ("upright", ""):
        degrees = {_degree(side, font) for side in sides if not _is_zero(side)}
        if degrees == {1}:
            found = [_marked(side, font) for side in sides]
            spoken = font or SPOKEN_OF.search(prose)
            if spoken or ((is_sign or DERIVING.search(prose)) and all(map(_of_matrices, found))):
                return found
    return list(sides)


def is_no_letter(statements: Iterable[Sequence[Formula]]) -> bool:
    """Whether the letter d stands in a text as a sign of differentiation only: each term of a statement has one."""
    for sides in statements:
        degrees = {_degree(side, "") for side in sides if not _is_zero(side)}
        read = [_marked(side, "") for side in sides] if degrees == {1} and len(sides) > 1 else sides
        if any(_is_sign(each, "") for side in read for each in walk(side)):
            return False
    return True


def _of_matrices(formula: Formula) -> bool:
    """Whether all signs stand before brackets, functions and capital letters."""
    bodies = [each.body for each in walk(formula) if isinstance(each, Differential)]
    bases = [body.base if isinstance(body, Scripted) else body for body in bodies]
    return all(not isinstance(base, Name) or base.letter[:1].isupper() for base in bases)


def may_be_differentials(sides: Iterable[Formula]) -> bool:
    """Whether a letter d stands in every term of all sides before what it may differentiate, and nothing says so."""
    every = [side for side in sides if not _is_zero(side)]
    signs = [part for side in every for part in walk(side) if any(_is_sign(part, font) for font in ("upright", ""))]
    return bool(signs) and any({_degree(side, font) for side in every} == {1} for font in ("upright", ""))


def varied_in(sides: Iterable[Formula], known: Knowledge) -> tuple[str, ...]:
    """The names that signs of differentiation stand before by themselves."""
    found: dict[str, None] = {}
    for side in sides:
        for each in walk(side):
            if isinstance(each, Differential) and isinstance(each.body, Name | Scripted):
                use = known.use(each.body)
                if use is not None and use.power is None:
                    found[use.name] = None
    return tuple(found)


def _is_zero(formula: Formula) -> bool:
    return isinstance(formula, Numeral) and formula.exact == 0


def _is_sign(formula: Formula, font: str) -> bool:
    return isinstance(formula, Name) and formula.letter == "d" and formula.font == font and not formula.accents


def _is_operand(formula: Formula) -> bool:
    """Whether a sign of differentiation may stand before a formula."""
    base = formula.base if isinstance(formula, Scripted) else formula
    return isinstance(base, Name | Bracket | Applied | Bars | Table)


def _degree(formula: Formula, font: str) -> int:
    """How many signs of differentiation each term of a formula has."""
    match formula:
        case Name():
            return UNEVEN if _is_sign(formula, font) else 0
        case Numeral() | Mark():
            return 0
        case Differential():
            return 1
        case Product(factors):
            return _degree_of_product([each for _, each in factors], font)
        case Sum(terms):
            degrees = {_degree(term, font) for _, term in terms}
            return degrees.pop() if len(degrees) == 1 else UNEVEN
        case Signed(_, body) | Bracket(_, body):
            return _degree(body, font)
        case Applied("tr" | "vec" | "diag", Formula() as argument):
            return _degree(argument, font)
        case Quotient(above, below):
            return _degree(above, font) if _degree(below, font) == 0 else UNEVEN
        case Scripted(base, _, above, _):
            inner = _degree(base, font)
            return inner if inner == 0 or _is_turned(above) else UNEVEN
        case Opaque():
            return UNEVEN
    return 0 if not any(_is_sign(each, font) for each in walk(formula)) else UNEVEN


def _is_turned(above: Formula | None) -> bool:
    from indexcalc.context.names import is_transposed

    return above is None or is_transposed(above)


def _degree_of_product(factors: list[Formula], font: str) -> int:
    total, place = 0, 0
    while place < len(factors):
        if _is_sign(factors[place], font):
            if place + 1 == len(factors) or not _is_operand(factors[place + 1]):
                return UNEVEN
            total, place = total + 1, place + 2
            continue
        inner = _degree(factors[place], font)
        if inner == UNEVEN:
            return UNEVEN
        total, place = total + inner, place + 1
    return total


def _marked(formula: Formula, font: str) -> Formula:
    if isinstance(formula, Product):
        found: list[tuple[str, Formula]] = []
        pending = list(formula.factors)
        while pending:
            operator, each = pending.pop(0)
            if _is_sign(each, font) and pending:
                _, body = pending.pop(0)
                found.append((operator, Differential(body, span=(each.span[0], body.span[1]))))
            else:
                found.append((operator, _marked(each, font)))
        return found[0][1] if len(found) == 1 else replace(formula, factors=tuple(found))
    return changed(formula, lambda part: _marked(part, font))


def differential(formula: Differential, scope: Scope, read: Read) -> Value:
    """The value of a differential."""
    body = formula.body
    use = scope.known.use(body) if isinstance(body, Name | Scripted) else None
    if use is not None and use.power is None and not scope.defined(use.name) and use.name in scope.varied:
        value = tensor(use, scope)
        if isinstance(value.term, Tensor):
            moved = value.with_term(_moved(value.term, scope))
            return replace(moved, axes=moved.axes[::-1]) if use.transposed else moved
    variables = [name for name in scope.varied if not scope.defined(name)]
    if not variables:
        raise UnclearError("nothing says what varies in a differential")
    value = read(body, scope)
    terms: list[Term] = []
    for name in variables:
        ranges = scope.ranges_of(name, scope.known.rank(name, scope.place))
        slots = tuple(scope.fresh("ijkl"[place % 4], range) for place, range in enumerate(ranges))
        variable = Tensor(name, slots)
        terms.append(Contraction(slots, TermProduct(Derivative(value.term, variable), _moved(variable, scope))))
    return value.with_term(TermSum(*terms))


def _moved(variable: Tensor, scope: Scope) -> Tensor:
    """The differential of a tensor: one with the same slots."""
    name = f"d{variable.name}"
    scope.slots[name] = tuple(slot.range for slot in variable.slots)
    return Tensor(name, variable.slots)
