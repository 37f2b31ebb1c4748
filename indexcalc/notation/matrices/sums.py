"""Sums, signs, powers and transposes in matrix notation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from indexcalc.notation.matrices import nodes
from indexcalc.notation.matrices.products import plainly
from indexcalc.notation.matrices.shapes import ANY, ATOM, POWER, PRODUCT, SUM, Letters, Matrix
from indexcalc.notation.syntax.places import Syntax, Token

if TYPE_CHECKING:
    from indexcalc.notation.matrices.reading import Reading


def added(reading: Reading, tree: Syntax) -> Matrix:
    """A sum of things of one shape."""
    signs, terms, sign = [], [], "+"
    for child in tree.children:
        if isinstance(child, str):
            sign = str(child)
        else:
            signs.append(sign)
            terms.append(reading.read(child))
    rank = common(reading, terms)

    def element(letters: Letters) -> Syntax:
        children: list[Syntax | Token] = []
        for place, term in enumerate(terms):
            if place:
                children.append(nodes.token(tree, "MINUS" if signs[place] == "-" else "PLUS", signs[place]))
            children.append(term.element(letters))
        return nodes.node(tree, "sum", children)

    words = [terms[0].within(PRODUCT)]
    words += [
        f" {sign} {term.within(POWER if sign == '-' else PRODUCT)}"
        for sign, term in zip(signs[1:], terms[1:], strict=True)
    ]
    whole = Matrix(tree, rank, base_of(terms, rank), element, "".join(words), SUM)
    row = any(term.row for term in terms)
    symmetric = rank == 2 and all(term.symmetric or term.rank == ANY for term in terms)
    sizeless = rank == 2 and all(term.sizeless or term.rank == ANY for term in terms)
    return replace(whole, row=row, symmetric=symmetric, sizeless=sizeless)


def common(reading: Reading, terms: Sequence[Matrix]) -> int:
    """The rank of terms that are added."""
    known = [term for term in terms if term.rank != ANY]
    if not known:
        return ANY
    first = known[0]
    for other in known[1:]:
        if {first.rank, other.rank} == {0, 2} or (0 in (first.rank, other.rank) and first.rank != other.rank):
            matrix, plain = (first, other) if other.is_number else (other, first)
            shown = (
                f"{plain.within(POWER)}*eye or {plain.within(POWER)}*ones"
                if matrix.rank == 2
                else f"{plain.within(POWER)}*ones"
            )
            raise reading.error(
                f"a number and {matrix.what} cannot be added",
                f"Write {plainly(shown)}, whichever is meant",
                plain.tree,
                matrix.tree,
            )
        if first.rank != other.rank or (first.row != other.row and first.rank == 1):
            raise reading.error(
                f"{first.what} and {other.what} cannot be added",
                "Transpose one of them with .T, or write the sum with indices",
                first.tree,
                other.tree,
            )
    return first.rank if len(known) == len(terms) or first.rank else 0


def negative(reading: Reading, tree: Syntax) -> Matrix:
    """Minus something."""
    *signs, last = tree.children
    assert not isinstance(last, str)
    found = reading.read(last)

    def element(letters: Letters) -> Syntax:
        return nodes.node(tree, "negative", [*signs, found.element(letters)])

    return replace(found, tree=tree, element=element, text="-" + found.within(PRODUCT), level=PRODUCT, direct=None)


def power(reading: Reading, tree: Syntax) -> Matrix:
    """A power of a number; of a matrix it is refused with its readings."""
    base, sign, exponent = tree.children
    assert not isinstance(base, str) and not isinstance(exponent, str)
    found, raised = reading.read(base), reading.read(exponent)
    if found.is_number and raised.is_number:
        new = nodes.node(tree, "power", [found.element([]), sign, raised.element([])])
        return reading.plain(new, f"{found.within(ATOM)}^{raised.within(ATOM)}", POWER)
    if not raised.is_number:
        raise reading.error(f"{raised.what} cannot be an exponent", "Write an element of it", exponent)
    word = plainly(found.within(ATOM))
    if raised.text == "-1" and found.rank == 2:
        raise reading.error(
            f"the power -1 of {found.what} can be read in two ways",
            f"Write inv({word}) for the inverse, or 1/x for each entry with indices",
            tree,
        )
    both = f"{word} @ {word} for the product of matrices, or " if found.rank == 2 else ""
    raise reading.error(
        f"a power of {found.what} can be read in two ways" if both else f"a power of {found.what} has no meaning",
        f"Write {both}{word} .* {word} for entry by entry",
        tree,
    )


def transposed(reading: Reading, tree: Syntax) -> Matrix:
    """A transpose: of a vector, a row."""
    inner = tree.children[0]
    assert not isinstance(inner, str)
    found = reading.read(inner)
    if found.rank > 2:
        raise reading.error(f"{found.what} has no transpose", "Name its axes with indices", tree)

    def element(letters: Letters) -> Syntax:
        return found.element(letters[::-1])

    row = found.rank == 1 and not found.row
    is_turned = found.level == ATOM and found.text.endswith(".T")
    text = found.text.removesuffix(".T") if found.is_number or is_turned else f"{found.within(ATOM)}.T"
    return replace(
        found, tree=tree, element=element, base=found.base[::-1], text=text, level=ATOM, row=row, direct=None
    )


def base_of(terms: Iterable[Matrix], rank: int) -> tuple[tuple[str, ...], ...]:
    """The letters of the axes of things of one shape: of the first that has some."""
    found: list[tuple[str, ...]] = [()] * max(rank, 0)
    for term in terms:
        for place, letters in enumerate(term.base):
            found[place] = found[place] or letters
    return tuple(found)
