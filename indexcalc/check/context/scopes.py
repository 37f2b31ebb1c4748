"""Scopes: the stretches of a document that have one sheet, with all that is said in each.

A fence adds to the sheet of the fences before it; one that contradicts them begins a new scope.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from indexcalc.check.context.counts import counts
from indexcalc.check.context.prose import Extent, Shape, dimensions, extents, says_extents_only, shapes, space
from indexcalc.check.context.sheets import Problem, extended, read_fence
from indexcalc.check.context.words import Assumption, Sentence, ahead
from indexcalc.check.documents.document import Document
from indexcalc.check.documents.pieces import LONGEST_FORMULA, Piece
from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.chains import Chain, chains
from indexcalc.check.formulas.remarks import Condition, conditions
from indexcalc.sheet import Sheet


@dataclass
class Item:
    """A chain of a formula with the extents that the prose states before it and right behind it."""

    chain: Chain
    before: tuple[Extent, ...] = ()
    behind: list[Extent] = field(default_factory=list)


@dataclass
class Scope:
    """A stretch of a document with one sheet.

    inline: the equations in its prose, or behind a word such as `where`. checks: the chains of `check` statements.
    open: formulas that are not closed.
    shapes: what formulas say of the shapes of tensors.
    assumptions: what the prose says in words, or under a condition. dimensions: how far indices run in its space.
    counts: the names of numbers of something.
    sections: where its headings stand. hedged: where equations begin of which the prose is not sure.
    begins: where the fence stands that begins it, if it contradicts the one before.
    """

    sheet: Sheet = field(default_factory=Sheet)
    problem: Problem | None = None
    begins: int | None = None
    items: list[Item] = field(default_factory=list)
    inline: list[Chain] = field(default_factory=list)
    checks: list[Chain] = field(default_factory=list)
    open: list[Placed] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    counts: set[str] = field(default_factory=set)
    dimensions: dict[int, None] = field(default_factory=dict)
    sections: list[int] = field(default_factory=list)
    hedged: set[int] = field(default_factory=set)

    @property
    def stated_ranks(self) -> dict[str, int]:
        """How many indices tensors have by the shapes that are said of them."""
        return {shape.name: shape.rank for shape in self.shapes}


SOLVING = re.compile(  # what follows holds for some values only
    r"\b(?:set|sets|setting|equat(?:e|es|ing)|put|putting)\b[^.]*\b(?:to|equal(?:s|\s+to)?)\s+(?:zero|0)\b"
    r"|\bnormal equations?\b|\bfirst[- ]order conditions?\b|\bat the (?:optimum|minimum|maximum)\b",
    re.IGNORECASE,
)
UNDER = re.compile(r"\b(?:for|if|when|where|case|suppose|assume|assuming|with)\s*\$\Z", re.IGNORECASE)
SHORT = re.compile(  # between a condition and the formula that holds under it
    r"(?:\W*(?:we|this|it|is|are|have|has|get|find|obtain|then|gives?|the|derivatives?|so|becomes?|yields?|case|for))*\W*"
)
NO_MORE = re.compile(r"[\s,]*(?:and\s+(?:for|if|when)\b.*)?")
GOES_ON = re.compile(r"\s*(?:,\s*)?(?:for|if|when|where|with)\b")
HEADING = re.compile(r"^ {0,3}#{1,6}\s|\\(?:sub)*(?:section|paragraph)\*?\s*\{", re.MULTILINE)
PARAGRAPH = re.compile(r"\S[^\S\n]*\n[ \t]*\n")  # from the last letter of a line, else each would be tried


def read_scopes(document: Document) -> list[Scope]:
    """The scopes of a document."""
    reading = _Reading(document)
    for place, (piece, following) in enumerate(zip_longest(document.pieces, document.pieces[1:])):
        before = reading.sentence.text
        reading.sentence.ahead = ahead(document.pieces, place) if piece.kind in ("prose", "inline") else ""
        reading.take(piece)
        if piece.kind == "inline":
            behind = following.content.text if following and following.kind == "prose" else ""
            reading.scopes[-1].counts.update(counts(before, piece.content, behind))
    return reading.scopes


class _Reading:
    """What was read so far, and what the prose said since the last formula."""

    def __init__(self, document: Document) -> None:
        self.scopes = [Scope()]
        formulas = (piece.content for piece in document.pieces if piece.kind == "formula")
        self.groups = chains(content for content in formulas if len(content) <= LONGEST_FORMULA)
        self.stated: tuple[Extent, ...] = ()
        self.sentence = Sentence()
        self.latest: list[Item] = []  # the chains of the last formula, as long as its paragraph goes on
        self.conditions: tuple[Condition, ...] = ()  # of the next formula, as long as its sentence goes on

    def take(self, piece: Piece) -> None:
        """Take in the next piece."""
        scope = self.scopes[-1]
        match piece.kind:
            case "formula" if len(piece.content) > LONGEST_FORMULA:
                scope.open.append(piece.content)
            case "formula":
                self._formula(piece.content, next(self.groups))
            case "sheet":
                self._fence(piece.content)
            case "inline":
                self._inline(piece.content)
            case "open":
                scope.open.append(piece.content)
            case "prose":
                scope.assumptions += self.sentence.prose(piece.content)
                scope.dimensions |= dict.fromkeys(dimensions(piece.content.text))
                headings = HEADING.finditer(piece.content.text)
                scope.sections += [piece.content.place(match.start()) for match in headings]
                if PARAGRAPH.search(piece.content.text):
                    self.latest = []
                if re.search(r"[.!?](?:\s|\Z)", piece.content.text):
                    self.conditions = ()

    def _formula(self, content: Placed, group: tuple[Chain, ...]) -> None:
        solving = SOLVING.search(self.sentence.text) is not None
        said = self.conditions if SHORT.fullmatch(self.sentence.text.rpartition("$")[2].lower()) else ()
        group = tuple(
            replace(each, solved=each.solved or solving, conditions=each.conditions + said) for each in group
        )
        self.sentence, self.conditions = Sentence(after=content.start), ()
        self.scopes[-1].shapes += shapes(content)
        self.scopes[-1].dimensions |= dict.fromkeys(space(content))
        stated = tuple(extents(content))
        if stated and says_extents_only(content):
            self.stated += stated
            return
        self.scopes[-1].inline += [chain for chain in group if chain.aside]
        self.latest = [Item(chain, self.stated, list(stated)) for chain in group if not chain.aside]
        self.scopes[-1].items += self.latest
        self.stated = ()

    def _inline(self, content: Placed) -> None:
        self.scopes[-1].shapes += shapes(content)
        self.scopes[-1].dimensions |= dict.fromkeys(space(content))
        stated = tuple(extents(content))
        self.stated += stated
        for item in self.latest:
            item.behind += stated
        self.scopes[-1].assumptions += self.sentence.inline(content)
        self._condition(conditions(content.text))
        found = [] if stated else [chain for group in chains([content]) for chain in group]
        self.scopes[-1].inline += found
        self.scopes[-1].hedged |= {chain.start for chain in found if self.sentence.is_hedged}
        if self.sentence.is_condition:
            start = self.sentence.start(content)
            self.scopes[-1].assumptions += [Assumption(chain, start, spoken=False) for chain in found]

    def _condition(self, said: tuple[Condition, ...]) -> None:
        """Take in that a formula holds where two indices are equal, or differ: the one before, or the next one."""
        if not said or not UNDER.search(self.sentence.text):
            return
        behind = self.latest and self.sentence.after and self.sentence.text.count("$") == 1
        if behind and GOES_ON.match(self.sentence.text) and NO_MORE.fullmatch(self.sentence.ahead):
            for item in self.latest:
                item.chain = replace(item.chain, conditions=item.chain.conditions + said)
        else:
            self.conditions = said

    def _fence(self, content: Placed) -> None:
        fence = read_fence(content)
        scope = self.scopes[-1]
        sheet, new, problem = extended(scope.sheet, fence, content)
        if new:
            scope = Scope(begins=content.start)
            self.scopes.append(scope)
            self.latest, self.stated = [], ()
        scope.sheet, scope.problem = sheet, scope.problem or problem
        scope.checks += fence.checks
