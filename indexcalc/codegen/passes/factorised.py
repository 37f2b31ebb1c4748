"""Solving instead of inverting, and one factorisation for all that is asked of a matrix.

    inv(A) @ b           is   solve(A, b), unless the inverse itself is asked for
    A positive definite  has one Cholesky factor L: solutions are substitutions, log det A = 2*sum(log(diag(L))),
                         and the inverse, where it is asked for itself, comes of L too

Golub and Van Loan, "Matrix Computations", sections 3.1 and 4.2; Higham, "Accuracy and Stability", chapter 14. The pass
takes contractions that are in pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod

from indexcalc.codegen.passes.definite import Definite
from indexcalc.codegen.programs.order import again, is_inverse, rebuilt
from indexcalc.codegen.programs.planning import SizeOfRange
from indexcalc.codegen.programs.program import (
    Apply,
    Axes,
    Builder,
    Einsum,
    Leaf,
    Literal,
    Map,
    Program,
    Reduce,
    Use,
    Value,
)
from indexcalc.sheet import Sheet
from indexcalc.terms import Index, Tensor

MOST_SOLUTIONS = 3  # of a matrix without a factor; as many take as long as an inverse
WIDE = 0.5  # columns for each row from which on a product takes less than substitution, which BLAS does slowly
SOLVED = ("solve", "solve_matrix")
OF_FACTOR = ("inv", "det", "logdet", *SOLVED)
Key = tuple[object, ...]


@dataclass
class Group:
    """What a program asks of one matrix. explicit: whether of its inverse itself; solutions: what that meets."""

    is_definite: bool = False
    is_gram: bool = False
    explicit: bool = False
    inverted: bool = False
    solutions: set[tuple[Value, bool]] = field(default_factory=set)

    @property
    def has_factor(self) -> bool:
        """Whether everything comes of a Cholesky factor."""
        return self.is_definite or (self.is_gram and self.inverted)

    @property
    def keeps_inverse(self) -> bool:
        """Whether products with the inverse stay products."""
        return self.explicit or (not self.has_factor and len(self.solutions) > MOST_SOLUTIONS)


def factorised(program: Program, sheet: Sheet, size: SizeOfRange, has_factors: bool = True) -> Program:
    """The program with solutions in place of products with inverses, and with Cholesky factors if it may have them."""
    if not any(isinstance(value.op, Apply) and value.op.kind in OF_FACTOR for value in program.values):
        return program
    return _Factorising(program, sheet, size, has_factors).program()


class _Factorising:
    def __init__(self, program: Program, sheet: Sheet, size: SizeOfRange, has_factors: bool) -> None:
        self.old, self.size = program, size
        self.groups: dict[Key, Group] = {}
        self.new: dict[Value, Use] = {}  # the primitives, made of new operands
        definite = Definite(program, sheet)
        for value in program.values:
            if isinstance(value.op, Apply) and value.op.kind in OF_FACTOR:
                group = self.groups.setdefault(_key(value), Group())
                rows, columns = value.op.matrices[0]
                group.is_definite |= has_factors and definite.is_stated(value.operands[0], (rows, columns))
                group.is_gram |= has_factors and definite.is_gram(value.operands[0], (rows, columns))
                group.inverted |= value.op.kind not in ("det", "logdet")
        for value in program.values:
            for place, use in enumerate(value.operands):
                self._count(value, place, use)
        for result in program.results:
            if is_inverse(result.use.value):
                self.groups[_key(result.use.value)].explicit = True

    def _count(self, value: Value, place: int, use: Use) -> None:
        if not is_inverse(use.value):
            return
        group, product = self.groups[_key(use.value)], _product(value, place)
        if product is None or (group.has_factor and self._is_wide(product)):
            group.explicit = True
        else:
            group.solutions.add((product.right.value, product.is_turned))

    def _is_wide(self, product: _Product) -> bool:
        """Whether an inverse and a product take less than substitution in all the columns."""
        columns = prod(self.size(index.range) for index in product.columns)
        return bool(product.columns) and columns >= WIDE * self.size(product.summed.range)

    def program(self) -> Program:
        """The new program."""
        return rebuilt(self.old, self._made)

    # ----- Values ------------------------------------------------------------------------------------------------

    def _made(self, build: Builder, value: Value, operands: Sequence[Use]) -> Use:
        if isinstance(value.op, Apply) and value.op.kind in OF_FACTOR:
            return self._applied(build, value, operands)
        for place, use in enumerate(value.operands):
            if is_inverse(use.value):
                group, product = self.groups[_key(use.value)], _product(value, place)
                if product is not None and self._is_solved(group, product):
                    return self._solution(build, value, product, operands[1 - place])
        return again(build, value, operands)

    @staticmethod
    def _is_solved(group: Group, product: _Product) -> bool:
        """Whether a product with an inverse becomes a solution: with a vector always where there is a factor."""
        return not group.keeps_inverse or (group.has_factor and not product.columns)

    def _applied(self, build: Builder, value: Value, operands: Sequence[Use]) -> Use:
        """A primitive that may come of the factor."""
        assert isinstance(value.op, Apply)
        group = self.groups[_key(value)]
        made = again(build, value, operands)
        self.new[value] = made
        if not group.has_factor:
            return made
        rows, columns = value.op.matrices[0]
        batch = value.axes[: len(value.axes) - len(value.op.result)]
        factor = self._factor(build, operands[0], (rows, columns), batch)
        if value.op.kind in SOLVED:
            op = Apply(f"cho_{value.op.kind}", (factor.indices[-2:], *value.op.matrices[1:]), value.op.result)
            return build.make(op, [factor, operands[1]], value.axes, value.formula)
        if value.op.kind == "inv":
            op = Apply("cho_inv", (factor.indices[-2:],), value.op.result)
            return build.make(op, [factor], value.axes, value.formula)
        return _determinant(build, value, factor)

    def _solution(self, build: Builder, value: Value, product: _Product, right: Use) -> Use:
        """inv(A) @ b as the solution of A @ x = b."""
        inverse = product.inverse.value
        group = self.groups[_key(inverse)]
        (operand,) = self.new[inverse].value.operands
        old_op = self.new[inverse].value.op
        assert isinstance(old_op, Apply)
        places = dict(zip(self.new[inverse].value.axes, self._at(product), strict=True))
        rows, columns = old_op.matrices[0]
        other = Index("~x", rows.range)
        first, second = (other, product.summed) if product.is_turned else (product.summed, other)
        matrix = operand.renamed({**places, rows: first, columns: second})
        batch = tuple(places[axis] for axis in self.new[inverse].value.axes[: -2])
        shown = tuple(Index("~c", each.range, place) for place, each in enumerate(product.columns))
        kind = "solve_matrix" if product.columns else "solve"
        left: tuple[Axes, Use] = (first, second), matrix
        if group.has_factor:
            factor = self._factor(build, matrix, (first, second), batch)
            kind, left = f"cho_{kind}", (factor.indices[-2:], factor)
        elif product.is_turned:
            left = (second, first), matrix
        op = Apply(kind, (left[0], (product.summed, *product.columns)), (product.kept, *shown))
        axes = (*batch, product.kept, *shown)
        made = build.make(op, [left[1], right], axes, value.formula if not product.columns else None)
        return made.renamed(dict(zip(shown, product.columns, strict=True)))

    def _factor(self, build: Builder, matrix: Use, slots: tuple[Index, Index], batch: Axes) -> Use:
        """The Cholesky factor of a matrix, at indices of its own."""
        first, second = Index("~p", slots[0].range), Index("~q", slots[0].range)
        name = matrix.value.op.name if isinstance(matrix.value.op, Leaf) else ""
        formula = Tensor(f"chol({name})", (*batch, first, second)) if name and not batch else None
        # An argument may be a little off from symmetric, or wrong in one triangle; what is computed here is what it is.
        kind = "chol" if isinstance(matrix.value.op, Leaf) else "cho_factor"
        return build.make(Apply(kind, (slots,), (first, second)), [matrix], (*batch, first, second), formula)

    def _at(self, product: _Product) -> Axes:
        """The indices of an inverse in its product, in the order of its new axes."""
        own = dict(zip(product.inverse.value.axes, product.inverse.indices, strict=True))
        return tuple(own[index] for index in self.new[product.inverse.value].indices)


def _determinant(build: Builder, value: Value, factor: Use) -> Use:
    """det(A) or log det A, of the diagonal of the factor."""
    assert isinstance(value.op, Apply)
    batch, (first, second) = value.axes, factor.indices[-2:]
    diagonal = factor.renamed({second: first})
    if value.op.kind == "logdet":
        logs = build.make(Map("log"), [diagonal], (*batch, first))
        total = build.make(Einsum(), [logs], batch)
        two = build.make(Literal(Fraction(2)), (), ())
        return build.make(Map("mul"), [two, total], batch, value.formula)
    root = build.make(Reduce("prod"), [diagonal], batch)
    return build.make(Map("mul"), [root, root], batch, value.formula)


# ----- Products with inverses ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Product:
    """inv(A) @ b: the index that is summed, the one that stays, the columns of b; turned: the rows are summed."""

    inverse: Use
    right: Use
    summed: Index
    kept: Index
    columns: Axes
    is_turned: bool


def _product(value: Value, place: int) -> _Product | None:
    """A contraction as a product of the inverse at a place and a vector or a matrix; none if it is something else."""
    if not isinstance(value.op, Einsum) or len(value.operands) != 2:
        return None
    inverse, right = value.operands[place], value.operands[1 - place]
    plain = all(len(set(use.indices)) == len(use.indices) == len(use.axes) for use in (inverse, right))
    assert isinstance(inverse.value.op, Apply)
    own = dict(zip(inverse.value.axes, inverse.indices, strict=True))
    first, second = (own[index] for index in inverse.value.op.result)
    over = [index for index in value.letters if index not in value.axes]
    if not plain or is_inverse(right.value) or len(over) != 1 or over[0] not in (first, second):
        return None
    summed, kept = (second, first) if over[0] is second else (first, second)
    if summed not in right.indices or kept in right.indices or kept not in value.axes:
        return None
    columns = tuple(index for index in right.indices if index not in inverse.indices)
    if len(columns) > 1 or not set(right.indices) <= {*inverse.indices, *columns}:
        return None
    return _Product(inverse, right, summed, kept, columns, summed is first)


def _key(value: Value) -> Key:
    """What tells the matrices of primitives apart: the array, and how its axes lie."""
    assert isinstance(value.op, Apply)
    use = value.operands[0]
    slots = {index: f"matrix {place}" for place, index in enumerate(value.op.matrices[0])}
    batch = {index: f"batch {place}" for place, index in enumerate(value.axes)}
    return use.value, tuple(slots.get(index) or batch.get(index) or str(index.place) for index in use.indices)
