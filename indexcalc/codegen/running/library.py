"""Compiled functions of another array library: the same keywords and checks, with its own arrays in and out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from numbers import Real
from typing import Any

import numpy as np

from indexcalc.codegen.running.run import Checks, Function, Known, load
from indexcalc.codegen.running.singular import named_where_singular
from indexcalc.codegen.running.structured import Structured
from indexcalc.codegen.source import Code, Job
from indexcalc.codegen.writing.names import identifier
from indexcalc.codegen.writing.signature import Argument
from indexcalc.errors import IndexcalcError

Arrays = Sequence[Any]


@dataclass(frozen=True)
class Library:
    """What a compiled function must know of an array library.

    Parameters
    ----------
    name: the extra of indexcalc that brings it. module: what to import.
    array: makes an array of what a caller gives. kind: the common type of arrays (and what else an array is made with).
    cast: an array (or a number) with that type. zeros: an array of no interest, for its shape.
    numpy: an array as one of numpy.
    """

    name: str
    module: str
    array: Callable[[Any], Any]
    kind: Callable[[Arrays], Any]
    cast: Callable[[Any, Any], Any]
    zeros: Callable[[tuple[int, ...], Any], Any]
    numpy: Callable[[Any], Any] = np.asarray


def require(name: str, module: str) -> None:
    """Raise IndexcalcError if the library of a backend is missing; name: the extra of indexcalc that brings it."""
    root = module.partition(".")[0]
    if find_spec(root) is None:
        raise IndexcalcError(
            f"the backend {name} needs {root}, which is not installed", f"pip install indexcalc[{name}]"
        )
    import_module(module)


class LibraryFunction(Function):
    """A compiled function of a library's arrays, which may be traced ones; it is pure.

    Numbers, numpy's arrays and lists are taken too. The generated code itself brings all arrays to one type.
    """

    def __init__(self, library: Library, job: Job, known: Known, compressed: bool, many: bool) -> None:
        require(library.name, library.module)
        self.library = library
        super().__init__(job, known, compressed, many)

    def __call__(self, /, **given: Any) -> Any:
        """The results for these arguments: an array, a `Structured` on numpy's arrays, or a dict of several."""
        arrays = {keyword: self._array(keyword, value) for keyword, value in given.items()}
        stand_ins = {keyword: _stand_in(array) for keyword, array in arrays.items()}
        checks = Checks(self._code.signature, self._known, stand_ins, self._job.sheet.reads)
        checks.arguments()
        run = self._explained(self._run(checks.known_sizes, checks.dtype)[0], checks.known_sizes)
        real = (each for each in self._code.signature.arguments if each.looked is None)
        own = {checks.keywords.get(each.name, each.name) for each in real}
        typed = {keyword: value for keyword, value in arrays.items() if keyword in own and hasattr(value, "dtype")}
        kind = self.library.kind([value for value in typed.values() if value.ndim] or list(typed.values()))
        value = run(*[self._argument(each, checks, given, kind) for each in self._code.signature.arguments])
        if not self._compressed and not self._many:
            return self._result(value, kind)
        return self._results(value, checks, kind)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.library, self._job, dict(self._known), self._compressed, self._many)

    def _load(self, code: Code) -> Callable[..., Any]:
        return named_where_singular(load(code.source, code.name), code.source)

    @cached_property
    def _function_names(self) -> frozenset[str]:
        """The keywords of arguments that are functions."""
        functions = [each for each in self._code.signature.arguments if each.is_function]
        return frozenset(word for each in functions for word in (each.name, each.identifier, identifier(each.name)))

    def _array(self, keyword: str, value: Any) -> Any:
        """An argument as an array of the library; a number and a function as they are."""
        if keyword in self._function_names or isinstance(value, Real):
            return value
        try:
            return self.library.array(value)
        except (TypeError, ValueError) as error:
            raise IndexcalcError(f"{keyword} is no array: {error}") from None

    def _argument(self, argument: Argument, checks: Checks, given: Mapping[str, Any], kind: Any) -> Any:
        """What the code takes for an argument."""
        if argument.size is not None:
            return checks.sizes[argument.size][0]
        keyword = checks.keywords.get(argument.name, argument.name)
        if keyword in given:
            return given[keyword]
        if argument.ranges:
            return self.library.zeros(tuple(each.size or checks.sizes[each][0] for each in argument.ranges), kind)
        return math.pi

    def _result(self, value: Any, kind: Any) -> Any:
        """A result; one that is a number whatever the arguments are becomes an array too."""
        return self.library.cast(float(value), kind) if isinstance(value, int | float) else value

    def _results(self, value: Any, checks: Checks, kind: Any) -> Any:
        """The results as they were asked for."""
        results = self._code.results
        values = value if len(results) > 1 else (value,)
        if self._compressed:
            values = tuple(self.library.numpy(self.library.cast(each, kind)) for each in values)
            values = tuple(self._structured(place, each, checks.known_sizes) for place, each in enumerate(values))
        else:
            values = tuple(self._result(each, kind) for each in values)
        return dict(zip(self.axes, values, strict=True)) if self._many else values[0]

    def _structured(self, place: int, value: Any, sizes: Mapping[Any, int]) -> Structured:
        result = self._code.results[place]
        kept = tuple(dict.fromkeys(index for index in result.pattern if index.place is None))
        core = tuple(repr(index) for index in kept if index in result.use.axes)
        shape = tuple(sizes[axis.range] for axis in result.axes)
        return Structured(value, core, tuple(map(repr, result.pattern)), tuple(map(repr, result.axes)), shape)


def _stand_in(value: Any) -> Any:
    """What the checks look at instead of an array: numpy's, of the same shape, that takes no memory."""
    if isinstance(value, Real) or not hasattr(value, "shape"):
        return value
    if any(size != size for size in value.shape):
        raise IndexcalcError("an array has chunks of unknown sizes", "Call compute_chunk_sizes() on it")
    zero = np.complex128(0) if "complex" in str(value.dtype) else np.float64(0)
    return np.broadcast_to(zero, tuple(map(int, value.shape)))
