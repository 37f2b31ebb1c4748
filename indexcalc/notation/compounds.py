r"""Names of several letters: \delta x, \Delta t; out, net.

A letter that never stands alone, but always right before a name, is no factor: the two are one name. Three letters
without a space between them are one where something is differentiated by them: nobody differentiates by a product.
Capital letters are one where they are differentiated, as RSS, and none of them stands elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from indexcalc.notation.formula import (
    Derivative,
    Differential,
    Formula,
    Name,
    Product,
    Quotient,
    Scripted,
    changed,
    walk,
)
from indexcalc.notation.tex.differentials import quotient

LETTERS = ("delta", "Delta")
LONG = 3  # letters of a word; more are read as one already


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


# ----- Words -----


def words_in(formulas: Iterable[Formula]) -> frozenset[str]:
    r"""The words by which something is differentiated, out for \partial J / \partial out_i, and what is, RSS."""
    formulas = list(formulas)
    found = set(_capitals(formulas))
    for each in (part for formula in formulas for part in walk(formula) if isinstance(part, Quotient)):
        if isinstance(each.below, Product) and isinstance(each.below.factors[0][1], Differential):
            parts = _letters_of(each.below)
            if parts is not None and len(parts) == LONG and _is_run(parts):
                found.add("".join(part.letter for part in parts))
    return frozenset(found)


def _capitals(formulas: list[Formula]) -> Iterator[str]:
    r"""Words of capital letters that are differentiated, \partial RSS / \partial b, if no letter stands elsewhere.

    One letter may where the word is a side of an equation: KL = ..., besides a loss L.
    """
    words: dict[str, bool] = {}
    for each in (body for formula in formulas for body in _bodies(formula) if isinstance(body, Product)):
        parts = _letters_of(each)
        word = "".join(part.letter for part in parts) if parts is not None and _is_run(parts) else ""
        if word.isupper() and word.isascii():
            words[word] = words.get(word, False) or each in formulas
    counts = Counter(part.letter for formula in formulas for part in walk(formula) if isinstance(part, Name))
    slopes = (part for formula in formulas for part in walk(formula) if isinstance(part, Derivative))
    varied = (part for each in slopes for variable, _ in each.variables for part in walk(variable))
    variables = {part.letter for part in varied if isinstance(part, Name)}
    for word, is_side in sorted(words.items()):
        inside = sum(_times(word, part) for formula in formulas for part in walk(formula) if isinstance(part, Product))
        own = [counts[letter] == inside * word.count(letter) for letter in word]
        if variables.isdisjoint(word) and (all(own) or (is_side and any(own))):
            yield word


def _bodies(formula: Formula) -> Iterator[Formula]:
    """What is differentiated in a formula."""
    yield from (each.body for each in walk(formula) if isinstance(each, Derivative) and each.body is not None)


def _times(word: str, product: Product) -> int:
    """How often a word stands in a product, as a run of letters."""
    found, place = 0, 0
    while place < len(product.factors):
        if _word_at(product, place, word) is not None:
            found, place = found + 1, place + len(word) - 1
        place += 1
    return found


def _word_at(product: Product, place: int, word: str) -> list[Name] | None:
    """The letters of a word, if it stands at a place of a product."""
    run = product.factors[place : place + len(word)]
    parts = _letters_of(Product(run)) if len(run) == len(word) else None
    is_word = parts is not None and _is_run(parts) and "".join(each.letter for each in parts) == word
    return parts if is_word and not _goes_on(product, place, len(word)) else None


def with_words(formula: Formula, words: frozenset[str]) -> Formula:
    """A formula in which the letters of words are one name, but in scripts; derivatives by them are such."""
    if not words:
        return formula
    if isinstance(formula, Scripted):
        return replace(formula, base=with_words(formula.base, words))
    inner = changed(formula, lambda part: with_words(part, words))
    if isinstance(inner, Quotient) and inner != formula:
        return quotient(inner.above, inner.below, inner.span)
    return _spelled(inner, words) if isinstance(inner, Product) else inner


def _spelled(product: Product, words: frozenset[str]) -> Formula:
    factors: list[tuple[str, Formula]] = []
    place = 0
    while place < len(product.factors):
        found = ((word, _word_at(product, place, word)) for word in sorted(words, key=lambda each: (-len(each), each)))
        word, parts = next(((word, parts) for word, parts in found if parts is not None), ("", None))
        if parts is not None:
            run = product.factors[place : place + len(word)]
            factors.append((run[0][0], _word(run[0][1], parts, run[-1][1])))
            place += len(word)
        else:
            factors.append(product.factors[place])
            place += 1
    return factors[0][1] if len(factors) == 1 else replace(product, factors=tuple(factors))


def _goes_on(product: Product, place: int, length: int) -> bool:
    """Whether letters stand right beside those at a place: they are part of something longer."""
    before = product.factors[place - 1][1] if place else None
    last, behind = product.factors[place + length - 1][1], [each for _, each in product.factors[place + length :]][:1]
    return (isinstance(before, Name) and before.span[1] == product.factors[place][1].span[0]) or any(
        isinstance(last, Name) and isinstance(_base(each), Name) and each.span[0] == last.span[1] for each in behind
    )


def _base(formula: Formula) -> Formula:
    return formula.base if isinstance(formula, Scripted) else formula


def _word(first: Formula, letters: list[Name], last: Formula) -> Formula:
    span = (letters[0].span[0], last.span[1])
    word: Formula = Name("".join(each.letter for each in letters), "upright", span=(span[0], letters[-1].span[1]))
    if isinstance(last, Scripted):
        word = replace(last, base=word, span=span)
    return Differential(word, span=(first.span[0], span[1])) if isinstance(first, Differential) else word


def _letters_of(product: Product) -> list[Name] | None:
    """The letters of a product of nothing else; the first may be differentiated, the last may have scripts."""
    parts = [each for _, each in product.factors]
    first, last = parts[0], parts[-1]
    parts[0] = first.body if isinstance(first, Differential) else first
    parts[-1] = _base(last)
    found = [each for each in parts if isinstance(each, Name) and not each.accents and len(each.letter) == 1]
    plain = len(found) == len(parts) and all(operator in ("", "juxtaposed") for operator, _ in product.factors[1:])
    return found if plain else None


def _is_run(letters: list[Name]) -> bool:
    """Whether nothing stands between letters."""
    return all(one.span[1] == other.span[0] for one, other in pairwise(letters))
