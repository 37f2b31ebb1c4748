"""Inverses, determinants, solutions, Cholesky factors: calls of linalg as primitives of the sheet that is read with.

What is read grows the sheet of the reader (`reader.sheet`); without one they are unreadable. scipy gives the upper
factor of Cholesky unless it is asked for the lower one; `slogdet` gives a sign that nothing is known of.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from indexcalc.calculus.primitives import PRIMITIVES, applied
from indexcalc.errors import IndexcalcError
from indexcalc.lift.arrays.array import Array, Axis, shape_text
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library.calls import as_array
from indexcalc.lift.reading.values import Builtin, Unknown, Value
from indexcalc.terms import Index, Term

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader

KINDS = {
    "inv": "inv",
    "inverse": "inv",
    "det": "det",
    "logdet": "logdet",
    "slogdet": "logdet",
    "solve": "solve",
    "cholesky": "chol",
    "pinv": "pinv",
    "pinverse": "pinv",
    "sqrtm": "sqrtm",
    "expm": "expm",
    "matrix_exp": "expm",
    "eigvalsh": "eigvalsh",
}
OF_TORCH = frozenset("inverse det logdet slogdet pinverse cholesky".split())


def is_primitive(function: Builtin) -> bool:
    """Whether a function of a library is one of these."""
    if function.module.endswith("linalg"):
        return function.name in KINDS
    return function.module == "torch" and function.name in OF_TORCH


def primitive(reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """The value of such a function. Raises where it is given other than matrices."""
    name, store = function.name, reader.state.store
    wanted = 2 if name == "solve" else 1
    lower = keywords.pop("lower", None)
    if name == "cholesky" and function.module.startswith("scipy"):
        if lower is None or reader.truth(lower) is not True:
            raise UnreadableError("the upper factor of Cholesky")
    if keywords or len(arguments) != wanted:
        raise UnreadableError(f"{name} with these arguments")
    found = _applied(reader, KINDS[name], [as_array(store.resolved(each)) for each in arguments])
    return (Unknown("the sign of a determinant"), store.new(found)) if name == "slogdet" else store.new(found)


def _applied(reader: Reader, kind: str, arrays: list[Array]) -> Array:
    if reader.sheet is None:
        raise UnreadableError(f"{kind} cannot be read here")
    matrix = _renamed(arrays[0], "m")
    rows, columns = _open(matrix, 2)
    if PRIMITIVES[kind].square and matrix.axes[-1].size != matrix.axes[-2].size:
        raise RaisesError(f"a matrix of shape {shape_text(matrix.shape)} is not square")
    alone = False  # whether the right side is one column
    operands: list[tuple[Term, tuple[Index, ...]]] = [(matrix.term, (rows, columns))]
    if kind == "solve":
        right = _renamed(arrays[1], "s")
        alone = right.rank == 2 and not right.axes[1].factors
        right = replace(right, axes=right.axes[:1]) if alone else right
        if right.axes[0].size != matrix.axes[-2].size:
            raise RaisesError(f"the shapes {shape_text(matrix.shape)} and {shape_text(right.shape)} do not fit")
        own = _open(right, min(right.rank, 2))
        right = right.renamed({own[0]: rows})
        operands.append((right.term, (rows, *own[1:])))
        kind = "solve" if right.rank == 1 else "solve_matrix"
        if matrix.rank > 2 or right.rank > 2:
            raise UnreadableError("solve of several systems at once")
    likes = PRIMITIVES[kind].like
    result = tuple(Index("r", operands[one][1][at].range, 900 + n) for n, (one, at) in enumerate(likes))
    try:
        reader.sheet, tensor = applied(reader.sheet, kind, operands, result)
    except IndexcalcError as error:
        raise UnreadableError(error.cause) from None
    axes = (*matrix.axes[:-2], *(Axis((index,)) for index in result), *((Axis(),) if alone else ()))
    return Array(axes, tensor, library=arrays[0].library).numbered()


def _renamed(value: Array, letter: str) -> Array:
    return value.renamed({index: Index(letter, index.range, index.serial) for index in value.indices})


def _open(value: Array, count: int) -> tuple[Index, ...]:
    """The indices of the last axes of an array. Raises for what is no matrix with an index for each axis."""
    if value.hidden is not None or value.rank < count:
        raise UnreadableError("this is no matrix")
    axes = value.axes[value.rank - count :]
    if any(len(axis.factors) != 1 or axis.length is not None for axis in axes):
        raise UnreadableError("a matrix whose axes are merged, or parts of others")
    return tuple(axis.factors[0] for axis in axes)
