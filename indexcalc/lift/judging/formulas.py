"""Code as a sheet: each name that is bound to an array is a definition, under its name."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from indexcalc.errors import IndexcalcError
from indexcalc.lift.arrays.array import Array
from indexcalc.lift.errors import LiftError, UnreadableError
from indexcalc.lift.judging.backward import stated_shapes
from indexcalc.lift.judging.lengths import shaped
from indexcalc.lift.judging.passes.gradients import called_with
from indexcalc.lift.judging.resized import resized
from indexcalc.lift.judging.results import as_result, default_library
from indexcalc.lift.reading.reader import Reader
from indexcalc.lift.reading.source import parsed
from indexcalc.lift.reading.values import Function, Listed, Ref, Value
from indexcalc.notation.reader import parse_sheet
from indexcalc.notation.writing import text
from indexcalc.sheet import Definition, Sheet
from indexcalc.terms import Index, Number, Range, Tensor, Term
from indexcalc.walk import substitute, subterms

RESULT = "result"


def lift(code: str, shapes: Mapping[str, Sequence[str | int]] | None = None) -> Sheet:
    """The sheet whose definitions are the arrays that code computes; the last one is called `result` if it has no name.

    shapes: the axes of the inputs, as names or numbers; those that comments or annotations state need not be given.
    Raises IndexcalcError, with the line, for code that is not understood.
    """
    try:
        tree = parsed(code)
        found = {**stated_shapes(code, tree), **(shapes or {})}
        leaves = {name: shaped(name, shape) for name, shape in found.items()}
        lifted = _Lifted(Reader(leaves, default_library(tree)), _tensors(leaves))
        lifted.read(tree)
        return lifted.sheet()
    except LiftError as error:
        remedy = "Give the shapes of the inputs, or the part of the code that computes the formula"
        raise IndexcalcError(str(error), remedy) from None
    except RecursionError:
        raise IndexcalcError("the code is nested too deeply", "Split it") from None


def _tensors(leaves: Mapping[str, Array]) -> dict[str, tuple[Range, ...]]:
    return {name: tuple(index.range for index in leaf.indices) for name, leaf in leaves.items()}


@dataclass
class _Lifted:
    reader: Reader
    slots: dict[str, tuple[Range, ...]]
    definitions: dict[str, Definition] = field(default_factory=dict)
    functions: int = 0

    def read(self, tree: ast.Module) -> None:
        """Go through the code, then through its only function if nothing else is computed."""
        self.reader.seen = self.seen
        last = tree.body[-1] if tree.body else None
        value: Value = None
        if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Constant):
            self.reader.block(tree.body[:-1])
            value = self.reader.value(last.value)
        else:
            self.reader.block(tree.body)
            functions = [each for each in self.reader.state.frame.names.values() if isinstance(each, Function)]
            if not self.definitions and functions:
                value = called_with(self.reader, functions[-1], {})
        items = value if isinstance(value, tuple) else (value,)
        for number, item in enumerate(items):
            if isinstance(item, Ref | Array) and not isinstance(self.reader.content(item), Listed):
                name = RESULT if len(items) == 1 else f"{RESULT}_{number + 1}"
                self._define(name, as_result(self.reader, item))
        if not self.definitions:
            raise UnreadableError("the code computes no array")

    def seen(self, node: ast.stmt, reader: Reader) -> None:
        """Give what a statement binds a name of the sheet, by which later formulas call it."""
        if reader.within or reader.depth > 1 or not isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            return
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if not isinstance(target, ast.Name):
            return
        value = reader.state.frame.names.get(target.id)
        if not isinstance(value, Ref) or value.path:
            return
        content = reader.content(value)
        if isinstance(content, Array):
            new = self._define(target.id, content)
            if new is not None:
                reader.state.store.cells[value.cell] = new

    def _define(self, name: str, value: Array) -> Array | None:
        """Define a name; the array that stands for it from then on. None for what needs no name."""
        plain = all(len(axis.factors) < 2 and axis.length is None for axis in value.axes)
        known = value.whole is not None or value.choice is not None or value.kind != "float"
        if name != RESULT and (
            not plain or known or value.hidden is not None or isinstance(value.term, Tensor | Number)
        ):
            return None
        if value.hidden is not None or not plain:
            raise UnreadableError(f"{name} is no array with an index for each axis")
        name = self._fresh(name)
        self.definitions[name] = Definition(name, value.indices, value.term)
        self.slots[name] = tuple(index.range for index in value.indices)
        return replace(value, term=Tensor(name, value.indices))

    def _fresh(self, name: str) -> str:
        wanted, number = name, 1
        while wanted in self.slots:
            number += 1
            wanted = f"{name}_{number}"
        return wanted

    def sheet(self) -> Sheet:
        """The definitions as a sheet that was read from its own text."""
        return parse_sheet(written_sheet(self.definitions, self.slots))


def written_sheet(definitions: Mapping[str, Definition], slots: Mapping[str, tuple[Range, ...]]) -> str:
    """The text of a sheet: the letters of each range, then the definitions."""
    taken = {*slots}
    ranges: dict[Range, int] = {}
    for definition in definitions.values():
        for each in _ranges_in(definition):
            ranges.setdefault(each, 0)
    names = {range: _size_name(range, taken) for range in ranges}
    taken |= {name.label for name in names.values()}
    first = {range: _initial(range, taken) for range in ranges}
    letters = {names[range]: _letters(first[range], taken) for range in ranges}
    new = {name: tuple(names.get(each, each) for each in found) for name, found in slots.items()}
    sheet = Sheet(
        letters={letter: range for range, each in letters.items() for letter in each}, slots=new, order=tuple(slots)
    )
    rows = []
    for definition in definitions.values():
        axes, body = _renamed(definition, names, letters)
        left = f"{definition.name}[{','.join(index.name for index in axes)}]" if axes else definition.name
        rows.append(f"{left} = {text.write(body, sheet, axes)}")
    used = set(re.findall(r"[^\W\d]\w*", "\n".join(rows)))
    heads = []
    for range, known in letters.items():
        own = [letter for letter in known if letter in used]
        heads += [f"index {', '.join(own)} : {range.label}"] if own else []
    return "\n".join([*heads, *rows]) + "\n"


FEWEST = 6  # letters of each range


def _ranges_in(definition: Definition) -> list[Range]:
    from indexcalc.terms import Size

    found = [axis.range for axis in definition.axes]
    found += sorted((index.range for index in definition.body.indices), key=lambda each: each.label)
    found += [each.range for each in subterms(definition.body) if isinstance(each, Size)]
    return list(dict.fromkeys(found))


def _size_name(range: Range, taken: set[str]) -> Range:
    """A range whose size has a name that is no letter and no tensor: n_b for b."""
    if range.size is not None:
        return range
    label = range.label if range.label.isidentifier() and not (len(range.label) == 1 and range.label.islower()) else ""
    label = label or f"n_{range.label}"
    while label in taken:
        label = f"n_{label}"
    return Range(label)


def _initial(range: Range, taken: set[str]) -> str:
    """The first letter of a range: its own initial, if that is free."""
    base = range.label.removeprefix("n_")[:1].lower()
    candidates = (*base, *"ijklpqrsuvwabcdfghmnotxyz")
    letter = next((each for each in candidates if each.isalpha() and each not in taken), f"i{len(taken)}")
    taken.add(letter)
    return letter


def _letters(first: str, taken: set[str]) -> list[str]:
    """Letters for a range, the first one given."""
    found = [first]
    for letter in "ijklpqrsuvwabcdfghmnotxyz":
        if letter not in taken and len(found) < FEWEST // 2:
            found.append(letter)
            taken.add(letter)
    number = 1
    while len(found) < FEWEST:
        found.append(f"{first}{number}")
        number += 1
    return found


def _renamed(
    definition: Definition, names: Mapping[Range, Range], letters: Mapping[Range, list[str]]
) -> tuple[tuple[Index, ...], Term]:
    """The axes and the body of a definition with the letters and the names of sizes of the sheet."""
    body = resized(definition.body, names)
    used: dict[Range, int] = {}
    axes = []
    renaming: dict[Index, Index] = {}
    for axis in definition.axes:
        range = names[axis.range]
        place = used.get(range, 0)
        used[range] = place + 1
        axes.append(Index(letters[range][place], range))
        renaming[Index(axis.name, range, axis.serial)] = axes[-1]
    return tuple(axes), substitute(body, renaming)
