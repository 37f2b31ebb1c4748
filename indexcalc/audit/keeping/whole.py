"""What a document says in all of its statements together: signs that it uses, sums that it writes, shifted places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from indexcalc.audit.defined import SHOWN
from indexcalc.audit.keeping.contents import Contents
from indexcalc.audit.keeping.tables import letter_in
from indexcalc.audit.mending.search import turned
from indexcalc.audit.outline.statements import Statement
from indexcalc.context.loose import binds
from indexcalc.context.names import written
from indexcalc.context.spoken import names_of
from indexcalc.notation.formula import Big, walk
from indexcalc.notation.writing.formulas import written_back


@dataclass
class Whole(Contents):
    """The statements of a document, each by itself and all together."""

    @cached_property
    def transposed(self) -> str:
        """How the document writes a transposition."""
        return turned(self.judge)

    @cached_property
    def sums(self) -> dict[str, tuple[str, str]]:
        """How the document first writes a sum over each letter."""
        found: dict[str, tuple[str, str]] = {}
        for statement in self.judge.readings:
            for part in (part for each in statement.sides for part in walk(each.formula)):
                if isinstance(part, Big) and part.sign == "sum" and len(bound := binds(part.below)) == 1:
                    above = written(part.above) if part.above is not None else ""
                    found.setdefault(bound[0], (written_back(part.below), above))
        return found

    @cached_property
    def shown(self) -> list[int]:
        """Where the text shows what something is."""
        definitions = self.judge.meanings.definitions.by_letter.values()
        return [each.place for many in definitions for each in many if each.kind == SHOWN]

    @cached_property
    def every(self) -> int:
        """All statements of the document."""
        return self.number(tuple(map(self.content, self.judge.readings)))

    @cached_property
    def shifting(self) -> frozenset[str]:
        """The letters of the names at which places are reckoned, and of those that stand with them in a definition."""
        known = self.judge.placings
        if known is None or not known.lined:
            return frozenset()
        keys = (*known.reckoned, *(each.left.key for each in known.rules))
        found = {letter_in(each.partition("/")[0]) for each in keys}
        groups = [frozenset(map(letter_in, names_of(each, self.judge.known))) for each in known.bodies]
        while more := [each for each in groups if not found.isdisjoint(each) and not each <= found]:
            found = found.union(*more)
        return frozenset(found)

    @cached_property
    def places(self) -> int:
        """What the document says of shifted places: all of it, for a step that speaks of one may hang on any."""
        known = self.judge.placings
        assert known is not None
        rules = tuple(self.content(each.statement) for each in known.rules)
        bounds = tuple((letter, repr(each)) for letter, each in sorted(known.bounds.items()))
        bodies = tuple(
            each
            for each in known.bodies
            if not self.shifting.isdisjoint(map(letter_in, names_of(each, self.judge.known)))
        )
        stated = tuple((first.written, last.written) for first, last in known.stated)
        return self.number((rules, bounds, stated, known.sizes, known.outside, bodies))

    def is_placed(self, statement: Statement) -> bool:
        """Whether a statement may speak of shifted places."""
        return not self.shifting.isdisjoint(self.reach(statement))
