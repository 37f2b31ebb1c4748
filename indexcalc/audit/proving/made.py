"""Names that only what a sheet makes may have: inverses and their like."""

from __future__ import annotations

from collections.abc import Iterable

from indexcalc.calculus.primitives import PRIMITIVES
from indexcalc.notation.syntax.names import is_made
from indexcalc.sheet import Sheet


def check_made(names: Iterable[str], sheet: Sheet) -> None:
    """Raise TypeError for an inverse or its like that the sheet does not have: as a tensor it could be anything.

    Labels have brackets too, W_(t), and so has what a document leaves unexplained: those are tensors like any other.
    """
    for name in names:
        if name.partition("(")[0] in PRIMITIVES and is_made(name) and name not in sheet.primitives:
            if name not in sheet.definitions:
                raise TypeError(f"{name} is a tensor that no sheet may have, and this one does not say what it is")
