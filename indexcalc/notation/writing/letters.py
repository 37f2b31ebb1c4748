"""The letters of bound indices on the page.

An index keeps the letter that the user gave it unless that means something else where it stands; another one gets an
unused letter of the same range, by preference one that the sheet writes at the same place of the same tensor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count

from indexcalc.sheet import Sheet
from indexcalc.terms import Binder, Index, Range, Tensor, Term, in_order
from indexcalc.walk import subterms


@dataclass(frozen=True, slots=True)
class Scope:
    """What can be seen from a place: the letters of indices, and all letters that mean something there or around it."""

    letters: Mapping[Index, str]
    taken: frozenset[str]

    def letter(self, index: Index) -> str:
        """The letter of an index, or the place that it is."""
        return self.letters.get(index, index.name)


class Letters:
    """Chooses the letters of one expression."""

    def __init__(self, sheet: Sheet, term: Term, axes: Iterable[Index]) -> None:
        self.sheet = sheet
        self.axes = frozenset(index.name for index in axes)
        self.of_user = frozenset(index.name for index in term.indices if not index.serial)
        self.invented: dict[str, Range] = {}

    def outermost(self, term: Term) -> Scope:
        """The letters of the free indices."""
        letters = {index: index.name for index in in_order(term.free) if not index.serial}
        for index in in_order(term.free - letters.keys()):
            letters[index] = self._chosen(index, term, self.axes.union(letters.values()))
        return Scope(letters, self.axes.union(letters.values()))

    def inside(self, scope: Scope, term: Binder, avoided: Iterable[str] = ()) -> Scope:
        """The letters in the body of a binder, none of them among those avoided."""
        letters = dict(scope.letters)
        taken, used = scope.taken.union(avoided), scope.taken
        for index in term.bound:
            letters[index] = self._letter(index, term.body, taken)
            taken, used = taken | {letters[index]}, used | {letters[index]}
        return Scope(letters, used)

    def of_range(self, range: Range, taken: Iterable[str]) -> str:
        """A letter that stands for a range; one that is not taken, if there is one."""
        known = self.sheet.letters_of.get(range, [range.label])
        return next((letter for letter in known if letter not in frozenset(taken)), known[0])

    def _letter(self, index: Index, body: Term, taken: frozenset[str]) -> str:
        known = self.sheet.letters.get(index.name)
        if not index.serial and index.name not in taken and known in (None, index.range):
            return index.name
        return self._chosen(index, body, taken)

    def _chosen(self, index: Index, body: Term, taken: frozenset[str]) -> str:
        inside = {each.name for each in body.indices if not each.serial}
        known = [letter for letter in self.sheet.letters_of.get(index.range, ()) if letter not in taken]
        unused = [letter for letter in known if letter not in self.of_user]
        candidates = unused or [letter for letter in known if letter not in inside]
        if not candidates:
            return self._invented(index, taken | inside)
        fit = self._fit(index, body) if len(candidates) > 1 else {}
        return max(candidates, key=lambda letter: fit.get(letter, 0))

    def _invented(self, index: Index, taken: frozenset[str]) -> str:
        """A known letter of the range with primes."""
        first = self.sheet.letters_of.get(index.range, [index.name if index.name[0].isalpha() else "i"])[0]
        for primes in count(1):
            letter = first.rstrip("'") + "'" * primes
            fits = letter not in taken and letter not in self.sheet.letters
            if fits and self.invented.setdefault(letter, index.range) == index.range:
                return letter
        raise AssertionError("unreachable")

    def _fit(self, index: Index, body: Term) -> dict[str, int]:
        """How often the sheet writes each letter at a place where the body has this index."""
        fit: dict[str, int] = {}
        for tensor in subterms(body):
            if isinstance(tensor, Tensor) and index in tensor.slots:
                place = (tensor.name, tensor.slots.index(index))
                for letter, times in self.sheet.habits.get(place, {}).items():
                    fit[letter] = fit.get(letter, 0) + times
        return fit
