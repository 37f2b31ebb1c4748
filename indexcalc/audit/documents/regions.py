"""Regions: what a document is cut into, in its order; they do not overlap, and each knows its place in the file.

    kind        content                                                    further fields
    prose       words, without marks of emphasis, tags and link targets
    heading     the words of a heading                                     level
    formula     mathematics, without the marks around it                   display, environment, label
    open        a formula whose closing mark is missing, up to where it is given up
    sheet       statements: a fence, or a declaration in a comment         language
    code        a listing, an indented block, a code span, a code cell     language, display
    comment     what no reader sees
    raw         what is no text: front matter, definitions of macros, link targets of their own line, tables of options

List items, quotations, notes and proofs are opened: `within` names what a region stands in, from the outside in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from indexcalc.audit.documents.places import Placed
from indexcalc.errors import Span

Kind = Literal["prose", "heading", "formula", "open", "sheet", "code", "comment", "raw"]


@dataclass(frozen=True)
class Region:
    """A stretch of a document.

    content: its text, each character with its place in the file. span: all of it in the file, with its marks.
    paragraph: the number of the paragraph (heading, listing) that it is part of.
    display: whether it stands apart, not in a line of prose.
    environment: the name of the environment that is all of a formula. label: what the document calls it by.
    level: of a heading, 1 is the highest. language: of code, raw text and sheets ("" if it is not said).
    within: what it stands in, from the outside in: item, quote, note, theorem, proof, ...
    reason: why an open formula is none that can be read, if it is closed.
    """

    kind: Kind
    content: Placed
    span: Span
    paragraph: int = 0
    display: bool = False
    environment: str = ""
    label: str = ""
    level: int = 0
    language: str = ""
    within: tuple[str, ...] = ()
    reason: str = ""

    @property
    def text(self) -> str:
        """The text of its content."""
        return self.content.text
