"""The claims that the code of a document makes: names against formulas, derivatives, shapes."""

from __future__ import annotations

from collections.abc import Iterator

from indexcalc.audit.beside.formulas import of_sheet, of_text
from indexcalc.audit.beside.listings import Listing
from indexcalc.audit.declared.fences import Fenced
from indexcalc.audit.documents.document import Document
from indexcalc.audit.judging import Judge
from indexcalc.audit.proving.proof import Verdict
from indexcalc.audit.reports.claims import Claim
from indexcalc.lift.beside.following import follow
from indexcalc.lift.beside.found import Found
from indexcalc.lift.beside.known import Known
from indexcalc.lift.judging.shapes import check_shapes


def code_claims(document: Document, judge: Judge, fenced: list[Fenced], program: Listing) -> list[Claim]:
    """The claims of the code of a document, in its order."""
    found: dict[tuple[int, str], Claim] = {}
    for known in _known(document, judge, fenced):
        for each in follow(program.code, known):
            claim = _claim(document, program, each)
            kept = found.get((claim.position, claim.left))
            if each.name and (kept is None or str(kept.verdict) in ("undecided", "unreadable")):
                found[claim.position, claim.left] = claim
    return sorted([*found.values(), *_shapes(document, program)], key=lambda claim: claim.position)


def _known(document: Document, judge: Judge, fenced: list[Fenced]) -> Iterator[Known]:
    """What the document says beside its code: each of its sheets, then its formulas."""
    for each in fenced:
        if each.sheet.definitions and each.problem is None:
            yield of_sheet(each, document)
    yield of_text(judge)


def _claim(document: Document, program: Listing, found: Found) -> Claim:
    return _placed(document, program, found.line, found.formula, found.name, found.verdict)


def _placed(document: Document, program: Listing, line: int, left: str, name: str, verdict: Verdict) -> Claim:
    position = program.position(line)
    rows = document.text[position : document.text.find("\n", position)]
    position += len(rows) - len(rows.lstrip())
    source = program.code.split("\n")[min(line, len(program.starts)) - 1].strip()
    right = source if name.isidentifier() or name.endswith("()") else name
    at = document.lines.at(position)
    first = str(verdict) == "refuted"
    return Claim(*at, left, "=", right, verdict, verdict.fix, first, position, position)


def _shapes(document: Document, program: Listing) -> list[Claim]:
    """The claims of comments and annotations that state shapes."""
    found = []
    for line, verdict in check_shapes(program.code).items():
        if str(verdict) in ("proved", "refuted"):
            found.append(_placed(document, program, line, "shape", "code", verdict))
    return found
