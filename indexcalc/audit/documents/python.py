r"""Python files: the formulas in docstrings and comments, and in the text cells of jupytext's scripts.

Nothing is executed, nor does the file have to be valid: strings, comments and brackets are told apart by their marks. A
docstring is read as reStructuredText if it has marks of that, else as Markdown; so is a comment that holds a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexcalc.audit.documents import markdown, rst
from indexcalc.audit.documents.places import Placed
from indexcalc.audit.documents.regions import Kind, Region
from indexcalc.audit.documents.scanner import Numbering
from indexcalc.errors import Span

TOKEN = re.compile(
    r"(?P<comment>\#[^\n]*)"
    r"""|(?<!\w)(?P<prefix>[rRuUbBfFtT]{0,2})(?P<quote>\"{3}|'{3}|"|')"""
    r"|(?P<opening>[(\[{])|(?P<closing>[)\]}])|(?P<goes_on>\\\n)|(?P<newline>\n)|(?P<other>[^\s\#\"'()\[\]{}\\]+|\\)"
)
ENDS = {quote: re.compile(rf"\\[\s\S]|{quote}") for quote in ('"""', "'''")} | {
    quote: re.compile(rf"\\[\s\S]|{quote}|\n") for quote in ('"', "'")
}
RST = re.compile(r"^[ \t]*\.\. [\w-]+::|:math:`|`:math:", re.MULTILINE)
DOCTEST = re.compile(r"^[ \t]*>>>[^\n]*(?:\n(?![ \t]*\n)[^\n]*)*", re.MULTILINE)
FORMULA = re.compile(r"\$|\\[(\[]|\\begin\{|^```|:math:`|\.\. math::|indexcalc:", re.MULTILINE)
HASHES = re.compile(r"#+[:!]?[ ]?")
CELL = re.compile(r"%%+[ \t]*(?P<title>[^\[\n]*)(?:\[(?P<kind>\w+)\])?.*")
MARKER = re.compile(r"[+-](?:[ \t]*\{.*\})?[ \t]*|[+-][ \t]+tags=.*|region.*|endregion.*")
MAGIC = re.compile(r"[%!][a-z].*")
JUPYTEXT = re.compile(r"^# (?:%%|\+$|jupyter:|jupytext:)", re.MULTILINE)
DECLARED = re.compile(r"\s*indexcalc:(.*)")


@dataclass(frozen=True)
class Part:
    """A docstring, a comment (its lines, without their marks) or a stretch of code, with its bounds in the file."""

    kind: str
    start: int
    end: int
    raw: bool = True
    lines: tuple[tuple[int, int], ...] = ()


def parts(text: str) -> Iterator[Part]:
    """What a file is made of, in its order; neighbouring lines of comments are one part."""
    done = 0
    for part in _joined(text, _marked(text)):
        if text[done : part.start].strip():
            yield Part("code", done, part.start)
        yield part
        done = part.end
    if text[done:].strip():
        yield Part("code", done, len(text))


def _marked(text: str) -> Iterator[Part]:
    """The docstrings and the comments."""
    position, depth, fresh = 0, 0, True
    while match := TOKEN.search(text, position):
        position = match.end()
        if match["comment"]:
            marks = HASHES.match(text, match.start())
            start = min(marks.end() if marks else position, position)
            yield Part("comment" if fresh else "remark", match.start(), position, lines=((start, position),))
        elif match["quote"]:
            start = match.end()
            end, position = _string_end(text, match["quote"], start)
            alone = re.compile(r"[ \t]*(?:;[ \t]*)?(?:#|\n|\Z)").match(text, position)
            if fresh and not depth and alone and not set(match["prefix"].lower()) & set("bft"):
                yield Part("docstring", match.start(), position, "r" in match["prefix"].lower(), ((start, end),))
            fresh = False
        elif match["newline"]:
            fresh = not depth
        else:
            depth = max(0, depth + bool(match["opening"]) - bool(match["closing"]))
            fresh = not depth and match["other"] is not None and match["other"].endswith(":")


def _string_end(text: str, quote: str, start: int) -> tuple[int, int]:
    """Where the content of a string ends, and the string itself: at the latest with its line, or the file."""
    for match in ENDS[quote].finditer(text, start):
        if match.group() == quote:
            return match.start(), match.end()
        if match.group() == "\n":
            return match.start(), match.start()
    return len(text), len(text)


def _joined(text: str, found: Iterator[Part]) -> Iterator[Part]:
    """The parts; comments in neighbouring lines are one."""
    open_: list[Part] = []
    for part in found:
        between = text[open_[-1].end : part.start] if open_ else ""
        if open_ and not (part.kind == "comment" and between.isspace() and between.count("\n") == 1):
            yield _block(open_)
            open_ = []
        if part.kind == "comment":
            open_.append(part)
        else:
            yield part
    if open_:
        yield _block(open_)


def _block(comments: Sequence[Part]) -> Part:
    lines = tuple(line for part in comments for line in part.lines)
    return Part("comment", comments[0].start, comments[-1].end, lines=lines)


# ----- Regions -----------------------------------------------------------------------------------------------------


@dataclass
class Reader:
    """Reads the parts of a file. cell: of which kind the cell of a script is that is being read."""

    content: Placed
    numbering: Numbering
    is_script: bool
    cell: str = ""

    def regions(self) -> Iterator[Region]:
        """All regions, in their order."""
        for part in parts(self.content.text):
            match part.kind:
                case "docstring":
                    yield from self._docstring(part)
                case "comment" | "remark":
                    yield from self._comment(part)
                case _:
                    yield self._plain("code", self.content[part.start : part.end], part.start, part.end)

    def _docstring(self, part: Part) -> Iterator[Region]:
        (bounds,) = part.lines
        content = dedented(self.content[slice(*bounds)])
        if not part.raw:
            content = unescaped(content)
        yield from self._text(content, ("docstring",) if self.cell != "markdown" else ())

    def _text(self, content: Placed, within: tuple[str, ...]) -> Iterator[Region]:
        if RST.search(content.text):
            return rst.regions(content, self.numbering, within)
        content = content.blanked(match.span() for match in DOCTEST.finditer(content.text))
        return markdown.regions(content, self.numbering, within)

    def _comment(self, part: Part) -> Iterator[Region]:
        """The regions of neighbouring lines of comments: text, statements, and marks of cells."""
        lines: list[tuple[int, int]] = []
        sort = ""
        for line in part.lines:
            words = self.content.text[slice(*line)]
            own = self._sort(words)
            if own != sort:
                yield from self._run(sort, lines)
                lines, sort = [], own
            lines.append(line)
            if own == "mark":
                self._enter(words)
        yield from self._run(sort, lines)

    def _sort(self, words: str) -> str:
        """What a line of a comment is: a statement, a mark of a cell, or text."""
        if DECLARED.match(words):
            return "sheet"
        is_mark = CELL.fullmatch(words) or (self.is_script and (MARKER.fullmatch(words) or MAGIC.fullmatch(words)))
        return "mark" if is_mark else "text"

    def _enter(self, words: str) -> None:
        cell = CELL.fullmatch(words)
        if cell:
            kind = (cell["kind"] or "code").lower()
            self.cell = "markdown" if kind in ("markdown", "md") else kind

    def _run(self, sort: str, lines: list[tuple[int, int]]) -> Iterator[Region]:
        """The regions of lines of one sort."""
        if not lines or sort == "mark":
            return
        start, end = lines[0][0], lines[-1][1]
        if sort == "sheet":
            marks = (DECLARED.match(self.content.text, *line) for line in lines)
            statements = [self.content[mark.start(1) : mark.end(1)] for mark in marks if mark]
            if any(each.text.strip() for each in statements):
                yield self._plain("sheet", Placed.joined(statements, "\n"), start, end, "comment")
            return
        content = Placed.joined(
            [self.content[first : last + 1] for first, last in lines[:-1]] + [self.content[slice(*lines[-1])]]
        )
        is_text = self.cell == "markdown" or (self.is_script and self.cell != "raw") or FORMULA.search(content.text)
        if is_text and self.cell != "raw":
            yield from self._text(content, () if self.is_script else ("comment",))
        elif content.text.strip():
            yield self._plain("comment", content, start, end)

    def _plain(self, kind: Kind, content: Placed, start: int, end: int, language: str = "") -> Region:
        span = Span(self.content.place(start), self.content.place(max(start, end - 1)) + (end > start))
        language = "python" if kind == "code" else language
        return Region(kind, content, span, self.numbering.next(), kind == "code", language=language)


def dedented(content: Placed) -> Placed:
    """The lines of a docstring without the indentation that all but the first have in common."""
    lines = content.text.split("\n")
    depths = [len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()]
    least = min(depths, default=0)
    parts: list[Placed] = []
    position = 0
    for number, line in enumerate(lines):
        end = min(position + len(line) + 1, len(content))
        first = position + (len(line) - len(line.lstrip()) if not number else min(least, len(line)))
        parts.append(content[first:end])
        position = end
    return Placed.joined(parts)


def unescaped(content: Placed) -> Placed:
    """A string that is not raw, as its author meant it: two backslashes are one, one before a letter is one too."""
    found = re.finditer(r"\\(?:\\|\n)", content.text)
    changes = [(*match.span(), "\\" if match.group() == "\\\\" else "") for match in found]
    return content.replaced(*changes) if changes else content


def regions(content: Placed, numbering: Numbering, within: tuple[str, ...] = ()) -> Iterator[Region]:
    """The regions of a Python file."""
    return Reader(content, numbering, JUPYTEXT.search(content.text) is not None).regions()
