"""The source of a function: its head, its docstring, and what the pen writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pkgutil import iter_modules
from textwrap import wrap
from typing import Any

from indexcalc.codegen import targets
from indexcalc.codegen.passes.associate import associated, has_chain
from indexcalc.codegen.passes.environments import may_share, with_environments
from indexcalc.codegen.passes.factorised import factorised
from indexcalc.codegen.preparing.cofactors import with_cofactors
from indexcalc.codegen.programs.order import in_pairs, opened, usual_size
from indexcalc.codegen.programs.program import Program, Result, Value
from indexcalc.codegen.programs.schedule import Targets, schedule
from indexcalc.codegen.writing.checking import check
from indexcalc.codegen.writing.constants import check_constants
from indexcalc.codegen.writing.names import Names
from indexcalc.codegen.writing.pen import Target
from indexcalc.codegen.writing.signature import Argument, Signature, signature
from indexcalc.codegen.writing.sizes import Sizes
from indexcalc.errors import IndexcalcError
from indexcalc.notation.writing.text import write
from indexcalc.sheet import Definition, Sheet
from indexcalc.terms import Call, Index, Range, Tensor, Term
from indexcalc.walk import parts

BACKENDS = tuple(sorted(module.name for module in iter_modules(targets.__path__)))
STRUCTURES = ("dense", "compressed")
WIDTH = 100
MOST_AXES = 64
LONGEST_COMMENT = 94
LONGEST_NAME = 40  # of a function whose name is made from what it computes


@dataclass(frozen=True, slots=True)
class Code:
    """The source of one function, its name, what it takes and returns, and the program that was written.

    check: the lines of the source that check the arguments.
    """

    source: str
    name: str
    signature: Signature
    results: tuple[Result, ...]
    program: Program
    check: str = ""

    @property
    def unchecked(self) -> str:
        """The source for callers that have checked the arguments and made one type of them; lines stay in place."""
        return self.source.replace(self.check, "\n" * self.check.count("\n"), 1) if self.check else self.source


@dataclass(frozen=True)
class Job:
    """What to write: a program for terms, in the words of a sheet, for a target.

    wanted: for each result (under the name that the docstring gives it) its term and its axes. name: of the function;
    made from the first result if empty. sizes: those to plan for, as far as they are known. inputs, structure: as the
    program was made with them. spread: for a range the axis of a mesh of devices (see `spreading`).
    """

    program: Program
    wanted: Targets
    sheet: Sheet
    backend: str
    name: str = ""
    sizes: Mapping[Range, int] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    structure: str = "dense"
    spread: Mapping[Range, str] = field(default_factory=dict)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled without the program, which is made anew: its chain of values may be longer than pickle can follow."""
        sheet = replace(self.sheet, source=None)
        own = dict(self.wanted), sheet, self.backend, self.inputs, self.structure, self.name, self.sizes, self.spread
        return _again, own

    def size(self, range: Range) -> int:
        """The size to plan with."""
        return self.sizes.get(range) or usual_size(range)

    @property
    def has_choice(self) -> bool:
        """Whether the code depends on sizes."""
        target = target_of(self.backend)
        if any(map(target.chooses, self.program.values)):
            return True
        return target.associates and (has_chain(self.program) or may_share(self.program))

    def write(self, size: Callable[[Range], int] | None = None, is_checked: bool = True) -> Code:
        """The code; what is multiplied first is chosen by the sizes of ranges, those of the job by default.

        is_checked: whether the function checks its arguments.
        """
        size = size or self.size
        target = target_of(self.backend)
        program = opened(self.program)
        if target.associates and self.has_choice:
            program = associated(program, size, target.is_split)
        for improved in target.passes:
            program = improved(program, size)
        program = with_environments(program, size) if target.associates else program
        split = target.splits
        program = in_pairs(program, size, split) if any(map(split, program.values)) else program
        program = factorised(program, self.sheet, size, target.has_factors)
        _check_axes(program)
        pen_of = _spreading().SpreadPen if self.spread else target.pen
        names = Names(target.reserved | pen_of.reserved)
        name = names.take(self.name or function_name(next(iter(self.wanted))))
        takes = signature(self.program, self.sheet, names)
        sizes = Sizes(takes, names)
        given = {each.name: each.identifier for each in takes.arguments}
        dtype = _type(takes)
        pen = pen_of(program, target.table, names, given, sizes, _Comments(self.sheet, program), dtype, size)
        pen.spread = self.spread
        body = pen.write()
        looked = _looked_up(takes, pen.size)
        docstring = _docstring(program, takes, self.wanted, self.sheet)
        checks = _indented(check(takes) if is_checked else [])
        parameters = ", ".join(_parameter(each) for each in takes.arguments)
        lines = _indented(pen.wrapped([*sizes.lines(), *looked, *body], takes.arguments))
        function = f"def {name}({parameters}):\n{_indented(docstring)}{checks}{lines}"
        source = target.complete("\n\n".join(filter(None, (pen.before, function))))
        return Code(source, name, takes, program.results, program, checks)


def prepare(
    wanted: Targets,
    sheet: Sheet,
    backend: str = "einsum",
    inputs: Collection[str] = (),
    structure: str = "dense",
    name: str = "",
    sizes: Mapping[str, int] | None = None,
    sharding: Mapping[str, str] | None = None,
) -> Job:
    """The job of computing terms in one function.

    Parameters
    ----------
    wanted: for each result (under the name that the docstring gives it) its term and its axes.
    sheet: the definitions; those that the terms use are computed on the way.
    backend: the name of a target, or "auto" for one that is still to choose.
    inputs: defined tensors that become arguments instead of being computed.
    structure: "dense", or "compressed": the array without the deltas that link its axes.
    name: of the function; made from the first result if empty.
    sizes: those to plan for, by the name of a size or of an index.
    sharding: for jax, the axis of a mesh of devices over which an index or a size is spread, by its name.
    """
    _check_choice("backend", backend, (*BACKENDS, "auto"))
    _check_choice("structure", structure, STRUCTURES)
    targets, grown = with_cofactors(wanted, sheet)
    program = schedule(targets, grown, inputs, structure == "compressed")
    check_constants(program, sheet)
    ranges = dict.fromkeys(index.range for index in program.indices)
    planned = sheet.sizes_of(ranges, sizes or {})
    spread = _spreading().spread_ranges(sheet, ranges, sharding, backend) if sharding else {}
    return Job(program, wanted, sheet, backend, name, planned, tuple(inputs), structure, spread)


def _spreading() -> Any:
    """What spreads arrays over devices; it is loaded where that is wanted."""
    return import_module("indexcalc.codegen.spreading")


def _again(
    wanted: Targets,
    sheet: Sheet,
    backend: str,
    inputs: Collection[str],
    structure: str,
    name: str,
    sizes: Mapping[Range, int],
    spread: Mapping[Range, str],
) -> Job:
    """A job that was pickled."""
    return replace(prepare(wanted, sheet, backend, inputs, structure, name), sizes=sizes, spread=spread)


def target_of(backend: str) -> Target:
    """What the module of a target says of itself."""
    target: Target = import_module(f"{targets.__name__}.{backend}").TARGET
    return target


def function_name(label: str) -> str:
    """A name for the function that computes what a label says: diff(CE, w[t,s]) gives diff_CE_w."""
    words = re.findall(r"\w+", re.sub(r"\[[^\[\]]*\]", " ", label))
    text = "_".join(words)
    if not words or not text.isidentifier() or len(text) > LONGEST_NAME:
        return "compute"
    return text if len(words) > 1 else f"compute_{text}"


def _check_choice(what: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise IndexcalcError(f"there is no {what} {value!r}", f"Choose one of {', '.join(choices)}")


def _check_axes(program: Program) -> None:
    most = max((len(value.axes) for value in program.values), default=0)
    if most > MOST_AXES:
        raise IndexcalcError(
            f"an array would have {most} axes; numpy takes {MOST_AXES}", "Ask for a part of the result"
        )


def _looked_up(takes: Signature, size: Callable[[Range], str]) -> list[str]:
    """The statements that make whole numbers of what says places, where all of them are there."""
    return [
        f'{each.identifier} = check_places({each.identifier}, "{each.name}", {size(each.looked)})'
        for each in takes.arguments
        if each.looked is not None
    ]


def _type(takes: Signature) -> str:
    """The expression for the type of the results: that of an argument, since all have the same."""
    arguments = [each for each in takes.arguments if not (each.size or each.is_function or each.looked)]
    first = next((each for each in arguments if each.ranges), arguments[0] if arguments else None)
    return f"{first.identifier}.dtype" if first else "float"


def _indented(lines: Sequence[str]) -> str:
    return "".join(f"    {line}".rstrip() + "\n" for line in lines)


def _parameter(argument: Argument) -> str:
    return f"{argument.identifier}=np.pi" if argument.is_pi else argument.identifier


class _Comments:
    """What stands over a statement: the formula of its value, in the words of the sheet where it is a definition."""

    def __init__(self, sheet: Sheet, program: Program) -> None:
        self.sheet, self.program = sheet, program
        self.results = {result.use.value for result in program.results}
        self.formulas: dict[Value, str] = {}

    def __call__(self, value: Value, name: str) -> str:
        defined = self.program.names.get(value)
        if defined is not None:
            definition = self.sheet.definitions[defined]
            text = self._equation(value, Tensor(defined, definition.axes), definition.body)
            text = text if len(text) <= LONGEST_COMMENT else f"{text[: LONGEST_COMMENT - 3]}..."
            is_moved = set(value.axes) == set(definition.axes) and value.axes != definition.axes
            return f"{text}, kept as {write(Tensor(defined, value.axes), self.sheet)}" if is_moved else text
        if value.formula is None or value in self.results:
            return ""
        if any(" " in symbol for symbol in value.formula.symbols) or any("~" in each.name for each in value.axes):
            return ""
        text = self._equation(value, Tensor(name, value.axes), value.formula)
        return text if len(text) <= LONGEST_COMMENT else ""

    def _equation(self, value: Value, left: Tensor, right: Term) -> str:
        """The equation; nothing if it is much too long, since to write all of these out would take a square of time."""
        if value not in self.formulas:
            self.formulas[value] = "" if _is_longer(right, LONGEST_COMMENT) else write(right, self.sheet)
        return f"{write(left, self.sheet)} = {self.formulas[value]}" if self.formulas[value] else ""


def _is_longer(term: Term, most: int) -> bool:
    """Whether the text of a term has more tensors and functions than that."""
    pending, count = [term], 0
    while pending and count <= most:
        each = pending.pop()
        count += isinstance(each, Tensor | Call)
        pending += parts(each)
    return count > most


def _docstring(program: Program, takes: Signature, wanted: Targets, sheet: Sheet) -> list[str]:
    """Formula, shapes of the arguments, axes of the results."""
    formulas = []
    for result in program.results:
        term, axes = wanted[result.name]
        left = f"{result.name}{_bracketed(axes)}" if result.name.isidentifier() else result.name
        formulas.append(wrap(f"{left} = {write(term, sheet)}", WIDTH - 8, subsequent_indent="    "))
    arguments = [f"{each.identifier}: {_describe(each)}" for each in takes.arguments]
    returns = [f"Returns {_returned(result)}." for result in program.results]
    for definition in _inlined(program, takes, wanted, sheet):
        text = f"{write(Tensor(definition.name, definition.axes), sheet)} = {write(definition.body, sheet)}"
        formulas.append(wrap(text, WIDTH - 8, subsequent_indent="    "))
    first, *rest = (_escaped(line) for formula in formulas for line in formula)
    lines = [f'"""{first}', *rest, "", *map(_escaped, arguments), *returns]
    return [*lines, '"""']


def _inlined(program: Program, takes: Signature, wanted: Targets, sheet: Sheet) -> list[Definition]:
    """The definitions that the code uses without naming them."""
    known = {*program.names.values(), *(each.name for each in takes.arguments)}
    symbols = {name for term, _ in wanted.values() for name in term.symbols}
    return [each for each in sheet.in_order if each.name not in known and sheet.depends(symbols, each.name)]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def _bracketed(axes: tuple[Index, ...]) -> str:
    return f"[{','.join(map(repr, axes))}]" if axes else ""


def _describe(argument: Argument) -> str:
    original = "" if argument.name == argument.identifier else f" (`{argument.name}` in the sheet)"
    if argument.size is not None:
        return f"a size{original}"
    if argument.is_function:
        return f"a function, element by element{original}"
    if not argument.ranges:
        return f"a number{original}"
    return f"array of shape {_shape(argument.ranges)}{original}"


def _shape(ranges: tuple[Range, ...]) -> str:
    words = [each.label if each.size is None else str(each.size) for each in ranges]
    return f"({words[0]},)" if len(words) == 1 else f"({', '.join(words)})"


def _returned(result: Result) -> str:
    if result.pattern != result.axes:
        kept = tuple(dict.fromkeys(index for index in result.pattern if index.place is None))
        core = tuple(index for index in kept if index in result.use.axes)
        whole, place = _bracketed(result.axes), _bracketed(result.pattern)
        return f"an array with axes {_bracketed(core) or '[]'}, the part of {whole} at {place}"
    if not result.axes:
        return "a number"
    return f"an array with axes {_bracketed(result.axes)}, of shape {_shape(tuple(axis.range for axis in result.axes))}"
