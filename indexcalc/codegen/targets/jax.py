"""The target `jax`: a pure function of jax arrays, for jax.jit, vmap and arrays that are spread over devices.

XLA fuses and plans, so the code says what is computed and not how: an einsum of many operands stays one, and diagonals
are written with `.at[].set`. Under jit, arguments that are sizes must be static.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.codegen.convolutions.sources import OF_JAX
from indexcalc.codegen.convolutions.windows import convolution
from indexcalc.codegen.convolutions.written import ConvolvingPen, convolved
from indexcalc.codegen.loops import scanning
from indexcalc.codegen.programs.program import (
    RELATIONS,
    Apply,
    Assemble,
    Axes,
    Einsum,
    Map,
    Normal,
    Permutation,
    Scan,
    Use,
    Value,
)
from indexcalc.codegen.targets import einsum
from indexcalc.codegen.writing import loops, views
from indexcalc.codegen.writing.algebra import jax_primitive
from indexcalc.codegen.writing.arrays import CHECK_PLACES_BY_JAX, CHECKED_BY_JAX
from indexcalc.codegen.writing.helpers import called, checks, imports
from indexcalc.codegen.writing.lookups import LOOKED_BY_JAX
from indexcalc.codegen.writing.pen import (
    ATOM,
    MULTIPLICATION,
    NEGATION,
    Pen,
    Table,
    Target,
    Text,
    axis_text,
    is_identity,
    is_mask,
    is_plain,
)
from indexcalc.codegen.writing.scalars import scalar
from indexcalc.codegen.writing.special.choosing import sources
from indexcalc.terms import Index, Range

EXTRA = {"logaddexp": "np.logaddexp({0}, {1})"}  # what the table of functions does not hold


class JaxPen(ConvolvingPen):
    """Writes for arrays that may be traced, so that no value becomes a Python number."""

    is_traced = True
    copied = ""

    def number(self, use: Use, text: Text) -> Text:
        """A mask made zeros and ones; a scalar takes part in no choice of a type."""
        if is_mask(use.value) and not use.axes:
            return Text(f"np.where({text.text}, 1.0, 0.0)")
        return super().number(use, text)

    def constant(self, text: Text) -> str:
        """A result that is a number whatever the arguments are."""
        return f"np.asarray({text.text}, {self.dtype})"


def elementwise(pen: Pen, value: Value, name: str) -> Text:
    """A function, element by element."""
    assert isinstance(value.op, Map)
    function = value.op.function
    if function in einsum.ARITHMETIC or function in RELATIONS or function in pen.given:
        return einsum.elementwise(pen, value, name)
    arguments = [pen.operand(use, value.axes).text for use in value.operands]
    if is_plain(value):
        return scalar(function, arguments)
    return Text((EXTRA.get(function) or FUNCTIONS[function].spelled("jax")).format(*arguments))


def contraction(pen: Pen, value: Value, name: str) -> Text:
    """A product or a sum where one does it, else an einsum."""
    factors = sorted(value.operands, key=lambda use: use.indices != value.axes)
    if len(factors) > 1 and factors[0].indices == value.axes and not _summed(value):
        words = [pen.operand(use, value.axes) for use in factors]
        return Text(" * ".join(word.within(NEGATION) for word in words), MULTIPLICATION)
    found = convolution(value)
    if found is not None:
        return convolved(pen, value, found)
    use = factors[0]
    if len(factors) > 1 or len(use.axes) < len(use.indices):
        return einsum.einsum(pen, value, name)
    over = "" if not value.axes else f"axis={axis_text(_summed(value), use.axes)}"
    total = Text(f"{pen.operand(use, use.axes).within(ATOM)}.sum({over})")
    return pen.view(total, tuple(axis for axis in use.axes if axis in value.axes), value.axes)


def _summed(value: Value) -> Axes:
    """The indices that a contraction sums."""
    return tuple(dict.fromkeys(axis for use in value.operands for axis in use.axes if axis not in value.axes))


def normal(pen: Pen, value: Value, name: str) -> Text:
    """softmax, log_softmax, logsumexp: those of jax."""
    assert isinstance(value.op, Normal)
    use = value.operands[0]
    axes = use.axes if value.op.kind == "logsumexp" else value.axes
    text = Text(f"jax.nn.{value.op.kind}({pen.operand(use, axes).text}, axis={axis_text(value.op.over, axes)})")
    left = tuple(axis for axis in axes if axis in value.axes)
    return pen.view(text, left, value.axes)


def permutation(pen: Pen, value: Value, name: str) -> Text:
    """The permutation symbol."""
    assert isinstance(value.op, Permutation)
    steps = pen.fresh.numbered("i")
    pen.lines.append(f"{steps} = np.arange(3)")
    first, second = f"{steps}[:, None, None]", f"{steps}[:, None]"
    factors = f"({first} - {second}) * ({second} - {steps}) * ({steps} - {first})"
    pen.lines.append(f"{name} = ({factors} / 2).astype({pen.dtype})")
    return pen.view(Text(name), value.op.slots, value.axes)


def assemble(pen: Pen, value: Value, name: str) -> Text:
    """Zeros with diagonals written into them."""
    assert isinstance(value.op, Assemble)
    kind = f"dtype={pen.dtype}"
    if is_identity(value):
        return Text(f"np.eye({pen.size(value.axes[0].range)}, {kind})")
    cores = list(zip(value.op.patterns, value.op.replaces, value.operands, strict=True))
    ranges: dict[Index, str] = {}
    is_empty = not (cores and cores[0][0] == value.axes and set(cores[0][2].axes) == set(value.axes))
    first = f"np.zeros({pen.shape(value.axes)}, {kind})" if is_empty else pen.operand(cores[0][2], value.axes).text
    pen.lines.append(f"{name} = {first}")
    for pattern, replaces, use in cores if is_empty else cores[1:]:
        place, axes = diagonal(pen, pattern, ranges)
        verb = "set" if replaces or is_empty else "add"
        pen.lines.append(f"{name} = {name}.at[{place}].{verb}({pen.operand(use, axes).text})")
        is_empty = False
    return Text(name)


def diagonal(pen: Pen, pattern: Axes, ranges: dict[Index, str]) -> tuple[str, Axes]:
    """The place of the elements whose axes agree with a pattern, and the order of axes in which they come.

    ranges: the names of the places along an index, as far as they are written.
    """
    linked = tuple(dict.fromkeys(index for index in pattern if index.place is None and pattern.count(index) > 1))
    kept = tuple(dict.fromkeys(index for index in pattern if index.place is None))
    if kept == pattern:
        return "...", kept
    for index in linked:
        if index not in ranges:
            ranges[index] = pen.fresh.take(index.name)
            pen.lines.append(f"{ranges[index]} = np.arange({pen.size(index.range)})")
    keys = [_key(index, linked, ranges) for index in pattern]
    while keys[-1] == ":":
        keys.pop()
    moved = [place for place, index in enumerate(pattern) if index in linked or index.place is not None]
    together = linked and moved[-1] - moved[0] + 1 == len(moved)
    before = kept[: moved[0]] if together else ()  # parted by slices, the axes of the diagonals come first
    return ", ".join(keys), tuple(dict.fromkeys((*before, *linked, *kept)))


def _key(index: Index, linked: Axes, ranges: Mapping[Index, str]) -> str:
    """What selects along one axis; the ranges of different diagonals stand on axes of their own."""
    if index.place is not None:
        return str(index.place - 1)
    if index not in linked:
        return ":"
    after = len(linked) - linked.index(index) - 1
    return f"{ranges[index]}[:{', None' * after}]" if after else ranges[index]


def scan(pen: Pen, value: Value, name: str) -> Text:
    """A recurrence as a scan, else as one loop of lax over its arrays; two loops are one over both."""
    assert isinstance(value.op, Scan)
    carried = scanning.depths(value)
    if carried is not None:
        scanning.scan(pen, value, carried)
        return Text(name)
    names = loops.begun(pen, value)
    arrays = ", ".join(names.values())
    whole, counter = pen.fresh.take("step"), pen.fresh.numbered("n")
    counters: dict[Range, str] = {}
    lines, sizes = [], [pen.size(over) for _, over, _ in value.op.loops]
    for place, (each, _, direction) in enumerate(value.op.loops):
        after = " * ".join(f"({size})" for size in sizes[place + 1 :])
        text = f"{counter} // ({after})" if after else counter
        text = f"{text} % ({sizes[place]})" if place else text
        counters[each] = pen.fresh.numbered("n")
        lines.append(f"{counters[each]} = {text if direction > 0 else f'{sizes[place]} - 1 - {text}'}")
    for part, _, over, program in value.op.parts:
        inner, result = loops.step(pen, value, names, counters, program)
        keys = ", ".join(":" if each is None else counters[value.op.loops[each][0]] for each in over)
        lines += [*inner, f"{names[part]} = {names[part]}.at[{keys}].set({result})"]
    pen.lines += [f"def {whole}({counter}, arrays):", f"    {arrays}, = arrays", *(f"    {line}" for line in lines)]
    pen.lines += [f"    return ({arrays},)", ""]
    total = " * ".join(f"({size})" for size in sizes)
    pen.lines.append(f"{arrays}, = jax.lax.fori_loop(0, {total}, {whole}, ({arrays},))")
    return Text(name)


def complete(function: str) -> str:
    """The function as a module; numpy's names are jax.numpy's."""
    text = re.sub(r"(?<![\w.])np\.", "jnp.", function)
    wanted = called(text)
    wanted |= {"at("} if "convolved(" in wanted else set()
    helper = "".join(f"{each}\n\n" for name, each in HELPERS.items() if name in wanted)
    helper += "".join(f"{each}\n\n" for each in sources(text, "jax"))
    text = f"{helper}{text}".lstrip("\n")
    behind = checks(text, CHECKED_BY_JAX, CHECK_PLACES_BY_JAX)
    jax = ["import jax"] if re.search(r"(?<![\w.])jax\.", text + behind) else []
    jax += ["import jax.scipy.linalg"] if "jax.scipy.linalg." in text else []
    lines = "\n".join(imports(text + behind, others=(*jax, "import jax.numpy as jnp")))
    return f"{lines}\n\n\n{text}{behind}"


HELPERS = {"convolved(": OF_JAX, "at(": views.AT_OF_JAX, "spread(": views.SPREAD_OF_JAX}
TABLE: Table = {
    **einsum.TABLE,
    Apply: jax_primitive,
    Assemble: assemble,
    Einsum: contraction,
    Map: elementwise,
    Normal: normal,
    Permutation: permutation,
    Scan: scan,
    **LOOKED_BY_JAX,
}
TARGET = Target(
    TABLE,
    einsum.is_beyond,
    pen=JaxPen,
    complete=complete,
    runs="of_jax",
)
