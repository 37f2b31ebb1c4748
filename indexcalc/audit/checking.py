"""Checking a document: its statements, what is known of the names, the verdicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from indexcalc.audit.beside.checking import code_claims
from indexcalc.audit.defined import Definitions
from indexcalc.audit.documents.document import Document, open_document
from indexcalc.audit.documents.files import documents_in
from indexcalc.audit.fences import checks, declare, define, fences
from indexcalc.audit.judging import Judge
from indexcalc.audit.meanings import Meanings
from indexcalc.audit.outline.prose import conditions, prose_of, tell
from indexcalc.audit.outline.statements import Statement, statements
from indexcalc.audit.reports.report import FileReport, Note, Report
from indexcalc.audit.taking import take
from indexcalc.context.compounds import compounded, prefixes
from indexcalc.context.extent import extended, is_scaled
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.letters import Letters
from indexcalc.context.observe import look, observe
from indexcalc.context.said import Said
from indexcalc.context.turning import turning, with_transpositions
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


def read_statements(document: Document) -> list[Statement]:
    """The statements of a document, in its order."""
    found: list[Statement] = []
    last: Statement | None = None
    for number, piece in enumerate(document.pieces):
        if piece.kind in ("formula", "inline"):
            display = piece.kind == "formula"
            new = statements(piece.content, display, last, number)
            if display or any(each.earlier is not None for each in new):
                last = next((each for each in reversed(new) if not each.aside), last)
            found += new
    return found


def checked(document: Document) -> FileReport:
    """The report on a document."""
    every = read_statements(document)
    sides = list({id(side): side for each in every for side in each.sides}.values())
    letters = prefixes(side.formula for side in sides)
    signs = turning(side.formula for side in sides)
    for side in sides:
        formula = compounded(side.formula, letters)
        side.formula = with_transpositions(formula, signs) if signs else formula
    said = [
        Said(
            tuple(side.formula for side in each.sides),
            tuple("in" if link.text in ("\\in", "∈") else link.kind for link in each.links),
            tuple(each.conditions),
            each.start,
        )
        for each in every
    ]
    by_formula: dict[int, list[Statement]] = defaultdict(list)
    for each in every:
        by_formula[each.formula].append(each)
    prose = prose_of(document)
    fenced = fences(document)
    known = Knowledge(Letters())
    look(said, known)
    declare(fenced, known)
    tell(prose, by_formula, known)
    observe(said, known)
    for each in every:
        for side, formula in zip(each.sides, extended([side.formula for side in each.sides], known), strict=True):
            side.scaled = formula != side.formula and is_scaled(side.formula)
            side.formula = formula
    conditions(prose, by_formula, known)
    judge = Judge(
        document.lines, known, Meanings(known, Definitions(sections=[start for start, _ in prose.sections])), prose
    )
    judge.meanings.shapes()
    define(fenced, judge.meanings, document.lines)
    steps = take(judge, every)
    judge.read(every)
    judge.judge(steps)
    found = [*judge.claims, *checks(fenced, document.lines), *code_claims(document, judge, fenced)]
    claims = sorted(found, key=lambda claim: claim.position)
    notes = [Note(*document.lines.at(place), kind, text, place) for kind, place, text in judge.notes]
    return FileReport(document, tuple(claims), tuple(sorted(notes, key=lambda note: note.position)))
