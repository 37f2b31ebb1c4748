"""What a sheet knows of its names, for matrix notation: how many indices each has, and with which letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from indexcalc.notation.matrices.nodes import is_letter
from indexcalc.notation.syntax.places import Syntax, kind, subtrees
from indexcalc.sheet import Sheet

SQUARE = frozenset(("inv", "det", "logdet", "chol", "sqrtm", "expm", "eigvalsh", "tr", "solve", "pinv"))
CALLS = SQUARE | frozenset(("sylvester", "expm_frechet", "norm", "diag", "outer", "kron", "vec"))
SIGNS = frozenset(("MATMUL", "ENTRYWISE", "TRANSPOSED", "COLON"))
NODES = frozenset(("transposed", "element", "bound"))
POOL = "ijklpqrstuvabcdefghmnowxyz"


@dataclass
class Known:
    """ranks: the number of indices of each name; letters: those of its slots, empty where nothing says; used: all.

    bare: the definitions without indices whose right side may be a matrix. declared: what a `tensor` statement names.
    symmetric: the names that are their own transposes. square: those whose rows and columns run over one range.
    """

    ranks: dict[str, int] = field(default_factory=dict)
    letters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    bare: dict[str, tuple[Syntax, str]] = field(default_factory=dict)
    declared: dict[str, tuple[str, ...]] = field(default_factory=dict)
    symmetric: set[str] = field(default_factory=set)
    square: set[str] = field(default_factory=set)
    reading: list[str] = field(default_factory=list)

    def axes(self, name: str) -> tuple[str, ...]:
        """A letter for each slot of a name; ones that nothing else has where the sheet has none."""
        known = self.letters.setdefault(name, ("",) * self.ranks[name])
        found = []
        for letter in known:
            if not letter:
                letter = next(each for each in self._unused() if each not in found)
                self.used.add(letter)
            found.append(letter)
        self.letters[name] = tuple(found)
        return self.letters[name]

    def _unused(self) -> Iterator[str]:
        yield from (letter for letter in POOL if letter not in self.used)
        yield from (f"{letter}{number}" for number in range(2, 1000) for letter in POOL)

    def note(self, name: str, letters: Iterable[str]) -> None:
        """A name with the letters of its slots."""
        letters = tuple(letters)
        self.ranks.setdefault(name, len(letters))
        before = self.letters.get(name, ("",) * len(letters))
        if len(before) == len(letters):
            pairs = zip(before, letters, strict=True)
            kept = tuple(old or (new if not new.isdecimal() and new != ":" else "") for old, new in pairs)
            self.letters[name] = kept


def known_of(sheet: Sheet | None, statements: Iterable[tuple[Syntax, str]]) -> Known:
    """What a sheet, and trees with their texts, say of the names."""
    known = Known()
    if sheet is not None:
        known.used.update(sheet.letters, sheet.slots)
        for name, ranges in sheet.slots.items():
            known.ranks[name] = len(ranges)
            known.letters[name] = tuple(sheet.letters_of.get(range, [""])[0] for range in ranges)
        for fact in sheet.facts:
            known.symmetric.update(fact.left.symbols if _says_symmetric(fact.left, fact.right) else ())
    trees = list(statements)
    for tree, _ in trees:
        _note_statement(known, tree)
    for tree, text in trees:
        _note(known, tree)
        left = tree.children[0] if kind(tree) == "definition" else None
        if left is not None and not isinstance(left, str) and kind(left) == "name":
            known.bare[str(left.children[0])] = tree, text
    for tree, _ in trees:
        _demands(known, tree)
    known.square.update(known.symmetric)
    return known


def _says_symmetric(left: object, right: object) -> bool:
    from indexcalc.terms import Tensor

    if not isinstance(left, Tensor) or not isinstance(right, Tensor) or left.name != right.name:
        return False
    return len(left.slots) == 2 and left.slots == right.slots[::-1] and left.slots[0] is not left.slots[1]


def _note_statement(known: Known, tree: Syntax) -> None:
    match kind(tree):
        case "declare":
            for each in subtrees(tree):
                name, letters = str(each.children[0]), _letters(each)
                known.declared[name] = letters
                known.used.update(letters)
                known.note(name, letters)
        case "definition":
            left = tree.children[0]
            if not isinstance(left, str) and kind(left) == "tensor":
                known.note(str(left.children[0]), _letters(left))
        case "symmetry":
            for name in map(str, tree.children[1:]):
                known.ranks.setdefault(name, 2)
                known.square.add(name)
            known.symmetric.update(map(str, tree.children[1:]) if str(tree.children[0]) == "symmetric" else ())
        case "assume":
            sides = subtrees(tree)
            names = {str(side.children[0]) for side in sides}
            if len(sides) == 2 and len(names) == 1 and all(kind(side) == "tensor" for side in sides):
                first, second = map(_letters, sides)
                if len(first) == 2 and first == second[::-1] and first[0] != first[1]:
                    known.symmetric.update(names)
            elif len(sides) == 2 and kind(sides[0]) == "transposed" and kind(sides[1]) == "name":
                known.symmetric.add(str(sides[1].children[0]))
        case "posdef":
            known.symmetric.add(str(tree.children[0]))
            known.ranks.setdefault(str(tree.children[0]), 2)


def _letters(tree: Syntax) -> tuple[str, ...]:
    if kind(tree) == "name":
        return ()
    inside = tree.children[1]
    assert not isinstance(inside, str)
    return tuple(str(each if isinstance(each, str) else each.children[0]) for each in inside.children)


def _note(known: Known, tree: Syntax) -> None:
    for each in tree.iter_subtrees():
        if kind(each) == "tensor" and str(each.children[0]) not in ("delta", "eye"):
            letters = _letters(each)
            known.used.update(letters)
            known.note(str(each.children[0]), letters)
        elif kind(each) == "indices":
            known.used.update(str(child) for child in each.children if isinstance(child, str) and is_letter(child))
        elif kind(each) == "name":
            known.used.add(str(each.children[0]))


def _demands(known: Known, tree: Syntax) -> None:
    """A bare name of which a determinant or the like is taken is a matrix."""
    for each in tree.iter_subtrees():
        wanted = kind(each) == "call" and str(each.children[0]) in SQUARE
        if wanted or (kind(each) == "posdef"):
            first = each.children[1] if wanted else each
            if not isinstance(first, str) and (kind(first) == "name" or not wanted):
                name = str(first.children[0])
                known.square.update([name] if not wanted or str(each.children[0]) != "pinv" else ())
                if name not in known.bare and name not in ("eye", "ones"):
                    known.ranks.setdefault(name, 2)


def uses_matrices(tree: Syntax) -> bool:
    """Whether a tree holds something that only matrix notation has."""
    for each in tree.iter_subtrees():
        if kind(each) in NODES or (kind(each) == "call" and str(each.children[0]) in CALLS):
            return True
        if kind(each) == "tensor" and str(each.children[0]) == "eye":
            return True
        if any(isinstance(child, str) and getattr(child, "type", "") in SIGNS for child in each.children):
            return True
    return False
