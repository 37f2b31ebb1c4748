"""The pen that writes a program as loops over elements, which are compiled, with matrix products in between.

The loops between two matrix products are a function of their own (`kernels`). Arrays that leave it are made outside,
where large ones take their memory in large pages; rows are made before the loops.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from indexcalc.codegen.loops.fusion import Loop, Step, Unit, written
from indexcalc.codegen.loops.kernels import Part, separated
from indexcalc.codegen.loops.loops import Plan, place_of
from indexcalc.codegen.loops.recurrences import recurrence
from indexcalc.codegen.programs.program import (
    Apply,
    Assemble,
    Axes,
    Einsum,
    Leaf,
    Map,
    Reduce,
    Scan,
    Scatter,
    Use,
    Value,
)
from indexcalc.codegen.writing.pen import ATOM, Pen, Text, is_mask
from indexcalc.errors import IndexcalcError
from indexcalc.terms import Index, Range, Tensor

START = {"max": "-np.inf", "min": "np.inf", "prod": "1.0", "sum": "0.0"}
STEP = {
    "max": "{0} = greater({0}, {1})",
    "min": "{0} = less({0}, {1})",
    "prod": "{0} *= {1}",
    "sum": "{0} += {1}",
}
Places = Mapping[Index, str]


class LoopPen(Pen):
    """Writes a program as loops over elements."""

    at: Places  # the variables of the loops around what is written
    is_whole: bool  # whether whole arrays are written, not elements

    def write(self) -> list[str]:
        """The statements of the function; its kernels go to `before`."""
        self._check_functions()
        self.begin()
        first = []
        is_number = self.dtype.removesuffix(".dtype") in self._scalars  # which has no type within a kernel
        if is_number or (self.dtype != "float" and any(isinstance(each.op, Scan) for each in self.program.values)):
            dtype = self.fresh.take("dtype")
            first, self.dtype = [f"{dtype} = {self.dtype}"], dtype
        parts = self._parts()
        returned = [self._returned(use, parts) for use in self.plan.results]
        rooms = [line for value in self.plan.outside for line in self._room(value)]
        arrays = [self.names[value] for value in self.plan.axes if self.plan.axes[value]]
        single = [value for value in self.plan.axes if not value.axes and not isinstance(value.op, Scan)]
        numbers = {*returned, *(self.names[value] for value in single)}.difference(self.recurrent)
        known = [*self.given.values(), *arrays, *self.recurrent, *self.sizes]
        known += [self.dtype] if self.dtype.isidentifier() and self.dtype != "float" else []
        kernels, calls = separated(parts, known, numbers.difference(arrays), returned, self.dtype, self.fresh)
        self.before = "\n\n".join([*self.inner, *(f"@njit\n{kernel}" for kernel in kernels)])
        return [*first, *rooms, *calls]

    def begin(self) -> None:
        """The plan, and names for what is stored."""
        self.plan = Plan(self.program, self.extent)
        self.at, self.is_whole = {}, False
        self.variables: dict[tuple[str, int], str] = {}
        self.totals: dict[Unit, str] = {}
        self.inner: list[str] = []  # the kernels of steps
        self.recurrent: list[str] = []  # the arrays of recurrences
        self.size = self._recorded(self.size)
        for value in (*(unit.value for unit in self.plan.paths), *self.plan.axes):
            if value not in self.names and not isinstance(value.op, Scan):
                self.names[value] = self._named(value)

    def inline(self) -> tuple[list[str], str]:
        """The statements within the loops of a recurrence, and the result; no product is left to BLAS."""
        parts = [line for group in self.plan.groups for line in self._steps(group, {})]
        rooms = [line for value in self.plan.axes for line in self._room(value, is_inside=True)]
        (use,) = self.plan.results
        result = self.names[use.value] if use.axes else self._operand_at(use, {})
        return [*rooms, *parts], result

    @property
    def _scalars(self) -> set[str]:
        """The names of the arguments without axes."""
        return {self.names[value] for value in self.program.values if isinstance(value.op, Leaf) and not value.axes}

    def _parts(self) -> list[Part]:
        """The kernels, with the room for the rows that they need, and the matrix products."""
        parts: list[Part] = []
        for group in self.plan.groups:
            first = group[0]
            if isinstance(first, Unit) and isinstance(first.value.op, Scan):
                parts += recurrence(self, first.value)
                continue
            if isinstance(first, Unit) and first.is_product:
                parts.append(Part(self.matrix_product(first.value), False))
                continue
            inside = [value for value in written(group) if value not in self.plan.outside]
            rooms = [line for value in inside for line in self._room(value)]
            parts.append(Part([*rooms, *self._steps(group, {})], True))
        return parts

    def _returned(self, use: Use, parts: list[Part]) -> str:
        """The name of a result; a number is computed at the end of the last kernel."""
        if use.axes:
            return self.names[use.value]
        text = self._operand_at(use, {})
        if use.value in self.names and not use.indices and not use.value.is_free:
            return text
        name = self.fresh.take("value")
        if not parts or not parts[-1].is_kernel:
            parts.append(Part([], True))
        parts[-1].lines.append(f"{name} = {text}")
        return name

    def _check_functions(self) -> None:
        for value in self.program.values:
            if isinstance(value.op, Map) and value.op.function in self.given:
                raise IndexcalcError(
                    f"code for numba cannot take the function {value.op.function} as an argument",
                    "Define it, or choose another backend",
                )

    # ----- Names and arrays ----------------------------------------------------------------------------------

    def _room(self, value: Value, is_inside: bool = False) -> list[str]:
        """The statement that makes the array of a value, if it has one."""
        axes = self.plan.axes[value]
        if not axes:
            return []
        dtype = "np.float64" if self.dtype == "float" else self.dtype
        kind = "np.zeros" if self._is_gathered(value) else "np.empty"
        if isinstance(value.op, Assemble | Scatter):
            kind = "zeros" if value in self.plan.outside and not is_inside else "np.zeros"
        return [f"{self.names[value]} = {kind}({self.shape(axes)}, {dtype})"]

    def _is_gathered(self, value: Value) -> bool:
        """Whether a sum is gathered over the outermost loop, so that its array has to hold zeros."""
        return any(
            unit.value is value and path and path[0].leads[unit] in unit.summed and isinstance(value.op, Einsum)
            for unit, path in self.plan.paths.items()
        )

    def _named(self, value: Value) -> str:
        name = self.program.names.get(value, "")
        if isinstance(value.op, Apply) and isinstance(value.formula, Tensor):
            name = value.formula.name
        return self.fresh.take(name) if name else self._new_name(value)

    def _new_name(self, value: Value) -> str:
        for result, use in zip(self.program.results, self.plan.results, strict=True):
            if use.value is value:
                return self.fresh.take(result.name if result.name.isidentifier() else "out")
        return self.fresh.numbered("t")

    def _recorded(self, size: Callable[[Range], str]) -> Callable[[Range], str]:
        """What gives the sizes of ranges, and writes down which are asked for."""
        self.sizes: dict[str, None] = {}

        def recorded(range: Range) -> str:
            text = size(range)
            self.sizes[text] = None
            return text

        return recorded

    # ----- Loops ---------------------------------------------------------------------------------------------

    def _steps(self, steps: Sequence[Step], outer: Mapping[Loop, str]) -> list[str]:
        lines: list[str] = []
        for step in steps:
            lines += self._loop(step, outer) if isinstance(step, Loop) else self._statement(step, outer)
        return lines

    def _loop(self, loop: Loop, outer: Mapping[Loop, str]) -> list[str]:
        """A loop, between what starts and what ends the sums over it."""
        variable = self._variable(loop.lead, outer.values())
        starts: list[str] = []
        ends: list[str] = []
        for unit, lead in loop.leads.items():
            if lead in unit.summed and not any(each.leads[unit] in unit.summed for each in outer):
                at = {each.leads[unit]: name for each, name in outer.items()}
                start, end = self._gathered(unit, at)
                starts += start
                ends += end
        body = self._steps(loop.steps, {**outer, loop: variable})
        head = f"for {variable} in range({self.size(loop.lead.range)}):"
        return [*starts, head, *(f"    {line}" for line in body), *ends]

    def _variable(self, index: Index, taken: Collection[str]) -> str:
        """A variable for a loop, not one of those around it; a letter that no text has gets that of its range."""
        name = index.name if index.name[0].isalpha() or index.range.named else index.range.label
        number = 0
        while True:
            key = name, number
            if key not in self.variables:
                self.variables[key] = self.fresh.take(name)
            if self.variables[key] not in taken:
                return self.variables[key]
            number += 1

    def _gathered(self, unit: Unit, at: Places) -> tuple[list[str], list[str]]:
        """What stands before and after the loops that a sum (or another reduction) is gathered over."""
        value, name = unit.value, self.names[unit.value]
        start = START[_kind(value)]
        open_axes = [index for index in self.plan.axes[value] if index not in at]
        if open_axes:
            places = ", ".join(at.get(index, ":") for index in self.plan.axes[value])
            needs = at or _kind(value) != "sum"
            return [*self._commented(value), *([f"{name}[{places}] = {start}"] if needs else [])], []
        if not self.plan.axes[value]:
            self.totals[unit] = name
            return [*self._commented(value), f"{name} = {start}"], []
        self.totals[unit] = self.fresh.take("total")
        here = self._element(value, [at[index] for index in value.axes]).text
        return [*self._commented(value), f"{self.totals[unit]} = {start}"], [f"{here} = {self.totals[unit]}"]

    def _statement(self, unit: Unit, outer: Mapping[Loop, str]) -> list[str]:
        """What is done for one element."""
        value = unit.value
        at = {each.leads[unit]: name for each, name in outer.items()}
        if isinstance(value.op, Scatter) and unit.part == value.op.has_base:
            return self._falling(value, value.op, at)
        here = self._element(value, [place_of(index, at) for index in unit.place]).text
        if isinstance(value.op, Assemble):
            sign = "+=" if unit.part and not value.op.replaces[unit.part] else "="
            comment = [] if unit.part else self._commented(value)
            return [*comment, f"{here} {sign} {self._operand_at(value.operands[unit.part], at)}"]
        if isinstance(value.op, Scatter):
            return [*self._commented(value), f"{here} = {self._operand_at(value.operands[0], at)}"]
        if unit.summed:
            target = self.totals.get(unit, here)
            return [STEP[_kind(value)].format(target, self._expression(value, at))]
        return [*self._commented(value), f"{here} = {self._expression(value, at)}"]

    def _falling(self, value: Value, op: Scatter, at: Places) -> list[str]:
        """What is added at a place that is looked up."""
        core, *looked = value.operands[op.has_base :]
        self.at = at
        found = {place: self.text(use, ()).text for place, use in zip(op.places, looked, strict=True)}
        here = self._element(value, [found.get(index) or place_of(index, at) for index in value.axes]).text
        comment = [] if op.has_base else self._commented(value)
        return [*comment, f"{here} += {self._operand_at(core, at)}"]

    def _commented(self, value: Value) -> list[str]:
        comment = self.comment(value, self.names[value])
        return [f"# {comment}"] if comment else []

    def matrix_product(self, value: Value) -> list[str]:
        """What BLAS does, on whole arrays."""
        self.is_whole, self.lines, self.done = True, [], []
        name = self.names[value]
        text = self.table[type(value.op)](self, value, name).text
        self.is_whole = False
        before = [*self.done, *self.lines]
        return [*self._commented(value), *before, *([f"{name} = {text}"] if text != name else [])]

    # ----- Elements ------------------------------------------------------------------------------------------

    def text(self, use: Use, axes: Axes) -> Text:
        """The element of a value at the places where the loops are, or all of it."""
        if self.is_whole:
            return super().text(use, axes)
        places = tuple(place_of(index, self.at) for index in use.indices)
        if use.value in self.names:
            return self._element(use.value, places)
        outer = self.at
        self.at = dict(zip(use.value.axes, places, strict=True))
        text = self.table[type(use.value.op)](self, use.value, "")
        self.at = outer
        return text

    def number(self, use: Use, text: Text) -> Text:
        """A truth value made one or zero; what is stored holds ones and zeros already."""
        if self.is_whole or not is_mask(use.value):
            return text
        return Text(f"(1.0 if {text.text} else 0.0)", ATOM)

    def _element(self, value: Value, places: Sequence[str]) -> Text:
        """An element, of what is stored."""
        kept = self.plan.axes.get(value, value.axes)
        own = [place for index, place in zip(value.axes, places, strict=True) if index in kept]
        return Text(f"{self.names[value]}[{', '.join(own)}]" if own else self.names[value])

    def _expression(self, value: Value, at: Places) -> str:
        """What an element of a value is made of."""
        self.at = at
        if isinstance(value.op, Reduce):
            return self.operand(value.operands[0], ()).text
        return self.table[type(value.op)](self, value, "").text

    def _operand_at(self, use: Use, at: Places) -> str:
        self.at = at
        return self.operand(use, ()).text


def _kind(value: Value) -> str:
    """How a value is gathered."""
    return value.op.kind if isinstance(value.op, Reduce) else "sum"
