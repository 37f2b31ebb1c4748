"""The functions of matrix notation: trace, norm, diag, outer, kron, vec, and the primitives of linear algebra."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from indexcalc.calculus.primitives import PRIMITIVES
from indexcalc.notation.matrices import nodes
from indexcalc.notation.matrices.kronecker import taken_apart
from indexcalc.notation.matrices.nodes import CLOSE, OPEN
from indexcalc.notation.matrices.products import plainly
from indexcalc.notation.matrices.shapes import ANY, Letters, Matrix
from indexcalc.notation.syntax.places import Syntax, kind, subtrees

if TYPE_CHECKING:
    from indexcalc.notation.matrices.reading import Reading

MARKED = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")
HOW = {
    "tr": "tr(A)",
    "norm": "norm(x)",
    "diag": "diag(x)",
    "outer": "outer(x, y)",
    "kron": "kron(A, B)",
    "vec": "vec(A)",
    "solve": "solve(A, b)",
}


def arguments(reading: Reading, tree: Syntax, count: int) -> list[Matrix]:
    """The arguments of a function, as many as it takes."""
    name, given = str(tree.children[0]), subtrees(tree)
    if len(given) != count:
        raise reading.error(
            f"{name} has {len(given)} argument{'s' * (len(given) != 1)}, and takes {count}",
            f"Write {HOW.get(name, f'{name}(A)')}",
            tree,
        )
    return [reading.read(each) for each in given]


def _wrong(reading: Reading, tree: Syntax, found: Matrix, wanted: str) -> Exception:
    name = str(tree.children[0])
    remedy = f"Write {HOW.get(name, f'{name}(A)')}"
    if found.tree is not None and kind(found.tree) == "name" and found.what == "a number":
        word = found.tree.children[0]
        remedy = f"Declare it where it is more: tensor {word}[i]"
    return reading.error(f"{name} takes {wanted}, and this is {found.what}", remedy, found.tree)


def _text(tree: Syntax, given: Sequence[Matrix]) -> str:
    return f"{tree.children[0]}({', '.join(each.text for each in given)})"


def trace(reading: Reading, tree: Syntax) -> Matrix:
    """tr(A)."""
    (matrix,) = arguments(reading, tree, 1)
    if matrix.rank != 2:
        raise _wrong(reading, tree, matrix, "a matrix")
    base = matrix.base[0] or matrix.base[1]
    if not base:
        raise reading.error(
            "nothing gives the size of eye here", "Write the size itself: tr(eye) is the number of rows", tree
        )
    letters = reading.fresh(base, tree)
    return reading.plain(nodes.total(tree, letters, matrix.element([letters, letters])), _text(tree, [matrix]))


def norm(reading: Reading, tree: Syntax) -> Matrix:
    """The root of the sum of squares; for the kind 1 the sum of absolute values of a vector."""
    given = subtrees(tree)
    kind = str(given[1].children[0]) if len(given) == 2 and given[1].children else ""
    if len(given) == 2 and kind not in ("1", "2", "nuc", "fro"):
        raise reading.error(
            f"norm knows no kind {kind or 'like this'}", "Write norm(x), norm(x, 1) or norm(A, fro)", given[1]
        )
    if len(given) not in (1, 2):
        arguments(reading, tree, 1)
    matrix = reading.read(given[0])
    if matrix.rank not in (1, 2):
        raise _wrong(reading, tree, matrix, "a vector or a matrix")
    if kind in ("nuc", "2", "1") and matrix.rank == 2:
        named = {"nuc": "the nuclear norm", "1": "the norm 1", "2": "the norm 2"}[kind]
        raise reading.error(
            f"{named} of a matrix has no form with indices", "Write norm(A) for the root of the sum of squares", tree
        )
    letters = [reading.fresh(base, tree) for base in matrix.base]
    if any(not group for group in letters):
        raise reading.error("nothing gives the size of eye here", "Write it beside a matrix", tree)
    flat = [letter for group in letters for letter in group]
    text = _text(tree, [matrix])[:-1] + (f", {kind})" if kind else ")")
    if kind == "1":
        inside = nodes.call(tree, "abs", [matrix.element(letters)])
        return reading.plain(nodes.total(tree, flat, inside), text)
    square = nodes.power(tree, matrix.element(letters), nodes.number(tree, "2"))
    return reading.plain(nodes.call(tree, "sqrt", [nodes.total(tree, flat, square)]), text)


def diag(reading: Reading, tree: Syntax) -> Matrix:
    """Of a vector the matrix, of a matrix the vector of its diagonal."""
    (found,) = arguments(reading, tree, 1)
    text = _text(tree, [found])
    if found.rank == 1:

        def entry(given: Letters) -> Syntax:
            pairs = zip(given[0], given[1], strict=True)
            deltas = [nodes.access(tree, "delta", pair) for pair in pairs]
            return nodes.product(tree, [found.element(given[:1]), *deltas])

        return Matrix(tree, 2, (*found.base, *found.base), entry, text, symmetric=True)
    if found.rank != 2:
        raise _wrong(reading, tree, found, "a vector or a matrix")

    def element(given: Letters) -> Syntax:
        return found.element([given[0], given[0]])

    return Matrix(tree, 1, (found.base[0] or found.base[1],), element, text)


def outer(reading: Reading, tree: Syntax) -> Matrix:
    """All products of entries of two vectors."""
    left, right = arguments(reading, tree, 2)
    for each in (left, right):
        if each.rank != 1:
            raise _wrong(reading, tree, each, "two vectors")

    def element(given: Letters) -> Syntax:
        return nodes.product(tree, [left.element(given[:1]), right.element(given[1:])])

    symmetric = left.text == right.text
    return Matrix(tree, 2, (*left.base, *right.base), element, _text(tree, [left, right]), symmetric=symmetric)


def kron(reading: Reading, tree: Syntax) -> Matrix:
    """Kronecker's product: an axis of two letters, that of A first."""
    left, right = arguments(reading, tree, 2)
    for each in (left, right):
        if each.rank != 2:
            raise _wrong(reading, tree, each, "two matrices")

    def element(given: Letters) -> Syntax:
        cut = [len(each) for each in left.base]
        first = [group[:size] for group, size in zip(given, cut, strict=True)]
        second = [group[size:] for group, size in zip(given, cut, strict=True)]
        return nodes.product(tree, [left.element(first), right.element(second)])

    base = tuple((*one, *other) for one, other in zip(left.base, right.base, strict=True))
    return Matrix(tree, 2, base, element, _text(tree, [left, right]), symmetric=left.symmetric and right.symmetric)


def vec(reading: Reading, tree: Syntax) -> Matrix:
    """The vector of a matrix: the columns one below the other, so that the letter of the columns comes first."""
    (found,) = arguments(reading, tree, 1)
    if found.rank != 2:
        raise _wrong(reading, tree, found, "a matrix")
    columns = len(found.base[1])

    def element(given: Letters) -> Syntax:
        (group,) = given
        return found.element([group[columns:], group[:columns]])

    return Matrix(tree, 1, ((*found.base[1], *found.base[0]),), element, _text(tree, [found]))


# ----- Primitives ------------------------------------------------------------------------------------------------


def primitive(reading: Reading, tree: Syntax) -> Matrix:
    """inv(A) and the like, of names and of formulas."""
    apart = taken_apart(reading, tree)
    if apart is not None:
        return reading.read(apart)
    name = str(tree.children[0])
    count = len(PRIMITIVES[name].operands)
    given = arguments(reading, tree, count)
    kind = "solve_matrix" if name == "solve" and given[1].rank > 1 and given[1].rank >= given[0].rank else name
    _check(reading, tree, kind, given)
    if len(given) > 1 and given[1].sizeless:
        given[1] = replace(given[1], base=(given[0].base[-2], given[0].base[-2]))
    text = f"{name}({', '.join(each.text for each in given)})"
    numbers: dict[str, int] = {}
    for letter in (letter for each in given for letter in MARKED.findall(each.text)):
        numbers.setdefault(letter, len(numbers) + 1)
    operands: list[Operand] = []
    for each, width in zip(given, PRIMITIVES[kind].operands, strict=True):
        count = each.rank - width
        batch = operands[0].batch if operands and count else ()
        operands.append(_operand(reading, tree, each, width, numbers, batch))
    return _applied(reading, tree, kind, operands, tuple(numbers), text, name)


def _check(reading: Reading, tree: Syntax, kind: str, given: Sequence[Matrix]) -> None:
    first = given[0]
    if first.rank == ANY or first.rank < 2:
        raise _wrong(reading, tree, first, "a matrix")
    if first.sizeless:
        raise reading.error("nothing gives the size of eye here", "Write it beside a matrix", first.tree)
    if len(given) > 1 and (given[1].rank < 1 or given[1].row):
        raise _wrong(reading, tree, given[1], "a vector or a matrix on the right")
    if PRIMITIVES[kind].symmetric and not first.symmetric:
        word = plainly(first.text)
        remedy = (
            f"State assume {word} = {word}.T or symmetric {word}"
            if word.isidentifier()
            else "Write a form that is its own transpose, such as (M + M.T)/2"
        )
        raise reading.error(
            f"{tree.children[0]} takes a symmetric matrix, and {word} is not known to be one", remedy, first.tree
        )
    if any(len(letters) > 1 for each in given for letters in each.base):
        raise reading.error(
            f"{tree.children[0]} takes no matrix with axes of kron or vec", "Write it with indices", tree
        )


class Operand:
    """A tensor that a primitive is applied to: its name, its letters, and those that the primitive works on."""

    def __init__(self, name: str, slots: Sequence[str], matrix: Sequence[str]) -> None:
        self.name, self.slots, self.matrix = name, tuple(slots), tuple(matrix)

    @property
    def batch(self) -> tuple[str, ...]:
        """The letters that the primitive does not work on."""
        return tuple(slot for slot in self.slots if slot not in self.matrix)


def _operand(
    reading: Reading, tree: Syntax, found: Matrix, width: int, numbers: dict[str, int], batch: Sequence[str]
) -> Operand:
    """What a primitive is applied to. batch: the letters of the axes before the matrix, where they are known."""
    taken = reading.taken
    reading.taken = taken.union(numbers, batch)
    own = found.base[len(batch) :] if batch else found.base
    letters = [*batch, *(reading.fresh(base, tree)[0] for base in own)]
    operand = _named(reading, tree, found, width, numbers, letters)
    reading.taken = taken
    return operand


def _named(
    reading: Reading, tree: Syntax, found: Matrix, width: int, numbers: dict[str, int], letters: list[str]
) -> Operand:
    if found.direct is not None:
        rest = iter(letters)
        return Operand(
            found.direct[0], [next(rest) if slot is None else slot for slot in found.direct[1]], letters[-width:]
        )
    free = [letter for letter in numbers if letter in MARKED.findall(found.text)]
    name = "(" + MARKED.sub(lambda match: f"#{numbers[match[1]]}", found.text) + ")"
    if name not in reading.made:
        left = nodes.access(tree, name, [*free, *letters])
        body = found.element([[letter] for letter in letters])
        reading.made[name] = [nodes.node(tree, "hidden", [left, body])]
    return Operand(name, [*free, *letters], letters[-width:])


def _applied(
    reading: Reading, tree: Syntax, kind: str, operands: Sequence[Operand], free: Sequence[str], text: str, shown: str
) -> Matrix:
    """The primitive as a tensor, with the statement that makes it one."""
    row = PRIMITIVES[kind]
    matrices = {letter for each in operands for letter in each.matrix}
    batch = list(dict.fromkeys([*free, *(slot for each in operands for slot in each.slots if slot not in matrices)]))
    name = f"{shown}({', '.join(_shown(each, batch) for each in operands)})"
    if operands[0].name.startswith("["):  # a formula with indices, which says its letters itself
        name = shown + operands[0].name
    like = [operands[operand].matrix[place] for operand, place in row.like]
    open_batch = batch[len(free) :]
    if name not in reading.made:
        parts = [
            nodes.node(tree, "operand", [nodes.access(tree, each.name, each.slots), nodes.indices(tree, each.matrix)])
            for each in operands
        ]
        head = [nodes.token(tree, "NAME", name), nodes.token(tree, "KIND", kind)]
        reading.made[name] = [nodes.node(tree, "primitive", [*head, nodes.indices(tree, batch), *parts])]

    def element(given: Letters) -> Syntax:
        return nodes.access(tree, name, [*free, *(letter for group in given for letter in group)])

    base = tuple((_plain(letter),) for letter in (*open_batch, *like))
    rank = len(base)
    symmetric = kind in ("inv", "pinv", "sqrtm", "expm") and rank == 2 and _is_symmetric(reading, operands[0])
    direct = (name, (None,) * rank) if not free else None
    return Matrix(tree, rank, base, element, text, direct=direct if rank else None, symmetric=symmetric)


def _is_symmetric(reading: Reading, operand: Operand) -> bool:
    return operand.name in reading.known.symmetric


def _plain(letter: str) -> str:
    """The letter of a range: without the primes that tell letters of one statement apart."""
    return letter.rstrip("'") or letter


def _shown(operand: Operand, batch: Sequence[str]) -> str:
    """How a primitive calls what it is applied to; as `calculus.primitives.primitive_name` does."""
    if operand.slots[len(operand.slots) - len(operand.matrix) :] == operand.matrix:
        return operand.name[1:-1] if operand.name.startswith("(") else operand.name
    marks = [":" if slot in operand.matrix else f"#{batch.index(slot) + 1}" for slot in operand.slots]
    return f"{operand.name}[{','.join(marks)}]"


def bound(reading: Reading, tree: Syntax) -> Matrix:
    """inv[i,j](...): the primitive of a formula with indices, by the letters of its rows and columns."""
    head, inside, body = tree.children
    assert not isinstance(inside, str) and not isinstance(body, str)
    name, letters = str(head), [str(each) for each in inside.children]
    row = PRIMITIVES[name]
    if len(letters) != 2 or letters[0] == letters[1]:
        raise reading.error(f"{name} has two letters, those of rows and columns", f"Write {name}[i,j](...)", inside)
    whole = reading.read(body)
    if not whole.is_number:
        raise reading.error(f"{name}[i,j](...) takes a formula with indices", f"Write {name}(...) for a matrix", body)
    found = whole.element([])
    outside = [letter for letter in dict.fromkeys(nodes.letters_of(found)) if letter not in letters]
    if row.symmetric:
        raise reading.error(
            f"{name} takes a symmetric matrix, which is not seen from this form",
            f"Write {name}(A) in matrix notation",
            tree,
        )
    numbers = {letter: place for place, letter in enumerate(outside, 1)}
    marked = MARKED.sub(
        lambda match: f"#{numbers[match[1]]}" if match[1] in numbers else match[1], whole.text
    )
    hidden = f"[{','.join(letters)}]({marked})"
    if hidden not in reading.made:
        left = nodes.access(tree, hidden, [*outside, *letters])
        reading.made[hidden] = [nodes.node(tree, "hidden", [left, found])]
    operand = Operand(hidden, [*outside, *letters], letters)
    return _applied(reading, tree, name, [operand], outside, f"{name}[{','.join(letters)}]({marked})", name)


FUNCTIONS: dict[str, Callable[[Reading, Syntax], Matrix]] = {
    "bound": bound,
    "tr": trace,
    "norm": norm,
    "diag": diag,
    "outer": outer,
    "kron": kron,
    "vec": vec,
    **dict.fromkeys(PRIMITIVES.keys() - {"solve_matrix", "eigvecsh"}, primitive),
}
