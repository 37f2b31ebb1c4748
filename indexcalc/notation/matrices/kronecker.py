"""Inverses and determinants of Kronecker products: those of the factors.

    inv(kron(A, B)) = kron(inv(A), inv(B))             det(kron(A, B)) = det(A)^n*det(B)^m  for A of m rows, B of n
    logdet(kron(A, B)) = n*logdet(A) + m*logdet(B)     kron(A, B).T = kron(A.T, B.T)

Golub and Van Loan, "Matrix Computations", section 12.3. The large matrix is never made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.notation.matrices import nodes
from indexcalc.notation.syntax.places import Syntax, kind, subtrees

if TYPE_CHECKING:
    from indexcalc.notation.matrices.reading import Reading

FACTOR_BY_FACTOR = ("inv", "pinv", "chol")


def taken_apart(reading: Reading, tree: Syntax) -> Syntax | None:
    """What a primitive of a Kronecker product is, in trees; nothing where it is of another matrix."""
    name, given = str(tree.children[0]), subtrees(tree)
    factors = _factors(given[0]) if given else None
    if factors is None or "kron" in reading.known.ranks:
        return None
    if name in FACTOR_BY_FACTOR and len(given) == 1:
        return _call(tree, "kron", *(_call(tree, name, each) for each in factors))
    if name == "solve" and len(given) == 2:
        inverse = _call(tree, "kron", *(_call(tree, "inv", each) for each in factors))
        return nodes.node(tree, "product", [inverse, nodes.token(tree, "MATMUL", "@"), given[1]])
    if name in ("det", "logdet") and len(given) == 1:
        first, second = factors
        parts = []
        for one, other in ((first, second), (second, first)):
            value, size = _call(tree, name, one), _rows(reading, tree, other)
            parts.append(nodes.power(tree, value, size) if name == "det" else nodes.product(tree, [size, value]))
        if name == "det":
            return nodes.product(tree, parts)
        return nodes.node(tree, "sum", [parts[0], nodes.token(tree, "PLUS", "+"), parts[1]])
    return None


def _factors(tree: Syntax) -> tuple[Syntax, Syntax] | None:
    """A and B of kron(A, B); of kron(A, B).T their transposes."""
    if kind(tree) == "transposed":
        (inner,) = subtrees(tree)
        turned = _factors(inner)
        if turned is None:
            return None
        first, second = (nodes.node(tree, "transposed", [each, *tree.children[1:]]) for each in turned)
        return first, second
    given = subtrees(tree)
    if kind(tree) == "call" and str(tree.children[0]) == "kron" and len(given) == 2:
        return given[0], given[1]
    return None


def _call(tree: Syntax, name: str, *arguments: Syntax) -> Syntax:
    return nodes.call(tree, name, arguments)


def _rows(reading: Reading, tree: Syntax, factor: Syntax) -> Syntax:
    """The number of rows of a square matrix: a sum of ones over what its diagonal runs over."""
    matrix = reading.read(factor)
    if matrix.rank != 2 or not (matrix.base[0] or matrix.base[1]):
        raise reading.error("a factor of kron has to be a matrix of known size here", "Write kron(A, B)", factor)
    letters = reading.fresh(matrix.base[0] or matrix.base[1], tree)
    nothing = nodes.product(tree, [nodes.number(tree, "0"), matrix.element([letters, letters])])
    one = nodes.node(tree, "sum", [nodes.number(tree, "1"), nodes.token(tree, "PLUS", "+"), nothing])
    return nodes.total(tree, letters, one)
