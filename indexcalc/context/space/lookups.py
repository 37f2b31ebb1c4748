r"""Letters that say places: t of E_{t_i, d}, where t_i is the number of a row of E.

That is so where the text says t_i \in \{1, \dots, V\}, or compares it with an index: 1[t_i = k], \delta_{t_i k},
\sum_{i : t_i = k}. A letter that is calculated with is none, nor one of which elements at looked-up places are defined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from indexcalc.context.names import Item, letter_of, script_items, split_formula
from indexcalc.notation.elements import INDICATORS
from indexcalc.notation.formula import (
    Big,
    Bracket,
    Formula,
    Mark,
    Name,
    Numeral,
    Product,
    Relation,
    Scripted,
    Sequence,
    changed,
    parts,
    walk,
)

if TYPE_CHECKING:
    from indexcalc.context.said import Said


def with_conditions(formula: Formula) -> Formula:
    r"""\sum_{i : t_i = k} with its letter and its condition apart."""
    inner = changed(formula, with_conditions)
    if not isinstance(inner, Big) or not isinstance(inner.below, Relation):
        return inner
    first, *others = inner.below.sides
    match first:
        case Product((("", Name() as letter), ("colon", Scripted() as place))) if letter in walk(place):
            condition = Relation((place, *others), inner.below.relations, span=inner.below.span)
            return changed(inner, lambda part: _apart(part, inner.below, letter, condition))
    return inner


def _apart(part: Formula, below: Formula | None, letter: Name, condition: Formula) -> Formula:
    return Sequence((letter, condition), ":", span=condition.span) if part is below else part


def placing(said: Iterable[Said]) -> frozenset[str]:
    """The letters of a document that say places."""
    found: set[str] = set()
    numbers: set[str] = set()
    for each in said:
        if "in" in each.relations and (letter := _listed(each)):
            found.add(letter)
        for side in each.sides:
            found |= {letter for part in walk(side) for letter, _ in _compared(part)}
            numbers |= set(_numbers(side, is_side=True))
        numbers |= set(_defined(each))
    return frozenset(found - numbers)


def compared_with(formulas: Iterable[Formula], placing: frozenset[str]) -> set[str]:
    """The letters that stand for places with which a letter is compared: they are indices."""
    if not placing:
        return set()
    return {index for each in formulas for letter, index in _compared(each) if letter in placing}


def is_place(item: Item, placing: frozenset[str]) -> bool:
    """Whether a script is the element of a letter that says places."""
    return item.kind == "word" and not item.above and _letter(item.formula) in placing


def _letter(formula: Formula) -> str:
    """The letter of t_i or t_{i,s}; empty for anything else."""
    if not isinstance(formula, Scripted) or formula.above is not None or formula.primes:
        return ""
    parted = split_formula(formula)
    items = script_items(formula.below)
    if parted is None or not items or any(item.kind not in ("letter", "place") for item in items):
        return ""
    return letter_of(parted[0])


def _listed(said: Said) -> str:
    r"""The letter of t_i \in \{1, \dots, V\}."""
    first, last = said.sides[0], said.sides[-1]
    if len(said.sides) != 2 or not isinstance(last, Bracket) or last.mark != "{" or not isinstance(last.body, Sequence):
        return ""
    items = last.body.items
    starts = isinstance(items[0], Numeral) and items[0].exact == 1
    dotted = any(isinstance(item, Mark) and item.sign == "dots" for item in items)
    return _letter(first) if starts and dotted else ""


def _compared(part: Formula) -> Iterator[tuple[str, str]]:
    """The letters that an indicator, a delta or a big sign compares with an index, and this."""
    match part:
        case Product(factors):
            for (_, first), (_, second) in pairwise(factors):
                if isinstance(first, Name | Numeral) and _sign(first) in INDICATORS and isinstance(second, Bracket):
                    yield from _equal(second.body)
        case Big(below=below) if below is not None:
            for item in below.items if isinstance(below, Sequence) else (below,):
                yield from _equal(item)
        case Scripted(Name() | Numeral() as base, below) if below is not None:
            if _sign(base) in INDICATORS:
                yield from _equal(below.body if isinstance(below, Bracket) else below)
            items = script_items(below)
            if isinstance(base, Name) and base.letter == "delta" and len(items) == 2:
                for one, other in (items, items[::-1]):
                    if one.kind == "word" and other.kind == "letter" and _letter(one.formula):
                        yield _letter(one.formula), other.text


def _sign(base: Name | Numeral) -> str:
    return base.letter if isinstance(base, Name) else base.text


def _equal(condition: Formula) -> Iterator[tuple[str, str]]:
    """The letters of t_i = k."""
    if not isinstance(condition, Relation) or condition.relations not in (("=",), ("==",), ("neq",), ("ne",)):
        return
    for one, other in (condition.sides, condition.sides[::-1]):
        if isinstance(one, Name) and len(one.letter) == 1 and _letter(other):
            yield _letter(other), letter_of(one)


def _numbers(formula: Formula, is_side: bool = False) -> Iterator[str]:
    """The letters of which elements are calculated with: all that stand elsewhere than in scripts and conditions."""
    letter = _letter(formula)
    if letter:
        if not is_side:
            yield letter
        return
    if is_side and isinstance(formula, Sequence):  # t_1, \dots, t_n
        for part in formula.items:
            yield from _numbers(part, is_side=True)
        return
    for part in parts(formula):
        hidden = isinstance(formula, Scripted | Big) and part is not getattr(formula, "base", None)
        hidden = hidden and part is not getattr(formula, "body", None)
        if not hidden and not isinstance(part, Relation):
            yield from _numbers(part)


def _defined(said: Said) -> Iterator[str]:
    """The letters below the first side of a statement, where that is one name: E_{t_i} = ..."""
    first = said.sides[0]
    if isinstance(first, Scripted) and len(said.sides) > 1 and "in" not in said.relations:
        yield from (letter for item in script_items(first.below) if (letter := _letter(item.formula)))
