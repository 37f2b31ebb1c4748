"""Drawing SVG: shapes and texts in the colour of the text around them, so that they suit dark and light pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

STYLE = (
    "text{fill:currentColor;font:13px system-ui,sans-serif}.quiet{opacity:.65}.mark{fill:#3b82c4}"
    ".line{stroke:currentColor;fill:none}.box{stroke:currentColor;fill:currentColor;fill-opacity:.06}"
    "@media(prefers-color-scheme:dark){svg:root{color:#e6e6e6}}"
)
ARROW = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0L8 4L0 8z" fill="currentColor"/></marker></defs>'
)
LETTER = 7.4  # the width of a letter, about


@dataclass
class Drawing:
    """Shapes, in the order in which they are drawn, and how far they reach."""

    parts: list[str] = field(default_factory=list)
    width: float = 0
    height: float = 0

    def _reach(self, x: float, y: float) -> None:
        self.width, self.height = max(self.width, x), max(self.height, y)

    def rectangle(self, x: float, y: float, width: float, height: float, kind: str = "box", round: float = 0) -> None:
        """A rectangle of a kind: box or mark."""
        corner = f' rx="{round:g}"' if round else ""
        self.parts.append(f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"{corner}/>')
        self._reach(x + width, y + height)

    def circle(self, x: float, y: float, radius: float, kind: str = "box") -> None:
        """A circle of a kind: box or mark."""
        self.parts.append(f'<circle class="{kind}" cx="{x:g}" cy="{y:g}" r="{radius:g}"/>')
        self._reach(x + radius, y + radius)

    def line(
        self, places: Iterable[tuple[float, float]], bend: float = 0, arrow: bool = False, thin: bool = False
    ) -> None:
        """A line from a place to another; bent to one side by some distance."""
        (x, y), (u, v) = places
        length = max(((u - x) ** 2 + (v - y) ** 2) ** 0.5, 1)
        middle = (x + u) / 2 - bend * (v - y) / length, (y + v) / 2 + bend * (u - x) / length
        path = f"M{x:g} {y:g}Q{middle[0]:g} {middle[1]:g} {u:g} {v:g}" if bend else f"M{x:g} {y:g}L{u:g} {v:g}"
        mark = ' marker-end="url(#arrow)"' if arrow else ""
        weight = ' stroke-opacity=".35"' if thin else ""
        self.parts.append(f'<path class="line" d="{path}"{mark}{weight}/>')
        self._reach(max(x, u, middle[0]), max(y, v, middle[1]))

    def text(self, x: float, y: float, words: str, anchor: str = "middle", quiet: bool = False) -> None:
        """A text around, from or up to a place."""
        kind = ' class="quiet"' if quiet else ""
        self.parts.append(f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{kind}>{escape(words)}</text>')
        half = len(words) * LETTER * {"start": 1, "middle": 0.5, "end": 0}[anchor]
        self._reach(x + half, y + 4)

    def svg(self, title: str, words: str, margin: float = 12) -> str:
        """The picture, with a title and a text that says the same to who cannot see it."""
        width, height = f"{self.width + margin:g}", f"{self.height + margin:g}"
        size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        label = f'role="img" aria-label="{escape(f"{title}. {words}", quote=True)}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {label}>'
        told = f"<title>{escape(title)}</title>\n<desc>{escape(words)}</desc>\n<style>{STYLE}</style>"
        return "\n".join([head, told, ARROW, *self.parts, "</svg>\n"])


def shortened(text: str, most: int) -> str:
    """A text, cut where it is longer than so many letters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
