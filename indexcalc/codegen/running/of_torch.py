"""The tensors of torch, for compiled functions."""

from __future__ import annotations

from functools import reduce
from typing import Any

from indexcalc.codegen.running.library import Library, LibraryFunction
from indexcalc.codegen.running.run import Known
from indexcalc.codegen.source import Job


def _array(value: Any) -> Any:
    import torch

    if torch.is_tensor(value):
        return value
    if not hasattr(value, "dtype"):
        return torch.as_tensor(value, dtype=torch.float64)
    return torch.as_tensor(value.astype(value.dtype.newbyteorder("="), order="C"))


def _kind(arrays: Any) -> tuple[Any, Any]:
    """The common type, in which integers count as float64, and the device of the first tensor."""
    import torch

    kinds = [each.dtype if each.dtype.is_floating_point else torch.float64 for each in arrays]
    return reduce(torch.promote_types, kinds, kinds[0] if kinds else torch.float64), (
        arrays[0].device if arrays else None
    )


def _cast(value: Any, kind: tuple[Any, Any]) -> Any:
    import torch

    return value.to(kind[0]) if torch.is_tensor(value) else torch.as_tensor(value, dtype=kind[0])


def _zeros(shape: tuple[int, ...], kind: tuple[Any, Any]) -> Any:
    import torch

    return torch.zeros(shape, dtype=kind[0], device=kind[1])


def _numpy(value: Any) -> Any:
    return value.detach().cpu().numpy()


LIBRARY = Library("torch", "torch", _array, _kind, _cast, _zeros, _numpy)


def make(job: Job, known: Known, compressed: bool, many: bool) -> LibraryFunction:
    """The compiled function."""
    return LibraryFunction(LIBRARY, job, known, compressed, many)
