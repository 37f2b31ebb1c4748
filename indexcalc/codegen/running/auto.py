"""The choice of a target: the one that takes the least time for the given sizes, by the cost model (`work`).

    numpy's arrays          numpy, numba, jax (compiled), torch: the fastest of those that are installed
    arrays of a library     the target of that library, whatever the sizes

jax takes part only where it computes in the type of the arrays: float64 needs jax_enable_x64. What is chosen for arrays
of numpy gives arrays of numpy. A choice is made when sizes are given, else by the shapes of a call, once for each.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from threading import RLock
from typing import Any

import numpy as np

from indexcalc.codegen.programs.ops import At, Fits, Scan
from indexcalc.codegen.programs.order import usual_size
from indexcalc.codegen.programs.work import seconds, work_of
from indexcalc.codegen.running.kept import load_kept
from indexcalc.codegen.running.run import Function, Known, load
from indexcalc.codegen.source import Code, Job, target_of
from indexcalc.terms import Range

CANDIDATES = ("numpy", "numba", "jax", "torch")
LIBRARIES = {"dask": "dask", "jax": "jax", "jaxlib": "jax", "torch": "torch"}  # by the package of a type
SINGLE, DOUBLE = np.dtype(np.float32), np.dtype(np.float64)
_CHOOSING = RLock()  # for all functions, since a function with a lock of its own could not be pickled
SizeOfRange = Callable[[Range], int]


@dataclass(frozen=True)
class Choice:
    """A target, the seconds that the model expects of each candidate, and the sizes that it was made for."""

    backend: str
    times: Mapping[str, float]
    sizes: Mapping[str, int]

    def __str__(self) -> str:
        others = [f"{name} {_shown(self.times[name])}" for name in self.times if name != self.backend]
        sizes = ", ".join(f"{label} = {size}" for label, size in self.sizes.items())
        words = f"{self.backend}: about {_shown(self.times[self.backend])} a call" + (f" for {sizes}" if sizes else "")
        return f"{words}; {', '.join(others)}" if others else f"{words}; no other target can be used"


def _shown(time: float) -> str:
    return f"{time * 1e6:.3g} us" if time < 1e-3 else f"{time * 1e3:.3g} ms"


def usable(dtype: np.dtype[Any] = DOUBLE) -> list[str]:
    """The candidates that are installed and compute in this type; numpy does in any."""
    found = [name for name in CANDIDATES if find_spec(name) and (name == "numpy" or dtype in (SINGLE, DOUBLE))]
    return [name for name in found if name != "jax" or dtype != DOUBLE or _has_double()]


def _has_double() -> bool:
    """Whether jax computes with float64; it is not loaded to find out."""
    if "jax" in sys.modules:
        return bool(sys.modules["jax"].config.jax_enable_x64)
    return os.environ.get("JAX_ENABLE_X64", "").lower() in ("1", "true", "yes", "on")


def choose(job: Job, size: SizeOfRange, dtype: np.dtype[Any] = DOUBLE) -> Choice:
    """The target of the least expected time for these sizes, in arrays of this type."""
    # Of loops and views the model knows nothing.
    names = ["numpy"] if any(isinstance(each.op, At | Fits | Scan) for each in job.program.values) else usable(dtype)
    codes = {name: replace(job, backend=name).write(size) for name in names}
    takes = codes["numpy"].signature
    if any(argument.is_function for argument in takes.arguments):
        codes = {"numpy": codes["numpy"]}  # only numpy calls functions of Python
    times = {name: seconds(name, work_of(code.program, size)) for name, code in codes.items()}
    ranges = dict.fromkeys(range for argument in takes.arguments for range in argument.ranges)
    sizes = {range.label: size(range) for range in ranges if range.size is None}
    return Choice(min(times, key=lambda name: times[name]), dict(sorted(times.items(), key=lambda t: t[1])), sizes)


def written(job: Job) -> str:
    """The source of a job; where its target is to be chosen, with the reason over it."""
    if job.backend != "auto":
        return job.write().source
    choice = choose(job, job.size)
    return f"# {choice}\n{replace(job, backend=choice.backend).write().source}"


def function_of(job: Job, known: Known, compressed: bool, many: bool) -> Function:
    """The callable of a job: that of its target, the usual one, or one that chooses."""
    if job.backend == "auto":
        choice = choose(job, job.size) if job.sizes else None
        return AutoFunction(replace(job, backend="numpy"), known, compressed, many, choice)
    return _maker(job.backend)(job, known, compressed, many)


def _maker(backend: str) -> Callable[..., Function]:
    """What makes the callable of a job for a target."""
    module = target_of(backend).runs
    make: Callable[..., Function] = import_module(f"{__package__}.{module}").make if module else Function
    return make


class AutoFunction(Function):
    """A compiled function whose target is chosen; `why` says which one and for what reason."""

    def __init__(self, job: Job, known: Known, compressed: bool, many: bool, choice: Choice | None = None) -> None:
        super().__init__(job, known, compressed, many)
        self._choice = choice
        self._libraries: dict[str, Function] = {}
        self.backend = choice.backend if choice else ""
        self.why = str(choice) if choice else "chosen on the first call, by the shapes of its arguments"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._job, dict(self._known), self._compressed, self._many, self._choice)

    def _run(self, sizes: Mapping[Range, int], dtype: np.dtype[Any]) -> tuple[Callable[..., Any], Code]:
        def size(range: Range) -> int:
            return sizes.get(range) or usual_size(range)

        choice = self._choice or choose(self._job, size, dtype)
        self.backend, self.why = choice.backend, str(choice)
        code = replace(self._job, backend=choice.backend).write(size)
        self.source = code.source
        if code.source not in self._runs:
            self._runs[code.source] = RUNS[choice.backend](code)
        return self._runs[code.source], code

    def _checked(self, sort: Any, given: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Any]:
        with _CHOOSING:  # else another thread might put its own choice beside this one's function
            make = super()._checked(sort, given)
            chosen = self.backend, self.why, self.source

        def again(given: Mapping[str, Any]) -> Any:
            with _CHOOSING:
                self.backend, self.why, self.source = chosen
            return make(given)

        if sort in self._makers:
            self._makers[sort] = again
        return again

    def _found(self, given: Mapping[str, Any]) -> Any:
        """The value of a call that is not like the last one; arrays of a library go to its target."""
        for value in given.values():
            library = LIBRARIES.get(type(value).__module__.partition(".")[0])
            if library:
                self.backend, self.why = library, f"{library}: its arrays were given"
                return self._of_library(library)(**given)
        return super()._found(given)

    def _of_library(self, name: str) -> Function:
        if name not in self._libraries:
            job = replace(self._job, backend=name)
            self._libraries[name] = _maker(name)(job, self._known, self._compressed, self._many)
        return self._libraries[name]


# ----- Code of other libraries on numpy's arrays -----------------------------------------------------------------


def _plain(code: Code) -> Callable[..., Any]:
    return load(code.unchecked, code.name)


def _numba(code: Code) -> Callable[..., Any]:
    return load_kept(code.unchecked, code.name) or _plain(code)


def _jax(code: Code) -> Callable[..., Any]:
    import jax

    static = [number for number, each in enumerate(code.signature.arguments) if each.size is not None]
    return partial(_called, jax.jit(load(code.unchecked, code.name), static_argnums=static), lambda value: value)


def _torch(code: Code) -> Callable[..., Any]:
    import torch

    def tensor(value: Any) -> Any:
        if not isinstance(value, np.ndarray):
            return torch.as_tensor(value) if isinstance(value, np.generic) else value
        is_plain = value.flags.writeable and all(stride >= 0 for stride in value.strides)
        return torch.from_numpy(value if is_plain else value.copy())

    return partial(_called, load(code.unchecked, code.name), tensor)


def _called(function: Callable[..., Any], taken: Callable[[Any], Any], *arguments: Any) -> Any:
    """The value of a function of another library, in arrays of numpy."""
    value = function(*map(taken, arguments))
    return tuple(map(_array, value)) if isinstance(value, tuple) else _array(value)


def _array(value: Any) -> Any:
    return value if isinstance(value, int | float) else np.asarray(value)[()]


RUNS: dict[str, Callable[[Code], Callable[..., Any]]] = {
    "numpy": _plain,
    "numba": _numba,
    "jax": _jax,
    "torch": _torch,
}
