r"""Capital letters that are indices: those of the reference configuration in F_{iI}, C_{IJ}, E_{KL}."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from indexcalc.context.names import letter_of, script_items
from indexcalc.notation.formula import Formula, Name, Scripted

CAPITALS = frozenset("IJKLMN")
SMALL = frozenset((*"ijklmn", "ell"))


def capital_indices(every: Iterable[Formula]) -> set[str]:
    """The capital letters that stand below several names, or twice below one, beside other letters for indices only."""
    names: dict[str, set[str]] = defaultdict(set)
    for each in every:
        if isinstance(each, Scripted) and isinstance(each.base, Name):
            texts = [item.text for item in script_items(each.below) if item.kind == "letter"]
            if len(texts) == len(script_items(each.below)) > 1 and CAPITALS | SMALL >= set(texts):
                for text in CAPITALS & set(texts):
                    names[text].add(letter_of(each.base))
    found = {letter for letter, below in names.items() if len(below) > 1}
    return found if len(found) > 1 else set()
