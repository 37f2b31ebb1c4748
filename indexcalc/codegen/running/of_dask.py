"""The chunked arrays of dask, for compiled functions."""

from __future__ import annotations

from typing import Any

from indexcalc.codegen.running.blas import share_the_cores
from indexcalc.codegen.running.library import Library, LibraryFunction
from indexcalc.codegen.running.run import Known
from indexcalc.codegen.source import Job


def _array(value: Any) -> Any:
    import dask.array as da

    return value if isinstance(value, da.Array) else da.asarray(value)


def _kind(arrays: Any) -> Any:
    """The common type, in which integers count as float64."""
    import numpy as np

    kinds = [each.dtype if each.dtype.kind == "f" else np.dtype(float) for each in arrays]
    return np.result_type(*kinds) if kinds else np.dtype(float)


def _cast(value: Any, kind: Any) -> Any:
    import dask.array as da

    return value.astype(kind) if isinstance(value, da.Array) else da.asarray(value, dtype=kind)


def _zeros(shape: tuple[int, ...], kind: Any) -> Any:
    import dask.array as da

    return da.zeros(shape, dtype=kind)


LIBRARY = Library("dask", "dask.array", _array, _kind, _cast, _zeros)


def make(job: Job, known: Known, compressed: bool, many: bool) -> LibraryFunction:
    """The compiled function; from then on BLAS has one thread while dask's threads run."""
    function = LibraryFunction(LIBRARY, job, known, compressed, many)
    share_the_cores()
    return function
