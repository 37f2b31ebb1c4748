"""Long lines of formulas, broken where a person would: at the outermost sign that still fits."""

from __future__ import annotations

import re
from collections.abc import Iterable

OPENING, CLOSING = "([{", ")]}"
NARROWEST = 20  # columns; less is not wrapped for
TOKEN = re.compile(r"[^\W\d]\w*'*(?:\[[^\[\]]*\])?|\d+(?:\.\d+)?|\S")


def wrapped(text: str, width: int, indent: int = 4) -> list[str]:
    """The lines of a formula, the later ones indented; a line is longer than the width only where nothing breaks it."""
    lines: list[str] = []
    rest, room = text, max(width, NARROWEST)
    while len(rest) > room:
        place = _break(rest, room)
        if place is None:
            break
        lines.append(rest[:place].rstrip())
        rest = " " * indent + rest[place:].lstrip()
    return [*lines, rest]


def _break(text: str, width: int) -> int | None:
    """Where a line ends best: at few open brackets, then far to the right."""
    start = len(text) - len(text.lstrip())
    depth, best, where = 0, None, None
    for place, sign in enumerate(text):
        depth += (sign in OPENING) - (sign in CLOSING)
        if place <= start or place >= len(text) - 1:
            continue
        cut = _cut(text, place, sign)
        if cut is None or cut > width or cut <= start:
            if place > width:
                break
            continue
        rank = depth * width // 4 + (0 if sign in "+-" else width // 3) - cut
        if best is None or rank <= best:
            best, where = rank, cut
    return where


def _cut(text: str, place: int, sign: str) -> int | None:
    """The position behind which a line may end: before + and -, after * and a comma between arguments."""
    if sign in "+-" and text[place - 1] == " ":
        return place
    if sign in "*/" and text[place - 1] not in " *" and text[place + 1] != "*":
        return place
    return place + 1 if sign == "," and text[place + 1] == " " else None


def changed(before: str, after: str) -> list[tuple[int, int]]:
    """The stretches of a formula that are new against the one before, by its names, numbers and signs."""
    from difflib import SequenceMatcher

    old, new = TOKEN.findall(before), [*TOKEN.finditer(after)]
    matcher = SequenceMatcher(None, old, [match.group() for match in new], autojunk=False)
    found = []
    for kind, _, _, start, end in matcher.get_opcodes():
        if kind in ("insert", "replace"):
            found.append((new[start].start(), new[end - 1].end()))
    return found


def columns(lines: Iterable[tuple[str, str]], width: int) -> list[str]:
    """Formulas with their reasons beside them in one column, or below where they do not fit."""
    rows = list(lines)
    fitting = [len(text) for text, why in rows if len(text) + 3 + len(f"# {why}") <= width]
    column = max(fitting, default=0)
    found = []
    for text, why in rows:
        if not why:
            found += wrapped(text, width)
        elif len(text) <= column and column + 3 + len(f"# {why}") <= width:
            found.append(f"{text:{column}}   # {why}")
        elif len(text) + 3 + len(f"# {why}") <= width:
            found.append(f"{text}   # {why}")
        else:
            found += [*wrapped(text, width), *wrapped_words(f"      # {why}", width)]
    return found


def wrapped_words(text: str, width: int) -> list[str]:
    """The lines of a reason."""
    import textwrap

    return textwrap.wrap(text, max(width, NARROWEST), subsequent_indent="      # ", break_long_words=False) or [text]
