"""The arrays of jax, for compiled functions."""

from __future__ import annotations

from typing import Any

from indexcalc.codegen.running.library import Library, LibraryFunction
from indexcalc.codegen.running.run import Known
from indexcalc.codegen.source import Job


def _array(value: Any) -> Any:
    import jax.numpy as jnp

    is_native = getattr(getattr(value, "dtype", None), "isnative", True)
    return jnp.asarray(value if is_native else value.astype(value.dtype.newbyteorder("=")))


def _kind(arrays: Any) -> Any:
    """The common type, in which integers count as float64 (float32 unless jax has it enabled)."""
    import jax.numpy as jnp

    double = jnp.result_type(float)
    kinds = [each.dtype if jnp.issubdtype(each.dtype, jnp.floating) else double for each in arrays]
    return jnp.result_type(*kinds) if kinds else double


def _cast(value: Any, kind: Any) -> Any:
    import jax.numpy as jnp

    return jnp.asarray(value, kind)


def _zeros(shape: tuple[int, ...], kind: Any) -> Any:
    import jax.numpy as jnp

    return jnp.zeros(shape, kind)


LIBRARY = Library("jax", "jax.numpy", _array, _kind, _cast, _zeros)


def make(job: Job, known: Known, compressed: bool, many: bool) -> LibraryFunction:
    """The compiled function."""
    return LibraryFunction(LIBRARY, job, known, compressed, many)
