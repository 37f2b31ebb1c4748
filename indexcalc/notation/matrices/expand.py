"""From trees in matrix notation to trees with indices, and the statements that they need.

Everything behind this module knows indices only. A tree without matrix notation stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexcalc.notation.matrices import nodes
from indexcalc.notation.matrices.calls import FUNCTIONS
from indexcalc.notation.matrices.known import Known, known_of, uses_matrices
from indexcalc.notation.matrices.reading import Reading
from indexcalc.notation.matrices.shapes import ANY, Matrix
from indexcalc.notation.syntax.names import counted
from indexcalc.notation.syntax.places import Syntax, kind
from indexcalc.sheet import Sheet

SAID = ("declare", "symmetry", "posdef")  # statements with which bare names are matrices
Texts = list[tuple[Syntax, str]]


def statements(trees: Texts, sheet: Sheet | None = None) -> Texts:
    """Statements with indices, each after those that make what it is made of."""
    known = known_of(sheet, trees)
    if not known.declared and not any(uses_matrices(tree) or kind(tree) in SAID for tree, _ in trees):
        return trees
    found: Texts = []
    made = _made(sheet)
    for tree, text in trees:
        before = set(made)
        reading = Reading(known, text, made, FUNCTIONS)
        reading.start(tree)
        new = _statement(reading, tree)
        found += [(each, text) for name in made if name not in before for each in made[name]]
        found.append((new, text))
    return found


def expressions(trees: Texts, sheet: Sheet, has_matrices: bool) -> tuple[Texts, Texts, tuple[str, ...]]:
    """Expressions for a sheet, with indices, the statements that they need, and the letters of their axes.

    has_matrices: whether the sheet itself is in matrix notation, so that bare names are matrices.

    A matrix or a vector gets letters, which are free; those of further sides are the same.
    """
    known = known_of(sheet, trees)
    is_bare = has_matrices and any(_is_bare(known, tree) for tree, _ in trees)
    if not is_bare and not any(uses_matrices(tree) for tree, _ in trees):
        return trees, [], ()
    made, needed, found = _made(sheet), [], []
    letters: list[list[str]] | None = None
    for tree, text in trees:
        before = set(made)
        reading = Reading(known, text, made, FUNCTIONS)
        reading.start(tree)
        reading.taken.update(letter for group in letters or () for letter in group)
        whole = reading.read(tree)
        if letters is None and whole.rank > 0:
            sized = whole if all(whole.base) else _sized_side(known, trees, made) or whole
            letters = _letters(reading, sized, is_compared=len(trees) > 1)
        if whole.rank > 0 and letters is not None:
            if len(letters) != whole.rank:
                cause = f"this is {whole.what}, and the other side is not"
                raise reading.error(cause, "Compare things of one shape", tree)
            _check_groups(reading, whole, letters)
        new = whole.element(letters[: whole.rank] if letters and whole.rank > 0 else [])
        needed += [(each, text) for name in made if name not in before for each in made[name]]
        found.append((new, text))
    return found, needed, tuple(letter for group in letters or () for letter in group)


def all_free(tree: Syntax, letters: Sequence[str]) -> tuple[str, ...]:
    """The letters of the axes of a formula in matrix notation, and those that are free in it beside them.

    Those of what a derivative is taken by come last.
    """
    others = [letter for letter in dict.fromkeys(nodes.letters_of(tree)) if letter not in letters]
    numerator = tree.children[0] if kind(tree) == "diff" else tree
    inside = set() if isinstance(numerator, str) else set(nodes.letters_of(numerator))
    return (*(each for each in others if each in inside), *letters, *(each for each in others if each not in inside))


def _sized_side(known: Known, trees: Texts, made: dict[str, list[Syntax]]) -> Matrix | None:
    """The first side of which the sizes are known: eye takes its own from there."""
    for tree, text in trees:
        reading = Reading(known, text, dict(made), FUNCTIONS)
        reading.start(tree)
        whole = reading.read(tree)
        if whole.rank > 0 and all(whole.base):
            return whole
    return None


def _made(sheet: Sheet | None) -> dict[str, list[Syntax]]:
    """The names that need no further statement."""
    return {} if sheet is None else {name: [] for name in sheet.slots}


def _is_bare(known: Known, tree: Syntax) -> bool:
    """Whether a name with indices stands without them somewhere inside a formula."""
    return any(kind(each) == "name" and known.ranks.get(str(each.children[0]), 0) > 0 for each in tree.iter_subtrees())


def _letters(reading: Reading, whole: Matrix, is_compared: bool = False) -> list[list[str]]:
    """Letters for the axes of a formula; several for an axis of vec or kron, where it is compared with another one."""
    if any(not letters for letters in whole.base):
        raise reading.error("nothing gives the size of eye here", "Write it beside a matrix", whole.tree)
    if not is_compared and any(len(letters) > 1 for letters in whole.base):
        raise reading.error("an axis of vec or kron has no single index", "Write an element with indices", whole.tree)
    return [reading.fresh(base, whole.tree) for base in whole.base]


def _check_groups(reading: Reading, side: Matrix, letters: Sequence[Sequence[str]]) -> None:
    """Axes of vec and kron are compared with axes that run over as many letters."""
    for base, group in zip(side.base, letters, strict=True):
        if base and len(base) != len(group):
            raise reading.error(
                f"an axis runs over {counted(len(base))} here, and over {counted(len(group))} on the other side",
                "Compare vec with vec and kron with kron, or write elements with indices",
                side.tree,
            )


def _statement(reading: Reading, tree: Syntax) -> Syntax:
    match kind(tree):
        case "definition":
            return _definition(reading, tree)
        case "assume" | "check":
            return _sides(reading, tree)
    return tree


def _definition(reading: Reading, tree: Syntax) -> Syntax:
    left, body = tree.children
    assert not isinstance(left, str) and not isinstance(body, str)
    name = str(left.children[0])
    if name in ("eye", "ones"):
        raise reading.error(f"{name} is a name of matrix notation", "Use another name", left)
    found = reading.read(body)
    if kind(left) == "tensor":
        if not found.is_number and found.rank != ANY:
            letters = [str(each) for each in nodes.letters_of(left)]
            shown = ",".join(letters)
            raise reading.error(
                f"the right side is {found.what}, and the left side an element",
                f"Write {name} = ... without indices, or (...)[{shown}] on the right",
                left,
                body,
            )
        return nodes.node(tree, tree.data, [left, found.element([])])
    if found.rank <= 0:
        if found.rank == ANY:
            raise reading.error("nothing gives the size of ones here", "Write it beside a matrix", body)
        return nodes.node(tree, tree.data, [left, found.element([])])
    letters_ = _letters(reading, found)
    reading.known.ranks[name] = found.rank
    reading.known.letters[name] = tuple(letters[0] for letters in found.base)
    head = nodes.access(left, name, [letters[0] for letters in letters_])
    return nodes.node(tree, tree.data, [head, found.element(letters_)])


def _sides(reading: Reading, tree: Syntax) -> Syntax:
    """A fact or a claim: all sides have one shape."""
    sides = [reading.read(child) for child in tree.children if not isinstance(child, str)]
    shaped = [side for side in sides if side.rank > 0]
    sized = next((side for side in shaped if all(side.base)), shaped[0] if shaped else None)
    letters = _letters(reading, sized, is_compared=True) if sized else []
    for side in sides:
        if side.rank not in (ANY, len(letters)):
            raise reading.error(
                f"{shaped[0].what if shaped else 'a number'} cannot equal {side.what}",
                "Both sides of an equality have the same shape",
                side.tree,
            )
        if side.rank > 0:
            _check_groups(reading, side, letters)
    rest = iter(sides)
    children = [child if isinstance(child, str) else next(rest).element(letters) for child in tree.children]
    return nodes.node(tree, tree.data, children)
