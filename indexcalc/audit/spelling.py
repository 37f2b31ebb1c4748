r"""How terms are written for the reader of a document: in the letters of its author."""

from __future__ import annotations

from dataclasses import replace

from indexcalc.audit.letters import plain
from indexcalc.audit.meanings import Meanings
from indexcalc.context.names import Use
from indexcalc.indices import Index
from indexcalc.notation.lexicon import COMMANDS, GREEK
from indexcalc.notation.writing import latex
from indexcalc.sheet import Sheet
from indexcalc.terms import Term
from indexcalc.walk import substitute, subterms

OWN_LETTERS = "ijklmnpqrst"


def written_term(term: Term, sheet: Sheet, axes: tuple[Index, ...], meanings: Meanings) -> str:
    """The LaTeX of a term, with the names as the document spells them; empty if it has names of ours."""
    names = {name for each in subterms(term) for name in each.symbols}
    if any("?" in name for name in names):
        return ""
    spelled = {name: spelled_name(use) for name, use in meanings.spelled.items() if name in names}
    taken = {index.name for index in axes if not index.serial}
    letters = iter(letter for letter in OWN_LETTERS if letter not in taken)
    renaming = {axis: Index(next(letters), axis.range) for axis in axes if axis.serial}
    shown = replace(
        sheet,
        notation={**spelled, **sheet.notation},
        letters={index.name: index.range for index in (*axes, *renaming.values()) if not index.serial},
    )
    own = tuple(renaming.get(axis, axis) for axis in axes)
    return latex.write(plain(substitute(term, renaming), shown), shown, own)


def spelled_name(use: Use) -> str:
    """The LaTeX of a name with its labels."""
    base, *accents = use.letter.split("_")
    text = (
        f"\\{base}"
        if base in GREEK or (base in COMMANDS and len(base) > 1)
        else base
        if len(base) == 1
        else f"\\text{{{base}}}"
    )
    if base.startswith("cal") and len(base) == 4:
        text = f"\\mathcal{{{base[3]}}}"
    for accent in accents:
        text = f"\\{accent}{{{text}}}"
    below = [str(label) for label in use.labels if not label.mark]
    above = [str(label) for label in use.labels if label.mark]
    return text + (f"_{{{' '.join(below)}}}" if below else "") + (f"^{{{' '.join(above)}}}" if above else "")
