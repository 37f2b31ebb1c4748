"""Typst: formulas between dollars, headings, comments, raw texts; the author's own code is left out.

A formula with a blank behind its first dollar and before its last is a display, as Typst has it. A comment that begins
with `indexcalc:`, and a raw text in this language, is a sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from indexcalc.audit.documents.inline import declared
from indexcalc.audit.documents.marks import left_out, skip
from indexcalc.audit.documents.markup.formulas import Own, UnreadError, is_aligned, written
from indexcalc.audit.documents.places import Placed
from indexcalc.audit.documents.regions import Kind, Region
from indexcalc.audit.documents.scanner import Found, Numbering, Opener, Scanner, Setting

MARKS = re.compile(
    r"(?P<raw>`+)"
    r"|(?P<address>https?://[^\s\[\]()]+)"
    r"|(?P<comment>(?://[^\n]*(?:\n[ \t]*(?=//))?)+)"
    r"|(?P<block>/\*)"
    r"|(?P<dollar>\$)"
    r"|(?P<heading>^[ \t]*(?P<rank>=+)[ \t]+(?P<title>[^\n]*))"
    r"|(?P<code>\#(?=[A-Za-z{]))"
    r"|(?P<skip>\\.)"
    r"|(?P<left_out><[A-Za-z][\w:.-]*>|@[A-Za-z][\w:.-]*|^[ \t]*(?:[-+/]|\d+\.)[ \t]|[*_\[\]])",
    re.MULTILINE,
)
BREAK = re.compile(r"\n(?=[ \t]*\n)|\n(?=[ \t]*(?:[-+/]|\d+\.)[ \t])|\n(?=[ \t]*=+[ \t])|(?<=\n)(?==+[ \t])")
LINE_COMMENT = re.compile(r"//[ \t]?([^\n]*)")
LANGUAGE = re.compile(r"[A-Za-z][\w-]*")
LABEL = re.compile(r"[ \t]*<([A-Za-z][\w:.-]*)>")
STRING_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
STATEMENTS = ("let", "set", "show", "import", "include", "return")
LONGEST = 50_000  # characters of code
LET = re.compile(
    r"^[ \t]*#let[ \t]+(?P<name>[A-Za-z][\w-]*)(?:\((?P<arguments>[\w, -]*)\))?[ \t]*=[ \t]*"
    r"(?:\$(?P<body>[^$]*)\$|(?:math\.)?op\(\"(?P<operator>[^\"]*)\"[^()\n]*\))[ \t]*(?://[^\n]*)?$",
    re.MULTILINE,
)
CLOSING = {"(": ")", "[": "]", "{": "}"}


def raw(scanner: Scanner, match: re.Match[str]) -> Found:
    """A raw text: code of its language, or a sheet."""
    length, start = len(match.group()), match.end()
    if length == 2:  # an empty one
        return (), start
    end = scanner.closers.run(length, start)
    if end < 0:
        return None, start
    language = LANGUAGE.match(scanner.text, start, end) if length > 2 else None
    name = language.group() if language else ""
    content = scanner.content[language.end() if language else start : end]
    after = end + length
    if name == "indexcalc":
        return [scanner.region("sheet", content, match.start(), after, language="fence")], after
    return [scanner.region("code", content, match.start(), after, language=name, display=length > 2)], after


def comment(scanner: Scanner, match: re.Match[str]) -> Found:
    """Comments in neighbouring lines; those that declare are a sheet."""
    found = LINE_COMMENT.finditer(scanner.text, match.start(), match.end())
    lines = [scanner.content[slice(*line.span(1))] for line in found]
    sheets = [content for kind, content in map(declared, lines) if kind == "sheet"]
    kind: Kind = "sheet" if sheets else "comment"
    content, language = Placed.joined(sheets or lines, "\n"), "comment" if sheets else ""
    return [scanner.region(kind, content, match.start(), match.end(), language=language)], match.end()


def block(scanner: Scanner, match: re.Match[str]) -> Found:
    """A comment between marks, which may hold others."""
    depth, end = 1, match.end()
    while depth and (mark := re.compile(r"/\*|\*/").search(scanner.text, end)):
        depth += 1 if mark.group() == "/*" else -1
        end = mark.end()
    inner = end - 2 if not depth else len(scanner.text)
    kind, content = declared(scanner.content[match.end() : inner])
    after = len(scanner.text) if depth else end
    language = "comment" if kind == "sheet" else ""
    return [scanner.region(kind, content, match.start(), after, language=language)], after


def dollar(scanner: Scanner, match: re.Match[str]) -> Found:
    """A formula up to the next dollar that is not part of its words."""
    start = match.end()
    end = _closing(scanner.text, start)
    if end < 0:
        return _unread(scanner, match.start(), scanner.closers.blank(start))
    after = end + 1
    label = LABEL.match(scanner.text, after)
    behind = label.end() if label else after
    inner = scanner.text[start:end]
    if not inner.strip():
        return (), behind
    shown = inner[0].isspace() and inner[-1].isspace()
    try:
        content = written(scanner.content[start:end], defined(scanner.text))
    except UnreadError as error:
        return _unread(scanner, match.start(), after, str(error))
    aligned = shown and is_aligned(content.text)
    if aligned:
        begin = Placed.put_in(r"\begin{align} ", scanner.content.place(match.start()))
        content = Placed.joined([begin, content, Placed.put_in(r" \end{align}", content.stop)])
    fields = {"display": shown, "environment": "align" if aligned else "", "label": label[1] if label else ""}
    return [scanner.region("formula", content, match.start(), behind, **fields)], behind


def _unread(scanner: Scanner, start: int, end: int, reason: str = "") -> Found:
    """A formula that is not closed, or that cannot be read for a reason."""
    return [scanner.region("open", scanner.content[start:end], start, end, display=True, reason=reason)], end


@lru_cache(maxsize=4)  # asked for each formula of a text
def defined(text: str) -> Mapping[str, Own]:
    """What a text defines by #let as a formula, or as an operator."""
    found: dict[str, Own] = {}
    for match in LET.finditer(text):
        if match["operator"] is not None:
            found[match["name"]] = Own(match["operator"], is_operator=True)
        else:
            words = tuple(word.strip() for word in (match["arguments"] or "").split(",") if word.strip())
            found[match["name"]] = Own(match["body"].strip(), words)
    return found


def _closing(text: str, start: int) -> int:
    """Where the dollar that closes a formula stands; -1 if there is none."""
    position = start
    for mark in re.compile(r'"(?:\\.|[^"\\])*"|\\.|//[^\n]*|/\*.*?\*/|\$', re.DOTALL).finditer(text, position):
        if mark.group() == "$":
            return mark.start()
    return -1


def heading(scanner: Scanner, match: re.Match[str]) -> Found:
    """A heading with the formulas in it."""
    title = scanner.content[slice(*match.span("title"))].stripped()
    number, level = scanner.paragraph(match.start("rank")), len(match["rank"])
    return [*scanner.nested(title, kind="heading", level=level, paragraph=number)], match.end()


def code(scanner: Scanner, match: re.Match[str]) -> Found:
    """Code of the author: statements up to the end of their line; of a call the arguments, not the text in brackets."""
    end = _behind_code(scanner.text, match.end())
    content = scanner.content[match.start() : end]
    return [scanner.region("raw", content, match.start(), end, language="typst")], end


def _behind_code(text: str, start: int) -> int:
    word = re.compile(r"[A-Za-z][\w.-]*|").match(text, start)
    position = word.end() if word else start
    is_statement = word is not None and word.group() in STATEMENTS
    while position < len(text):
        sign = text[position]
        if sign in "({" or (sign == "[" and is_statement):
            position = _behind_bracket(text, position)
        elif is_statement and sign != "\n":
            quoted = STRING_OR_COMMENT.match(text, position)
            math = _closing(text, position + 1) + 1 if sign == "$" else 0
            position = quoted.end() if quoted else max(position + 1, math)
        else:
            return position
    return position


def _behind_bracket(text: str, start: int) -> int:
    """Behind the bracket that closes one; strings, comments and formulas inside are passed over."""
    opened: list[str] = []
    position, limit = start, min(len(text), start + LONGEST)
    while position < limit:
        quoted = STRING_OR_COMMENT.match(text, position)
        sign = text[position]
        if quoted:
            position = quoted.end()
            continue
        if sign == "$":
            position = max(position, _closing(text, position + 1))
        elif sign in CLOSING:
            opened.append(CLOSING[sign])
        elif opened and sign == opened[-1]:
            opened.pop()
            if not opened:
                return position + 1
        position += 1
    return limit  # Typst refuses such a document


OPENERS: dict[str, Opener] = {
    "raw": raw,
    "address": left_out,
    "comment": comment,
    "block": block,
    "dollar": dollar,
    "heading": heading,
    "code": code,
    "skip": skip,
    "left_out": left_out,
}


def regions(content: Placed, numbering: Numbering) -> Iterator[Region]:
    """The regions of a text in Typst."""
    breaks = [match.start() for match in BREAK.finditer(content.text)]
    numbers = [numbering.next() for _ in range(len(breaks) + 1)]
    return Scanner(content, MARKS, OPENERS, Setting(), breaks, numbers).regions()
