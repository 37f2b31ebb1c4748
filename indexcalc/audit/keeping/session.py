"""A document that changes: its reports, in which only what a change may touch is judged anew."""

from __future__ import annotations

from dataclasses import dataclass, field

from indexcalc.audit.checking import Judged, completed, judged
from indexcalc.audit.documents.document import Document
from indexcalc.audit.keeping.store import Store
from indexcalc.audit.proving.collecting import seldom_collected
from indexcalc.audit.reports.report import FileReport


@dataclass
class Session:
    """What is known of a document from one text of it to the next. The report on each is that of `checked`."""

    store: Store = field(default_factory=Store)

    def judged(self, document: Document) -> Judged:
        """The verdicts on a text of the document, without the declarations that would decide what is open."""
        with seldom_collected():
            return judged(document, store=self.store)

    def checked(self, document: Document) -> FileReport:
        """The report on a text of the document."""
        with seldom_collected():
            return completed(judged(document, store=self.store))
