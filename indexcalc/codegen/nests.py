"""The pen that writes a program as nests of loops over elements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from indexcalc.codegen.loops import Plan, Row, is_product, place_of, summed
from indexcalc.codegen.pen import Pen, Text, is_mask
from indexcalc.codegen.program import Assemble, Axes, Einsum, Map, Normal, Reduce, Use, Value
from indexcalc.errors import IndexcalcError
from indexcalc.terms import Index

START = {"max": "-np.inf", "min": "np.inf", "prod": "1.0"}
Places = Mapping[Index, str]


class LoopPen(Pen):
    """Writes a program as loops over elements."""

    at: Places

    def write(self) -> list[str]:
        """All statements, down to the return."""
        for value in self.program.values:
            if isinstance(value.op, Map) and value.op.function in self.given:
                raise IndexcalcError(
                    f"code for numba cannot take the function {value.op.function} as an argument",
                    "Define it, or choose another backend",
                )
        self.plan, self.at, self.local = Plan(self.program), {}, set[Value]()
        self.variables: dict[tuple[str, int], str] = {}
        for row in self.plan.rows:
            self.done += self._row(row)
        returned = (self._returned(use) for use in self.plan.results)
        return [*self.done, f"return {', '.join(returned)}"]

    def _returned(self, use: Use) -> str:
        return self.names[use.value] if use.axes else self.operand(use, ()).text

    def _row(self, row: Row) -> list[str]:
        """One loop over rows, after the statements that make room for what it writes."""
        for value in row.leads:
            self.names[value] = self._named(value)
        local = {value for value in row.leads if self.plan.is_local(value, row)}
        self.local |= local
        head = [line for value in row.leads for line in self._room(value, row)]
        lead = row.lead
        if lead is None:
            (value,) = row.leads
            return [*self._commented(value), *head, *self._nest(value, {})]
        variable = self._variable(lead, {})
        body: list[str] = []
        for value, own in row.leads.items():
            assert own is not None
            body += [*self._commented(value), *self._nest(value, {own: variable})]
        return [*head, *_loop(variable, self.size(lead.range), body)]

    def _named(self, value: Value) -> str:
        name = self.program.names.get(value, "")
        return self.fresh.take(name) if name else self._new_name(value)

    def _commented(self, value: Value) -> list[str]:
        comment = self.comment(value, self.names[value])
        return [f"# {comment}"] if comment else []

    def _room(self, value: Value, row: Row) -> list[str]:
        """The statement that makes the array of a value."""
        lead = row.leads[value]
        axes = value.axes[1:] if value in self.local else value.axes
        gathers = lead is not None and lead in summed(value)
        if is_product(value):
            return []
        if not axes:
            return [f"{self.names[value]} = 0.0"] if gathers else []
        zeros = gathers or isinstance(value.op, Assemble)
        dtype = "np.float64" if self.dtype == "float" else self.dtype
        return [f"{self.names[value]} = np.{'zeros' if zeros else 'empty'}({self.shape(axes)}, {dtype})"]

    def _variable(self, index: Index, bound: Places) -> str:
        """A variable for a loop, not one of those around it."""
        number = 0
        while True:
            key = index.name, number
            if key not in self.variables:
                self.variables[key] = self.fresh.take(index.name)
            if self.variables[key] not in bound.values():
                return self.variables[key]
            number += 1

    # ----- Elements ------------------------------------------------------------------------------------------

    def text(self, use: Use, axes: Axes) -> Text:
        """The element of a value at the places where the loops are."""
        places = tuple(place_of(index, self.at) for index in use.indices)
        if use.value in self.names:
            return self._element(use.value, places)
        outer = self.at
        self.at = dict(zip(use.value.axes, places, strict=True))
        text = self.table[type(use.value.op)](self, use.value, "")
        self.at = outer
        return text

    def number(self, use: Use, text: Text) -> Text:
        """A truth value made one or zero."""
        return Text(f"(1.0 if {text.text} else 0.0)") if is_mask(use.value) else text

    def _element(self, value: Value, places: Sequence[str]) -> Text:
        places = places[1:] if value in self.local else places
        return Text(f"{self.names[value]}[{', '.join(places)}]" if places else self.names[value])

    def _here(self, value: Value, at: Places) -> str:
        """The element of the value that a loop writes."""
        return self._element(value, [at[index] for index in value.axes]).text

    def _expression(self, value: Value, at: Places) -> str:
        """What an element of a value is made of."""
        self.at = at
        return self.table[type(value.op)](self, value, "").text

    def _operand_at(self, use: Use, at: Places) -> str:
        self.at = at
        return self.operand(use, ()).text

    # ----- Nests ---------------------------------------------------------------------------------------------

    def _loops(self, over: Sequence[Index], at: Places, inner: Callable[[Places], list[str]]) -> list[str]:
        """Loops over some indices; those that have a place already are left out."""
        left = [index for index in over if index not in at]
        if not left:
            return inner(at)
        variable = self._variable(left[0], at)
        body = self._loops(left[1:], {**at, left[0]: variable}, inner)
        return _loop(variable, self.size(left[0].range), body)

    def _nest(self, value: Value, at: Places) -> list[str]:
        """The loops that compute a value, inside those that give places to some of its indices."""
        match value.op:
            case Einsum() if is_product(value):
                return [f"{self.names[value]} = {self._matrix_product(value)}"]
            case Einsum():
                return self._sum(value, at)
            case Reduce(kind):
                return self._reduction(value, kind, at)
            case Normal():
                return self._normal(value, at)
            case Assemble():
                return self._assembled(value, at)
        return self._loops(value.axes, at, lambda at: [f"{self._here(value, at)} = {self._expression(value, at)}"])

    def _sum(self, value: Value, at: Places) -> list[str]:
        """A sum: gathered over the outer loop, along rows that are contiguous, or element by element."""
        over = summed(value)
        if any(index in at for index in over):
            order = (*value.axes[:-1], *over, *value.axes[-1:]) if value.axes else over
            return self._loops(order, at, lambda at: [f"{self._here(value, at)} += {self._expression(value, at)}"])
        if not over:
            return self._loops(value.axes, at, lambda at: [f"{self._here(value, at)} = {self._expression(value, at)}"])
        if _is_along_rows(value) and value.axes[-1] not in at:
            last = value.axes[-1:]

            def rows(at: Places) -> list[str]:
                zero = self._loops(last, at, lambda at: [f"{self._here(value, at)} = 0.0"])
                add = [*over, *last]
                return zero + self._loops(
                    add, at, lambda at: [f"{self._here(value, at)} += {self._expression(value, at)}"]
                )

            return self._loops(value.axes[:-1], at, rows)
        total = self.fresh.take("total")

        def element(at: Places) -> list[str]:
            loops = self._loops(over, at, lambda at: [f"{total} += {self._expression(value, at)}"])
            return [f"{total} = 0.0", *loops, f"{self._here(value, at)} = {total}"]

        return self._loops(value.axes, at, element)

    def _reduction(self, value: Value, kind: str, at: Places) -> list[str]:
        use = value.operands[0]
        over = tuple(index for index in use.axes if index not in value.axes)
        found = self.fresh.take(kind)

        def step(at: Places) -> list[str]:
            term = self._operand_at(use, at)
            return [f"{found} *= {term}"] if kind == "prod" else [f"{found} = np.{kind}imum({found}, {term})"]

        def element(at: Places) -> list[str]:
            return [f"{found} = {START[kind]}", *self._loops(over, at, step), f"{self._here(value, at)} = {found}"]

        return self._loops(value.axes, at, element)

    def _normal(self, value: Value, at: Places) -> list[str]:
        """softmax, log_softmax, logsumexp: shifted by the maximum, so that nothing overflows."""
        assert isinstance(value.op, Normal)
        use, over, kind = value.operands[0], value.op.over, value.op.kind
        peak, total = self.fresh.take("peak"), self.fresh.take("total")
        keeps = kind == "softmax"

        def element(at: Places) -> list[str]:
            def add(at: Places) -> list[str]:
                power = f"exp({self._operand_at(use, at)} - {peak})"
                here = self._here(value, at) if keeps else ""
                return [f"{here} = {power}", f"{total} += {here}"] if keeps else [f"{total} += {power}"]

            def end(at: Places) -> list[str]:
                here = self._here(value, at)
                return [f"{here} /= {total}" if keeps else f"{here} = {self._operand_at(use, at)} - {total}"]

            greatest = self._loops(over, at, lambda at: [f"{peak} = max({peak}, {self._operand_at(use, at)})"])
            lines = [f"{peak} = -np.inf", *greatest, f"{total} = 0.0", *self._loops(over, at, add)]
            if not keeps:
                lines.append(f"{total} = {peak} + math.log({total})")
            if kind == "logsumexp":
                return [*lines, f"{self._here(value, at)} = {total}"]
            return lines + self._loops(over, at, end)

        return self._loops([index for index in value.axes if index not in over], at, element)

    def _assembled(self, value: Value, at: Places) -> list[str]:
        """Diagonals written into zeros."""
        assert isinstance(value.op, Assemble)
        lines: list[str] = []
        cores = zip(value.op.patterns, value.op.replaces, value.operands, strict=True)
        for number, (pattern, replaces, use) in enumerate(cores):
            kept = tuple(dict.fromkeys(index for index in pattern if index.place is None))
            sign = "+=" if number and not replaces else "="

            def write(at: Places, pattern: Axes = pattern, sign: str = sign, use: Use = use) -> list[str]:
                places = [place_of(index, at) for index in pattern]
                return [f"{self._element(value, places).text} {sign} {self._operand_at(use, at)}"]

            outer = dict(zip(pattern, at.values(), strict=False))  # the loop over rows, if there is one
            lines += self._loops(kept, outer, write)
        return lines

    def _matrix_product(self, value: Value) -> str:
        over = summed(value)[0]
        left, right = value.operands
        if value.axes[0] not in left.axes:
            left, right = right, left
        first = self.names[left.value] + ("" if left.indices[1] is over else ".T")
        second = self.names[right.value] + ("" if right.indices[0] is over else ".T")
        return f"np.dot({first}, {second})"


def _loop(variable: str, size: str, body: list[str]) -> list[str]:
    return [f"for {variable} in range({size}):", *(f"    {line}" for line in body)]


def _is_along_rows(value: Value) -> bool:
    """Whether the last axis is where the operands are contiguous, and no index that is summed is."""
    ends = {use.indices[-1] for use in value.operands if len(use.indices) > 1}
    return bool(value.axes) and value.axes[-1] in ends and ends.isdisjoint(summed(value))
