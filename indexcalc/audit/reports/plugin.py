"""The pytest plugin: `pytest --indexcalc docs/` makes each chain of each document a test.

A chain passes if none of its steps is refuted or unreadable. Texts (.txt) are collected only where they are named.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from indexcalc.audit.reports.claims import Claim
    from indexcalc.audit.reports.report import Note


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    group = parser.getgroup("indexcalc")
    group.addoption("--indexcalc", action="store_true", help="check the derivations in Markdown, LaTeX and notebooks")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A document is a file of tests."""
    if not parent.config.getoption("--indexcalc"):
        return None
    from indexcalc.audit.documents.document import SUFFIXES

    format = SUFFIXES.get(file_path.suffix.lower())
    if format is None or (format == "text" and not parent.session.isinitpath(file_path)):
        return None
    return DocumentFile.from_parent(parent, path=file_path)


class WrongStepsError(Exception):
    """What a document says is wrong or cannot be read."""


class DocumentFile(pytest.File):
    """A document."""

    def collect(self) -> Iterable[pytest.Item]:
        """A test for each chain, and one for each mistake in the prose; only one for a file that cannot be read."""
        from indexcalc.audit.checking import check_files

        (report,) = check_files([self.path]).files
        if report.error:
            yield ChainItem.from_parent(self, name="document", line=1, wrong=report.text())
        found: dict[int, list[Claim | Note]] = {}
        for claim in report.claims:
            found.setdefault(claim.chain, []).append(claim)
        for note in report.notes:
            if not report.is_right(note):
                found.setdefault(note.position, []).append(note)
        for items in found.values():
            wrong = "\n".join(report.lines(item) for item in items if not report.is_right(item))
            yield ChainItem.from_parent(self, name=f"line {items[0].line}", line=items[0].line, wrong=wrong)


class ChainItem(pytest.Item):
    """The test of a chain: what is wrong with it, or nothing."""

    def __init__(self, *, line: int, wrong: str, **options: Any) -> None:
        super().__init__(**options)
        self.line, self.wrong = line, wrong

    def runtest(self) -> None:
        """Fail if something is wrong."""
        if self.wrong:
            raise WrongStepsError(self.wrong)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The lines of the report, without a traceback."""
        if isinstance(excinfo.value, WrongStepsError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the chain stands."""
        return self.path, self.line - 1, self.name
