"""The target `dask`: a pure function of chunked arrays, for data that does not fit in memory.

A sum over a chunked axis is a sum over chunks of sums, so the gradient of a loss over rows needs a few chunks at
a time. The function builds a task graph; `.compute()` of its result does the work, on threads or on a cluster.
Chunks are computed side by side, so BLAS should have one thread: compiled functions see to it (`blas`).
"""

from __future__ import annotations

import re
from string import ascii_lowercase

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.codegen.chunked import HELPERS
from indexcalc.codegen.programs.order import is_open
from indexcalc.codegen.programs.program import (
    RELATIONS,
    Apply,
    Assemble,
    At,
    Axes,
    Einsum,
    Map,
    Normal,
    Permutation,
    Result,
    Use,
    Value,
)
from indexcalc.codegen.targets import einsum, jax
from indexcalc.codegen.writing import algebra, places, views
from indexcalc.codegen.writing.arrays import CHECK_PLACES_BY_DASK, CHECKED_BY_DASK
from indexcalc.codegen.writing.helpers import called, checks, imports
from indexcalc.codegen.writing.lookups import LOOKED_BY_DASK
from indexcalc.codegen.writing.names import subscripts
from indexcalc.codegen.writing.pen import (
    ATOM,
    Pen,
    Table,
    Target,
    Text,
    axis_text,
    element,
    is_identity,
    is_mask,
    is_plain,
)
from indexcalc.codegen.writing.scalars import scalar
from indexcalc.codegen.writing.special.choosing import sources
from indexcalc.errors import IndexcalcError
from indexcalc.terms import Index

EXTRA = {"logaddexp": "np.logaddexp({0}, {1})"}  # what the table of functions does not hold


class DaskPen(Pen):
    """Writes for chunked arrays, which have no diagonals of several axes and no places to write to."""

    def number(self, use: Use, text: Text) -> Text:
        """A mask made zeros and ones; a scalar may be a chunked array without axes."""
        if is_mask(use.value) and not use.axes:
            one = "1.0" if self.dtype == "float" else f"{self.dtype}.type(1)"
            return Text(f"({one} * ({text.text}))")
        return super().number(use, text)

    def view(self, text: Text, indices: Axes, axes: Axes) -> Text:
        """An array with these indices brought to the given axes, diagonals taken one by one."""
        text, indices = element(text, indices)
        while len(set(indices)) < len(indices):
            index = next(index for index in indices if indices.count(index) > 1)
            first = indices.index(index)
            second = indices.index(index, first + 1)
            text = Text(f"np.diagonal({text.text}, axis1={first}, axis2={second})")
            indices = (*(each for place, each in enumerate(indices) if place not in (first, second)), index)
        return super().view(text, indices, axes)

    def constant(self, text: Text) -> str:
        """A result that is a number whatever the arguments are, or a truth value that may be a chunked array."""
        return super().constant(text) if self.dtype == "float" else f"{self.dtype}.type(1) * ({text.text})"

    def _result(self, result: Result) -> str:
        return super()._result(result).removesuffix(".copy()")  # nobody writes to a chunked array


def elementwise(pen: Pen, value: Value, name: str) -> Text:
    """A function, element by element."""
    assert isinstance(value.op, Map)
    function = value.op.function
    if function in einsum.ARITHMETIC or function in RELATIONS or function in pen.given:
        return einsum.elementwise(pen, value, name)
    arguments = [pen.operand(use, value.axes).text for use in value.operands]
    if is_plain(value):
        return scalar(function, arguments)
    return Text((EXTRA.get(function) or FUNCTIONS[function].spelled("dask")).format(*arguments))


def contraction(pen: Pen, value: Value, name: str) -> Text:
    """A product, a sum, or a sum of products of arrays that have no diagonals left."""
    summed = any(index not in value.axes for use in value.operands for index in use.axes)
    if not summed or len(value.operands) == 1:
        return jax.contraction(pen, value, name) if _is_whole(value) else _product(pen, value)
    texts = [pen.operand(use, use.axes).text for use in value.operands]
    call = "contracted" if _is_pair(value) else "np.einsum"
    return Text(f"{call}('{subscripts([use.axes for use in value.operands], value.axes)}', {', '.join(texts)})")


def _is_pair(value: Value) -> bool:
    """Whether a sum is one over what two arrays have."""
    sets = [set(use.axes) for use in value.operands]
    return len(sets) == 2 and sets[0] ^ sets[1] <= set(value.axes)


def _is_whole(value: Value) -> bool:
    """Whether no operand is a diagonal or an element."""
    return all(use.indices == use.axes for use in value.operands)


def _product(pen: Pen, value: Value) -> Text:
    """The product of arrays that may be diagonals; the sum of one of them."""
    words = [pen.operand(use, value.axes if len(value.operands) > 1 else use.axes) for use in value.operands]
    if len(words) > 1:
        return Text(f"({' * '.join(word.within(ATOM) for word in words)})")
    (use,) = value.operands
    over = tuple(axis for axis in use.axes if axis not in value.axes)
    where = f"axis={axis_text(over, use.axes)}" if value.axes else ""
    total = Text(f"{words[0].within(ATOM)}.sum({where})") if over else words[0]
    return pen.view(total, tuple(axis for axis in use.axes if axis in value.axes), value.axes)


def normal(pen: Pen, value: Value, name: str) -> Text:
    """softmax, log_softmax, logsumexp: helpers, which know at the call where chunks are cut."""
    assert isinstance(value.op, Normal)
    use, kind = value.operands[0], value.op.kind
    axes = use.axes if kind == "logsumexp" else value.axes
    over = tuple(place for place, axis in enumerate(axes) if axis in value.op.over)
    text = Text(f"{kind}({pen.operand(use, axes).text}, {over})")
    return pen.view(text, tuple(axis for axis in axes if axis in value.axes), value.axes)


def primitive(pen: Pen, value: Value, name: str) -> Text:
    """A primitive of linear algebra, by numpy for each matrix: the axes that it works on become one chunk."""
    assert isinstance(value.op, Apply)
    kind, words = value.op.kind, algebra.operands(pen, value)
    if kind not in algebra.NUMPY:
        raise IndexcalcError(f"code for dask cannot take {kind}", "Choose another backend")
    every = dict.fromkeys(axis for each in value.op.matrices for axis in each)
    letters = dict(zip(every, ascii_lowercase, strict=False))
    inputs = ",".join(f"({','.join(letters[axis] for axis in each)})" for each in value.op.matrices)
    ranges = {axis.range: letter for axis, letter in reversed(letters.items())}
    output = ",".join(ranges[axis.range] for axis in value.op.result)
    parameters = ["first", "second"][: len(words)]
    shown = [*parameters[:-1], f"{parameters[-1]}[..., None]"] if kind == "solve" else parameters
    body = algebra.NUMPY[kind].format(*shown).replace("np.", "numpy.") + ("[..., 0]" if kind == "solve" else "")
    call = f'lambda {", ".join(parameters)}: {body}, "{inputs}->({output})", {", ".join(words)}'
    pen.lines.append(f"{name} = np.apply_gufunc(")
    pen.lines.append(f"    {call},")
    pen.lines.append(f"    output_dtypes={words[0]}.dtype, allow_rechunk=True,")
    pen.lines.append(")")
    return Text(name)


def assemble(pen: Pen, value: Value, name: str) -> Text:
    """What is on the diagonals where the axes agree, zero elsewhere: chosen chunk by chunk."""
    assert isinstance(value.op, Assemble)
    if is_identity(value):
        return Text(f"np.eye({pen.size(value.axes[0].range)}, dtype={pen.dtype})")
    axes = value.axes
    zero = f"np.zeros({pen.shape(axes)}, dtype={pen.dtype})"
    cores = list(zip(value.op.patterns, value.op.replaces, value.operands, strict=True))
    pen.lines.append(f"{name} = {zero}")
    for number, (pattern, replaces, use) in enumerate(cores):
        equal, spread = _agreement(pen, pattern, axes)
        core = pen.operand(use, spread).text
        kind = f".astype({pen.dtype})" if is_plain(use.value) else ""  # a number would decide the type
        if not equal:
            pen.lines.append(f"{name} = {name} + {core}")
        elif replaces or not number:
            pen.lines.append(f"{name} = np.where({equal}, {core}, {name}){kind}")
        else:
            pen.lines.append(f"{name} = {name} + np.where({equal}, {core}, 0){kind}")
    return Text(name)


def _agreement(pen: Pen, pattern: Axes, axes: Axes) -> tuple[str, Axes]:
    """The condition that the axes agree with a pattern, and the index of the pattern that stands on each axis.

    An index stands on the first axis of its diagonal.
    """
    conditions, spread = [], []
    first: dict[Index, int] = {}
    for place, index in enumerate(pattern):
        if index.place is not None:
            conditions.append(f"{_along(pen, axes, place)} == {index.place - 1}")
        elif index in first:
            conditions.append(f"{_along(pen, axes, first[index])} == {_along(pen, axes, place)}")
        spread.append(_room(index) if index.place is not None or index in first else index)
        first.setdefault(index, place)
    if len(conditions) == 1:
        return conditions[0], tuple(spread)
    return " & ".join(f"({each})" for each in conditions), tuple(spread)


def _room(index: Index) -> Index:
    """An axis that no array has."""
    return Index(f"{index.name}*", index.range)


def _along(pen: Pen, axes: Axes, place: int) -> str:
    """The places along one axis, spread over the others."""
    name = pen.fresh.take(axes[place].name)
    after = len(axes) - place - 1
    spread = f"[:{', None' * after}]" if after else ""
    pen.lines.append(f"{name} = np.arange({pen.size(axes[place].range)}){spread}")
    return name


def complete(function: str) -> str:
    """The function as a module; numpy's names are dask.array's."""
    text = re.sub(r"(?<![\w.])np\.pi\b", "math.pi", function)
    text = re.sub(r"(?<![\w.])np\.(?!finfo)", "da.", text)
    calls = {name for name in HELPERS if re.search(rf"(?<![\w.]){name}\(", text)}
    calls |= {"erf"} if "gelu" in calls else set()
    helpers = "".join(f"\n{HELPERS[name]}" for name in HELPERS if name in calls)
    wanted = called(text)
    helpers += "".join(f"\n{each}" for name, each in OF_PLACES.items() if name in wanted)
    helpers += "".join(sources(text, "dask"))
    behind = checks(text, CHECKED_BY_DASK, CHECK_PLACES_BY_DASK)
    numpy = ["import numpy as np"] if re.search(r"(?<![\w.])np\.", helpers + text + behind) else []
    plain = ["import numpy"] if re.search(r"(?<![\w.])numpy\.", text) else []
    lines = "\n".join(imports(helpers + text + behind, others=("import dask.array as da", *plain, *numpy)))
    return f"{lines}\n{helpers}\n\n{text}{behind}"


def is_split(value: Value) -> bool:
    """Whether a contraction is taken two arrays at a time."""
    return is_open(value) or einsum.is_beyond(value)


def at(pen: Pen, value: Value, name: str) -> Text:
    """The elements at shifted places, slice by slice."""
    assert isinstance(value.op, At)
    if any(index in value.operands[0].axes for index in value.op.form.free):
        cause = "code for dask cannot shift the place on one axis by that on another one"
        raise IndexcalcError(cause, "Choose another backend")
    return places.at(pen, value, name)


OF_PLACES = {
    "at(": views.AT_OF_DASK,
    "spread(": views.SPREAD_OF_DASK,
    "looked_up(": views.LOOKED_UP_BY_DASK,
    "fallen(": f"{views.ADD_AT}\n{views.FALLEN}",
}
TABLE: Table = {
    **einsum.TABLE,
    At: at,
    Apply: primitive,
    Assemble: assemble,
    Einsum: contraction,
    Map: elementwise,
    Normal: normal,
    Permutation: jax.permutation,
    **LOOKED_BY_DASK,
}
TARGET = Target(
    TABLE,
    is_split,
    pen=DaskPen,
    complete=complete,
    runs="of_dask",
    reserved=frozenset(HELPERS),
    has_factors=False,
)
