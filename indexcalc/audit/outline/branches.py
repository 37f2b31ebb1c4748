r"""Chains in the rows of cases, each under its condition.

    \begin{cases} a = b & i = j \\ c = d & i \neq j \end{cases}

The value of a row is its first side, a and c; that a = b where i = j is said besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from indexcalc.audit.outline.rows import flat
from indexcalc.notation.lexicon import CASES, said_by
from indexcalc.notation.tex.tokens import Token


@dataclass(frozen=True)
class Branch:
    """A row of cases whose value is a chain: its sides, the signs between them, and the tokens of its condition."""

    sides: tuple[list[Token], ...]
    links: tuple[Token, ...]
    condition: list[Token]


def branches(toks: list[Token]) -> tuple[list[Token], list[Branch]]:
    """The tokens of a side with the first side of each chain as its value, and the chains."""
    begins = [place for place, token in enumerate(toks) if token.kind == "begin"]
    if len(begins) != 1 or toks[begins[0]].value not in CASES or toks[-1].kind != "end":
        return toks, []
    first = begins[0] + 1
    found: list[Branch] = []
    kept = toks[:first]
    for row in _rows(toks[first:-1]):
        value = next((place for place, token in enumerate(flat(row)) if _parts(token)), len(row))
        places = [place for place, token in enumerate(flat(row[:value])) if token is not None and token.kind == "equal"]
        related = any(token is not None and token.kind in ("relation", "arrow") for token in flat(row[:value]))
        if places and not related and value < len(row):
            cuts = [-1, *places, value]
            sides = [row[start + 1 : end] for start, end in pairwise(cuts)]
            if all(sides):
                found.append(Branch(tuple(sides), tuple(row[place] for place in places), _said(row[value:])))
                row = [*sides[0], *row[value:]]
        kept = [*kept, *row]
    return [*kept, toks[-1]], found


def _said(condition: list[Token]) -> list[Token]:
    return [token for token in condition if token.kind not in ("row", "column")]


def _parts(token: Token | None) -> bool:
    """Whether the value of a row ends before a token."""
    if token is None:
        return False
    return token.kind in ("column", "wide", "row") or (token.kind == "text" and said_by(token.value) != "")


def _rows(toks: list[Token]) -> list[list[Token]]:
    """The rows, each with the sign at its end."""
    found: list[list[Token]] = [[]]
    for token, seen in zip(toks, flat(toks), strict=True):
        found[-1].append(token)
        if seen is not None and seen.kind == "row":
            found.append([])
    return [row for row in found if row]
