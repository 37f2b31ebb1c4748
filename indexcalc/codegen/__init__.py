"""From terms to code: a program of array operations, written for a target and run.

generate(term, axes, sheet, backend="einsum")   source of one function
compile(term, axes, sheet, backend="numpy")     a callable
schedule(targets, sheet)                        the program between the two
einsum_vjp("ij,jk->ik")                         the pullbacks of an einsum
"""

from __future__ import annotations

from collections.abc import Collection

from indexcalc.codegen.program import Axes, Program
from indexcalc.codegen.run import Function
from indexcalc.codegen.schedule import Targets, schedule
from indexcalc.codegen.source import BACKENDS, STRUCTURES, Code, Job, prepare, target_of
from indexcalc.codegen.structured import Structured
from indexcalc.codegen.vjp import Pullback, einsum_vjp
from indexcalc.sheet import Sheet
from indexcalc.terms import Range, Term

__all__ = [
    "BACKENDS",
    "STRUCTURES",
    "Code",
    "Function",
    "Job",
    "Program",
    "Pullback",
    "Structured",
    "compile",
    "compile_many",
    "einsum_vjp",
    "generate",
    "generate_many",
    "prepare",
    "schedule",
]


def generate(
    term: Term,
    axes: Axes,
    sheet: Sheet,
    backend: str = "einsum",
    inputs: Collection[str] = (),
    structure: str = "dense",
    name: str = "",
    label: str = "result",
) -> str:
    """The source of one function that computes a term.

    Parameters
    ----------
    term: what to compute; it holds no derivative.
    axes: the order of the result's axes; along an axis that the term lacks the result is constant.
    sheet: the definitions; those that the term uses are computed on the way.
    backend: "einsum" (made to be read), "numpy" (made to be fast), "numba" (loops), "jax", "torch" or "dask".
    inputs: defined tensors that become arguments instead of being computed.
    structure: "dense", or "compressed": the array without the deltas that link its axes.
    name: of the function. label: what the docstring calls the result.
    """
    return prepare({label: (term, axes)}, sheet, backend, inputs, structure, name).write().source


def generate_many(
    targets: Targets,
    sheet: Sheet,
    backend: str = "einsum",
    inputs: Collection[str] = (),
    structure: str = "dense",
    name: str = "",
) -> str:
    """The source of one function that computes several terms in one program and returns a tuple of them."""
    return prepare(targets, sheet, backend, inputs, structure, name).write().source


def compile(
    term: Term,
    axes: Axes,
    sheet: Sheet,
    backend: str = "numpy",
    inputs: Collection[str] = (),
    structure: str = "dense",
    name: str = "",
    label: str = "result",
) -> Function:
    """A callable that computes a term; the parameters are those of `generate`.

    It takes the leaves of the sheet as keywords, named as there, and returns an array, a number for a term without
    axes, or a `Structured` if the structure is "compressed". What does not fit is an IndexcalcError before anything is
    computed.
    """
    job = prepare({label: (term, axes)}, sheet, backend, inputs, structure, name)
    return _function(job, _given(sheet, inputs), structure == "compressed", many=False)


def compile_many(
    targets: Targets,
    sheet: Sheet,
    backend: str = "numpy",
    inputs: Collection[str] = (),
    structure: str = "dense",
    name: str = "",
) -> Function:
    """A callable that computes several terms in one program; it returns a dict with the names of the targets."""
    job = prepare(targets, sheet, backend, inputs, structure, name)
    return _function(job, _given(sheet, inputs), structure == "compressed", many=True)


def _function(job: Job, known: dict[str, tuple[Range, ...]], compressed: bool, many: bool) -> Function:
    """The callable of a job: that of its target, or the usual one."""
    make = target_of(job.backend).make or Function
    function: Function = make(job, known, compressed, many)
    return function


def _given(sheet: Sheet, inputs: Collection[str]) -> dict[str, tuple[Range, ...]]:
    """The tensors that may be given, with the ranges of their slots."""
    return {name: sheet.slots.get(name, ()) for name in (*sheet.leaves, *inputs)}
