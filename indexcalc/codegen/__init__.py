"""From terms to code: a program of array operations, written for a target and run.

generate(term, axes, sheet, backend="einsum")   source of one function
compile(term, axes, sheet, backend="numpy")     a callable
schedule(targets, sheet)                        the program between the two
einsum_vjp("ij,jk->ik")                         the pullbacks of an einsum
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from indexcalc.codegen.programs.program import Axes, Program
from indexcalc.codegen.programs.schedule import Targets, schedule
from indexcalc.codegen.source import BACKENDS, STRUCTURES, Code, Job, prepare
from indexcalc.sheet import Sheet
from indexcalc.terms import Range, Term

if TYPE_CHECKING:
    from indexcalc.codegen.running.banded import Banded, BandedFunction
    from indexcalc.codegen.running.run import Function
    from indexcalc.codegen.running.structured import Structured
    from indexcalc.codegen.running.vjp import Pullback, einsum_vjp

Sizes = Mapping[str, int] | None
Sharding = Mapping[str, str] | None
# What runs code needs numpy, which takes time to load; writing code does not.
LAZY = {
    "Banded": "banded",
    "BandedFunction": "banded",
    "Function": "run",
    "Pullback": "vjp",
    "Structured": "structured",
    "einsum_vjp": "vjp",
}

__all__ = [
    "BACKENDS",
    "STRUCTURES",
    "Banded",
    "BandedFunction",
    "Code",
    "Function",
    "Job",
    "Program",
    "Pullback",
    "Structured",
    "compile",
    "compile_banded",
    "compile_many",
    "einsum_vjp",
    "generate",
    "generate_many",
    "prepare",
    "schedule",
]


def __getattr__(name: str) -> Any:
    """The names that need numpy."""
    if name not in LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.running.{LAZY[name]}"), name)


def generate(
    term: Term,
    axes: Axes,
    sheet: Sheet,
    backend: str = "einsum",
    inputs: Collection[str] = (),
    structure: str = "dense",
    name: str = "",
    label: str = "result",
    sizes: Sizes = None,
    sharding: Sharding = None,
) -> str:
    """The source of one function that computes a term.

    Parameters
    ----------
    term: what to compute; it holds no derivative.
    axes: the order of the result's axes; along an axis that the term lacks the result is constant.
    sheet: the definitions; those that the term uses are computed on the way.
    backend: "einsum" (made to be read), "numpy" (made to be fast), "numba" (loops), "jax", "torch", "dask", or "auto":
        the fastest of those that are installed, for the sizes.
    inputs: defined tensors that become arguments instead of being computed.
    structure: "dense", or "compressed": the array without the deltas that link its axes.
    name: of the function. label: what the docstring calls the result.
    sizes: those to plan for, by the name of a size or of an index; else the shapes of a call count.
    sharding: for jax, the axis of a mesh of devices over which an index or a size is spread, by its name.
    """
    return _written(prepare({label: (term, axes)}, sheet, backend, inputs, structure, name, sizes, sharding))


def generate_many(
    targets: Targets,
    sheet: Sheet,
    backend: str = "einsum",
    inputs: Collection[str] = (),
    structure: str = "dense",
    name: str = "",
    sizes: Sizes = None,
    sharding: Sharding = None,
) -> str:
    """The source of one function that computes several terms in one program and returns a tuple of them."""
    return _written(prepare(targets, sheet, backend, inputs, structure, name, sizes, sharding))


def compile(
    term: Term,
    axes: Axes,
    sheet: Sheet,
    backend: str = "numpy",
    inputs: Collection[str] = (),
    structure: str = "dense",
    name: str = "",
    label: str = "result",
    sizes: Sizes = None,
    sharding: Sharding = None,
) -> Function:
    """A callable that computes a term; the parameters are those of `generate`.

    It takes the leaves of the sheet as keywords, named as there, and returns an array, a number for a term without
    axes, or a `Structured` if the structure is "compressed". What does not fit is an IndexcalcError before anything is
    computed.
    """
    from indexcalc.codegen.running.auto import function_of

    job = prepare({label: (term, axes)}, sheet, backend, inputs, structure, name, sizes, sharding)
    return function_of(job, _given(sheet, inputs), structure == "compressed", many=False)


def compile_many(
    targets: Targets,
    sheet: Sheet,
    backend: str = "numpy",
    inputs: Collection[str] = (),
    structure: str = "dense",
    name: str = "",
    sizes: Sizes = None,
    sharding: Sharding = None,
) -> Function:
    """A callable that computes several terms in one program; it returns a dict with the names of the targets."""
    from indexcalc.codegen.running.auto import function_of

    job = prepare(targets, sheet, backend, inputs, structure, name, sizes, sharding)
    return function_of(job, _given(sheet, inputs), structure == "compressed", many=True)


def compile_banded(
    term: Term,
    axes: Axes,
    sheet: Sheet,
    backend: str = "numpy",
    inputs: Collection[str] = (),
    sizes: Sizes = None,
) -> BandedFunction | None:
    """A callable that computes the bands of a term, and returns a `Banded`; none if the term is not banded."""
    from indexcalc.codegen.programs.bands import bands_of

    bands = bands_of(term, axes)
    if bands is None:
        return None
    from indexcalc.codegen.running.banded import BandedFunction

    half = axes[: len(axes) // 2]
    targets = {f"band {' '.join(map(str, offset))}": (each, half) for offset, each in bands.items()}
    function = compile_many(targets, sheet, backend, inputs, "compressed", sizes=sizes)
    return BandedFunction(function, tuple(bands), tuple(map(repr, axes)))


def _written(job: Job) -> str:
    """The source of a job."""
    if job.backend != "auto":
        return job.write().source
    from indexcalc.codegen.running.auto import written

    return written(job)


def _given(sheet: Sheet, inputs: Collection[str]) -> dict[str, tuple[Range, ...]]:
    """The tensors that may be given, with the ranges of their slots."""
    return {name: sheet.slots.get(name, ()) for name in (*sheet.leaves, *inputs)}
