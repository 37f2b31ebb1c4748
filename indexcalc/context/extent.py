r"""How far a big sign reaches over the terms of a sum that are behind it.

\sum_i a_i - b_i + c: the sign reaches to the last of the terms right behind it that speak of its letter, if that letter
means nothing elsewhere: it is free in no other side of the statement. The signs between the terms stay.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import takewhile

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.loose import binds, loose
from indexcalc.notation.formula import Big, Formula, Product, Signed, Sum, changed


def extended(sides: list[Formula], known: Knowledge) -> list[Formula]:
    """The sides of a statement, with the terms in the reach of each big sign put below it."""
    counts: dict[int, Counter[str]] = {}
    found = [loose(side, known, counts) for side in sides]
    new = []
    for place, side in enumerate(sides):
        others = frozenset(letter for number, each in enumerate(found) if number != place for letter in each)
        free = frozenset(found[place]) - others
        new.append(_extended(side, free, known, counts) if free else side)
    return new


def _extended(formula: Formula, free: frozenset[str], known: Knowledge, counts: dict[int, Counter[str]]) -> Formula:
    """A formula in which signs reach further. `free`: the letters that are unbound in its side alone."""
    inner = changed(formula, lambda part: _extended(part, free, known, counts))
    if not isinstance(inner, Sum):
        return inner
    behind: list[tuple[str, Formula]] = []
    for sign, term in reversed(inner.terms):
        reached = _reached(behind, free.intersection(_bound(term)), known, counts)
        kept = behind[len(reached) :]
        behind = [(sign, _over(term, reached) if reached else term), *kept]
    if len(behind) < len(inner.terms):
        (sign, term), *others = behind
        return replace(inner, terms=tuple(behind)) if others else term if sign == "+" else Signed(sign, term)
    return inner


def _reached(
    behind: list[tuple[str, Formula]], letters: frozenset[str], known: Knowledge, counts: dict[int, Counter[str]]
) -> list[tuple[str, Formula]]:
    """The first of the terms that speak of letters."""
    return list(takewhile(lambda each: not letters.isdisjoint(loose(each[1], known, counts)), behind))


def _bound(term: Formula) -> list[str]:
    """The letters that the sign at the end of a term binds."""
    match term:
        case Big("sum", below, _, Formula()):
            return binds(below)
        case Product(factors):
            return _bound(factors[-1][1])
        case Signed(_, body):
            return _bound(body)
    return []


def _over(term: Formula, reached: list[tuple[str, Formula]]) -> Formula:
    """A term whose sign also reaches over others."""
    match term:
        case Big(body=Formula() as body):
            return replace(term, body=Sum((("+", body), *reached), span=body.span))
        case Product(factors):
            operator, last = factors[-1]
            return replace(term, factors=(*factors[:-1], (operator, _over(last, reached))))
        case Signed(_, body):
            return replace(term, body=_over(body, reached))
    return term
