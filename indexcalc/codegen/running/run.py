"""Generated code as a callable: names, types and sizes are checked before anything is computed."""

from __future__ import annotations

import builtins
import linecache
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from importlib.util import find_spec
from itertools import count
from typing import Any

import numpy as np
from numpy import ndarray

from indexcalc.codegen.programs.order import usual_size
from indexcalc.codegen.programs.program import Result
from indexcalc.codegen.running.entry import is_quick, quick_entry
from indexcalc.codegen.running.singular import named_where_singular, refused_as_ours
from indexcalc.codegen.running.sizes import Sizes, counted, known
from indexcalc.codegen.running.structured import Structured
from indexcalc.codegen.running.threads import with_free_cores
from indexcalc.codegen.source import Code, Job
from indexcalc.codegen.writing.constants import is_risky
from indexcalc.codegen.writing.helpers import needs_scipy
from indexcalc.codegen.writing.names import identifier
from indexcalc.codegen.writing.signature import Argument, Signature
from indexcalc.errors import IndexcalcError
from indexcalc.reads import Read, check_reads
from indexcalc.terms import Range

Array = np.ndarray[Any, np.dtype[Any]]
Known = Mapping[str, tuple[Range, ...]]  # the tensors that may be given, with the ranges of their slots
_numbers = count(1)
DOUBLE = np.dtype(np.float64)


def load(source: str, name: str) -> Callable[..., Any]:
    """The function of this name in a source that indexcalc wrote; a traceback shows its lines."""
    file = f"<indexcalc {next(_numbers)}: {name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    if needs_scipy(source) and find_spec("scipy") is None:
        cause = "the code calls functions of scipy, which is not installed"
        raise IndexcalcError(cause, "pip install indexcalc[scipy]")
    space: dict[str, Any] = {}
    exec(builtins.compile(source, file, "exec"), space)
    function: Callable[..., Any] = space[name]
    return function


# The types of values whose type, for an array with its shape and dtype, says all that the code depends on. A number
# that was computed is one of numpy's: a loop that updates one must not be planned anew at each step.
KNOWN = frozenset({ndarray, float, int, np.float64, np.float32, np.int64, np.int32})


class Function:
    """A compiled function: it takes the leaves as keywords, named as in the sheet.

    source: its source. axes: for each result the names of its axes. arguments: the keywords that it needs.
    """

    def __init__(self, job: Job, known: Known, compressed: bool, many: bool) -> None:
        code = job.write()
        self.source, self.name = code.source, code.name
        self.axes = {result.name: tuple(map(repr, result.axes)) for result in code.results}
        self.arguments = tuple(argument.name for argument in code.signature.arguments)
        self._job, self._code, self._known = job, code, known
        self._compressed, self._many = compressed, many
        self._runs = {code.source: self._load(code)}
        self._makers: dict[Any, Callable[[Mapping[str, Any]], Any]] = {}  # how a call of a known sort is made
        self._entry: Callable[..., Any] = lambda **given: self._found(given)
        self.__doc__ = self._runs[code.source].__doc__

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as what it was made of."""
        return type(self), (self._job, dict(self._known), self._compressed, self._many)

    def _load(self, code: Code) -> Callable[..., Any]:
        """The function of code; the arguments are checked before it is called."""
        function = self.loaded(code.unchecked, code.name)
        return refused_as_ours(named_where_singular(function, code.unchecked), code.unchecked)

    loaded = staticmethod(load)

    def __repr__(self) -> str:
        return f"<{self.name}({', '.join(self.arguments)})>"

    def __call__(self, /, **given: Any) -> Any:
        """The results for these arguments: an array (or a number), a `Structured`, or a dict of several."""
        return self._entry(**given)

    def _found(self, given: Mapping[str, Any]) -> Any:
        """The value of a call that is not like the last one; the next one may be like it."""
        sort = (*given, *[(v.shape, v.dtype) if type(v) is ndarray else type(v) for v in given.values()])
        make = self._makers.get(sort) or self._checked(sort, given)
        return make(given)

    def _checked(self, sort: Any, given: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Any]:
        """How a call of a new sort is made; raises IndexcalcError if the arguments do not fit."""
        checks = Checks(self._code.signature, self._known, given, self._job.sheet.reads)
        arguments, sizes = checks.arguments(), checks.known_sizes
        run, code = self._run(sizes, checks.dtype)
        run = with_free_cores(run, code.program, lambda range: sizes.get(range) or usual_size(range))
        run = self._explained(run, sizes)
        pack = self._pack(sizes, checks.dtype)
        takes_size = any(each.size is not None for each in self._code.signature.arguments)  # its value decides
        is_known = all(type(value) in KNOWN or callable(value) for value in given.values())
        is_known = is_known and not takes_size
        quick = quick_entry(given, arguments, run, pack, self._found) if is_known and is_quick(given) else None

        def make(given: Mapping[str, Any]) -> Any:
            self._entry = quick or self._entry
            value = run(*[given[name] if cast is None else cast(given.get(name)) for name, cast in arguments])
            return value if pack is None else pack(value)

        if is_known:  # the shape of a list is not seen from its type
            self._makers[sort] = make
        return make

    def _run(self, sizes: Mapping[Range, int], dtype: np.dtype[Any]) -> tuple[Callable[..., Any], Code]:
        """The function with its operations in the best order for these sizes, in arrays of this type, and its code."""
        if not self._job.has_choice:
            return self._runs[self.source], self._code
        code = self._job.write(lambda range: sizes.get(range) or usual_size(range))
        if code.source not in self._runs:
            self._runs[code.source] = self._load(code)
        return self._runs[code.source], code

    def _explained(self, run: Callable[..., Any], sizes: Mapping[Range, int]) -> Callable[..., Any]:
        """The function, with an error in place of Python's where a number that is made of sizes is none."""
        if not is_risky(self._code.program):
            return run

        def explained(*arguments: Any) -> Any:
            try:
                return run(*arguments)
            except (ArithmeticError, ValueError) as error:
                if isinstance(error, ValueError) and not re.match("math |expected a ", str(error)):
                    raise
                words = ", ".join(f"{range.label} = {size}" for range, size in sizes.items() if range.size is None)
                cause = f"for the sizes {words} a number of the formula is none: {error}"
                raise IndexcalcError(cause, "Give arrays of other sizes") from None

        return explained

    def _pack(self, sizes: Mapping[Range, int], dtype: np.dtype[Any]) -> Callable[[Any], Any] | None:
        """What makes of the value of the generated code what was asked for."""
        results = self._code.results
        makers = [_structuring(each, sizes, dtype) if self._compressed else _number(each) for each in results]
        if not self._many:
            return makers[0]

        names, single = tuple(self.axes), len(results) == 1
        if not single and not any(makers):
            return lambda values: dict(zip(names, values, strict=True))

        def pack(value: Any) -> dict[str, Any]:
            values = zip(names, makers, (value,) if single else value, strict=True)
            return {name: each if make is None else make(each) for name, make, each in values}

        return pack


def _number(result: Result) -> Callable[[Any], Any] | None:
    """What makes a number a float, if the result is a number."""
    return None if result.axes else lambda value: float(value) if type(value) is int else value


def _structuring(result: Result, sizes: Mapping[Range, int], dtype: np.dtype[Any]) -> Callable[[Any], Any]:
    """What makes a reduced array a structured one."""
    kept = tuple(dict.fromkeys(index for index in result.pattern if index.place is None))
    core = tuple(repr(index) for index in kept if index in result.use.axes)
    pattern, axes = tuple(map(repr, result.pattern)), tuple(map(repr, result.axes))
    shape = tuple(sizes[axis.range] for axis in result.axes)

    def make(value: Any) -> Structured:
        is_ready = type(value) is ndarray and value.dtype is dtype
        return Structured(value if is_ready else np.asarray(value, dtype), core, pattern, axes, shape)

    return make


class Checks:
    """The checks of one call, and what they find out."""

    def __init__(
        self, takes: Signature, known: Known, given: Mapping[str, Any], reads: tuple[Read, ...] = ()
    ) -> None:
        self.takes, self.known, self.reads = takes, known, reads
        self.keywords: dict[str, str] = {}  # name in the sheet -> keyword
        self.values: dict[str, Any] = {}
        self.sizes: dict[Range, tuple[int, str]] = {}
        self.dtype = np.dtype(np.float64)
        spelled = {identifier(name): name for name in known} | {name: name for name in known}
        for each in takes.arguments:
            spelled |= {each.identifier: each.name, each.name: each.name}
        spelled.setdefault("pi", "pi")
        for keyword, value in given.items():
            if keyword not in spelled:
                raise _unknown(keyword, takes, spelled)
            self.keywords[spelled[keyword]] = keyword
            self.values[spelled[keyword]] = value

    @property
    def known_sizes(self) -> Mapping[Range, int]:
        """The sizes that the arguments have, and those that the text gives."""
        return Sizes({range: size for range, (size, _) in self.sizes.items()})

    def _check_reads(self) -> None:
        """The sizes that others give, and the elements at shifted places, which must exist."""
        sizes = self.known_sizes
        for range, (size, where) in self.sizes.items():
            if range.counts and all(known(each, sizes) for each in range.made_of) and size != counted(range, sizes):
                cause = f"{where} has {size} values, and the formula gives {counted(range, sizes)}"
                raise IndexcalcError(cause, "Give an array of that length")
        for read in self.reads:
            named = (*read.places, *(form for _, form in read.conditions))
            ranges = {each for form in named for each, _ in form.sizes} | {i.range for form in named for i in form.free}
            ranges |= {*read.axes, *(each for form in read.periods for each, _ in form.sizes)}
            if all(known(each, sizes) for each in ranges):  # else another call gives more
                check_reads([read], lambda range: sizes[range])

    def arguments(self) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
        """How to make the call; raises IndexcalcError if something is missing or does not fit."""
        functions = {each.name for each in self.takes.arguments if each.is_function}
        arrays = {name: _array(name, value) for name, value in self.values.items() if name not in functions}
        for name, array in arrays.items():
            self._check_shape(name, array)
        missing = [
            each for each in self.takes.arguments if each.name not in self.values and not self._can_do_without(each)
        ]
        if missing:
            names = ", ".join(_described(each) for each in missing)
            raise IndexcalcError(f"missing: {names}", "Give each as a keyword")
        self._check_places()
        self._check_reads()
        own = [each for each in self.takes.arguments if each.name in arrays and not (each.size or each.looked)]
        self.dtype = _common_type(
            [arrays[each.name] for each in own if each.ranges]
            or [arrays[each.name] for each in own if hasattr(self.values[each.name], "dtype")]
        )
        return tuple(self._argument(each, arrays, self.dtype) for each in self.takes.arguments)

    def _check_shape(self, name: str, array: Array) -> None:
        """The number of axes, and the size of each against those of other tensors."""
        argument = self.takes.argument(name)
        if argument is not None and argument.size is not None:
            self._check_size(argument.size, int(array), f"{name} is {array}")
            return
        ranges = self.known.get(name, ())
        expected = _expected(name, ranges)
        if array.ndim != len(ranges):
            raise IndexcalcError(f"{expected}; got an array of shape {array.shape}")
        for axis, (range, size) in enumerate(zip(ranges, array.shape, strict=True)):
            self._check_size(range, size, f"{expected}; got shape {array.shape}", f"axis {axis + 1} of {name}")

    def _check_places(self) -> None:
        """The places that the formula names must exist, and ranges have values where it needs one."""
        for range, place in self.takes.places.items():
            size, where = self.sizes.get(range, (range.size or place, ""))
            if size < place:
                raise IndexcalcError(f"the formula names place {place}, but {where} has only {size}")
        for range in self.takes.occupied:
            size, where = self.sizes.get(range, (1, ""))
            if not size:
                cause = f"the formula divides by the size {range.label}, or takes an extreme over it"
                raise IndexcalcError(f"{cause}, but {where} has no values", "Give arrays that hold something")

    def _check_size(self, range: Range, size: int, message: str, place: str = "") -> None:
        if range.size is not None and size != range.size:
            raise IndexcalcError(f"{message}, but {place} has {range.size} values")
        if range.same is not None:
            self._check_size(range.same, size, message, place)
        known, before = self.sizes.setdefault(range, (size, place or message))
        if known != size:
            raise IndexcalcError(f"{message}, but {range.label} is {known} by {before}")

    def _can_do_without(self, argument: Argument) -> bool:
        """Whether an argument may be left out: pi, a size seen elsewhere, a tensor wanted for known sizes only."""
        if argument.is_pi:
            return True
        if argument.size is not None:
            return argument.size in self.sizes
        wanted = (range for range, (source, _) in self.takes.sizes.items() if source is argument)
        return not (argument.is_read or argument.is_function) and all(range in self.sizes for range in wanted)

    def _argument(
        self, argument: Argument, arrays: Mapping[str, Array], dtype: np.dtype[Any]
    ) -> tuple[str, Callable[[Any], Any] | None]:
        """The keyword of an argument, and what makes of its value what the code takes; none if it is taken as it is."""
        keyword = self.keywords.get(argument.name, argument.name)
        if argument.is_function:
            return keyword, None
        if argument.size is not None:
            size = self.sizes[argument.size][0]
            return keyword, lambda value: size
        if argument.name not in arrays:
            if argument.ranges:
                shape = tuple(self.sizes.get(range, (1, ""))[0] for range in argument.ranges)
                stand_in = np.broadcast_to(dtype.type(0), shape)
                return keyword, lambda value: stand_in
            return keyword, lambda value: dtype.type(np.pi)
        if argument.looked is not None:
            return keyword, np.asarray
        if not argument.ranges:
            return keyword, dtype.type
        if self.values[argument.name] is arrays[argument.name] and arrays[argument.name].dtype == dtype:
            return keyword, None
        return keyword, lambda value: np.asarray(value, dtype)


def _array(name: str, value: Any) -> Array:
    """A value as an array of real numbers."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise IndexcalcError(f"{name} is no array: its rows differ in length") from None
    if array.dtype.kind not in "fiub":
        raise IndexcalcError(f"{name} must hold real numbers; got type {array.dtype}")
    return array


def _common_type(arrays: list[Array]) -> np.dtype[Any]:
    """The floating type that arrays promote to; integers count as float64, and so does having none."""
    kinds = [each.dtype.newbyteorder("=") if each.dtype.kind == "f" else DOUBLE for each in arrays]
    return np.result_type(*kinds) if kinds else DOUBLE


def _expected(name: str, ranges: tuple[Range, ...]) -> str:
    if not ranges:
        return f"{name} is a number"
    words = [each.label if each.size is None else str(each.size) for each in ranges]
    return f"{name} has the axes ({', '.join(words)}{',' if len(words) == 1 else ''})"


def _described(argument: Argument) -> str:
    if argument.size is not None or argument.is_function:
        return f"{argument.name} (a {'function' if argument.is_function else 'size'})"
    return f"{argument.name} {_expected(argument.name, argument.ranges).removeprefix(argument.name)}".replace("  ", " ")


def _unknown(keyword: str, takes: Signature, spelled: Mapping[str, str]) -> IndexcalcError:
    names = ", ".join(each.name for each in takes.arguments) or "none"
    close = get_close_matches(keyword, list(spelled), 1)
    hint = f"Did you mean {close[0]}" if close else f"It takes {names}"
    return IndexcalcError(f"the sheet has no tensor {keyword} that is to be given", hint)
