"""The verdicts that a project knows of and has not mended yet: a file of them, so that only new ones fail."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from indexcalc.audit.reports.claims import Claim
from indexcalc.audit.reports.report import FileReport, Note
from indexcalc.errors import IndexcalcError

Entry = tuple[str, str, str]  # the file, the verdict, and what was compared: no line, which moves when text is added


@dataclass(frozen=True)
class Compared:
    """Reports without what is known of them, how many that is, and how many known verdicts are gone."""

    files: tuple[FileReport, ...]
    known: int
    gone: int


class Baseline:
    """Known verdicts, and how often each occurs; paths count from the folder of the baseline."""

    def __init__(self, path: Path, entries: Counter[Entry]) -> None:
        self.path, self.entries = path, entries

    def compared(self, files: Iterable[FileReport]) -> Compared:
        """What is new in some reports. Of equal verdicts in a file the first are taken for the known ones."""
        left = Counter(self.entries)
        kept: list[FileReport] = []
        checked: set[str] = set()
        for file in files:
            name = _name(file.path, self.path.parent)
            checked.add(name)
            claims = tuple(each for each in file.claims if not _take(left, _entry(name, file, each)))
            notes = tuple(each for each in file.notes if not _take(left, _entry(name, file, each)))
            kept.append(replace(file, claims=claims, notes=notes))
        gone = sum(number for (name, _, _), number in left.items() if name in checked)
        return Compared(tuple(kept), self.entries.total() - left.total(), gone)


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file. Raises IndexcalcError where it cannot be read."""
    remedy = "Write it anew with --update-baseline"
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        rows = [((row["file"], row["verdict"], row["text"]), row.get("times", 1)) for row in value["known"]]
    except OSError as error:
        raise IndexcalcError(f"the baseline {path} cannot be read: {error.strerror}", remedy) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise IndexcalcError(f"{path} is no baseline", remedy) from None
    if not all(isinstance(part, str) for entry, _ in rows for part in entry) or not all(
        isinstance(times, int) and times > 0 for _, times in rows
    ):
        raise IndexcalcError(f"{path} is no baseline", remedy)
    entries: Counter[Entry] = Counter()
    for entry, times in rows:
        entries[entry] += times
    return Baseline(path, entries)


def baseline_text(files: Iterable[FileReport], path: Path) -> str:
    """The baseline of some reports, as JSON that a person can read and git can compare."""
    entries: Counter[Entry] = Counter()
    for file in files:
        name = _name(file.path, path.parent)
        items: list[Claim | Note] = [*file.claims, *file.notes]
        entries.update(found for item in items if (found := _entry(name, file, item)) is not None)
    rows = [
        {"file": name, "verdict": verdict, "text": text} | ({"times": times} if times > 1 else {})
        for (name, verdict, text), times in sorted(entries.items())
    ]
    return json.dumps({"known": rows}, indent=1, ensure_ascii=False) + "\n"


def _entry(name: str, file: FileReport, item: Claim | Note) -> Entry | None:
    if file.is_right(item):
        return None
    verdict = item.kind if isinstance(item, Note) else str(item.verdict)
    return name, verdict, " ".join(item.text.split())


def _take(left: Counter[Entry], entry: Entry | None) -> bool:
    """Whether an entry is known; it is used up then."""
    if entry is None or not left[entry]:
        return False
    left[entry] -= 1
    return True


def _name(path: str, folder: Path) -> str:
    """The path from the folder of the baseline on, the same on every system."""
    try:
        return os.path.relpath(path, folder).replace(os.sep, "/")
    except ValueError:  # on another drive
        return path
