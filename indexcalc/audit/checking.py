"""Checking documents: a report on each, and on many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from indexcalc.audit.asking.offers import asked
from indexcalc.audit.auditing import Audit, audited
from indexcalc.audit.beside.listings import listing
from indexcalc.audit.declared.fences import checks
from indexcalc.audit.documents.document import Document, open_document
from indexcalc.audit.documents.files import documents_in
from indexcalc.audit.documents.markup.back import in_typst
from indexcalc.audit.proving.collecting import seldom_collected
from indexcalc.audit.reports.claims import Claim, broken, is_broken
from indexcalc.audit.reports.report import FileReport, Note, Report
from indexcalc.audit.spelling import in_letters_of_the_text
from indexcalc.errors import IndexcalcError

if TYPE_CHECKING:
    from indexcalc.audit.keeping.store import Store


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
    return completed(judged(document, declared_only))


@dataclass(frozen=True)
class Judged:
    """A document with the claims of its steps; what would decide those that are open was not looked for yet."""

    audit: Audit
    claims: tuple[Claim, ...]
    notes: tuple[Note, ...]
    declared_only: bool = False

    @property
    def report(self) -> FileReport:
        """The report as far as it goes."""
        unjudged = sorted(Counter(step.skipped for step in self.audit.steps if step.skipped).items())
        claims = tuple(self._shown(claim) for claim in self.claims)
        return FileReport(self.audit.document, claims, self.notes, unjudged=dict(unjudged))

    def _shown(self, claim: Claim) -> Claim:
        """A claim that says why in the letters of the text."""
        reason = in_letters_of_the_text(claim.reason, self.audit.judge.meanings)
        return claim if reason == claim.reason else replace(claim, verdict=replace(claim.verdict, reason=reason))


def judged(document: Document, declared_only: bool = False, store: Store | None = None) -> Judged:
    """The claims of a document. store: what is kept of an earlier text of it."""
    audit = audited(document, declared_only=declared_only)
    judge = audit.judge
    if store is None:
        judge.judge(audit.steps)
    else:
        store.judge(audit)
    own: Iterable[Claim] = judge.claims
    if document.format == "typst":
        own = (replace(each, fix=in_typst(each.fix)) if each.fix else each for each in own)
    claims = [*own, *checks(audit.fenced, document.lines), *_of_code(audit)]
    claims += [broken(piece, document.lines) for piece in document.pieces if is_broken(piece)]
    claims.sort(key=lambda claim: claim.position)
    notes = [Note(*document.lines.at(place), kind, text, place) for kind, place, text in judge.notes]
    notes.sort(key=lambda note: note.position)
    return Judged(audit, tuple(claims), tuple(notes), declared_only)


def _of_code(audit: Audit) -> list[Claim]:
    """The claims of the code of a document; what reads code is loaded only where there is some."""
    program = listing(audit.document)
    if program is None:
        return []
    from indexcalc.audit.beside.checking import code_claims

    return code_claims(audit.document, audit.judge, audit.fenced, program)


def completed(found: Judged) -> FileReport:
    """The report on a document that was judged, with the declarations that would decide what is open."""
    declarations, asks = asked(found.audit, found.claims, found.declared_only)
    report = found.report
    claims = tuple(replace(claim, ask=asks.get(claim.position, "")) for claim in report.claims)
    return replace(report, claims=claims, asked=declarations)
