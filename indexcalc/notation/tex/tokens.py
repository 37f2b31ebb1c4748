r"""The tokens of LaTeX: commands, letters, numbers and signs, each with its entry in the lexicon and its place.

What only sets spaces or styles is left out here, once for all; so are commands that are left out with their arguments.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexcalc.notation.lexicon import CHARACTERS, COMMANDS, UNKNOWN, Entry, said_by


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its entry, its text, and where it stands. kind: the role of its entry, or letter, number, row, text."""

    kind: str
    value: str
    text: str
    start: int
    end: int


_TOKEN = re.compile(
    r"\\(?P<command>[A-Za-z]+\*?|.)|(?P<dots>\.{2,})|(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<blank>\s+)|(?P<sign>.)|(?P<rest>\\)",
    re.DOTALL,
)
_ARGUMENT = re.compile(r"\s*(?:\[[^\][]*\])?")
_ENVIRONMENT = re.compile(r"\s*\{\s*([A-Za-z]+\*?)\s*\}")
_WORD = re.compile(r"\s*\{\s*([A-Za-z]+)\s*\}")
_ROW = re.compile(r"\*?\s*\[\s*-?[\d.]+\s*[a-z]+\s*\]|\*(?!\w)")
_GROUPED = re.compile(r"\d(?:\\[,;: ]|[\s~])+\d{3}(?!\d)")
_LEADING = re.compile(r"[1-9]\d{0,2}(?:\d{3})*")
_THREE = re.compile(r"\d{3}(?!\d)")
LONGEST = 50_000  # characters of a formula; a longer one is not read


def group_end(text: str, start: int) -> int:
    """Where the group that opens at a place ends, behind its bracket; the end of the text if it is not closed."""
    depth = 0
    place = start
    while place < len(text):
        mark = text[place]
        if mark == "\\":
            place += 1
        elif mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
            if depth <= 0:
                return place + 1
        place += 1
    return len(text)


def _argument_end(text: str, start: int) -> int:
    """Where the argument of a command behind a place ends."""
    found = _ARGUMENT.match(text, start)
    place = found.end() if found else start
    return group_end(text, place) if text[place : place + 1] == "{" else place


def tokens(text: str) -> list[Token]:
    """The tokens of a formula."""
    found: list[Token] = []
    for token in _scan(text):
        if token.kind != "switch":
            found.append(token)
        elif found and found[-1].kind == "group":  # {\bf x} is \mathbf{x}
            found.insert(-1, replace(token, kind="font"))
    if len(found) > 1 and _GROUPED.search(text):
        found = _with_groups(found)
    return _with_labels(found) if "\\_" in text else found


def _with_groups(found: list[Token]) -> list[Token]:
    r"""The tokens with the digits of a number in one token: 10\,000 is no product."""
    kept: list[Token] = []
    for token in found:
        before = kept[-1] if kept else END
        if before.kind == token.kind == "number" and _LEADING.fullmatch(before.value) and _THREE.match(token.value):
            kept[-1] = Token("number", before.value + token.value, before.text + token.text, before.start, token.end)
        else:
            kept.append(token)
    return kept


def _with_labels(found: list[Token]) -> list[Token]:
    r"""The tokens with all letters of a word below what stands before it: y\_pred is y_{pred}."""
    kept: list[Token] = []
    place = 0
    while place < len(found):
        token = found[place]
        kept.append(token)
        place += 1
        end = place
        while token.text == "\\_" and end < len(found) and _goes_on(found[end - 1], found[end]):
            end += 1
        if end - place > 1:
            kept.append(Token("group", "", "", found[place].start, found[place].start))
            kept += found[place:end]
            kept.append(Token("endgroup", "", "", found[end - 1].end, found[end - 1].end))
            place = end
    return kept


def _goes_on(before: Token, token: Token) -> bool:
    return token.kind == "letter" and token.start == before.end and token.text.isalpha()


def _scan(text: str) -> Iterator[Token]:
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            return
        start, place = match.span()
        command = match["command"]
        if command is not None:
            token, place = _command(text, command, start, place)
            if token is not None:
                yield token
        elif match["dots"]:
            yield Token("dots", "dots", match["dots"], start, place)
        elif match["number"]:
            yield Token("number", match["number"], match["number"], start, place)
        elif not match["blank"]:
            mark = match.group()
            if unicodedata.category(mark) in ("Cf", "Zs", "Cc"):
                continue
            if mark in "<>" and text[place : place + 1] == "=":
                place += 1
                yield Token("relation", "leq" if mark == "<" else "geq", text[start:place], start, place)
                continue
            entry = CHARACTERS.get(mark, UNKNOWN)
            if entry.role != "blank":
                yield Token(entry.role, entry.value or mark, mark, start, place)


def _command(text: str, command: str, start: int, place: int) -> tuple[Token | None, int]:
    """The token of a command, if it has one, and where to go on."""
    if command == "\\" or command in ("cr", "newline", "tabularnewline"):
        found = _ROW.match(text, place)
        return Token("row", "row", "\\\\", start, place), found.end() if found else place
    if command[-1] == "*" and command not in COMMANDS:
        command, place = command[:-1], place - 1
    if command == "_" and (text[place : place + 1] == "{" or text[place : place + 1].isalnum()):  # kept from Markdown
        return Token("below", "", "\\_", start, place), place
    entry = COMMANDS.get(command)
    if entry is None:
        if command == "-":  # a sign that Markdown would take for a list, if it stood by itself
            return Token("minus", "", "\\-", start, place), place
        if not command[0].isalpha():
            is_blank = command.isspace() or command == '"'
            return (None if is_blank else Token("letter", command, command, start, place)), place
        entry = Entry("letter", command)
    role = entry.role
    if role in ("blank", "style"):
        return None, place
    if role == "skip":
        for _ in range(entry.count):
            place = _argument_end(text, place)
        return None, place
    if role == "through" and text[place : place + 1] == "[":  # \bbox[yellow,5px]{...}
        place = max(place, text.find("]", place) + 1)
    if role == "through":
        return None, place
    if role == "size":
        return _sized(text, start, place)
    if role in ("text", "named"):
        opening = _ARGUMENT.match(text, place)
        begin = opening.end() if opening else place
        if text[begin : begin + 1] != "{":
            return Token(role, "", "", start, place), place
        end = group_end(text, begin)
        mark = text[begin + 1 : end - 1].strip()
        if role == "text" and mark in (",", ";"):
            return Token("comma", mark, text[start:end], start, end), end
        if role == "text" and mark == "e" and text[end : end + 1] == "^":  # the number, in an upright letter
            return Token("letter", mark, text[start:end], start, end), end
        return Token(role, text[begin + 1 : end - 1 if text[end - 1] == "}" else end], text[start:end], start, end), end
    if role in ("begin", "end"):
        found = _ENVIRONMENT.match(text, place)
        end = found.end() if found else place
        return Token(role, found[1] if found else "", text[start:end], start, end), end
    word = _WORD.match(text, place) if role == "font" and entry.value == "upright" else None
    if word and said_by(word[1]) in ("if", "and", "or", "otherwise"):
        return Token("text", word[1], text[start : word.end()], start, word.end()), word.end()
    return Token(role, entry.value, text[start:place], start, place), place


def _sized(text: str, start: int, place: int) -> tuple[Token | None, int]:
    r"""A bracket of some size: \left and \right without a bracket mean nothing; bars know whether they open."""
    word = text[start + 1 : place]
    side = "left" if word.endswith(("left", "l")) else "right" if word.endswith(("right", "r")) else ""
    match = _TOKEN.match(text, place)
    while match and match["blank"]:
        place = match.end()
        match = _TOKEN.match(text, place)
    if match is None:
        return None, place
    if match.group() == ".":
        return (
            Token("open" if side == "left" else "close", ".", ".", start, match.end()) if side else None
        ), match.end()
    inner = COMMANDS.get(match["command"]) if match["command"] else CHARACTERS.get(match.group())
    if inner is None or inner.role not in ("open", "close", "bar", "norm", "relation"):
        return None, place
    if inner.role == "relation" and inner.value not in "<>":
        return None, place
    kind = {"relation": "open" if side == "left" else "close"}.get(inner.role, inner.role)
    if kind in ("bar", "norm") and side:
        kind = f"{kind}-{side}"
    return Token(kind, inner.value, text[start : match.end()], start, match.end()), match.end()


END = Token("end-of-text", "", "", 0, 0)
OPERATORS_BETWEEN = {
    "times": "times",
    "hadamard": "hadamard",
    "divided": "divided",
    "kronecker": "kronecker",
    "cross": "cross",
    "over": "over",
}
RELATIONS = ("equal", "relation", "arrow")
CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
# What ends an expression, wherever it stands.
STOPS = frozenset(("close", "endgroup", "comma", "row", "column", "end", "wide", "end-of-text", "stop", *RELATIONS))
