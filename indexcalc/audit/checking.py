"""Checking documents: a report on each, and on many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from indexcalc.audit.asking.offers import asked
from indexcalc.audit.auditing import audited
from indexcalc.audit.beside.checking import code_claims
from indexcalc.audit.declared.fences import checks
from indexcalc.audit.documents.document import Document, open_document
from indexcalc.audit.documents.files import documents_in
from indexcalc.audit.proving.collecting import seldom_collected
from indexcalc.audit.reports.claims import broken, is_broken
from indexcalc.audit.reports.report import FileReport, Note, Report
from indexcalc.errors import IndexcalcError


def check_document(source: str | Path, format: str | None = None) -> Report:
    """The report on a file, on the documents in a folder, or on a text: a string that holds a line break.

    Raises IndexcalcError where the file cannot be read, or is not of its format.
    """
    is_text = isinstance(source, str) and "\n" in source
    found = [source] if is_text else [*documents_in(Path(source))]
    if is_text or len(found) == 1:
        return Report((checked(open_document(found[0], format)),))
    return check_files(found, format)


def check_files(
    paths: Iterable[str | Path], format: str | None = None, progress: Callable[[str], object] | None = None
) -> Report:
    """The report on many files; one that cannot be read is reported and does not stop the others.

    `progress` is told the name of each file before it is checked.
    """
    files = []
    for path in paths:
        if progress:
            progress(str(path))
        try:
            files.append(checked(open_document(Path(path), format)))
        except IndexcalcError as error:
            files.append(_failed(path, format, str(error)))
        except Exception as error:  # a fault of ours in one file must not lose the verdicts on the others
            fault = f"{type(error).__name__}: {error}"
            files.append(_failed(path, format, f"a fault in indexcalc, please report it with this file ({fault})"))
    return Report(tuple(files))


def _failed(path: str | Path, format: str | None, error: str) -> FileReport:
    return FileReport(Document(str(path), format or "", "", ()), error=error)


def checked(document: Document, declared_only: bool = False) -> FileReport:
    """The report on a document. declared_only: nothing is taken from its text but what is to be judged."""
    with seldom_collected():
        return _checked(document, declared_only)


def _checked(document: Document, declared_only: bool) -> FileReport:
    audit = audited(document, declared_only=declared_only)
    judge = audit.judge
    judge.judge(audit.steps)
    claims = [*judge.claims, *checks(audit.fenced, document.lines), *code_claims(document, judge, audit.fenced)]
    claims += [broken(piece.content, document.lines) for piece in document.pieces if is_broken(piece)]
    claims.sort(key=lambda claim: claim.position)
    declarations, asks = asked(audit, claims, declared_only)
    claims = [replace(claim, ask=asks.get(claim.position, "")) for claim in claims]
    notes = [Note(*document.lines.at(place), kind, text, place) for kind, place, text in judge.notes]
    notes.sort(key=lambda note: note.position)
    unjudged = sorted(Counter(step.skipped for step in audit.steps if step.skipped).items())
    return FileReport(document, tuple(claims), tuple(notes), asked=declarations, unjudged=dict(unjudged))
