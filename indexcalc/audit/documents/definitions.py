r"""Definitions of macros: \newcommand, \def, \DeclareMathOperator, \NewDocumentCommand, paired delimiters.

What a macro takes is a row of slots, read one after the other behind its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

START = re.compile(
    r"\\(?:(?P<command>(?:re)?newcommand|providecommand|DeclareRobustCommand)"
    r"|(?P<operator>DeclareMathOperator)"
    r"|(?P<document>(?:New|Renew|Provide|Declare)(?:Expandable)?DocumentCommand)"
    r"|(?P<pair>DeclarePairedDelimiter)"
    r"|(?P<newenvironment>(?:re)?newenvironment)"
    r"|(?P<newtheorem>newtheorem)"
    r"|(?P<let>let)(?=\s*\\)"
    r"|(?P<def>[egx]?def)(?=\s*\\))(?![A-Za-z])\*?"
)
NAME = re.compile(r"\s*(?:\{\s*(\\[A-Za-z@]+|\\.)\s*\}|(\\[A-Za-z@]+|\\[^A-Za-z\s]))")
WORD = re.compile(r"\s*\{\s*([\w*-]+)\s*\}")
OPTION = re.compile(r"\s*\[([^\]\n]{0,300})\]")
BRACE = re.compile(r"\s*\{")
BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
LONGEST_BODY = 5000
MOST_PARTS = 6
KINDS = ("command", "operator", "document", "pair", "newenvironment", "newtheorem", "let", "def")


@dataclass(frozen=True)
class Slot:
    """What a macro takes at a place.

    kind: argument (a group or one token), option (between `opening` and `closing`, or left out), star, literal (text
    that must stand there: `opening`), until (all up to `closing`).
    """

    kind: str = "argument"
    opening: str = ""
    closing: str = ""
    default: str = ""


ARGUMENT = Slot()
NO_VALUE = "-NoValue-"
TRUE, FALSE = "\\BooleanTrue", "\\BooleanFalse"


@dataclass(frozen=True)
class Macro:
    """A name with its backslash, what it takes, and its text; place: where it is defined."""

    name: str
    slots: tuple[Slot, ...]
    body: str
    place: int = 0

    @property
    def begins(self) -> str:
        r"""The environment that it begins or ends, if that is all it does: `\be` for \begin{equation}."""
        match = re.fullmatch(r"\s*\\(begin|end)\s*\{([A-Za-z]+\*?)\}\s*", self.body)
        return f"{match[1]} {match[2]}" if match and not self.slots else ""


class Braces:
    """Which braces of a text close which, found once."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def closing(self) -> dict[int, int]:
        """The position of the closing brace, by that of the opening one."""
        found: dict[int, int] = {}
        opened: list[int] = []
        for match in BRACES.finditer(self.text):
            if match.group() == "{":
                opened.append(match.start())
            elif match.group() == "}" and opened:
                found[opened.pop()] = match.start()
        return found

    def group(self, start: int) -> str | None:
        """What stands between the brace at a position and the one that closes it; None if that is far away."""
        end = self.closing.get(start, -1)
        return self.text[start + 1 : end] if 0 <= end - start <= LONGEST_BODY else None

    def behind(self, pattern: re.Pattern[str], position: int) -> tuple[str | None, int]:
        """The group that begins with a match of a pattern, up to its brace, and the position behind it."""
        opening = pattern.match(self.text, position)
        body = self.group(opening.end() - 1) if opening else None
        return (body, opening.end() + len(body) + 1) if opening and body is not None else (None, position)


def group(text: str, start: int) -> str | None:
    """What stands between the brace at a position and the one that closes it; None if that is far away."""
    depth = 0
    for match in BRACES.finditer(text, start, start + LONGEST_BODY):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if not depth:
            return text[start + 1 : match.start()]
    return None


def definition_at(braces: Braces, match: re.Match[str]) -> tuple[Macro | None, int]:
    """The macro that a definition (a match of START) makes, if any, and where it ends."""
    kind, text = next(name for name in KINDS if match[name]), braces.text
    if kind in ("newenvironment", "newtheorem"):
        return None, _environment_end(braces, match.end())
    name = NAME.match(text, match.end())
    if name is None:
        return None, match.end()
    word, position = name[1] or name[2], name.end()
    if kind == "let":
        other = re.compile(r"\s*=?\s*(\\[A-Za-z@]+|\\?\S)").match(text, position)
        return (Macro(word, (), other[1], match.start()), other.end()) if other else (None, position)
    slots: tuple[Slot, ...] | None
    if kind == "def":
        slots, position = _parameters(text, position)
    elif kind == "document":
        slots, position = _specified(braces, position)
    else:
        slots, position = _counted(text, position)
    body, end = braces.behind(BRACE, position)
    if body is None or slots is None:
        return None, position
    if kind == "pair":
        return _pair(braces, word, body, end, match.start())
    content = rf"\operatorname{{{body}}}" if kind == "operator" else body
    return Macro(word, slots, content, match.start()), end


def _environment_end(braces: Braces, position: int) -> int:
    """Behind the definition of an environment or a theorem: its name, options and groups."""
    for _ in range(MOST_PARTS):
        option = OPTION.match(braces.text, position)
        body, end = braces.behind(BRACE, position)
        if option is None and body is None:
            break
        position = option.end() if option else end
    return position


def _counted(text: str, position: int) -> tuple[tuple[Slot, ...], int]:
    r"""The slots of \newcommand: how many, and what stands for the first if it is left out."""
    count = re.compile(r"\s*\[(\d)\]").match(text, position)
    if count is None:
        return (), position
    default = OPTION.match(text, count.end())
    if default is None:
        return (ARGUMENT,) * int(count[1]), count.end()
    return (Slot("option", "[", "]", default[1]), *(ARGUMENT,) * (int(count[1]) - 1)), default.end()


PARAMETER = re.compile(r"#(\d)([^#{}\n]*)")


def _parameters(text: str, position: int) -> tuple[tuple[Slot, ...] | None, int]:
    r"""The slots of \def: parameters, with what stands between them."""
    end = text.find("{", position, position + LONGEST_BODY)
    if end < 0:
        return None, position
    written = text[position:end].strip()
    first = written.partition("#")[0]
    slots = [Slot("literal", first)] if first else []
    for match in PARAMETER.finditer(written):
        slots.append(Slot("until", closing=match[2]) if match[2] else ARGUMENT)
    return tuple(slots), end


SPECIFIED = re.compile(
    r"(?P<m>m)|(?P<s>s)|(?P<o>o)|O\s*\{(?P<O>[^{}]*)\}|[dr](?P<d>[^\s{}])(?P<e>[^\s{}])"
    r"|[DR](?P<D>[^\s{}])(?P<E>[^\s{}])\s*\{(?P<F>[^{}]*)\}|(?P<g>g)|G\s*\{(?P<G>[^{}]*)\}|[+!>\s]"
)


def _specified(braces: Braces, position: int) -> tuple[tuple[Slot, ...] | None, int]:
    r"""The slots of \NewDocumentCommand, by the letters of xparse; None if a letter is not known."""
    written, end = braces.behind(BRACE, position)
    if written is None:
        return None, position
    slots: list[Slot] = []
    place = 0
    while place < len(written):
        match = SPECIFIED.match(written, place)
        if match is None:
            return None, position
        slots += _slot(match)
        place = match.end()
    return tuple(slots), end


def _slot(match: re.Match[str]) -> Iterator[Slot]:
    found = {name: value for name, value in match.groupdict().items() if value is not None}
    match next(iter(found), ""):
        case "m":
            yield ARGUMENT
        case "s":
            yield Slot("star")
        case "o":
            yield Slot("option", "[", "]", NO_VALUE)
        case "O":
            yield Slot("option", "[", "]", found["O"])
        case "d":
            yield Slot("option", found["d"], found["e"], NO_VALUE)
        case "D":
            yield Slot("option", found["D"], found["E"], found["F"])
        case "g":
            yield Slot("option", "{", "}", NO_VALUE)
        case "G":
            yield Slot("option", "{", "}", found["G"])


def _pair(braces: Braces, name: str, left: str, position: int, place: int) -> tuple[Macro | None, int]:
    r"""The macro of \DeclarePairedDelimiter: a star or a size may stand before its argument."""
    right, end = braces.behind(BRACE, position)
    if right is None:
        return None, position
    slots = (Slot("star"), Slot("option", "[", "]"), ARGUMENT)
    return Macro(name, slots, rf"\left{left} #3 \right{right}", place), end


def definitions(text: str) -> Iterator[tuple[Macro | None, int, int]]:
    """The definitions in a text, with where they begin and end."""
    position, braces = 0, Braces(text)
    while match := START.search(text, position):
        macro, position = definition_at(braces, match)
        yield macro, match.start(), max(position, match.end())
        position = max(position, match.end())
