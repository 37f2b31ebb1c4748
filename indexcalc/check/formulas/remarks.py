r"""Remarks behind a formula: labels, words, how far indices run, and conditions under which it holds.

a_i = b_i \tag{1}        = x_i \quad \text{for all } i
= \delta_{ij} \quad (i, j = 1, 2, 3)        = 0 \quad (i \neq j)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.scan import is_empty, is_relation, tokens

TAGS = re.compile(
    r"\\(?:label|tag\*?|intertext|shortintertext)\s*\{(?:[^{}]|\{[^{}]*\})*\}|\\(?:nonumber|notag|qedhere)\b"
)
TEXT = r"\\(?:text|textrm|textit|textnormal|mbox|mathrm)\s*"
REMARK = re.compile(
    rf"{TEXT}\{{(?:\s+[^\s{{}}]|\s*\(|[^{{}}]*[a-z]\s+[A-Za-z($]|\W*(?i:for|where|if|since|"
    r"because|by|with|using|and|when|as|see|note|or)\b)|\\forall\b|\\because\b|\\hspace\*?\s*\{"
)
_BLANK = r"(?:\s|\\[,;:! ]|\\q?quad\b)*"
_LETTER = rf"\\?[A-Za-z]+'*{_BLANK}"
_NEXT = rf"{_BLANK},{_BLANK}"
_OPENING = rf"(?:\\q?quad\b|[,;(]){_BLANK}(?:\({_BLANK})?"
EXTENT = re.compile(  # \quad p, q = 1, \ldots, m   or   (i = 1, 2, 3)
    rf"{_OPENING}{_LETTER}(?:,{_BLANK}{_LETTER})*={_BLANK}1{_NEXT}"
    rf"(?:(?:2{_NEXT})?(?:\\[lc]?dots|\.\.\.|…)|2(?:{_NEXT}3(?:{_NEXT}4)?)?{_BLANK}\)?{_BLANK}[.,;]?{_BLANK}\Z)"
)
_UNEQUAL = r"(?:\\neq?(?![A-Za-z])|\\not\s*=|≠)"
_CONDITION = rf"{_LETTER}(?:{_UNEQUAL}|=){_BLANK}{_LETTER}"
CONDITIONS = re.compile(  # \quad i \neq j   or   (i = j, k \neq l)
    rf"(?:\\q?quad\b|[,;]){_BLANK}{_LETTER}{_UNEQUAL}{_BLANK}{_LETTER}{_BLANK}[.,;]?{_BLANK}\Z"
    rf"|\({_BLANK}{_CONDITION}(?:,{_BLANK}{_CONDITION})*\){_BLANK}[.,;]?{_BLANK}\Z"
)
PAIR = re.compile(rf"\\?([A-Za-z]+'*){_BLANK}(=|{_UNEQUAL}){_BLANK}\\?([A-Za-z]+'*)")


@dataclass(frozen=True)
class Condition:
    """Two letters that are said to be equal, or to differ."""

    left: str
    equal: bool
    right: str

    def __str__(self) -> str:
        return f"{self.left} {'=' if self.equal else '≠'} {self.right}"


def without_remarks(row: Placed) -> tuple[Placed, tuple[Condition, ...]]:
    """A row without labels and without what follows a remark behind something; the conditions that the remark says."""
    row = row.blanked(match.span() for match in TAGS.finditer(row.text))
    for token in tokens(row.text):
        if token.depth > 0 or not _begins_remark(row.text, token.start):
            continue
        before = row[: token.start]
        if not is_empty(before.text) and not is_relation(re.split(r"[\s&]", before.text.rstrip(" &"))[-1]):
            return before, conditions(row.text[token.start :])
    return row, ()


def _begins_remark(text: str, place: int) -> bool:
    words = text.startswith("\\", place) and REMARK.match(text, place)
    return bool(words or EXTENT.match(text, place) or CONDITIONS.match(text, place))


def conditions(remark: str) -> tuple[Condition, ...]:
    """The conditions that a remark consists of; none if it says anything else."""
    bare = re.sub(rf"{TEXT}\{{\W*(?:for|if|when|where|and)?\W*\}}|\\q?quad\b|\\[,;:! ]", ",", remark)
    parts = [part.strip(" \t\n.;()&") for part in bare.split(",")]
    found = [PAIR.fullmatch(part) for part in parts if part]
    return tuple(Condition(pair[1], pair[2] == "=", pair[3]) for pair in found if pair) if all(found) else ()
