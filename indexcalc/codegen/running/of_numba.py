"""Code that numba compiles, as a callable."""

from __future__ import annotations

from indexcalc.codegen.running.library import require
from indexcalc.codegen.running.run import Function, Known
from indexcalc.codegen.source import Job


def make(job: Job, known: Known, compressed: bool, many: bool) -> Function:
    """The compiled function; numba must be installed."""
    require("numba", "numba")
    return Function(job, known, compressed, many)
