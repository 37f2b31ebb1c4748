"""A text of an editor, with what the checker says of it and the sheets that stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from indexcalc.audit.auditing import Audit, audited
from indexcalc.audit.checking import Judged, completed
from indexcalc.audit.declared.fences import fences
from indexcalc.audit.documents.document import SUFFIXES, Document, guessed, read
from indexcalc.audit.keeping.session import Session
from indexcalc.audit.reports.claims import Claim
from indexcalc.audit.reports.report import FileReport
from indexcalc.errors import IndexcalcError, Span
from indexcalc.sheet import Sheet

WORD = re.compile(r"\\?[^\W\d]\w*'*")
REACH = 4000  # characters behind a relation in which its right side is looked for


@dataclass(frozen=True)
class Analysis:
    """A text, in pieces if it can be read; `problem` says why it cannot. It is judged when its report is asked for.

    session: what is kept of the texts before it, so that only what has changed is judged anew.
    """

    text: str
    document: Document | None
    problem: str = ""
    session: Session = field(default_factory=Session)

    @cached_property
    def judged(self) -> Judged | None:
        """The verdicts, which take their time."""
        return self.session.judged(self.document) if self.document else None

    @cached_property
    def report(self) -> FileReport | None:
        """The verdicts with what would decide those that are open, which is looked for in trials."""
        return completed(self.judged) if self.judged else None

    @cached_property
    def audit(self) -> Audit | None:
        """What is known of the names."""
        return audited(self.document) if self.document else None

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The steps, with their verdicts."""
        return self.report.claims if self.report else ()

    @cached_property
    def sheets(self) -> tuple[tuple[int, Sheet], ...]:
        """The sheets of the text, and from where on each of them holds."""
        if self.document is None:
            return ()
        return tuple((each.start, each.sheet) for each in fences(self.document.pieces) if each.sheet.slots)

    def sheet_at(self, place: int) -> Sheet | None:
        """The sheet that holds at a place."""
        return next((sheet for start, sheet in reversed(self.sheets) if start <= place), None)

    def in_sheet(self, place: int) -> bool:
        """Whether a place stands among the statements of a sheet."""
        if self.document is None:
            return False
        sheets = (piece for piece in self.document.pieces if piece.kind == "sheet")
        stretches = ((each.content.start, max(each.content.place(len(each.content)), each.end)) for each in sheets)
        return any(start <= place <= end for start, end in stretches)

    def word_at(self, place: int) -> Span | None:
        """The name at a place."""
        start = self.text.rfind("\n", 0, place) + 1
        end = self.text.find("\n", place)
        line = self.text[start : len(self.text) if end < 0 else end]
        for match in WORD.finditer(line):
            if match.start() <= place - start <= match.end():
                return Span(start + match.start(), start + match.end())
        return None

    def right_side(self, claim: Claim) -> Span | None:
        """Where the right side of a step stands; None where it is not written as it was read."""
        words = claim.right.split()
        if not words:
            return None
        pattern = r"\s*".join(map(re.escape, words))
        gap = re.escape(claim.relation) + r"[\s&]*"
        found = re.compile(gap + f"({pattern})").match(self.text, claim.position, claim.position + REACH)
        return Span(*found.span(1)) if found else None

    def extent(self, claim: Claim) -> Span:
        """What is marked of a step: its relation and its right side."""
        right = self.right_side(claim)
        return Span(claim.position, right.end if right else claim.position + max(1, len(claim.relation)))


def analysed(text: str, name: str, format: str = "", session: Session | None = None) -> Analysis:
    """A text of an editor, by the name of its file; that it cannot be read is a problem of it, not of the editor's.

    session: that of the file, in which its texts before this one were judged.
    """
    session = session or Session()
    suffix = "." + name.rpartition(".")[2].lower() if "." in name else ""
    try:
        return Analysis(text, read(text, format or SUFFIXES.get(suffix) or guessed(text), name), session=session)
    except IndexcalcError as error:
        return Analysis(text, None, str(error), session)
