"""Lark's errors in human words."""

from __future__ import annotations

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from indexcalc.errors import IndexcalcError, Span


def explain(error: UnexpectedInput, text: str, span: Span, start: str) -> IndexcalcError:
    """What a syntax error means, with its place."""
    place = error.pos_in_stream or 0
    return IndexcalcError(str(error).splitlines()[0], "", text, [Span(place, place + 1)])
