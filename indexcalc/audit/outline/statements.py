r"""Statements: what a displayed or inline formula says, as sides with relations between them.

A display is cut into rows, a row into segments at wide spaces, words and commas. A segment that begins with a relation
goes on with the statement before it, also with one of an earlier display; so does one that begins with an operator, or
follows an open bracket. An arrow begins a new statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from indexcalc.audit.documents.places import Placed
from indexcalc.audit.outline.evaluated import without_evaluations
from indexcalc.audit.outline.links import SHORTEST, Link, rewrites
from indexcalc.audit.outline.rows import (
    Segment,
    adjacent,
    flat,
    is_listing,
    outside,
    rows,
    segments,
    step_of,
    unwrapped,
    without_label,
    without_layout,
)
from indexcalc.audit.outline.sides import parsed
from indexcalc.audit.outline.titles import without_title
from indexcalc.notation.formula import Formula, Mark
from indexcalc.notation.tex.parser import Parser
from indexcalc.notation.tex.tables import condition_of
from indexcalc.notation.tex.tokens import LONGEST, Token, tokens

EQUALITIES = {"=": "equality", "equiv": "equality", "eqqcolon": "reversed"}
DEFINING = ("coloneqq", "triangleq", "doteq", "defeq", "colonequals")
SHOWN = re.compile(r"\\(?:tag\*?|label)\s*\{[^{}]*\}|\\(?:nonumber|notag|hline)(?![A-Za-z])")


@dataclass(eq=False)
class Side:
    """One side of a statement: its tokens, its formula, its text as it is shown, and where it begins in the file.

    scaled: a sign of a sum in it was taken to reach further, and nothing says whether the factor before it does.
    """

    tokens: list[Token]
    text: str = ""
    start: int = 0
    formula: Formula = field(default_factory=lambda: Mark("empty"))
    scaled: bool = False

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
    restricted: for which places of an index alone it is said.
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

    @property
    def start(self) -> int:
        """Where it begins in the file."""
        return self.sides[0].start if self.sides[0].tokens or not self.links else self.links[0].position


def statements(content: Placed, display: bool, before: Statement | None = None, number: int = 0) -> list[Statement]:
    """The statements of a formula. `before`: the last statement of the formulas before it."""
    if len(content.text) > LONGEST:
        return []
    builder = _Builder(content, display, before, number)
    for row in rows(without_layout(tokens(content.text))):
        builder.row(row)
    return builder.finished()


@dataclass
class _Builder:
    """Makes statements of rows."""

    content: Placed
    display: bool
    before: Statement | None
    number: int
    found: list[Statement] = field(default_factory=list)
    pending: list[Formula] = field(default_factory=list)  # conditions of what follows

    @property
    def last(self) -> Statement | None:
        """The statement that goes on."""
        return next((each for each in reversed(self.found) if not each.aside), None)

    def row(self, row: list[Token]) -> None:
        """Take in a row."""
        first = True
        for segment in segments(without_label(row) if not self.found else row):
            for part in self._at_commas(segment):
                self._take(part, first)
                first = first and not part.tokens

    def _at_commas(self, segment: Segment) -> Iterator[Segment]:
        """The segment, cut at commas between two equations, or before a condition."""
        cuts, depth, related = [], 0, False
        toks = segment.tokens
        for place, token in enumerate(toks):
            depth = max(0, depth + step_of(token))
            if depth == 0 and token.kind in ("equal", "relation", "arrow"):
                related = True
            if depth == 0 and token.kind in ("comma", "stop") and (related or place == 0) and place + 1 < len(toks):
                rest = toks[place + 1 :]
                if any(each.kind in ("equal", "relation", "forall") for each in outside(rest)) and not is_listing(rest):
                    cuts.append(place)
                    related = False
        start, word = 0, segment.word
        for cut in cuts:
            yield Segment(toks[start:cut], word, segment.remark)
            start, word = cut + 1, word
        yield Segment(toks[start:], word, segment.remark)

    def _take(self, segment: Segment, first: bool) -> None:
        toks = segment.tokens
        while toks and toks[-1].kind in ("comma", "stop", "wide", "colon"):
            toks = toks[:-1]
        while toks and toks[0].kind in ("comma", "stop", "wide", "colon"):
            toks = toks[1:]
        if not toks:
            return
        if not first:
            toks = unwrapped(toks)
        toks, evaluations = without_evaluations(toks)
        places = [
            place
            for place, token in enumerate(flat(toks))
            if token is not None and token.kind in ("equal", "relation", "arrow")
        ]
        places = self._joined(toks, places)
        if segment.word == "if" or self._is_condition(toks, places, first):
            self._condition(toks, first)
            return
        sides, links = self._cut(toks, places)
        target = self._add(sides, links, segment, first)
        for each in evaluations:
            condition = condition_of(Parser([]), each)
            if condition is None or any(token.kind == "dots" for token in each):
                target.restricted = " ".join("".join(token.text for token in each).split())
            else:
                target.conditions.append(condition)

    def _joined(self, toks: list[Token], places: list[int]) -> list[int]:
        """The places of relations, where two signs side by side are one: := and ==."""
        return [place for place in places if not (place and place - 1 in places and toks[place - 1].kind == "equal")]

    def _cut(self, toks: list[Token], places: list[int]) -> tuple[list[list[Token]], list[Link]]:
        sides, links, start = [], [], 0
        for place in places:
            token = toks[place]
            end = place
            kind = EQUALITIES.get(token.value, "arrow" if token.kind == "arrow" else "relation")
            if token.value in DEFINING or (place and toks[place - 1].kind == "colon" and token.value == "="):
                kind = "definition"
                end = place - (toks[place - 1].kind == "colon")
            sides.append(toks[start:end])
            start = place + 1
            if start < len(toks) and toks[start].kind == "equal" and token.kind == "equal":
                start += 1
            if start < len(toks) and toks[start].kind == "colon" and token.value == "=":
                kind, start = "reversed", start + 1
            links.append(Link(kind, token.text, self.content.place(token.start)))
        sides.append(toks[start:])
        return sides, links

    def _add(self, sides: list[list[Token]], links: list[Link], segment: Segment, first: bool) -> Statement:
        last = self.last
        begins = sides[0]
        if last is not None and first and begins and self._goes_on(last, begins):
            last.sides[-1].tokens += begins
            sides = sides[1:]
            target = last
        elif not begins and rewrites(links, sides[1:]) and (last or self.before) is not None:
            target = self._rewritten(last or self.before, links[0], sides[1])
            links, sides = links[1:], sides[2:]
        elif not begins and links and links[0].kind == "arrow":
            target = Statement(display=self.display, implied=True, formula=self.number)
            self.found.append(target)
            sides, links = sides[1:], links[1:]
            target.sides.append(self._side(sides[0]))
            sides = sides[1:]
        elif not begins and links and last is not None and first and last.links and not last.sides[-1].tokens:
            target = last  # the row before ended with the relation that this one begins with
            last.sides[-1].tokens += sides[1]
            links, sides = links[1:], sides[2:]
        elif not begins and links:
            earlier = last if last is not None else self.before
            if last is not None:
                target = last
            else:
                target = Statement(display=self.display, earlier=earlier, formula=self.number)
                self.found.append(target)
                target.sides.append(Side([]) if earlier is None else earlier.sides[-1])
            sides = sides[1:]
        else:
            target = Statement(
                display=self.display, aside=segment.word == "aside", formula=self.number, remark=segment.remark
            )
            self.found.append(target)
            target.sides.append(self._side(begins))
            sides = sides[1:]
        target.conditions += self.pending
        self.pending = []
        self._extend(target, sides, links)
        return target

    def _rewritten(self, earlier: Statement | None, link: Link, side: list[Token]) -> Statement:
        """The side of a statement before an arrow, as what stands behind it writes it."""
        assert earlier is not None
        target = Statement(display=self.display, earlier=earlier, formula=self.number)
        target.sides += [earlier.sides[-1], self._side(side)]
        target.links.append(replace(link, kind="equality"))
        self.found.append(target)
        return target

    def _extend(self, target: Statement, sides: list[list[Token]], links: list[Link]) -> None:
        """Go on with a statement; behind an arrow another one begins, or its last side is written anew."""
        for place, (link, side) in enumerate(zip(links, sides, strict=False)):
            if rewrites(links[place:], sides[place:]) and len(target.sides[-1].tokens) >= SHORTEST:
                target.links.append(replace(link, kind="equality"))
                target.sides.append(self._side(side))
            elif link.kind == "arrow":
                new = Statement(display=self.display, implied=True, formula=self.number, aside=target.aside)
                new.sides.append(self._side(side))
                self.found.append(new)
                target = new
            else:
                target.links.append(link)
                target.sides.append(self._side(side))

    def _goes_on(self, last: Statement, begins: list[Token]) -> bool:
        """Whether a row goes on with the side that the row before left."""
        side = last.sides[-1].tokens
        if not side:
            return True
        open_brackets = sum(map(step_of, side))
        unfinished = side[-1].kind in ("plus", "minus", "times", "over", "hadamard", "open") or open_brackets > 0
        joins = begins[0].kind in ("plus", "minus", "times", "over", "hadamard", "close")
        return unfinished or (joins and bool(last.links))

    def _side(self, toks: list[Token]) -> Side:
        return Side(list(toks))

    def _is_condition(self, toks: list[Token], places: list[int], first: bool) -> bool:
        r"""Whether an equation only says of which indices something holds: i = j, i \\neq j, k = 1, ..., n."""
        if not places:
            return bool(toks) and toks[0].kind == "forall"
        if first and not self.found and not is_listing(toks):
            return False
        left = toks[: places[0]]
        names = [token for token in left if token.kind == "letter"]
        if len(names) != len([token for token in left if token.kind != "comma"]) or not names or adjacent(left):
            return False
        rest = toks[places[0] + 1 :]
        relation = toks[places[0]]
        if relation.value == "in":
            return True
        short = all(
            token.kind
            in (
                "letter",
                "number",
                "comma",
                "dots",
                "plus",
                "minus",
                "equal",
                "relation",
                "font",
                "group",
                "endgroup",
                "colon",
            )
            for token in rest
        )
        only = len(rest) == 1 or any(token.kind == "dots" for token in rest) or relation.kind == "relation"
        return short and only and not (first and not self.found) and _index_like(names)

    def _condition(self, toks: list[Token], first: bool) -> None:
        found = condition_of(Parser([]), toks)
        if found is None:
            return
        if self.last is not None and self.last.links and not first:
            self.last.conditions.append(found)
        else:
            self.pending.append(found)

    def finished(self) -> list[Statement]:
        """The statements, with the formulas of their sides."""
        for statement in self.found:
            for side in statement.sides:
                if side.tokens and not side.text:
                    _finish(side, self.content)
        if self.pending and not self.found:
            self.found.append(Statement([Side([])], [], self.pending, display=self.display, formula=self.number))
        return [each for each in self.found if each.sides]


def _finish(side: Side, content: Placed) -> None:
    toks = side.tokens
    while toks and toks[-1].kind in ("comma", "stop", "wide", "row"):
        toks.pop()
    if not toks:
        return
    start, end = toks[0].start, toks[-1].end
    shown = SHOWN.sub(" ", content.text[start:end])
    shown = re.sub(r"(?<!\\)&", " ", shown) if "\\begin" not in shown else shown
    side.text = " ".join(
        re.sub(r"\\\\(?:\s*\[[^\]]*\])?", " ", shown).split() if "\\begin" not in shown else shown.split()
    )
    side.start = content.place(start)
    kept = (
        [token for token in toks if token.kind not in ("row", "column")]
        if not any(t.kind == "begin" for t in toks)
        else list(toks)
    )
    side.formula = without_title(parsed(kept, side.text))


def _index_like(names: list[Token]) -> bool:
    return all(len(token.text) == 1 or token.text.startswith("\\") for token in names)
