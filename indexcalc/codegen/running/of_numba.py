"""Code that numba compiles, as a callable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from indexcalc.codegen.running.kept import load_kept
from indexcalc.codegen.running.library import require
from indexcalc.codegen.running.run import Function, Known, load
from indexcalc.codegen.source import Job


class NumbaFunction(Function):
    """A function whose machine code is kept between processes."""

    @staticmethod
    def loaded(source: str, name: str) -> Callable[..., Any]:
        """The function of a source."""
        return load_kept(source, name) or load(source, name)


def make(job: Job, known: Known, compressed: bool, many: bool) -> Function:
    """The compiled function; numba must be installed."""
    require("numba", "numba")
    return NumbaFunction(job, known, compressed, many)
