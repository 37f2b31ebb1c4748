r"""The permutation symbol by other letters than \epsilon, where a text explains one by cases.

    \xi_{ijk} = 1 for even permutations, -1 for odd ones, 0 otherwise
"""

from __future__ import annotations

import re

from indexcalc.context.names import letter_of, script_items
from indexcalc.notation.formula import Bracket, Cases, Formula, Name, Numeral, Opaque, Scripted, Signed, walk

# By language, English first.
EVEN = re.compile(
    r"even|(?<!anti)(?<!anti-)(?<!non)(?<!non-)cycli|(?<!im)pair|(?<!un)gerade|(?<!im)par\b|\u5076", re.IGNORECASE
)
ODD = re.compile(r"odd|anti-?cycli|non-?cycli|impair|ungerade|impar|\u5947", re.IGNORECASE)
PERMUTED = re.compile(r"permut|cycli|zyklisch|\u6392\u5217|\u7f6e\u6362|перестан", re.IGNORECASE)
LISTED = frozenset(("123", "231", "312"))
REVERSED = frozenset(("321", "213", "132"))


def symbol_of(left: Formula, right: Formula) -> str:
    """The letter that a statement explains as the permutation symbol; empty for any other statement."""
    if not isinstance(left, Scripted) or not isinstance(left.base, Name) or not isinstance(right, Cases):
        return ""
    items = script_items(left.below)
    if len({item.text for item in items if item.kind == "letter"}) != 3 or left.above is not None:
        return ""
    rows = {_number(value): condition for value, condition in right.rows}
    if set(rows) != {"1", "-1", "0"} or len(right.rows) != 3:
        return ""
    kinds = [_kind(rows["1"]), _kind(rows["-1"])]
    fits = kinds in (["even", "odd"], ["even", "otherwise"], ["otherwise", "odd"])
    return letter_of(left.base) if fits else ""


def _number(value: Formula) -> str:
    match value:
        case Signed("-", Numeral(text)):
            return f"-{text}"
        case Signed("+", body) | Bracket(_, body):
            return _number(body)
        case Numeral(text):
            return text
    return ""


def _kind(condition: Formula | None) -> str:
    """Whether a condition is that of even permutations or of odd ones, in words or as a list; or `otherwise`."""
    if condition is None:
        return "otherwise"
    every = list(walk(condition))
    words = (each for each in every if isinstance(each, Opaque | Name))
    said = "".join(each.text if isinstance(each, Opaque) else each.letter for each in words)
    if PERMUTED.search(said) and ODD.search(said):
        return "odd"
    if PERMUTED.search(said) and EVEN.search(said):
        return "even"
    digits = "".join(each.text for each in every if isinstance(each, Numeral))
    listed = {digits[place : place + 3] for place in range(0, len(digits), 3)}
    return "even" if listed and listed <= LISTED else "odd" if listed and listed <= REVERSED else ""
