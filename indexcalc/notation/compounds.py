r"""Names of two letters: \delta x, \Delta t.

A letter that never stands alone, but always right before a name, is no factor: the two are one name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from indexcalc.notation.formula import Formula, Name, Product, Scripted, changed, walk

LETTERS = ("delta", "Delta")


def prefixes(formulas: Iterable[Formula]) -> frozenset[str]:
    r"""The letters among \delta and \Delta that stand before names only."""
    stands: dict[str, int] = {}
    before: dict[str, int] = {}
    for formula in formulas:
        scripted = {id(each.base) for each in walk(formula) if isinstance(each, Scripted)}
        for each in walk(formula):
            if isinstance(each, Name) and each.letter in LETTERS and id(each) not in scripted:
                stands[each.letter] = stands.get(each.letter, 0) + 1
            for first, _ in _pairs(each):
                before[first.letter] = before.get(first.letter, 0) + 1
    return frozenset(letter for letter, count in stands.items() if before.get(letter) == count)


def compounded(formula: Formula, letters: frozenset[str]) -> Formula:
    """A formula in which these letters and the names right behind them are one name."""
    if not letters:
        return formula
    inner = changed(formula, lambda part: compounded(part, letters))
    pairs = [pair for pair in _pairs(inner) if pair[0].letter in letters]
    if not pairs or not isinstance(inner, Product):
        return inner
    factors: list[tuple[str, Formula]] = []
    for operator, each in inner.factors:
        last = factors[-1][1] if factors else None
        if any(last is first and each is second for first, second in pairs) and isinstance(last, Name):
            factors[-1] = (factors[-1][0], _joined(last, each))
        else:
            factors.append((operator, each))
    return factors[0][1] if len(factors) == 1 else replace(inner, factors=tuple(factors))


def _pairs(formula: Formula) -> list[tuple[Name, Formula]]:
    """The letters in a product that stand right before a name, and that name."""
    if not isinstance(formula, Product):
        return []
    return [
        (first, second)
        for (_, first), (operator, second) in zip(formula.factors, formula.factors[1:], strict=False)
        if isinstance(first, Name)
        and first.letter in LETTERS
        and operator == "juxtaposed"
        and (isinstance(second, Name) or (isinstance(second, Scripted) and isinstance(second.base, Name)))
    ]


def _joined(first: Name, second: Formula) -> Formula:
    span = (first.span[0], second.span[1])
    if isinstance(second, Scripted):
        return replace(second, base=_joined(first, second.base), span=span)
    assert isinstance(second, Name)
    return replace(second, letter=f"{first.letter}{second.letter}", span=span)
