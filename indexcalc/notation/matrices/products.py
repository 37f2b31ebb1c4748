"""Products in matrix notation: scaling, the matrix product and the product entry by entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from indexcalc.notation.matrices import nodes
from indexcalc.notation.matrices.shapes import ANY, ATOM, POWER, PRODUCT, Letters, Matrix
from indexcalc.notation.syntax.places import Syntax, kind

if TYPE_CHECKING:
    from indexcalc.notation.matrices.reading import Reading

Factors = list[tuple[str, Matrix]]  # the sign in front of each factor: * / @ .* or nothing


def folded(reading: Reading, tree: Syntax) -> Matrix:
    """A product, from the left to the right."""
    factors: Factors = []
    sign = ""
    for child in tree.children:
        if isinstance(child, str):
            sign = str(child)
        else:
            factors.append((sign if factors else "*", reading.read(child)))
            sign = ""
    if all(factor.is_number for _, factor in factors) and not {"@", ".*"}.intersection(sign for sign, _ in factors):
        return _numbers(reading, tree, [factor for _, factor in factors])
    _check_signs(reading, tree, factors)
    found = factors[0][1]
    for sign, factor in factors[1:]:
        found = _joined(reading, tree, found, sign, factor)
    symmetric = found.rank == 2 and (found.symmetric or _is_symmetric([factor for _, factor in factors]))
    return replace(found, tree=tree, symmetric=symmetric, text=_text(factors), level=PRODUCT, direct=None)


def scaled(reading: Reading, tree: Syntax, factors: Sequence[Matrix]) -> Matrix:
    """The product of factors side by side, such as c(x + y)."""
    found = factors[0]
    for factor in factors[1:]:
        found = _joined(reading, tree, found, "", factor)
    return replace(found, tree=tree, text=_text([("*", each) for each in factors]), level=PRODUCT)


def _text(factors: Factors) -> str:
    words = [factors[0][1].within(POWER)]
    for sign, factor in factors[1:]:
        matrices = not sign and not factor.is_number
        shown = {"@": " @ ", ".*": " .* ", "": " @ " if matrices else "*"}.get(sign, sign)
        words.append(f"{shown}{factor.within(ATOM if sign == '/' else POWER)}")
    return "".join(words)


def _numbers(reading: Reading, tree: Syntax, factors: list[Matrix]) -> Matrix:
    """A product of numbers, as it is written."""
    rest = iter(factors)
    children = [child if isinstance(child, str) else next(rest).element([]) for child in tree.children]
    new = nodes.node(tree, tree.data, children)
    signs = [str(child) for child in tree.children if isinstance(child, str)]
    words = [factors[0].within(POWER)]
    for place, factor in enumerate(factors[1:]):
        sign = signs[place] if place < len(signs) and len(signs) == len(factors) - 1 else "*"
        words.append(f"{sign}{factor.within(ATOM if sign == '/' else POWER)}")
    return reading.plain(new, "".join(words), PRODUCT)


def _check_signs(reading: Reading, tree: Syntax, factors: Factors) -> None:
    signs = {sign for sign, _ in factors[1:]}
    if ".*" in signs and ("@" in signs or any(not s and not f.is_number for s, f in factors[1:])):
        raise reading.error("A .* B @ C can be read as (A .* B) @ C and as A .* (B @ C)", "Write brackets", tree)


def _joined(reading: Reading, tree: Syntax, left: Matrix, sign: str, right: Matrix) -> Matrix:
    """Two factors as one."""
    if sign == "/":
        if not right.is_number:
            raise reading.error(
                f"{right.what} cannot be divided by",
                "Write inv(A) @ x or solve(A, x) for a matrix, and 1/x[i] with an index for each entry",
                right.tree,
            )
        word = nodes.power(
            tree,
            right.element([]),
            nodes.node(tree, "negative", [nodes.token(tree, "MINUS", "-"), nodes.number(tree, "1")]),
        )
        return _with(left, lambda given: nodes.product(tree, [left.element(given), word]))
    if sign == "@" and kind_of_number(left, right):
        raise _no_matrix(reading, left if kind_of_number(left) else right)
    if left.is_number or right.is_number:
        matrix, plain = (right, left) if left.is_number else (left, right)
        return _with(matrix, lambda given: nodes.product(tree, [plain.element([]), matrix.element(given)]))
    if sign == "*":
        raise _two_readings(reading, tree, left, right)
    return _entries(reading, tree, left, right) if sign == ".*" else _matrix_product(reading, tree, left, right)


def kind_of_number(*factors: Matrix) -> bool:
    """Whether one of some factors is a bare name of a number, or a number."""
    return any(factor.is_number and kind(factor.tree) in ("name", "number") for factor in factors)


def _no_matrix(reading: Reading, factor: Matrix) -> Exception:
    word = plainly(factor.text)
    remedy = (
        f"Declare it as tensor {word}[i,j] or {word}[i], or write * for a number" if word.isidentifier() else "Write *"
    )
    return reading.error(f"@ multiplies matrices, and {word} is a number here", remedy, factor.tree)


def _with(matrix: Matrix, element: object) -> Matrix:
    return replace(matrix, element=element, direct=None)  # type: ignore[arg-type]


def _two_readings(reading: Reading, tree: Syntax, left: Matrix, right: Matrix) -> Exception:
    first, second = plainly(left.within(POWER)), plainly(right.within(POWER))
    return reading.error(
        f"the product {first}*{second} can be read in two ways",
        f"Write {first} @ {second} for the product of matrices, or {first} .* {second} for entry by entry",
        tree,
    )


def plainly(text: str) -> str:
    """A text for a message."""
    return text.replace(nodes.OPEN, "").replace(nodes.CLOSE, "")


def _entries(reading: Reading, tree: Syntax, left: Matrix, right: Matrix) -> Matrix:
    if left.rank != ANY and right.rank != ANY and (left.rank != right.rank or left.row != right.row):
        raise reading.error(
            f"{left.what} and {right.what} cannot be multiplied entry by entry",
            "Both sides of .* have the same shape",
            left.tree,
            right.tree,
        )
    shape = right if left.rank == ANY else left
    bases = (shape.base, (left if shape is right else right).base)
    base = tuple(one or other for one, other in zip(*bases, strict=True)) if bases[1] else bases[0]

    def element(given: Letters) -> Syntax:
        return nodes.product(tree, [left.element(given), right.element(given)])

    symmetric = left.symmetric and right.symmetric
    return replace(shape, base=base, element=element, direct=None, symmetric=symmetric, sizeless=False)


def _matrix_product(reading: Reading, tree: Syntax, left: Matrix, right: Matrix) -> Matrix:
    if ANY in (left.rank, right.rank):
        raise reading.error("nothing gives the shape of ones in a product", "Write the sum with indices", tree)
    if max(left.rank, right.rank) > 2:
        raise reading.error(f"{left.what} and {right.what} have no product", "Write it with indices", tree)
    if left.rank == 1 and right.rank == 1:
        if right.row and not left.row:
            return _outer(tree, left, right)
        if left.row and right.row:
            raise _does_not_fit(reading, tree, left, right, "two row vectors")
        return _summed(reading, tree, left, right, (), ())
    if left.rank == 1 and right.rank == 2:
        return replace(_summed(reading, tree, left, right, (), right.base[1:]), row=left.row)
    if left.rank == 2 and right.rank == 1:
        if right.row:
            raise _does_not_fit(reading, tree, left, right, "a matrix and a row vector")
        _check_letters(reading, tree, left, right)
        return _summed(reading, tree, left, right, left.base[:1], ())
    return _summed(reading, tree, left, right, left.base[:1], right.base[1:])


def _does_not_fit(reading: Reading, tree: Syntax, left: Matrix, right: Matrix, what: str) -> Exception:
    word = plainly(right.text).removesuffix(".T")
    return reading.error(
        f"{what} have no product",
        f"Write {word} for a column, outer(x, y) for all products of entries",
        left.tree,
        right.tree,
    )


def _check_letters(reading: Reading, tree: Syntax, left: Matrix, right: Matrix) -> None:
    """Refuse X @ w where the letters that were declared say that only X.T @ w fits."""
    declared = reading.known.declared
    names = [plainly(each.text).removesuffix(".T") for each in (left, right)]
    if any(name not in declared for name in names):
        return
    rows, columns = left.base
    is_square = names[0] in reading.known.square or _plain(rows) == _plain(columns)
    if columns != right.base[0] and rows == right.base[0] and not is_square:
        matrix = plainly(left.text)
        turned = matrix.removesuffix(".T") if matrix.endswith(".T") else f"{matrix}.T"
        vector = plainly(right.text)
        raise reading.error(
            f"the sizes of {matrix} @ {vector} do not fit: the columns of {matrix} run over {columns[0]}, "
            f"{vector} over {right.base[0][0]}",
            f"Write {turned} @ {vector}, or declare both with one letter if the matrix is square",
            left.tree,
            right.tree,
        )


def _outer(tree: Syntax, left: Matrix, right: Matrix) -> Matrix:
    def element(given: Letters) -> Syntax:
        return nodes.product(tree, [left.element(given[:1]), right.element(given[1:])])

    symmetric = left.text == right.text.removesuffix(".T")
    return Matrix(tree, 2, (*left.base, *right.base), element, "", symmetric=symmetric)


def _summed(
    reading: Reading,
    tree: Syntax,
    left: Matrix,
    right: Matrix,
    rows: tuple[tuple[str, ...], ...],
    columns: tuple[tuple[str, ...], ...],
) -> Matrix:
    """The sum over the last axis of one and the first axis of the other."""
    between = left.base[-1] or right.base[0]
    sizes = {len(letters) for letters in (left.base[-1], right.base[0]) if letters}
    if len(sizes) > 1:
        raise reading.error("the sizes of these do not fit", "Write the sum with indices", left.tree, right.tree)
    if not between:
        raise reading.error("nothing gives the size of eye here", "Write it beside a matrix", tree)
    count = len(rows)
    # The shape of eye is that of what stands beside it.
    rows = tuple(letters or between for letters in rows)
    columns = tuple(letters or between for letters in columns)

    def element(given: Letters) -> Syntax:
        middle = reading.fresh(between, tree)
        first = left.element([*given[:count], middle])
        second = right.element([middle, *given[count:]])
        return nodes.summed_product(tree, middle, [first, second])

    return Matrix(tree, len(rows) + len(columns), (*rows, *columns), element, "")


def _is_symmetric(factors: list[Matrix]) -> bool:
    """Whether a product reads the same when it is transposed: A.T @ A, C @ P @ C.T with a symmetric P."""
    chain = [factor for factor in factors if not factor.is_number]

    def plain(each: Matrix) -> str:
        word = each.within(ATOM)
        return word.removesuffix(".T") if each.symmetric else word

    def turned(each: Matrix) -> str:
        word = plain(each)
        return word if each.symmetric else word.removesuffix(".T") if word.endswith(".T") else f"{word}.T"

    return [turned(each) for each in reversed(chain)] == [plain(each) for each in chain]


def _plain(letters: tuple[str, ...]) -> tuple[str, ...]:
    """Letters without the primes that tell those of one range apart."""
    return tuple(letter.rstrip("'") or letter for letter in letters)
