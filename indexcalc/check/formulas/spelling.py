r"""How a formula spells its names: what is called a_l_1 is a^{[l-1]} there, and is written so in a fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lark import Tree

from indexcalc.errors import IndexcalcError, Span
from indexcalc.notation.latex.names import Words
from indexcalc.notation.latex.scripts import Namer
from indexcalc.notation.latex.words import base_name
from indexcalc.notation.parsing import written
from indexcalc.notation.reader import words_of
from indexcalc.notation.syntax.places import NAMES, kind
from indexcalc.sheet import Sheet


def spelled_as(sheet: Sheet, formulas: Iterable[str]) -> Sheet:
    """The sheet with names spelled as in these formulas, the first spelling of each; its own spellings come first."""
    words = words_of(sheet)
    found: dict[str, str] = {}
    for formula in formulas:
        for name, spelling in _labelled(formula, words):
            found.setdefault(name, spelling)
    return replace(sheet, notation={**found, **sheet.notation})


def _labelled(formula: str, words: Words) -> Iterator[tuple[str, str]]:
    """The names with a label above them, and their spellings."""
    try:
        tree = written(formula, Span(0, len(formula)))
    except IndexcalcError:
        return
    namer = Namer(formula, words)
    for part in tree.iter_subtrees():
        base = part.children[0] if kind(part) == "scripted" else None
        if not isinstance(base, Tree) or kind(base) not in NAMES or not base_name(base):
            continue
        if base_name(base) in words.usage.raised:
            continue  # what is above are indices
        try:
            scripts = namer.scripts(part.children[1:])
            named, power = namer.named(base, scripts)
        except IndexcalcError:
            continue
        name = str(named.children[0])
        if scripts.above is not None and power is None and name.startswith(f"{base_name(base)}_"):
            above = formula[scripts.above.meta.start_pos : scripts.above.meta.end_pos]
            yield name, formula[base.meta.start_pos : base.meta.end_pos] + above
