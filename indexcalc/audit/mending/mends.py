"""Mends: a formula with one slip undone, and the same done to its text, so that a fix is in the author's notation.

A mend is made at one place of a formula. None is believed here: search.py keeps those that make a step true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from indexcalc.notation.dots import says_left_out
from indexcalc.notation.formula import Big, Derivative, Formula, Nabla, Name, Scripted, changed, parts

Patch = tuple[int, int, str]  # from where to where in the text of the formula, and what stands there instead


@dataclass(frozen=True)
class Mend:
    """A formula with one slip undone. kind: of the slip. patches: the same in the text; none if that is not known."""

    kind: str
    formula: Formula
    patches: tuple[Patch, ...]
    why: str

    def at(self, whole: Formula, place: Formula) -> Mend:
        """The mend of a part as one of the formula around it."""
        return Mend(self.kind, put(whole, place, self.formula), self.patches, self.why)


Rule = Callable[[Formula], Iterator[Mend]]


def put(whole: Formula, place: Formula, new: Formula) -> Formula:
    """A formula with another in the place of one that stands directly inside it."""
    return changed(whole, lambda part: new if part is place else part)


def everywhere(formula: Formula, rule: Rule, in_scripts: bool = False) -> Iterator[Mend]:
    """The mends at every place of a formula that is a value, the outermost first. in_scripts: and of one below.

    None in what dots stand for: the text shows it at several places, and one of them mended is no formula.
    """
    if says_left_out(formula):
        return
    yield from rule(formula)
    for part in parts(formula):
        if in_scripts or not _is_script(formula, part):
            for mend in everywhere(part, rule, in_scripts):
                yield mend.at(formula, part)


def _is_script(formula: Formula, part: Formula) -> bool:
    """Whether a part of a formula is no value: a name without its scripts, what stands below, variables."""
    match formula:
        case Scripted(base, below):
            return part is below or (part is base and isinstance(base, Name))
        case Big(_, below, above):
            return part is below or part is above
        case Nabla(_, below):
            return part is below
        case Derivative(_, variables):
            return any(part is each for each, _ in variables)
    return False


def begin(formula: Formula) -> int:
    """Where a formula begins in the text."""
    return formula.span[0]


def is_placed(*formulas: Formula) -> bool:
    """Whether all formulas stand somewhere in the text."""
    return all(each.span[1] > each.span[0] for each in formulas)


def patched(source: str, offset: int, patches: tuple[Patch, ...]) -> str:
    """A text, which begins at an offset, with patches put in; empty if they do not lie in it."""
    if not patches or any(start < offset or end > offset + len(source) or start > end for start, end, _ in patches):
        return ""
    text = source
    for start, end, new in sorted(patches, key=lambda each: each[:2], reverse=True):
        text = text[: start - offset] + new + text[end - offset :]
    return " ".join(text.split())


def end_of_script(text: str, script: Formula) -> int:
    """Where a script ends in the text, with the bracket around it."""
    end = script.span[1]
    rest = text[end:]
    return end + rest.index("}") + 1 if rest.lstrip().startswith("}") else end
