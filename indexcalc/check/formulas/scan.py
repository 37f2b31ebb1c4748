r"""Scanning a LaTeX formula for its outline: tokens with their depths, and the relations between sides.

Only what stands at the top counts: an `=` inside braces, an environment or brackets belongs to something else, as in
\sum_{i=1}, \mathbb{1}_{i=k} or the conditions of cases. What the sides say is left to the grammars.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexcalc.check.documents.places import Placed

TOKEN = re.compile(
    r"\\(?P<edge>begin|end)\s*\{(?P<name>[^{}\n]*)\}|\\(?:stackrel|overset|underset)\s*(?P<over>\{(?:[^{}]|\{[^{}]*\})*\})"
    r"\s*\{(?P<inner>[^{}]*)\}|\\(?:[A-Za-z]+|.)|:=|=:|.",
    re.DOTALL,
)
OPENING, CLOSING = {"(", "[", "\\{", "\\langle", "\\lvert"}, {")", "]", "\\}", "\\rangle", "\\rvert"}
BLANK = r"\\[,;:!> ~]|\\q?quad\b|\\(?:displaystyle|textstyle|hfill|allowbreak)\b|\{\}|~|&|\s"
SPACE = re.compile(rf"(?:{BLANK})+")
ENDING = re.compile(rf"(?P<blank>(?:{BLANK}|[.,;])+)|\\.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a formula. `depth` counts the braces and environments around it, `nesting` the brackets."""

    text: str
    start: int
    end: int
    depth: int
    nesting: int


@lru_cache(maxsize=1000)
def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a formula. Marks that open and close stand outside of what they enclose."""
    found: list[Token] = []
    depth = nesting = 0
    for match in TOKEN.finditer(text):
        word = match.group()
        opens = word == "{" or match["edge"] == "begin"
        closes = word == "}" or match["edge"] == "end"
        depth -= closes
        nesting -= word in CLOSING and not depth
        inner = match["inner"]
        found.append(Token(inner.strip() if inner else word, *match.span(), depth, nesting))
        depth += opens
        nesting += word in OPENING and not depth
    return tuple(found)


def level(found: Sequence[Token]) -> list[Token]:
    """The tokens at the top. Where brackets are not balanced they do not count."""
    balanced = all(token.nesting >= 0 for token in found) and not open_brackets(found)
    return [token for token in found if token.depth <= 0 and (not balanced or token.nesting == 0)]


def open_brackets(found: Sequence[Token]) -> int:
    """How many brackets the tokens leave open."""
    return found[-1].nesting + (found[-1].text in OPENING and not found[-1].depth) if found else 0


def is_empty(text: str) -> bool:
    """Whether a text shows nothing."""
    return not SPACE.sub("", text)


def trimmed(content: Placed) -> Placed:
    """Without white space, spacing commands and closing punctuation at both ends."""
    text = content.text
    head = SPACE.match(text)
    start = head.end() if head else 0
    endings = [match.start() for match in ENDING.finditer(text, start) if match["blank"] and match.end() == len(text)]
    return content[start : endings[0] if endings else len(text)].stripped()


# ----- Relations ---------------------------------------------------------------------------------------------------

EQUALITY, DEFINITION, REVERSED = "an equality", "a definition", "a definition of what follows"
REQUIREMENT = "a requirement"
RELATIONS = {
    "=": EQUALITY,
    "\\equiv": EQUALITY,
    ":=": DEFINITION,
    "=:": REVERSED,
    "\\eqqcolon": REVERSED,
    "\\coloneqq": DEFINITION,
    "\\coloneq": DEFINITION,
    "\\triangleq": DEFINITION,
    "\\doteq": DEFINITION,
    "\\approx": "an approximation",
    "\\approxeq": "an approximation",
    "\\sim": "an approximation",
    "\\simeq": "an approximation",
    "\\propto": "a proportionality",
    "\\leftarrow": "an assignment",
    "\\gets": "an assignment",
    "\\Leftarrow": "an implication",
    "\\Rightarrow": "an implication",
    "\\Leftrightarrow": "an equivalence",
    "\\Longrightarrow": "an implication",
    "\\Longleftrightarrow": "an equivalence",
    "\\implies": "an implication",
    "\\impliedby": "an implication",
    "\\iff": "an equivalence",
    "\\therefore": "an implication",
    "\\mapsto": "a mapping",
    "\\longmapsto": "a mapping",
    "\\to": "a mapping",
    "\\rightarrow": "a mapping",
    "\\longrightarrow": "a mapping",
    "\\in": "a membership",
    "\\ni": "a membership",
    "\\notin": "a membership",
    "\\subset": "a membership",
    "\\subseteq": "a membership",
    "<": "a comparison",
    ">": "a comparison",
    "\\lt": "a comparison",
    "\\gt": "a comparison",
    "\\le": "a comparison",
    "\\leq": "a comparison",
    "\\leqslant": "a comparison",
    "\\ge": "a comparison",
    "\\geq": "a comparison",
    "\\geqslant": "a comparison",
    "\\ll": "a comparison",
    "\\gg": "a comparison",
    "\\ne": "a comparison",
    "\\neq": "a comparison",
}
SEPARATING = ("an implication", "an equivalence")


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation between two sides: how it is written, its place in the file, and what sort it is."""

    text: str
    place: int
    sort: str


OVER = {r"\bdef(inition)?\b": DEFINITION, r"!(?!=)": REQUIREMENT}
"""What is written over an equality that makes it something else."""


def is_relation(text: str) -> bool:
    """Whether a text is a relation and nothing else."""
    return SPACE.sub("", text) in RELATIONS


def split(content: Placed) -> tuple[list[Placed], list[Relation]]:
    """The sides of a row and the relations between them: one side more than relations."""
    sides: list[Placed] = []
    relations: list[Relation] = []
    start = 0
    for token in level(tokens(content.text)):
        sort = RELATIONS.get(token.text)
        if sort is not None:
            sides.append(trimmed(content[start : token.start]))
            over = content.text[token.start : token.end] if sort == EQUALITY else ""
            sort = next((said for words, said in OVER.items() if re.search(words, over)), sort)
            relations.append(Relation(token.text, content.place(token.start), sort))
            start = token.end
    sides.append(trimmed(content[start:]))
    return sides, relations
