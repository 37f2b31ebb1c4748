r"""The blocks of a Markdown text: paragraphs, headings, listings, directives, taken out of lists and quotations.

A text is read line by line, as CommonMark says: first the containers that go on (quotations, list items, fenced
divisions), then what begins. A display or a comment that a paragraph opens belongs to it up to its closing mark,
whatever its lines look like: `- b` in a formula begins no list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexcalc.audit.documents.directives import division_name
from indexcalc.audit.documents.marks import closing_of, opening_in
from indexcalc.audit.documents.places import Placed, indented, past
from indexcalc.audit.documents.scanner import Closers

NOTHING = Placed.whole("")
DEEPEST = 50  # containers in one another; what goes deeper is text
CODE_INDENT = 4
FENCE = re.compile(r"(?P<run>`{3,})(?P<info>[^`\n]*)$|(?P<waves>~{3,})(?P<words>[^\n]*)$", re.MULTILINE)
DIVISION = re.compile(r"(?P<run>:{3,})[ \t]*(?P<info>[^\n]*)$", re.MULTILINE)
HEADING = re.compile(r"(#{1,6})(?:[ \t]+|(?=\n|\Z))")
UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*(?:\n|\Z)")
RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})(?:\n|\Z)")
ITEM = re.compile(r"(?:[-+*]|(?P<number>\d{1,9})[.)])(?=[ \t\n]|\Z)")
TARGET = re.compile(
    r"\[(?P<name>[^\]\n^][^\]\n]*)\]:[ \t]*(?P<target>[^\n]*)\n?|\([\w:.-]+\)=[ \t]*(?:\n|\Z)|\+{3}[^\n]*\n?"
)
REMARK = re.compile(r"%[ \t]?(?P<text>[^\n]*)\n?")
ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*[#.][^{}]*\}\Z")
LONGEST_ATTRIBUTES = 200
# What stands between {% raw %} and {% endraw %} is Markdown, of which only the site's own braces are left alone.
LISTING = re.compile(r"\{(?:%-?|\{<)\s*(?P<tag>highlight|(?<=<)raw|(?<=<\s)raw|katex|math)\b[^%>\n]*(?:%|>\})\}")


@dataclass(frozen=True)
class Block:
    """A stretch of lines: paragraph, heading, code, fence (with what stands behind its mark), raw or comment.

    start, end: its bounds in the text, marks included.
    """

    kind: str
    content: Placed
    start: int
    end: int
    within: tuple[str, ...] = ()
    level: int = 0
    info: Placed = NOTHING


@dataclass(frozen=True)
class Container:
    """A quotation, a list item (indented by so many columns), or a fenced division (with so many colons)."""

    kind: str
    width: int = 0
    name: str = ""


class Blocks:
    """Reads the blocks of a text. `named` tells the name of a division by what stands behind its colons."""

    def __init__(self, content: Placed) -> None:
        self.content, self.text = content, content.text
        self.closers = Closers(self.text)
        self.open: list[Container] = []
        self.lines: list[tuple[int, int]] = []  # of the paragraph
        self.found: list[Block] = []

    def blocks(self) -> Iterator[Block]:
        """All blocks, in their order."""
        position = 0
        while position < len(self.text):
            position = self._line(position)
            yield from self.found
            self.found.clear()
        self._close()
        yield from self.found

    # ----- Lines ---------------------------------------------------------------------------------------------------

    def _end(self, start: int) -> int:
        end = self.text.find("\n", start)
        return len(self.text) if end < 0 else end + 1

    def _is_blank(self, start: int, end: int) -> bool:
        return not self.text[start:end].strip()

    def _line(self, start: int) -> int:
        """Read the line at a position, or all of the block that begins there; where the next one begins."""
        end = self._end(start)
        position, matched = self._descend(start, end)
        if self._is_blank(position, end):
            self._close()
            quotes = (place for place in range(matched, len(self.open)) if self.open[place].kind == "quote")
            del self.open[next(quotes, len(self.open)) :]
            return end
        lazy = matched < len(self.open) and self.lines and not self._interrupts(position, end)
        if not lazy:
            if matched < len(self.open):
                self._close()
                del self.open[matched:]
            position = self._enter(position, end)
            if self._is_blank(position, end):
                return end
        return self._leaf(start, position, end)

    def _descend(self, start: int, end: int) -> tuple[int, int]:
        """Behind what the open containers have at the beginning of a line; how many of them go on."""
        position = start
        for number, container in enumerate(self.open):
            columns, first = indented(self.text, position, end)
            if container.kind == "quote":
                if columns >= CODE_INDENT or self.text[first : first + 1] != ">":
                    return position, number
                position = first + 1 + (self.text[first + 1 : first + 2] in (" ", "\t"))
            elif container.kind == "item" and first < end and self.text[first] != "\n":
                if columns < container.width:
                    return position, number
                position = past(self.text, position, end, container.width)
        return position, len(self.open)

    def _enter(self, position: int, end: int) -> int:
        """Open the quotations and list items that begin in a line; behind their marks."""
        while len(self.open) < DEEPEST:
            columns, first = indented(self.text, position, end)
            if columns >= CODE_INDENT or first >= end:
                break
            if self.text[first] == ">":
                self._close()
                self.open.append(Container("quote"))
                position = first + 1 + (self.text[first + 1 : first + 2] in (" ", "\t"))
                continue
            item = self._item(first, end)
            if item is None:
                break
            self._close()
            blanks, content = indented(self.text, item.end(), end)
            if content >= end or self.text[content] == "\n" or blanks > CODE_INDENT:
                content, blanks = min(item.end() + 1, end), 1
            self.open.append(Container("item", columns + item.end() - item.start() + blanks))
            position = content
        return position

    def _item(self, first: int, end: int) -> re.Match[str] | None:
        """The mark of a list item, if one begins here; not every one may stand behind a line of a paragraph."""
        item = ITEM.match(self.text, first, end)
        if item is None or RULE.match(self.text, first):
            return None
        blocked = self.lines and (item["number"] not in (None, "1") or self._is_blank(item.end(), end))
        return None if blocked else item

    def _interrupts(self, position: int, end: int) -> bool:
        """Whether a line begins something, and does not go on with a paragraph."""
        columns, first = indented(self.text, position, end)
        if columns >= CODE_INDENT:
            return False
        starts = (FENCE, DIVISION, HEADING, RULE)
        return (
            self.text[first] == ">"
            or self._item(first, end) is not None
            or any(pattern.match(self.text, first) for pattern in starts)
        )

    # ----- Leaves --------------------------------------------------------------------------------------------------

    def _leaf(self, start: int, position: int, end: int) -> int:
        """Read the block that begins in a line, or go on with the paragraph."""
        columns, first = indented(self.text, position, end)
        if self.lines:
            if columns < CODE_INDENT and UNDERLINE.match(self.text, first):
                self._close("heading", 1 if self.text[first] == "=" else 2, end)
                return end
        elif columns >= CODE_INDENT:
            return self._indented(position, end)
        if columns >= CODE_INDENT:
            return self._append(first, end)
        if match := FENCE.match(self.text, first):
            return self._fence(match, columns)
        if match := DIVISION.match(self.text, first):
            return self._division(match)
        if match := HEADING.match(self.text, first):
            self._close()
            self._heading(first, match, end)
            return end
        if RULE.match(self.text, first):
            self._close()
            return end
        if self.text.startswith("<!--", first):  # a paragraph of its own, up to the end of the line where it closes
            self._close()
            after = self._append(first, end)
            self._close()
            return after
        return (None if self.lines else self._aside(first, end)) or self._append(first, end)

    def _heading(self, first: int, match: re.Match[str], end: int) -> None:
        content = self.content[match.end() : end]
        words = content.text.rstrip()
        attributes = ATTRIBUTES.search(words, max(0, len(words) - LONGEST_ATTRIBUTES))
        words = words[: attributes.start()] if attributes else words
        bare = words.rstrip("#")
        closed = bare != words and (not bare or bare[-1] in " \t")
        content = content[: len(bare.rstrip() if closed else words)]
        self._add(Block("heading", content, first, end, level=len(match[1])))

    def _aside(self, first: int, end: int) -> int | None:
        """Read what is no paragraph: a target of links, a remark of MyST, a listing of Jekyll."""
        if match := TARGET.match(self.text, first):
            kind = "comment" if match["name"] and match["name"].startswith(("//", "comment")) else "raw"
            content = (
                self.content[match.start("target") : match.end("target")] if match["name"] else self.content[first:end]
            )
            if kind == "comment":
                content = content.stripped("#<> \t()\"'")
            self._add(Block(kind, content, first, match.end()))
            return match.end()
        if match := REMARK.match(self.text, first):
            self._add(Block("comment", self.content[match.start("text") : match.end("text")], first, match.end()))
            return match.end()
        if match := LISTING.match(self.text, first):
            closing = self.closers.next(rf"\{{(?:%-?\s*end|\{{<\s*/\s*){match['tag']}\b", match.end())
            if closing >= 0:
                after = self._end(closing)
                kind = "fence" if match["tag"] in ("katex", "math") else "code"
                content = self.content[match.end() : closing]
                self._add(Block(kind, content, first, after, info=Placed.whole("math" if kind == "fence" else "")))
                return after
        return None

    def _indented(self, position: int, end: int) -> int:
        """Read a listing that is set off by four blanks."""
        lines, begin, behind = [(past(self.text, position, end, CODE_INDENT), end)], position, end
        while end < len(self.text):
            start, end = end, self._end(end)
            place, matched = self._descend(start, end)
            if self._is_blank(place, end):
                continue
            if matched < len(self.open) or indented(self.text, place, end)[0] < CODE_INDENT:
                end = start
                break
            lines.append((past(self.text, place, end, CODE_INDENT), end))
            behind = end
        self._add(Block("code", self._joined(lines), begin, behind))
        return max(behind, end) if end > behind else behind

    def _fence(self, match: re.Match[str], columns: int) -> int:
        """Read a fence up to its closing mark, or the end of its container."""
        self._close()
        run = match["run"] or match["waves"]
        closing = re.compile(rf"{re.escape(run[0])}{{{len(run)},}}[ \t]*(?:\n|\Z)")
        lines, end, after = self._body(self._end(match.end()), closing, columns)
        info = self.content[slice(*match.span("info" if match["run"] else "words"))].stripped()
        self._add(Block("fence", self._joined(lines, self._end(match.end())), match.start(), after, info=info))
        return end

    def _body(self, start: int, closing: re.Pattern[str], columns: int) -> tuple[list[tuple[int, int]], int, int]:
        """The lines up to a closing mark; where reading goes on, and where the block ends."""
        lines: list[tuple[int, int]] = []
        if not self.open and not columns:
            found = re.compile(rf"^ {{0,3}}{closing.pattern}", re.MULTILINE).search(self.text, start)
            stop, end = found.span() if found else (len(self.text),) * 2
            return [(start, stop)] if stop > start else [], end, end
        while start < len(self.text):
            end = self._end(start)
            position, matched = self._descend(start, end)
            if matched < len(self.open):
                return lines, start, start
            own, first = indented(self.text, position, end)
            if own < CODE_INDENT and closing.match(self.text, first):
                return lines, end, end
            lines.append((past(self.text, position, end, min(own, columns)), end))
            start = end
        return lines, start, start

    def _division(self, match: re.Match[str]) -> int:
        """Open or close a fenced division; one of mathematics or code is a fence."""
        self._close()
        end, info = self._end(match.end()), self.content[slice(*match.span("info"))].stripped().stripped(":").stripped()
        if not info.text:
            divisions = [place for place, each in enumerate(self.open) if each.kind == "division"]
            if divisions:
                del self.open[divisions[-1] :]
            return end
        if re.match(r"\{(?:math|code|code-block|code-cell|raw|eval-rst|image|include)\}", info.text):
            closing = re.compile(rf":{{{len(match['run'])},}}[ \t]*(?:\n|\Z)")
            lines, end, after = self._body(end, closing, 0)
            self._add(Block("fence", self._joined(lines, end), match.start(), after, info=info))
            return end
        if len(self.open) < DEEPEST:
            self.open.append(Container("division", len(match["run"]), division_name(info.text)))
        return end

    # ----- Paragraphs ----------------------------------------------------------------------------------------------

    def _append(self, position: int, end: int) -> int:
        """Go on with the paragraph, and with all of a display or a comment that is opened in the line."""
        start = position
        while (opening := opening_in(self.text, self.closers, start, end)) is not None:
            closing = closing_of(self.text, self.closers, opening)
            start = opening.end()
            if closing < 0:
                continue
            lines, last = self._through(position, end, closing)
            if lines:
                self.lines += lines[:-1]
                position, end = lines[-1][0], last
                start = max(closing, position)
        self.lines.append((position, end))
        return end

    def _through(self, position: int, end: int, closing: int) -> tuple[list[tuple[int, int]], int]:
        """The lines up to that of a closing mark, if none leaves a quotation."""
        lines = [(position, end)]
        quotes = sum(container.kind == "quote" for container in self.open)
        while end < closing:
            start, end = end, self._end(end)
            place, matched = self._descend(start, end)
            if quotes > sum(container.kind == "quote" for container in self.open[:matched]):
                return [], end
            lines.append((place, end))
        return lines, end

    def _close(self, kind: str = "paragraph", level: int = 0, end: int = 0) -> None:
        """End the paragraph that is being read, if there is one."""
        if self.lines:
            content = self._joined(self.lines)
            self._add(Block(kind, content, self.lines[0][0], end or self.lines[-1][1], level=level))
            self.lines = []

    def _joined(self, lines: list[tuple[int, int]], start: int = 0) -> Placed:
        """The lines as one text; those that follow one another are cut out together."""
        if not lines:
            return self.content[start:start]
        edges: list[list[int]] = [[*lines[0]]]
        for first, end in lines[1:]:
            if first == edges[-1][1]:
                edges[-1][1] = end
            else:
                edges.append([first, end])
        parts = [self.content[first:end] for first, end in edges]
        return parts[0] if len(parts) == 1 else Placed.joined(parts)

    def _add(self, block: Block) -> None:
        within = tuple(each.name or each.kind for each in self.open)
        self.found.append(replace(block, within=within) if within else block)
