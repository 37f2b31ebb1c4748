"""The facts of a document: those of its formulas, and those that its prose tells; some hold from a place on only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from indexcalc.check.context.words import Assumption
from indexcalc.check.definitions.facts import assume, facts, letters_behind
from indexcalc.check.definitions.taken import Taken, read_equation
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.formulas.trees import ranks_in
from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import expression_tree, words_of
from indexcalc.sheet import Sheet


@dataclass
class Told:
    """Sheets that grow fact by fact, each with the place from which it holds; what was taken, and what is wrong.

    `number` is that of the next formula that is taken, `text` that of the document.
    """

    sheet: Sheet
    number: int
    text: str = ""
    known: Collection[str] = ()
    later: list[tuple[int, Sheet]] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    mistakes: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.known = {*self.sheet.definitions}

    def at(self, place: int) -> Sheet:
        """The sheet for what stands at a place."""
        return next((sheet for start, sheet in reversed(self.later) if start <= place), self.sheet)

    def formulas(self, chains: Iterable[Chain], told: bool) -> None:
        """Take the facts that chains state, which are formulas of their own or told in the prose."""
        for chain in chains:
            self.sheet = self._with(self.sheet, chain, told)

    def assumptions(self, found: Iterable[Assumption], ranks: Ranks) -> None:
        """Take what the prose says in words, of tensors that the document uses so, and what holds under a condition."""
        for each in sorted(found, key=lambda each: each.start):
            if each.spoken and not ranks.allow(each.chain, self.sheet):
                continue
            if not each.start:
                self.sheet = self._with(self.sheet, each.chain, told=True)
            else:
                sheet = self.later[-1][1] if self.later else self.sheet
                self.later.append((each.start, self._with(sheet, each.chain, told=True)))

    def _with(self, sheet: Sheet, chain: Chain, told: bool) -> Sheet:
        for readings in facts(chain, self.known, sheet, told, letters_behind(chain, self.text)):
            sheet, assumed, mistake = assume(sheet, readings, self.number)
            self.number += 1
            self.taken += [assumed] if assumed else []
            self.mistakes += [(chain.start, mistake)] if mistake else []
        return sheet


@dataclass(frozen=True)
class Ranks:
    """With how many indices a document writes its names."""

    written: dict[str, set[int]]

    @staticmethod
    def of(chains: Sequence[Chain], sheet: Sheet) -> Ranks:
        """Those of the sides of chains; what cannot be read without matrix notation says nothing."""
        written: dict[str, set[int]] = {}
        for side in (side for chain in chains for side in chain.sides):
            try:
                found = ranks_in(expression_tree(side.text, sheet, "latex"))
            except IndexcalcError:
                continue
            for name, rank in found.items():
                written.setdefault(name, set()).add(rank)
        return Ranks(written)

    def allow(self, chain: Chain, sheet: Sheet) -> bool:
        """Whether the tensors of an equation have as many indices in the document; bare names are matrices then."""
        equation = read_equation(chain, sheet)
        ranks = ranks_in(equation.left) if equation else {}
        known = {name: {words_of(sheet).rank(name) or 0, *self.written.get(name, ())} - {0} for name in ranks}
        return bool(ranks) and all(known[name] == {rank} for name, rank in ranks.items())
