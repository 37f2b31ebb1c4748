"""Functions, big signs, nabla: what takes an argument that stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.notation.formula import (
    Applied,
    Big,
    Bracket,
    Formula,
    Nabla,
    Name,
    Numeral,
    Opaque,
    Product,
    Quotient,
    Scripted,
    Signed,
)
from indexcalc.notation.lexicon import CHANCE, NAMED, OPERATORS, UNJUDGED
from indexcalc.notation.tex.differentials import is_differential
from indexcalc.notation.tex.scripts import scripts
from indexcalc.notation.tex.tokens import OPERATORS_BETWEEN, STOPS

if TYPE_CHECKING:
    from indexcalc.notation.tex.parser import Parser


def big(parser: Parser) -> Formula:
    """A big sign, with the rest of the product as its body; a maximum of a list is a function."""
    token = parser.next()
    below, above, primes, _ = scripts(parser)
    start = token.start
    if token.value == "sum" and below is None and _stands_alone(parser, above):
        name = Name("sum", span=(start, start + len(token.text)))
        return Scripted(name, None, above, primes, span=(start, parser.done)) if primes or above else name
    if token.kind == "extreme" and below is None:
        return applied(parser, token.value, start, held=(below, above))
    body = None if parser.token.kind in STOPS or parser._closes_bar() else body_of_sign(parser)
    return Big(token.value, below, above, body, span=(start, parser.done))


def _stands_alone(parser: Parser, above: Formula | None) -> bool:
    r"""Whether a sign of a sum is the name of one that was written before: (\sum - e_i) / \sum^2."""
    token = parser.token
    ends = token.kind in STOPS or token.kind in ("plus", "minus") or token.kind in OPERATORS_BETWEEN
    return (ends or parser._closes_bar()) and (above is None or (isinstance(above, Numeral) and above.exact == 2))


OPERANDS = ("letter", "font", "accent", "open", "group", "nabla", "text", "named", "operator")
FIELDS = {"grad": "", "div": "dot", "curl": "cross", "rot": "cross"}  # words for operators of nabla


def is_field(parser: Parser, word: str) -> bool:
    """Whether a word is an operator of nabla: what it works on stands right behind it."""
    return word in FIELDS and parser.token.kind in OPERANDS


def field(parser: Parser, word: str, start: int) -> Formula:
    r"""\operatorname{div} u, curl v, grad f as \nabla \cdot u, \nabla \times v, \nabla f."""
    body = differentiated(parser)
    return Nabla("nabla", None, body, FIELDS[word], span=(start, parser.done))


def body_of_sign(parser: Parser) -> Formula:
    """The body of a big sign: the rest of its product."""
    start = parser.token.start
    sign = parser._sign()
    body = parser.product()
    return Signed(sign, body, span=(start, parser.done)) if sign in ("-", "pm") else body


def applied(
    parser: Parser, word: str, start: int, held: tuple[Formula | None, Formula | None] | None = None
) -> Formula:
    r"""A function with its argument: a bracket, or what is written before the next operator.

    \log a_k b is log(a_k) b.
    """
    if held is None and is_field(parser, word):
        return field(parser, word, start)
    name = NAMED.get(word) or OPERATORS.get(word) or word
    primes = 0
    if held is None:
        below, above, primes, _ = scripts(parser)
    else:
        below, above = held
    if word in UNJUDGED:
        return unjudged(parser, word, start, below, above)
    argument = argument_of_function(parser)
    if isinstance(argument, Bracket) and parser.token.kind in ("below", "above") and not primes:
        return parser.scripted(Applied(name, argument, below, above, span=(start, parser.done)), start)
    if primes:
        return Scripted(
            Applied(name, argument, below, above, span=(start, parser.done)), primes=primes, span=(start, parser.done)
        )
    return Applied(name, argument, below, above, span=(start, parser.done))


def is_chance(parser: Parser, word: str) -> bool:
    """Whether a word is an expectation, a variance or a covariance here."""
    return word in CHANCE and parser.token.kind in ("open", "below")


def chance(parser: Parser, word: str, start: int) -> Formula:
    """An expectation, a variance or a covariance by another spelling."""
    below, above, _, _ = scripts(parser)
    return unjudged(parser, CHANCE[word], start, below, above)


def argument_of_function(parser: Parser) -> Formula | None:
    """The argument of a function: a bracket, or the next factor."""
    token = parser.token
    if token.kind in STOPS or parser._closes_bar() or token.kind in OPERATORS_BETWEEN or token.kind == "prime":
        return None
    if token.kind in ("open", "group"):
        begin = token.start
        found = parser.atom()
        is_bare = token.kind == "group" and not isinstance(found, Bracket)  # \log{x}^2; but \log{(x)}^2 is \log(x)^2
        if parser.token.kind in ("below", "above", "prime") and is_bare:
            return parser.scripted(found, begin)
        return found
    if token.kind in ("plus", "minus"):
        begin = token.start
        sign = parser._sign()
        return Signed(sign, parser.factor(), span=(begin, parser.done))
    found = parser.factor()
    if isinstance(found, Numeral) and parser.token.kind == "letter":  # \sin 2x
        more = parser.factor()
        return Product((("", found), ("juxtaposed", more)), span=(found.span[0], parser.done))
    return found


def unjudged(parser: Parser, word: str, start: int, below: Formula | None, above: Formula | None) -> Formula:
    """What only stands for a value that algebra does not know: an expectation, an arg min."""
    inner = [each for each in (below, above) if each is not None]
    takes = parser.token.kind in (
        "open",
        "group",
        "bar",
        "bar-left",
        "letter",
        "font",
        "extreme",
        "named",
        "operator",
        "text",
    )
    if word in ("arg", "argmax", "argmin", "sup", "inf", "lim"):
        inner.append(parser.product())
    elif takes and not parser._closes_bar():
        inner.append(parser.atom())
    return Opaque(word, tuple(inner), span=(start, parser.done))


def nabla(parser: Parser) -> Formula:
    r"""\nabla_w L, \partial_i u_j, \nabla \cdot u; a differential otherwise."""
    token = parser.next()
    start = token.start
    below, above, _, _ = scripts(parser)
    if token.kind == "partial" and below is None:
        if parser.token.kind in STOPS or parser.token.kind in OPERATORS_BETWEEN:
            return (
                Name("partial", span=(start, parser.done))
                if above is None
                else Scripted(Name("partial"), None, above, span=(start, parser.done))
            )
        inner = differentiated(parser)
        if _are_letters(above):
            return Nabla("partial", above, inner, raised=True, span=(start, parser.done))
        return is_differential(inner, above, (start, parser.done))
    way = ""
    if isinstance(above, Numeral) and above.exact == 2:
        way = "square"
    elif above is not None:
        return Opaque(token.kind, tuple(filter(None, (below, above))), span=(start, parser.done))
    elif token.kind == "nabla" and parser.token.kind in ("times", "cross"):
        way = {"times": "cross", "cdot": "dot"}.get(parser.next().value, "cross")
    body = None
    if parser.token.kind not in STOPS and parser.token.kind not in ("plus", "minus") and not parser._closes_bar():
        body = differentiated(parser)
    return Nabla(token.kind, below, body, way, span=(start, parser.done))


def _are_letters(script: Formula | None) -> bool:
    r"""Whether nothing but letters stands in a script: \partial^\mu differentiates by a coordinate."""
    if isinstance(script, Product):
        return all(operator in ("", "juxtaposed") and isinstance(each, Name) for operator, each in script.factors)
    return isinstance(script, Name)


def differentiated(parser: Parser) -> Formula:
    """What a sign of differentiation before it works on: the next factor, with the bracket of a call behind it."""
    start = parser.token.start
    found = parser.factor()
    inner = found.argument if isinstance(found, Applied) else found  # \nabla \log p(x)
    if isinstance(inner, Name | Scripted) and parser.token.kind == "open" and parser.token.value == "(":
        bracket = parser.factor()
        return Product((("", found), ("juxtaposed", bracket)), span=(start, parser.done))
    if _is_number(found) and parser.token.kind not in STOPS and parser.token.kind not in ("plus", "minus"):
        rest = parser.product()  # \nabla \frac{1}{2} f: of all of the product
        factors = rest.factors if isinstance(rest, Product) else (("", rest),)
        return Product((("", found), ("juxtaposed", factors[0][1]), *factors[1:]), span=(start, parser.done))
    return found


def _is_number(formula: Formula) -> bool:
    """Whether a formula is a number, or a quotient of numbers."""
    if isinstance(formula, Quotient):
        return _is_number(formula.above) and _is_number(formula.below)
    return isinstance(formula, Numeral)
