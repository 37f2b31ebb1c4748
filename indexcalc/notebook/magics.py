"""The magic of IPython: what runs when a cell begins with %%indexcalc."""

from __future__ import annotations

from typing import Any

from indexcalc.notebook.cells import check_text, run_sheet
from indexcalc.notebook.options import read_words

HELP = """A sheet in a cell: %%indexcalc [TARGET; TARGET...] [--backend numpy] [--into NAME] [--no-steps] [--no-values]

Derives the targets, or the definitions of the sheet in which a derivative stands, and shows the steps. Where the arrays
that a result needs are variables of the notebook, the result is computed; the value of a definition gets its name.
--into NAME keeps the whole: NAME.sheet, NAME["dw"], NAME.values.

%%indexcalc check [markdown|latex|rst|python|sheet] judges the derivations in the cell.
"""


def load(ipython: Any) -> None:
    """Make %%indexcalc known to a session."""

    def indexcalc(line: str, cell: str | None = None) -> Any:
        return _run(ipython, line, cell)

    indexcalc.__doc__ = HELP
    ipython.register_magic_function(indexcalc, "line_cell", "indexcalc")


def _run(ipython: Any, line: str, cell: str | None) -> Any:
    """What a cell shows; the values of definitions become variables."""
    if cell is None:
        print(HELP, end="")
        return None
    words = read_words(line)
    if words.document is not None:
        return check_text(cell, words.document)
    found = run_sheet(cell, words, ipython.user_ns)
    ipython.push({name: value for name, value in found.values.items() if name in found.sheet.definitions})
    if words.into:
        ipython.push({words.into: found})
    return found
