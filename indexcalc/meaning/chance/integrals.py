r"""Integrals: \int f(x) dx is a linear function of f, as an expectation over x is, with weights of no known sum.

What is said of them holds for all sums over points with weights that hang on the limits alone: they are linear, what
does not hang on x comes out, and what stands in no limit is differentiated by under the sign. That they exist, and that
limits may be exchanged, is taken for granted, as derivations do. Integrals within others are one over all variables.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeGuard

from indexcalc.context.spoken import names_of
from indexcalc.meaning.chance.expected import Expected
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.tensors import Read
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Big, Derivative, Formula, Nabla, Name, Numeral, Product, Scripted, walk
from indexcalc.notation.writing.formulas import written_back
from indexcalc.terms import Call

Factors = tuple[tuple[str, Formula], ...]


@dataclass(frozen=True)
class Integral:
    """An integral, or several within one another: their limits, their variables, and what is integrated."""

    limits: tuple[Formula, ...]
    variables: tuple[Formula, ...]
    body: Formula


def integral_of(formula: Formula) -> Integral | None:
    r"""The parts of \int_a^b f dx, \int dx f or \int \int f dx dy; none of others, nor where they are unclear."""
    if not isinstance(formula, Big) or formula.sign != "int" or formula.body is None:
        return None
    limits = tuple(each for each in (formula.below, formula.above) if each is not None)
    variables, body = _parted(formula.body)
    inner = integral_of(body)
    if inner is not None:
        return Integral(limits + inner.limits, variables + inner.variables, inner.body)
    return Integral(limits, variables, body) if variables and not _holds_sign(body) else None


def integral(formula: Big, scope: Scope, read: Read) -> Value | None:
    """The value of an integral, or of a product of several; none of what is not understood."""
    pair = _product_of_integrals(formula)
    if pair is not None:
        return read(pair, scope)
    found = integral_of(formula)
    if found is None or not scope.is_chance:
        return None
    uses = [scope.known.use(each) if isinstance(each, Name | Scripted) else None for each in found.variables]
    over = frozenset(use.name for use in uses if use is not None and use.power is None and not use.indices)
    names = frozenset(name for each in found.limits for name in names_of(each, scope.known))
    if len(over) != len(uses) or over & names:
        return None
    key = " ".join(("int", *map(written_back, found.limits), "d", *sorted(over)))
    kind = Expected(over, frozenset(), key, names, is_integral=True)
    scope.chance.expectations.setdefault(kind.function, kind)
    try:
        value = read(found.body, scope)
    except UnclearError:
        return None
    return value.with_term(Call(kind.function, value.term))


def _product_of_integrals(formula: Big) -> Formula | None:
    r"""\int f dx \int g dy as a product: the second sign stands behind the differential of the first."""
    factors = formula.body.factors if isinstance(formula.body, Product) else ()
    if len(factors) < 4 or not isinstance(factors[-1][1], Big) or not _is_sign_of_differential(factors[-3][1]):
        return None
    if _is_sign_of_differential(factors[0][1]):
        return None  # \int dx \int dy f
    first = replace(formula, body=Product(factors[:-1]))
    return Product((("", first), ("juxtaposed", factors[-1][1])))


def _parted(body: Formula) -> tuple[tuple[Formula, ...], Formula]:
    r"""The variables whose differentials end a product, or begin it, and what is left of it.

    They may end what a sign at its end works on: p \nabla \log p dx.
    """
    if _reaches(body) and body.body is not None:
        variables, inner = _parted(body.body)
        return variables, replace(body, body=inner)
    if isinstance(body, Product) and _reaches(body.factors[-1][1]):
        operator, last = body.factors[-1]
        variables, inner = _parted(last)
        return variables, replace(body, factors=(*body.factors[:-1], (operator, inner)))
    factors = body.factors if isinstance(body, Product) else ()
    starts = [place for place in range(len(factors) - 1) if _is_sign_of_differential(factors[place][1])]
    count = len(starts)
    if starts == list(range(len(factors) - 2 * count, len(factors), 2)):
        rest = factors[: -2 * count] if count else factors
    elif starts == list(range(0, 2 * count, 2)):
        rest = factors[2 * count :]
    else:
        return (), body
    return tuple(factors[place + 1][1] for place in starts), _product(rest) if count else body


def _reaches(formula: Formula) -> TypeGuard[Nabla | Derivative | Big]:
    """Whether a formula is a sign that reaches to the end of a product, and no integral."""
    return isinstance(formula, Nabla | Derivative | Big) and not (isinstance(formula, Big) and formula.sign == "int")


def _product(factors: Factors) -> Formula:
    if not factors:
        return Numeral("1", Fraction(1))
    return factors[0][1] if len(factors) == 1 else Product((("", factors[0][1]), *factors[1:]))


def _is_sign_of_differential(formula: Formula) -> bool:
    """Whether a formula is the d of dx; that of d^n x says no more than of how many numbers x consists."""
    base = formula.base if isinstance(formula, Scripted) and formula.below is None else formula
    return isinstance(base, Name) and base.letter == "d" and base.font in ("", "upright")


def _holds_sign(body: Formula) -> bool:
    return any(isinstance(each, Big) and each.sign == "int" for each in walk(body))
