"""Primitives of structured matrices: what an inverse or a determinant is in terms of simpler ones.

    inv(A.T) = inv(A).T                 inv(A @ B) = inv(B) @ inv(A)        inv(c*A) = inv(A)/c        inv(inv(A)) = A
    det(A @ B) = det(A)*det(B)          det(c*A) = c^n*det(A)               det(inv(A)) = 1/det(A)
    logdet(A @ B) = logdet(A) + logdet(B)                                   inv(diag(x)) = diag(1/x)
    det(A + outer(u, v)) = det(A)*(1 + v @ inv(A) @ u), where the inverse is spoken of
    inv(Q) = Q.T, logdet(Q) = 0, of an orthonormal Q;  det(L) = prod[i](L[i,i]), of a triangular L or a Cholesky factor
    solve(A, b) = inv(A) @ b            pinv(A) = inv(A), of a square A
    det(A) = prod[i](eigvalsh(A)[i]), where the eigenvalues are spoken of
    inv(A) = inv(chol(A)).T @ inv(chol(A)), where the latter is spoken of
    logdet(A) = 2*sum[i](log(chol(A)[i,i])), where the factor is spoken of

Two primitives of matrices with one normal form are one. All of these hold wherever both sides are defined; they are put
in before two sides are compared, and are no way to compute anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from indexcalc.budget import TooLargeError
from indexcalc.calculus.primitives import applied
from indexcalc.rewrite.expand import Expansion
from indexcalc.rewrite.primitives import shapes
from indexcalc.rewrite.primitives.known import orthonormal, triangular
from indexcalc.rewrite.symmetry import canonical_under
from indexcalc.sheet import Primitive, Sheet
from indexcalc.terms import (
    MINUS_ONE,
    ONE,
    ZERO,
    Call,
    Contraction,
    Delta,
    Index,
    Number,
    Power,
    Product,
    Reduction,
    Sum,
    Tensor,
    Term,
    coefficient_and_rest,
    negative,
    size_of,
    terms_of,
)
from indexcalc.walk import fresh, replace_tensors, substitute

ROUNDS = 12  # of putting in what primitives are
DETERMINANTS = ("det", "logdet")


@dataclass
class Opened:
    """A sheet that grows by the primitives that are met, and the terms in which they are put in."""

    sheet: Sheet
    spoken: frozenset[str]  # the primitives that were there before

    def __call__(self, term: Term) -> Term:
        """The term with every primitive taken apart as far as its matrix has a structure."""
        for _ in range(ROUNDS):
            new = replace_tensors(term, self._value)
            if new is term:
                break
            term = new
        return term

    def _value(self, tensor: Tensor) -> Term | None:
        made = self.sheet.primitives.get(tensor.name)
        if made is None:
            return None
        places = dict(zip(made.axes, tensor.slots, strict=True))
        if len(set(places.values())) < len(places) and not set(made.result) <= set(places):
            return None
        result = tuple(places[axis] for axis in made.result)
        if made.kind in ("solve", "solve_matrix"):
            return self._solution(made, places)
        body = self._body(made, places)
        if body is None:
            return None
        rows, columns = (Index("~rows", made.matrices[0][0].range), Index("~columns", made.matrices[0][1].range))
        body = substitute(body, dict(zip(made.matrices[0], (rows, columns), strict=True)))
        return self._structured(made, body, (rows, columns), result) or self._same(made, tensor)

    def _body(self, made: Primitive, places: dict[Index, Index]) -> Term | None:
        """The matrix of a primitive, with definitions put in, at the batch of a tensor."""
        operand = made.operands[0]
        batch = {axis: places[axis] for axis in made.batch}
        term: Term = substitute(operand, batch)
        inner = self.sheet.inline(operand)
        return term if inner is None else substitute(inner, batch)

    def _solution(self, made: Primitive, places: dict[Index, Index]) -> Term:
        """solve(A, b) = inv(A) @ b."""
        row = made.matrices[1][0]
        middle = fresh(Index("~row", row.range), places.values())
        batch = {axis: places[axis] for axis in made.batch}
        given = {**batch, **dict(zip(made.matrices[1][1:], (places[axis] for axis in made.result[1:]), strict=True))}
        right = substitute(made.operands[1], {**given, row: middle})
        operand = substitute(made.operands[0], batch)
        self.sheet, inverse = applied(
            self.sheet, "inv", [(operand, made.matrices[0])], (places[made.result[0]], middle)
        )
        return Contraction((middle,), Product(inverse, right))

    def _same(self, made: Primitive, tensor: Tensor) -> Term | None:
        """The first primitive of the same matrix."""
        for other in self.sheet.primitives.values():
            if other.name == made.name:
                return None
            if other.kind == made.kind and len(other.axes) == len(made.axes) and self._alike(other, made):
                return Tensor(other.name, tensor.slots)
        return None

    def _alike(self, one: Primitive, other: Primitive) -> bool:
        bodies = []
        for made in (one, other):
            body = self._body(made, {axis: axis for axis in made.axes})
            if body is None or len(made.operands) > 1:
                return False
            old = (*made.batch, *made.matrices[0])
            new = [Index("~", axis.range, place) for place, axis in enumerate(old, 1)]
            bodies.append((substitute(body, dict(zip(old, new, strict=True))), [axis.range for axis in old]))
        (first, ranges), (second, others) = bodies
        return ranges == others and self.is_zero(Sum(first, negative(second)))

    def is_zero(self, term: Term) -> bool:
        """Whether a difference has the normal form 0."""
        try:
            return not Expansion(canonical_under(self.sheet), everything=True)(term)
        except (TooLargeError, TypeError):
            return False

    # ----- Structures --------------------------------------------------------------------------------------------

    def _structured(
        self, made: Primitive, body: Term, matrix: tuple[Index, Index], result: tuple[Index, ...]
    ) -> Term | None:
        rule = RULES.get(made.kind)
        if rule is None or matrix[0].range != matrix[1].range:
            return None
        return rule(self, body, matrix, result)

    def make(self, kind: str, body: Term, matrix: tuple[Index, ...], result: tuple[Index, ...]) -> Term:
        """A primitive of a further matrix."""
        self.sheet, found = applied(self.sheet, kind, [(body, matrix)], result)
        return found


def _inverse(opened: Opened, body: Term, matrix: tuple[Index, Index], result: tuple[Index, ...]) -> Term | None:
    p, q = result
    if shapes.transposed(body, matrix):
        return opened.make("inv", shapes.turned(body, matrix), matrix, (q, p))
    if isinstance(body, Tensor):
        inner = opened.sheet.primitives.get(body.name)
        if inner is not None and inner.kind == "inv" and body.slots[-2:] == matrix:
            return _operand(inner, body, (p, q))
        if body.slots == matrix and body.name in orthonormal(opened.sheet):
            return Tensor(body.name, (q, p))
        factor = f"inv(chol({body.name}))"
        if factor in opened.spoken and body.slots == matrix:
            between = fresh(Index("~middle", matrix[0].range), (p, q))
            return Contraction((between,), Product(Tensor(factor, (between, p)), Tensor(factor, (between, q))))
        return None
    diagonal = shapes.diagonal(body, matrix)
    if diagonal is not None:
        return Product(Power(substitute(diagonal, {matrix[0]: p}), MINUS_ONE), Delta(p, q))
    scale, rest = shapes.scaled(body, matrix)
    if scale is not ONE:
        return Product(Power(scale, MINUS_ONE), opened.make("inv", rest, matrix, (p, q)))
    halves = shapes.halves(body, matrix)
    if halves is not None:
        first, second, middle = halves
        between = fresh(Index("~middle", middle.range), (p, q))
        left = opened.make("inv", second, (middle, matrix[1]), (p, between))
        right = opened.make("inv", first, (matrix[0], middle), (between, q))
        return Contraction((between,), Product(left, right))
    return None


def _operand(inner: Primitive, body: Tensor, slots: tuple[Index, Index]) -> Term:
    """An element of what an inverse is the inverse of."""
    places = dict(zip(inner.axes, body.slots, strict=True))
    chosen = {axis: places[axis] for axis in inner.batch}
    return substitute(inner.operands[0], {**chosen, **dict(zip(inner.matrices[0], slots, strict=True))})


@dataclass(frozen=True)
class _Determinant:
    """Determinants, or their logarithms."""

    is_log: bool

    @property
    def kind(self) -> str:
        """The name of the primitive."""
        return "logdet" if self.is_log else "det"

    def together(self, *parts: Term) -> Term:
        """The product, or the sum of logarithms."""
        return Sum(*parts) if self.is_log else Product(*parts)

    def of_number(self, number: Term) -> Term:
        """The number, or the logarithm of its size."""
        return Call("log", Call("abs", number)) if self.is_log else number

    def of_each(self, diagonal: Term, matrix: tuple[Index, Index]) -> Term:
        """The product, or the sum of logarithms, of a diagonal: of what stands at the indices of rows and columns."""
        row, column = matrix
        number = self.of_number(substitute(diagonal, {column: row}))
        return Contraction((row,), number) if self.is_log else Reduction("prod", (row,), number)

    def __call__(
        self, opened: Opened, body: Term, matrix: tuple[Index, Index], result: tuple[Index, ...]
    ) -> Term | None:
        row, column = matrix
        if shapes.transposed(body, matrix):
            return opened.make(self.kind, shapes.turned(body, matrix), matrix, ())
        if isinstance(body, Tensor):
            return self._of_tensor(opened, body, matrix)
        diagonal = shapes.diagonal(body, matrix)
        if diagonal is not None:
            return self.of_each(diagonal, matrix)
        scale, rest = shapes.scaled(body, matrix)
        if scale is not ONE:
            size = size_of(row.range)
            power = Product(size, self.of_number(scale)) if self.is_log else Power(scale, size)
            return self.together(power, opened.make(self.kind, rest, matrix, ()))
        halves = shapes.halves(body, matrix)
        if halves is not None:
            first, second, middle = halves
            left = opened.make(self.kind, first, (row, middle), ())
            return self.together(left, opened.make(self.kind, second, (middle, column), ()))
        return self._updated(opened, body, matrix) if isinstance(body, Sum) else None

    def _of_tensor(self, opened: Opened, body: Tensor, matrix: tuple[Index, Index]) -> Term | None:
        inner = opened.sheet.primitives.get(body.name)
        if inner is not None and inner.kind == "inv" and body.slots[-2:] == matrix:
            found = opened.make(self.kind, _operand(inner, body, matrix), matrix, ())
            return negative(found) if self.is_log else Power(found, MINUS_ONE)
        if inner is not None and inner.kind == "expm" and body.slots[-2:] == matrix:  # whose determinant is positive
            trace = Contraction(matrix[:1], _operand(inner, body, (matrix[0], matrix[0])))
            return trace if self.is_log else Call("exp", trace)
        if body.slots == matrix and self.is_log and body.name in orthonormal(opened.sheet):
            return ZERO
        if triangular(opened.sheet, body.name):
            return self.of_each(body, matrix)
        values = f"eigvalsh({body.name})"
        if values in opened.spoken and body.slots == matrix:
            each = Tensor(values, matrix[:1])
            if self.is_log and body.name in opened.sheet.definite:
                return Contraction(matrix[:1], Call("log", each))
            return self.of_each(each, matrix)
        factor = f"chol({body.name})"
        if self.is_log and factor in opened.spoken and body.slots == matrix:
            return Product(Number(2), Contraction(matrix[:1], Call("log", Tensor(factor, (matrix[0], matrix[0])))))
        return None

    def _updated(self, opened: Opened, body: Sum, matrix: tuple[Index, Index]) -> Term | None:
        """det(A + outer(u, v)), where the inverse of A is spoken of or A is diagonal."""
        row, column = matrix
        for term in terms_of(body):
            sides = shapes.separated(term, matrix)
            rest = Sum(*(each for each in terms_of(body) if each is not term))
            if sides is None or not (row in rest.free and column in rest.free):
                continue
            if shapes.diagonal(rest, matrix) is None and not _is_inverted(opened, rest, matrix):
                continue
            one, other = shapes.pair(row)
            u, v = substitute(sides[0], {row: one}), substitute(sides[1], {column: other})
            inverse = opened.make("inv", rest, matrix, (other, one))
            factor = Sum(ONE, Contraction((one, other), Product(u, v, inverse)))
            return self.together(opened.make(self.kind, rest, matrix, ()), self.of_number(factor))
        return None


def _is_inverted(opened: Opened, rest: Term, matrix: tuple[Index, Index]) -> bool:
    """Whether the text speaks of the inverse of a matrix."""
    for name in opened.spoken:
        made = opened.sheet.primitives[name]
        if made.kind == "inv" and not made.batch and made.matrices[0][0].range == matrix[0].range:
            body = opened.sheet.inline(made.operands[0]) or made.operands[0]
            own = substitute(body, dict(zip(made.matrices[0], matrix, strict=True)))
            if opened.is_zero(Sum(own, negative(rest))):
                return True
    return False


def _exponential(opened: Opened, body: Term, matrix: tuple[Index, Index], result: tuple[Index, ...]) -> Term | None:
    """Of zero and of diagonal matrices; of those that are turned, or negative: then it is an inverse."""
    p, q = result
    if shapes.transposed(body, matrix):
        return opened.make("expm", shapes.turned(body, matrix), matrix, (q, p))
    diagonal = ZERO if body is ZERO else shapes.diagonal(body, matrix)
    if diagonal is not None:
        return Product(Call("exp", substitute(diagonal, {matrix[0]: p})), Delta(p, q))
    scale, _ = shapes.scaled(body, matrix)
    number = coefficient_and_rest(scale)[0]
    if number < 0:
        opposite = opened.make("expm", negative(body), matrix, shapes.pair(matrix[0]))
        return opened.make("inv", opposite, shapes.pair(matrix[0]), (p, q))
    return None


def _pseudo(opened: Opened, body: Term, matrix: tuple[Index, Index], result: tuple[Index, ...]) -> Term | None:
    """The pseudo-inverse of a square matrix, which is that at full rank, is its inverse."""
    return opened.make("inv", body, matrix, result)


RULES: dict[str, Callable[[Opened, Term, tuple[Index, Index], tuple[Index, ...]], Term | None]] = {
    "inv": _inverse,
    "pinv": _pseudo,
    "expm": _exponential,
    "det": _Determinant(False),
    "logdet": _Determinant(True),
}
