"""Marks on letters: the letters of a formula that is taken as a definition are its own, and get a mark, as in k__3.

They do not show: a text loses its marks, and what is written for the reader has plain letters.
"""

from __future__ import annotations

import re
from dataclasses import replace

from indexcalc.check.proving.proof import Verdict
from indexcalc.sheet import Sheet
from indexcalc.terms import Binder, Contraction, Index, Reduction, Term
from indexcalc.walk import Memo, mapped, substitute

MARK = re.compile(r"__\d+(?!\w)")
MADE = re.compile(r"k_\d+")  # letters that matrix notation gets
LETTERS = "ijklmnpqrstuvabcdefghxyz"


def marked(letter: str, number: int) -> str:
    """The letter of the formula with this number; primes stay at its end."""
    bare = letter.rstrip("'")
    return f"{bare}__{number}{letter[len(bare) :]}"


def is_marked(letter: str) -> bool:
    """Whether a letter belongs to a formula that was taken."""
    return MARK.search(letter) is not None


def unmarked(text: str) -> str:
    """A text without marks."""
    return MARK.sub("", text)


def shown(verdict: Verdict) -> Verdict:
    """A verdict whose texts have no marks."""
    example = verdict.counterexample
    if example is not None:
        sizes = {unmarked(name): size for name, size in example.sizes.items()}
        example = replace(example, sizes=dict(sorted(sizes.items())))
    return Verdict(verdict.word, unmarked(verdict.reason), example)


def plain_letters(sheet: Sheet) -> Sheet:
    """A sheet to write with: without the letters that have marks, so that no text takes one of them."""
    return replace(sheet, letters={letter: range for letter, range in sheet.letters.items() if not is_marked(letter)})


def plain(term: Term, sheet: Sheet) -> Term:
    """A term whose bound indices have letters as an author writes them, each one that the sheet does not need."""
    taken = {index.name for index in term.indices if not _is_strange(index)}
    letters: dict[Index, Index] = {}

    def letter(index: Index) -> Index:
        if index not in letters:
            known = map(unmarked, (index.name, *sheet.letters_of.get(index.range, ())))
            names = (*(name for name in known if name.isalpha() and not MADE.fullmatch(name)), *LETTERS, index.name)
            fits = (name for name in names if sheet.letters.get(name, index.range) == index.range)
            letters[index] = Index(next(name for name in fits if name not in taken), index.range)
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
    """Whether the author did not write this index: it is a copy, or of a formula that was taken, or of a matrix."""
    return bool(index.serial) or is_marked(index.name) or MADE.fullmatch(index.name) is not None
