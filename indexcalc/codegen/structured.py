"""Results with structure: the reduced array, and the deltas between output axes that were left out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Structured:
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

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return self.dense() if dtype is None else self.dense().astype(dtype)

    def __repr__(self) -> str:
        words = [f"{a} = {b}" for a, b in self.deltas]
        words += [f"{axis} = {name}" for name, axis in zip(self.pattern, self.axes, strict=True) if name.isdigit()]
        where = f" where {', '.join(words)}" if words else ""
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
