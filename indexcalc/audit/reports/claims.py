"""Claims: a step of a document with its verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from indexcalc.audit.documents.formula import stray_brace, stray_bracket
from indexcalc.audit.documents.pieces import LONGEST_FORMULA, Piece
from indexcalc.audit.documents.places import Lines
from indexcalc.audit.proving.counterexamples import Counterexample
from indexcalc.audit.proving.proof import Verdict
from indexcalc.notation.tex.tokens import LONGEST
from indexcalc.showing import Shown

SHOWN = 80  # characters of a formula that cannot be read


@dataclass(frozen=True)
class Ground:
    """What a verdict rests on: a definition or a fact of the document, in which line, as it is written there."""

    kind: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.text} (line {self.line})" if self.line else self.text  # 0: a rule, of no line

    def as_json(self) -> dict[str, Any]:
        """The fields."""
        return {"kind": self.kind, "line": self.line, "text": self.text}


@dataclass(frozen=True, repr=False)
class Claim(Shown):
    """A step: where its relation stands, both sides as they were compared, and what came of it.

    `fix` is the right side that would make a wrong step true, if it was found; `first_wrong` marks the first wrong step
    of a chain. `position` is that of the relation, `chain` that of the chain, in the file. `rests`: the definitions and
    facts of the document on which the verdict rests. `ask`: a declaration that would decide an undecided step.
    `author`: both sides as their author wrote them, where macros or another notation are put in.
    """

    line: int
    column: int
    left: str
    relation: str
    right: str
    verdict: Verdict
    fix: str = ""
    first_wrong: bool = False
    position: int = 0
    chain: int = 0
    rests: tuple[Ground, ...] = ()
    ask: str = ""
    author: tuple[str, str] = ("", "")

    @property
    def text(self) -> str:
        """Both sides, as they were compared: with macros put in."""
        return f"{self.left} {self.relation} {self.right}".strip()

    @property
    def written(self) -> str:
        """Both sides, as their author wrote them."""
        left, right = self.author
        return f"{left or self.left} {self.relation} {right or self.right}".strip()

    @property
    def reason(self) -> str:
        """Why this is the verdict."""
        return self.verdict.reason

    @property
    def counterexample(self) -> Counterexample | None:
        """Numbers for which the sides of a refuted step differ."""
        return self.verdict.counterexample

    def as_json(self) -> dict[str, Any]:
        """The fields of the JSON report."""
        return {
            "line": self.line,
            "column": self.column,
            "text": self.text,
            "written": self.written,
            "verdict": str(self.verdict),
            "reason": self.reason,
            "counterexample": self.counterexample.as_json() if self.counterexample else None,
            "fix": self.fix or None,
            "first_wrong": self.first_wrong,
            "ask": self.ask or None,
            "rests": [ground.as_json() for ground in self.rests],
        }


def is_broken(piece: Piece) -> bool:
    """Whether nothing in a formula can be read: it is not closed, or too long, or braces are missing in it."""
    if piece.kind == "open":
        return True
    is_formula = piece.kind in ("formula", "inline")
    text = piece.content.text
    return is_formula and (len(text) > LONGEST or stray_brace(text) is not None or stray_bracket(text) is not None)


def broken(piece: Piece, lines: Lines) -> Claim:
    """The claim of a formula that is not closed, or too long, or lacks braces: nothing in it can be read."""
    content = piece.content
    place, stray = content.start, None
    text = " ".join(content.text[:SHOWN].split())
    reason = piece.reason or "the formula that begins here is not closed before the next blank line"
    most = LONGEST_FORMULA if len(content) > LONGEST_FORMULA else LONGEST
    if len(content) > most:
        reason = f"the formula that begins here is longer than {most} characters"
    elif not piece.reason:
        stray = stray_brace(content.text)
        bracket = stray_bracket(content.text) if stray is None else None
        if bracket is not None:
            place, reason = content.place(bracket), "this ( is never closed: close the bracket"
    if stray is not None:
        place, mark = content.place(stray), content.text[stray]
        other = "closes" if mark == "{" else "opens"
        reason = f"the brace {mark} here has none that {other} it: add it, or take this one out"
    verdict = Verdict("unreadable", reason)
    return Claim(*lines.at(place), text, "", "", verdict, position=place, chain=content.start)
