r"""Full stops that multiply: f(x) . g(x), e^a.e^b, and those before a sign, as in programs: x .* y, x ./ y.

In braces and brackets no sentence ends, so there a stop between two factors multiplies. Outside it does if no other
equation follows in its row, or if another stop of the same formula multiplies.
"""

from __future__ import annotations

from dataclasses import replace

from indexcalc.notation.tex.tokens import RELATIONS, Token

BEGINNING = frozenset(
    "letter number open group function operator big fraction font accent partial nabla root begin".split()
)
ENDING = frozenset("letter number close endgroup end prime infinity factorial transposed".split())
ABBREVIATIONS = ("N.A", "n.a", "i.e", "e.g", "w.r", "i.i", "a.s", "a.e")
ELEMENTWISE = {"times": "hadamard", "over": "divided"}


def multiplied(found: list[Token]) -> list[Token]:
    """The tokens with a sign of multiplication for each full stop that is one."""
    if not any(token.kind == "stop" for token in found):
        return found
    kinds = [_kind(found, place) for place in range(len(found))]
    is_usual = "inside" in kinds or "last" in kinds
    kept: list[Token] = []
    for token, kind, before in zip(found, kinds, ["", *kinds], strict=False):
        if kind in ("inside", "last") or (kind == "open" and is_usual):
            kept.append(replace(token, kind="times", value="cdot"))
        elif before == "sign":
            kept.append(replace(token, kind=ELEMENTWISE[token.kind], value="odot"))
        elif kind != "sign":
            kept.append(token)
    return kept


def _kind(found: list[Token], place: int) -> str:
    """Where a stop between two factors stands: inside of brackets, last in its row, or before another equation (open).

    sign: it stands before a sign of multiplication or division. Empty for all else.
    """
    if found[place].kind != "stop" or not 0 < place < len(found) - 1 or found[place - 1].kind not in ENDING:
        return ""
    following = found[place + 1]
    if following.text in ("*", "/"):
        return "sign"
    if following.kind not in BEGINNING or _is_number(found, place + 1) or _is_abbreviation(found, place):
        return ""
    depth = sum(_step(token) for token in found[:place])
    if depth > 0:
        return "inside"
    for token in found[place + 1 :]:
        depth += _step(token)
        if not depth and token.kind in ("row", "wide", "column", "text"):
            break
        if not depth and token.kind in RELATIONS:
            return "open"
    return "last"


def _is_abbreviation(found: list[Token], place: int) -> bool:
    """Whether a stop parts letters that stand for words: N.A., i.e."""
    before = found[place - 2].kind if place > 1 else ""
    return f"{found[place - 1].text}.{found[place + 1].text}" in ABBREVIATIONS and before != "letter"


def _is_number(found: list[Token], place: int) -> bool:
    """Whether the number of an equation stands at a place: (3), (3.2)."""
    if found[place].kind != "open":
        return False
    end = place + 1
    while end < len(found) and found[end].kind in ("number", "stop"):
        end += 1
    return end > place + 1 and end < len(found) and found[end].kind == "close"


def _step(token: Token) -> int:
    """How much deeper in brackets one is behind a token; environments that lay out rows bracket nothing."""
    return (token.kind in ("open", "group")) - (token.kind in ("close", "endgroup"))
