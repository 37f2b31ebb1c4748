"""What the statements of a document say, as numbers that equal ones have in common, and which names they reach."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from indexcalc.audit.blocks.proof import tables_before
from indexcalc.audit.judging import Judge
from indexcalc.audit.keeping.tables import Tables, letters_of, related, tables
from indexcalc.audit.outline.statements import Statement


@dataclass
class Numbers:
    """A number for everything that is compared: equal things have equal ones, as long as this lives."""

    known: dict[Hashable, int] = field(default_factory=dict)

    def __call__(self, each: Hashable) -> int:
        return self.known.setdefault(each, len(self.known))


@dataclass
class Contents:
    """The contents of the statements of a document that was read."""

    judge: Judge
    number: Numbers
    contents: dict[Statement, int] = field(default_factory=dict)
    reached: dict[Statement, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def tables(self) -> Tables:
        """What is known of the names."""
        return tables(self.judge)

    def content(self, statement: Statement) -> int:
        """What a statement says, as it is written and as it was respelled, with those that it goes on from."""
        if statement not in self.contents:
            self.contents[statement] = self.number(self._content(statement))
        return self.contents[statement]

    def _content(self, statement: Statement) -> Hashable:
        judge, number, prose = self.judge, statement.formula, self.judge.prose
        sides = tuple(
            (each.formula, judge.written.get(id(each)), each.source, each.text, each.scaled) for each in statement.sides
        )
        links = tuple((each.kind, each.text) for each in statement.links)
        shape = (statement.aside, statement.display, statement.implied, statement.broken, statement.restricted)
        said = [prose.open, prose.assumed, prose.named, prose.chosen, prose.conditional, prose.supposed]
        earlier = self.content(statement.earlier) if statement.earlier is not None else -1
        told = (*(number in each for each in said), tuple(prose.under.get(number, ())))
        tables = tuple(tables_before(judge, statement).items()) if judge.tables else ()
        listed = judge.beside[number] if not statement.display else 0
        return (sides, links, tuple(statement.conditions), shape, statement.remark, earlier, told, listed, tables)

    def reach(self, statement: Statement) -> frozenset[str]:
        """The letters of the names that a statement reaches, through definitions too."""
        if statement not in self.reached:
            formulas = [each.formula for each in statement.sides]
            formulas += [*statement.conditions, *self.judge.prose.under.get(statement.formula, ())]
            found = self.closed(letter for each in formulas for letter in letters_of(each))
            if statement.earlier is not None:
                found |= self.reach(statement.earlier)
            self.reached[statement] = found
        return self.reached[statement]

    def closed(self, letters: Iterable[str]) -> frozenset[str]:
        """Letters with those to which the names of them lead."""
        found: set[str] = set()
        pending = list(letters)
        while pending:
            for letter in related(pending.pop()):
                if letter not in found:
                    found.add(letter)
                    pending += self.tables.beside.get(letter, ())
        return frozenset(found)
