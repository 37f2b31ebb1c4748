r"""Declarations: the sheets that a document holds, in fences, and what they say of its names.

A fence adds to the sheet of the fences before it; one that contradicts them begins a new one. Its tensors,
definitions and
facts count in formulas as well: a definition of a fence is one that is `given`, and holds from there on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from indexcalc.audit.comparing.assumed import Assumed
from indexcalc.audit.declared.checks import claims_of, unreadable
from indexcalc.audit.declared.sheets import Check, Problem, extended, read_fence
from indexcalc.audit.defined import Defined
from indexcalc.audit.documents.pieces import Piece
from indexcalc.audit.documents.places import Lines, Placed
from indexcalc.audit.meanings import Meanings
from indexcalc.audit.reports.claims import Claim
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.ledger import DECLARED, Evidence
from indexcalc.context.names import Use
from indexcalc.indices import Index, Range
from indexcalc.meaning.ranges import Ranges
from indexcalc.notation.formula import Mark
from indexcalc.sheet import Sheet
from indexcalc.terms import (
    Contraction,
    Delta,
    Epsilon,
    Indicator,
    Reduction,
    Size,
    Tensor,
    Term,
    size_of,
)
from indexcalc.walk import Memo, mapped


@dataclass
class Fenced:
    """A stretch of a document with one sheet: from where, the sheet, and its checks."""

    start: int
    sheet: Sheet = field(default_factory=Sheet)
    checks: list[Check] = field(default_factory=list)
    problem: Problem | None = None
    written: list[Placed] = field(default_factory=list)

    def definition(self, name: str) -> Placed | None:
        """The statement that defines a name, as it is written."""
        return next((each for each in self.written if re.match(rf"{re.escape(name)}\s*[\[=]", each.text)), None)

    @property
    def assumptions(self) -> list[Placed]:
        """The statements that assume something, as they are written."""
        return [each for each in self.written if re.match(r"assume\b", each.text)]


def fences(pieces: Iterable[Piece]) -> list[Fenced]:
    """The sheets among the pieces of a document, in its order."""
    found = [Fenced(0)]
    for piece in pieces:
        if piece.kind != "sheet":
            continue
        fence = read_fence(piece.content)
        sheet, new, problem = extended(found[-1].sheet, fence, piece.content)
        if new:
            found.append(Fenced(piece.content.start))
        found[-1].sheet, found[-1].problem = sheet, found[-1].problem or problem
        found[-1].checks += fence.checks
        found[-1].written += fence.written
    return found


def declare(found: list[Fenced], known: Knowledge) -> None:
    """Put what the sheets declare into the ledger."""
    for each in found:
        for name, slots in each.sheet.slots.items():
            known.declared.add(name)
            known.letters.counts[name] = len(slots)
            known.letters.kinds[name] = {len(slots)} if slots else set()
            known.ledger.tell(Evidence(name, "axes", 0, DECLARED, each.start, "a sheet of the document declares it"))
        for name, spelled in each.sheet.notation.items():
            if "(" in spelled:
                known.ledger.tell(
                    Evidence(name, "kind", "function", DECLARED, each.start, "a sheet spells it with its arguments")
                )
                known.ledger.tell(
                    Evidence(name, "depends", True, DECLARED, each.start, "a sheet spells it with its arguments")
                )
        for letter, range in each.sheet.letters.items():
            known.letters.stated[letter] = "index"
            if range.named:
                known.extents[letter] = range.label if range.size is None else range.size
            if range.named and range.size is None:
                known.letters.sizes.add(range.label)


def define(found: list[Fenced], meanings: Meanings, lines: Lines) -> None:
    """Put the definitions and facts of the sheets where formulas find them."""
    for each in found:
        change = _Moved(meanings.ranges, each.sheet)
        for name, slots in each.sheet.slots.items():
            known = meanings.slots.get(name)
            new = tuple(map(change.range, slots))
            if known is None or len(known) != len(new):
                meanings.slots[name] = new
            else:
                for one, other in zip(known, new, strict=True):
                    if meanings.ranges.size(other) is not None and meanings.ranges.is_merged(
                        one, meanings.ranges.size(other) or 0
                    ):
                        continue
                    meanings.ranges.join(one, other, named_alike=True)
        for definition in each.sheet.definitions.values():
            axes = tuple(map(change.index, definition.axes))
            said = each.definition(definition.name)
            line = lines.at(each.start if said is None else said.start)[0]
            shown = definition.name if said is None else shown_statement(said)
            defined = Defined(Use(definition.name), Mark("empty"), each.start, line, "given", text=shown)
            defined.given = axes, change.term(definition.body)
            meanings.definitions.add(defined)
        said_facts = each.assumptions if len(each.assumptions) == len(each.sheet.facts) else []
        for number, fact in enumerate(each.sheet.facts):
            place, shown = each.start, "a fact of the sheet"
            if said_facts:
                place, shown = said_facts[number].start, shown_statement(said_facts[number])
            known_fact = Assumed(change.term(fact.left), fact.relation, change.term(fact.right), place, shown)
            meanings.given.append((each.start, known_fact))


def shown_statement(said: Placed) -> str:
    """A statement on one line, without comments."""
    return " ".join(re.sub(r"#[^\n]*", "", said.text).split())


class _Moved:
    """Moves terms of a sheet to the ranges of a document."""

    def __init__(self, ranges: Ranges, sheet: Sheet) -> None:
        self.ranges, self.sheet = ranges, sheet
        self.known: dict[Range, Range] = {}
        self.term = Memo(self._rule)

    def range(self, old: Range) -> Range:
        """The range of the document for one of the sheet."""
        if old not in self.known:
            size = old.size if old.size is not None else old.label if old.named else None
            self.known[old] = self.ranges.of_size(size) if size is not None else self.ranges.fresh(old.label)
        return self.known[old]

    def index(self, old: Index) -> Index:
        """The index of the document for one of the sheet."""
        return Index(old.name, self.range(old.range), old.serial + 400 if not old.name.isdigit() else 0)

    def _rule(self, term: Term, rec: Memo[Term]) -> Term:
        match term:
            case Tensor(name, slots):
                return Tensor(name, map(self.index, slots))
            case Delta() | Epsilon():
                return type(term)(*map(self.index, term.slots))
            case Size(range):
                return size_of(self.range(range))
            case Indicator(relation, Index() as left, Index() as right):
                return Indicator(relation, self.index(left), self.index(right))
            case Contraction(bound, body):
                return Contraction(map(self.index, bound), rec(body))
            case Reduction(kind, bound, body):
                return Reduction(kind, map(self.index, bound), rec(body))
        return mapped(term, rec)


def checks(found: list[Fenced], lines: Lines) -> Iterator[Claim]:
    """The claims of the `check` statements of the sheets."""
    for each in found:
        for check in each.checks:
            if each.problem:
                line, column = lines.at(each.problem.position)
                reason = f"the sheet in line {line}, column {column}: {each.problem.reason}"
                yield from unreadable(check, reason, lines)
            else:
                yield from claims_of(check, each.sheet, lines)
