"""The pytest plugin: `pytest --indexcalc docs/` makes each chain of each document a test.

A chain passes if none of its steps is refuted or unreadable. Texts (.txt) are collected only where they are named.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from indexcalc.check.claims import Claim
    from indexcalc.check.report import FileReport, Note


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    group = parser.getgroup("indexcalc")
    group.addoption("--indexcalc", action="store_true", help="check the derivations in Markdown, LaTeX and notebooks")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A document is a file of tests."""
    if not parent.config.getoption("--indexcalc"):
        return None
    from indexcalc.check.documents import SUFFIXES

    format = SUFFIXES.get(file_path.suffix.lower())
    if format is None or (format == "text" and not parent.session.isinitpath(file_path)):
        return None
    return DocumentFile.from_parent(parent, path=file_path)


class WrongStepsError(Exception):
    """Some steps of a chain are wrong or unreadable, or the prose contradicts a formula."""


class DocumentFile(pytest.File):
    """A document."""

    def collect(self) -> Iterable[pytest.Item]:
        """A test for each chain, and one for each mistake in the prose."""
        from indexcalc.check.checking import check_document
        from indexcalc.errors import IndexcalcError

        try:
            (report,) = check_document(self.path).files
        except IndexcalcError as error:
            raise self.CollectError(str(error)) from None
        found: dict[int, list[Claim]] = {}
        for claim in report.claims:
            found.setdefault(claim.chain, []).append(claim)
        for claims in found.values():
            yield ChainItem.from_parent(self, name=f"line {claims[0].line}", report=report, found=claims)
        for note in report.notes:
            if note.kind in ("mistake", "error"):
                yield ChainItem.from_parent(self, name=f"line {note.line} ({note.kind})", report=report, found=[note])


class ChainItem(pytest.Item):
    """The test of a chain."""

    def __init__(self, *, report: FileReport, found: list[Claim] | list[Note], **options: Any) -> None:
        super().__init__(**options)
        self.report, self.found = report, found

    def runtest(self) -> None:
        """Fail if something is wrong."""
        wrong = [item for item in self.found if not self.report.is_right(item)]
        if wrong:
            raise WrongStepsError("\n".join(self.report.lines(item) for item in wrong))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The lines of the report, without a traceback."""
        if isinstance(excinfo.value, WrongStepsError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the chain stands."""
        return self.path, self.found[0].line - 1, self.name
