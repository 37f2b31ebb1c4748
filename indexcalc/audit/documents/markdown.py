"""Markdown in its dialects: CommonMark, GitHub, MyST, pandoc, Quarto, kramdown.

Blocks are told apart first (blocks.py), then what stands in each paragraph (inline.py). The body of a directive that
holds text, such as a note or a proof, is read like the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from indexcalc.audit.documents import rst, tex
from indexcalc.audit.documents.blocks import Block, Blocks
from indexcalc.audit.documents.directives import OWN_ARGUMENT, Directive, directive_of, options
from indexcalc.audit.documents.formula import cleaned, environment_of, parts
from indexcalc.audit.documents.inline import MARKS, OPENERS, declared
from indexcalc.audit.documents.places import Placed
from indexcalc.audit.documents.regions import Kind, Region
from indexcalc.audit.documents.scanner import Numbering, Scanner, Setting
from indexcalc.errors import Span

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
DEEPEST = 10  # directives in one another


def regions(
    content: Placed, numbering: Numbering, within: tuple[str, ...] = (), doubled: bool | None = None
) -> Iterator[Region]:
    """The regions of a Markdown text. `doubled`: whether $$ may stand for $; None if the text shall tell."""
    front = None if within else FRONT_MATTER.match(content.text)
    if front and re.search(r"^[\w\"'-]+\s*:", front.group(), re.MULTILINE):
        yield _plain("raw", content[: front.end()], _span(content, 0, front.end()), numbering, within, "yaml")
        content = content[front.end() :]
    doubled = is_doubled(content.text) if doubled is None else doubled
    for block in Blocks(content).blocks():
        own = replace(block, within=(*within, *block.within)) if within else block
        yield from _of_block(own, _span(content, block.start, block.end), numbering, doubled)


SINGLE = re.compile(r"(?<![\\$`])\$(?=[^\s$`\d][^$\n]*\$(?!\$))")
NO_FORMULA = re.compile(r"\\(?:text\w*|mbox)\s*\{[^{}]*\}|^```.*?(?:^```|\Z)|`[^`\n]*`", re.MULTILINE | re.DOTALL)
IN_A_LINE = re.compile(r"[^\W\d_][^\S\n]*\(?\$\$[^$\n]+\$\$[^\S\n]*[,.;:)]?[^\S\n]*[^\W\d_]")


def is_doubled(text: str) -> bool:
    """Whether a text writes the formulas in its lines between double dollars, as kramdown wants it."""
    if "$$" not in text or IN_A_LINE.search(text) is None:
        return False
    return SINGLE.search(NO_FORMULA.sub("", text)) is None


def _span(content: Placed, start: int, end: int) -> Span:
    return Span(content.place(start), content.place(max(start, end - 1)) + (end > start))


def _plain(
    kind: Kind, content: Placed, span: Span, numbering: Numbering, within: tuple[str, ...], language: str = ""
) -> Region:
    return Region(kind, content, span, numbering.next(), kind == "code", language=language, within=within)


def _of_block(block: Block, span: Span, numbering: Numbering, doubled: bool) -> Iterator[Region]:
    match block.kind:
        case "paragraph":
            yield from paragraph(block.content, Setting(numbering.next(), block.within, html=True, doubled=doubled))
        case "heading":
            setting = Setting(numbering.next(), block.within, "heading", block.level, True, doubled)
            yield from paragraph(block.content, setting)
        case "comment":
            kind, content = declared(block.content)
            language = "comment" if kind == "sheet" else ""
            yield _plain(kind, content, span, numbering, block.within, language)
        case "fence":
            yield from _of_fence(block, span, numbering)
        case "code":
            yield _plain("code", block.content, span, numbering, block.within)
        case _:
            yield _plain("raw", block.content, span, numbering, block.within)


def paragraph(content: Placed, setting: Setting) -> Iterator[Region]:
    """The regions of a paragraph."""
    return Scanner(content, MARKS, OPENERS, setting).regions()


def _of_fence(block: Block, span: Span, numbering: Numbering) -> Iterator[Region]:
    directive = directive_of(block.info.text)
    match directive.kind:
        case "formula":
            yield from _formulas(block, directive, span, numbering)
        case "text" if len(block.within) < DEEPEST:
            yield from _text(block, directive, numbering)
        case "rst" if len(block.within) < DEEPEST:
            yield from rst.regions(block.content, numbering, block.within)
        case "tex":
            yield from tex.regions(block.content, numbering, block.within)
        case "sheet":
            yield _plain("sheet", block.content, span, numbering, block.within, "fence")
        case _:
            kind: Kind = "raw" if directive.kind == "raw" else "code"
            yield _plain(kind, block.content, span, numbering, block.within, directive.name)


def _formulas(block: Block, directive: Directive, span: Span, numbering: Numbering) -> Iterator[Region]:
    """The formulas of a fence: its argument, and each part of its body."""
    given, body = options(block.content)
    label = given.get("label") or given.get("name") or ""
    contents = [*parts(body)] or [body]
    if directive.argument:
        contents = [_argument(block, directive), *(each for each in contents if each.text.strip())]
    number = numbering.next()
    for place, each in enumerate(contents):
        content, own = cleaned(each, html=True)
        inside = Span(content.start, content.place(len(content)))
        yield Region(
            "formula",
            content,
            span if len(contents) == 1 else inside,
            number,
            display=True,
            environment=environment_of(content.text),
            label=own or (label if not place else ""),
            within=block.within,
        )


def _text(block: Block, directive: Directive, numbering: Numbering) -> Iterator[Region]:
    """The title and the body of a directive that holds text."""
    within = (*block.within, directive.name)
    _, body = options(block.content)
    if directive.argument and directive.name not in OWN_ARGUMENT:
        yield from paragraph(_argument(block, directive), Setting(numbering.next(), within, html=True))
    yield from regions(body, numbering, within)


def _argument(block: Block, directive: Directive) -> Placed:
    """What stands behind the name of a directive, in its place."""
    return block.info[len(block.info) - len(directive.argument) :]
