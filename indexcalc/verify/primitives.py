"""The values of the primitives for the witnesses: few operations, which every array library has and differentiates.

Arrays have the axes of a batch first. Numbers near the real axis are carried along, as the complex step wants it, so
no form here takes a conjugate: a Cholesky factor is that of a symmetric matrix, not of a Hermitian one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from indexcalc.verify.named import NUMPY, Library

WORST = 1e10  # the condition number from which on a matrix counts as singular
TERMS = 24  # of Taylor's series of a matrix below 1: the next is below 1e-24
ROUNDS = 40  # of Newton's iteration for a square root; it converges quadratically


def value(library: Library, kind: str, arrays: Sequence[Any]) -> Any:
    """A primitive of arrays with the axes of the batch first."""
    exact = getattr(library.xp, "is_exact", False)
    if exact:
        return _each(library, kind, arrays)
    if library is NUMPY and kind in EIGEN:
        return EIGEN[kind](arrays[0])
    return VALUES[kind](library, *arrays)


def _each(library: Library, kind: str, arrays: Sequence[Any]) -> Any:
    """One matrix of the batch after the other, by elimination: numbers that no linear algebra package knows."""
    from indexcalc.verify.elimination import VALUES as EXACT

    depth = arrays[0].ndim - 2
    batch = np.broadcast_shapes(*(each.shape[:depth] for each in arrays))
    full = [np.broadcast_to(np.asarray(each), (*batch, *each.shape[depth:])) for each in arrays]
    found = [EXACT[kind](library.xp, *(each[place] for each in full)) for place in np.ndindex(*batch)]
    whole = np.empty((len(found), *np.shape(found[0])), dtype=object)
    for place, each in enumerate(found):
        whole[place] = each[()] if np.ndim(each) == 0 else each  # an array without axes would be put in as such
    return library.xp.array(whole.reshape((*batch, *whole.shape[1:])))


# ----- With the linear algebra of the library ---------------------------------------------------------------------


def _turned(library: Library, matrix: Any) -> Any:
    order = list(range(matrix.ndim))
    return library.transpose(matrix, [*order[:-2], order[-1], order[-2]])


def _regular(library: Library, matrix: Any) -> Any:
    """The matrix; no numbers where it is singular, for numpy alone, which chooses the samples."""
    if library is not NUMPY:
        return matrix
    real = np.real(matrix)
    if not np.isfinite(real).all():
        return np.full_like(matrix, np.nan)
    bad = np.linalg.cond(real) > WORST
    return np.where(bad[..., None, None], np.nan, matrix) if bad.any() else matrix


def _inv(library: Library, matrix: Any) -> Any:
    regular = _regular(library, matrix)
    if library is NUMPY and np.isnan(regular).any():
        return np.full_like(regular, np.nan)
    return library.xp.linalg.inv(regular)


def _det(library: Library, matrix: Any) -> Any:
    return library.xp.linalg.det(matrix)


def _logdet(library: Library, matrix: Any) -> Any:
    if library is not NUMPY:
        return library.xp.linalg.slogdet(matrix)[1]
    sign, size = np.linalg.slogdet(matrix)
    if not np.iscomplexobj(matrix):
        return size
    return size + 1j * np.angle(sign * np.where(np.real(sign) < 0, -1.0, 1.0))


def _solve(library: Library, matrix: Any, right: Any) -> Any:
    return library.xp.matmul(_inv(library, matrix), right[..., None])[..., 0]


def _solve_matrix(library: Library, matrix: Any, right: Any) -> Any:
    return library.xp.matmul(_inv(library, matrix), right)


def _chol(library: Library, matrix: Any) -> Any:
    matrix = (matrix + _turned(library, matrix)) / 2
    size = matrix.shape[-1]
    zero = matrix[..., 0, 0] * 0.0
    rows: list[list[Any]] = []
    for i in range(size):
        row: list[Any] = []
        for j in range(i):
            done = sum((row[k] * rows[j][k] for k in range(j)), zero)
            row.append((matrix[..., i, j] - done) / rows[j][j])
        rest = matrix[..., i, i] - sum((each * each for each in row), zero)
        if library is NUMPY:
            rest = np.where(np.real(rest) > 0, rest, np.nan)
        row.append(library.xp.sqrt(rest))
        rows.append(row)
    full = [library.xp.stack([*row, *[zero] * (size - len(row))], -1) for row in rows]
    return library.xp.stack(full, -2)


def _pinv(library: Library, matrix: Any) -> Any:
    turned = _turned(library, matrix)
    if matrix.shape[-2] >= matrix.shape[-1]:
        return library.xp.matmul(_inv(library, library.xp.matmul(turned, matrix)), turned)
    return library.xp.matmul(turned, _inv(library, library.xp.matmul(matrix, turned)))


def _sqrtm(library: Library, matrix: Any) -> Any:
    """Denman and Beavers, 1976."""
    root = matrix
    other = library.constant(np.eye(matrix.shape[-1])) + 0.0 * matrix
    for _ in range(ROUNDS):
        root, other = (root + _inv(library, other)) / 2, (other + _inv(library, root)) / 2
    return root


def _sylvester(library: Library, matrix: Any) -> Any:
    size = matrix.shape[-1]
    one = library.constant(np.eye(size))
    batch = tuple(matrix.shape[:-2])
    first = matrix[..., :, None, :, None] * one[:, None, :]
    second = one[:, None, :, None] * _turned(library, matrix)[..., None, :, None, :]
    whole = (first + second).reshape((*batch, size * size, size * size))
    return _inv(library, whole).reshape((*batch, size, size, size, size))


def _halved(matrix: Any) -> tuple[Any, int]:
    """A matrix of norm below 1, and how often it was halved: as often as a large one where it has no numbers."""
    sizes = np.abs(matrix).sum(-1).max() if isinstance(matrix, np.ndarray) else 2.0**8
    times = int(np.ceil(np.log2(sizes))) + 1 if np.isfinite(sizes) and sizes > 0.5 else 0
    return matrix / 2.0**times, times


def _expm(library: Library, matrix: Any) -> Any:
    """Taylor's series of a part of the matrix, squared again and again."""
    small, times = _halved(matrix)
    power = library.constant(np.eye(matrix.shape[-1])) + 0.0 * matrix
    value = power
    for number in range(1, TERMS):
        power = library.xp.matmul(power, small) / number
        value = value + power
    for _ in range(times):
        value = library.xp.matmul(value, value)
    return value


def _expm_frechet(library: Library, matrix: Any) -> Any:
    """The series and the squarings differentiated, with the indices of the element that moves in front."""
    small, times = _halved(matrix)
    matmul, one = library.xp.matmul, library.constant(np.eye(matrix.shape[-1]))
    wide, unit = small[..., None, None, :, :], one[:, None, :, None]
    value = power = one + 0.0 * matrix
    slope = moved = 0.0 * unit * power[..., None, :, None, :]
    for number in range(1, TERMS):
        moved = (matmul(wide, moved) + unit * power[..., None, :, None, :]) / number
        power = matmul(small, power) / number
        value, slope = value + power, slope + moved
    slope = slope / 2.0**times
    for _ in range(times):
        wide = value[..., None, None, :, :]
        value, slope = matmul(value, value), matmul(slope, wide) + matmul(wide, slope)
    order = list(range(slope.ndim))
    return library.transpose(slope, [*order[:-4], *order[-2:], *order[-4:-2]])


def _symmetric(library: Library, matrix: Any) -> Any:
    return (matrix + _turned(library, matrix)) / 2


VALUES: dict[str, Callable[..., Any]] = {
    "inv": _inv,
    "det": _det,
    "logdet": _logdet,
    "solve": _solve,
    "solve_matrix": _solve_matrix,
    "chol": _chol,
    "pinv": _pinv,
    "sqrtm": _sqrtm,
    "sylvester": _sylvester,
    "expm": _expm,
    "expm_frechet": _expm_frechet,
    "eigvalsh": lambda library, matrix: library.xp.linalg.eigh(_symmetric(library, matrix))[0],
    "eigvecsh": lambda library, matrix: library.xp.linalg.eigh(_symmetric(library, matrix))[1],
}


# ----- Eigenvalues: numpy's are those of Hermitian matrices, so slopes along the imaginary axis are carried by hand --


def _eigen(matrix: Any) -> tuple[Any, Any]:
    matrix = _symmetric(NUMPY, matrix)
    if not np.isfinite(matrix).all():
        return np.full(matrix.shape[:-1], np.nan), np.full(matrix.shape, np.nan)
    values, vectors = np.linalg.eigh(np.real(matrix))
    if not np.iscomplexobj(matrix):
        return values, vectors
    turned = np.swapaxes(vectors, -1, -2) @ np.imag(matrix) @ vectors
    gaps = values[..., None, :] - values[..., :, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.where(gaps == 0, 0.0, turned / gaps)
    moved = values + 1j * np.diagonal(turned, axis1=-2, axis2=-1)
    return moved, vectors + 1j * (vectors @ slopes)


EIGEN: dict[str, Callable[[Any], Any]] = {
    "eigvalsh": lambda matrix: _eigen(matrix)[0],
    "eigvecsh": lambda matrix: _eigen(matrix)[1],
}
