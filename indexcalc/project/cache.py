"""What was found in a document, kept by what it holds, its name's format and the source of indexcalc itself.

A file of the cache is JSON; one that is broken, or of another shape, is as good as none.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import typing
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from indexcalc.audit.documents.document import open_document
from indexcalc.audit.reports.report import FileReport
from indexcalc.codegen.running.kept import default_folder as default_folder
from indexcalc.project.stored import NotStoredError, restored, stored

MOST_FILES = 2000  # in the cache; the oldest go first
PACKAGE = Path(__file__).parents[1]
LIBRARIES = ("lark", "numpy", "sympy")  # whose versions may change a verdict


@cache
def version() -> str:
    """A digest of the source of indexcalc and of the versions of what it rests on."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as version_of

    digest = hashlib.sha256(platform.python_version().encode())
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            digest.update(f"{name} {version_of(name)}".encode())
    for file in sorted(PACKAGE.rglob("*.py")):
        digest.update(str(file.relative_to(PACKAGE)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


class Cache:
    """Reports by the contents of documents, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def report(self, path: Path, check: Callable[[Path], FileReport]) -> FileReport:
        """The report on a file: what is kept, or what `check` makes of it, which is kept then."""
        try:
            contents = path.read_bytes()
        except (OSError, ValueError):
            return check(path)  # which says what is wrong
        file = self.folder / f"{self._key(contents, path)}.json"
        kept = _read(file, path)
        if kept is not None:
            return kept
        found = check(path)
        self._write(file, found)
        return found

    def _key(self, contents: bytes, path: Path) -> str:
        start = f"{version()}\n{path.suffix.lower()}\n".encode()
        return hashlib.sha256(start + contents).hexdigest()

    def _write(self, file: Path, report: FileReport) -> None:
        if report.error:
            return
        with suppress(NotStoredError, OSError):  # a cache that cannot be kept costs time, nothing else
            text = json.dumps({name: stored(getattr(report, name)) for name in _kept()})
            self.folder.mkdir(parents=True, exist_ok=True)
            part = file.with_suffix(f".{os.getpid()}")
            part.write_text(text, encoding="utf-8")
            part.replace(file)
            self._prune()

    def _prune(self) -> None:
        files = [*self.folder.glob("*.json")]
        if len(files) > MOST_FILES:
            for file in sorted(files, key=lambda each: each.stat().st_mtime)[: len(files) - MOST_FILES]:
                file.unlink(missing_ok=True)


def _kept() -> tuple[str, ...]:
    """The fields of a report but its document, which is read anew."""
    return tuple(each.name for each in fields(FileReport) if each.name != "document")


def _read(file: Path, path: Path) -> FileReport | None:
    try:
        value: Any = json.loads(file.read_text(encoding="utf-8"))
        hints = typing.get_type_hints(FileReport)
        known = {name: restored(value[name], hints[name]) for name in _kept()}
    except (OSError, ValueError, TypeError, KeyError, NotStoredError):
        return None
    return FileReport(open_document(path), **known)
