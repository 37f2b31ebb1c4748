"""The parsers of the dialects. Loading this module loads lark: the reader does it when something is to be parsed."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from lark import Lark, TextSlice, Token, Tree
from lark.exceptions import UnexpectedInput

from indexcalc.errors import Span
from indexcalc.notation.latex.names import NO_WORDS, Words
from indexcalc.notation.syntax.mistakes import explain
from indexcalc.notation.syntax.places import Syntax

STARTS = {"text": ["target", "statement"], "latex": ["target"]}
PACKAGE = Path(__file__).parents[1]


def grammar_path(name: str) -> Path:
    """A grammar, in the package where it is installed or beside the package in a checkout."""
    places = (PACKAGE / "grammars", PACKAGE.parent / "grammars")
    return next((place / name for place in places if (place / name).is_file()), places[0] / name)


@cache
def parser(dialect: str) -> Lark:
    """The parser of a dialect, made once and only when it is needed."""
    return Lark.open(
        str(grammar_path(f"{dialect}.lark")),
        parser="lalr",
        lexer="contextual",
        start=STARTS[dialect],
        propagate_positions=True,
        maybe_placeholders=False,
    )


def parse(text: str, span: Span, start: str, dialect: str, words: Words = NO_WORDS) -> Syntax:
    """The tree of a stretch of a text; its positions count in the whole text. `words`: names that LaTeX can mean."""
    if dialect == "latex":
        return _parse_latex(text, span, start, words)
    try:
        return _tree(text, span, start, dialect)
    except UnexpectedInput as error:
        raise explain(error, text, span, start, dialect) from None


def _parse_latex(text: str, span: Span, start: str, words: Words) -> Syntax:
    from indexcalc.notation.latex.trees import Translation  # only a part of the sheets needs it

    return Translation(text, words).expression(written(text, span, start))


@lru_cache(maxsize=1000)  # a side is read for what it defines, for what it states, and as a step
def written(text: str, span: Span, start: str = "target") -> Syntax:
    """The tree of what is written in LaTeX, before names and scripts are given a meaning."""
    from indexcalc.notation.latex import mistakes
    from indexcalc.notation.latex.source import prepared

    source = prepared(text, span)
    try:
        return _tree(source, span, start, "latex")
    except UnexpectedInput as error:
        raise mistakes.explain(error, source, text, span) from None


def _tree(text: str, span: Span, start: str, dialect: str) -> Syntax:
    tree: Tree[Token] = parser(dialect).parse(TextSlice(text, span.start, span.end), start=start)
    return tree
