"""What is wrong or open in a text, for the margin of an editor, and what may be done about it."""

from __future__ import annotations

from dataclasses import dataclass

from indexcalc.audit.reports.claims import Claim
from indexcalc.editor.analysis import Analysis
from indexcalc.errors import Span
from indexcalc.project.annotations import in_order, message_of, word_of


@dataclass(frozen=True)
class Finding:
    """A verdict: where, its word, what is said of it, and what the place would have to hold to be right."""

    place: Span
    word: str
    message: str
    fix_place: Span | None = None
    fix: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether it is wrong, and not only open."""
        return self.word in ("refuted", "mistake", "failed")


def findings(analysis: Analysis, at_once: bool = False) -> list[Finding]:
    """The findings of a text, in its order. at_once: without the declarations that would decide what is open."""
    early = analysis.judged.report if at_once and analysis.judged is not None else None
    report = early or analysis.report
    if report is None:
        return [Finding(Span(0, 1), "failed", analysis.problem)]
    found = []
    for item in in_order(report):
        if isinstance(item, Claim):
            place, right = analysis.extent(item), analysis.right_side(item)
            fix = item.fix if right is not None else ""
            found.append(Finding(place, word_of(item), message_of(item), right if fix else None, fix))
        else:
            end = analysis.text.find("\n", item.position)
            place = Span(item.position, len(analysis.text) if end < 0 else max(end, item.position + 1))
            found.append(Finding(place, word_of(item), message_of(item)))
    return found
