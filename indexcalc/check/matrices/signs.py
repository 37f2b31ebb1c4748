r"""Signs that are rewritten before matrix notation is parsed: dots, the bars of norms, \nabla.

a_1 + \ldots + a_n        a_1 + \text{dots} + a_n
\| x \|_2                 \text{norm}( x )_2
\nabla_{w} L              \frac{\partial L}{\partial w}
A : B                     A \mathbin: B
\langle a, b \rangle       ((a) \mathbin: (b))
"""

from __future__ import annotations

import re

from indexcalc.check.documents.definitions import group
from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.scan import tokens

DOTS = re.compile(r"\\(?:[lcvdh]?dots[bcmio]?)(?![A-Za-z])|(?<!\.)\.{3}(?!\.)|…")
BARS = re.compile(r"(?:\\(?:left|right|[bB]igg?[lrm]?)\s*)?(?:\\\||\\[lr]?Vert(?![A-Za-z]))")
NABLA = re.compile(r"\\nabla\s*_\s*(?:(?=\{)|(\\[A-Za-z]+|[A-Za-z]))")
ANGLES = re.compile(
    r"(?:\\left\s*)?\\langle(?![A-Za-z])(?P<first>[^,\\]*(?:\\(?!langle|rangle)[^,\\]*)*),"
    r"(?P<second>[^,\\]*(?:\\(?!langle|rangle|right\s*\\rangle)[^,\\]*)*)(?:\\right\s*)?\\rangle(?![A-Za-z])"
)
OPERAND = re.compile(
    r"\s*(?:\\(?:mathcal|mathscr|mathbf|boldsymbol|bm|text|mathrm|hat|tilde|bar)\s*\{[^{}]*\}"
    r"|\\(?!text|[dt]?frac|left|[bB]ig|log|exp|ln|sum|Vert|lVert)[A-Za-z]+|[A-Za-z])(?!\s*[\^_(])"
)
STRANGE = re.compile(rf"{DOTS.pattern}|{BARS.pattern}|\\(?:nabla|otimes|langle)(?![A-Za-z])")


def rewritten(side: Placed) -> Placed:
    """The side with signs that the grammar has."""
    return without_angles(with_double_dots(without_nabla(without_bars(without_dots(side)))))


def without_angles(side: Placed) -> Placed:
    """The side with double dots for inner products."""
    changes = []
    for match in ANGLES.finditer(side.text):
        changes.append((match.start(), match.start("first"), "(("))
        changes.append((match.end("first"), match.start("second"), r") \mathbin: ("))
        changes.append((match.end("second"), match.end(), "))"))
    return side.replaced(*changes) if changes else side


def with_double_dots(side: Placed) -> Placed:
    r"""The side with \mathbin: for a colon that is no slice: A : B is the sum of a_{ij} b_{ij}."""
    changes = []
    for token in tokens(side.text):
        if token.text == ":" and token.depth <= 0 and not side.text[: token.start].rstrip().endswith(("_", "(", "[")):
            changes.append((token.start, token.end, r"\mathbin:"))
    return side.replaced(*changes) if changes else side


def without_dots(side: Placed) -> Placed:
    r"""The side with \text{dots} for all kinds of dots; in a list of indices they are left out."""
    changes = []
    for match in DOTS.finditer(side.text):
        listed = in_subscript(side.text, match.start())
        changes.append((*match.span(), " " if listed else r"\text{dots}"))
    return side.replaced(*changes) if changes else side


def in_subscript(text: str, position: int) -> bool:
    """Whether a position is inside a subscript: dots there are a list of indices, of which two are read."""
    opening = max(text.rfind("{", 0, position), text.rfind("}", 0, position))
    return opening > 0 and text[opening] == "{" and text[:opening].rstrip().endswith("_")


def without_bars(side: Placed) -> Placed:
    """The side with brackets for the bars of norms, of which every second one closes."""
    bars = list(BARS.finditer(side.text))
    if not bars or len(bars) % 2:
        return side
    return side.replaced(*((*bar.span(), ")" if place % 2 else r"\text{norm}(") for place, bar in enumerate(bars)))


def without_nabla(side: Placed) -> Placed:
    r"""The side with a derivative for \nabla_x f."""
    changes = []
    for match in NABLA.finditer(side.text):
        variable = match[1] or group(side.text, match.end())
        end = match.end() if match[1] else match.end() + len(variable or "") + 2
        operand = OPERAND.match(side.text, end)
        if variable and operand:
            slope = rf"\frac{{\partial {operand.group()}}}{{\partial {variable}}}"
            changes.append((match.start(), operand.end(), slope))
        elif variable:  # of all that follows
            changes.append((match.start(), end, rf"\frac{{\partial}}{{\partial {variable}}} "))
    return side.replaced(*changes) if changes else side
