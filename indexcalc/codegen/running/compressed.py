"""What all arrays have in common of which only the elements are held that may be other than zero."""

from __future__ import annotations

import math
from typing import Any, Protocol

import numpy as np

from indexcalc.showing import Shown

Array = np.ndarray[Any, np.dtype[Any]]


class Held(Protocol):
    """What a kind of such arrays says of itself."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the dense form."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the elements."""

    @property
    def kept(self) -> int:
        """The number of elements that are held."""

    @property
    def nbytes(self) -> int:
        """The bytes that they take."""

    @property
    def size(self) -> int:
        """The number of elements of the dense form."""

    @property
    def dense_nbytes(self) -> int:
        """The bytes that the dense form would take."""

    def dense(self) -> Array:
        """The whole array."""

    def report(self) -> str:
        """What is kept of the dense form."""


class Compressed(Shown):
    """An array in less memory than its dense form."""

    __slots__ = ()

    @property
    def ndim(self: Held) -> int:
        """The number of axes of the dense form."""
        return len(self.shape)

    @property
    def size(self: Held) -> int:
        """The number of elements of the dense form."""
        return math.prod(self.shape)

    @property
    def dense_nbytes(self: Held) -> int:
        """The bytes that the dense form would take."""
        return self.size * int(self.dtype.itemsize)

    def report(self: Held) -> str:
        """Shape, structure, and what is kept of the dense form."""
        kept = f"{self.kept} of {self.size} elements kept"
        less = self.dense_nbytes / self.nbytes if self.nbytes else 1
        times = f"{less:.3g}" if less < 1000 else f"{less:,.0f}"
        return f"{self!r}: {kept}, {times} times less than the {self.dense_nbytes} bytes of the dense form"

    def __array__(self: Held, dtype: Any = None, copy: bool | None = None) -> Array:
        return self.dense() if dtype is None else self.dense().astype(dtype)

    def __str__(self: Held) -> str:
        return self.report()
