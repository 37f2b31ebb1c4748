"""The target `numba`: loops, one after the other or as one loop over rows, compiled by numba.

Products of two matrices are left to BLAS. The exponential is a polynomial, so that loops over it become vector code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from indexcalc.codegen.library import require
from indexcalc.codegen.loops import Plan, Row, is_product, place_of, summed
from indexcalc.codegen.pen import ATOM, MULTIPLICATION, NEGATION, RELATION, Pen, Table, Target, Text, is_mask
from indexcalc.codegen.program import (
    RELATIONS,
    Assemble,
    Axes,
    Compare,
    Einsum,
    Literal,
    Map,
    Normal,
    Permutation,
    Reduce,
    SizeOf,
    Use,
    Value,
)
from indexcalc.codegen.run import Function, Known
from indexcalc.codegen.scalars import scalar
from indexcalc.codegen.source import Job
from indexcalc.codegen.targets import einsum
from indexcalc.errors import IndexcalcError
from indexcalc.terms import Index

EXP = '''
@njit(fastmath=False)
def exp(x):
    """The exponential, to the last bit or the one before: 2^k times a polynomial in what is left."""
    t = min(max(x, -707.0), 709.79) * 1.4426950408889634 + 6755399441055744.0
    k = t - 6755399441055744.0
    r = (x - k * 0.6931471803691238) - k * 1.9082149292705877e-10
    p = 2.08767569878681e-09 + r * 1.6059043836821613e-10
    p = 2.755731922398589e-07 + r * (2.505210838544172e-08 + r * p)
    p = 2.48015873015873e-05 + r * (2.7557319223985893e-06 + r * p)
    p = 0.001388888888888889 + r * (0.0001984126984126984 + r * p)
    p = 0.041666666666666664 + r * (0.008333333333333333 + r * p)
    p = 1.0 + r * (1.0 + r * (0.5 + r * (0.16666666666666666 + r * p)))
    power = np.int64((np.float64(t).view(np.int64) + 1022) << 52).view(np.float64)
    value = p * power * 2.0
    value = value if x < 709.782712893384 else np.inf
    value = value if x > -707.0 else 0.0
    return value if x == x else x
'''
SIGMOID = '''
@njit(fastmath=False)
def sigmoid(x):
    """1/(1 + exp(-x)), without overflow."""
    e = exp(-abs(x))
    return (1.0 if x >= 0 else e) / (1.0 + e)
'''
HELPERS = {"exp": EXP, "sigmoid": SIGMOID}
FUNCTION = {  # those of numpy pass nan on
    "exp": "exp({0})",
    "max": "np.maximum({0}, {1})",
    "min": "np.minimum({0}, {1})",
    "relu": "np.maximum({0}, 0.0)",
    "sigmoid": "sigmoid({0})",
    "sign": "np.sign({0})",
}
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


# ----- Elements --------------------------------------------------------------------------------------------------


def elementwise(pen: Pen, value: Value, name: str) -> Text:
    """A function of one element."""
    assert isinstance(value.op, Map)
    function = value.op.function
    if function == "where":
        condition, *sides = value.operands
        mask = pen.text(condition, ()).text
        then, otherwise = (pen.operand(use, ()).text for use in sides)
        return Text(f"({then} if {mask} else {otherwise})")
    if function in einsum.ARITHMETIC or function in RELATIONS:
        return einsum.elementwise(pen, value, name)
    arguments = [pen.operand(use, ()).text for use in value.operands]
    return Text(FUNCTION[function].format(*arguments)) if function in FUNCTION else scalar(function, arguments)


def product(pen: Pen, value: Value, name: str) -> Text:
    """The product of elements."""
    words = [pen.operand(use, ()).within(NEGATION) for use in value.operands]
    return Text(" * ".join(words), MULTIPLICATION) if len(words) > 1 else pen.operand(value.operands[0], ())


def compare(pen: Pen, value: Value, name: str) -> Text:
    """A relation between places."""
    assert isinstance(value.op, Compare) and isinstance(pen, LoopPen)
    left, right = (place_of(index, pen.at) for index in (value.op.left, value.op.right))
    return Text(f"{left} {value.op.relation} {right}", RELATION)


def permutation(pen: Pen, value: Value, name: str) -> Text:
    """An element of the permutation symbol."""
    assert isinstance(value.op, Permutation) and isinstance(pen, LoopPen)
    i, j, k = (place_of(index, pen.at) for index in value.op.slots)
    return Text(f"(({i} - {j}) * ({j} - {k}) * ({k} - {i}) / 2)", ATOM)


def complete(function: str) -> str:
    """The function as a module, to be compiled when it is called first."""
    called = set(re.findall(r"(?<![\w.])(\w+)\(", function))
    called |= {"exp"} if "sigmoid" in called else set()
    helpers = "".join(f"\n{HELPERS[name]}" for name in HELPERS if name in called)
    math = "import math\n\n" if "math." in function else ""
    options = "error_model='numpy', fastmath={'reassoc', 'contract', 'arcp', 'nsz'}"
    numpy = "import numpy as np\n" if "np." in function + helpers else ""
    return f"{math}{numpy}from numba import njit\n{helpers}\n\n@njit({options})\n{function}"


def make(job: Job, known: Known, compressed: bool, many: bool) -> Function:
    """The compiled function; numba must be installed."""
    require("numba", "numba")
    return Function(job, known, compressed, many)


def is_split(value: Value) -> bool:
    """Whether a contraction is taken two arrays at a time: where a product of matrices may come of it."""
    return isinstance(value.op, Einsum) and len(value.operands) > 2


TABLE: Table = {
    Compare: compare,
    Einsum: product,
    Literal: einsum.literal,
    Map: elementwise,
    Permutation: permutation,
    SizeOf: einsum.size,
}
TARGET = Target(TABLE, is_split, LoopPen, complete, make, frozenset({"exp", "sigmoid", "njit", "numba"}))
