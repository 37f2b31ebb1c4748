"""Patterns of paths as .gitignore has them: `*` within a name, `**` across folders, `!` takes back, `/` anchors.

Source: the manual of gitignore, section "pattern format"; the tests compare with git itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Pattern:
    """A line of a .gitignore: the expression that a path must match, and what follows if it does."""

    expression: str
    takes_back: bool
    only_folders: bool

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.expression, re.DOTALL)

    def matches(self, path: str, is_folder: bool) -> bool:
        """Whether a path, relative to the folder of the pattern and with `/`, is meant."""
        return (is_folder or not self.only_folders) and self._compiled.fullmatch(path) is not None


@dataclass(frozen=True)
class Patterns:
    """The patterns of a file, in their order: the last that matches decides."""

    rows: tuple[Pattern, ...]

    def decide(self, path: str, is_folder: bool) -> bool | None:
        """Whether a path is left out; None if no pattern speaks of it."""
        for row in reversed(self.rows):
            if row.matches(path, is_folder):
                return not row.takes_back
        return None


def patterns_of(lines: Iterable[str]) -> Patterns:
    """The patterns of some lines; blank ones and comments say nothing."""
    return Patterns(tuple(found for line in lines if (found := _pattern(line)) is not None))


def _pattern(line: str) -> Pattern | None:
    text = _without_trailing_blanks(line.rstrip("\r\n"))
    if not text or text.startswith("#"):
        return None
    takes_back = text.startswith("!")
    text = text[1:] if takes_back else text
    only_folders = text.endswith("/")
    text = text[:-1] if only_folders else text
    anchored = "/" in text
    text = text.removeprefix("/")
    if not text:
        return None
    expression = _expression(text)
    if expression is None:
        return None
    return Pattern(expression if anchored else f"(?:.*/)?{expression}", takes_back, only_folders)


def _without_trailing_blanks(text: str) -> str:
    """The text without blanks at its end, but for one behind a backslash."""
    while text.endswith(" "):
        slashes = len(text[:-1]) - len(text[:-1].rstrip("\\"))
        if slashes % 2:
            break
        text = text[:-1]
    return text


def _expression(text: str) -> str | None:
    """The regular expression of a pattern; None for one that can match nothing."""
    parts: list[str] = []
    place = 0
    while place < len(text):
        sign = text[place]
        stars = len(text) - place - len(text[place:].lstrip("*"))
        before, behind = text[:place], text[place + stars :]
        if stars >= 2 and (not before or before.endswith("/")) and behind.startswith("/"):
            parts.append("(?:.*/)?")
            place += stars + 1
        elif stars >= 2 and before.endswith("/") and not behind:
            parts.append(".+")
            place += stars
        elif stars:
            parts.append("[^/]*")
            place += stars
        elif sign == "?":
            parts.append("[^/]")
            place += 1
        elif sign == "[":
            found = _bracket(text, place)
            if found is None:
                return None
            parts.append(found[0])
            place = found[1]
        elif sign == "\\":
            if place + 1 == len(text):
                return None
            parts.append(re.escape(text[place + 1]))
            place += 2
        else:
            parts.append(re.escape(sign))
            place += 1
    return "".join(parts)


def _bracket(text: str, place: int) -> tuple[str, int] | None:
    """The expression of `[a-z]` at a place, and the place behind it; None where it is not closed."""
    inside = place + 1
    negated = text[inside : inside + 1] in ("!", "^")
    inside += negated
    members: list[str] = []
    first = True
    while inside < len(text) and (first or text[inside] != "]"):
        first = False
        if text.startswith("[:", inside) and (end := text.find(":]", inside)) > 0:
            name = text[inside + 2 : end]
            if name not in CLASSES:
                return None
            members.append(CLASSES[name])
            inside = end + 2
            continue
        low, inside = _member(text, inside)
        if text[inside : inside + 1] == "-" and text[inside + 1 : inside + 2] not in ("]", ""):
            high, inside = _member(text, inside + 1)
            members += [f"{re.escape(low)}-{re.escape(high)}"] if low <= high else []
        else:
            members.append(re.escape(low))
    if inside >= len(text):
        return None
    if not members:
        return ("[^/]" if negated else "(?!)"), inside + 1
    body = "".join(members)
    return (f"[^/{body}]" if negated else f"(?!/)[{body}]"), inside + 1


def _member(text: str, place: int) -> tuple[str, int]:
    """A sign in brackets, and the place behind it."""
    if text[place] == "\\" and place + 1 < len(text):
        return text[place + 1], place + 2
    return text[place], place + 1


CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "digit": "0-9",
    "lower": "a-z",
    "punct": re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
    "space": "\\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
