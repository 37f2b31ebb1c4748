"""Letters, words, fonts, accents and brackets: what stands by itself, without scripts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from indexcalc.notation.formula import (
    Applied,
    Bars,
    Big,
    Bracket,
    Formula,
    Mark,
    Name,
    Numeral,
    Opaque,
    Product,
    Quotient,
    Relation,
    Scripted,
    Sequence,
    Signed,
    Sum,
    changed,
)
from indexcalc.notation.lexicon import CHANCE, COMMANDS, NAMED, OPERATORS, TRANSPOSITIONS, UNJUDGED, said_by
from indexcalc.notation.tex.applied import applied, chance, field, is_chance, is_field, unjudged
from indexcalc.notation.tex.scripts import argument, script, scripts
from indexcalc.notation.tex.tokens import STOPS, Token

if TYPE_CHECKING:
    from indexcalc.notation.tex.parser import Parser


FONTED = re.compile(r"\\math[a-z]{2,4}\{(\w+)\}")  # in \operatorname{\mathbb{E}}


def is_unseen(parser: Parser) -> bool:
    """Whether the braces of the group that begins here hold a sum, or one bracket of a pair.

    A reader does not see them, so they bracket nothing.
    """
    depth = 0
    if _cuts_brackets(parser):
        return True
    for place in range(parser.place, len(parser.tokens)):
        kind = parser.tokens[place].kind
        if kind in ("plus", "minus") and depth == 1 and parser.tokens[place - 1].kind != "group":
            return True
        depth += (kind in ("group", "open", "begin")) - (kind in ("endgroup", "close", "end"))
        if depth == 0:
            break
    return False


def _cuts_brackets(parser: Parser) -> bool:
    """Whether a bracket opens within the braces that begin here and closes behind them, or the reverse."""
    braces = brackets = 0
    for token in parser.tokens[parser.place :]:
        braces += (token.kind == "group") - (token.kind == "endgroup")
        brackets += (token.kind == "open") - (token.kind == "close")
        if braces == 0 or brackets < 0:
            break
    return brackets != 0


def unseen(parser: Parser) -> Formula:
    """Take the braces of a group away, and read on with what stands in it."""
    depth = 0
    for place in range(parser.place, len(parser.tokens)):
        kind = parser.tokens[place].kind
        depth += (kind == "group") - (kind == "endgroup")
        if depth == 0:
            del parser.tokens[place]
            break
    del parser.tokens[parser.place]
    return parser.factor() if parser.token.kind not in STOPS else Mark("empty", span=(parser.done, parser.done))


def letters(parser: Parser, token: Token) -> Formula:
    """A letter; outside of scripts letters without a space between them may be a word: sigmoid(z), loss."""
    run = [token]
    while parser.token.kind == "letter" and parser.token.start == run[-1].end and parser.token.text.isascii():
        if not (parser.token.text.isalpha() and run[-1].text.isalpha()):
            break
        run.append(parser.next())
    word = "".join(each.text for each in run)
    known = word in NAMED or word in OPERATORS or word in ("Var", "Cov")
    if len(run) > 2 and not parser.in_script and is_field(parser, word):
        return field(parser, word, token.start)
    if len(run) > 2 and not parser.in_script and (known or len(run) > 3):
        span = (run[0].start, run[-1].end)
        return applied(parser, word, token.start) if known else Name(word, "upright", span=span)
    parser.place -= len(run) - 1
    if token.text == "E" and parser.token.kind == "open" and not parser.in_script:
        if parser.token.value == "[" or (parser.token.value == "(" and _has_condition(parser)):
            return unjudged(parser, "E", token.start, None, None)
    if token.text == "E" and parser.token.kind == "below":
        place = parser.place
        below, above, primes, _ = scripts(parser)
        if isinstance(below, Relation) and below.relations[0] == "sim" and not primes and parser.token.kind == "open":
            return unjudged(parser, "E", token.start, below, above)  # E_{x \sim p}[f]
        parser.place = place
    return Name(token.value, span=(token.start, token.end))


def takes_groups(parser: Parser, token: Token) -> bool:
    """Whether a command that is not in the lexicon, and that no macro stands for, takes the groups behind it."""
    unknown = token.text.startswith("\\") and token.text[1:2].isalpha() and token.text[1:] not in COMMANDS
    return unknown and parser.token.kind == "group" and parser.ahead().kind != "endgroup"


def macro(parser: Parser, token: Token) -> Formula:
    """A command that nothing defines, with its arguments: nobody knows what it makes of them."""
    given: list[Formula] = []
    while parser.token.kind == "group":
        given.append(argument(parser))
    return Opaque(token.text, tuple(given), span=(token.start, parser.done))


def word(parser: Parser, token: Token) -> Formula:
    """A word: a name, or words of the language, which are opaque."""
    text = FONTED.sub(r"\1", token.value).strip().replace("\\", "").replace("$", "").strip()
    span = (token.start, token.end)
    if text == "" or said_by(text) == "blank":
        return Mark("empty", span=span)
    if is_chance(parser, text):
        return chance(parser, text, token.start)
    if text in NAMED or text in OPERATORS or text in UNJUDGED or is_field(parser, text):
        return applied(parser, text, token.start)
    if text == "d":
        return Name("d", "upright", span=span)
    if all(each.isalnum() or each in "_-{}" for each in text) and not said_by(text):
        return Name(text.replace("-", "_"), "upright", span=span)
    return Opaque(text, span=span)


def font(parser: Parser, token: Token) -> Formula:
    """Letters in another font: the letters of a word in upright ones, or the formula with bold letters."""
    begin = parser.place
    inner = argument(parser)
    font = token.value
    letters = parser.tokens[begin : parser.place]
    word = "".join(each.text for each in letters if each.kind in ("letter", "number", "number"))
    plain = all(each.kind in ("letter", "number", "group", "endgroup") and "\\" not in each.text for each in letters)
    if font == "double" and word in ("E", "P", "V") and parser.token.kind in ("open", "below", "bar", "bar-left"):
        below, above, _, _ = scripts(parser)
        return unjudged(parser, word, token.start, below, above)
    if font == "upright" and plain and is_chance(parser, word):
        return chance(parser, word, token.start)
    if font in ("upright", "bold") and plain and len(word) > 1 and word[0].isalpha() and not word.isdigit():
        if word in NAMED or word in OPERATORS or word in UNJUDGED or is_field(parser, word):
            return applied(parser, word, token.start)
        if font == "upright" or (word.isalpha() and word.islower()):
            return Name(word, font, span=(token.start, parser.done))
    return set_font(inner, font)


def accented(parser: Parser, inner: Formula, token: Token) -> Formula:
    r"""A letter under an accent; \hat{x_i} is \hat{x}_i. Over anything longer a bar is a name of its own."""
    span = (token.start, parser.done)
    match inner:
        case Name(letter, font, accents):
            return Name(letter, font, (*accents, token.value), span=span)
        case Scripted(Name() as base, below, above, primes):
            return Scripted(accented(parser, base, token), below, above, primes, span=span)
        case Bracket("(", Name() as only):
            return accented(parser, only, token)
        case Numeral():
            return Name(inner.text, "", (token.value,), span=span)
    return Opaque(token.value, (inner,), span=span)


def braced(parser: Parser) -> Formula:
    """What a brace stands over or under; the words at the brace say something about it, and are left out."""
    inner = argument(parser)
    while parser.token.kind in ("below", "above"):
        parser.next()
        script(parser)
    return inner


def stacked(parser: Parser, token: Token) -> Formula:
    r"""\underset{..}{..} and their like: a relation with something above it stays one."""
    if token.value == "substack":
        return argument(parser)
    first = argument(parser)
    begin = parser.place
    second = argument(parser)
    inner = [each for each in parser.tokens[begin : parser.place] if each.kind not in ("group", "endgroup")]
    if token.value == "underset" and len(inner) == 1 and inner[0].kind in ("big", "extreme"):
        body = parser.product()
        return Big(inner[0].value, first, None, body, span=(token.start, parser.done))
    if token.value == "underset" and isinstance(second, Name) and is_chance(parser, second.letter):
        return unjudged(parser, CHANCE[second.letter], token.start, first, None)
    return Opaque(token.value, (first, second), span=(token.start, parser.done))


def bracket(parser: Parser, token: Token) -> Formula:
    """What stands in brackets; one that is not closed ends with the formula."""
    held, parser.bars = parser.bars, []
    inner = parser.sequence(frozenset(("close", "end-of-text")))
    stray: list[Formula] = []
    while parser.token.kind not in ("close", "end-of-text", "endgroup"):
        lost = parser.next()
        stray.append(Opaque(lost.text, span=(lost.start, lost.end)))
        stray.append(parser.sequence(frozenset(("close", "end-of-text"))))
    parser.bars = held
    closed = parser.token.kind == "close"
    if closed:
        parser.next()
    span = (token.start, parser.done)
    if stray:
        inner = Opaque("bracket", (inner, *stray), span=span)
    if not closed and token.value != ".":
        return Opaque(token.value, (inner,), span=span)
    if token.value == "<":
        return Bracket("<", inner, span=span)
    return Bracket(token.value, inner, span=span)


def barred(parser: Parser, token: Token) -> Formula:
    """What stands between bars."""
    kind = token.kind.removesuffix("-left")
    double = kind in ("bar", "norm") and parser.token.kind == kind and not token.kind.endswith("left")
    if double and parser.ahead().kind not in STOPS:  # ||x||, or \|\|x\|\| in Markdown
        parser.next()
        kind = "norm"
    parser.bars.append(token.kind.removesuffix("-left") if double else kind)
    inner = parser.sequence(
        frozenset(("bar", "norm", "bar-right", "norm-right", "close", "endgroup", "end-of-text", "end"))
    )
    parser.bars.pop()
    own = token.kind.removesuffix("-left")
    closed = parser.token.kind in (kind, f"{kind}-right") or (double and parser.token.kind == own)
    if closed:
        parser.next()
        if double and parser.token.kind == own:
            parser.next()
    span = (token.start, parser.done)
    return Bars("||" if kind == "norm" else "|", inner, span=span) if closed else Opaque("bar", (inner,), span=span)


def set_font(formula: Formula, font: str) -> Formula:
    """The formula with its letters in a font; the scripts keep their own."""
    match formula:
        case Name():
            return replace(formula, font=font if formula.font in ("", "plain", "upright") else formula.font)
        case Scripted(base=base):
            return replace(formula, base=set_font(base, font))
        case Numeral(text=text) if font == "double" or (font == "bold" and text in ("0", "1")):
            return Name(text, font, span=formula.span)
        case Sum() | Product() | Signed() | Bracket() | Quotient() | Applied() | Sequence():
            return changed(formula, lambda part: set_font(part, font))
    return formula


def is_transposition(script: Formula) -> bool:
    """Whether a superscript means the transposed matrix, as far as it can be told from itself."""
    match script:
        case Mark("transposed"):
            return True
        case Name(letter, font):
            return letter in TRANSPOSITIONS and (letter != "t" or font not in ("", "plain"))
    return False


def _has_condition(parser: Parser) -> bool:
    """Whether one bar stands in the bracket that opens here, outside of others: E(y | x)."""
    depth = bars = 0
    for token in parser.tokens[parser.place :]:
        depth += {"open": 1, "group": 1, "begin": 1, "close": -1, "endgroup": -1, "end": -1}.get(token.kind, 0)
        bars += token.kind == "bar" and depth == 1
        if depth <= 0:
            break
    return bars == 1
