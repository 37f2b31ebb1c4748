r"""How far indices run, as the prose says it: "for all $p, q = 1, \ldots, m$".

Behind a formula the prose must agree with what the formula itself says about its letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from indexcalc.check.context.prose import Extent
from indexcalc.check.definitions.marks import is_marked
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.sides import read_sides
from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import read_expression
from indexcalc.sheet import Sheet


def stated(sheet: Sheet, letter: str, size: str) -> Sheet:
    """The sheet with the range of a letter. Raises IndexcalcError if it runs over another one."""
    return read_expression(sheet, rf"\sum_{{{letter}=1}}^{{{size}}} 1").sheet


def apply_extents(sheet: Sheet, extents: Sequence[Extent], chain: Chain) -> Sheet:
    """The sheet with those extents that leave the sides of a chain as readable as they are without."""
    if not extents:
        return sheet
    new = sheet
    for extent in extents:
        for letter in extent.letters:
            try:
                new = stated(new, letter, extent.size)
            except IndexcalcError:
                continue
    return new if _unread(new, chain) <= _unread(sheet, chain) else sheet


def _unread(sheet: Sheet, chain: Chain) -> int:
    return sum(isinstance(term, IndexcalcError) for term in read_sides(sheet, chain.sides, chain.dialect).terms)


def contradictions(chain: Chain, sheet: Sheet, extents: Sequence[Extent]) -> Iterator[tuple[Extent, str]]:
    """What the prose behind a chain says wrongly: the sentence for each letter."""
    if not extents:
        return
    sheet = read_sides(sheet, chain.sides, chain.dialect).sheet
    said: dict[str, str] = {}
    for extent in extents:
        for letter in extent.letters:
            if said.setdefault(letter, extent.size) != extent.size:
                yield (
                    extent,
                    f"{letter} runs to {said[letter]} and to {extent.size}" + _meant(sheet, extents, extent),
                )
                continue
            try:
                stated(sheet, letter, extent.size)
            except IndexcalcError:
                if letter in sheet.letters:  # else the size cannot be read, and the formula says nothing of the letter
                    yield extent, f"{letter} runs to {sheet.letters[letter].label}, not to {extent.size}"


def _meant(sheet: Sheet, extents: Sequence[Extent], wrong: Extent) -> str:
    """The letter that is meant, if only one of the formula was left out."""
    named = {letter for extent in extents for letter in extent.letters}
    size = re.sub(r"[{}]", "", wrong.size)
    letters = (name for name in sheet.letters if name not in named and not is_marked(name))
    left_out = [name for name in letters if sheet.letters[name].label == size]
    return f"; {left_out[0]} is meant" if len(left_out) == 1 else ""
