"""The survey of a sheet whose ranges were reckoned: what it names."""

from __future__ import annotations

from dataclasses import dataclass

from indexcalc.indices import Range
from indexcalc.notation.lowering.ranges import Key, Ranges
from indexcalc.notation.lowering.summation import indices_of
from indexcalc.notation.lowering.survey import Survey, is_symbol
from indexcalc.notation.shifts.conditions import SCOPED, Names, compares_places
from indexcalc.notation.shifts.reckon import Reckoner
from indexcalc.notation.syntax.names import check_name
from indexcalc.notation.syntax.places import Place, Syntax, Token, kind


@dataclass
class Resolved(Ranges):
    """The ranges that were reckoned, under the names of scopes and of axes."""

    reckoner: Reckoner | None = None

    def range_of(self, key: Key) -> Range:
        """The range of a letter or slot."""
        assert self.reckoner is not None
        return self.reckoner.range_of(key)

    def range_of_size(self, label: str) -> Range:
        """The range of which a name is the size."""
        assert self.reckoner is not None
        return self.reckoner.range_of_size(label)

    def join(self, first: Key, second: Key, place: Place) -> None:
        """Ranges are joined by the reckoner."""


class ShiftSurvey(Survey):
    """The names of a sheet; its ranges are known already."""

    known: Names = Names()

    def _visit(self, tree: Syntax) -> None:
        match kind(tree):
            case "tensor":
                if not is_symbol(tree):
                    self._use(str(tree.children[0]), len(indices_of(tree).children), tree)
            case "condition" if compares_places(tree, self.known):
                pass
            case "index" | "outside":
                pass
            case _:
                super()._visit(tree)

    def indices(self, tree: Syntax | Token) -> list[str]:
        """The letters of a list of indices."""
        children = () if isinstance(tree, str) else tree.children
        letters = [str(child if isinstance(child, str) else child.children[0]) for child in children]
        for letter, child in zip(letters, children, strict=True):
            check_name(letter.partition(SCOPED)[0], self._place(child), primes=True)
        return letters

    def compares_indices(self, tree: Syntax) -> bool:
        """Whether a condition compares affine forms of letters."""
        return compares_places(tree, self.known)
