"""Derivations on a terminal: in its width, what is new in each line marked, reasons less loud."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING

from indexcalc.explaining.wrapping import changed
from indexcalc.render import chains_of, laid_out

if TYPE_CHECKING:
    from rich.text import Text

    from indexcalc.results import Derivation, Step

NEW, QUIET = "bold", "dim"


def show_derivation(derivation: Derivation, steps: bool, level: str) -> None:
    """Print a derivation to a terminal."""
    from rich.console import Console
    from rich.text import Text

    width = shutil.get_terminal_size().columns
    console = Console(soft_wrap=True)
    for number, chain in enumerate(chains_of(derivation, steps, level)):
        if number:
            console.print()
        console.print(Text("\n").join(coloured(chain, laid_out(chain, steps, width))))


def coloured(chain: Sequence[Step], lines: Sequence[str]) -> list[Text]:
    """The lines of a chain with their colours; a formula may stand in several."""
    from rich.text import Text

    texts = [str(chain[0].expression), *(f"  = {step.expression}" for step in chain[1:])]
    found: list[Text] = []
    number, done = 0, 0  # the formula, and how much of it has been shown
    for line in lines:
        formula, mark, _ = line.partition("   # ")
        is_reason = line.lstrip().startswith("# ")
        text = Text(line, style=QUIET if is_reason else "")
        if not is_reason:
            part = formula.strip()
            place = texts[number].find(part, done)
            if place < 0 or (done and place > done + 1):
                number, done = number + 1, 0
                place = texts[number].find(part)
            for start, end in _new(chain, texts, number):
                shift = len(formula) - len(formula.lstrip()) - place
                first, last = max(start, place) + shift, min(end, place + len(part)) + shift
                if first < last:
                    text.stylize(NEW, first, last)
            done = place + len(part)
            if done >= len(texts[number].rstrip()):
                number, done = number + 1, 0
            if mark:
                text.stylize(QUIET, len(formula))
        found.append(text)
    return found


def _new(chain: Sequence[Step], texts: Sequence[str], number: int) -> list[tuple[int, int]]:
    """What is new in a formula against the one before; nothing in the first two, which say what was asked."""
    if number < 2:
        return []
    shift = len("  = ")
    stretches = changed(str(chain[number - 1].expression), str(chain[number].expression))
    return [(start + shift, end + shift) for start, end in stretches]
