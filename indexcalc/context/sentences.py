"""The sentences of a document: words with a mark for each formula, in the order in which they are read."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

OPEN, CLOSE = "\ue000", "\ue001"
MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")
HEADING = re.compile(r"^[ \t]{0,3}(#{1,6})\s|\\((?:sub)*)(?:section|paragraph|chapter)\*?\s*\{", re.MULTILINE)
ENDING = re.compile(r"[.!?](?=\s|\Z|[\"')*_])|\n[ \t]*\n|。|！|？")
WANTING = re.compile(r"(?:\b(?:that|then|dass|que|che)|:)\s*\Z", re.IGNORECASE)  # they want what is listed behind
ITEM = re.compile(r"[ \t]*\((?:[a-z]|[ivx]+|\d)\)")
NO_END = re.compile(r"\b(?:e\.g|i\.e|w\.r\.t|wrt|resp|cf|Eq|Eqs|Fig|Sec|vs|etc|i\.i\.d|approx|No)\.\Z", re.IGNORECASE)


LONGEST = 4000  # characters: what goes on without a full stop is read in stretches of this length


@dataclass
class Sentence:
    """A sentence: its text with marks for formulas, the numbers of the formulas, and where it stands.

    displays: those of the formulas that are set apart. level: of a heading, else 0.
    """

    text: str = ""
    start: int = 0
    end: int = 0
    formulas: list[int] = field(default_factory=list)
    displays: set[int] = field(default_factory=set)
    level: int = 0


def speak_of(sentences: Iterable[Sentence], pattern: re.Pattern[str]) -> bool:
    """Whether some sentence has words of a pattern."""
    return any(pattern.search(each.text) for each in sentences)


@dataclass(frozen=True)
class Part:
    """A stretch of a document: prose, or a formula by its number."""

    text: str
    start: int
    end: int
    formula: int | None = None
    display: bool = False


def sentences(parts: Iterable[Part]) -> list[Sentence]:
    """The sentences of a document. A display does not end one, unless it ends with a full stop."""
    found: list[Sentence] = []
    current = Sentence()
    for part in parts:
        if len(current.text) > LONGEST:
            found.append(current)
            current = Sentence(start=part.start)
        if part.formula is not None:
            if part.display and current.level:  # no heading goes on behind a display
                found.append(current)
                current = Sentence(start=part.start)
            if not current.text.strip():
                current.start = part.start
            current.text += f"{OPEN}{part.formula}{CLOSE}"
            current.formulas.append(part.formula)
            if part.display:
                current.displays.add(part.formula)
            current.end = part.end
            if part.display and part.text.rstrip().endswith((".", ".}", "。")):
                found.append(current)
                current = Sentence(start=part.end)
            continue
        line = part.text.find("\n") + 1 if current.level else 0
        if line:  # a heading ends with its line
            current.text += part.text[:line]
            current.end = part.start + line
            found.append(current)
            current = Sentence(start=current.end)
            part = replace(part, text=part.text[line:], start=part.start + line)
        for text, start, level, ends in _pieces(part):
            if level and current.text.strip():
                found.append(current)
                current = Sentence(start=start)
            if not current.text.strip():
                current.start = start
            current.text += text
            current.end = start + len(text)
            current.level = max(current.level, level)
            if ends:
                found.append(current)
                current = Sentence(start=current.end)
    found.append(current)
    return [each for each in found if each.text.strip()]


def _pieces(part: Part) -> Iterator[tuple[str, int, int, bool]]:
    """The pieces of prose between the ends of sentences.

    The text, its place, the level of a heading, whether it ends.
    """
    place = 0
    text = part.text
    headings = [match.start() for match in HEADING.finditer(text) if text[match.start() - 1 : match.start()] == "\n"]
    while place < len(text):
        heading = HEADING.match(text, place)
        if heading and (place == 0 or text[place - 1] == "\n"):
            level = len(heading[1]) if heading[1] else 1 + len(heading[2] or "") // 3
            line = text.find("\n", place)
            end = line + 1 if line >= 0 else len(text)
            yield text[place:end], part.start + place, level, line >= 0
            place = end
            continue
        stop = _end(text, place, headings)
        if stop is None and len(text) - place > LONGEST:
            stop = text.find(" ", place + LONGEST) + 1 or None
        yield text[place : stop or len(text)], part.start + place, 0, stop is not None
        place = stop or len(text)


def _end(text: str, place: int, headings: list[int]) -> int | None:
    """Where the sentence ends that goes on at a place; none if it goes on behind the text."""
    next_heading = next(iter(headings[bisect_right(headings, place) :][:1]), None)
    for match in ENDING.finditer(text, place):
        if next_heading is not None and match.start() >= next_heading:
            break
        if match.group()[0] == "\n":
            behind = text[match.end() :].lstrip()
            if not behind or behind[0].islower():
                continue
            if ITEM.match(behind) and WANTING.search(text, place, match.start()):
                continue  # if A = 0, show that (a) ..., (b) ...
            return match.end()
        if not NO_END.search(text[max(place, match.start() - 8) : match.end()]):
            return match.end()
    return next_heading
