"""The formula of a side, from its tokens, and its text."""

from __future__ import annotations

import re
from functools import lru_cache

from indexcalc.audit.documents.formula import stray_brace
from indexcalc.audit.documents.places import Placed
from indexcalc.notation.formula import Formula, Opaque, depth_of
from indexcalc.notation.tex.parser import Parser
from indexcalc.notation.tex.tokens import Token

DEEPEST = 60  # formulas in one another
UNSEEN = re.compile(r"\\(?:tag\*?|label)\s*\{[^{}]*\}|\\(?:nonumber|notag|hline)(?![A-Za-z])")
REPEATED = re.compile(r"([-+])\s*\\\\[\s&]*\1")  # at the end of a row, and at the beginning of the next
ROW = re.compile(r"\\\\(?:\s*\[[^\]]*\])?\s*&?|(?<!\\)&")


def parsed(toks: list[Token], text: str) -> Formula:
    """The formula of a side; one that is nested too deep is not understood."""
    return _parsed(tuple(toks), text)


@lru_cache(maxsize=5000)  # of a document that changes in one place the other sides are what they were
def _parsed(toks: tuple[Token, ...], text: str) -> Formula:
    try:
        found = Parser(list(toks)).whole()
    except RecursionError:
        return Opaque(text)
    return found if depth_of(found) <= DEEPEST else Opaque(text)


def by_author(content: Placed, toks: list[Token]) -> str:
    """A side as its author wrote it, where macros or another notation are put in; empty elsewhere."""
    first, last = _stretch(toks)
    return content.rewritten(toks[first].start, toks[last - 1].end).rstrip("&").strip()


def _stretch(toks: list[Token]) -> tuple[int, int]:
    """Where the tokens begin, and where they end, that stand somewhere."""
    first = next(place for place, token in enumerate(toks) if token.end > token.start)
    return first, next(place for place in range(len(toks), 0, -1) if toks[place - 1].end > toks[place - 1].start)


def shown(content: Placed, toks: list[Token]) -> str:
    """The text of a side, in one line. Tokens that stand nowhere are a font that is set around several sides."""
    first, last = _stretch(toks)
    start, end = toks[first].start, toks[last - 1].end
    text = UNSEEN.sub(" ", content.text[start:end])
    text = "".join([*(each.text for each in toks[:first]), text, *(each.text for each in toks[last:])])
    while (stray := stray_brace(text)) is not None:  # of a group that holds a relation
        text = text[:stray] + text[stray + 1 :]
    return " ".join((text if "\\begin" in text else ROW.sub(" ", REPEATED.sub(r"\1", text))).split())
