"""reStructuredText: `.. math::` and :math:`...`, headings, directives; literal blocks and comments are left out.

The body of a directive that holds text, such as a note, is read like the document; a comment that begins with
`indexcalc:`, and the body of `.. indexcalc::`, is a sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexcalc.audit.documents import tex
from indexcalc.audit.documents.directives import TEXTS, options
from indexcalc.audit.documents.formula import cleaned, environment_of, parts
from indexcalc.audit.documents.inline import declared
from indexcalc.audit.documents.marks import display, dollar, environment, inline, left_out, skip
from indexcalc.audit.documents.places import Placed, indented, past
from indexcalc.audit.documents.regions import Kind, Region
from indexcalc.audit.documents.scanner import Found, Numbering, Opener, Scanner, Setting
from indexcalc.errors import Span

DEEPEST = 20  # bodies in one another
MARKS = re.compile(
    r"(?P<literal>``)"
    r"|(?P<role>:(?P<role_name>[a-z][\w:+.-]*):`)"
    r"|(?P<interpreted>`)"
    r"|(?P<display>\$\$|\\\[)"
    r"|(?P<dollar>\$(?=[^\s$]))"
    r"|(?P<inline>\\\()"
    r"|(?P<environment>\\begin\s*\{(?P<name>[^{}\n]{1,50})\})"
    r"|(?P<skip>\\.)"
    r"|(?P<left_out>\*{1,2}(?=\S)|(?<=\S)\*{1,2}|\[[#*]?[\w.-]{0,50}\]_|\|(?=\S)|(?<=\S)\|_{0,2})",
)
DIRECTIVE = re.compile(r"\.\.[ \t]+(?:\|[^|\n]+\|[ \t]+)?(?P<name>[A-Za-z][\w:+.-]*)::(?P<argument>[^\n]*)\n?")
NOTE = re.compile(r"\.\.[ \t]+\[[#*]?[\w.-]*\](?=[ \t\n])")
EXPLICIT = re.compile(r"\.\.(?=[ \t\n]|\Z)")
ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1{2,}[ \t]*(?:\n|\Z)")
ITEM = re.compile(r"(?:[-*+\u2022]|(?:\d{1,9}|[A-Za-z]|#)[.)]|\((?:\d{1,9}|[A-Za-z])\))(?=[ \t])")
FIELD = re.compile(r":[^:\n`]{1,100}:(?=[ \t\n]|\Z)")
PROMPT = re.compile(r">>>(?=[ \t\n]|\Z)")
CODE = frozenset(
    "code code-block sourcecode highlight literalinclude parsed-literal doctest testcode testsetup testoutput plot "
    "ipython program-output prompt graphviz digraph mermaid productionlist jupyter-execute raw".split()
)
ASIDE = frozenset(  # that say something to the tools, not to a reader
    "image include contents toctree index module currentmodule automodule autoclass autofunction automethod "
    "default-role autosummary bibliography meta role tabularcolumns sectnum replace unicode date csv-table".split()
)


def literal(scanner: Scanner, match: re.Match[str]) -> Found:
    """An inline literal."""
    end = scanner.closers.run(2, match.end(), scanner.closers.blank(match.end()))
    if end < 0:
        return None, match.end()
    return [scanner.region("code", scanner.content[match.end() : end], match.start(), end + 2)], end + 2


def role(scanner: Scanner, match: re.Match[str]) -> Found:
    """A role: mathematics, or a reference, of which the words count."""
    end = scanner.closers.run(1, match.end(), scanner.closers.blank(match.end()))
    if end < 0:
        return None, match.end()
    if match["role_name"] == "math":
        return [scanner.formula(match.end(), end, (match.start(), end + 1), display=False)], end + 1
    if match["role_name"] in ("raw-latex", "raw-tex"):  # as pandoc writes what it hands through
        return [*scanner.nested(scanner.content[match.end() : end])], end + 1
    return [scanner.region("code", scanner.content[match.end() : end], match.start(), end + 1)], end + 1


def interpreted(scanner: Scanner, match: re.Match[str]) -> Found:
    """Interpreted text, or a link; a role may stand behind it."""
    end = scanner.closers.run(1, match.end(), scanner.closers.blank(match.end()))
    if end < 0:
        return None, match.end()
    behind = re.compile(r":([a-z][\w:+.-]*):|_{1,2}").match(scanner.text, end + 1)
    after = behind.end() if behind else end + 1
    if behind and behind[1] == "math":
        return [scanner.formula(match.end(), end, (match.start(), after), display=False)], after
    return [scanner.region("code", scanner.content[match.end() : end], match.start(), after)], after


def strict_dollar(scanner: Scanner, match: re.Match[str]) -> Found:
    """A formula between dollars, as some projects write them; the name of a variable of a shell is none."""
    found, after = dollar(scanner, match)
    around = scanner.text[max(0, match.start() - 1) : match.start()] + scanner.text[after : after + 1]
    return (None, match.end()) if found and re.search(r"\w", around) else (found, after)


OPENERS: dict[str, Opener] = {
    "literal": literal,
    "role": role,
    "interpreted": interpreted,
    "display": display,
    "dollar": strict_dollar,
    "inline": inline,
    "environment": environment,
    "skip": skip,
    "left_out": left_out,
}


def regions(content: Placed, numbering: Numbering, within: tuple[str, ...] = ()) -> Iterator[Region]:
    """The regions of a text in reStructuredText."""
    return Reader(content, numbering, within, {}).regions()


class Reader:
    """Reads the blocks of a text, line by line. levels: the ranks of the adornments of headings, as they are met."""

    def __init__(
        self, content: Placed, numbering: Numbering, within: tuple[str, ...], levels: dict[tuple[str, bool], int]
    ) -> None:
        self.content, self.text = content, content.text
        self.numbering, self.within, self.levels = numbering, within, levels
        self.found: list[Region] = []

    def regions(self) -> Iterator[Region]:
        """All regions, in their order."""
        position = 0
        while position < len(self.text):
            end = self._end(position)
            columns, first = indented(self.text, position, end)
            if first >= end or self.text[first] == "\n":
                position = end
                continue
            position = self._block(position, columns, first, end)
            yield from self.found
            self.found.clear()

    def _end(self, start: int) -> int:
        end = self.text.find("\n", start)
        return len(self.text) if end < 0 else end + 1

    def _block(self, start: int, columns: int, first: int, end: int) -> int:
        """Read the block that begins in a line; returns where the next one begins."""
        if match := DIRECTIVE.match(self.text, first):
            return self._directive(match, columns)
        if EXPLICIT.match(self.text, first) and not NOTE.match(self.text, first):
            return self._explicit(first, end, columns)
        if PROMPT.match(self.text, first):
            after = self._paragraph_end(start)
            self._add("code", self.content[start:after], start, after, "python")
            return after
        if heading := self._heading(start, first, end):
            number, title, level, after = heading
            setting = Setting(number, self.within, "heading", level)
            self.found += Scanner(title, MARKS, OPENERS, setting).regions()
            return after
        if ADORNMENT.match(self.text, first):
            return end
        return self._paragraph(start, columns, first)

    def _heading(self, start: int, first: int, end: int) -> tuple[int, Placed, int, int] | None:
        """A title with a line of marks below it, and perhaps above; its paragraph, words, level and end."""
        over = ADORNMENT.match(self.text, first)
        title = (end, self._end(end)) if over else (start, end)
        under = ADORNMENT.match(self.text, title[1])
        words = self.text[slice(*title)].strip()
        if under is None or not words or (over and over[1] != under[1]):
            return None
        if not over and len(under.group().strip()) < min(len(words), 4):
            return None
        level = self.levels.setdefault((under[1], over is not None), len(self.levels) + 1)
        return self.numbering.next(), self.content[slice(*title)].stripped(), level, under.end()

    def _paragraph_end(self, start: int) -> int:
        """Behind the lines up to the next blank one."""
        position = start
        while position < len(self.text):
            end = self._end(position)
            if not self.text[position:end].strip():
                break
            position = end
        return position

    def _body(self, start: int, columns: int) -> tuple[Placed, int, int]:
        """The lines that are indented further than a column, without their indentation; where they begin and end."""
        lines: list[tuple[int, int]] = []
        position, behind, begin, least = start, start, start, 10**9
        while position < len(self.text):
            end = self._end(position)
            own, first = indented(self.text, position, end)
            blank = first >= end or self.text[first] == "\n"
            if not blank and own <= columns:
                break
            lines.append((position, end))
            if not blank:
                least, behind = min(least, own), end
            position = end
        shown = [(past(self.text, left, right, least), right) for left, right in lines if right <= behind]
        if not shown:
            return self.content[start:start], begin, behind
        return Placed.joined(self.content[left:right] for left, right in shown), begin, behind

    def _directive(self, match: re.Match[str], columns: int) -> int:
        """Read a directive; returns where the next block begins."""
        name = match["name"].lower()
        body, _, after = self._body(match.end(), columns)
        after = max(after, match.end())
        argument = self.content[slice(*match.span("argument"))].stripped()
        given, inner = options(body)
        plain = name.rpartition(":")[2]
        if plain == "math":
            self._formulas(argument, inner, given, match.start(), after)
        elif name == "indexcalc":
            self._add("sheet", inner, match.start(), after, "fence")
        elif name == "raw" and argument.text in ("latex", "tex"):
            self.found += tex.regions(inner, self.numbering, self.within)
        elif name in CODE:
            self._add("code", inner, match.start(), after, argument.text)
        elif name in ASIDE or len(self.within) >= DEEPEST:
            self._add("raw", body, match.start(), after)
        else:
            within = (*self.within, plain)
            if plain in TEXTS and argument.text and plain != "figure":
                self.found += self._scanned(argument, within)
            self.found += Reader(inner, self.numbering, within, self.levels).regions()
        return after

    def _formulas(self, argument: Placed, body: Placed, given: dict[str, str], start: int, after: int) -> None:
        """Read the formulas of a directive: its argument goes on in the lines right below it; blank lines part them."""
        joined = Placed.joined([argument, body], "\n" if argument.text and body.text else "")
        contents, number = [*parts(joined)], self.numbering.next()
        for place, each in enumerate(contents):
            content, label = cleaned(each)
            own = Span(self.content.place(start), self.content.place(max(start, after - 1)) + 1)
            span = own if len(contents) == 1 else Span(content.start, content.place(len(content) - 1) + 1)
            name = label or (given.get("label") or given.get("name") or "" if not place else "")
            environment_name = environment_of(content.text)
            found = Region("formula", content, span, number, True, environment_name, label=name, within=self.within)
            self.found.append(found)

    def _explicit(self, first: int, end: int, columns: int) -> int:
        """Read a comment or a target; returns where the next block begins."""
        line = self.content[first + 2 : end].stripped()
        if not line.text and not self.text[end : self._end(end)].strip():
            return end  # an empty comment: it only ends what stands before it
        body, _, after = self._body(end, columns)
        after = max(after, end)
        if re.match(r"_|__ ", line.text):
            self._add("raw", self.content[first:after], first, after)
            return after
        content = Placed.joined([line, body], "\n" if line.text and body.text else "")
        kind, content = declared(content)
        self._add(kind, content, first, after, "comment" if kind == "sheet" else "")
        return after

    def _paragraph(self, start: int, columns: int, first: int) -> int:
        """Read a paragraph, and the literal block behind two colons; returns where the next block begins."""
        position, lines, within = start, [], self.within
        for pattern, name in ((ITEM, "item"), (FIELD, "field"), (NOTE, "footnote")):
            mark = pattern.match(self.text, first)
            if mark:
                lines.append((mark.end(), self._end(start)))
                position, within = self._end(start), (*within, name)
                break
        while position < len(self.text):
            end = self._end(position)
            own, place = indented(self.text, position, end)
            if place >= end or self.text[place] == "\n":
                break
            if lines and self._begins(place, own, columns, within):
                break
            lines.append((place, end))
            position = end
        content = Placed.joined(self.content[left:right] for left, right in lines)
        self.found += self._scanned(content, within)
        if content.text.rstrip().endswith("::"):
            body, begin, after = self._body(position, columns)
            if body.text.strip():
                self._add("code", body, begin, after)
                return after
        return position

    def _begins(self, place: int, own: int, columns: int, within: tuple[str, ...]) -> bool:
        """Whether a line behind one of a paragraph begins another item of its list, or a directive."""
        if within == self.within:
            return own != columns and DIRECTIVE.match(self.text, place) is not None
        return own <= columns and any(pattern.match(self.text, place) for pattern in (ITEM, FIELD, NOTE, DIRECTIVE))

    def _scanned(self, content: Placed, within: tuple[str, ...]) -> Iterator[Region]:
        return Scanner(content, MARKS, OPENERS, Setting(self.numbering.next(), within)).regions()

    def _add(self, kind: Kind, content: Placed, start: int, end: int, language: str = "") -> None:
        span = Span(self.content.place(start), self.content.place(max(start, end - 1)) + (end > start))
        number = self.numbering.next()
        self.found.append(Region(kind, content, span, number, kind == "code", language=language, within=self.within))
