r"""Words in a displayed formula: `\text{ so }` parts two equations, `\text{where }` says something of the one before.

What follows a condition such as `\text{for all } i` is left out, and so are labels. Where the condition compares
indices, as in `\quad (i \neq j)`, the equation before it holds under it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.scan import RELATIONS, is_empty, is_relation, level, tokens

TAGS = re.compile(
    r"\\(?:label|tag\*?|intertext|shortintertext)\s*\{(?:[^{}]|\{[^{}]*\})*\}|\\(?:nonumber|notag|qedhere)\b"
)
CONDITIONS = frozenset("for if when whenever unless iff on in at all every otherwise else as".split())
ASIDES = frozenset("where with since because using by given note recall see assuming let here".split())
JOINING = frozenset(("and", "or"))
CONCLUDING = frozenset(("so", "hence", "thus", "then", "therefore"))
WORDS = "|".join(sorted(CONDITIONS - {"all", "at", "in", "on"} | ASIDES | JOINING | CONCLUDING))
TEXT = r"\\(?:text|textrm|textit|textnormal|mbox|mathrm)\s*"
REMARK = re.compile(
    rf"{TEXT}\{{(?:\s+[^\s{{}}]|\s*\(|[^{{}}]*[a-z]\s+[A-Za-z($]|\W*(?i:{WORDS})\b)|\\forall\b|\\because\b|\\hspace\*?\s*\{{"
)
SPOKEN = re.compile(rf"{TEXT}\{{(?P<words>[^{{}}]*)\}}")

_BLANK = r"(?:\s|\\[,;:! ]|\\q?quad\b)*"
_LETTER = rf"\\?[A-Za-z]+'*{_BLANK}"
_RUN = rf"{_BLANK}(?:\({_BLANK})?{_LETTER}(?:,{_BLANK}{_LETTER})*={_BLANK}1{_BLANK},{_BLANK}(?:2{_BLANK},{_BLANK})?"
_RUN += r"(?:\\[lc]?dots|\.\.\.|…|3)"
EXTENT = re.compile(rf"(?:\\q?quad\b|[,;(]){_RUN}")  # \quad p, q = 1, \ldots, m
RUN = re.compile(_RUN)
CONDITION = re.compile(
    rf"{_BLANK}{_LETTER}(?:=|\\neq?\b|\\not=){_BLANK}(?:\d+|{_LETTER}){_BLANK}[.,;]?{_BLANK}\Z"
)

_UNEQUAL = r"(?:\\neq?(?![A-Za-z])|\\not\s*=|≠)"
_CONDITION = rf"{_LETTER}(?:{_UNEQUAL}|=){_BLANK}{_LETTER}"
COMPARED = re.compile(  # \quad i \neq j   or   (i = j, k \neq l)
    rf"(?:\\q?quad\b|[,;]){_BLANK}{_LETTER}{_UNEQUAL}{_BLANK}{_LETTER}{_BLANK}[.,;]?{_BLANK}\Z"
    rf"|\({_BLANK}{_CONDITION}(?:,{_BLANK}{_CONDITION})*\){_BLANK}[.,;]?{_BLANK}\Z"
)
SLOPE = re.compile(  # no condition begins so
    rf"{_BLANK}(?:\\[dt]?frac\s*\{{\s*)?(?:\\partial|\\nabla|\\sum)(?![A-Za-z])"
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


@dataclass(frozen=True)
class Stretch:
    """A part of a row, and how many of the columns of the row stand before it.

    aside: whether it only says something of the part before, as the prose does. conditions: under which it holds.
    """

    content: Placed
    column: int = 0
    aside: bool = False
    conditions: tuple[Condition, ...] = ()


def stretches(row: Placed) -> Iterator[Stretch]:
    """The parts of a row between words, without what is no equation."""
    row = row.blanked(match.span() for match in TAGS.finditer(row.text))
    remarks = list(_remarks(row))
    first = _word(row, remarks[0]) if remarks and is_empty(row.text[: remarks[0][0]]) else ""
    aside = first in ASIDES
    if first in ASIDES | JOINING | CONCLUDING:
        row = row.blanked([remarks.pop(0)])
    while remarks and not _is_behind(row[: remarks[0][0]]):
        remarks.pop(0)
    edges = [begin for begin, _ in remarks] + [len(row)]
    yield Stretch(row[: edges[0]], aside=aside, conditions=_said(row, remarks))
    dropped = False
    for remark, edge in zip(remarks, edges[1:], strict=True):
        content, word = row[remark[1] : edge], _word(row, remark)
        dropped = word in CONDITIONS or (dropped and word in JOINING)
        dropped = dropped and not SLOPE.match(content.text)
        aside = word in ASIDES or (aside and word in JOINING)
        start = _first_side(content)
        is_condition = RUN.match(content.text) or (word in JOINING and CONDITION.match(content.text))
        if start < 0 or not word or dropped or is_condition:
            continue
        if not is_empty(content.text[:start]):
            yield _stretch(row, remark[1], edge, aside)
        elif word in ASIDES | JOINING | CONCLUDING or row.text[: remark[1]].rstrip().endswith(")}"):
            yield _stretch(row, remark[1], edge, False)  # the chain goes on


def _said(row: Placed, remarks: list[tuple[int, int]]) -> tuple[Condition, ...]:
    """The conditions that the remarks behind the first part say, up to the one with which another part begins."""
    if not remarks or _word(row, remarks[0]) not in {*CONDITIONS, ""}:
        return ()
    others = (begin for begin, end in remarks[1:] if _word(row, (begin, end)) in ASIDES | CONCLUDING)
    return conditions(row.text[remarks[0][0] : next(others, len(row))])


def _stretch(row: Placed, start: int, end: int, aside: bool) -> Stretch:
    """A part that begins behind a word, without the marks that align the word."""
    mark = re.match(rf"(?:{_BLANK}&)+", row.text[start:end])
    start += mark.end() if mark else 0
    return Stretch(row[start:end], row.text[:start].count("&") // 2, aside)


def _remarks(row: Placed) -> Iterator[tuple[int, int]]:
    """The remarks of a row; those behind which nothing counts go to its end."""
    end = 0
    for token in tokens(row.text):
        if token.depth > 0 or token.start < end:
            continue
        remark = token.text.startswith("\\") and REMARK.match(row.text, token.start)
        spoken = SPOKEN.match(row.text, token.start)
        if remark and spoken and not token.nesting:
            end = spoken.end()
            yield token.start, end
        elif remark or EXTENT.match(row.text, token.start) or COMPARED.match(row.text, token.start):
            end = len(row)
            if _is_behind(row[: token.start]):
                yield token.start, end
                return


def _word(row: Placed, remark: tuple[int, int]) -> str:
    """The first word of a remark; empty for one without words."""
    spoken = SPOKEN.match(row.text, remark[0])
    words = re.findall(r"[A-Za-z]+", spoken["words"]) if spoken else []
    return words[0].lower() if words else ""


def _is_behind(before: Placed) -> bool:
    """Whether a remark stands behind something that it may end."""
    return not is_empty(before.text) and not is_relation(re.split(r"[\s&]", before.text.rstrip(" &"))[-1])


def _first_side(content: Placed) -> int:
    """Where the first relation of a part stands; -1 if there is none."""
    return next((token.start for token in level(tokens(content.text)) if token.text in RELATIONS), -1)


def conditions(remark: str) -> tuple[Condition, ...]:
    """The conditions that a remark consists of; none if it says anything else."""
    bare = re.sub(rf"{TEXT}\{{\W*(?:for|if|when|where|and)?\W*\}}|\\q?quad\b|\\[,;:! ]", ",", remark)
    parts = [part.strip(" \t\n.;()&") for part in bare.split(",")]
    found = [PAIR.fullmatch(part) for part in parts if part]
    return tuple(Condition(pair[1], pair[2] == "=", pair[3]) for pair in found if pair) if all(found) else ()
