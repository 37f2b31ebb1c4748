"""The command `indexcalc check`: a verdict for every step of the derivations in documents."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import indexcalc as ic
from indexcalc.cli.command import Command, operands
from indexcalc.errors import IndexcalcError
from indexcalc.terminal import complain, fault, read_text, show, show_json, with_progress, write_text

if TYPE_CHECKING:
    from indexcalc.check.report import FileReport


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--strict", action="store_true", help="exit with status 1 also where a claim is undecided or unreadable"
    )
    parser.add_argument("--annotate", metavar="COPY", type=Path, help="write a copy with the verdicts in it")


def check(options: argparse.Namespace) -> int:
    """Check every chain of equalities of some documents. A file that cannot be read does not stop the others."""
    from indexcalc.check.annotate import annotated
    from indexcalc.check.report import Report

    files: list[FileReport] = []
    failed: list[dict[str, Any]] = []
    for name in with_progress(operands(options, 1, 1 if options.annotate else sys.maxsize)):
        try:
            files += ic.check(f"{read_text(name)}\n" if name == "-" else Path(name)).files
        except IndexcalcError as error:
            failed.append(_failed(name, str(error)))
        except Exception as error:  # a fault of ours in one file must not lose the verdicts on the others
            failed.append(_failed(name, fault(error)))
    report = Report(tuple(files))
    if options.annotate and files:
        write_text(options.annotate, annotated(files[0]))
    if options.format == "json":
        said = report.as_json()
        show_json(said | {"files": [*said["files"], *failed]})
    elif files:
        show(report.text())
    return report.status_of(options.strict) or (2 if failed else 0)


def _failed(name: str, error: str) -> dict[str, Any]:
    """What the report in JSON says of a document that cannot be read; people are told at once."""
    complain(error if name in error else f"{name}: {error}")
    return {"path": name, "claims": [], "notes": [], "error": error}


COMMAND = Command(
    "PATH...",
    "judge every step of the derivations in documents of all formats, or in those of a folder",
    (
        "indexcalc check notes.md --annotate notes-checked.md",
        "indexcalc check docs/ paper.tex lecture.ipynb --format json",
    ),
    check,
    add_options,
)
