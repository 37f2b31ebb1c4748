"""Statements: what a displayed or inline formula says, as sides with relations between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from indexcalc.audit.outline.links import Link
from indexcalc.notation.formula import Formula, Mark
from indexcalc.notation.tex.tokens import Token


@dataclass(eq=False)
class Side:
    """One side of a statement: its tokens, its formula, its text as it is shown, and where it begins in the file.

    source: as it is written. author: so, where macros or another notation are put in; else empty. scaled: a sign of a
    sum was taken to reach further, and nothing says if the factor does.
    """

    tokens: list[Token]
    text: str = ""
    start: int = 0
    formula: Formula = field(default_factory=lambda: Mark("empty"))
    scaled: bool = False
    source: str = ""
    author: str = ""

    @property
    def written(self) -> str:
        """The side as its author wrote it, in one line."""
        return self.author or self.text

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands there."""
        return not self.tokens


@dataclass(eq=False)
class Statement:
    """Sides and the relations between them: links[k] stands between sides[k] and sides[k + 1].

    conditions: under which it holds, as far as its formula says. aside: it stands behind a word such as `where`.
    display: it is set apart from the prose. implied: it follows from what stands before an arrow. earlier: the
    statement with which it goes on. whole: nothing else stands in its formula. remark: words that stand in it.
    restricted: for which places of an index alone it is said. column: the one of its first relation in an alignment.
    broken: braces are missing in its formula, so that nothing of it can be read.
    """

    sides: list[Side] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    conditions: list[Formula] = field(default_factory=list)
    aside: bool = False
    display: bool = True
    implied: bool = False
    earlier: Statement | None = None
    formula: int = 0
    remark: str = ""
    restricted: str = ""
    column: int = 0
    broken: bool = False

    @property
    def is_listing(self) -> bool:
        """Whether dots stand between its sides: a_1 = a_2 = ... = a_n."""
        return any(isinstance(each.formula, Mark) for each in self.sides[1:-1])

    @property
    def start(self) -> int:
        """Where it begins in the file."""
        return self.sides[0].start if self.sides[0].tokens or not self.links else self.links[0].position
