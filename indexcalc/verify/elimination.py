"""The primitives of one matrix of numbers with many digits, by elimination with row exchanges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

HALVED = 12  # times, a matrix whose exponential is taken


def _eliminated(xp: Any, matrix: Any, right: Any) -> tuple[Any, Any]:
    """The solution of matrix @ x = right, and the determinant of the matrix; no number where it is singular.

    A pivot of which rounding has left no more than the last two fifths of the digits counts as 0: of a matrix that is
    singular for its sizes, such as X.T @ X of a wide X, it is noise.
    """
    left, right = np.array(matrix, dtype=object), np.array(right, dtype=object)
    size, det = len(left), 1
    least = max((abs(each) for each in left.flat), default=0) * xp.context.mpf(10) ** (-(3 * xp.context.dps) // 5)
    for column in range(size):
        best = max(range(column, size), key=lambda row: abs(left[row, column].real))
        if best != column:
            left[[column, best]], right[[column, best]] = left[[best, column]], right[[best, column]]
            det = -det
        pivot = left[column, column]
        det = det * pivot
        if not abs(pivot) > least:
            return right * float("nan"), det
        for row in range(size):
            if row != column:
                factor = left[row, column] / pivot
                left[row] = left[row] - left[column] * factor
                right[row] = right[row] - right[column] * factor
    return right / np.diagonal(left)[:, None], det


def _unit(xp: Any, size: int) -> Any:
    return np.asarray(xp.constant(np.eye(size)), dtype=object)


def _inv(xp: Any, matrix: Any) -> Any:
    return _eliminated(xp, matrix, _unit(xp, len(matrix)))[0]


def _det(xp: Any, matrix: Any) -> Any:
    return _number(_eliminated(xp, matrix, _unit(xp, len(matrix)))[1])


def _logdet(xp: Any, matrix: Any) -> Any:
    solution, det = _eliminated(xp, matrix, _unit(xp, len(matrix)))
    if any(xp.context.isnan(each) for each in solution.flat):
        return _number(xp.nan)
    return _number(xp.context.log(det if det.real > 0 else -det))


def _number(value: Any) -> Any:
    whole = np.empty((), dtype=object)
    whole[()] = value
    return whole


def _chol(xp: Any, matrix: Any) -> Any:
    matrix = (matrix + matrix.T) / 2
    size = len(matrix)
    lower = _unit(xp, size) * 0
    for i in range(size):
        for j in range(i + 1):
            rest = matrix[i, j] - sum((lower[i, k] * lower[j, k] for k in range(j)), xp.number(0))
            if i > j:
                lower[i, j] = rest / lower[j, j]
            else:
                lower[i, i] = xp.context.sqrt(rest) if rest.real > 0 else xp.nan
    return lower


def _pinv(xp: Any, matrix: Any) -> Any:
    rows, columns = matrix.shape
    if rows >= columns:
        return _inv(xp, matrix.T.dot(matrix)).dot(matrix.T)
    return matrix.T.dot(_inv(xp, matrix.dot(matrix.T)))


def _sqrtm(xp: Any, matrix: Any) -> Any:
    root, other = matrix, _unit(xp, len(matrix))
    for _ in range(60):
        root, other = (root + _inv(xp, other)) / 2, (other + _inv(xp, root)) / 2
    return root


def _sylvester(xp: Any, matrix: Any) -> Any:
    size = len(matrix)
    one = _unit(xp, size)
    whole = matrix[:, None, :, None] * one[None, :, None, :] + one[:, None, :, None] * matrix.T[None, :, None, :]
    return _inv(xp, whole.reshape(size * size, size * size)).reshape((size,) * 4)


def _expm(xp: Any, matrix: Any) -> Any:
    """Taylor's series of a part of the matrix, squared again and again, with more digits than are asked for."""
    digits = xp.context.dps
    xp.context.dps = digits + HALVED + 10
    try:
        power = value = _unit(xp, len(matrix))
        for number in range(1, 60):
            power = power.dot(matrix) / (number * 2**HALVED)
            value = value + power
        for _ in range(HALVED):
            value = value.dot(value)
    finally:
        xp.context.dps = digits
    return value + matrix * 0  # rounded


def _expm_frechet(xp: Any, matrix: Any) -> Any:
    """By the exponential of [[A, E], [0, A]] for each element (Higham, "Functions of Matrices", 2008, chapter 10)."""
    size = len(matrix)
    found = np.empty((size,) * 4, dtype=object)
    for i, j in np.ndindex(size, size):
        whole = _unit(xp, 2 * size) * 0
        whole[:size, :size] = whole[size:, size:] = matrix
        whole[i, size + j] = whole[i, size + j] + 1
        found[:, :, i, j] = _expm(xp, whole)[:size, size:]
    return found


def _eigen(xp: Any, matrix: Any) -> tuple[Any, Any]:
    """Along with the slopes on the imaginary axis."""
    context = xp.context
    matrix = (matrix + matrix.T) / 2
    real = np.frompyfunc(lambda x: x.real, 1, 1)(matrix)
    imaginary = np.frompyfunc(lambda x: x.imag, 1, 1)(matrix)
    values, vectors = context.eigsy(context.matrix(real.tolist()))
    size = len(matrix)
    w = np.array([values[i] for i in range(size)], dtype=object)
    v = np.array([[vectors[i, j] for j in range(size)] for i in range(size)], dtype=object)
    turned = v.T.dot(imaginary).dot(v)
    slopes = np.array(
        [[turned[i, j] / (w[j] - w[i]) if i != j else context.mpf(0) for j in range(size)] for i in range(size)],
        dtype=object,
    )
    if not np.any(imaginary != 0):
        return w, v
    unit = context.mpc(0, 1)
    return w + np.diagonal(turned) * unit, v + v.dot(slopes) * unit


VALUES: dict[str, Callable[..., Any]] = {
    "inv": _inv,
    "det": _det,
    "logdet": _logdet,
    "solve": lambda xp, matrix, right: _eliminated(xp, matrix, right[:, None])[0][:, 0],
    "solve_matrix": lambda xp, matrix, right: _eliminated(xp, matrix, right)[0],
    "chol": _chol,
    "pinv": _pinv,
    "sqrtm": _sqrtm,
    "sylvester": _sylvester,
    "expm": _expm,
    "expm_frechet": _expm_frechet,
    "eigvalsh": lambda xp, matrix: _eigen(xp, matrix)[0],
    "eigvecsh": lambda xp, matrix: _eigen(xp, matrix)[1],
}
