"""The pieces that typeset values are made of: words with colours, tables, sums of both. Readable in dark and light."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

COLOURS = {  # readable on white and on black; the word says the same
    "proved": "#2a8a3e",
    "passed": "#2a8a3e",
    "agrees": "#1a86a8",
    "refuted": "#d1383d",
    "failed": "#d1383d",
    "differs": "#d1383d",
    "mistake": "#d1383d",
    "undecided": "#a855b8",
    "unreadable": "#a855b8",
    "error": "#a855b8",
    "skipped": "#7a7f87",
}
CELL = "text-align:left;padding:.15em .6em;border:none;vertical-align:top"


def word(verdict: str) -> str:
    """A verdict in its colour."""
    colour = COLOURS.get(verdict.lower(), "inherit")
    return f'<b style="color:{colour}">{escape(verdict)}</b>'


def quiet(text: str) -> str:
    """A reason, less loud than what it explains."""
    return f'<span style="opacity:.75">{escape(text)}</span>' if text else ""


def table(rows: Iterable[Sequence[str]], head: Sequence[str] = (), label: str = "") -> str:
    """Rows of HTML cells."""
    top = "".join(f'<th scope="col" style="{CELL}">{escape(each)}</th>' for each in head)
    body = "".join("<tr>" + "".join(f'<td style="{CELL}">{each}</td>' for each in row) + "</tr>" for row in rows)
    name = f' aria-label="{escape(label, quote=True)}"' if label else ""
    thead = f"<thead><tr>{top}</tr></thead>" if head else ""
    return f'<div style="overflow-x:auto"><table{name}>{thead}<tbody>{body}</tbody></table></div>'


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows of Markdown cells."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def span(text: str) -> str:
    """A text as code in Markdown, whatever backticks it holds."""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    blank = " " if len(fence) > 1 else ""
    return f"{fence}{blank}{text}{blank}{fence}"
