r"""What begins a formula in Markdown and LaTeX alike: $, $$, \[, \(, and the environments of displays."""

from __future__ import annotations

import re

from indexcalc.audit.documents.formula import BARE, ENVIRONMENTS, INNER, WRAPPERS
from indexcalc.audit.documents.scanner import Closers, Found, Scanner

SHOWN = ENVIRONMENTS | WRAPPERS | BARE  # environments that are a display without any mark around them
DISPLAY_MARKS = {"$$": r"\$\$", "\\[": r"\\\]", "\\\\[": r"\\\\\]"}
INLINE_MARKS = {"\\(": r"\\\)", "\\\\(": r"\\\\\)"}
LENGTHS = {"$$": 2, "\\[": 2, "\\\\[": 3, "\\(": 2, "\\\\(": 3}
LONGEST_INLINE = 2000  # characters; a dollar that closes further away is a price
TEXT_GROUP = re.compile(r"\\(?:text\w*|mbox|hbox|intertext)\s*\{")
MOST_INSIDE = 8  # dollars inside \\text{} in one formula
TEX = re.compile(r"[\\^_={}]")
WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}")
LONG_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")
MOST_NAMES = 3  # words of a formula without anything that a formula has
LATER_LABEL = re.compile(r"[ \t]*(?:\(([A-Za-z][\w:.-]*)\)|\{#([\w:.-]+)[^{}\n]*\})[ \t]*(?=\n|\Z)")
WORDS = re.compile(r"[^\W\d_]{2,}|\ba\b")
AROUND = 200  # characters of a line that are looked at


def environment_marks(name: str) -> tuple[str, str]:
    """The regular expressions of the begin and the end of an environment."""
    return rf"\\begin\s*\{{{re.escape(name)}\}}", rf"\\end\s*\{{{re.escape(name)}\}}"


def dollar(scanner: Scanner, match: re.Match[str]) -> Found:
    """A formula between single dollars, by the rules of Markdown: a price is none."""
    start = match.end()
    limit = min(scanner.closers.blank(start), start + LONGEST_INLINE)
    end = dollar_end(scanner.text, start, scanner.closers, limit)
    if end < 0 or not is_formula(scanner.text, start, end):
        return None, start
    return [scanner.formula(start, end, (match.start(), end + 1), display=False)], end + 1


def dollar_end(text: str, start: int, closers: Closers, limit: int) -> int:
    r"""Where a formula between single dollars ends; those inside \text{} belong to it."""
    end = closers.next(r"\$", start, limit)
    for _ in range(MOST_INSIDE):
        if end < 0 or not TEXT_GROUP.search(text, start, end) or not _is_open(text[start:end]):
            break
        end = closers.next(r"\$", end + 1, limit)
    return end


def _is_open(text: str) -> bool:
    plain = re.sub(r"\\.", "", text, flags=re.DOTALL)
    return plain.count("{") > plain.count("}")


def is_formula(text: str, start: int, end: int) -> bool:
    """Whether what stands between two dollars is a formula, not the words between two prices."""
    inner = text[start:end]
    if not inner.strip():
        return False
    shown = TEX.search(inner) is not None
    uneven, number = inner[0].isspace() != inner[-1].isspace(), inner[0].isdigit()
    words = len((WORD if number else LONG_WORD).findall(inner))
    if text[end + 1 : end + 2].isdigit() and (uneven or not shown):
        return False
    if uneven or (number and " " in inner):
        return (shown and not (number and inner[-1].isspace())) or not words
    return shown or words < MOST_NAMES


def display(scanner: Scanner, match: re.Match[str]) -> Found:
    r"""A formula between $$ or \[ \]; in the middle of a line of words it is part of the line."""
    opener, text = match.group(), scanner.text
    mark, start = DISPLAY_MARKS[opener], match.end()
    end = display_end(text, scanner.closers, opener, start)
    if end < 0:
        return open_region(scanner, match)
    after = end + LENGTHS[opener]
    if mark != r"\$\$" and _is_bracket(scanner, match, end):
        return None, start
    if not text[start:end].strip():
        return (), end + LENGTHS[opener]
    label = LATER_LABEL.match(text, after) if opener == "$$" else None
    behind = label.end() if label else after
    lines = "\n" in text[start:end] or "\\\\" in text[start:end] or mark != r"\$\$"
    beside = [_words(text, match.start(), -1), _words(text, behind, 1)]
    shown = lines or not (any(beside) if scanner.setting.doubled else all(beside))
    name = (label[1] or label[2]) if label else ""
    return [scanner.formula(start, end, (match.start(), behind), display=shown, label=name)], behind


def _is_bracket(scanner: Scanner, match: re.Match[str], end: int) -> bool:
    r"""Whether \[ is an escaped bracket of Markdown: in a line of words, without anything that a formula has."""
    around = _words(scanner.text, match.start(), -1) or _words(scanner.text, end + 2, 1)
    return scanner.setting.html and around and not TEX.search(scanner.text, match.end(), end)


def display_end(text: str, closers: Closers, opener: str, start: int) -> int:
    """Where a display ends; an environment that begins it may hold blank lines, and so may one on lines of its own."""
    inner = INNER.match(text, start)
    sought = closers.next(environment_marks(inner[1])[1], start) if inner else -1
    mark = DISPLAY_MARKS[opener]
    end = closers.next(mark, max(start, sought), closers.blank(max(start, sought)))
    if end >= 0 or not stands_alone(text, start - LENGTHS[opener], start):
        return end
    end = closers.next(mark, start)
    own = end >= 0 and stands_alone(text, end, end + LENGTHS[opener])
    return end if own and not is_prose(text[start:end]) else -1


ALONE = re.compile(r"[ \t.,;]*(?:\([\w:.-]+\)|\{#[^{}\n]*\})?[ \t]*(?:\n|\Z)")


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a mark has a line of its own, but for marks of quotations and a label."""
    before = text[max(text.rfind("\n", 0, start) + 1, start - AROUND) : start]
    return not before.strip(" \t>") and ALONE.match(text, end) is not None


TEXTS = re.compile(r"\\(?:text\w*|mbox|hbox|intertext|operatorname|math\w+)\s*\{[^{}]*\}|\\[A-Za-z]+")
MOST_WORDS = 4  # in a line of a formula


def is_prose(text: str) -> bool:
    """Whether lines of words stand in a text, or what begins a block: it is no formula."""
    if re.search(r"^[ \t>]*(?:#{1,6}[ \t]|`{3}|~{3})", text, re.MULTILINE):
        return True
    return any(len(WORD.findall(line)) >= MOST_WORDS for line in TEXTS.sub(" ", text).splitlines())


def _words(text: str, position: int, side: int) -> bool:
    """Whether words stand on this side of a position in its line, outside of other formulas."""
    before = text[max(0, position - AROUND) : position].rpartition("\n")[2].split("$$")[::-2]
    behind = text[position : position + AROUND].partition("\n")[0].split("$$")[::2]
    return any(WORDS.search(each) for each in (behind if side > 0 else before))


def open_region(scanner: Scanner, match: re.Match[str]) -> Found:
    """A formula that is not closed."""
    end = _given_up(scanner, match)
    content = scanner.content[match.start() : end]
    return [scanner.region("open", content, match.start(), end, display=True)], end


def _given_up(scanner: Scanner, match: re.Match[str]) -> int:
    """Where a formula that is not closed is given up: at the next mark of a formula, or behind its paragraph."""
    end = scanner.closers.blank(match.end())
    found = [scanner.closers.next(mark, match.end(), end) for mark in (r"\$", r"\\\[", r"\\begin\s*\{")]
    return min([each for each in found if each >= 0], default=end)


def inline(scanner: Scanner, match: re.Match[str]) -> Found:
    r"""A formula between \( and \)."""
    limit = min(scanner.closers.blank(match.end()), match.end() + LONGEST_INLINE)
    end = scanner.closers.next(INLINE_MARKS[match.group()], match.end(), limit)
    words = end >= 0 and not TEX.search(scanner.text, match.end(), end)
    if end < 0 or (words and len(WORD.findall(scanner.text, match.end(), end)) > 1):
        return None, match.end()
    after = end + LENGTHS[match.group()]
    return [scanner.formula(match.end(), end, (match.start(), after), display=False)], after


def environment(scanner: Scanner, match: re.Match[str]) -> Found:
    """A formula in an environment without dollars around it; other environments are prose."""
    if match["name"].strip() not in SHOWN:
        return None, match.end()
    end = environment_end(scanner.text, scanner.closers, match["name"].strip(), match.end())
    if end < 0:
        return open_region(scanner, match)
    return [scanner.formula(match.start(), end, (match.start(), end), display=match["name"].strip() != "math")], end


def environment_end(text: str, closers: Closers, name: str, start: int) -> int:
    """Behind the end of an environment, if that stands before another one of its name begins; else -1."""
    begin, closing = environment_marks(name)
    end = closers.next(closing, start)
    again = closers.next(begin, start)
    if end < 0 or 0 <= again < end:
        return -1
    return text.index("}", end) + 1


def skip(scanner: Scanner, match: re.Match[str]) -> Found:
    """Nothing begins here: an escaped character."""
    return None, match.end()


def left_out(scanner: Scanner, match: re.Match[str]) -> Found:
    """The stretch of a mark is no text."""
    return (), match.end()


# ----- What a line opens and does not close ------------------------------------------------------------------------

OPENING = re.compile(
    r"(?P<display>\$\$|\\\\?\[)|\\begin\s*\{(?P<name>[^{}\n]{1,50})\}|\\.|(?P<run>`+)|(?P<comment><!--)|(?P<dollar>\$)"
    r"|<(?P<tag>script|style|pre)\b[^<>\n]{0,500}>"
)


def opening_in(text: str, closers: Closers, start: int, end: int) -> re.Match[str] | None:
    """The first mark in a stretch of a line that opens something which the stretch does not close."""
    position = start
    while match := OPENING.search(text, position, end):
        position = match.end()
        if match["dollar"]:
            closing = closers.next(r"\$", position, end)
            position = closing + 1 if closing >= 0 and is_formula(text, position, closing) else position
        elif match["run"]:
            closing = closers.run(len(match["run"]), position, end)
            position = closing + len(match["run"]) if closing >= 0 else position
        elif any(match[name] for name in ("display", "name", "comment", "tag")):
            if match["name"] and match["name"].strip() not in SHOWN:
                continue
            closing = closing_of(text, closers, match)
            if closing < 0:
                continue
            if closing > end:
                return match
            position = closing
    return None


def closing_of(text: str, closers: Closers, match: re.Match[str]) -> int:
    """Behind what closes an opening; -1 if it is not closed where it may be."""
    start = match.end()
    if match["comment"]:
        end = closers.next("-->", start)
        return end + len("-->") if end >= 0 else -1
    if match["tag"]:
        end = closers.next(rf"(?i:</{match['tag']}\s*>)", start)
        return text.index(">", end) + 1 if end >= 0 else -1
    if match["name"]:
        return environment_end(text, closers, match["name"].strip(), start)
    end = display_end(text, closers, match["display"], start)
    return end + LENGTHS[match["display"]] if end >= 0 else -1
