"""The parsers of the dialects. Loading this module loads lark: the reader does it when something is to be parsed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lark import Lark, TextSlice, Token, Tree
from lark.exceptions import UnexpectedInput

from indexcalc.errors import Span
from indexcalc.notation.latex_names import NO_WORDS, Words
from indexcalc.notation.mistakes import explain
from indexcalc.notation.places import Syntax

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
    if dialect == "text":
        return _parse(text, text, span, start, dialect)
    from indexcalc.notation import latex_source, latex_tree

    tree = _parse(latex_source.prepared(text, span), text, span, start, dialect)
    return latex_tree.Translation(text, words).expression(tree)


def _parse(source: str, text: str, span: Span, start: str, dialect: str) -> Syntax:
    """The tree of what is parsed in place of a text."""
    try:
        tree: Tree[Token] = parser(dialect).parse(TextSlice(source, span.start, span.end), start=start)
    except UnexpectedInput as error:
        raise explain(error, text, span, start, dialect) from None
    return tree
