r"""Org: formulas as in LaTeX, headings, blocks; drawers, keywords, comments and code are left out.

`#+BEGIN_SRC indexcalc`, and comment lines that begin with `# indexcalc:`, are sheets. `#+LATEX_HEADER:` may define
macros.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexcalc.audit.documents import tex
from indexcalc.audit.documents.inline import declared
from indexcalc.audit.documents.marks import display, dollar, environment, inline, left_out, skip
from indexcalc.audit.documents.places import Placed
from indexcalc.audit.documents.regions import Kind, Region
from indexcalc.audit.documents.scanner import Found, Numbering, Opener, Scanner, Setting
from indexcalc.errors import Span

MARKS = re.compile(
    r"(?P<display>\$\$|\\\[)"
    r"|(?P<dollar>\$)"
    r"|(?P<inline>\\\()"
    r"|(?P<environment>\\begin\s*\{(?P<name>[^{}\n]{1,50})\})"
    r"|(?P<verbatim>(?<![^\s(\"'{\-])(?P<sign>[=~])(?=\S)(?P<verb>[^\n]{0,300}?\S)(?P=sign)(?![^\s)\"'}\-.,;:!?]))"
    r"|(?P<skip>\\[^A-Za-z])"
    r"|(?P<left_out>\[\[[^\[\]\n]{1,500}\]\[|\[\[[^\[\]\n]{1,500}\]\]|\[fn:[^\[\]\n]{0,50}\]|\]\]|<<[^<>\n]{1,100}>>"
    r"|(?<![^\s(\"'{\-])[*/_+](?=[^\s*/_+])|(?<=[^\s*/_+])[*/_+](?![^\s)\"'}\-.,;:!?]))"
)
HEADING = re.compile(
    r"(?P<rank>\*+)[ \t]+(?:(?:TO(?:DO)|DONE)[ \t]+)?(?P<title>[^\n]*?)(?:[ \t]+:[\w@:]+:)?[ \t]*(?:\n|\Z)"
)
BEGIN = re.compile(r"[ \t]*#\+begin_(?P<kind>\w+)(?P<argument>[^\n]*)(?:\n|\Z)", re.IGNORECASE)
KEYWORD = re.compile(r"[ \t]*#\+(?P<name>\w+)(?:\[[^\n]*?\])?:(?P<value>[^\n]*)(?:\n|\Z)")
COMMENTS = re.compile(r"(?:[ \t]*#(?:[ \t][^\n]*)?(?:\n|\Z))+")
COMMENT = re.compile(r"^[ \t]*#[ \t]?([^\n]*)", re.MULTILINE)
DRAWER = re.compile(r"[ \t]*:[\w-]+:[ \t]*\n(?:[^\n]*\n)*?[ \t]*:END:[ \t]*(?:\n|\Z)", re.IGNORECASE)
FIXED = re.compile(r"(?:[ \t]*:(?:[ \t][^\n]*)?(?:\n|\Z))+")
PLANNING = re.compile(r"[ \t]*(?:SCHEDULED|DEADLINE|CLOSED|CLOCK):[^\n]*(?:\n|\Z)")
ITEM = re.compile(r"[ \t]*(?:[-+]|\d+[.)]|[ \t]\*)[ \t]+(?:\[[ X-]\][ \t]+)?")
RULE = re.compile(r"[ \t]*\|[-+]+\|?[ \t]*(?:\n|\Z)")
TABLE = re.compile(r"[ \t]*\|")
CODE = frozenset("src example comment export verbatim ascii html".split())
HEADERS = ("latex_header", "latex_header_extra", "latex")
DEEPEST = 20  # blocks in one another


def verbatim(scanner: Scanner, match: re.Match[str]) -> Found:
    """Code or a verbatim text in a line."""
    content = scanner.content[slice(*match.span("verb"))]
    return [scanner.region("code", content, match.start(), match.end())], match.end()


OPENERS: dict[str, Opener] = {
    "display": display,
    "dollar": dollar,
    "inline": inline,
    "environment": environment,
    "verbatim": verbatim,
    "skip": skip,
    "left_out": left_out,
}


def regions(content: Placed, numbering: Numbering, within: tuple[str, ...] = ()) -> Iterator[Region]:
    """The regions of a text in Org."""
    return _Reader(content, numbering, within).regions()


class _Reader:
    """Reads the blocks of a text, line by line."""

    def __init__(self, content: Placed, numbering: Numbering, within: tuple[str, ...]) -> None:
        self.content, self.text, self.numbering, self.within = content, content.text, numbering, within

    def regions(self) -> Iterator[Region]:
        """All regions, in their order."""
        position = 0
        while position < len(self.text):
            for pattern, read in READS:
                match = pattern.match(self.text, position)
                if match and match.end() > position:
                    found, position = read(self, match)
                    yield from found
                    break
            else:
                end = self._paragraph_end(position)
                yield from self._scanned(self._words(position, end))
                position = end

    def _end(self, start: int) -> int:
        end = self.text.find("\n", start)
        return len(self.text) if end < 0 else end + 1

    def _paragraph_end(self, start: int) -> int:
        """Behind the lines up to a blank one, or to one that begins something else; displays may hold such lines."""
        position = self._end(start)
        if not self.text[start:position].strip():
            return position
        while position < len(self.text):
            line = self.text[position : self._end(position)]
            begins = HEADING.match(line) or BEGIN.match(line) or KEYWORD.match(line) or ITEM.match(line)
            if not line.strip() or ((begins or TABLE.match(line)) and not _is_open(self.text[start:position])):
                break
            position = self._end(position)
        return position

    def _words(self, start: int, end: int) -> Placed:
        """A paragraph without the mark of an item, or the bars of a table."""
        mark = ITEM.match(self.text, start, end)
        content = self.content[mark.end() if mark else start : end]
        if TABLE.match(self.text, start):
            return content.blanked((match.start(), match.end()) for match in re.finditer(r"(?<!\\)\|", content.text))
        return content

    def _scanned(self, content: Placed) -> Iterator[Region]:
        return Scanner(content, MARKS, OPENERS, Setting(self.numbering.next(), self.within)).regions()

    def heading(self, match: re.Match[str]) -> tuple[list[Region], int]:
        """A heading with the formulas in it."""
        title = self.content[slice(*match.span("title"))]
        setting = Setting(self.numbering.next(), self.within, "heading", len(match["rank"]))
        return [*Scanner(title, MARKS, OPENERS, setting).regions()], match.end()

    def block(self, match: re.Match[str]) -> tuple[list[Region], int]:
        """A block: code, a sheet, LaTeX, or text."""
        kind, argument = match["kind"].lower(), match["argument"].split()
        language = argument[0].lower() if argument else ""
        ending = re.compile(rf"^[ \t]*#\+end_{re.escape(kind)}[ \t]*(?:\n|\Z)", re.IGNORECASE | re.MULTILINE)
        closing = ending.search(self.text, match.end())
        inner, after = (closing.start(), closing.end()) if closing else (len(self.text),) * 2
        content = self.content[match.end() : inner]
        if kind == "src" and language == "indexcalc":
            return [self._region("sheet", content, match.start(), after, "fence")], after
        if kind == "export" and language in ("latex", "tex"):
            return [*tex.regions(content, self.numbering, self.within)], after
        if kind in CODE or len(self.within) >= DEEPEST:
            own: Kind = "comment" if kind == "comment" else "code"
            return [self._region(own, content, match.start(), after, language)], after
        return [*regions(content, self.numbering, (*self.within, kind))], after

    def keyword(self, match: re.Match[str]) -> tuple[list[Region], int]:
        """A keyword: the title of the document is a heading, lines for LaTeX may define macros."""
        value = self.content[slice(*match.span("value"))].stripped()
        if match["name"].lower() == "title":
            setting = Setting(self.numbering.next(), self.within, "heading", 1)
            return [*Scanner(value, MARKS, OPENERS, setting).regions()], match.end()
        language = "latex" if match["name"].lower() in HEADERS else ""
        return [self._region("raw", value, match.start(), match.end(), language)], match.end()

    def comments(self, match: re.Match[str]) -> tuple[list[Region], int]:
        """Comment lines; those that declare are a sheet."""
        lines = [self.content[slice(*line.span(1))] for line in COMMENT.finditer(self.text, match.start(), match.end())]
        sheets = [content for kind, content in map(declared, lines) if kind == "sheet"]
        kind: Kind = "sheet" if sheets else "comment"
        content = Placed.joined(sheets or lines, "\n")
        return [self._region(kind, content, match.start(), match.end(), "comment" if sheets else "")], match.end()

    def aside(self, match: re.Match[str]) -> tuple[list[Region], int]:
        """What says something to the editor, not to a reader."""
        content = self.content[match.start() : match.end()]
        return [self._region("raw", content, match.start(), match.end())], match.end()

    def fixed(self, match: re.Match[str]) -> tuple[list[Region], int]:
        """Lines that are shown as they stand."""
        content = self.content[match.start() : match.end()]
        return [self._region("code", content, match.start(), match.end())], match.end()

    def _region(self, kind: Kind, content: Placed, start: int, end: int, language: str = "") -> Region:
        span = self.content[start:end]
        number = self.numbering.next()
        place = Span(span.start, self.content.place(max(start, end - 1)) + (end > start))
        return Region(kind, content, place, number, kind == "code", language=language, within=self.within)


def _is_open(text: str) -> bool:
    """Whether a display that began in some lines is not closed in them."""
    for begin, end in ((r"\\\[", r"\\\]"), (r"\\begin\{", r"\\end\{")):
        if len(re.findall(begin, text)) > len(re.findall(end, text)):
            return True
    return text.count("$$") % 2 == 1


READS = (
    (HEADING, _Reader.heading),
    (DRAWER, _Reader.aside),
    (BEGIN, _Reader.block),
    (KEYWORD, _Reader.keyword),
    (COMMENTS, _Reader.comments),
    (PLANNING, _Reader.aside),
    (FIXED, _Reader.fixed),
    (RULE, _Reader.aside),
)
