"""Random problems on every target, with every type and layout of arrays, by hand:

    python -m tests.target_campaign --count 200
    python -m tests.target_campaign --start 17 --count 1 --backends numba,torch

Each problem is derived, and its code is run as the generated file and as the compiled function, for all targets that
are installed. What comes out must have the numbers of the reference evaluator and the type that the arguments promote
to; sizes that do not fit must be errors that name an argument. The exit status is 1 if there is a failure.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from inspect import signature
from typing import Any

import numpy as np

import indexcalc as ic
from indexcalc.codegen.writing.names import identifier
from indexcalc.verify.evaluator import World
from indexcalc.verify.reference import Reference
from indexcalc.verify.samples import on_kink, sample
from indexcalc.verify.verification import arguments
from tests.codegen.backends import function_of_file
from tests.strategies import random_problem

BACKENDS = {"einsum": "numpy", "numpy": "numpy", "numba": "numba", "jax": "jax", "torch": "torch", "dask": "dask"}
LARGEST = 20_000  # elements of a result
CLOSE = {np.dtype(np.float64): 1e-7, np.dtype(np.float32): 2e-2}
Array = np.ndarray[Any, np.dtype[Any]]


def strided(array: Array) -> Array:
    """The same numbers, each with room behind it along every axis."""
    room = np.full([2 * size for size in array.shape], 99, array.dtype)
    view = room[tuple(slice(None, None, 2) for _ in array.shape)]
    view[...] = array
    return view


def backwards(array: Array) -> Array:
    """The same numbers, stored from the last to the first along every axis."""
    turn = tuple(slice(None, None, -1) for _ in array.shape)
    return array[turn].copy()[turn]


LAYOUTS: dict[str, Callable[[Array], Any]] = {
    "C": np.ascontiguousarray,
    "Fortran": np.asfortranarray,
    "strided": strided,
    "backwards": backwards,
    "foreign": lambda array: array.astype(array.dtype.newbyteorder("S")),
    "read-only": lambda array: np.broadcast_to(array, array.shape),
}
TYPES = ("float64", "float32", "int", "list", "mixed")


def check(seed: int, backends: tuple[str, ...]) -> Iterator[str]:
    """Everything that must hold of one problem; yields what does not."""
    problem = random_problem(seed)
    result = ic.derive(problem.sheet, problem.target)
    world = sample(result.sheet, [result.target.term], max(seed, 0), signed=problem.signed)
    if on_kink(world, [result.target.term]):
        return
    worlds = {"float64": world, "list": world, "float32": _with(world, lambda x: x.astype(np.float32).astype(float))}
    if not result.sheet.facts:
        whole = _with(world, lambda x: np.where(x < 0, np.floor(x), np.ceil(x)))
        worlds |= {"int": whole, "mixed": whole}
    worlds = {kind: each for kind, each in worlds.items() if not on_kink(each, [result.target.term])}
    true = {kind: Reference(each).array(result.target.term, result.derived.axes) for kind, each in worlds.items()}
    if true["float64"].size > LARGEST:
        return
    for backend in backends:
        try:
            functions = {"file": _file(result, backend), "compiled": result.compile(backend=backend)}
        except ic.IndexcalcError as error:
            if "cannot take the function" in str(error):
                continue
            raise
        given = arguments([result.target.term], world, functions["compiled"])
        taken = signature(functions["file"]).parameters
        for number, (kind, each) in enumerate(worlds.items()):
            layout = list(LAYOUTS)[(seed + number) % len(LAYOUTS)]
            values = arguments([result.target.term], each, functions["compiled"])
            values, expected = _typed(values, kind, layout, {name for name in values if identifier(name) in taken})
            for what, function in functions.items():
                where = f"{backend} {what} {kind} {layout}"
                own = {identifier(name): value for name, value in values.items() if identifier(name) in taken}
                yield from _compare(where, function, own if what == "file" else values, true[kind], expected)
        own = {identifier(name): value for name, value in given.items() if identifier(name) in taken}
        yield from _misfits(backend, functions["file"], own)


def _with(world: World, change: Callable[[Array], Array]) -> World:
    return replace(world, arrays={name: change(np.asarray(array, float)) for name, array in world.arrays.items()})


def _typed(
    values: dict[str, Any], kind: str, layout: str, taken: set[str]
) -> tuple[dict[str, Any], np.dtype[Any]]:
    """The arguments in a type and a layout, and the type of the result, to which those that are taken promote."""
    made, is_first = dict[str, Any](), True
    for name, value in values.items():
        if np.ndim(value) == 0:
            made[name] = value
            continue
        array = np.asarray(value, float)
        if kind == "list":
            made[name] = array.tolist()
            continue
        dtype = {"int": np.int64, "mixed": np.int64 if is_first else np.float32}.get(kind, kind)
        is_whole = dtype != np.int64 or (array == np.floor(array)).all()  # else a definition that is given
        made[name] = LAYOUTS[layout](array.astype(dtype if is_whole else float))
        is_first = False
    types = [made[name].dtype for name in taken if isinstance(made[name], np.ndarray)]
    single = bool(types) and all(each.newbyteorder("=") == np.float32 for each in types)
    return made, np.dtype(np.float32 if single else np.float64)


def _file(result: ic.Derivation, backend: str) -> Callable[..., Any]:
    """The function of a generated file."""
    function: Callable[..., Any] = function_of_file(result.code(backend=backend))
    return function


def _compare(
    where: str, function: Any, given: dict[str, Any], true: Array, expected: np.dtype[Any]
) -> Iterator[str]:
    if not np.isfinite(true).all():
        return
    try:
        found = function(**given)
        found = np.asarray(found.detach().numpy() if hasattr(found, "detach") else found)
    except Exception as error:
        yield f"{where}: {type(error).__name__}: {error}"
        return
    if found.shape != true.shape:
        yield f"{where}: shape {found.shape} instead of {true.shape}"
    elif found.dtype != expected:
        yield f"{where}: type {found.dtype} instead of {expected}"
    else:
        scale = max(1.0, float(np.abs(true).max(initial=0)))
        error = float(np.abs(found - true).max(initial=0)) / scale
        if not error <= CLOSE[expected]:
            yield f"{where}: the numbers differ by {error:.3g}"


def _misfits(backend: str, function: Any, given: dict[str, Any]) -> Iterator[str]:
    """Arrays with an axis too many are refused, for each argument."""
    for name, value in given.items():
        if callable(value) or isinstance(value, int):
            continue
        wrong = {**given, name: np.asarray(value)[None]}
        try:
            function(**wrong)
        except ValueError as error:
            if str(error).startswith(f"{name} has the axes ("):
                continue
            yield f"{backend} file: {error}"
        except Exception as error:
            yield f"{backend} file: {type(error).__name__}: {error}"
        else:
            yield f"{backend} file: {name} may have an axis too many"


def main() -> int:
    """Run the seeds asked for and report."""
    parser = argparse.ArgumentParser(description="Random problems on every target, with every type and layout.")
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--backends", default=",".join(BACKENDS), help="names, with commas between them")
    options = parser.parse_args()
    backends = tuple(name for name in options.backends.split(",") if find_spec(BACKENDS[name]))
    if "jax" in backends:
        import jax

        jax.config.update("jax_enable_x64", True)
    failed = 0
    for seed in range(options.start, options.start + options.count):
        with np.errstate(all="ignore"):
            messages = list(check(seed, backends))
        failed += bool(messages)
        for message in messages:
            print(f"seed {seed}: {' '.join(message.split())[:300]}", flush=True)
    print(f"{options.count - failed} of {options.count} problems right on {', '.join(backends)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
