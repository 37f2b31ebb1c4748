"""What a matrix is made of, by the indices of its rows and columns."""

from __future__ import annotations

from indexcalc.terms import Contraction, Delta, Index, Product, Tensor, Term, factors_of
from indexcalc.walk import substitute


def scaled(body: Term, matrix: tuple[Index, Index]) -> tuple[Term, Term]:
    """The scalar in front of a matrix, and the matrix without it."""
    bound, inner = (body.bound, body.body) if isinstance(body, Contraction) else ((), body)
    factors = factors_of(inner)
    apart = [each for each in factors if each.free.isdisjoint((*matrix, *bound))]
    rest = [each for each in factors if each not in apart]
    return Product(*apart), Contraction(bound, Product(*rest))


def diagonal(body: Term, matrix: tuple[Index, Index]) -> Term | None:
    """x[i] for x[i]*delta[i,j]."""
    factors = factors_of(body)
    if Delta(*matrix) not in factors:
        return None
    rest = Product(*(each for each in factors if each is not Delta(*matrix)))
    return substitute(rest, {matrix[1]: matrix[0]})


def halves(body: Term, matrix: tuple[Index, Index]) -> tuple[Term, Term, Index] | None:
    """A[i,k] and B[k,j] for sum[k](A[i,k]*B[k,j]), all of them square."""
    if not isinstance(body, Contraction):
        return None
    row, column = matrix
    for factor in factors_of(body.body):
        inside = factor.free & {*body.bound, row, column}
        between = inside - {row}
        if row in inside and len(between) == 1 and column not in inside:
            (middle,) = between
            rest = Product(*(each for each in factors_of(body.body) if each is not factor))
            if middle.range == row.range == column.range and row not in rest.free and {middle, column} <= rest.free:
                others = tuple(index for index in body.bound if index is not middle)
                return factor, Contraction(others, rest), middle
    return None


def transposed(body: Term, matrix: tuple[Index, Index]) -> bool:
    """Whether a matrix is the transpose of a tensor."""
    return isinstance(body, Tensor) and body.slots[-2:] == matrix[::-1]


def turned(body: Term, matrix: tuple[Index, Index]) -> Term:
    """The transpose."""
    return substitute(body, {matrix[0]: matrix[1], matrix[1]: matrix[0]})


def pair(like: Index) -> tuple[Index, Index]:
    """Two indices that nothing has."""
    return Index("~one", like.range), Index("~other", like.range)


def separated(term: Term, matrix: tuple[Index, Index]) -> tuple[Term, Term] | None:
    """u[i] and v[j] for u[i]*v[j]; sums stay with what they sum."""
    row, column = matrix
    factors = factors_of(term)
    if any(row in each.free and column in each.free for each in factors):
        return None
    left = Product(*(each for each in factors if row in each.free))
    right = Product(*(each for each in factors if row not in each.free))
    return (left, right) if row in left.free and column in right.free else None
