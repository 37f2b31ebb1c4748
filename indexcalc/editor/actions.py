"""What an editor may do for the user at a place: mend a step, work a derivative out, write its code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexcalc.api import derive
from indexcalc.audit.reports.report import COMMENTS
from indexcalc.editor.analysis import Analysis
from indexcalc.editor.findings import findings
from indexcalc.errors import IndexcalcError, Span
from indexcalc.terms import Derivative
from indexcalc.walk import holds


@dataclass(frozen=True)
class Action:
    """A change of the text: what stands at a place is replaced. With a file, the new text is that of the file."""

    title: str
    place: Span
    new: str
    mends: bool = False
    file: str = ""


PASTED = ("markdown", "latex", "rst", "sheet", "org", "typst")  # formats in which a declaration may stand anywhere
STATEMENT = re.compile(r"(?P<blank>[ \t]*)(?P<name>[^\W\d]\w*)(?:\[[^\]\n]*\])?[ \t]*=[ \t]*(?P<right>.*\S)")


def actions_at(analysis: Analysis, place: Span) -> list[Action]:
    """What may be done in a stretch of the text."""
    found = [
        Action(f"Write {each.fix}", each.fix_place, each.fix, mends=True)
        for each in findings(analysis)
        if each.fix_place is not None and _meet(each.place, place)
    ]
    found += _declaring(analysis, place)
    if analysis.in_sheet(place.start):
        found += _of_statement(analysis, place.start)
    return found


def _declaring(analysis: Analysis, place: Span) -> list[Action]:
    """Write the declaration that would decide a step, which was tried, above its paragraph."""
    if analysis.document is None or analysis.document.format not in PASTED:
        return []
    wanted = {claim.ask: claim for claim in analysis.claims if claim.ask and _meet(analysis.extent(claim), place)}
    found = []
    for text, claim in wanted.items():
        start = analysis.text.rfind("\n\n", 0, claim.position)
        above = 0 if start < 0 else start + 2
        form = COMMENTS.get(analysis.document.format, "<!-- indexcalc: {} -->")
        found.append(Action(f"Declare: {text}", Span(above, above), f"{form.format(text)}\n\n", mends=True))
    return found


def _meet(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


def _of_statement(analysis: Analysis, place: int) -> list[Action]:
    """What may be done with the definition of a derivative."""
    start = analysis.text.rfind("\n", 0, place) + 1
    match = STATEMENT.match(analysis.text, start)
    sheet = analysis.sheet_at(place)
    definition = sheet.definitions.get(match["name"]) if match and sheet else None
    if match is None or sheet is None or definition is None or not holds(definition.body, Derivative):
        return []
    try:
        derivation = derive(sheet, match["name"])
    except IndexcalcError:
        return []  # what is wrong with it is said in the margin
    steps = [str(step.expression) for step in derivation.steps[1:]]
    blank, right = match["blank"], match["right"]
    chain = f"\n{blank}check {right} = {' = '.join(dict.fromkeys(steps))}"
    return [
        Action(f"Work out: {derivation}", Span(*match.span("right")), str(derivation)),
        Action("Write the next step below", _behind(match), f"\n{blank}check {right} = {steps[0]}" if steps else ""),
        Action("Write the derivation below", _behind(match), chain if steps else ""),
        Action(f"Write its code to {match['name']}.py", Span(0, 0), derivation.code(), file=f"{match['name']}.py"),
    ]


def _behind(match: re.Match[str]) -> Span:
    return Span(match.end(), match.end())
