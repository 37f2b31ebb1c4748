r"""Formulas without what only typesets them: comments, labels, coloured boxes, entities of HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import islice

from indexcalc.audit.documents.places import Placed

DISPLAYS = ("displaymath", "dmath", "equation", "math")
ALIGNMENTS = (
    *("align", "alignat", "aligned", "alignedat", "eqnarray", "flalign", "gather", "gathered", "multline", "split"),
    *("IEEEeqnarray", "multlined", "dgroup", "darray", "xalignat"),
)
ENVIRONMENTS = frozenset(name + star for name in (*DISPLAYS, *ALIGNMENTS) for star in ("", "*"))
# Those that stand in the text too, and are written otherwise before they are read; and those that MathJax reads there.
WRAPPERS = frozenset(("numcases", "subnumcases", "empheq"))
BARE = frozenset(("cases", "dcases", "matrix", "pmatrix", "bmatrix", "vmatrix", "array"))
LONGEST_FORMULA = 50_000  # characters

LABEL = re.compile(r"\\label\s*\{([^{}]*)\}|\(\\#(eq:[\w:.-]+)\)")  # the second one is bookdown's
ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,5}|#x[\da-fA-F]{2,4});")
PRIMES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u2032": "'", "\u00a0": " "})
BOX = re.compile(
    r"\\(?:bbox\s*(?:\[[^\]]*\])?|colorbox\s*\{[^{}]*\}|fcolorbox\s*\{[^{}]*\}\s*\{[^{}]*\}|ensuremath)\s*(?=\{)"
    r"|\\require\s*\{[^{}]*\}"
)
DOLLARS = re.compile(r"\s*\$[^$]+\$\s*")  # in a coloured box stands text
MOST_BOXES = 200  # in one formula
INNER = re.compile(r"\s*\\begin\s*\{([A-Za-z]+\*?)\}")
BRACES = re.compile(r"\\.|[{}]", re.DOTALL)


def cleaned(content: Placed, html: bool = False) -> tuple[Placed, str]:
    """A formula without what only typesets it, and its first label. `html`: entities stand for characters."""
    if "%" in content.text:
        content = without_comments(content)
    if html and "&" in content.text:
        found = [*ENTITY.finditer(content.text)]
        content = content.replaced(*((*each.span(), unescape(each.group()).translate(PRIMES)) for each in found))
    labels = [*LABEL.finditer(content.text)] if "\\label" in content.text or "(\\#" in content.text else []
    if labels:
        content = content.blanked(each.span() for each in labels)
    content = _unwrapped(content) if content.text.startswith("\\begin") else content
    return _without_boxes(content), (labels[0][1] or labels[0][2] or "").strip() if labels else ""


WRAPPED = re.compile(r"\\begin\s*\{(?P<name>(?:sub)?numcases|empheq)\}\s*(?:\[[^\]]*\]\s*)?\{(?P<argument>[^{}]*)\}")


def _unwrapped(content: Placed) -> Placed:
    r"""A system with numbers in the rows as an alignment or as cases; what \begin{empheq}{align} frames as an align."""
    match = WRAPPED.match(content.text)
    end = content.text.rfind("\\end")
    if match is None or end < match.end():
        return content
    argument = match["argument"].strip()
    inner = argument if match["name"] == "empheq" else "cases" if argument else "aligned"
    before = f"{argument} " if inner == "cases" else ""
    changes = (0, match.end(), f"{before}\\begin{{{inner}}}"), (end, len(content), f"\\end{{{inner}}}")
    return content.replaced(*changes)


def without_comments(content: Placed) -> Placed:
    """With blanks for the comments inside a formula, up to the ends of their lines."""
    found = re.finditer(r"\\.|(%.*)", content.text)
    return content.blanked(match.span(1) for match in found if match[1])


def _without_boxes(content: Placed) -> Placed:
    """With blanks for the commands that draw boxes and their braces, except in a script."""
    if "\\" not in content.text:
        return content
    blanks: list[tuple[int, int]] = []
    for match in islice(BOX.finditer(content.text), MOST_BOXES):
        blanks.append(match.span())
        inside = _group(content.text, match.end())
        script = content.text[max(0, match.start() - 9) : match.start()].rstrip()[-1:] in ("^", "_")
        if inside is None or script:
            continue
        start, end = inside
        inner = content.text[start:end]
        dollars = DOLLARS.fullmatch(inner) is not None
        blanks.append((start - 1, start + (inner.index("$") + 1 if dollars else 0)))
        blanks.append((start + inner.rindex("$") if dollars else end, end + 1))
    return content.blanked(sorted(blanks)) if blanks else content


def _group(text: str, position: int) -> tuple[int, int] | None:
    """The bounds of what stands in the braces that open at a position."""
    if text[position : position + 1] != "{":
        return None
    depth = 0
    for match in BRACES.finditer(text, position):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if not depth:
            return position + 1, match.start()
    return None


def stray_brace(text: str) -> int | None:
    """The position of the first brace of a formula that opens or closes nothing; none if all do."""
    opened: list[int] = []
    for match in BRACES.finditer(text):
        if match.group() == "{":
            opened.append(match.start())
        elif match.group() == "}":
            if not opened:
                return match.start()
            opened.pop()
    return opened[0] if opened else None


def stray_bracket(text: str) -> int | None:
    r"""The position of the first round bracket that is never closed, where all signs of equality stand inside of such.

    None in a formula with a relation outside of brackets, or in which \\left. or \\right. stands for a bracket.
    """
    if "=" not in text or r"\left." in text or r"\right." in text:
        return None
    opened: list[int] = []
    outside = False
    for place, sign in enumerate(text):
        if sign in "([":
            opened.append(place)
        elif sign in ")]" and opened:
            opened.pop()
        outside |= sign == "=" and not opened
    return None if outside or not opened or text[opened[0]] != "(" else opened[0]


def environment_of(text: str) -> str:
    """The name of the environment that is all of a formula; "" if there is none, or several."""
    match = INNER.match(text)
    if match is None or text.count(match.group().strip()) > 1:
        return ""
    return match[1] if re.search(rf"\\end\s*\{{{re.escape(match[1])}\}}[\s.,;]*\Z", text) else ""


PART = re.compile(r"\n[ \t]*\n\s*")


def parts(content: Placed) -> Iterator[Placed]:
    """The equations of a directive, which blank lines part; an environment is not cut."""
    if "\\begin" in content.text:
        yield content
        return
    start = 0
    for match in PART.finditer(content.text):
        if content.text[start : match.start()].strip():
            yield content[start : match.start()]
        start = match.end()
    if content.text[start:].strip():
        yield content[start:]
