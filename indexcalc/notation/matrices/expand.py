"""From trees in matrix notation to trees with indices, and the statements that they need.

Everything behind this module knows indices only. A tree without matrix notation stays as it is.
"""

from __future__ import annotations

from indexcalc.notation.matrices import nodes
from indexcalc.notation.matrices.calls import FUNCTIONS
from indexcalc.notation.matrices.known import Known, known_of, uses_matrices
from indexcalc.notation.matrices.reading import Reading
from indexcalc.notation.matrices.shapes import ANY, Matrix
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
            letters = _letters(reading, whole)
        if whole.rank > 0 and letters is not None and len(letters) != whole.rank:
            raise reading.error(f"this is {whole.what}, and the other side is not", "Compare things of one shape", tree)
        new = whole.element(letters[: whole.rank] if letters and whole.rank > 0 else [])
        needed += [(each, text) for name in made if name not in before for each in made[name]]
        found.append((new, text))
    return found, needed, tuple(letter for group in letters or () for letter in group)


def _made(sheet: Sheet | None) -> dict[str, list[Syntax]]:
    """The names that need no further statement."""
    return {} if sheet is None else {name: [] for name in sheet.slots}


def _is_bare(known: Known, tree: Syntax) -> bool:
    """Whether a name with indices stands without them somewhere inside a formula."""
    return any(kind(each) == "name" and known.ranks.get(str(each.children[0]), 0) > 0 for each in tree.iter_subtrees())


def _letters(reading: Reading, whole: Matrix) -> list[list[str]]:
    """Letters for the axes of a formula."""
    if any(not letters for letters in whole.base):
        raise reading.error("nothing gives the size of eye here", "Write it beside a matrix", whole.tree)
    if any(len(letters) > 1 for letters in whole.base):
        raise reading.error("an axis of vec or kron has no single index", "Write an element with indices", whole.tree)
    return [reading.fresh(base, whole.tree) for base in whole.base]


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
    letters = _letters(reading, shaped[0]) if shaped else []
    for side in sides:
        if side.rank not in (ANY, len(letters)):
            raise reading.error(
                f"{shaped[0].what if shaped else 'a number'} cannot equal {side.what}",
                "Both sides of an equality have the same shape",
                side.tree,
            )
    rest = iter(sides)
    children = [child if isinstance(child, str) else next(rest).element(letters) for child in tree.children]
    return nodes.node(tree, tree.data, children)


letters_of = nodes.letters_of
