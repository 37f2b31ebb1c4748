"""What is known of the formula, the name or the derivative under the cursor."""

from __future__ import annotations

from dataclasses import dataclass

from indexcalc.api import derive
from indexcalc.audit.asking.why import known_of
from indexcalc.audit.reports.claims import Claim
from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.display.parts import span
from indexcalc.editor.analysis import Analysis
from indexcalc.errors import IndexcalcError, Span
from indexcalc.notation.writing import text
from indexcalc.sheet import Sheet
from indexcalc.terms import Derivative
from indexcalc.walk import holds

MOST_KNOWN = 6  # pieces of knowledge that are shown
LONGEST_DERIVATION = 2000  # characters of a definition that is derived for a hover


@dataclass(frozen=True)
class Hover:
    """What is said, in Markdown, of a stretch of the text."""

    place: Span
    words: str


def hover_at(analysis: Analysis, place: int) -> Hover | None:
    """What is known at a place; None where nothing is."""
    said = []
    word = analysis.word_at(place)
    if word is not None:
        said += _name(analysis, analysis.text[word.start : word.end].lstrip("\\"), place)
    claim = claim_at(analysis, place)
    if claim is not None:
        said.append(_claim(claim))
    if not said:
        return None
    return Hover(word or (analysis.extent(claim) if claim else Span(place, place)), "\n\n".join(said))


def claim_at(analysis: Analysis, place: int) -> Claim | None:
    """The step in whose relation or right side a place stands."""
    for claim in analysis.claims:
        extent = analysis.extent(claim)
        if extent.start <= place <= extent.end:
            return claim
    return None


def _claim(claim: Claim) -> str:
    fix = f"\n\nfix: {span(claim.fix)}" if claim.fix else ""
    return f"**{claim.verdict}** {claim.reason}{fix}"


def _name(analysis: Analysis, name: str, place: int) -> list[str]:
    sheet = analysis.sheet_at(place)
    if sheet is not None and name in sheet.slots and (analysis.in_sheet(place) or len(name) > 1):
        return [_tensor(sheet, name)]
    if sheet is not None and name in sheet.letters and analysis.in_sheet(place):
        return [f"index {span(name)}, of size {sheet.letters[name].label}"]
    if analysis.in_sheet(place) and name in FUNCTIONS:
        return [f"the function {span(name)}"]
    return [] if analysis.in_sheet(place) else _known(analysis, name)


def _tensor(sheet: Sheet, name: str) -> str:
    definition = sheet.definitions.get(name)
    axes = ", ".join(range.label for range in sheet.slots[name])
    head = f"{span(name)}: {f'axes ({axes})' if axes else 'a number'}"
    if definition is None:
        return f"{head}; {'made of others' if name in sheet.primitives else 'given'}"
    letters = ",".join(index.name for index in definition.axes)
    body = text.write(definition.body, sheet, definition.axes)
    written = f"```indexcalc\n{name}{f'[{letters}]' if letters else ''} = {body}\n```"
    value = _value(sheet, name) if holds(definition.body, Derivative) else ""
    return "\n\n".join(part for part in (head, written, value) if part)


def _value(sheet: Sheet, name: str) -> str:
    """What a derivative is; nothing where it would take long or has no value."""
    if len(sheet.text) > LONGEST_DERIVATION:
        return ""
    try:
        return f"= {span(str(derive(sheet, name)))}"
    except IndexcalcError as error:
        return str(error.cause)


def _known(analysis: Analysis, name: str) -> list[str]:
    """What the checker takes a name of a document for, and from where."""
    if analysis.audit is None:
        return []
    said = known_of(analysis.audit, name)
    lines = [f"line {each.line}: {each.what} ({each.why})" for each in said[:MOST_KNOWN]]
    return ["\n\n".join([span(name), *lines])] if lines else []
