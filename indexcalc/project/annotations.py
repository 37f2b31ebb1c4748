"""Reports for the annotations of a code host: `::error file=...` lines that GitHub Actions shows beside the diff.

Source: the workflow commands of GitHub Actions, and their rules for escaping.
"""

from __future__ import annotations

from collections.abc import Iterable

from indexcalc.audit.reports.claims import Claim
from indexcalc.audit.reports.report import FileReport, Note, shortened


def annotation_lines(files: Iterable[FileReport], strict: bool) -> list[str]:
    """A line for each verdict that is wrong or open, and for each file that could not be read."""
    found = []
    for file in files:
        if file.error:
            found.append(_line("error", file.path, 1, 1, "indexcalc: not read", file.error))
        for item in in_order(file):
            found.append(
                _line(level_of(item, strict), file.path, item.line, item.column, title_of(item), message_of(item))
            )
    return found


def in_order(file: FileReport) -> list[Claim | Note]:
    """What is wrong or open in a file, from its beginning to its end."""
    items: list[Claim | Note] = [*file.claims, *file.notes]
    return sorted((each for each in items if not file.is_right(each)), key=lambda each: each.position)


def word_of(item: Claim | Note) -> str:
    """The verdict of a claim, or the kind of a note."""
    return item.kind if isinstance(item, Note) else str(item.verdict)


def level_of(item: Claim | Note, strict: bool) -> str:
    """error or warning: what fails a run is an error."""
    return "error" if strict or word_of(item) in ("refuted", "mistake") else "warning"


def title_of(item: Claim | Note) -> str:
    """A few words for the head of an annotation."""
    return f"indexcalc: {word_of(item)}"


def message_of(item: Claim | Note) -> str:
    """What is said of a verdict, in lines."""
    if isinstance(item, Note):
        return item.text
    example = f"{item.counterexample}" if item.counterexample and str(item.counterexample) not in item.reason else ""
    fix = f"fix: {item.fix}" if item.fix else ""
    return "\n".join(part for part in (shortened(item.text), item.reason, example, fix) if part)


def _line(level: str, path: str, line: int, column: int, title: str, message: str) -> str:
    places = f"file={_value(path)},line={line},col={column},title={_value(title)}"
    return f"::{level} {places}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
