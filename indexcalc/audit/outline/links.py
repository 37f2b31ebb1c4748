r"""Links between the sides of statements, and arrows before a side that is written anew: a + b \Rightarrow b + a."""

from __future__ import annotations

from dataclasses import dataclass

from indexcalc.notation.tex.tokens import Token

REWRITING = frozenset(("\\Rightarrow", "\\implies", "\\Longrightarrow", "\u21d2", "\u27f9"))
SHORTEST = 4  # tokens of an expression that is more than a name with its scripts


@dataclass(frozen=True)
class Link:
    """The relation between two sides. kind: equality, definition, relation or arrow; its text; where it stands."""

    kind: str
    text: str
    position: int


def rewrites(links: list[Link], sides: list[list[Token]]) -> bool:
    """Whether an arrow stands before an expression, and no equation."""
    if not links or links[0].text not in REWRITING or not sides or len(sides[0]) < SHORTEST:
        return False
    return len(links) == 1 or links[1].kind == "arrow"
