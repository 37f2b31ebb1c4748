"""Verdicts and reports, typeset."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from indexcalc.display.mathml import code, is_there, mathml
from indexcalc.display.parts import markdown_table, quiet, span, table, word

if TYPE_CHECKING:
    from indexcalc.audit.proving.proof import Verdict
    from indexcalc.audit.reports.claims import Claim
    from indexcalc.audit.reports.report import FileReport, Note, Report


# ----- Verdicts --------------------------------------------------------------------------------------------------


def verdict_line(value: Verdict) -> str:
    """The word and the reason."""
    return f"Verdict {value}: {value.reason}" if value.reason else f"Verdict {value}"


def verdict_html(value: Verdict) -> str:
    """The word in its colour, the reason, and what would be right."""
    fix = f"<br>{quiet('fix:')} {code(value.fix)}" if value.fix else ""
    return f"{word(str(value))} {quiet(value.reason)}{fix}"


def verdict_markdown(value: Verdict) -> str:
    """The word, the reason, and what would be right."""
    fix = f"; fix: {span(value.fix)}" if value.fix else ""
    return f"**{value}** {value.reason}{fix}"


# ----- Claims ----------------------------------------------------------------------------------------------------


def claim_line(value: Claim) -> str:
    """The verdict and what was compared."""
    return f"Claim {value.verdict}: {value.text}"


def claim_html(value: Claim) -> str:
    """The verdict and what was compared."""
    return f"{word(str(value.verdict))} {formula(value.text)} {_why(value)}"


def claim_markdown(value: Claim) -> str:
    """The verdict and what was compared."""
    return f"**{value.verdict}** {span(value.text)} {value.reason}"


def formula(text: str) -> str:
    """A formula of a document: typeset where it is LaTeX."""
    return mathml(text) if re.search(r"\\|_\{", text) and is_there() else code(text)


def _why(claim: Claim) -> str:
    fix = f"<br>{quiet('fix:')} {formula(claim.fix)}" if claim.fix else ""
    first = quiet("; the first wrong step of its chain") if claim.first_wrong else ""
    return f"{quiet(claim.reason)}{first}{fix}"


# ----- Reports ---------------------------------------------------------------------------------------------------


def report_line(value: Report) -> str:
    """How many steps, with which verdicts."""
    return f"Report {value.summary()}"


def report_html(value: Report) -> str:
    """A table for each file, and the summary."""
    return "".join(map(file_html, value.files)) + f"<p>{escape(value.summary())}</p>"


def report_markdown(value: Report) -> str:
    """A table for each file, and the summary."""
    return "\n\n".join([*map(file_markdown, value.files), value.summary()])


def file_line(value: FileReport) -> str:
    """The file, and how many steps there are."""
    return f"FileReport {value.path}: {value.error or f'{len(value.claims)} steps'}"


def file_html(value: FileReport) -> str:
    """The verdicts with their places."""
    head = "" if value.path == "<text>" else f"<p>{code(value.path)}</p>"
    if value.error:
        return f"{head}<p>{word('error')} {quiet(value.error)}</p>"
    rows = [_row(value, item) for item in _items(value)]
    return f"{head}{table(rows, ('line', 'verdict', 'step', ''), 'verdicts')}" if rows else head


def _row(file: FileReport, item: Claim | Note) -> list[str]:
    from indexcalc.audit.reports.report import Note

    if isinstance(item, Note):
        return [_place(file, item), word(item.kind), escape(item.text), ""]
    return [_place(file, item), word(str(item.verdict)), formula(item.text), _why(item)]


def file_markdown(value: FileReport) -> str:
    """The verdicts with their places."""
    if value.error:
        return f"{value.path}: {value.error}"
    rows = []
    for claim in value.claims:
        why = f"{claim.reason}; fix: {span(claim.fix)}" if claim.fix else claim.reason
        rows.append([_place(value, claim), f"**{claim.verdict}**", span(claim.text), why])
    rows += [[_place(value, note), f"**{note.kind}**", note.text, ""] for note in value.mistakes]
    head = "" if value.path == "<text>" else f"{span(value.path)}\n\n"
    return head + markdown_table(["line", "verdict", "step", ""], rows) if rows else head


def _items(file: FileReport) -> list[Claim | Note]:
    notes = [note for note in file.notes if not file.is_right(note)]
    items: list[Claim | Note] = [*file.claims, *notes]
    return sorted(items, key=lambda item: item.position)


def _place(file: FileReport, item: Claim | Note) -> str:
    cell = file.document.cell(item.position)
    return f"{item.line}" if cell is None else f"cell {cell}"
