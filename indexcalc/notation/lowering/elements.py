"""All elements of a tensor: what a target means by its bare name.

    diff(L, W)  is  diff(L, W[i,j])        y  is  y[i]        diff(L, W, W)  is  diff(L, W[i,j], W[i',k])

The letters are those that the sheet writes at the same places, as far as nothing else in the target has them. Only a
target itself, what it differentiates and what it differentiates by may stand without letters: anywhere else they would
have to be those of something beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import count

from indexcalc.notation.syntax.places import Syntax, Token, kind
from indexcalc.sheet import Sheet
from indexcalc.terms import Range


def all_elements(tree: Syntax, sheet: Sheet) -> Syntax:
    """The tree of a target with letters at the tensors that it names without."""
    taken = set(map(str, tree.scan_values(lambda token: isinstance(token, str))))
    return _Elements(sheet, taken).target(tree)


def letters_of(sheet: Sheet, name: str, taken: Collection[str] = ()) -> tuple[str, ...]:
    """A letter for each slot of a tensor: all different, none of them taken."""
    found: list[str] = []
    for slot, range in enumerate(sheet.slots[name]):
        candidates = _candidates(sheet, name, slot, range)
        found.append(next(letter for letter in candidates if letter not in taken and letter not in found))
    return tuple(found)


def _candidates(sheet: Sheet, name: str, slot: int, range: Range) -> Iterator[str]:
    """The letters of a range, those first that the sheet writes most at this slot; then with more and more primes."""
    definition = sheet.definitions.get(name)
    own = [definition.axes[slot].name] if definition else []
    habit = sheet.habits.get((name, slot), {})
    known = sheet.letters_of.get(range, ["i"])
    yield from dict.fromkeys((*own, *sorted(known, key=lambda letter: -habit.get(letter, 0))))
    for primes in count(1):
        primed = dict.fromkeys(letter.rstrip("'") + "'" * primes for letter in known)
        yield from (letter for letter in primed if letter not in sheet.letters)


class _Elements:
    """Writes letters into one tree. taken: the letters and names that stand in it; it grows."""

    def __init__(self, sheet: Sheet, taken: set[str]) -> None:
        self.sheet, self.taken = sheet, taken

    def target(self, tree: Syntax) -> Syntax:
        """A target, or the numerator of one."""
        if kind(tree) != "diff":
            return self.tensor(tree)
        numerator, *variables = tree.children
        assert not isinstance(numerator, str)
        parts: list[Syntax | Token] = [self.target(numerator)]
        parts += [each if isinstance(each, str) else self.tensor(each) for each in variables]
        return type(tree)(tree.data, parts, tree.meta)

    def tensor(self, tree: Syntax) -> Syntax:
        """A tensor with its letters; anything else as it is."""
        if kind(tree) != "name" or not self.sheet.slots.get(str(tree.children[0])):
            return tree
        name = tree.children[0]
        assert isinstance(name, str)
        letters = letters_of(self.sheet, str(name), self.taken)
        self.taken.update(letters)
        indices: list[Syntax | Token] = [type(name).new_borrow_pos("INDEX", letter, name) for letter in letters]
        return type(tree)("tensor", [name, type(tree)("indices", indices, tree.meta)], tree.meta)
