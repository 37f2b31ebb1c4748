"""Syntax errors in human words: what is wrong, and what to write instead.

The parser knows the token that did not fit, those that would have, and what it had read so far. The slips that people
make most are recognised by these three, in the order of the table SLIPS; anything else is said in general words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from indexcalc.errors import IndexcalcError, Span
from indexcalc.notation.syntax.foreign import point

Advice = tuple[str, str]  # cause and remedy

STATEMENTS = {
    "assume": "assume A = B",
    "check": "check A = B",
    "function": "function f, g",
    "index": "index i, j : n",
    "notation": 'notation a = "a^{L}"',
    "outside": "outside x = 0",
    "tensor": "tensor X[i,j], w[j]",
    "symmetric": "symmetric A",
}
HOW_TO_STATE = "Write name[indices] = expression, or begin with index, function, assume, check or notation"
FORMS = {
    "diff": "diff(A, x[i])",
    "where": "where(i == j, A, B)",
}
WORDS = {  # what a terminal is called
    "COLON": "a colon",
    "COMMA": "a comma",
    "EQUAL": "=",
    "INDEX": "an index",
    "LPAR": "(",
    "LSQB": "[",
    "RELATION": "a relation such as ==",
    "RPAR": ")",
    "RSQB": "]",
    "SIZE": "a size",
    "STRING": 'a text such as "a^{L}"',
    "$END": "the end",
}
INSTEAD = {  # what to write for a character that the language lacks
    "!": "Write != for not equal",
    "&": "Nest where(i == j, ..., ...), or multiply 1[i == j]*1[p == q]",
    "'": "A prime may only end an index or an unknown function: x[i'], f'(x[i])",
    ".": "Write a decimal number as 0.5, and a product with *",
    ";": "Give one expression",
    "\\": "A sheet is written in ASCII: sum[k](...), diff(A, x[i]), sigma",
    "_": "A name begins with a letter",
    "{": "Indices stand in square brackets: x[i,j]",
    "|": "Write abs(x), norm(x) or det(A)",
    "}": "Indices stand in square brackets: x[i,j]",
    "·": "Write * for a product",
    "×": "Write * for a product",
    "÷": "Write / for a quotient",
    "−": "Write - for a minus",
    "–": "Write - for a minus",
    "∂": "Write diff(A, x[i]) for a derivative",
    "∑": "Write sum[k](...) for a sum",
    "⋅": "Write * for a product",
    "√": "Write sqrt(x)",
    "∇": "Write diff(L, w[i]) for a gradient",
    "∏": "Write prod[k](...) for a product",
    "‖": "Write sqrt(sum[i](x[i]^2)) for a norm",
    "≠": "Write !=",
    "≤": "Write <=",
    "≥": "Write >=",
}


TOKEN = re.compile(r"[^\W\d]\w*'*|\d[\w.]*|\*\*|[=!<>]=|\S")
COMMENT = re.compile(r"#[^\n]*")


@dataclass(frozen=True)
class Slip:
    """A token that does not fit: its type and text, the types that would, what was read before, the start rule."""

    type: str
    token: str
    expected: frozenset[str]
    before: tuple[str, ...]
    start: str

    @property
    def last(self) -> str:
        """The token before, empty at the beginning."""
        return self.before[-1] if self.before else ""

    @property
    def opener(self) -> tuple[str, str]:
        """The innermost open bracket, and what stands before it."""
        depth = 0
        for place in range(len(self.before) - 1, -1, -1):
            sign = self.before[place]
            depth += (sign in (")", "]")) - (sign in ("(", "["))
            if depth < 0:
                return sign, self.before[place - 1] if place else ""
        return "", ""

    @property
    def inside(self) -> bool:
        """Whether a bracket is open."""
        return bool(self.opener[0])

    @property
    def word(self) -> str:
        """The first word, if the text is a statement."""
        return self.before[0] if self.before and self.start == "statement" else ""


def explain(error: UnexpectedInput, text: str, span: Span, start: str, dialect: str = "text") -> IndexcalcError:
    """What a syntax error in a stretch of a text means, if it was read from this rule."""
    if isinstance(error, UnexpectedCharacters):
        return _unknown_character(text, error.pos_in_stream or 0, dialect)
    assert isinstance(error, UnexpectedToken)
    token = error.token
    at_end, width = token.type == "$END", max(1, len(token))
    place = _end(text, span) if at_end else (token.start_pos or 0)
    slip = Slip(
        token.type,
        "" if at_end else str(token),
        frozenset(error.accepts or error.expected),
        tuple(TOKEN.findall(COMMENT.sub("", text[span.start : place]))),
        start,
    )
    misspelt = _misspelt(slip) if dialect == "text" else None
    if misspelt is not None:
        return IndexcalcError(*misspelt, text, [Span(span.start, span.start + len(slip.word))])
    rules = SLIPS if dialect == "text" else ()
    cause, remedy = next(filter(None, (rule(slip) for rule in rules)), None) or _general(slip)
    return IndexcalcError(cause, remedy, text, [Span(place, place + width)])


def _unknown_character(text: str, place: int, dialect: str) -> IndexcalcError:
    general = "The language has letters, digits, + - * / ^ ( ) [ ] , and comparisons"
    remedy = INSTEAD.get(text[place], general) if dialect == "text" else ""
    known = point(text, place) if dialect == "text" and text[place] == "." else None
    cause, remedy = known or (f"{text[place]!r} means nothing here", remedy)
    return IndexcalcError(cause, remedy, text, [Span(place, place + 1)])


def _end(text: str, span: Span) -> int:
    """The place after the last character that is not blank."""
    return span.start + len(text[span.start : span.end].rstrip())


# ----- Slips -----------------------------------------------------------------------------------------------------


def _misspelt(slip: Slip) -> Advice | None:
    """asume A = B."""
    if slip.start != "statement" or len(slip.before) != 1 or slip.type not in ("NAME", "INDEX", "NUMBER"):
        return None
    meant = get_close_matches(slip.word, STATEMENTS, n=1, cutoff=0.7)
    return (f"{slip.word} is no statement", f"Did you mean {meant[0]}?") if meant else None


def _defined_twice(slip: Slip) -> Advice | None:
    """a = b = c, a == b."""
    if slip.start != "statement" or slip.word in STATEMENTS or slip.inside or "=" not in (slip.token[:1], slip.last):
        return None
    if slip.token == "==" or (slip.token == "=" and "=" in slip.before):
        return "a definition has one =", "Write name[indices] = expression, or check A = B = C for a claim"
    return None


def _no_statement(slip: Slip) -> Advice | None:
    """f(x) = 3, x[i]*y[i], x + y = 0."""
    if slip.start != "statement" or slip.inside or slip.word in STATEMENTS or "=" in slip.before:
        return None
    if slip.token == "(" and len(slip.before) == 1:
        return (
            f"{slip.word}(...) cannot be defined: the indices of a left side stand in square brackets",
            f"Write {slip.word}[i,j] = expression",
        )
    return "this is no statement" if slip.token else "this statement has no =", HOW_TO_STATE


def _incomplete(slip: Slip) -> Advice | None:
    """check A, assume A, index i, notation a = b."""
    if slip.word not in STATEMENTS or slip.inside:
        return None
    form = f"Write {STATEMENTS[slip.word]}"
    if slip.word == "check" and slip.token == "==":
        return "a statement has one =, a condition two", form
    if slip.word in ("function", "index", "notation") and slip.token:
        return _unexpected(slip), form
    if not slip.token and slip.expected & {"EQUAL", "COLON", "COMMA", "SIZE", "STRING", "INDEX", "NAME"}:
        return f"this {slip.word} statement is not complete", form
    return None


def _indices(slip: Slip) -> Advice | None:
    """x[], x[i,], x[i^2], sum[x[i]](...)."""
    bracket, head = slip.opener
    if bracket != "[":
        return None
    if slip.expected <= {"COMMA", "RSQB"}:
        if slip.type in ("NAME", "INDEX", "NUMBER", "CALLED"):
            return "a comma is missing between two indices", f"Write {head}[i, j]"
        return "an index is a letter or a place, nothing more", f"Write {head}[i], or {head}[1]"
    if "MOD" in slip.expected and slip.token:
        cause = "a place is a letter, a number, or a sum of letters, each times a whole number"
        return cause, f"Write {head}[i], {head}[1] or {head}[2*i-1]"
    if slip.expected <= {"INDEX", "COLON", "LPAR", "MINUS"}:
        if slip.token == "]" and slip.last == "[":
            return f"{head}[] has no index", f"Write {head} for a scalar"
        return "an index is missing", f"Write {head}[i, j]"
    return None


def _second_bracket(slip: Slip) -> Advice | None:
    """x[i][j]."""
    if slip.token == "[" and slip.last == "]":
        return "the indices of a tensor stand in one bracket", "Write x[i,j]"
    return None


def _reduction(slip: Slip) -> Advice | None:
    """sum[k] x[k]."""
    if slip.expected == {"LPAR"} and slip.last == "]":
        head = _head_of_last_bracket(slip)
        return f"the body of {head} stands in brackets", f"Write {head}(...)"
    return None


def _head_of_last_bracket(slip: Slip) -> str:
    place = max(n for n, token in enumerate(slip.before) if token == "[")
    return "".join(slip.before[place - 1 :])


def _condition(slip: Slip) -> Advice | None:
    """1[i = j], where(x, A, B)."""
    bracket, head = slip.opener
    if "RELATION" not in slip.expected or not (bracket == "[" or head == "where"):
        return None
    if slip.token == "=":
        return "a condition compares with two signs of equality", "Write i == j"
    return "a comparison is missing", "Write a condition such as i == j or x[i] > 0"


def _arguments(slip: Slip) -> Advice | None:
    """diff(L), where(i == j, A), (a, b)."""
    bracket, head = slip.opener
    if bracket == "(" and slip.token == ")" and head in FORMS and "COMMA" in slip.expected:
        return f"{head} needs more arguments", f"Write {FORMS[head]}"
    if bracket == "(" and slip.token == "," and head in FORMS:
        return f"{head} has too many arguments", f"Write {FORMS[head]}"
    if bracket == "(" and slip.token == ",":
        return "this bracket holds one expression, not a list", "Write an element of a tensor as x[i,j]"
    return None


def _comparison(slip: Slip) -> Advice | None:
    """(x > 0)*y."""
    if slip.token in ("<", ">", "<=", ">=", "!="):
        return "a comparison is no number", "Write 1[x > 0] for 1 where it holds and 0 elsewhere, or where(x > 0, A, B)"
    return None


def _equation(slip: Slip) -> Advice | None:
    """A = B where an expression is wanted."""
    if slip.start == "target" and slip.token in ("=", "==", "<", ">", "<=", ">=", "!=") and not slip.inside:
        return "an expression has no sides", "Give one side, or write check A = B in a sheet"
    return None


def _operand(slip: Slip) -> Advice | None:
    """a +, a * / b, ()."""
    if "NUMBER" not in slip.expected or "PLUS" in slip.expected:
        return None
    if slip.last == "(" and slip.token == ")":
        return "this bracket is empty", "Write an expression in it"
    if slip.last in ("+", "-", "*", "/", "^", "**", "=", ","):
        where = f"between {slip.last} and {slip.token}" if slip.token else f"after {slip.last}"
        return f"nothing stands {where}", "Write an expression there"
    return None


SLIPS: tuple[Callable[[Slip], Advice | None], ...] = (
    _defined_twice,
    _indices,
    _second_bracket,
    _reduction,
    _condition,
    _operand,
    _arguments,
    _equation,
    _comparison,
    _incomplete,
    _no_statement,
)


def _unexpected(slip: Slip) -> str:
    return f"unexpected {slip.token}" if slip.token else "the text ends too early"


def _general(slip: Slip) -> Advice:
    words = [WORDS[each] for each in WORDS if each in slip.expected]
    if "PLUS" in slip.expected:
        words = ["an operator", *(word for word in words if word != "(")]
    elif "NUMBER" in slip.expected:
        words = ["an expression"]
    elif "NAME" in slip.expected:
        words = ["a name", *words]
    listed = " or ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else "something else"
    return _unexpected(slip), f"Expected {listed}"
