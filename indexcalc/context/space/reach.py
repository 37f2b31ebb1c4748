r"""How far \partial_i reaches, in a text that writes the same factors behind it once in brackets and once without.

\partial_l [ w_j u_q ] and \partial_l w_j u_q: there a sign works on all that follows it in its product.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from indexcalc.context.names import written
from indexcalc.notation.formula import (
    Bracket,
    Formula,
    Nabla,
    Name,
    Numeral,
    Product,
    Quotient,
    Scripted,
    changed,
    walk,
)

CONSTANT = frozenset(("epsilon", "delta"))
Key = tuple[str, ...]


def reaches_far(formulas: Iterable[Formula]) -> bool:
    """Whether a text shows that a sign of differentiation works on all that follows it."""
    every = [part for formula in formulas for part in walk(formula)]
    signs = (each for each in every if isinstance(each, Nabla) and _is_sign(each))
    inside = {_key(each, each.body) for each in signs if isinstance(each.body, Bracket)}
    return any(key in inside and len(key) > 2 for each in every for key in _open(each))


def _is_sign(formula: Formula) -> bool:
    return isinstance(formula, Nabla) and formula.sign == "partial" and formula.body is not None


def _open(formula: Formula) -> Iterator[Key]:
    """The factors behind each sign in a product, the sign first."""
    factors = formula.factors if isinstance(formula, Product) else ()
    for place, (_, each) in enumerate(factors[:-1]):
        if _is_sign(each) and isinstance(each, Nabla) and not isinstance(each.body, Bracket):
            yield _key(each, each.body, *(other for _, other in factors[place + 1 :]))


def _key(sign: Formula, *bodies: Formula | None) -> Key:
    assert isinstance(sign, Nabla)
    inner = sorted(word for body in bodies if body is not None for word in _factors(body))
    return (written(sign.below) if sign.below is not None else "", *inner)


def _factors(formula: Formula) -> Iterator[str]:
    """The factors of a product without brackets, numbers and symbols that are constant."""
    match formula:
        case Bracket(_, body):
            yield from _factors(body)
        case Product(factors):
            for _, each in factors:
                yield from _factors(each)
        case Nabla("partial", below, body) if body is not None:
            yield f"D{written(below) if below is not None else ''}{formula.way}"
            yield from _factors(body)
        case Scripted(Name(letter)) if letter in CONSTANT:
            return
        case Numeral() | Quotient(Numeral(), Numeral()):
            return
        case _:
            yield written(formula)


def reaching(formula: Formula) -> Formula:
    """The formula with each sign taken of all that follows it in its product."""
    inner = changed(formula, reaching)
    if not isinstance(inner, Product) or any(operator not in ("", "juxtaposed") for operator, _ in inner.factors):
        return inner
    factors = list(inner.factors)
    for place in range(len(factors) - 2, -1, -1):
        operator, each = factors[place]
        if _is_sign(each) and isinstance(each, Nabla) and each.body is not None and not isinstance(each.body, Bracket):
            body = Product((("", each.body), *factors[place + 1 :]), span=each.body.span)
            factors[place:] = [(operator, replace(each, body=body))]
    return factors[0][1] if len(factors) == 1 else Product(tuple(factors), span=inner.span)
