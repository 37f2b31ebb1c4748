"""The summation rule: which letters of a tree are free, and which are summed where.

A letter that is not free and occurs at least twice in a product (a quotient counts as one, and so does a letter twice
in one tensor, and so do the parts of a derivative) is summed at the smallest product that holds all its occurrences.
A letter that occurs once is lost: an error if there is a left side, else the letter is free. Without a left side, a
letter in both the numerator and a variable of a derivative is free too: it means the diagonal.
"""

from __future__ import annotations

from collections.abc import Iterable

from indexcalc.notation.lowering.survey import Survey
from indexcalc.notation.syntax.places import Syntax, kind

Letters = dict[str, None]  # a set that keeps its order: that of first appearance
NO_LETTERS: Letters = {}


def index_letters(tree: Syntax) -> list[str]:
    """The letters of a list of indices, with repetitions; places are none, and a shifted one has each letter once."""
    found: list[str] = []
    for each in tree.children:
        if isinstance(each, str) or kind(each) not in AFFINE:
            found.append(str(each if isinstance(each, str) else each.children[0]))
        else:
            found += dict.fromkeys(_in_place(each))
    return [letter for letter in found if not letter.isdecimal()]


AFFINE = frozenset(("shifted", "scaled", "modulo", "lookup"))


def _in_place(tree: Syntax) -> list[str]:
    """The letters of a shifted place, and the names of sizes in it; a period is none of them."""
    if kind(tree) == "lookup":
        return index_letters(indices_of(tree))
    children = tree.children[:1] if kind(tree) == "modulo" else tree.children
    found: list[str] = []
    for each in children:
        if not isinstance(each, str):
            found += _in_place(each)
        elif each.type.endswith("INDEX"):
            found.append(str(each))
    return found


def repeated(groups: Iterable[Iterable[str]]) -> list[str]:
    """The letters that occur in more than one group, by first appearance."""
    count: dict[str, int] = {}
    for group in groups:
        for letter in group:
            count[letter] = count.get(letter, 0) + 1
    return [letter for letter, times in count.items() if times > 1]


class Summation:
    """The letters of every node of some trees; each node is looked at once.

    conditions: whether the letters of a condition between indices count as occurrences.
    """

    def __init__(self, survey: Survey, conditions: bool = True) -> None:
        self.survey, self.conditions = survey, conditions
        self._known: dict[int, Letters] = {}

    def letters(self, tree: Syntax) -> Letters:
        """The letters that no reduction in the tree binds."""
        known = self._known.get(id(tree))
        if known is None:
            known = self._known[id(tree)] = self._letters(tree)
        return known

    def _letters(self, tree: Syntax) -> Letters:
        match kind(tree):
            case "tensor":
                return dict.fromkeys(self._of_places(tree))
            case "name" | "number":
                return NO_LETTERS
            case "condition" if self.survey.compares_indices(tree):
                letters = (letter for letter in compared(tree) if letter not in self.survey.place_sizes)
                return dict.fromkeys(letters) if self.conditions else NO_LETTERS
            case "reduce" | "contract":
                bound = set(index_letters(indices_of(tree)))
                return {letter: None for letter in self.letters(body_of(tree)) if letter not in bound}
        found: Letters = {}
        for child in operands(tree):
            found.update(self.letters(child))
        return found

    def summed(self, tree: Syntax, free: frozenset[str]) -> list[str]:
        """The letters that are summed at this node."""
        match kind(tree):
            case "tensor":
                letters = repeated([letter] for letter in self._of_places(tree))
            case "product":
                letters = repeated(self.letters(child) for child in operands(tree))
            case "diff":
                letters = repeated(self._parts(tree))
            case _:
                return []
        return [letter for letter in letters if letter not in free]

    def _parts(self, tree: Syntax) -> list[Iterable[str]]:
        """The letters of the numerator and of each variable; one twice in a variable counts twice."""
        numerator, *variables = operands(tree)
        parts: list[Iterable[str]] = [self.letters(numerator)]
        for variable in variables:
            is_tensor = kind(variable) == "tensor"
            parts.append(self._of_places(variable) if is_tensor else self.letters(variable))
        return parts

    def _of_places(self, tensor: Syntax) -> list[str]:
        """The letters of a tensor, with repetitions; the name of a size in a place is none."""
        return [letter for letter in index_letters(indices_of(tensor)) if letter not in self.survey.place_sizes]

    def free(self, tree: Syntax, always: Iterable[str] = ()) -> tuple[str, ...]:
        """The free letters of an expression that has no left side, by first appearance; those given in any case."""
        found = set(always)
        self._collect(tree, frozenset(found), found)
        return tuple(letter for letter in self.letters(tree) if letter in found)

    def only_in_reductions(self, tree: Syntax) -> Letters:
        """The letters that stand within sums and the like that are written out, free there, and nowhere else."""
        inside, outside = dict[str, None](), set[str]()
        pending = [tree]
        while pending:
            each = pending.pop(0)
            if kind(each) == "reduce":
                inside.update(self.letters(each))
            elif children := operands(each):
                pending += children
            else:
                outside.update(self.letters(each))
        return {letter: None for letter in inside if letter not in outside}

    def _collect(self, tree: Syntax, bound: frozenset[str], found: set[str]) -> None:
        if not self.letters(tree):
            return
        match kind(tree):
            case "reduce" | "contract":
                inner = bound.union(index_letters(indices_of(tree)))
                self._collect(body_of(tree), inner, found)
                return
            case "diff":
                numerator, *variables = self._parts(tree)
                diagonal = set(numerator).intersection(letter for variable in variables for letter in variable)
                found.update(diagonal - bound)
                bound = bound | diagonal
        bound = bound.union(self.summed(tree, bound))
        is_leaf = kind(tree) == "condition" and self.survey.compares_indices(tree)
        children = [] if is_leaf else operands(tree)
        if not children:
            found.update(letter for letter in self.letters(tree) if letter not in bound)
        for child in children:
            self._collect(child, bound, found)


def operands(tree: Syntax) -> list[Syntax]:
    """The expressions directly inside an expression."""
    if kind(tree) == "tensor":
        return []
    if kind(tree) == "condition" and all(
        isinstance(side, str) or kind(side) in ("name", "number") for side in tree.children
    ):
        return []
    return [child for child in tree.children if not isinstance(child, str)]


def indices_of(tree: Syntax) -> Syntax:
    """The list of indices of a tensor or a reduction."""
    child = tree.children[1]
    assert not isinstance(child, str)
    return child


def body_of(tree: Syntax) -> Syntax:
    """The body of a reduction."""
    child = tree.children[2]
    assert not isinstance(child, str)
    return child


def compared(tree: Syntax) -> list[str]:
    """The letters of a condition between indices, or between affine forms of them."""
    found: list[str] = []
    pending = [side for side in tree.children if not isinstance(side, str)]
    while pending:
        side = pending.pop(0)
        if kind(side) == "name":
            found.append(str(side.children[0]))
        elif kind(side) != "number":
            pending[:0] = [each for each in side.children if not isinstance(each, str)]
    return found
