r"""Gradients named by a letter d: the text says dY = \frac{\partial L}{\partial Y}, and goes on with dX = W^\top dY."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from indexcalc.notation.formula import Derivative, Differential, Formula, Name, Product, Scripted, changed, walk
from indexcalc.notation.tex.atoms import is_transposition

Sides = Sequence[Formula]


def named_loss(statements: Iterable[Sides]) -> Formula | None:
    r"""What is differentiated where the text names gradients by a letter d; none if that is not one thing."""
    found: dict[Formula, None] = {}
    for sides in statements:
        for one, other in pairwise(sides):
            for name, slope in ((one, other), (other, one)):
                if _is_naming(name, slope) and isinstance(slope, Derivative) and slope.body is not None:
                    found[_bare(slope.body)] = None
    return next(iter(found)) if len(found) == 1 else None


def only_names(sides: Sides) -> bool:
    """Whether a statement says no more than how a gradient is named."""
    return len(sides) == 2 and (_is_naming(*sides) or _is_naming(*sides[::-1]))


def _is_naming(name: Formula, slope: Formula) -> bool:
    """Whether a side is d and a name, and another one a derivative of something by that name."""
    variable = _variable(name)
    if variable is None or not isinstance(slope, Derivative) or not isinstance(slope.body, Name | Scripted):
        return False
    return [(_bare(each), order) for each, order in slope.variables] == [(_bare(variable), 1)]


def with_gradients(sides: Sides, loss: Formula) -> list[Formula]:
    """The sides of a statement with the names of gradients read; as they are, if it does not begin with a gradient."""
    first = sides[0].body if isinstance(sides[0], Derivative) else None
    begins = _variable(sides[0]) is not None or (first is not None and _bare(first) == loss)
    if not begins and not all(any(_is_named(each) for each in walk(side)) for side in sides):
        return list(sides)
    return [_read(side, loss) for side in sides]


def _is_named(formula: Formula) -> bool:
    return isinstance(formula, Product) and any(_pairs(formula))


def _pairs(formula: Product) -> list[int]:
    """Where a letter d stands right before a name."""
    factors = formula.factors
    return [
        place
        for place in range(len(factors) - 1)
        if _is_d(factors[place][1])
        and factors[place + 1][0] == "juxtaposed"
        and isinstance(factors[place + 1][1], Name | Scripted)
        and not _is_d(factors[place + 1][1])
    ]


def _variable(formula: Formula) -> Formula | None:
    """The name of which a side is the gradient."""
    match formula:
        case Differential(Name() | Scripted() as body):
            return body
        case Product((_, _)) if _pairs(formula) == [0]:
            return formula.factors[1][1]
    return None


def _is_d(formula: Formula) -> bool:
    plain = isinstance(formula, Name) and formula.letter == "d" and not formula.accents
    return plain and isinstance(formula, Name) and formula.font != "bold"


def _bare(formula: Formula) -> Formula:
    """A formula without its places."""
    return replace(changed(formula, _bare), span=(0, 0))


def _read(formula: Formula, loss: Formula) -> Formula:
    if isinstance(formula, Differential) and isinstance(formula.body, Name | Scripted):
        return _slope(loss, formula.body, formula.span)
    if not isinstance(formula, Product):
        return changed(formula, lambda part: _read(part, loss))
    places = _pairs(formula)
    factors: list[tuple[str, Formula]] = []
    for place, (operator, each) in enumerate(formula.factors):
        if place in places:
            variable = formula.factors[place + 1][1]
            factors.append((operator, _slope(loss, variable, (each.span[0], variable.span[1]))))
        elif place - 1 not in places:
            factors.append((operator, _read(each, loss)))
    return factors[0][1] if len(factors) == 1 else replace(formula, factors=tuple(factors))


def _slope(loss: Formula, variable: Formula, span: tuple[int, int]) -> Formula:
    r"""The gradient of a loss; transposed where the name is: dO^\top."""
    above = variable.above if isinstance(variable, Scripted) else None
    if isinstance(variable, Scripted) and above is not None and is_transposition(above) and not variable.primes:
        bare = variable.base if variable.below is None else replace(variable, above=None)
        return Scripted(Derivative(loss, ((bare, 1),), "partial", span=span), None, variable.above, span=span)
    return Derivative(loss, ((variable, 1),), "partial", span=span)
