"""Places that are looked up, as source for each library: elements gathered, and what falls on places added up.

Advanced indices do both. Letters that what is looked up shares with the array go side by side with it, as np.arange.
"""

from __future__ import annotations

from collections.abc import Callable

from indexcalc.codegen.programs.program import Axes, Chosen, Gather, Scatter, Use, Value
from indexcalc.codegen.programs.whole import is_whole
from indexcalc.codegen.writing.pen import ADDITION, ATOM, RELATION, Pen, Table, Text
from indexcalc.terms import Range

ARANGE = "np.arange({0})"


def whole(pen: Pen, use: Use, axes: Axes, range: Range) -> Text:
    """What says places, as whole numbers; what the formula makes of numbers is checked here."""
    text = pen.text(use, axes)
    if is_whole(use.value):
        return text
    name = pen.program.names.get(use.value, "what is looked up")
    return Text(f'check_places({text.text}, "{name}", {pen.size(range)})')


def _keys(pen: Pen, uses: list[tuple[Use, Range]], kept: Axes, along: Axes, arange: str) -> list[str]:
    """Keys for the axes `kept`, which run side by side with what is looked up along `along`, and for the places."""
    keys = []
    for axis in kept:
        after = len(along) - along.index(axis) - 1
        text = arange.format(pen.size(axis.range))
        keys.append(f"{text}[:{', None' * after}]" if after else text)
    return keys + [whole(pen, use, along, range).text for use, range in uses]


def gather(pen: Pen, value: Value, name: str, take: str = "{0}.take({1}, axis={2})", arange: str = ARANGE) -> Text:
    """The elements at places of one axis."""
    assert isinstance(value.op, Gather)
    use, looked = value.operands
    axes, axis = use.axes, value.op.axis
    shared = tuple(index for index in axes if index in looked.axes)
    if not shared:
        at = axes.index(axis)
        text = take.format(pen.operand(use, axes).within(ATOM), whole(pen, looked, looked.axes, axis.range).text, at)
        return pen.view(Text(text), (*axes[:at], *looked.axes, *axes[at + 1 :]), value.axes)
    rest = tuple(index for index in axes if index not in shared and index is not axis)
    keys = _keys(pen, [(looked, axis.range)], shared, looked.axes, arange)
    text = f"{pen.operand(use, (*shared, axis, *rest)).within(ATOM)}[{', '.join(keys)}]"
    return pen.view(Text(text), (*looked.axes, *rest), value.axes)


def _parts(value: Value) -> tuple[Use | None, Use, list[tuple[Use, Range]]]:
    """What is added to, what is scattered, and what says places of which ranges."""
    assert isinstance(value.op, Scatter)
    base = value.operands[0] if value.op.has_base else None
    core, *looked = value.operands[value.op.has_base :]
    return base, core, [(use, place.range) for use, place in zip(looked, value.op.places, strict=True)]


def _layout(value: Value) -> tuple[Axes, Axes, Axes]:
    """The axes that run side by side with the places and stay, those that are summed, and all others but the places."""
    assert isinstance(value.op, Scatter)
    _, _, looked = _parts(value)
    along = tuple(dict.fromkeys(axis for use, _ in looked for axis in use.axes))
    kept = tuple(axis for axis in along if axis in value.axes)
    summed = tuple(axis for axis in along if axis not in value.axes)
    rest = tuple(axis for axis in value.axes if axis not in kept and axis not in value.op.places)
    return kept, summed, rest


def laid_out(value: Value) -> Axes:
    """The order of axes in which what falls on places is added."""
    assert isinstance(value.op, Scatter)
    kept, _, rest = _layout(value)
    return (*kept, *value.op.places, *rest)


Adding = Callable[[str, str, str, bool, bool], str]  # name, keys, values, whether places may repeat, whether zeros


def _numpy(name: str, keys: str, values: str, repeats: bool, zeros: bool) -> str:
    if repeats:
        return f"add_at({name}, ({keys},), {values})"
    sign, values = ("-", values[1:]) if values[0] == "-" and values[1:].isdecimal() and not zeros else ("+", values)
    return f"{name}[{keys}] {'' if zeros else sign}= {values}"


def _jax(name: str, keys: str, values: str, repeats: bool, zeros: bool) -> str:
    return f"{name} = {name}.at[{keys}].add({values})"


def _torch(name: str, keys: str, values: str, repeats: bool, zeros: bool) -> str:
    return f"{name} = add_at({name}, ({keys},), {values})"


def scatter(pen: Pen, value: Value, name: str, write: Adding = _numpy, arange: str = ARANGE) -> Text:
    """Zeros, or an array, with what falls on places added."""
    assert isinstance(value.op, Scatter)
    base, order = _parts(value)[0], laid_out(value)
    start = pen.empty(order)
    if base is not None:
        text = pen.operand(base, order)
        is_view = pen.is_kept(base) or text.text != pen.value(base.value).text
        start = f"{text.within(ATOM)}{pen.copied}" if is_view else text.text
    pen.lines.append(f"{name} = {start}")
    pen.lines.append(falling(pen, value, name, write, arange))
    return pen.view(Text(name), order, value.axes)


def falling(pen: Pen, value: Value, name: str, write: Adding = _numpy, arange: str = ARANGE) -> str:
    """The statement that adds what falls on places to an array."""
    assert isinstance(value.op, Scatter)
    base, core, looked = _parts(value)
    kept, summed, rest = _layout(value)
    along = (*kept, *summed)
    keys = _keys(pen, looked, kept, along, arange)
    values = pen.operand(core, (*along, *rest)).text
    return write(name, ", ".join(keys), values, bool(summed), base is None)


def chosen(pen: Pen, value: Value, name: str, arange: str = ARANGE) -> Text:
    """1 where a place is the one that is looked up."""
    assert isinstance(value.op, Chosen)
    (use,), place = value.operands, value.op.place
    left = whole(pen, use, value.axes, place.range).within(RELATION + 1)
    if place.place is not None:
        return Text(f"{left} == {place.place - 1}", RELATION)
    after = len(value.axes) - value.axes.index(place) - 1
    right = arange.format(pen.size(place.range))
    room = f"[:{', None' * after}]" if after else ""
    return Text(f"{left} == {right}{room}", RELATION)


LOOKED: Table = {Chosen: chosen, Gather: gather, Scatter: scatter}
LOOKED_BY_JAX: Table = {
    Scatter: lambda pen, value, name: scatter(pen, value, name, _jax),
}


def looked_by_torch(place: Callable[[Pen], str]) -> Table:
    """The rules for tensors; place: the device of a new one, as a keyword."""

    def arange(pen: Pen) -> str:
        return f"torch.arange({{0}}{place(pen)})"

    return {
        Chosen: lambda pen, value, name: chosen(pen, value, name, arange(pen)),
        Gather: lambda pen, value, name: gather(pen, value, name, _taken_by_torch(value), arange(pen)),
        Scatter: lambda pen, value, name: scatter(pen, value, name, _torch, arange(pen)),
    }


def _taken_by_torch(value: Value) -> str:
    """Tensors have no method that takes an axis and places of several axes: an index does."""
    assert isinstance(value.op, Gather)
    before = value.operands[0].axes.index(value.op.axis)
    return f"{{0}}[{':, ' * before}{{1}}]"


# ----- Chunked arrays --------------------------------------------------------------------------------------------


def _numbered(*groups: Axes) -> Callable[[Axes], str]:
    """Numbers for the axes of some arrays, as tuples."""
    numbers = {axis: place for place, axis in enumerate(dict.fromkeys(axis for axes in groups for axis in axes))}
    return lambda axes: repr(tuple(numbers[axis] for axis in axes))


def gather_by_dask(pen: Pen, value: Value, name: str) -> Text:
    """The elements at places of one axis, chunk by chunk; that axis is taken whole."""
    assert isinstance(value.op, Gather)
    use, looked = value.operands
    axes, axis = use.axes, value.op.axis
    numbers = _numbered(axes, looked.axes)
    kept = tuple(index for index in axes if index is not axis)
    result = tuple(dict.fromkeys((*looked.axes, *kept)))
    words = [pen.operand(use, axes).text, numbers(axes), whole(pen, looked, looked.axes, axis.range).text]
    words += [numbers(looked.axes), numbers((axis,))[1:-2], numbers(result)]
    return pen.view(Text(f"looked_up({', '.join(words)})"), result, value.axes)


def scatter_by_dask(pen: Pen, value: Value, name: str) -> Text:
    """What falls on places, added up in each chunk, and then over the chunks."""
    assert isinstance(value.op, Scatter)
    base, core, looked = _parts(value)
    places, (_, summed, _) = value.op.places, _layout(value)
    along = dict.fromkeys(axis for use, _ in looked for axis in use.axes)
    own = tuple(axis for axis in laid_out(value) if axis in places or axis in along or axis in core.axes)
    numbers = _numbered(own, (*along, *core.axes))
    pairs = [f"({whole(pen, use, use.axes, range).text}, {numbers(use.axes)})" for use, range in looked]
    sizes = [f"{numbers((axis,))[1:-2]}: {pen.size(axis.range)}" for axis in places]
    words = [pen.operand(core, core.axes).text, numbers(core.axes), f"[{', '.join(pairs)}]"]
    words += [f"{{{', '.join(sizes)}}}", numbers(own), numbers(summed), pen.dtype]
    pen.lines.append(f"{name} = fallen({', '.join(words)})")
    found = pen.view(Text(name), own, value.axes)
    return found if base is None else Text(f"{pen.operand(base, value.axes).within(ADDITION)} + {found.text}", ADDITION)


LOOKED_BY_DASK: Table = {Gather: gather_by_dask, Scatter: scatter_by_dask}
