"""Reports: what came of checking documents, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from indexcalc.audit.documents.document import Document
from indexcalc.audit.reports.claims import Claim, Ground
from indexcalc.showing import Shown

VERDICTS = ("proved", "agrees", "refuted", "undecided", "unreadable", "skipped")
COMMENTS = {
    "latex": "% indexcalc: {}",
    "rst": ".. indexcalc: {}",
    "python": "# indexcalc: {}",
    "sheet": "{}",
    "org": "# indexcalc: {}",
    "typst": "// indexcalc: {}",
}  # how a declaration stands where readers do not see it
WIDTH = 72  # characters of a side that a line of the report shows


@dataclass(frozen=True)
class Note:
    """What a document was found to say: a definition, a fact, a size, a new sheet, or a mistake in the prose."""

    line: int
    column: int
    kind: str
    text: str
    position: int = 0

    def as_json(self) -> dict[str, Any]:
        """The fields."""
        return {"line": self.line, "column": self.column, "kind": self.kind, "text": self.text}


@dataclass(frozen=True)
class Declaration:
    """A statement of a sheet that would decide undecided steps: how many, in which lines, with which verdicts."""

    text: str
    number: int
    lines: tuple[int, ...]
    verdicts: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The fields."""
        fields = {"text": self.text, "number": self.number, "lines": list(self.lines)}
        return fields | {"verdicts": list(self.verdicts)}


@dataclass(frozen=True, repr=False)
class FileReport(Shown):
    """What came of one document. `error` says why it could not be read at all.

    asked: the declarations that would decide most undecided steps. unjudged: how many relations claim nothing, and why.
    """

    document: Document
    claims: tuple[Claim, ...] = ()
    notes: tuple[Note, ...] = ()
    error: str = ""
    asked: tuple[Declaration, ...] = ()
    unjudged: dict[str, int] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The name of the file; `<text>` for a text that has none."""
        return self.document.name or "<text>"

    @property
    def mistakes(self) -> tuple[Note, ...]:
        """The notes of what is wrong, though it is no step."""
        return tuple(note for note in self.notes if note.kind == "mistake")

    def as_json(self) -> dict[str, Any]:
        """The fields of the JSON report."""
        fields = {
            "path": self.path,
            "claims": [claim.as_json() for claim in self.claims],
            "definitions": [note.as_json() for note in self.notes if note.kind == "definition"],
            "facts": [note.as_json() for note in self.notes if note.kind == "fact"],
            "notes": [note.as_json() for note in self.notes],
            "asked": [each.as_json() for each in self.asked],
            "unjudged": self.unjudged,
        }
        return fields | ({"error": self.error} if self.error else {})

    def text(self) -> str:
        """The report for people."""
        if self.error:
            return f"{self.path}: {self.error}"
        items: list[Claim | Note] = [*self.claims, *self.notes]
        items.sort(key=lambda item: item.position)
        return "\n".join([*map(self.lines, items), *self._ending()])

    def _ending(self) -> Iterator[str]:
        """What would decide more, ready to be pasted."""
        number = sum(str(claim.verdict) == "undecided" for claim in self.claims)
        if self.asked:
            decided = sum(bool(claim.ask) for claim in self.claims)
            what = "this declaration" if len(self.asked) == 1 else "these declarations"
            yield f"{self.path}: {what} would decide {decided} of {number} undecided step{'s' * (number > 1)}:"
        form = COMMENTS.get(self.document.format, "<!-- indexcalc: {} -->")
        for each in self.asked:
            where = f"line{'s' * (len(each.lines) > 1)} {', '.join(map(str, each.lines))}"
            yield f"    {form.format(each.text)}    ({where}: {' and '.join(each.verdicts)})"

    def is_right(self, item: Claim | Note) -> bool:
        """Whether nothing is wrong, unreadable or left open here."""
        if isinstance(item, Note):
            return item.kind not in ("mistake", "error")
        return str(item.verdict) not in ("refuted", "undecided", "unreadable")

    def lines(self, item: Claim | Note) -> str:
        """What the report says of a claim or a note."""
        return f"{self.place(item)}: {item.kind}: {item.text}" if isinstance(item, Note) else self._claim(item)

    def place(self, item: Claim | Note) -> str:
        """Where a claim or a note stands: file:line:column, and the cell of a notebook."""
        cell = self.document.cell(item.position)
        where = f"{self.path}:{item.line}:{item.column}"
        return where if cell is None else f"{where} (cell {cell})"

    def _claim(self, claim: Claim) -> str:
        found = [f"{self.place(claim)}: {claim.verdict}: {shortened(claim.written)}"]
        if claim.reason:
            found.append(f"    {claim.reason}")
        if claim.ask:
            found.append(f"    would be decided by: {claim.ask}")
        if claim.first_wrong:
            found.append("    the first wrong step of its chain")
        if claim.fix:
            found.append(f"    fix: {claim.fix}")
        if claim.rests:
            found.append(f"    rests on {'; '.join(_shown(ground) for ground in claim.rests)}")
        return "\n".join(found)


def _shown(ground: Ground) -> str:
    return f"{shortened(ground.text)} (line {ground.line})" if ground.line else ground.text


def shortened(text: str) -> str:
    """A text, cut where it gets too long for a line."""
    return text if len(text) <= 2 * WIDTH else f"{text[:WIDTH]} ... {text[-WIDTH:]}"


@dataclass(frozen=True, repr=False)
class Report(Shown):
    """What came of some documents."""

    files: tuple[FileReport, ...] = field(default=())

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of all files, in the order of the documents."""
        return tuple(claim for file in self.files for claim in file.claims)

    @property
    def counts(self) -> dict[str, int]:
        """How many claims have each verdict."""
        found = Counter(str(claim.verdict) for claim in self.claims)
        return {word: found[word] for word in VERDICTS}

    @property
    def status(self) -> int:
        """The exit status: 1 if a claim is refuted or the prose is wrong, else 2 if something is unreadable, else 0."""
        if self.counts["refuted"] or any(file.mistakes for file in self.files):
            return 1
        return 2 if self.counts["unreadable"] or any(file.error for file in self.files) else 0

    def status_of(self, strict: bool) -> int:
        """The exit status; a strict one is also 1 where a claim is undecided or unreadable."""
        is_open = self.counts["undecided"] or self.counts["unreadable"]
        return 1 if strict and is_open else self.status

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong or unreadable."""
        return self.status == 0

    def as_json(self) -> dict[str, Any]:
        """The JSON report."""
        return {"files": [file.as_json() for file in self.files], "counts": self.counts}

    def text(self) -> str:
        """The report for people: a line for each claim, what is wrong with it, and a summary."""
        shown = [file.text() for file in self.files]
        return "\n".join([*(text for text in shown if text), self.summary()])

    def __str__(self) -> str:
        return self.text()

    def summary(self) -> str:
        """One line: how many steps, with which verdicts."""
        steps = len(self.claims)
        if not steps:
            return "no steps found"
        words = ", ".join(f"{number} {word}" for word, number in self.counts.items() if number)
        mistakes = sum(len(file.mistakes) for file in self.files)
        ending = f"; {mistakes} mistake{'s' * (mistakes > 1)} in the prose" if mistakes else ""
        return f"{steps} step{'s' * (steps > 1)}: {words}{ending}"
