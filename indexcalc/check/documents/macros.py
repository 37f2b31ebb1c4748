r"""Macros: what a document defines by \newcommand, put in where its formulas use it.

    \newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}        \pd{a_{pq}}{z_{rs}}

An argument keeps its place in the file; what the macro adds stands where it is used. A macro that uses itself, or one
whose text grows without end, is left as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from indexcalc.check.documents.pieces import LONGEST_FORMULA, Piece
from indexcalc.check.documents.places import Placed

BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
DEFINITION = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand)\*?\s*(?:\{\s*(\\[A-Za-z]+)\s*\}|(\\[A-Za-z]+))"
    r"\s*(?:\[(\d)\])?\s*(?:\[([^\]]*)\])?\s*\{|\\def\s*(\\[A-Za-z]+)((?:#\d)*)\s*\{"
    r"|\\DeclareMathOperator\*?\s*\{\s*(\\[A-Za-z]+)\s*\}\s*\{"
)
MOST_MACROS = 500
MOST_USES = 1000  # of macros in one formula


@dataclass(frozen=True)
class Macro:
    """A name with its backslash, the number of arguments, the first one's value if it may be left out, the text."""

    name: str
    arguments: int
    default: str | None
    body: str


def macros(text: str) -> dict[str, Macro]:
    """The macros that a text defines; the last definition of a name counts."""
    found: dict[str, Macro] = {}
    ends = closing_braces(text)
    for match in DEFINITION.finditer(text):
        end = ends.get(match.end() - 1)
        if end is None or len(found) > MOST_MACROS:
            continue
        body = text[match.end() : end]
        name = match[1] or match[2] or match[5] or match[7]
        count = int(match[3]) if match[3] else len(match[6] or "") // 2
        content = rf"\operatorname{{{body}}}" if match[7] else body
        found[name] = Macro(name, count, match[4], content)
    return found


def closing_braces(text: str) -> dict[int, int]:
    """For each brace that opens a group the place of the one that closes it."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for match in BRACE.finditer(text):
        if match.group() == "{":
            opened.append(match.start())
        elif match.group() == "}" and opened:
            found[opened.pop()] = match.start()
    return found


def group(text: str, start: int) -> str | None:
    """What stands between the brace at a position and the one that closes it."""
    end = closing_braces(text).get(start)
    return None if end is None else text[start + 1 : end]


def expanded(pieces: tuple[Piece, ...], known: Mapping[str, Macro]) -> tuple[Piece, ...]:
    """The pieces with the macros put into their formulas."""
    if not known:
        return pieces
    return tuple(
        replace(piece, content=expand(without_definitions(piece.content), known))
        if piece.kind in ("formula", "inline")
        else piece
        for piece in pieces
    )


def without_definitions(content: Placed) -> Placed:
    """With blanks for the definitions that stand in a formula."""
    spans: list[tuple[int, int]] = []
    ends = closing_braces(content.text)
    for match in DEFINITION.finditer(content.text):
        end = ends.get(match.end() - 1)
        if end is not None and (not spans or match.start() >= spans[-1][1]):
            spans.append((match.start(), end + 1))
    return content.blanked(spans)


def expand(content: Placed, known: Mapping[str, Macro]) -> Placed:
    """A formula with its macros put in, from the outside in."""
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    pattern = re.compile(rf"(?:{names})(?![A-Za-z])")
    position = 0
    for _ in range(MOST_USES):
        match = pattern.search(content.text, position)
        if match is None or len(content) > LONGEST_FORMULA:
            break
        found = _used(content, match.end(), known[match.group()])
        if found is None:
            position = match.end()
            continue
        new, end = found
        body = Placed(new.text, [content.place(match.start()) if place < 0 else place for place in new.places])
        content = Placed.joined([content[: match.start()], body, content[end:]])
        position = match.start() if match.group() not in new.text else match.start() + len(new)
    return content


def _used(content: Placed, position: int, macro: Macro) -> tuple[Placed, int] | None:
    """The text of a macro with the arguments behind a position, and where they end; negative places are its own."""
    arguments: list[Placed] = []
    if macro.default is not None:
        option = re.compile(r"\s*\[([^\]]*)\]").match(content.text, position)
        default = Placed(macro.default, [-1] * len(macro.default))
        arguments.append(content[slice(*option.span(1))] if option else default)
        position = option.end() if option else position
    for argument, end in _arguments(content, position, macro.arguments - len(arguments)):
        arguments.append(argument)
        position = end
    if len(arguments) < macro.arguments:
        return None
    parts: list[Placed] = []
    for part in re.split(r"(#\d)", macro.body):
        number = int(part[1]) if re.fullmatch(r"#\d", part) else 0
        own = Placed(part, [-1] * len(part))
        parts.append(arguments[number - 1] if 0 < number <= len(arguments) else own)
    ending = [Placed(" ", [-1])] if re.search(r"\\[A-Za-z]+\Z", macro.body) else []
    return Placed.joined([*parts, *ending]), position


def _arguments(content: Placed, position: int, count: int) -> Iterator[tuple[Placed, int]]:
    """The arguments behind a position, each a group or a single token, with where they end."""
    for _ in range(count):
        match = re.compile(r"\s*(?:(\{)|(\\[A-Za-z]+|\\.|[^\s{}]))", re.DOTALL).match(content.text, position)
        if match is None:
            return
        if match[2]:
            position = match.end()
            yield content[slice(*match.span(2))], position
            continue
        body = group(content.text, match.start(1))
        if body is None:
            return
        position = match.end() + len(body) + 1
        yield content[match.end() : match.end() + len(body)], position
