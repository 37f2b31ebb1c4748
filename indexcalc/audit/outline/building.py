r"""From formulas to statements.

A display is cut into rows, a row into segments at wide spaces, words and commas. A segment that begins with a relation
goes on with the statement before it, also with one of an earlier display; so does one that begins with an operator, or
follows an open bracket. An arrow begins a new statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from indexcalc.audit.documents.formula import stray_brace
from indexcalc.audit.documents.places import Placed
from indexcalc.audit.outline.branches import Branch, branches
from indexcalc.audit.outline.evaluated import letters_in_scripts, without_evaluations
from indexcalc.audit.outline.links import SHORTEST, Link, rewrites
from indexcalc.audit.outline.rows import (
    Segment,
    adjacent,
    flat,
    index_like,
    is_listing,
    is_named,
    outside,
    rows,
    segments,
    step_of,
    unwrapped,
    without_label,
    without_layout,
    without_number,
)
from indexcalc.audit.outline.sides import by_author, parsed, shown
from indexcalc.audit.outline.statements import Side, Statement
from indexcalc.audit.outline.titles import without_title
from indexcalc.audit.outline.visible import visible
from indexcalc.notation.formula import Formula, Opaque
from indexcalc.notation.tex.parser import Parser
from indexcalc.notation.tex.tables import condition_of
from indexcalc.notation.tex.tokens import LONGEST, RELATIONS, Token, tokens

EQUALITIES = {"=": "equality", "equiv": "equality", "eqqcolon": "reversed"}
DEFINING = ("coloneqq", "triangleq", "doteq", "defeq", "colonequals")
OPERATORS = ("plus", "minus", "times", "over", "hadamard", "cross")
SHORT = (  # what a condition on indices is made of
    *("letter", "number", "comma", "dots", "plus", "minus", "equal", "relation", "font", "group", "endgroup", "colon"),
)


def statements(content: Placed, display: bool, before: Statement | None = None, number: int = 0) -> list[Statement]:
    """The statements of a formula. `before`: the last statement of the formulas before it."""
    if len(content.text) > LONGEST:
        return []
    builder = _Builder(content, display, before, number)
    builder.is_broken = stray_brace(content.text) is not None
    seen = visible(tokens(content.text))
    builder.scripts = frozenset(letters_in_scripts(seen))
    for row in rows(without_layout(seen)):
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
    scripts: frozenset[str] = frozenset()  # the letters that stand in scripts
    in_condition: bool = False  # whether a condition was said last
    is_broken: bool = False  # whether braces are missing

    @property
    def last(self) -> Statement | None:
        """The statement that goes on."""
        return next((each for each in reversed(self.found) if not each.aside), None)

    def row(self, row: list[Token]) -> None:
        """Take in a row."""
        first = True
        later = frozenset(each.column for each in self.found[1:] if each.column > self.found[0].column)
        aside = False  # behind `where` up to the end of the row
        row = without_number(without_label(row) if not self.found else row, self.content.text)
        for segment in segments(row, later):
            segment.word = self._where(segment) if segment.word == "where" else segment.word
            aside = segment.word == "aside" or (aside and segment.word != "then")
            segment.word = "aside" if aside and segment.word in ("", "and") else segment.word
            for part in self._at_commas(segment):
                self._take(part, first)
                first = first and not part.tokens
            if segment.remark and self.found:
                self.found[-1].remark += segment.remark

    def _where(self, segment: Segment) -> str:
        """What `where` says before a segment: a condition, or aside what names stand for."""
        places = [place for place, token in enumerate(flat(segment.tokens)) if token and token.kind in RELATIONS]
        last = segment.tokens[places[-1] + 1 :] if places else []
        is_number = all(token.kind in ("number", "minus", "stop", "comma") for token in last)
        says = is_number or segment.tokens[places[0]].kind != "equal"
        return "if" if says or self._is_condition(segment.tokens, places, False) else "aside"

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
        start = 0
        for cut in cuts:
            yield replace(segment, tokens=toks[start:cut])
            start = cut + 1
        yield replace(segment, tokens=toks[start:])

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
        places = [place for place, token in enumerate(flat(toks)) if token is not None and token.kind in RELATIONS]
        places = self._joined(toks, places)
        self.in_condition = segment.word == "if" or (segment.word in ("and", "or") and self.in_condition)
        is_equation = self._is_condition(toks, places, first)
        if segment.word == "if" or is_equation:
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
        last = self._goes_on_with(segment)
        begins = sides[0]
        if last is not None and first and begins and self._goes_on(last, begins, segment):
            _join(last.sides[-1].tokens, begins)
            sides = sides[1:]
            target = last
        elif not begins and rewrites(links, sides[1:]) and (last or self.before) is not None:
            target = self._rewritten(last or self.before, links[0], sides[1])
            links, sides = links[1:], sides[2:]
        elif not begins and links and links[0].kind == "arrow":
            target = self._new(Statement(implied=True), sides[1])
            sides, links = sides[2:], links[1:]
        elif not begins and links and last is not None and first and last.links and not last.sides[-1].tokens:
            target = last  # the row before ended with the relation that this one begins with
            last.sides[-1].tokens += sides[1]
            links, sides = links[1:], sides[2:]
        elif not begins and links:
            target = last if last is not None else self._continued()
            sides = sides[1:]
        else:
            is_aside = segment.word == "aside" or (not first and is_named(begins))
            target = self._new(Statement(aside=is_aside, column=segment.column), begins)
            sides = sides[1:]
        target.conditions += self.pending
        self.pending = []
        self._extend(target, sides, links)
        return target

    def _new(self, statement: Statement, first: list[Token]) -> Statement:
        """A statement that begins with a side."""
        statement.display, statement.formula = self.display, self.number
        statement.sides.append(Side(list(first)))
        self.found.append(statement)
        return statement

    def _continued(self) -> Statement:
        """A statement that goes on with the last one of the formulas before."""
        earlier = self.before
        if earlier is not None and earlier.links and not earlier.sides[-1].tokens:
            earlier.sides.pop()  # it ended with the relation that this one begins with
            earlier.links.pop()
        target = Statement(display=self.display, earlier=earlier, formula=self.number)
        target.sides.append(Side([]) if earlier is None else earlier.sides[-1])
        self.found.append(target)
        return target

    def _goes_on_with(self, segment: Segment) -> Statement | None:
        """The statement with which a row goes on: of several beside each other the one in its column."""
        every = [each for each in self.found if not each.aside]
        beside = [each for each in every if segment.column and each.column == segment.column]
        return (beside or every)[-1] if every else None

    def _rewritten(self, earlier: Statement | None, link: Link, side: list[Token]) -> Statement:
        """The side of a statement before an arrow, as what stands behind it writes it."""
        assert earlier is not None
        target = Statement(display=self.display, earlier=earlier, formula=self.number)
        target.sides += [earlier.sides[-1], Side(list(side))]
        target.links.append(replace(link, kind="equality"))
        self.found.append(target)
        return target

    def _extend(self, target: Statement, sides: list[list[Token]], links: list[Link]) -> None:
        """Go on with a statement; behind an arrow another one begins, or its last side is written anew."""
        for place, (link, side) in enumerate(zip(links, sides, strict=False)):
            if rewrites(links[place:], sides[place:]) and len(target.sides[-1].tokens) >= SHORTEST:
                target.links.append(replace(link, kind="equality"))
                target.sides.append(Side(list(side)))
            elif link.kind == "arrow":
                new = Statement(display=self.display, implied=True, formula=self.number, aside=target.aside)
                new.sides.append(Side(list(side)))
                self.found.append(new)
                target = new
            else:
                target.links.append(link)
                target.sides.append(Side(list(side)))

    def _goes_on(self, last: Statement, begins: list[Token], segment: Segment) -> bool:
        """Whether a row goes on with the side that the row before left."""
        side = last.sides[-1].tokens
        if not side:
            return True
        unfinished = side[-1].kind in (*OPERATORS, "open") or sum(map(step_of, side)) > 0
        is_own = segment.column > segment.begins and last.column == segment.column  # -a &= b, below c &= d
        joins = begins[0].kind in (*OPERATORS, "close") and not is_own
        return unfinished or (joins and bool(last.links))

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
        short = all(token.kind in SHORT for token in rest)
        listed = any(token.kind == "dots" for token in rest)
        said = self.in_condition or relation.kind != "equal" or listed
        stands = said or all(token.text in self.scripts for token in names)
        only = len(rest) == 1 or listed or relation.kind == "relation"
        return short and only and stands and index_like(names)

    def _condition(self, toks: list[Token], first: bool) -> None:
        found = condition_of(Parser([]), toks)
        if found is None:
            return
        if self.last is not None and self.last.links and not first:
            self.last.conditions.append(found)
        else:
            self.pending.append(found)

    def finished(self) -> list[Statement]:
        """The statements, with the formulas of their sides, and those in the rows of cases."""
        every: list[Statement] = []
        for statement in self.found:
            every.append(statement)
            for side in statement.sides:
                if side.tokens and not side.text:
                    shown_as = list(side.tokens)
                    side.tokens, found = branches(side.tokens)
                    _finish(side, shown_as, self.content)
                    every += [self._branch(each) for each in found]
        if self.pending and self.last is not None:
            self.last.conditions += self.pending
        elif self.pending:
            every.append(Statement([Side([])], [], self.pending, display=self.display, formula=self.number))
        for side in (side for each in every for side in each.sides if self.is_broken):
            side.formula = Opaque(side.text)
        for each in every:
            each.broken = self.is_broken
        return [each for each in every if each.sides]

    def _branch(self, branch: Branch) -> Statement:
        """What a row of cases says of its value."""
        links = [Link("equality", token.text, self.content.place(token.start)) for token in branch.links]
        said = Statement([Side(list(each)) for each in branch.sides], links, display=self.display, formula=self.number)
        condition = condition_of(Parser([]), branch.condition)
        if condition is None:
            said.restricted = "the other cases"
        else:
            said.conditions.append(condition)
        for side in said.sides:
            _finish(side, list(side.tokens), self.content)
        return said


def _join(side: list[Token], more: list[Token]) -> None:
    """Go on with a side in the next row; an operator at the end of a row may be repeated in the next."""
    last = side[-1] if side else None
    joint = last is not None and last.kind in OPERATORS and bool(more)
    repeated = joint and last is not None and (last.kind, last.value) == (more[0].kind, more[0].value)
    side += more[1:] if repeated else more


def _finish(side: Side, shown_as: list[Token], content: Placed) -> None:
    toks = side.tokens
    for each in (toks, shown_as):
        while each and each[-1].kind in ("comma", "stop", "wide", "row"):
            each.pop()
    if not toks:
        return
    side.text, side.source = shown(content, shown_as), content.text[toks[0].start : toks[-1].end]
    side.author, side.start = by_author(content, shown_as), content.place(toks[0].start)
    kept = (
        [token for token in toks if token.kind not in ("row", "column")]
        if not any(t.kind == "begin" for t in toks)
        else list(toks)
    )
    side.formula = without_title(parsed(kept, side.text))
