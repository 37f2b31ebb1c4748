"""Array-valued primitives, one row each: inverse, determinant, log-determinant, solution, Cholesky factor, and more.

A primitive applied to tensors is a tensor of the sheet, `sheet.primitives`, that has a tangent in place of a body. The
tangents (S is the inverse, d is the derivative; Petersen and Pedersen, "The Matrix Cookbook", chapter 2; Murray,
"Differentiation of the Cholesky decomposition", 2016; Golub and Pereyra, 1973, for the pseudo-inverse):

    inv(A)[p,q]    -S[p,i]*dA[i,j]*S[j,q]              det(A)     det(A)*S[j,i]*dA[i,j]
    logdet(A)      S[j,i]*dA[i,j]                      solve(A, b)[p]  S[p,i]*(db[i] - dA[i,j]*x[j])
    chol(A) = L    L*low(inv(L)*dA*inv(L).T), low: the lower triangle with half the diagonal, dA made symmetric

Whoever reads a notation grows the sheet and gets a tensor's element by one call:

    element = (i, j)                                   # the open axes of the term: rows, columns
    sheet, tensor = applied(sheet, "inv", [(term, (i, j))], (p, q))
    sheet, number = applied(sheet, "logdet", [(term, (i, j))], ())
    sheet, vector = applied(sheet, "solve", [(matrix, (i, j)), (right, (i,))], (p,))

The term may hold anything but derivatives; indices in it that are not open are batches, along which the primitive is
applied again and again, and are free in the tensor too. A term that is no tensor at different indices gets a
definition, under the name that is given for it in `names`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from indexcalc.canonical import canonical
from indexcalc.sheet import UNMOVED, Definition, Primitive, Sheet, tangent_name
from indexcalc.terms import (
    HALF,
    MINUS_ONE,
    ONE,
    ZERO,
    Contraction,
    Delta,
    Index,
    Indicator,
    Power,
    Product,
    Sum,
    Tensor,
    Term,
    Where,
    in_order,
    negative,
)
from indexcalc.walk import substitute

Argument = tuple[Term, tuple[Index, ...]]


@dataclass(frozen=True)
class Row:
    """What is known of a primitive.

    operands: how many indices of each operand it works on. result: how many indices it gives. square: whether the two
    indices of the first operand run over one range. like: for each index of the result the operand and the place of
    the index whose range it has. tangent: made by a `Maker`. symmetric: whether it takes symmetric matrices only.
    """

    operands: tuple[int, ...]
    like: tuple[tuple[int, int], ...]
    tangent: Callable[[Maker], Term]
    square: bool = True
    symmetric: bool = False

    @property
    def result(self) -> int:
        """The number of indices that it gives."""
        return len(self.like)


@dataclass
class Maker:
    """Makes the tangent of one primitive, and grows the sheet by the primitives that the tangent holds."""

    sheet: Sheet
    name: str
    axes: tuple[Index, ...]
    operands: tuple[Tensor, ...]
    matrices: tuple[tuple[Index, ...], ...]
    result: tuple[Index, ...]
    count: int = 0

    def letters(self, *likes: tuple[int, int]) -> tuple[Index, ...]:
        """Indices that nothing else has, each with the range of a place of an operand."""
        found = []
        for operand, place in likes:
            self.count += 1
            found.append(Index("w", self.matrices[operand][place].range, self.count))
        return tuple(found)

    def own(self, *slots: Index) -> Tensor:
        """An element of the primitive itself."""
        chosen = dict(zip(self.result, slots, strict=True))
        return Tensor(self.name, tuple(chosen.get(axis, axis) for axis in self.axes))

    def at(self, place: int, *slots: Index) -> Tensor:
        """An element of an operand, the first by default."""
        operand = self.operands[place]
        chosen = dict(zip(self.matrices[place], slots, strict=True))
        return Tensor(operand.name, tuple(chosen.get(slot, slot) for slot in operand.slots))

    def moved(self, place: int, *slots: Index) -> Tensor:
        """The tangent of an element of an operand."""
        return Tensor(tangent_name(place + 1), self.at(place, *slots).slots)

    def other(self, kind: str, of: Term, open_axes: tuple[Index, ...], *slots: Index) -> Term:
        """An element of another primitive of one argument."""
        self.sheet, found = applied(self.sheet, kind, [(of, open_axes)], slots)
        return found

    def inverse(self, row: Index, column: Index) -> Term:
        """An element of the inverse of the first operand."""
        return self.other("inv", self.operands[0], self.matrices[0], row, column)


ROWS_ = (0, 0)
COLUMNS_ = (0, 1)


def _inv(make: Maker) -> Term:
    p, q = make.result
    i, j = make.letters(ROWS_, COLUMNS_)
    return negative(Contraction((i, j), Product(make.own(p, i), make.moved(0, i, j), make.own(j, q))))


def _logdet(make: Maker) -> Term:
    i, j = make.letters(ROWS_, COLUMNS_)
    return Contraction((i, j), Product(make.inverse(j, i), make.moved(0, i, j)))


def _det(make: Maker) -> Term:
    return Product(make.own(), _logdet(make))


def _solve(make: Maker) -> Term:
    p, *columns = make.result
    i, j = make.letters(ROWS_, COLUMNS_)
    right = make.moved(1, i, *columns)
    left = Contraction((j,), Product(make.moved(0, i, j), make.own(j, *columns)))
    return Contraction((i,), Product(make.inverse(p, i), Sum(right, negative(left))))


def _symmetrised(make: Maker, i: Index, j: Index) -> Term:
    return Product(HALF, Sum(make.moved(0, i, j), make.moved(0, j, i)))


def _chol(make: Maker) -> Term:
    p, q = make.result
    k, i, j = make.letters(ROWS_, ROWS_, ROWS_)
    r, s = make.letters(ROWS_, ROWS_)
    own = make.own(r, s)

    def factor(row: Index, column: Index) -> Term:
        return make.other("inv", own, (r, s), row, column)

    triangle = Sum(Indicator("<", q, k), Product(HALF, Delta(q, k)))
    around = Product(make.own(p, k), triangle, factor(k, i), factor(q, j))
    return Contraction((k, i, j), Product(around, _symmetrised(make, i, j)))


def _pinv(make: Maker) -> Term:
    p, q = make.result
    i, j = make.letters(ROWS_, COLUMNS_)
    k, m, n = make.letters(COLUMNS_, ROWS_, COLUMNS_)
    first = negative(Contraction((i, j), Product(make.own(p, i), make.moved(0, i, j), make.own(j, q))))
    outside = Sum(Delta(m, q), negative(Contraction((n,), Product(make.at(0, m, n), make.own(n, q)))))
    second = Product(make.own(p, i), make.own(j, i), make.moved(0, m, j), outside)
    inside = Sum(Delta(p, k), negative(Contraction((m,), Product(make.own(p, m), make.at(0, m, k)))))
    third = Product(inside, make.moved(0, i, k), make.own(j, i), make.own(j, q))
    return Sum(first, Contraction((i, j, m), second), Contraction((k, i, j), third))


def _sqrtm(make: Maker) -> Term:
    p, q = make.result
    i, j, r, s = make.letters(ROWS_, ROWS_, ROWS_, ROWS_)
    solution = make.other("sylvester", make.own(r, s), (r, s), p, q, i, j)
    return Contraction((i, j), Product(solution, make.moved(0, i, j)))


def _sylvester(make: Maker) -> Term:
    p, q, r, s = make.result
    i, j, k = make.letters(ROWS_, ROWS_, ROWS_)
    first = Product(make.own(p, q, i, j), make.moved(0, i, k), make.own(k, j, r, s))
    second = Product(make.own(p, q, i, j), make.moved(0, k, j), make.own(i, k, r, s))
    return negative(Contraction((i, j, k), Sum(first, second)))


def _eigvalsh(make: Maker) -> Term:
    (p,) = make.result
    i, j = make.letters(ROWS_, ROWS_)
    vectors = [make.other("eigvecsh", make.operands[0], make.matrices[0], each, p) for each in (i, j)]
    return Contraction((i, j), Product(*vectors, _symmetrised(make, i, j)))


def _eigvecsh(make: Maker) -> Term:
    p, q = make.result
    k, i, j = make.letters(ROWS_, ROWS_, ROWS_)
    values = [make.other("eigvalsh", make.operands[0], make.matrices[0], each) for each in (q, k)]
    gap = Power(Sum(values[0], negative(values[1])), MINUS_ONE)
    around = Product(make.own(p, k), make.own(i, k), make.own(j, q))
    return Contraction((k, i, j), Product(Where(Delta(k, q), ZERO, gap), around, _symmetrised(make, i, j)))


def _expm(make: Maker) -> Term:
    p, q = make.result
    i, j = make.letters(ROWS_, ROWS_)
    slope = make.other("expm_frechet", make.operands[0], make.matrices[0], p, q, i, j)
    return Contraction((i, j), Product(slope, make.moved(0, i, j)))


def _no_tangent(make: Maker) -> Term:
    return UNMOVED


PRIMITIVES: dict[str, Row] = {
    "inv": Row((2,), (COLUMNS_, ROWS_), _inv),
    "det": Row((2,), (), _det),
    "logdet": Row((2,), (), _logdet),
    "solve": Row((2, 1), (COLUMNS_,), _solve),
    "solve_matrix": Row((2, 2), (COLUMNS_, (1, 1)), _solve),
    "chol": Row((2,), (ROWS_, ROWS_), _chol, symmetric=True),
    "pinv": Row((2,), (COLUMNS_, ROWS_), _pinv, square=False),
    "sqrtm": Row((2,), (ROWS_, ROWS_), _sqrtm),
    "sylvester": Row((2,), (ROWS_, ROWS_, ROWS_, ROWS_), _sylvester),
    "expm": Row((2,), (ROWS_, ROWS_), _expm),
    "expm_frechet": Row((2,), (ROWS_, ROWS_, ROWS_, ROWS_), _no_tangent),
    "eigvalsh": Row((2,), (ROWS_,), _eigvalsh, symmetric=True),
    "eigvecsh": Row((2,), (ROWS_, ROWS_), _eigvecsh, symmetric=True),
}
SHOWN = {"solve_matrix": "solve"}  # how a text calls those that it calls otherwise


# ----- Applying --------------------------------------------------------------------------------------------------


def applied(
    sheet: Sheet,
    kind: str,
    arguments: Sequence[Argument],
    slots: Sequence[Index] | None,
    names: Sequence[str] = (),
    name: str = "",
    batch: tuple[Index, ...] | None = None,
) -> tuple[Sheet, Tensor]:
    """The sheet with a primitive of some terms, and the primitive's element at these slots.

    arguments: each a term and its open axes; names: what to call those that are no tensors. slots: none for the
    primitive's own. name: of the primitive, else made of those of the operands. batch: the order of its axes, else
    that of the operands. Raises IndexcalcError.
    """
    sheet, operands = _operands(sheet, arguments, names)
    matrices = tuple(open_axes for _, open_axes in arguments)
    if batch is None:
        every = dict.fromkeys(slot for each in operands for slot in each.slots)
        batch = tuple(slot for slot in every if not any(slot in matrix for matrix in matrices))
    name = name or primitive_name(kind, operands, matrices, batch)
    if name not in sheet.primitives:
        sheet = _made(sheet, kind, name, operands, matrices, batch)
    made = sheet.primitives[name]
    # The primitive may have been made with other letters: those of the batch are told by the slots of its operands.
    places = {
        old: new
        for mine, theirs in zip(made.operands, operands, strict=True)
        for old, new in zip(mine.slots, theirs.slots, strict=True)
        if old in made.batch
    }
    places.update(zip(made.result, slots or made.result, strict=True))
    return sheet, Tensor(name, tuple(places[axis] for axis in made.axes))


def primitive_name(
    kind: str, operands: Sequence[Tensor], matrices: Sequence[tuple[Index, ...]], batch: Sequence[Index]
) -> str:
    """inv(A) where the primitive works on the last slots, in their order; else with a colon at each of them."""
    shown = [_shown(each, axes, batch) for each, axes in zip(operands, matrices, strict=True)]
    word = SHOWN.get(kind, kind)
    if operands[0].name.startswith("["):  # a formula with indices, which says its letters itself
        return word + operands[0].name
    return f"{word}({', '.join(shown)})"


def _shown(operand: Tensor, matrix: tuple[Index, ...], batch: Sequence[Index]) -> str:
    if operand.slots[len(operand.slots) - len(matrix) :] == matrix:
        return operand.name[1:-1] if operand.name.startswith("(") else operand.name
    turned = tuple(slot for slot in operand.slots if slot in matrix) != matrix
    marks = [":" + "'" * turned if slot in matrix else f"#{batch.index(slot) + 1}" for slot in operand.slots]
    return f"{operand.name}[{','.join(marks)}]"


def _operands(sheet: Sheet, arguments: Sequence[Argument], names: Sequence[str]) -> tuple[Sheet, tuple[Tensor, ...]]:
    """The tensors that are meant by terms; one that is no tensor at different indices gets a definition."""
    found: list[Tensor] = []
    for place, (term, open_axes) in enumerate(arguments):
        if isinstance(term, Tensor) and len(set(term.slots)) == len(term.slots) and set(open_axes) <= term.free:
            if all(slot.place is None for slot in term.slots):
                found.append(term)
                continue
        batch = in_order(term.free.difference(open_axes))
        axes = (*batch, *open_axes)
        name = names[place] if place < len(names) else _known(sheet, axes, term)
        if name not in sheet.definitions:
            sheet = sheet.with_definitions([Definition(name, axes, term, recognised=False)])
        found.append(Tensor(name, axes))
    return sheet, tuple(found)


def _known(sheet: Sheet, axes: tuple[Index, ...], term: Term) -> str:
    """The name of a definition with this body, or a new one."""
    own = {axis: Index("~", axis.range, place) for place, axis in enumerate(axes, 1)}
    wanted = canonical(substitute(term, own))
    for each in sheet.definitions.values():
        if len(each.axes) == len(axes) and not each.recognised:
            if canonical(each.at(tuple(own.values()))) is wanted:
                return each.name
    number = 1
    while f"M{number}" in sheet.slots:
        number += 1
    return f"M{number}"


def _made(
    sheet: Sheet,
    kind: str,
    name: str,
    operands: tuple[Tensor, ...],
    matrices: tuple[tuple[Index, ...], ...],
    batch: tuple[Index, ...],
) -> Sheet:
    # Letters of its own, so that those of the tangent, of the operands and of the result are told apart.
    every = dict.fromkeys((*batch, *(slot for each in operands for slot in each.slots)))
    own = {slot: Index("u", slot.range, place) for place, slot in enumerate(every, 1)}
    operands = tuple(Tensor(each.name, tuple(own[slot] for slot in each.slots)) for each in operands)
    matrices = tuple(tuple(own[slot] for slot in each) for each in matrices)
    batch = tuple(own[slot] for slot in batch)
    row = PRIMITIVES[kind]
    likes = enumerate(row.like, 1)
    result = tuple(Index("v", matrices[operand][at].range, place) for place, (operand, at) in likes)
    axes = (*batch, *result)
    blank = Primitive(name, kind, axes, batch, operands, matrices, result, ONE)
    sheet = sheet.with_primitive(blank)
    maker = Maker(sheet, name, axes, operands, matrices, result)
    tangent = row.tangent(maker)
    return maker.sheet.with_primitive(replace(blank, tangent=tangent))
