r"""Elements of vectors in space that are named x, y, z or 1, 2, 3: A_x, A_y, A_z beside \mathbf{A}.

Such letters are places: A_x is A at 1. A name has them if all three stand below it, and it is a vector by its looks:
bold, or under an arrow, or with one index that is a letter elsewhere. The names in a row of a determinant have 1, 2, 3.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from indexcalc.context.letters import Letters
from indexcalc.context.names import Item, letter_of, script_items
from indexcalc.notation.formula import Formula, Name, Numeral, Scripted, Table

PLACES = {"x": "1", "y": "2", "z": "3"}
LETTERS = frozenset(PLACES)


def find_elements(every: Iterable[Formula], letters: Letters) -> None:
    """Note the names whose elements are named x, y, z, or stand in a row of a determinant."""
    below: dict[str, set[str]] = defaultdict(set)
    vectors: set[str] = set()
    for each in every:
        if isinstance(each, Name) and _is_marked(each):
            vectors.add(each.letter)
        if isinstance(each, Scripted) and isinstance(each.base, Name):
            items = script_items(each.below)
            texts = {item.text for item in items if item.kind == "letter"}
            if len(texts) == 1 == len(items) and texts & set("ijklmnpqr"):
                vectors.add(each.base.letter)
            below[letter_of(each.base)] |= texts if texts <= LETTERS and texts else {"other"} if texts else set()
        if isinstance(each, Table) and each.mark == "|":
            for name in _rows(each):
                letters.counts[name] = max(letters.counts[name], 1)
                letters.kinds[name].add(1)
    for name, found in below.items():
        if found >= LETTERS and name.partition("_")[0] in vectors:
            letters.cartesian.add(name)
            if not letters.kinds[name]:
                letters.counts[name] = max(letters.counts[name], 1)
                letters.kinds[name].add(1)


def _is_marked(name: Name) -> bool:
    return name.font == "bold" or "vec" in name.accents


def _rows(table: Table) -> Iterator[str]:
    """The names of which the elements 1, 2, 3 are a row of a determinant."""
    for row in table.rows if len(table.rows) == 3 else ():
        bases = {letter_of(each.base) for each in row if isinstance(each, Scripted) and isinstance(each.base, Name)}
        scripts = [
            each.below.text for each in row if isinstance(each, Scripted) and isinstance(each.below, Numeral)
        ]
        if len(bases) == 1 and scripts == ["1", "2", "3"] and not any(each.above for each in row):  # type: ignore[attr-defined]
            yield bases.pop()


def placed(items: list[Item]) -> list[Item]:
    """The scripts of a name whose elements are named x, y, z, as places."""
    if not items or any(item.text not in PLACES or item.kind != "letter" for item in items):
        return items
    return [_at(item) for item in items]


def _at(item: Item) -> Item:
    digit = PLACES[item.text]
    return replace(item, kind="place", formula=Numeral(digit, Fraction(digit), span=item.formula.span), text=digit)
