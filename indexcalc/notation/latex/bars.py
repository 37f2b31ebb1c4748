"""Plain bars around absolute values: which of them open, and which close.

A bar closes the last open one if something stands before it, as in |x| y; else it opens, as in |x| + |y| and ||x| - y|.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

TOKEN = re.compile(
    r"\\(?:left|right)\s*(?:\\[{}|]|\\[a-zA-Z]+|.)|\\[bB]igg?[lrm]?(?![a-zA-Z])|\\(?:[a-zA-Z]+|.)|\s+|.", re.DOTALL
)
NOTHING = re.compile(r"\\[bB]igg?[lrm]?|\\[,;:! ]|\\q?quad|\s+")
OPENING, CLOSING = frozenset("([{"), frozenset(")]}")
OPERATION = re.compile(  # what an operand stands behind
    r"[-+*/=<>,;:&^_([{]|−|·|\\(?:left\s*.*|cdot|times|div|log|ln|exp|sin|cos|tan|tanh|max|min|sum|prod|partial|frac"
    r"|leq?|geq?|neq?|odot|\\)"
)


def paired_bars(text: str) -> Iterator[tuple[int, int]]:
    """Where bars open and close, in pairs; one without its counterpart is left out."""
    levels: list[list[int]] = [[]]  # the open bars, by brackets
    before = "("
    for match in TOKEN.finditer(text):
        token = match.group()
        if NOTHING.fullmatch(token):
            continue
        if token in OPENING:
            levels.append([])
        elif token in CLOSING:
            levels = levels[:-1] or [[]]
        elif token == "|" and levels[-1] and not OPERATION.fullmatch(before):
            yield levels[-1].pop(), match.start()
            token = ")"
        elif token == "|":
            levels[-1].append(match.start())
            token = "("
        before = token
