"""The command `indexcalc check`: a verdict for every step of the derivations in documents."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import indexcalc as ic
from indexcalc.cli.command import Command, operands
from indexcalc.errors import IndexcalcError
from indexcalc.project.selection import Selection, checked_patterns
from indexcalc.project.settings import Settings, settings_for
from indexcalc.project.watching import Marks, changes, marks_of
from indexcalc.terminal import complain, read_text, show, show_json, with_progress, write_text

if TYPE_CHECKING:
    from indexcalc.audit.keeping.session import Session
    from indexcalc.audit.reports.report import FileReport, Report
    from indexcalc.project.baseline import Compared

FORMATS = ("text", "json", "github", "sarif")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    add = parser.add_argument
    add("-e", dest="statements", metavar="TEXT", action="append", help="a document itself; several follow one another")
    add("--format", choices=FORMATS, default="text", help="github: annotations; sarif: for code hosts and editors")
    add("--strict", action="store_true", help="exit with status 1 also where a claim is undecided or unreadable")
    add("--annotate", metavar="COPY", type=Path, help="write a copy with the verdicts in it")
    add("--include", metavar="GLOB", action="append", default=[], help="take only these files of folders: docs/**/*.md")
    add("--exclude", metavar="GLOB", action="append", default=[], help="leave these files and folders out")
    add("--force-exclude", action="store_true", help="leave out also files that are named themselves (for hooks)")
    add("--no-gitignore", action="store_true", help="take also what .gitignore leaves out")
    add("--baseline", metavar="FILE", type=Path, help="report only what is not in this file of known verdicts")
    add("--update-baseline", action="store_true", help="write all that is wrong or open now into the baseline")
    add("--no-cache", action="store_true", help="judge anew also what has not changed since it was checked")
    add("--jobs", metavar="N", type=int, help="processes at once where there is much to do; as many as cores")
    add("--why", metavar="NAME", help="print what is known of a name, from where and how surely, instead of verdicts")
    add("--declared-only", action="store_true", help="take nothing from the text: only what is declared is known")
    add("--watch", action="store_true", help="go on, and check what changes; Ctrl-C ends it")


@dataclass(frozen=True)
class Run:
    """What a run was asked for: the options together with the settings of the project."""

    format: str
    strict: bool
    names: Callable[[], list[str]]
    check: Callable[[Path], FileReport]
    baseline: Path | None = None
    jobs: int | None = None
    text: str | None = None  # of the document that no file holds, if it is not on the standard input


def check(options: argparse.Namespace) -> int:
    """Check every chain of equalities of some documents. A file that cannot be read does not stop the others."""
    settings = settings_for(Path())
    own = settings.paths and not options.words and not options.statements
    paths = list(settings.paths) if own else _paths(options)
    run = _run(options, settings, paths)
    if options.update_baseline:
        return _update(run)
    names = run.names()
    if options.why:
        return _why(run, names, options.why, options.declared_only)
    before = marks_of(names)
    files, failed = _reports(names, run)
    if options.annotate and files:
        from indexcalc.audit.reports.annotate import annotated

        write_text(options.annotate, annotated(files[0]))
    status = _say(run, files, failed)
    if options.watch:
        _watch(run, files, before)
    return 0 if options.watch else status


def _paths(options: argparse.Namespace) -> list[str]:
    """The documents that are named; "-" is the one that is given with -e, or on the standard input."""
    named = operands(options, 1, 1 if options.annotate else sys.maxsize)
    if options.statements is None:
        return named
    if "-" in named:
        cause = "-e and - are one document each, and only one of them has no file"
        raise IndexcalcError(cause, "Leave one of them out")
    return ["-", *named]


def _run(options: argparse.Namespace, settings: Settings, paths: list[str]) -> Run:
    """What the options ask for, in the light of the settings."""
    if options.watch and "-" in paths:
        what = "the standard input" if options.statements is None else "a text"
        raise IndexcalcError(f"{what} cannot be watched", "Give files or folders")
    selection = Selection(
        settings.root,
        checked_patterns(options.include, "--include") or settings.include,
        (*settings.exclude, *checked_patterns(options.exclude, "--exclude")),
        settings.respect_gitignore and not options.no_gitignore,
        options.force_exclude,
    )
    baseline = options.baseline or settings.baseline
    if options.update_baseline and baseline is None:
        raise IndexcalcError("there is no baseline to write", "Name its file with --baseline FILE")
    return Run(
        options.format,
        options.strict or settings.strict,
        lambda: selection.documents(paths),
        Checker(settings.cache and not options.no_cache, options.declared_only),
        baseline,
        options.jobs,
        None if options.statements is None else "\n".join(options.statements),
    )


@dataclass(frozen=True)
class Checker:
    """What judges a file: by way of the cache if that is wanted, or by what it declares alone."""

    cached: bool = False
    declared_only: bool = False

    def __call__(self, path: Path) -> FileReport:
        """The report on a file. Raises IndexcalcError where it cannot be read."""
        if self.declared_only:
            return self.by_declarations(path)
        if self.cached:
            from indexcalc.project.cache import Cache, default_folder

            return Cache(default_folder()).report(path, _judged)
        return _judged(path)


    def by_declarations(self, path_or_text: Path | str) -> FileReport:
        """The report on a file or a text, of which only what it declares is known."""
        from indexcalc.audit.checking import checked
        from indexcalc.audit.documents.document import open_document

        return checked(open_document(path_or_text), declared_only=True)


@dataclass
class Live:
    """What judges a file again and again: what has not changed since the last time keeps its verdict."""

    check: Callable[[Path], FileReport]
    sessions: dict[str, Session] = field(default_factory=dict)

    def __call__(self, path: Path) -> FileReport:
        """The report on a file. Raises IndexcalcError where it cannot be read."""
        if isinstance(self.check, Checker) and self.check.declared_only:
            return self.check(path)
        from indexcalc.audit.documents.document import open_document
        from indexcalc.audit.keeping.session import Session

        return self.sessions.setdefault(str(path), Session()).checked(open_document(path))


def _judged(path: Path) -> FileReport:
    return ic.check(path).files[0]


def _why(run: Run, names: Iterable[str], name: str, declared_only: bool) -> int:
    """Print what is known of a name in some documents."""
    from indexcalc.audit.asking.why import known_of, names_in, shown
    from indexcalc.audit.auditing import audited
    from indexcalc.audit.documents.document import open_document

    files: list[dict[str, Any]] = []
    others: set[str] = set()
    for path in names:
        audit = audited(open_document(_loose_text(run) if path == "-" else Path(path)), "", declared_only)
        known = known_of(audit, name)
        others |= set(names_in(audit))
        files.append({"path": path, "known": [each.as_json() for each in known]})
        if known and run.format == "text":
            show(shown(path, known))
    if run.format != "text":
        show_json({"name": name, "files": files})
    if any(each["known"] for each in files):
        return 0
    raise IndexcalcError(f"no document speaks of {name}", f"They speak of {', '.join(sorted(others)) or 'no name'}")


def _reports(names: list[str], run: Run) -> tuple[list[FileReport], list[dict[str, Any]]]:
    """The reports on files, and what is said of those that cannot be read."""
    from indexcalc.project.parallel import cores, judged

    check = _or_loose_text(run) if "-" in names else run.check
    found = dict(with_progress(judged(names, check, run.jobs or cores()), len(names)))
    outcomes = [(name, found[name]) for name in names]
    failed = [_failed(name, outcome) for name, outcome in outcomes if isinstance(outcome, str)]
    return [outcome for _, outcome in outcomes if not isinstance(outcome, str)], failed


def _loose_text(run: Run) -> str:
    """The text that no file holds: given with -e, or on the standard input. A line break tells it from a path."""
    return f"{read_text('-') if run.text is None else run.text}\n"


def _or_loose_text(run: Run) -> Callable[[Path], FileReport]:
    """What judges files, and the text that is none."""

    def judged(path: Path) -> FileReport:
        if str(path) != "-":
            return run.check(path)
        if isinstance(run.check, Checker) and run.check.declared_only:
            return run.check.by_declarations(_loose_text(run))
        return ic.check(_loose_text(run)).files[0]

    return judged


def _failed(name: str, error: str) -> dict[str, Any]:
    """What the report in JSON says of a document that cannot be read; people are told at once."""
    complain(error if name in error else f"{name}: {error}")
    return {"path": name, "claims": [], "notes": [], "error": error}


def _say(run: Run, files: Iterable[FileReport], failed: list[dict[str, Any]]) -> int:
    """Print the report in the format that is wanted; the exit status."""
    from indexcalc.audit.reports.report import Report

    compared = _compared(run, files)
    report = Report(compared.files)
    WRITERS[run.format](run, report, compared, failed)
    return report.status_of(run.strict) or (2 if failed else 0)


def _compared(run: Run, files: Iterable[FileReport]) -> Compared:
    from indexcalc.project.baseline import Compared, read_baseline

    return read_baseline(run.baseline).compared(files) if run.baseline else Compared(tuple(files), 0, 0)


def _text(run: Run, report: Report, compared: Compared, failed: list[dict[str, Any]]) -> None:
    if report.files:
        show("\n".join([report.text(), *_known(run, compared)]))


def _known(run: Run, compared: Compared) -> list[str]:
    """What the baseline has to do with it, in lines."""
    lines = [f"{compared.known} more, known to {run.baseline}"] if compared.known else []
    if compared.gone:
        lines.append(f"{compared.gone} of {run.baseline} not found any more: write it anew with --update-baseline")
    return lines


def _json(run: Run, report: Report, compared: Compared, failed: list[dict[str, Any]]) -> None:
    said = report.as_json()
    known = {"known": compared.known} if run.baseline else {}
    show_json(said | {"files": [*said["files"], *failed]} | known)


def _github(run: Run, report: Report, compared: Compared, failed: list[dict[str, Any]]) -> None:
    from indexcalc.project.annotations import annotation_lines

    lines = annotation_lines((*report.files, *_unread(failed)), run.strict)
    show("\n".join([*lines, report.summary(), *_known(run, compared)]))


def _sarif(run: Run, report: Report, compared: Compared, failed: list[dict[str, Any]]) -> None:
    from indexcalc.project.sarif import sarif

    show_json(sarif((*report.files, *_unread(failed)), ic.__version__, run.strict))


def _unread(failed: list[dict[str, Any]]) -> list[FileReport]:
    from indexcalc.audit.documents.document import Document
    from indexcalc.audit.reports.report import FileReport

    return [FileReport(Document(each["path"], "", "", ()), error=each["error"]) for each in failed]


WRITERS = {"text": _text, "json": _json, "github": _github, "sarif": _sarif}


def _update(run: Run) -> int:
    """Write the baseline anew."""
    from indexcalc.project.annotations import in_order
    from indexcalc.project.baseline import baseline_text

    assert run.baseline is not None
    files, failed = _reports(run.names(), run)
    if failed:
        complain(f"{run.baseline} stays as it was, since a document could not be read")
        return 2
    write_text(run.baseline, baseline_text(files, run.baseline))
    number = sum(len(in_order(file)) for file in files)
    show(f"{run.baseline}: {number} known verdict{'s' * (number != 1)}")
    return 0


def _watch(run: Run, files: list[FileReport], before: Marks) -> None:
    """Check what changes until the user ends it."""
    known = {file.path: file for file in files}
    complain("waiting for changes; Ctrl-C ends it")
    try:
        live = Live(run.check)
        for changed in changes(run.names, before):
            fresh, failed = _reports(changed, replace(run, check=live, jobs=1))
            known.update((file.path, file) for file in fresh)
            present = set(run.names())
            known = {path: file for path, file in known.items() if path in present}
            _say(run, known.values() if run.format != "text" else fresh, failed)
            sys.stdout.flush()
    except KeyboardInterrupt:  # the way to end it
        return


COMMAND = Command(
    "PATH...",
    "judge every step of the derivations in documents of all formats, or in those of a folder",
    (
        "indexcalc check notes.md --annotate notes-checked.md",
        "indexcalc check docs/ paper.tex lecture.ipynb --format json",
        "indexcalc check . --exclude 'drafts/' --baseline known.json --format github",
    ),
    check,
    add_options,
)
