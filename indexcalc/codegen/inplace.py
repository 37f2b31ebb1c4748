"""Statements that write over an array: `t1 *= y`, `np.exp(t1, out=t1)`, where `storage` says that it may be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from indexcalc.codegen.programs.program import Assemble, Einsum, Map, Normal, Scatter, Use, Value
from indexcalc.codegen.targets import einsum
from indexcalc.codegen.writing.lookups import falling
from indexcalc.codegen.writing.pen import ADDITION, MULTIPLICATION, Pen, Text, axis_text, turned
from indexcalc.codegen.writing.storage import ABSORBING, frugal_order, negated, storage

OPERATORS = {
    "add": ("+", "np.add"),
    "sub": ("-", "np.subtract"),
    "mul": ("*", "np.multiply"),
    "div": ("/", "np.divide"),
    "pow": ("**", "np.power"),
}


class InPlacePen(Pen):
    """Writes values over arrays that nothing reads any more."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.order = frugal_order(self.program)
        self.over: Mapping[Value, int] = storage(self.program, self.order, super().wants_name)
        self.numbered = {""}  # the names that mean nothing, which a value made of another one may take over

    def wants_name(self, value: Value) -> bool:
        """Whether a value gets a statement of its own."""
        return value in self.over or super().wants_name(value)

    def overwritten(self, value: Value) -> Use:
        """What a value is written over: an operand, or x where that is an -x that is read as well."""
        use = value.operands[self.over[value]]
        return negated(use, self.wants_name) if value.op in ABSORBING else use

    def statement(self, value: Value, name: str) -> list[str]:
        """The lines that give a value its name, in an array that is written over if there is one."""
        if value not in self.over:
            return super().statement(value, name)
        use = self.overwritten(value)
        old = self.names.get(use.value, "")
        if not old:
            old = name if value.axes == use.axes else self.fresh.numbered("t")
            self.lines.append(f"{old} = {self.expression(use.value).text}")
        WRITE[type(value.op)](self, value, name, old)
        return self.lines

    def update(self, name: str, operator: str, old: str, other: Text, reverse: bool = False) -> None:
        """The line for name = old + other, written over the old array; in reverse other - old."""
        sign, function = OPERATORS[operator]
        if name == old and not reverse:
            self.lines.append(f"{old} {sign}= {other.text}")
        else:
            left, right = (other.text, old) if reverse else (old, other.text)
            self.call(name, f"{function}({left}, {right})", old)

    def call(self, name: str, call: str, old: str) -> None:
        """The line for name = call, written over the old array."""
        line = f"{call[:-1]}, out={old})"
        self.lines.append(line if name == old else f"{name} = {line}")

    def _new_name(self, value: Value) -> str:
        place = self.over.get(value)
        if place is not None:
            old = self.names.get(self.overwritten(value).value, "")
            if old in self.numbered and old and not isinstance(value.op, Normal):
                return old
        name = super()._new_name(value)
        self.numbered |= {name} if name.startswith("t") and name[1:].isdecimal() else set()
        return name


# ----- Rules -----------------------------------------------------------------------------------------------------


def elementwise(pen: InPlacePen, value: Value, name: str, old: str) -> None:
    """A function, element by element, of an old array and others."""
    assert isinstance(value.op, Map)
    function, place = value.op.function, pen.over[value]
    if function == "add":
        return addition(pen, value, name, old)
    if function in ("mul", "div", "pow"):
        return arithmetic(pen, value, name, old)
    if function == "neg":
        return pen.call(name, f"np.negative({old})", old)
    texts = [old if at == place else pen.operand(use, value.axes).text for at, use in enumerate(value.operands)]
    if pen.overwritten(value) is not value.operands[place]:
        function += "_of_minus"
    return pen.call(name, einsum.call(function, texts), old)


def addition(pen: InPlacePen, value: Value, name: str, old: str) -> None:
    """u + x - y, or x - u, or -(u + x): x may read u, so that nothing is written before it."""
    place = pen.over[value]
    is_subtracted = pen.overwritten(value) is not value.operands[place]
    others = [einsum.signed(pen, use, value.axes) for at, use in enumerate(value.operands) if at != place]
    others.sort(key=lambda signed: signed[0] == "-")
    is_negative = is_subtracted and all(sign == "-" for sign, _ in others)
    for sign, text in others:
        reverse = is_subtracted and not is_negative
        pen.update(name, "add" if is_negative or (sign == "+" and not reverse) else "sub", old, text, reverse)
        is_subtracted, old = False, name
    if is_negative:
        pen.call(name, f"np.negative({name})", name)


def arithmetic(pen: InPlacePen, value: Value, name: str, old: str) -> None:
    """A product (numbers are multiplied first), a quotient, or a power."""
    assert isinstance(value.op, Map)
    place = pen.over[value]
    others = [use for at, use in enumerate(value.operands) if at != place]
    if value.op.function != "mul":
        return pen.update(name, value.op.function, old, pen.operand(others[0], value.axes), reverse=place == 1)
    numbers = [pen.operand(use, value.axes) for use in others if not use.axes]
    texts = [Text(" * ".join(text.within(MULTIPLICATION) for text in numbers), MULTIPLICATION)] if numbers else []
    for text in [*texts, *(pen.operand(use, value.axes) for use in others if use.axes)]:
        pen.update(name, "mul", old, text)
        old = name
    return None


def product(pen: InPlacePen, value: Value, name: str, old: str) -> None:
    """The product of an old array and another one."""
    (other,) = (use for at, use in enumerate(value.operands) if at != pen.over[value])
    pen.update(name, "mul", old, pen.text(other, value.axes))


def normal(pen: InPlacePen, value: Value, name: str, old: str) -> None:
    """softmax, log_softmax, logsumexp of an array that goes."""
    assert isinstance(value.op, Normal)
    axes = value.operands[0].axes
    where = axis_text(value.op.over, axes)
    whole = len(value.op.over) == len(axes)
    keep = "" if whole else f"axis={where}, keepdims=True"
    if value.op.kind == "logsumexp":
        peak = pen.fresh.take("peak")
        pen.lines += [f"{peak} = {old}.max({keep})", f"{old} -= {peak}", f"np.exp({old}, out={old})"]
        total = f"np.log({old}.sum({'' if whole else f'axis={where}'}))"
        result = Text(f"{total} + {peak if whole else f'{peak}.squeeze({where})'}", ADDITION)
        pen.lines.append(f"{name} = {turned(result, axes, value).text}")
        return
    pen.update(name, "sub", old, Text(f"{old}.max({keep})"))
    if value.op.kind == "softmax":
        pen.lines += [f"np.exp({name}, out={name})", f"{name} /= {name}.sum({keep})"]
    else:
        pen.lines.append(f"{name} -= np.log(np.exp({name}).sum({keep}))")


def assemble(pen: InPlacePen, value: Value, name: str, old: str) -> None:
    """An array with diagonals written into it."""
    if name != old:
        pen.lines.append(f"{name} = {old}")
    einsum.write_parts(pen, value, name, first=1)


def scatter(pen: InPlacePen, value: Value, name: str, old: str) -> None:
    """An array with what falls on places added."""
    if name != old:
        pen.lines.append(f"{name} = {old}")
    pen.lines.append(falling(pen, value, name))


Write = Callable[[InPlacePen, Value, str, str], None]
WRITE: Mapping[type, Write] = {
    Assemble: assemble,
    Einsum: product,
    Map: elementwise,
    Normal: normal,
    Scatter: scatter,
}
