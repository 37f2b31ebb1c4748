"""Banded results: the bands alone, multiplied and solved as they are."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from indexcalc.codegen.running.compressed import Array, Compressed
from indexcalc.codegen.running.structured import Structured, expanded
from indexcalc.errors import IndexcalcError

Slices = tuple[slice, ...]


@dataclass(slots=True, eq=False)
class Banded(Compressed):
    """An array that is zero except where the second half of the axes lies some fixed places behind the first half.

    Parameters
    ----------
    bands: the elements of each, in the shape of the first half; 0 where the second half has no place. One that is
        constant along an axis may be a view that takes no memory for it.
    offsets: for each band how many places behind the first half the second half lies, axis by axis.
    axes: the names of the axes of the dense form.

    >>> Banded((np.array([2.0, 2.0]), np.array([1.0, 0.0])), ((0,), (1,)), ("i", "j")).dense().tolist()
    [[2.0, 1.0], [0.0, 2.0]]
    """

    bands: tuple[Array, ...]
    offsets: tuple[tuple[int, ...], ...]
    axes: tuple[str, ...]

    @property
    def half(self) -> tuple[int, ...]:
        """The first half of the shape, which is the second half too."""
        shape: tuple[int, ...] = self.bands[0].shape
        return shape

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the dense form."""
        return (*self.half, *self.half)

    @property
    def nbytes(self) -> int:
        """The bytes of the bands; what they share along an axis counts once."""
        return self.kept * int(self.dtype.itemsize)

    @property
    def kept(self) -> int:
        """The number of elements that are held."""
        return sum(math.prod(n for n, by in zip(each.shape, each.strides, strict=True) if by) for each in self.bands)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the elements."""
        return np.result_type(*self.bands)

    def dense(self, out: Array | None = None) -> Array:
        """The whole array; written into `out`, which must hold zeros, if it is given."""
        out = np.zeros(self.shape, self.dtype) if out is None else out
        for band, offset in zip(self.bands, self.offsets, strict=True):
            rows, _ = _slices(self.half, offset)
            places = np.ix_(*(np.arange(size)[each] for size, each in zip(self.half, rows, strict=True)))
            behind = tuple(place + by for place, by in zip(places, offset, strict=True))
            out[(*places, *behind)] = band[rows]
        return out

    def matvec(self, x: Array) -> Array:
        """The product with an array over the second half of the axes: a Hessian times a direction."""
        return self._product(x, forward=True)

    def rmatvec(self, y: Array) -> Array:
        """The product with an array over the first half of the axes."""
        return self._product(y, forward=False)

    def __matmul__(self, other: Array) -> Array:
        return self.matvec(other)

    def transpose(self) -> Banded:
        """The two halves of the axes exchanged."""
        bands = tuple(np.zeros(self.half, self.dtype) for _ in self.bands)
        for band, old, offset in zip(bands, self.bands, self.offsets, strict=True):
            rows, columns = _slices(self.half, offset)
            band[columns] = old[rows]
        middle = self.ndim // 2
        offsets = tuple(tuple(-each for each in offset) for offset in self.offsets)
        return Banded(bands, offsets, (*self.axes[middle:], *self.axes[:middle]))

    def _product(self, x: Array, forward: bool) -> Array:
        x = np.asarray(x)
        if x.shape != self.half:
            raise IndexcalcError(f"the array has the shape {x.shape}", f"Give one of {self.half}")
        found = np.zeros(self.half, np.result_type(self.dtype, x))
        for band, offset in zip(self.bands, self.offsets, strict=True):
            rows, columns = _slices(self.half, offset)
            into, out_of = (rows, columns) if forward else (columns, rows)
            found[into] += band[rows] * x[out_of]
        return found

    def flat(self) -> tuple[tuple[int, int], Array]:
        """How many diagonals lie below and above the main one, and all of them as `scipy.linalg.solve_banded` wants.

        The axes of each half are one axis there, the last one running fastest.
        """
        steps = [math.prod(self.half[place + 1 :]) for place in range(len(self.half))]
        along = [sum(by * step for by, step in zip(offset, steps, strict=True)) for offset in self.offsets]
        below, above = max(0, -min(along, default=0)), max(0, max(along, default=0))
        made = np.zeros((below + above + 1, math.prod(self.half)), self.dtype)
        numbers = np.arange(made.shape[1]).reshape(self.half)
        for band, offset, by in zip(self.bands, self.offsets, along, strict=True):
            rows, columns = _slices(self.half, offset)
            made[above - by, numbers[columns].ravel()] += band[rows].ravel()
        return (below, above), made

    def solve(self, b: Array) -> Array:
        """x with self.matvec(x) = b, by scipy's `solve_banded`; raises numpy's LinAlgError for a singular array."""
        b = np.asarray(b)
        if b.shape != self.half:
            raise IndexcalcError(f"the right side has the shape {b.shape}", f"Give one of {self.half}")
        try:
            solve_banded = import_module("scipy.linalg").solve_banded
        except ImportError:
            raise IndexcalcError("a banded system is solved by scipy, which is missing", "pip install scipy") from None
        found: Array = solve_banded(*self.flat(), b.ravel()).reshape(self.half)
        return found

    @property
    def where(self) -> str:
        """Where an element may be other than zero."""
        middle = self.ndim // 2
        names = list(zip(self.axes[middle:], self.axes[:middle], strict=True))
        bands = (zip(names, offset, strict=True) for offset in self.offsets)
        return " or ".join(" and ".join(_behind(*pair, by) for pair, by in band) for band in bands)

    def __repr__(self) -> str:
        return f"Banded({'x'.join(map(str, self.shape))}, {len(self.offsets)} bands, {self.nbytes} bytes)"


def _behind(second: str, first: str, by: int) -> str:
    return f"{second} = {first}" + (f" {'+' if by > 0 else '-'} {abs(by)}" if by else "")


def _slices(shape: Sequence[int], offset: Sequence[int]) -> tuple[Slices, Slices]:
    """The places of the first half at which a band has elements, and those of the second half."""
    ends = [(max(0, -by), max(0, min(size, size - by))) for size, by in zip(shape, offset, strict=True)]
    rows = tuple(slice(first, max(first, last)) for first, last in ends)
    return rows, tuple(slice(each.start + by, each.stop + by) for each, by in zip(rows, offset, strict=True))


def _whole(band: Structured) -> Array:
    """A band in its shape; along an axis along which nothing changes it is a view."""
    if len(set(band.pattern)) < band.ndim or any(name.isdigit() for name in band.pattern):
        return band.dense()
    return np.broadcast_to(expanded(band.reduced, band.core, band.pattern), band.shape)


class BandedFunction:
    """A compiled function of the bands, as one of the array that they are."""

    def __init__(self, bands: Callable[..., Any], offsets: tuple[tuple[int, ...], ...], axes: tuple[str, ...]) -> None:
        self.bands, self.offsets, self.axes = bands, offsets, axes

    def __call__(self, /, **given: Any) -> Banded:
        """The bands for these arguments."""
        return Banded(tuple(map(_whole, self.bands(**given).values())), self.offsets, self.axes)

    def __getattr__(self, name: str) -> Any:
        """What is said of the function of the bands: its arguments, its source."""
        if name.startswith("_") or name == "bands":
            raise AttributeError(name)
        return getattr(self.bands, name)
