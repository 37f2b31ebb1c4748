"""Letters for the reader: bound indices that are copies get one of the letters that an author would write."""

from __future__ import annotations

import re

from indexcalc.sheet import Sheet
from indexcalc.terms import Binder, Contraction, Index, Reduction, Term
from indexcalc.walk import Memo, mapped, substitute

MADE = re.compile(r"k_\d+")  # letters that matrix notation gets
LETTERS = "ijklmnpqrstuvabcdefghxyz"


def plain(term: Term, sheet: Sheet) -> Term:
    """A term whose bound indices have letters as an author writes them, each one that the sheet does not need."""
    taken = {index.name for index in term.indices if not _is_strange(index)}
    letters: dict[Index, Index] = {}

    def letter(index: Index) -> Index:
        if index not in letters:
            known = (index.name, *sheet.letters_of.get(index.range, ()))
            names = (*(name for name in known if name.isalpha() and not MADE.fullmatch(name)), *LETTERS, index.name)
            fits = (name for name in names if sheet.letters.get(name, index.range) == index.range)
            free = next((name for name in fits if name not in taken), None)
            letters[index] = index if free is None else Index(free, index.range)  # where all letters are used up
            taken.add(letters[index].name)
        return letters[index]

    def rule(part: Term, rec: Memo[Term]) -> Term:
        part = mapped(part, rec)
        strange = filter(_is_strange, part.bound) if isinstance(part, Binder) else ()
        renaming = {index: letter(index) for index in strange}
        if not renaming:
            return part
        assert isinstance(part, Contraction | Reduction)
        bound, body = [renaming.get(index, index) for index in part.bound], substitute(part.body, renaming)
        return Contraction(bound, body) if isinstance(part, Contraction) else Reduction(part.kind, bound, body)

    return Memo(rule)(term)


def _is_strange(index: Index) -> bool:
    """Whether the author did not write this index: it is a copy, or of a matrix."""
    return bool(index.serial) or MADE.fullmatch(index.name) is not None
