r"""What stands at a brace: \underbrace{p_1 + p_2}_{=1} says that the sum is 1."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexcalc.notation.formula import Formula
from indexcalc.notation.tex.parser import parse
from indexcalc.notation.tex.tokens import group_end

BRACE = re.compile(r"\\(?:under|over)brace\s*(?=\{)")
IS_ONE = re.compile(r"\s*[_^]\s*\{\s*=\s*1\s*\}")


def ones_of(text: str) -> Iterator[Formula]:
    """What a formula says at its braces to be 1."""
    for match in BRACE.finditer(text):
        end = group_end(text, match.end())
        if IS_ONE.match(text, end):
            yield parse(text[match.end() + 1 : end - 1])
