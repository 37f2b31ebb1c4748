"""A piece of code beside formulas: what it gives the names of a sheet, against what the sheet says of them.

A name that the sheet defines is compared with its definition; `dW`, `grad_W` with the derivative by W of the sheet's
last number. Names that the code has not bound stand for the tensors and sizes of the sheet.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from indexcalc.audit.proving.proof import Verdict
from indexcalc.lift.arrays.array import Array, whole_number
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.errors import LiftError, UnreadableError
from indexcalc.lift.judging.changes import changed
from indexcalc.lift.judging.code import judged, verdict_of
from indexcalc.lift.judging.given import given_values
from indexcalc.lift.judging.naming import gradient_of
from indexcalc.lift.judging.results import default_library
from indexcalc.lift.reading.reader import Reader
from indexcalc.lift.reading.source import parsed
from indexcalc.lift.reading.values import Ref
from indexcalc.sheet import Sheet
from indexcalc.terms import Derivative, Index, Tensor, Term


@dataclass(frozen=True)
class Found:
    """A name that code binds: its line (from 1), the name, the formula that it is compared with, and the verdict."""

    line: int
    name: str
    formula: str
    verdict: Verdict


def check_cell(sheet: Sheet, code: str) -> list[Found]:
    """The verdicts on the names of code that a sheet speaks of, by line; empty where there are none."""
    try:
        tree = parsed(code)
        values, faults = _bound(sheet, tree)
    except LiftError as error:
        return [Found(error.line or 1, "", "", verdict_of(error))]
    except RecursionError:
        return [Found(1, "", "", Verdict("unreadable", "the code is nested too deeply"))]
    found = [_judged(sheet, name, line, value) for name, (line, value) in values.items()]
    found += [Found(line, name, "", verdict_of(error)) for name, (line, error) in faults.items() if name not in values]
    return sorted((each for each in found if each is not None), key=lambda each: each.line)


def _bound(sheet: Sheet, tree: ast.Module) -> tuple[dict[str, tuple[int, Array]], dict[str, tuple[int, LiftError]]]:
    """What the code binds to names that the sheet speaks of, and the errors on the way to others."""
    given: dict[str, Array] = given_values(sheet, {name: name for name in sheet.slots}, {})
    for range in sheet.letters.values():
        if range.named and range.label not in given and range.label.isidentifier():
            given[range.label] = whole_number(Whole.atom(range))
    reader = Reader(given, default_library(tree))
    values: dict[str, tuple[int, Array]] = {}
    faults: dict[str, tuple[int, LiftError]] = {}

    def seen(node: ast.stmt, reader: Reader) -> None:
        for name in changed(node):
            value = reader.state.frame.names.get(name)
            if reader.depth == 0 and isinstance(value, Ref) and isinstance(reader.content(value), Array):
                values[name] = node.lineno, reader.state.store.array(value)

    def failed(node: ast.stmt, error: LiftError) -> None:
        for name in changed(node):
            values.pop(name, None)
            faults[name] = node.lineno, error

    reader.seen, reader.lenient = seen, failed
    reader.block(tree.body)
    wanted = {name for name in (*values, *faults) if _formula(sheet, name) is not None}
    return (
        {name: each for name, each in values.items() if name in wanted},
        {name: each for name, each in faults.items() if name in wanted},
    )


Formula = tuple[Term, tuple[Index, ...], str]


def _formula(sheet: Sheet, name: str) -> Formula | None:
    """What a sheet says of a name: its term, its axes, and its text."""
    if name in sheet.definitions:
        axes = sheet.definitions[name].axes
        return Tensor(name, axes), axes, _element(name, axes)
    variable = gradient_of(name, list(sheet.slots))
    numbers = [each for each, definition in sheet.definitions.items() if not definition.axes]
    if variable is None or name in sheet.slots or not numbers:
        return None
    axes = _letters(sheet, variable)
    target = Derivative(Tensor(numbers[-1]), Tensor(variable, axes))
    return target, axes, f"diff({numbers[-1]}, {_element(variable, axes)})"


def _letters(sheet: Sheet, name: str) -> tuple[Index, ...]:
    """Letters for the slots of a tensor, each once."""
    taken: list[Index] = []
    for range in sheet.slots[name]:
        known = [Index(letter, range) for letter in sheet.letters_of.get(range, [])]
        free = next((each for each in known if each not in taken), None)
        taken.append(free or Index(f"i{len(taken) + 1}", range))
    return tuple(taken)


def _element(name: str, axes: tuple[Index, ...]) -> str:
    return f"{name}[{','.join(axis.name for axis in axes)}]" if axes else name


def _judged(sheet: Sheet, name: str, line: int, value: Array) -> Found | None:
    formula = _formula(sheet, name)
    if formula is None:
        return None
    term, axes, text = formula
    try:
        return Found(line, name, text, judged(term, axes, sheet, value))
    except UnreadableError as error:
        return Found(line, name, text, verdict_of(error))
