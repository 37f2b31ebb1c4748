"""What stands below and above, and arguments of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.notation.formula import Formula, Mark, Name, Opaque, Sequence
from indexcalc.notation.tex.tokens import STOPS, Token, tokens

if TYPE_CHECKING:
    from indexcalc.notation.tex.parser import Parser

SIGNS = ("minus", "plus", "times", "hadamard")  # which stand in a script alone: x^+, x^*


def scripts(parser: Parser) -> tuple[Formula | None, Formula | None, int, list[Formula]]:
    """What stands below and above; primes; and further superscripts."""
    below: Formula | None = None
    above: Formula | None = None
    primes, others = 0, []
    while True:
        kind = parser.token.kind
        if kind == "below" or (kind == "letter" and parser.token.text == "\\_"):
            parser.next()
            found = script(parser)
            below = found if below is None else Sequence((below, found), ",", span=found.span)
        elif kind in ("above", "raised"):
            if kind == "above":
                parser.next()
            found = raised(parser) if kind == "raised" else script(parser)
            if isinstance(found, Mark) and found.sign == "prime":
                primes += 1
            elif above is None:
                above = found
            else:
                others.append(found)
        elif kind == "prime":
            parser.next()
            primes += 1
        elif kind == "group" and parser.ahead().kind == "endgroup" and parser.ahead(2).kind in ("below", "above"):
            parser.place += 2
        else:
            return below, above, primes, others


def raised(parser: Parser) -> Formula:
    """Unicode superscripts, as one formula."""
    start, text = parser.token.start, ""
    while parser.token.kind == "raised":
        text += parser.next().value
    inner = type(parser)(tokens(text)).whole()
    return inner if not isinstance(inner, Opaque) else Name(text, span=(start, parser.done))


def script(parser: Parser) -> Formula:
    """What stands below or above: a group, or one token."""
    parser.in_script += 1
    try:
        return script_itself(parser)
    finally:
        parser.in_script -= 1


def script_itself(parser: Parser) -> Formula:
    """A script, where the parser knows that it is in one."""
    token = parser.token
    if token.kind == "group":
        if parser.ahead().kind in SIGNS and parser.ahead(2).kind == "endgroup":  # x^{+} is x^+
            parser.next()
            sign = script_itself(parser)
            parser.next()
            return sign
        return group(parser)
    if token.kind == "number" and len(token.text) > 1:  # x^23 is x^2 3
        parser.tokens[parser.place : parser.place + 1] = [
            Token("number", token.text[0], token.text[0], token.start, token.start + 1),
            Token("number", token.text[1:], token.text[1:], token.start + 1, token.end),
        ]
    if token.kind in STOPS:
        return Mark("empty", span=(token.start, token.start))
    if token.kind in SIGNS:
        parser.next()
        return Mark(token.value or token.kind, span=(token.start, token.end))
    return parser.atom()


def group(parser: Parser) -> Formula:
    """What stands in braces."""
    start = parser.next().start
    inner = parser.sequence(frozenset(("endgroup", "end-of-text")))
    stray = [inner]
    while parser.token.kind not in ("endgroup", "end-of-text"):
        lost = parser.next()
        stray.append(Opaque(lost.text, span=(lost.start, lost.end)))
        stray.append(parser.sequence(frozenset(("endgroup", "end-of-text"))))
    if parser.token.kind == "endgroup":
        parser.next()
    if len(stray) > 1:
        return Opaque("group", tuple(stray), span=(start, parser.done))
    return inner


def argument(parser: Parser) -> Formula:
    """The argument of a command: a group, or one token."""
    if parser.token.kind == "group":
        return group(parser)
    if parser.token.kind in STOPS:
        return Mark("empty", span=(parser.token.start, parser.token.start))
    return script_itself(parser)
