"""Checking a document: the sheet of each scope, then a verdict for each step of its chains."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexcalc.check.claims import Claim, Judge, broken, unreadable
from indexcalc.check.context.counts import with_bounds
from indexcalc.check.context.extents import apply_extents, contradictions
from indexcalc.check.context.facts import Ranks, Told
from indexcalc.check.context.scopes import Item, Scope, read_scopes
from indexcalc.check.definitions.calls import definers, functions, is_law, is_named
from indexcalc.check.definitions.factors import applied, possible_factors
from indexcalc.check.definitions.fields import with_fields
from indexcalc.check.definitions.scalars import LOGISTIC_TEXT, read_scalars
from indexcalc.check.definitions.taken import Taken, definitions, is_claim, is_worked_out, says, take
from indexcalc.check.definitions.wording import worded
from indexcalc.check.documents.document import Document, open_document
from indexcalc.check.documents.files import documents_in
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.formulas.usage import highest_place, usage_of, wide_operators
from indexcalc.check.matrices.ranks import ranks_of, spare_letters
from indexcalc.check.report import FileReport, Note, Report
from indexcalc.check.slips.diagnosis import diagnose
from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import with_ranks, with_usage, words_of
from indexcalc.notation.syntax.usage import BEYOND
from indexcalc.sheet import Sheet

Reader = Callable[[Document], FileReport]


def check_document(source: str | Path, format: str | None = None, read: Reader | None = None) -> Report:
    """The report on a file, on the documents in a folder, or on a text: a string that holds a line break.

    `read` makes the report of a document. Raises IndexcalcError where the file cannot be read, or is not of its format.
    """
    is_text = isinstance(source, str) and "\n" in source
    found = [source] if is_text else [*documents_in(Path(source))]
    if is_text or len(found) == 1:
        return Report(((read or checked)(open_document(found[0], format)),))
    return check_files(found, format, read=read)


def check_files(
    paths: Iterable[str | Path],
    format: str | None = None,
    progress: Callable[[str], object] | None = None,
    read: Reader | None = None,
) -> Report:
    """The report on many files; one that cannot be read is reported and does not stop the others.

    `progress` is told the name of each file before it is checked; `read` makes the report of a document.
    """
    files = []
    for path in paths:
        if progress:
            progress(str(path))
        try:
            files.append((read or checked)(open_document(Path(path), format)))
        except IndexcalcError as error:
            files.append(_failed(path, format, str(error)))
        except Exception as error:  # a fault of ours in one file must not lose the verdicts on the others
            fault = f"{type(error).__name__}: {error}"
            files.append(_failed(path, format, f"a fault in indexcalc, please report it with this file ({fault})"))
    return Report(tuple(files))


def _failed(path: str | Path, format: str | None, error: str) -> FileReport:
    return FileReport(Document(str(path), format or "", "", ()), error=error)


def checked(document: Document) -> FileReport:
    """The report on a document."""
    judge = Judge(document.lines, diagnose)
    claims: list[Claim] = []
    notes: list[Note] = []
    for scope in read_scopes(document):
        reading = read(document, scope, judge)
        judge = reading.judge
        claims += reading.claims
        notes += reading.notes
    if judge.logistic is not None:
        notes.append(Note(*document.lines.at(judge.logistic), "definition", LOGISTIC_TEXT, judge.logistic))
    claims.sort(key=lambda claim: claim.position)
    notes.sort(key=lambda note: note.position)
    return FileReport(document, tuple(claims), tuple(notes))


def read(document: Document, scope: Scope, judge: Judge) -> _Reading:
    """What comes of a scope. Of the ways to mean its formulas, that counts by which the least is wrong."""
    scope, fields = _prepared(scope)
    best = _Reading(document, judge, fields)
    best.read(scope)
    for sheet, place, remark in _other_readings(scope, {claim.chain for claim in best.wrong}):
        if not best.faults[0]:
            break
        other = _Reading(document, judge, fields)
        other.read(replace(scope, sheet=sheet))
        if other.faults < best.faults:
            other.note("reading", place, remark)
            best = other
    if best.faults[0] and (anew := _anew(scope)):
        other = _by_sections(document, scope, judge, fields, anew)
        best = other if other.faults < best.faults else best
    return best


def _anew(scope: Scope) -> dict[int, set[str]]:
    """The sections that say anew what something is, by where they begin, and the left sides that they define."""
    known: dict[str, tuple[int, str]] = {}
    found: dict[int, set[str]] = {}
    for chain in (item.chain for item in scope.items if len(item.chain.sides) > 1):
        left, right = (" ".join(side.text.split()) for side in chain.sides[:2])
        section = max((start for start in scope.sections if start < chain.start), default=0)
        before, body = known.get(left, (section, right))
        if before < section and body != right and "partial" not in left and "'" not in left:
            found.setdefault(section, set()).add(left)
            known[left] = section, right
        known.setdefault(left, (section, right))
    return found


def _by_sections(
    document: Document, scope: Scope, judge: Judge, fields: tuple[str, ...], anew: Mapping[int, set[str]]
) -> _Reading:
    """What comes of a scope if a section may define anew what sections before it defined."""
    starts = [0, *sorted(anew)]
    whole = _Reading(document, judge, fields)
    for start, end in zip(starts, [*starts[1:], len(document.text) + 1], strict=True):
        others = anew.get(start, set())
        items = [item for item in scope.items if start <= item.chain.start < end or not _says(item.chain, others)]
        reading = _Reading(document, whole.judge, fields)
        reading.read(replace(scope, items=[item for item in items if item.chain.start < end]))
        whole.judge = reading.judge
        whole.claims += [claim for claim in reading.claims if start <= claim.position < end]
        whole.notes += [note for note in reading.notes if start <= note.position < end]
        for left in sorted(others):
            whole.note("reading", start, f"{left} is defined anew in this section")
    return whole


def _says(chain: Chain, lefts: Collection[str]) -> bool:
    return " ".join(chain.sides[0].text.split()) in lefts


def _prepared(scope: Scope) -> tuple[Scope, tuple[str, ...]]:
    """The scope with what all of its formulas tell together; the names of its fields."""
    every = worded([item.chain for item in scope.items] + scope.inline)
    every = [with_bounds(chain, scope.counts) for chain in every] if scope.counts else every
    items = [replace(item, chain=chain) for item, chain in zip(scope.items, every, strict=False)]
    sheet = with_usage(scope.sheet, usage_of(every))
    sheet, fields = with_fields(sheet, every, scope.stated_ranks) if not scope.problem else (sheet, ())
    return replace(scope, sheet=sheet, items=items, inline=every[len(items) :]), fields


def _other_readings(scope: Scope, wrong: Collection[int]) -> Iterator[tuple[Sheet, int, str]]:
    """The sheets by which the formulas of a scope mean something else; where, and what they are then.

    `wrong`: where the chains begin in which something is wrong.
    """
    displayed = [item.chain for item in scope.items]
    every = displayed + scope.inline
    factors = possible_factors(every, scope.sheet.slots)
    if factors:
        first = min(place for chain in every for place in applied(chain, factors))
        remark = f"{', '.join(factors)} before a bracket: a factor, not a function"
        yield with_ranks(scope.sheet, dict.fromkeys(factors, 0)), first, remark
    operators = [place for chain in displayed if chain.start in wrong for place in wide_operators(chain)]
    if operators:
        usage = replace(words_of(scope.sheet).usage, reach=BEYOND)
        remark = "a derivative before a bracket: of all that follows, not of the bracket only"
        yield with_usage(scope.sheet, usage), min(operators), remark


@dataclass
class _Part:
    """Chains whose sheets agree; where they begin, what they define, and how many indices the tensors in that have."""

    start: int
    items: list[Item] = field(default_factory=list)
    found: dict[str, Taken] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)

    def contradicts(self, found: list[Taken]) -> bool:
        """Whether further definitions give a name another number of indices."""
        used = {name: rank for each in found for name, rank in each.uses.items()}
        return any(self.ranks.get(name, rank) != rank for name, rank in used.items())

    def add(self, item: Item, found: list[Taken]) -> None:
        """Take in a chain with its definitions; of several of one name the first counts that is not matrix notation."""
        self.items.append(item)
        for each in found:
            known = self.found.get(each.defines)
            if known is None or (known.is_matrix and not each.is_matrix):
                self.found[each.defines] = each
                self.ranks = each.uses | self.ranks


class _Reading:
    """The claims and notes of a scope, as they are found; the judge knows what the scopes before it said."""

    def __init__(self, document: Document, judge: Judge, fields: Collection[str] = ()) -> None:
        self.document = document
        self.judge = judge.copy(self.defined)
        self.judge.fields = frozenset(fields)
        self.claims: list[Claim] = []
        self.notes: list[Note] = []
        self.items: list[Item] = []
        self.inline: list[Chain] = []
        self.given: set[int] = set()  # where the chains begin that define functions of a number

    @property
    def wrong(self) -> list[Claim]:
        """The steps that are refuted or unreadable."""
        return [claim for claim in self.claims if claim.verdict.word in ("refuted", "unreadable")]

    @property
    def faults(self) -> tuple[int, int, int]:
        """How many steps are wrong; how many of them are unreadable, and how many have no fix."""
        unread = sum(claim.verdict.word == "unreadable" for claim in self.wrong)
        return len(self.wrong), unread, sum(not claim.fix for claim in self.wrong)

    def note(self, kind: str, position: int, text: str) -> None:
        """Note something about the document."""
        self.notes.append(Note(*self.document.lines.at(position), kind, text, position))

    def defined(self, chain: Chain) -> None:
        """Note that the first equation of a chain was taken as what a derivative of an unknown function is."""
        text = f"{chain.sides[0].text} = {chain.sides[1].text}"
        self.note("definition", chain.start, " ".join(text.split()))

    def read(self, scope: Scope) -> None:
        """Check a scope."""
        if scope.begins is not None:
            self.note("sheet", scope.begins, "contradicts the fences before it: a new sheet begins here")
        self.claims += [broken(content, self.document.lines) for content in scope.open]
        if scope.problem:
            return self._unreadable(scope)
        self.judge.dimensions = tuple(scope.dimensions)
        self.judge.highest = highest_place([item.chain for item in scope.items])
        for chain in scope.checks:
            self.claims += self.judge.judge(chain, scope.sheet)
        self._put_values(scope)
        scope = replace(scope, sheet=self._with_ranks(scope))
        parts = self._parts(scope)
        for part, following in zip(parts, [*parts[1:], None], strict=True):
            told, taken = self._told(scope, part)
            of_chain = {each.chain: each for each in reversed(taken)}
            for item in part.items:
                self._item(item, told.at(item.chain.start), of_chain.get(item.chain))
            for chain in self.inline:
                if part.start <= chain.start and (following is None or chain.start < following.start):
                    self._in_prose(chain, told.at(chain.start), of_chain.get(chain))
        return None

    def _put_values(self, scope: Scope) -> None:
        """Put values in place of calls, and refuse the chains that apply a function to several arguments."""
        displayed = [item.chain for item in scope.items]
        told = [chain for chain in scope.inline if is_worked_out(chain, scope.sheet) and not is_law(chain)]
        found = definers([*displayed, *told], scope.sheet.slots)
        found = {name: each for name, each in found.items() if each[1] in displayed or is_named(name, displayed)}
        chains = [*displayed, *(chain for _, chain in found.values() if chain in told)]
        self.judge.scalars = read_scalars(found, chains, scope.sheet)
        numbers = self.judge.scalars.bodies
        self.given = {found[name][1].start for name in numbers}
        for name in numbers:
            self.defined(found[name][1])
        defined = functions(chains, {name: call for name, (call, _) in found.items()}, numbers)
        for item in scope.items:
            name = defined.refused(item.chain)
            if name:
                reason = f"{name} is applied to several arguments, so it has no single value"
                self.claims += unreadable(self.judge, item.chain, reason)
        kept = (item for item in scope.items if not defined.refused(item.chain))
        self.items = [replace(item, chain=defined.changed(item.chain)) for item in kept]
        self.inline = [defined.changed(chain) for chain in scope.inline if defined.fits(chain)]

    def _with_ranks(self, scope: Scope) -> Sheet:
        """The sheet of a scope that knows how many indices the names in matrix notation have."""
        every = [item.chain for item in self.items] + self.inline
        known = {*scope.sheet.letters, *scope.sheet.slots}
        ranks = ranks_of(every, words_of(scope.sheet), scope.stated_ranks)
        return with_ranks(scope.sheet, ranks, spare_letters(every, known))

    def _parts(self, scope: Scope) -> list[_Part]:
        """The parts of a scope: another begins where a name gets another number of indices."""
        fenced = {*scope.sheet.definitions, *(size.label for size in scope.sheet.letters.values())}
        parts = [_Part(0)]
        for item in self.items:
            found = definitions(item.chain, fenced, scope.sheet, self.document.text)
            if parts[-1].contradicts(found):
                parts.append(_Part(item.chain.start))
            parts[-1].add(item, found)
        for chain in self.inline:
            found = [each for each in definitions(chain, fenced, scope.sheet, self.document.text) if each.is_worked_out]
            for part in parts:
                if not part.contradicts(found):
                    part.found = {each.defines: each for each in found} | part.found
        return parts

    def _unreadable(self, scope: Scope) -> None:
        assert scope.problem
        line, column = self.document.lines.at(scope.problem.position)
        reason = f"the sheet in line {line}, column {column}: {scope.problem.reason}"
        self.note("error", scope.problem.position, scope.problem.reason)
        for chain in [*scope.checks, *(item.chain for item in scope.items)]:
            self.claims += unreadable(self.judge, chain, reason)

    def _told(self, scope: Scope, part: _Part) -> tuple[Told, list[Taken]]:
        """The sheets of a part with the definitions and facts of its formulas."""
        sheet, taken, lost = take(scope.sheet, part.found.values())
        known = {*sheet.definitions}
        lost = [each for each in lost if each.chain not in self.inline]
        self.judge.lost = {each.defines: (each.chain, self.document.lines.at(each.content.start)[0]) for each in lost}
        said = {says(chain, sheet): self.document.lines.at(chain.start)[0] for chain in self.inline}
        self.judge.unsaid = {name: line for name, line in said.items() if name and name not in known}
        told = Told(sheet, len(part.found) + 1, self.document.text)
        later = {each.chain.start for each in scope.assumptions} | scope.hedged
        told.formulas((chain for chain in self.inline if chain.start not in later), told=True)
        told.formulas((item.chain for item in part.items if item.chain.alone), told=False)
        if scope.assumptions:
            ranks = Ranks.of([*(item.chain for item in part.items), *self.inline], told.sheet)
            told.assumptions(scope.assumptions, ranks)
        taken += told.taken
        for position, mistake in told.mistakes:
            self.note("mistake", position, mistake)
        for chain in dict.fromkeys(each.chain for each in taken):
            first = next(each for each in taken if each.chain is chain)
            self.note(first.word, first.content.start, " ".join(first.content.text.split()))
        return told, taken

    def _item(self, item: Item, sheet: Sheet, taken: Taken | None) -> None:
        """Judge a chain; a definition claims nothing in its first step, a fact nothing at all."""
        for extent, mistake in contradictions(item.chain, sheet, item.behind):
            self.note("mistake", extent.content.start, mistake)
        if taken is None or taken.defines:
            sheet = apply_extents(sheet, [*item.before, *item.behind], item.chain)
            given = taken is not None or item.chain.start in self.given
            self.claims += self.judge.judge(item.chain, sheet, given=1 if given else 0)

    def _in_prose(self, chain: Chain, sheet: Sheet, taken: Taken | None) -> None:
        """Judge what the prose claims; it also states conditions, such as $i = j$ or $w = 0$, which are no claims."""
        if taken is None and is_claim(chain, sheet):
            self.claims += self.judge.judge(chain, sheet)
        elif taken is not None and taken.defines:
            self.claims += self.judge.judge(chain, sheet, given=1)
