"""A formula in LaTeX as Typst writes it, for fixes; given only where reading it back gives the same formula."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from indexcalc.audit.documents.markup.formulas import UnreadError, written
from indexcalc.audit.documents.markup.symbols import SAME, SYMBOLS
from indexcalc.audit.documents.places import Placed
from indexcalc.notation.formula import (
    Applied,
    Bars,
    Big,
    Bracket,
    Derivative,
    Formula,
    Mark,
    Name,
    Numeral,
    Product,
    Quotient,
    Relation,
    Root,
    Scripted,
    Sequence,
    Signed,
    Sum,
)
from indexcalc.notation.tex.parser import parse

FONTS = {"bold": "bold", "double": "bb", "upright": "upright"}
ACCENTS = {"hat": "hat", "tilde": "tilde", "bar": "overline", "dot": "dot", "ddot": "dot.double", "vec": "arrow"}
SIGNS = {"": "", "juxtaposed": " ", "dot": " dot ", "times": " times ", "divided": " \\/ ", "hadamard": " dot.o "}
BIGS = {"sum": "sum", "prod": "product", "int": "integral", "max": "max", "min": "min"}
MARKS = {"transposed": "top", "dots": "dots", "infinity": "infinity", "star": "*"}
CLOSING = {"(": ")", "[": "]", "{": "}"}


class _UnknownError(Exception):
    """A formula that has no way to be written."""


def in_typst(latex: str) -> str:
    """A formula in Typst; empty where it has no form there that is read as the same formula."""
    formula = parse(latex)
    try:
        found = _text(formula)
    except _UnknownError:
        return ""
    try:
        back = written(Placed.whole(found))
    except UnreadError:
        return ""
    return found if parse(back.text) == formula else ""


def _text(formula: Formula) -> str:
    write = WRITERS.get(type(formula))
    if write is None:
        raise _UnknownError
    return write(formula)


def _of(table: dict[str, str], key: str) -> str:
    if key not in table:
        raise _UnknownError
    return table[key]


def _name(name: Name) -> str:
    letter = name.letter
    if len(letter) > 1 and letter not in SAME and letter not in SYMBOLS:
        found = f'"{letter}"'
    else:
        found = f"{_of(FONTS, name.font)}({letter})" if name.font else letter
    for accent in name.accents:
        found = f"{_of(ACCENTS, accent)}({found})"
    return found


def _scripted(formula: Scripted) -> str:
    parts = [_text(formula.base), "'" * formula.primes]
    for mark, script in (("_", formula.below), ("^", formula.above)):
        if script is not None:
            words = _text(script)
            parts.append(f"{mark}{_grouped(words)}")
    return "".join(parts)


def _sequence(formula: Sequence) -> str:
    return ", ".join(map(_text, formula.items))


def _signed(formula: Signed) -> str:
    return f"{'plus.minus ' if formula.sign == 'pm' else formula.sign}{_text(formula.body)}"


def _sum(formula: Sum) -> str:
    parts = []
    for place, (sign, term) in enumerate(formula.terms):
        shown = "" if not place and sign == "+" else sign if not place else f" {sign} "
        parts.append(f"{shown}{_text(term)}")
    return "".join(parts)


def _product(formula: Product) -> str:
    return "".join(f"{_of(SIGNS, sign)}{_text(factor)}" for sign, factor in formula.factors)


def _grouped(words: str) -> str:
    """Words as one operand: in round brackets, which are not shown, where they are more than a symbol or a text."""
    return words if words.isalnum() or words.strip('"').isalnum() else f"({words})"


def _over(above: str, below: str) -> str:
    return f"{_grouped(above)}/{_grouped(below)}"


def _quotient(formula: Quotient) -> str:
    return _over(_text(formula.above), _text(formula.below))


def _derivative(formula: Derivative) -> str:
    sign = "partial" if formula.sign == "partial" else "d"
    order = sum(order for _, order in formula.variables)
    below = " ".join(f"{sign} {_text(variable)}{_power(each)}" for variable, each in formula.variables)
    body = "" if formula.body is None else f" {_text(formula.body)}"
    return _over(f"{sign}{_power(order)}{body}", below)


def _power(number: int) -> str:
    return f"^{number}" if number > 1 else ""


def _root(formula: Root) -> str:
    inner = _text(formula.body)
    return f"sqrt({inner})" if formula.degree is None else f"root({_text(formula.degree)}, {inner})"


def _bracket(formula: Bracket) -> str:
    return f"{formula.mark}{_text(formula.body)}{_of(CLOSING, formula.mark)}"


def _bars(formula: Bars) -> str:
    return f"{'norm' if formula.mark == '||' else 'abs'}({_text(formula.body)})"


def _applied(formula: Applied) -> str:
    known = formula.function in SAME
    head = formula.function if known else f'op("{formula.function}")'
    for mark, script in (("_", formula.below), ("^", formula.above)):
        head += f"{mark}{_grouped(_text(script))}" if script is not None else ""
    if formula.argument is None:
        return head
    closed = isinstance(formula.argument, Bracket)
    return f"{head}{'' if closed else ' '}{_text(formula.argument)}"


def _big(formula: Big) -> str:
    head = _of(BIGS, formula.sign)
    for mark, script in (("_", formula.below), ("^", formula.above)):
        head += f"{mark}{_grouped(_text(script))}" if script is not None else ""
    return head if formula.body is None else f"{head} {_text(formula.body)}"


def _relation(formula: Relation) -> str:
    first, *others = formula.sides
    signs = zip(formula.relations, others, strict=True)
    return _text(first) + "".join(f" {sign} {_text(side)}" for sign, side in signs)


WRITERS: dict[type[Formula], Callable[[Any], str]] = {
    Name: _name,
    Numeral: lambda formula: str(formula.text),
    Mark: lambda formula: _of(MARKS, formula.sign),
    Scripted: _scripted,
    Sequence: _sequence,
    Signed: _signed,
    Sum: _sum,
    Product: _product,
    Quotient: _quotient,
    Derivative: _derivative,
    Root: _root,
    Bracket: _bracket,
    Bars: _bars,
    Applied: _applied,
    Big: _big,
    Relation: _relation,
}
