"""Formulas as they are written, back to LaTeX: for what a report says of a part that is not understood."""

from __future__ import annotations

from indexcalc.notation.formula import (
    Applied,
    Bars,
    Big,
    Bracket,
    Cases,
    Conditions,
    Derivative,
    Differential,
    Formula,
    Mark,
    Nabla,
    Name,
    Numeral,
    Opaque,
    Product,
    Quotient,
    Relation,
    Root,
    Scripted,
    Sequence,
    Signed,
    Sum,
    Table,
)
from indexcalc.notation.laid import Laid
from indexcalc.notation.lexicon import COMMANDS, GREEK

FONTS = {"bold": r"\mathbf", "double": r"\mathbb", "cal": r"\mathcal"}
CLOSING = {"(": ")", "[": "]", "{": r"\}", "<": r"\rangle"}
OPENING = {"{": r"\{", "<": r"\langle"}
BETWEEN = {
    "times": r"\cdot",
    "hadamard": r"\odot",
    "kronecker": r"\otimes",
    "cross": r"\times",
    "over": "/",
    "divided": r"\oslash",
    "colon": ":",
}
MARKS = {"empty": "", "dots": r"\dots", "transposed": r"\top", "dagger": r"\dagger", "star": "*", "infinity": r"\infty"}
WAYS = {"cross": r" \times ", "dot": r" \cdot "}


def written_back(formula: Formula | None) -> str:
    """The LaTeX of a formula; a command that is not known is written as it stands."""
    match formula:
        case None:
            return ""
        case Numeral(text):
            return text
        case Name(letter, font, accents):
            return _name(letter, font, accents)
        case Scripted(base, below, above, primes):
            return written_back(base) + "'" * primes + _scripts(below, above)
        case Sequence(items):
            return ", ".join(map(written_back, items))
        case Signed(sign, body):
            return f"{sign if sign in '+-' else _command(sign)}{written_back(body)}"
        case Sum(terms):
            text = " ".join(f"{sign} {written_back(term)}" for sign, term in terms)
            return text.removeprefix("+ ")
        case Product(factors):
            words = [word for operator, each in factors for word in (BETWEEN.get(operator, ""), written_back(each))]
            return " ".join(filter(None, words))
        case Bracket(mark, body):
            return f"{OPENING.get(mark, mark)}{written_back(body)}{CLOSING.get(mark, mark)}"
        case Bars(mark, body):
            bar = r"\|" if mark == "||" else "|"
            return f"{bar}{written_back(body)}{bar}"
        case Mark(sign):
            return MARKS.get(sign, _command(sign))
    return _larger(formula)


def _larger(formula: Formula) -> str:
    """What has a body of its own."""
    match formula:
        case Quotient(above, below):
            return rf"\frac{{{written_back(above)}}}{{{written_back(below)}}}"
        case Root(body, degree):
            return rf"\sqrt{f'[{written_back(degree)}]' if degree else ''}{{{written_back(body)}}}"
        case Applied(function, argument, below, above):
            word = _command(function) if function in COMMANDS else rf"\operatorname{{{function}}}"
            return f"{word}{_scripts(below, above)} {written_back(argument)}".rstrip()
        case Big(sign, below, above, body):
            return f"{_command(sign)}{_scripts(below, above)} {written_back(body)}".rstrip()
        case Derivative(body, variables, sign):
            sign = r"\partial " if sign == "partial" else "d"
            order = sum(count for _, count in variables)
            by = " ".join(sign + written_back(each) + (f"^{count}" if count > 1 else "") for each, count in variables)
            top = sign.rstrip() + (f"^{order}" if order > 1 else "")
            return rf"\frac{{{top} {written_back(body)}}}{{{by}}}".replace(" }", "}")
        case Nabla(sign, below, body, way, raised):
            scripts = _scripts(None, below) if raised else _scripts(below, None)
            return f"{_command(sign)}{scripts}{WAYS.get(way, ' ')}{written_back(body)}".rstrip()
        case Differential(body):
            return f"d {written_back(body)}"
        case Relation(sides, relations):
            words = [written_back(sides[0])]
            for relation, side in zip(relations, sides[1:], strict=False):
                words += [relation if not relation.isalpha() else _command(relation), written_back(side)]
            return " ".join(words)
        case Conditions(items, word):
            return f" {word} ".join(map(written_back, items))
        case Cases() | Table() | Laid():
            return "a table" if isinstance(formula, Laid | Table) else "a choice of cases"
        case Opaque(text, parts):
            inner = "".join(f"{{{written_back(part)}}}" for part in parts)
            return (_command(text) if text.isalpha() and text in COMMANDS else text) + inner
    return ""


def _name(letter: str, font: str, accents: tuple[str, ...]) -> str:
    text = _command(letter) if letter in GREEK or letter in COMMANDS else letter
    if font in FONTS:
        text = f"{FONTS[font]}{{{text}}}"
    elif len(letter) > 1 and text == letter:
        text = rf"\text{{{letter}}}"
    for accent in accents:
        text = f"\\{accent}{{{text}}}"
    return text


def _command(word: str) -> str:
    return f"\\{word}" if word.isalpha() else word


def _scripts(below: Formula | None, above: Formula | None) -> str:
    low, high = _script(below), _script(above)
    return (f"_{{{low}}}" if low else "") + (f"^{{{high}}}" if high else "")


def _script(script: Formula | None) -> str:
    """What stands below or above a name: letters without blanks between them."""
    words = written_back(script)
    is_row = isinstance(script, Product) and all(isinstance(each, Name) for _, each in script.factors)
    return words.replace(" ", "") if is_row and words.replace(" ", "").isalpha() else words
