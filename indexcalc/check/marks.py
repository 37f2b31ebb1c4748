"""Marks on letters: the letters of a formula that is taken as a definition are its own, and get a mark, as in k__3.

They do not show: a text loses its marks, and what is written for the reader has plain letters.
"""

from __future__ import annotations

import re
from dataclasses import replace

from indexcalc.check.proof import Verdict
from indexcalc.terms import Binder, Contraction, Index, Reduction, Term
from indexcalc.walk import Memo, mapped, substitute

MARK = re.compile(r"__\d+(?!\w)")
LETTERS = "ijklmnpqrstuvabcdefghxyz"


def marked(letter: str, number: int) -> str:
    """The letter of the formula with this number."""
    return f"{letter}__{number}"


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


def plain(term: Term) -> Term:
    """A term whose bound indices have plain letters, each another one."""
    taken = {index.name for index in term.indices}

    def rule(part: Term, rec: Memo[Term]) -> Term:
        part = mapped(part, rec)
        if not isinstance(part, Binder):
            return part
        renaming = {index: Index(_letter(index, taken), index.range) for index in part.bound if is_marked(index.name)}
        if not renaming:
            return part
        bound = [renaming.get(index, index) for index in part.bound]
        body = substitute(part.body, renaming)
        if isinstance(part, Contraction):
            return Contraction(bound, body)
        assert isinstance(part, Reduction)
        return Reduction(part.kind, bound, body)

    return Memo(rule)(term)


def _letter(index: Index, taken: set[str]) -> str:
    """The letter itself, or another one that is not taken."""
    name = unmarked(index.name)
    found: str = next(each for each in (name, *LETTERS, index.name) if each not in taken or each == index.name)
    taken.add(found)
    return found
