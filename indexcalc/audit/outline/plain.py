r"""Definitions that stand in the prose itself, outside of all formulas: "with u = exp(a<sub>0</sub>) + 1 we find".

They are read where they are nothing but letters, numbers, signs and functions, up to where words go on. A name that the
text defines in another way is not free: so it is lost, unless a formula defines it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from indexcalc.audit.defined import Defined
from indexcalc.context.names import Use
from indexcalc.context.sentences import Sentence
from indexcalc.notation.formula import Formula, Mark, Opaque, walk
from indexcalc.notation.tex.parser import parse

DEFINED = re.compile(
    r"(?<![\w\\<>/.$'\"=-])(?P<letter>[A-Za-z])[ \t]?=[ \t]?(?P<body>[^=\s\"'\ue000][^\n,;。、\ue000]*)"
)
SCRIPTS = re.compile(r"<(?P<kind>sub|sup)>(?P<body>[\w+-]{1,8})</(?P=kind)>", re.IGNORECASE)
PART = re.compile(
    r"(?P<function>exp|log|ln|sin|cos|tan|tanh|sqrt)(?=\()|(?P<name>[A-Za-z])(?![A-Za-z])|\d+(?:\.\d+)?|[-+*/()]|[_^]\{[^{}]*\}|\^\d"
)
# Behind a formula: the end, a full stop, words, or a script that has no Latin letters.
BEHIND = re.compile(r"\s*(?:\Z|[.)](?!\d)|[^\x00-\x7f])|\s+[A-Za-z]{2,}")
NUMBER = re.compile(r"[\d.\s)]*\Z")


def plain_definitions(sentences: Iterable[Sentence], defined: Iterable[str]) -> Iterator[Defined]:
    """The definitions in plain text of letters that are not defined otherwise, as such that cannot be used."""
    known = frozenset(defined)
    for sentence in sentences:
        for match in DEFINED.finditer(sentence.text):
            if match["letter"] not in known and not NUMBER.match(match["body"]) and not _is_code(sentence.text, match):
                text = match[0].strip()
                body = formula_of(match["body"])
                why = "" if body is not None else "it is said in plain text, which is not read: write it as a formula"
                place = sentence.start if body is None else sentence.start + match.start()
                found = Defined(Use(match["letter"]), body or Opaque(match["body"]), place, 0, lost=why, text=text)
                yield replace(found, in_case=body is not None)


def formula_of(text: str) -> Formula | None:
    """The formula with which a text begins, if it is plain where it ends."""
    text = SCRIPTS.sub(lambda match: f"{'_' if match['kind'].lower() == 'sub' else '^'}{{{match['body']}}}", text)
    place, found, gap, last = 0, [], False, ""
    while match := PART.match(text, place):
        if match["name"] and (gap or place == 0) and match["name"] in "aAI" and not _is_joined(text, match.end()):
            return None  # a word of the language, or a letter
        found.append(f"\\{match[0]}" if match["function"] else match[0])
        last, place = match[0], match.end()
        behind = len(text) - len(text[place:].lstrip(" \t"))
        gap, place = behind > place, behind if PART.match(text, behind) else place
    whole = "".join(found)
    if not found or last in "+-*/(" or whole.count("(") != whole.count(")") or not BEHIND.match(text, place):
        return None
    formula = parse(" ".join(found).replace(" _", "_").replace(" ^", "^").replace("*", "\\cdot "))
    return None if any(isinstance(each, Opaque | Mark) for each in walk(formula)) else formula


def _is_joined(text: str, place: int) -> bool:
    """Whether a letter goes on with a script or a sign."""
    return re.match(r"[_^]|[ \t]*[-+*/)]", text[place:]) is not None


def _is_code(text: str, match: re.Match[str]) -> bool:
    """Whether the line of a definition is a line of Python that was put into the text as it stands."""
    start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.start())
    line = text[start : end if end >= 0 else len(text)].strip()
    try:
        ast.parse(line)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return bool(re.search(r"[({\[]\Z|\\\Z|,\Z", line))  # it goes on in the next line
    return True
