r"""What a big sign binds, and how far it reaches over the terms of a sum that are behind it.

\sum_i a_i - b_i + c: the sign reaches to the last of the terms right behind it that speak of its letter, if that letter
means nothing elsewhere: it is free in no other side of the statement. The signs between the terms stay.

\sum_{i \neq j}: the sign binds i, unless i is free in the statement and j is not.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import takewhile

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.loose import binds, loose
from indexcalc.context.names import letter_of
from indexcalc.notation.formula import Big, Formula, Mark, Name, Product, Relation, Signed, Sum, changed, walk


def extended(sides: list[Formula], known: Knowledge) -> list[Formula]:
    """The sides of a statement, with the terms in the reach of each big sign put below it."""
    if not any(_may_change(each) for side in sides for each in walk(side)):
        return sides
    counts: dict[int, Counter[str]] = {}
    if any(_is_unequal(each) for side in sides for each in walk(side)):
        free = frozenset(loose(_without_unequal(sides[0]), known, counts))
        sides = [_turned(side, free) for side in sides]
    found = [loose(side, known, counts) for side in sides]
    new = []
    for place, side in enumerate(sides):
        others = frozenset(letter for number, each in enumerate(found) if number != place for letter in each)
        free = frozenset(found[place]) - others
        new.append(_extended(side, free, known, counts) if free else side)
    return new


def _may_change(part: Formula) -> bool:
    """Whether a sign may reach further here, or bind another letter: none does in most formulas, which is seen soon."""
    return any(_bound(term) for _, term in part.terms[:-1]) if isinstance(part, Sum) else _is_unequal(part)


def is_scaled(formula: Formula) -> bool:
    r"""Whether a factor stands before a sign that may reach over the terms behind it: c \sum_i a_i - b_i."""
    for part in walk(formula):
        for _, term in part.terms[:-1] if isinstance(part, Sum) else ():
            body = term.body if isinstance(term, Signed) else term
            if isinstance(body, Product) and _bound(body):
                return True
    return False


def _is_unequal(formula: Formula) -> bool:
    r"""Whether a formula is a sign with i \neq j below it, of which one letter may be free."""
    match formula:
        case Big(_, Relation((Name(), Name()), ("neq" | "ne",)), _, _):
            return True
    return False


def _without_unequal(formula: Formula) -> Formula:
    """A formula without such signs: what is left shows which letters are free."""
    return Mark("empty") if _is_unequal(formula) else changed(formula, _without_unequal)


def _turned(formula: Formula, free: frozenset[str]) -> Formula:
    r"""A formula in which the letter that a sign with i \neq j below it binds stands first."""
    inner = changed(formula, lambda part: _turned(part, free))
    match inner:
        case Big(_, Relation((Name() as first, Name() as second), relations), _, _) if _is_unequal(inner):
            if letter_of(first) in free and letter_of(second) not in free:
                return replace(inner, below=Relation((second, first), relations))
    return inner


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
