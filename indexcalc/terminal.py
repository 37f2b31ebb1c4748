"""Printing results: with colours where they go to a terminal."""

from __future__ import annotations

import json
import sys
from typing import Any

COLOURS = {  # how words of a report are shown on a terminal
    r"\b(proved|passed)\b": "green",
    r"\bagrees\b": "cyan",
    r"\b(refuted|failed)\b": "bold red",
    r"\b(undecided|unreadable)\b": "magenta",
    r"\bskipped\b": "dim",
}


def show(text: str, language: str = "") -> None:
    """Print a result; on a terminal with colours."""
    if not sys.stdout.isatty():
        print(text)
        return
    from rich.console import Console
    from rich.syntax import Syntax
    from rich.text import Text

    console = Console(soft_wrap=True)
    if language:
        coloured = Syntax("", language, theme="ansi_dark").highlight(text)
        coloured.rstrip()
    else:
        coloured = Text(text)
        for pattern, style in COLOURS.items():
            coloured.highlight_regex(pattern, style)
    console.print(coloured)


def show_json(value: Any) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, indent=2, ensure_ascii=False))
