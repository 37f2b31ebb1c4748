"""Syntax errors of LaTeX in human words: what is wrong, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from indexcalc.errors import IndexcalcError, Span

COMMAND = re.compile(r"\\(?:[a-zA-Z]+|.)|.", re.DOTALL)
ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{[^{}]*\}")
BRACKET = re.compile(r"\\[{}]|\\[lr](?:brace|brack)(?![a-zA-Z])|[()\[\]]")
BY_ELEMENTS = "Write it by its elements, with an index for every axis"
ELLIPSIS = r"Write the sum or the product with \sum or \prod"
NO_EQUALITY = "Only equalities can be checked: write both sides with ="
UNKNOWN = {  # what to write for a command that the language lacks
    r"\approx": NO_EQUALITY,
    r"\begin": "Write one formula, without matrices or tables",
    r"\cdots": ELLIPSIS,
    r"\dots": ELLIPSIS,
    r"\end": r"Only \begin{cases} ... \end{cases} may stand inside a formula",
    r"\forall": "Write the formula alone",
    r"\in": "Write the formula alone",
    r"\int": "Integrals are not part of the language",
    r"\ldots": ELLIPSIS,
    r"\lVert": r"Write a norm by its elements: \sum_{i} x_{i}^{2}",
    r"\mid": r"Write \left| x \right| for the absolute value",
    r"\nabla": r"Write the derivative by its elements: \frac{\partial L}{\partial w_{ij}}",
    r"\otimes": BY_ELEMENTS,
    r"\pm": "Write two formulas",
    r"\to": NO_EQUALITY,
    r"\vdots": ELLIPSIS,
    r"\|": r"Write a norm by its elements: \sum_{i} x_{i}^{2}",
    "!": "Write a product of numbers",
    "#": "Give one formula",
    "$": "Give one formula, without the signs around it",
    "&": "Give one formula, without the marks of alignment",
    "'": r"A prime belongs to an index or an unknown function: x_{i'}, f'(x)",
    ".": "Write a decimal number as 0.5",
    "|": r"Write \left| x \right| for the absolute value",
}
OPERATORS = frozenset(("PLUS", "MINUS", "TIMES", "OVER", "HADAMARD"))
CLOSING = {"RBRACE": "}", "RPAR": ")", "_RIGHT": "a closing bracket", "_RBAR": r"\right|"}
STARTS = frozenset(("LETTER", "NUMBER", "FRAC"))  # what an expression can start with


def explain(error: UnexpectedInput, source: str, text: str, span: Span) -> IndexcalcError:
    """What a syntax error means in a stretch of a text, of which `source` is what was parsed."""
    if isinstance(error, UnexpectedCharacters):
        return _unknown(text, error.pos_in_stream or 0)
    assert isinstance(error, UnexpectedToken)
    unmatched = _unmatched(source, text, span)
    if unmatched is not None:
        return unmatched
    token, expected = error.token, frozenset(error.accepts or error.expected)
    at_end = token.type == "$END"
    place = span.start + len(source[span.start : span.end].rstrip()) if at_end else (token.start_pos or 0)
    shown = "the end" if at_end else str(token)
    before = source[span.start : place].rstrip()
    cause, remedy = next(filter(None, (rule(token.type, shown, before, expected) for rule in RULES)), None) or (
        f"{shown} is not expected here",
        f"Expected {_listed(expected)}",
    )
    return IndexcalcError(cause, remedy, text, [Span(place, place + max(1, len(token) * (not at_end)))])


def _unknown(text: str, place: int) -> IndexcalcError:
    found = ENVIRONMENT.match(text, place) or COMMAND.match(text, place)
    wrong = found.group() if found else text[place : place + 1]
    command = wrong.partition("{")[0].strip() or wrong
    remedy = UNKNOWN.get(command, r"Declare a name in the sheet, or write it as \text{name}" if "\\" in command else "")
    return IndexcalcError(f"{wrong} means nothing here", remedy, text, [Span(place, place + len(wrong))])


def _unmatched(source: str, text: str, span: Span) -> IndexcalcError | None:
    """The first bracket that closes nothing, or the last one that is never closed."""
    opened: list[re.Match[str]] = []
    for mark in BRACKET.finditer(source, span.start, span.end):
        sign = mark.group()
        if sign[-1] in "([{" or sign.startswith(r"\l"):
            opened.append(mark)
        elif opened:
            opened.pop()
        else:
            return IndexcalcError(
                f"this {sign} closes nothing", "Remove it, or open a bracket", text, [Span(*mark.span())]
            )
    if not opened:
        return None
    sign = opened[-1].group()
    return IndexcalcError(f"this {sign} is never closed", "Close the bracket", text, [Span(*opened[-1].span())])


# ----- Slips -----------------------------------------------------------------------------------------------------

Advice = tuple[str, str]  # cause and remedy


def _operand(type: str, shown: str, before: str, expected: frozenset[str]) -> Advice | None:
    r"""a +, a \cdot / b, an empty bracket or group, a lone script."""
    if not expected >= STARTS or "PLUS" in expected:
        return None
    if type in ("UNDERSCORE", "CIRCUMFLEX"):
        return f"nothing stands before this {shown}", "Write the name that the script belongs to"
    if before.endswith(("(", "[", "{")) and type in CLOSING:
        return "nothing stands in these brackets", "Write an expression there"
    if not before:
        return f"nothing stands before {shown}", "Write an expression there"
    last = COMMAND.findall(before)[-1]
    return f"nothing stands between {last} and {shown}", "Write an expression there"


def _relation(type: str, shown: str, before: str, expected: frozenset[str]) -> Advice | None:
    """A = B where one side is wanted."""
    return ("an expression has no sides", "Give one side of the equation") if type == "RELATION" else None


def _comma(type: str, shown: str, before: str, expected: frozenset[str]) -> Advice | None:
    return ("a comma stands outside of brackets", "Remove it") if type == "COMMA" else None


def _condition(type: str, shown: str, before: str, expected: frozenset[str]) -> Advice | None:
    """A case without a condition."""
    return ("a comparison is missing", "Write a condition such as i = j") if expected == {"RELATION"} else None


def _after_sum(type: str, shown: str, before: str, expected: frozenset[str]) -> Advice | None:
    """A bound without braces, such as the i=1 in sum_i=1."""
    if type == "RELATION" and re.search(r"\\(sum|prod)\s*_[^{]*$", before):
        return "the bounds of a sum stand in braces", r"Write \sum_{i=1}^{n}"
    return None


RULES: tuple[Callable[[str, str, str, frozenset[str]], Advice | None], ...] = (
    _after_sum,
    _operand,
    _relation,
    _comma,
    _condition,
)


def _listed(expected: frozenset[str]) -> str:
    """What could stand instead, in words."""
    words = [sign for type, sign in CLOSING.items() if type in expected]
    if "AMPERSAND" in expected:
        words.insert(0, "&")
    if expected & OPERATORS:
        words.insert(0, "an operator")
    elif expected & {"LETTER", "DIGIT"}:
        words.insert(0, "an expression" if expected >= STARTS else "braces { }, a letter or a digit")
    return " or ".join(words) or "the end of the formula"
