"""The nodes of a tree: their names, where they stand in a text, and errors that point there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from indexcalc.errors import IndexcalcError, Span

# lark takes a while to load: only parsing.py does it, when something is parsed. A leaf of a tree is a kind of str, by
# which it is told from a node.
if TYPE_CHECKING:
    import lark

    Token: TypeAlias = lark.Token
    Syntax: TypeAlias = lark.Tree[lark.Token]
else:
    Token = Syntax = Any


NAMES = ("name", "accent", "font")
"""The nodes that a name can be."""


class Place(NamedTuple):
    """A stretch of one of the texts that a sheet is made of."""

    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The stretch without its text."""
        return Span(self.start, self.end)

    @property
    def line(self) -> int:
        """The line, counted from 1."""
        return self.text.count("\n", 0, self.start) + 1


def kind(tree: Syntax) -> str:
    """The name of a node, without the prefix of the grammar that it comes from."""
    return str(tree.data).rpartition("__")[2]


def subtrees(tree: Syntax) -> list[Syntax]:
    """The parts of a node that are nodes themselves."""
    return [child for child in tree.children if not isinstance(child, str)]


def place_of(node: Syntax | Token, text: str) -> Place:
    """Where a node stands; the whole text for a node that was made up."""
    position = node if isinstance(node, str) else node.meta
    start = getattr(position, "start_pos", None)
    end = getattr(position, "end_pos", None)
    return Place(text, 0 if start is None else start, len(text) if end is None else end)


def error_at(cause: str, remedy: str, *places: Place) -> IndexcalcError:
    """An error at these places; one in another text than the first is quoted in words."""
    text = places[0].text
    here = [place.span for place in places if place.text == text]
    elsewhere = [place for place in places if place.text != text]
    for place in elsewhere[:1]:
        quoted = " ".join(place.text[place.start : place.end].split())[:60]
        cause += f" (compare '{quoted}' in line {place.line} of the sheet)"
    return IndexcalcError(cause, remedy, text, dict.fromkeys(here))
