r"""Definitions that stand in the prose itself, outside of all formulas: "with u = exp(a<sub>0</sub>) + 1 we find".

They are not read; but a name that the text defines so is not free. So it is lost, unless a formula defines it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from indexcalc.audit.defined import Defined
from indexcalc.context.names import Use
from indexcalc.context.sentences import Sentence
from indexcalc.notation.formula import Opaque

DEFINED = re.compile(
    r"(?<![\w\\<>/.$'\"=-])(?P<letter>[A-Za-z])[ \t]?=[ \t]?(?P<body>[^=\s\"'\ue000][^\n,;。、\ue000]*)"
)
NUMBER = re.compile(r"[\d.\s)]*\Z")


def plain_definitions(sentences: Iterable[Sentence], defined: Iterable[str]) -> Iterator[Defined]:
    """The definitions in plain text of letters that are not defined otherwise, as such that cannot be used."""
    known = frozenset(defined)
    for sentence in sentences:
        for match in DEFINED.finditer(sentence.text):
            if match["letter"] not in known and not NUMBER.match(match["body"]) and not _is_code(sentence.text, match):
                text = match[0].strip()
                body = Opaque(match["body"])
                why = "it is said in plain text, which is not read: write it as a formula"
                yield Defined(Use(match["letter"]), body, sentence.start, 0, lost=why, text=text)


def _is_code(text: str, match: re.Match[str]) -> bool:
    """Whether the line of a definition is a line of Python that was put into the text as it stands."""
    start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.start())
    line = text[start : end if end >= 0 else len(text)].strip()
    try:
        ast.parse(line)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return bool(re.search(r"[({\[]\Z|\\\Z|,\Z", line))  # it goes on in the next line
    return True
