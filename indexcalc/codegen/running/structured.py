"""Results with structure: the reduced array, and the deltas between output axes that were left out of it.

They are multiplied, applied to arrays and solved as they are; only `dense` makes the whole array.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexcalc.codegen.preparing.contract import Operand, contract
from indexcalc.codegen.running.compressed import Array, Compressed
from indexcalc.errors import IndexcalcError


@dataclass(slots=True, eq=False)  # not frozen: every call makes one, and setting the fields of a frozen one takes 1 us
class Structured(Compressed):
    """An array that is zero except where some of its axes agree.

    Parameters
    ----------
    reduced: the elements that are not known to be zero.
    core: the names of its axes.
    pattern: for each axis of the dense form the name of its index. A name that occurs twice is a delta (("p", "q", "p",
        "s"): p and r agree), a number a place (counted from 1); along a name that the core lacks nothing changes.
    axes: the names of the axes of the dense form.
    shape: its shape.

    >>> Structured(np.array([1.0, 2.0]), ("i",), ("i", "i"), ("i", "j"), (2, 2)).dense().tolist()
    [[1.0, 0.0], [0.0, 2.0]]
    """

    reduced: Array
    core: tuple[str, ...]
    pattern: tuple[str, ...]
    axes: tuple[str, ...]
    shape: tuple[int, ...]

    @property
    def nbytes(self) -> int:
        """The bytes of the reduced array."""
        return int(self.reduced.nbytes)

    @property
    def kept(self) -> int:
        """The number of elements that are held."""
        return self.reduced.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the elements."""
        return self.reduced.dtype

    @property
    def deltas(self) -> tuple[tuple[str, str], ...]:
        """The pairs of axes that must agree for an element not to be zero."""
        first: dict[str, str] = {}
        pairs = []
        for name, axis in zip(self.pattern, self.axes, strict=True):
            if name in first:
                pairs.append((first[name], axis))
            first.setdefault(name, axis)
        return tuple(pairs)

    def dense(self, out: Array | None = None) -> Array:
        """The whole array; written into `out`, which must hold zeros, if it is given."""
        out = np.zeros(self.shape, self.dtype) if out is None else out
        view, names = diagonal(out, self.pattern)
        view[...] = expanded(self.reduced, self.core, names)
        return out

    # ----- Products ------------------------------------------------------------------------------------------

    def transpose(self, *order: int) -> Structured:
        """The axes in another order; reversed if none is given."""
        chosen = order or tuple(range(self.ndim))[::-1]
        if sorted(chosen) != list(range(self.ndim)):
            raise IndexcalcError(f"{chosen} is no order of {self.ndim} axes", "Name each axis once")
        pattern, axes = (tuple(each[axis] for axis in chosen) for each in (self.pattern, self.axes))
        return Structured(self.reduced, self.core, pattern, axes, tuple(self.shape[axis] for axis in chosen))

    def dot(self, other: Structured | Array, axes: int = 1) -> Structured | Array:
        """The product, summed over the last axes and the first ones of the other: as many as `axes` says.

        An array, or a Structured where deltas link axes of the product (or a place is the only one that counts).
        """
        own = tuple(f"a{place}" for place in range(self.ndim))
        both = own[self.ndim - axes :]
        theirs = tuple(f"b{place}" for place in range(axes, np.ndim(other)))
        if axes > min(self.ndim, np.ndim(other)):
            raise IndexcalcError(f"there are no {axes} axes to sum over", "Give fewer")
        labels = own[: self.ndim - axes], theirs
        found = contract([_operand(self, own), _operand(other, (*both, *theirs))], (*labels[0], *labels[1]))
        names = (*self.axes[: self.ndim - axes], *(_axes(other)[axes:]))
        return _plain(Structured(found.reduced, found.core, found.pattern, _distinct(names), found.shape))

    def __matmul__(self, other: Structured | Array) -> Structured | Array:
        """The product, summed over the second half of the axes: a Hessian times a direction, or two Jacobians."""
        return self.dot(other, self._half())

    def __rmatmul__(self, other: Array) -> Structured | Array:
        names = tuple(f"x{place}" for place in range(np.ndim(other)))
        return Structured(np.asarray(other), names, names, names, np.shape(other)).dot(self, self._half())

    def _half(self) -> int:
        """Half the number of axes."""
        if self.ndim % 2:
            raise IndexcalcError(f"{self!r} has no two halves of axes", "Say how many to sum over: dot(other, axes)")
        return self.ndim // 2

    def matvec(self, x: Array) -> Array:
        """The product with an array over all its axes, which are the last ones here: a Jacobian times a direction."""
        return _dense(self.dot(x, np.ndim(x)))

    def rmatvec(self, y: Array) -> Array:
        """The product with an array over all its axes, which are the first ones here: a cotangent times a Jacobian."""
        given = np.ndim(y)
        order = (*range(given, self.ndim), *range(given))
        return self.transpose(*order).matvec(y)

    def __mul__(self, other: Structured | Array | float) -> Structured:
        """The product element by element, with a number or with an array of the same shape."""
        if not isinstance(other, Structured) and np.ndim(other) == 0:
            return Structured(self.reduced * other, self.core, self.pattern, self.axes, self.shape)
        if np.shape(other) != self.shape:
            raise IndexcalcError(f"{self.shape} and {np.shape(other)} are different shapes", "Give one of the same")
        labels = tuple(f"a{place}" for place in range(self.ndim))
        found = contract([_operand(self, labels), _operand(other, labels)], labels)
        return Structured(found.reduced, found.core, found.pattern, self.axes, found.shape)

    __rmul__ = __mul__
    __array_ufunc__ = None  # so that array * structured comes here

    def __neg__(self) -> Structured:
        return self * -1

    # ----- Systems of equations ------------------------------------------------------------------------------

    def solve(self, b: Array) -> Array:
        """x with self.matvec(x) = b; the first half of the axes are those of b, the others those of x.

        The deltas must make the array block diagonal: each name stands at most once in either half. The blocks are
        solved by themselves, and where they are all equal, at once. Raises numpy's LinAlgError for a singular block.
        """
        half = self.ndim // 2
        rows, columns = self.pattern[:half], self.pattern[half:]
        repeated = len(set(rows)) < half or len(set(columns)) < len(columns)
        if self.ndim % 2 or repeated or any(name.isdigit() for name in self.pattern):
            raise IndexcalcError(f"{self!r} is not block diagonal", "Solve with its dense form")
        if np.shape(b) != self.shape[:half]:
            raise IndexcalcError(f"the right side has the shape {np.shape(b)}", f"Give one of {self.shape[:half]}")
        sizes = dict(zip(self.pattern, self.shape, strict=True))
        shared = [name for name in rows if name in columns]
        inner = [name for name in rows if name not in columns], [name for name in columns if name not in rows]
        return _solved(self, np.asarray(b), shared, inner, sizes)

    # ----- Words ---------------------------------------------------------------------------------------------

    @property
    def where(self) -> str:
        """Where an element may be other than zero; empty if anywhere."""
        places = [(axis, name) for name, axis in zip(self.pattern, self.axes, strict=True) if name.isdigit()]
        return ", ".join(f"{axis} = {name}" for axis, name in (*self.deltas, *places))

    def __repr__(self) -> str:
        where = f" where {self.where}" if self.where else ""
        return f"Structured({'x'.join(map(str, self.shape)) or 'scalar'}{where}, {self.nbytes} bytes)"


def diagonal(array: Array, pattern: Sequence[str]) -> tuple[Array, tuple[str, ...]]:
    """A view on the elements whose axes agree with the pattern, and the names of its axes."""
    keys = (int(name) - 1 if name.isdigit() else slice(None) for name in pattern)
    view = array[(*keys, ...)]  # with the ellipsis an element is a view too
    names = tuple(name for name in pattern if not name.isdigit())
    distinct = tuple(dict.fromkeys(names))
    strides = dict.fromkeys(distinct, 0)
    sizes: dict[str, int] = {}
    for name, size, stride in zip(names, view.shape, view.strides, strict=True):
        strides[name] += stride
        sizes[name] = size
    shape = tuple(sizes[name] for name in distinct)
    made = np.lib.stride_tricks.as_strided(view, shape, tuple(strides[name] for name in distinct))
    return made, distinct


def expanded(core: Array, names: tuple[str, ...], axes: tuple[str, ...]) -> Array:
    """An array with named axes, brought to other axes that include its own."""
    order = [names.index(name) for name in axes if name in names]
    keys = tuple(slice(None) if name in names else None for name in axes)
    return core.transpose(order)[keys]


def _operand(array: Structured | Array | float, labels: tuple[str, ...]) -> Operand:
    if isinstance(array, Structured):
        return Operand(array.reduced, array.core, array.pattern, array.shape, labels)
    names = tuple(f"x{place}" for place in range(np.ndim(array)))
    return Operand(np.asarray(array), names, names, np.shape(array), labels)


def _axes(array: Structured | Array) -> tuple[str, ...]:
    return array.axes if isinstance(array, Structured) else tuple(f"x{place}" for place in range(np.ndim(array)))


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The names, with primes where one would stand twice."""
    found: list[str] = []
    for name in names:
        while name in found:
            name += "'"
        found.append(name)
    return tuple(found)


def _plain(result: Structured) -> Structured | Array:
    """An array where there is no structure."""
    linked = len(set(result.pattern)) < result.ndim or any(name.isdigit() for name in result.pattern)
    return result if linked else _dense(result)


def _dense(result: Structured | Array) -> Array:
    """The whole array; the reduced one itself where that is the whole."""
    if not isinstance(result, Structured):
        return result
    return result.reduced if result.core == result.pattern else result.dense()


def _solved(
    matrix: Structured, b: Array, shared: list[str], inner: tuple[list[str], list[str]], sizes: dict[str, int]
) -> Array:
    """The solution, block by block. Names that the blocks do not vary with are further columns of the right side."""
    half = matrix.ndim // 2
    rows, columns = matrix.pattern[:half], matrix.pattern[half:]
    varying = [name for name in shared if name in matrix.core]
    equal = [name for name in shared if name not in matrix.core]
    length, width = (math.prod(sizes[name] for name in side) for side in inner)
    if length != width:
        raise IndexcalcError(f"the blocks have {length} rows and {width} columns", "Solve systems of square blocks")
    axes = (*varying, *inner[0], *inner[1])
    blocks = np.broadcast_to(expanded(matrix.reduced, matrix.core, axes), [sizes[name] for name in axes])
    outer = [sizes[name] for name in varying]
    right = b.transpose([rows.index(name) for name in (*varying, *inner[0], *equal)]).reshape(*outer, length, -1)
    found = np.linalg.solve(blocks.reshape(*outer, length, width), right)
    order = (*varying, *inner[1], *equal)
    return found.reshape([sizes[name] for name in order]).transpose([order.index(name) for name in columns])
