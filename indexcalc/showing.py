"""How values show themselves: short words in a terminal, typeset in a notebook.

A type that can be shown says so by its base class. How is written in a later room, which knows all types and enters
itself here, so that early rooms need not know LaTeX, let alone HTML.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

LONGEST = 160  # characters of what a terminal shows of a value


@dataclass(frozen=True)
class Writer:
    """How the values of a type are written: in a line, in Markdown, and, where they can be, in HTML and LaTeX."""

    line: Callable[[Any], str]
    markdown: Callable[[Any], str | None]
    html: Callable[[Any], str | None] = lambda value: None
    latex: Callable[[Any], str | None] = lambda value: None


WRITERS: dict[str, Writer] = {}  # by the name of the type


def writer(name: str) -> Writer:
    """The writer of a type by its name; the room that writes is entered when a value is first shown."""
    if name not in WRITERS:
        import_module("indexcalc.display")
    return WRITERS[name]


class Shown:
    """A value that notebooks typeset, by the protocol that Jupyter, VS Code, Colab and marimo share."""

    __slots__ = ()

    def __repr__(self) -> str:
        text = " ".join(writer(type(self).__name__).line(self).split())
        return f"<{text if len(text) <= LONGEST else f'{text[: LONGEST - 4]} ...'}>"

    def _repr_markdown_(self) -> str | None:
        return writer(type(self).__name__).markdown(self)

    def _repr_html_(self) -> str | None:
        return writer(type(self).__name__).html(self)

    def _repr_latex_(self) -> str | None:
        return writer(type(self).__name__).latex(self)


PICTURES: dict[str, Callable[..., str]] = {}  # "draw", once the room that draws is there


class Picture(str):
    """A picture as SVG, which notebooks show."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<Picture of {len(self)} characters>"

    def _repr_svg_(self) -> str:
        return str(self)


def drawer() -> Callable[..., str]:
    """What draws pictures of results; the room that draws is entered when a picture is first wanted."""
    if "draw" not in PICTURES:
        import_module("indexcalc.pictures")
    return PICTURES["draw"]
