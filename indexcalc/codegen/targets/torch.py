"""The target `torch`: a pure function of tensors, for torch.func, torch.compile and any device.

New tensors get the type and the device of the first argument that has axes.
"""

from __future__ import annotations

import re

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.codegen.convolutions.sources import OF_TORCH
from indexcalc.codegen.convolutions.windows import convolution
from indexcalc.codegen.convolutions.written import convolved
from indexcalc.codegen.programs.order import is_open
from indexcalc.codegen.programs.program import (
    RELATIONS,
    Apply,
    Assemble,
    At,
    Axes,
    Compare,
    Einsum,
    Fits,
    Item,
    Literal,
    Map,
    Normal,
    Permutation,
    Places,
    Reduce,
    Scan,
    SizeOf,
    Value,
)
from indexcalc.codegen.targets import einsum
from indexcalc.codegen.tensors import TorchPen
from indexcalc.codegen.writing import loops, places, views
from indexcalc.codegen.writing.algebra import torch_primitive
from indexcalc.codegen.writing.arrays import CHECK_PLACES_BY_TORCH, CHECKED_BY_TORCH
from indexcalc.codegen.writing.helpers import called, checks, imports
from indexcalc.codegen.writing.lookups import looked_by_torch
from indexcalc.codegen.writing.names import subscripts
from indexcalc.codegen.writing.pen import (
    ADDITION,
    ATOM,
    MULTIPLICATION,
    NEGATION,
    RELATION,
    Pen,
    Table,
    Target,
    Text,
    element,
    is_identity,
    is_mask,
    is_near,
    is_plain,
)
from indexcalc.codegen.writing.scalars import same, scalar
from indexcalc.codegen.writing.special.choosing import sources

EXTRA = {"logaddexp": "torch.logaddexp({0}, {1})"}  # what the table of functions does not hold
REDUCE = {"max": "amax", "min": "amin"}


def dimensions(over: Axes, axes: Axes) -> str:
    """The places of some axes, as torch's `dim`."""
    places = [str(place) for place, axis in enumerate(axes) if axis in over]
    return places[0] if len(places) == 1 else f"({', '.join(places)})"


# ----- Elementwise operations ------------------------------------------------------------------------------------


def elementwise(pen: Pen, value: Value, name: str) -> Text:
    """A function, element by element."""
    assert isinstance(value.op, Map) and isinstance(pen, TorchPen)
    function = value.op.function
    if function == "where":
        return choice(pen, value)
    if is_near(value):
        kind = "torch.float64" if pen.dtype == "float" else pen.dtype
        sides = [pen.tensor(use, value.axes).text for use in value.operands]
        return same(sides, f"torch.finfo({kind})", "torch")
    if function in einsum.ARITHMETIC or function in RELATIONS or function in pen.given:
        return einsum.elementwise(pen, value, name)
    if is_plain(value):
        return scalar(function, [pen.operand(use, value.axes).text for use in value.operands])
    orders = FUNCTIONS[function].orders if function in FUNCTIONS else 0
    words = [pen.operand(use, value.axes).text for use in value.operands[:orders]]
    words += [pen.tensor(use, value.axes).text for use in value.operands[orders:]]
    return Text((EXTRA.get(function) or FUNCTIONS[function].spelled("torch")).format(*words))


def choice(pen: TorchPen, value: Value) -> Text:
    """One value where a condition holds, another elsewhere."""
    condition, *sides = value.operands
    mask = pen.text(condition, value.axes)
    if not is_mask(condition.value):
        mask = Text(f"{mask.within(ADDITION)} != 0", RELATION)
    words = [pen.tensor(use, value.axes).text for use in sides]
    test = f"torch.as_tensor({mask.text}{pen.place})" if not condition.axes else mask.text
    return Text(f"torch.where({', '.join([test, *words])})")


# ----- Contractions and reductions -------------------------------------------------------------------------------


def contraction(pen: Pen, value: Value, name: str) -> Text:
    """A sum or a product where one does it, else an einsum."""
    factors = sorted(value.operands, key=lambda use: use.indices != value.axes)
    if len(factors) > 1 and factors[0].indices == value.axes and all(
        set(use.axes) <= set(value.axes) for use in factors
    ):
        words = [pen.operand(use, value.axes) for use in factors]
        return Text(" * ".join(word.within(NEGATION) for word in words), MULTIPLICATION)
    if len(factors) == 1 and len(factors[0].axes) == len(factors[0].indices):
        return total(pen, value)
    found = convolution(value)
    if found is not None:
        return convolved(pen, value, found)
    taken = [element(pen.number(use, pen.value(use.value)), use.indices) for use in value.operands]
    indices = subscripts([rest for _, rest in taken], value.axes)
    return Text(f"torch.einsum('{indices}', {', '.join(text.text for text, _ in taken)})")


def total(pen: Pen, value: Value) -> Text:
    """The sum of one tensor over axes."""
    use = value.operands[0]
    over = tuple(axis for axis in use.axes if axis not in value.axes)
    where = "" if len(over) == len(use.axes) else dimensions(over, use.axes)
    text = pen.operand(use, use.axes)
    if over:  # torch takes no axes for all axes
        text = Text(f"{text.within(ATOM)}.sum({where})")
    return pen.view(text, tuple(axis for axis in use.axes if axis in value.axes), value.axes)


def reduction(pen: Pen, value: Value, name: str) -> Text:
    """A product, maximum or minimum over axes."""
    assert isinstance(value.op, Reduce)
    use = value.operands[0]
    over = tuple(axis for axis in use.axes if axis not in value.axes)
    text = pen.operand(use, use.axes).within(ATOM)
    if over and value.op.kind in REDUCE:
        text = f"{text}.{REDUCE[value.op.kind]}({dimensions(over, use.axes)})"
    else:  # the last axis first, so that the places of the others stay
        places = [place for place, axis in enumerate(use.axes) if axis in over]
        text += "".join(f".prod({place})" for place in reversed(places))
    return pen.view(Text(text), tuple(axis for axis in use.axes if axis in value.axes), value.axes)


def normal(pen: Pen, value: Value, name: str) -> Text:
    """softmax, log_softmax, logsumexp over one axis or several; those over several see them as one."""
    assert isinstance(value.op, Normal)
    use, kind = value.operands[0], value.op.kind
    over = tuple(axis for axis in use.axes if axis in value.op.over)
    axes = tuple(axis for axis in value.axes if axis not in over)
    if kind == "logsumexp":
        return Text(f"torch.logsumexp({pen.operand(use, axes + over).text}, {dimensions(over, axes + over)})")
    text = pen.operand(use, axes + over)
    if len(over) > 1:
        text = Text(f"{text.within(ATOM)}.flatten({len(axes)})")
    text = Text(f"torch.{kind}({text.text}, {len(axes)})")
    if len(over) > 1:
        text = Text(f"{text.text}.reshape({pen.shape(axes + over)})")
    return pen.view(text, axes + over, value.axes)


# ----- Constants and structure -----------------------------------------------------------------------------------


def compare(pen: Pen, value: Value, name: str) -> Text:
    """A relation between indices."""
    assert isinstance(value.op, Compare) and isinstance(pen, TorchPen)
    sides = []
    for index in (value.op.left, value.op.right):
        if index.place is not None:
            sides.append(str(index.place - 1))
        else:
            column = len(value.axes) == 2 and index is value.axes[0]
            sides.append(f"torch.arange({pen.size(index.range)}{pen.place}){'[:, None]' if column else ''}")
    return Text(f"{sides[0]} {value.op.relation} {sides[1]}", RELATION)


def counted(pen: Pen, value: Value, name: str) -> Text:
    """The places of an index, counted from 1."""
    assert isinstance(value.op, Places) and isinstance(pen, TorchPen)
    return Text(f"torch.arange(1, {pen.size(value.op.index.range)} + 1, {pen.kind})")


def fits(pen: Pen, value: Value, name: str) -> Text:
    """A condition between places."""
    assert isinstance(pen, TorchPen)
    return places.fits(pen, value, name, f"torch.arange({{0}}{pen.place})")


def permutation(pen: Pen, value: Value, name: str) -> Text:
    """The permutation symbol."""
    assert isinstance(value.op, Permutation) and isinstance(pen, TorchPen)
    steps = pen.fresh.numbered("i")
    pen.lines.append(f"{steps} = torch.arange(3, {pen.kind})")
    first, second = f"{steps}[:, None, None]", f"{steps}[:, None]"
    pen.lines.append(f"{name} = ({first} - {second}) * ({second} - {steps}) * ({steps} - {first}) / 2")
    return pen.view(Text(name), value.op.slots, value.axes)


def assemble(pen: Pen, value: Value, name: str) -> Text:
    """Zeros with diagonals written into them."""
    assert isinstance(value.op, Assemble) and isinstance(pen, TorchPen)
    if is_identity(value):
        return Text(f"torch.eye({pen.size(value.axes[0].range)}, {pen.kind})")
    cores = list(zip(value.op.patterns, value.op.replaces, value.operands, strict=True))
    shape = pen.shape(value.axes)
    like = next((use for use in value.operands if not is_plain(use.value) and not is_mask(use.value)), None)
    if like is None:
        pen.lines.append(f"{name} = torch.zeros({shape}, {pen.kind})")
    else:  # zeros that torch.func.vmap knows to be written to
        model = pen.names.get(like.value) or pen.assign(like.value)
        pen.lines.append(f"{name} = {model}.new_zeros({shape})")
    for number, (pattern, replaces, use) in enumerate(cores):
        view, axes = diagonal(name, pattern)
        text = pen.operand(use, axes).text
        if replaces or not number:
            pen.lines.append(f"{view}[...] = {text}")
        else:
            pen.lines.append(f"{view}.add_({text})" if view != name else f"{name} += {text}")
    return Text(name)


def diagonal(name: str, pattern: Axes) -> tuple[str, Axes]:
    """A view on the elements whose axes agree with a pattern, and the order of its axes."""
    text, indices = element(Text(name), pattern)
    view = text.text
    while len(set(indices)) < len(indices):
        index = next(index for index in indices if indices.count(index) > 1)
        first = indices.index(index)
        second = indices.index(index, first + 1)
        view += f".diagonal(0, {first}, {second})"
        indices = (*(each for place, each in enumerate(indices) if place not in (first, second)), index)
    return view, indices


def complete(function: str) -> str:
    """The function as a module."""
    text = re.sub(r"(?<![\w.])np\.pi\b", "math.pi", function)
    wanted = called(text)
    helper = "".join(f"{each}\n\n" for name, each in HELPERS.items() if name in wanted)
    helper += "".join(f"{each}\n\n" for each in sources(text, "torch"))
    text = f"{helper}{text}".lstrip("\n")
    behind = checks(text, CHECKED_BY_TORCH, CHECK_PLACES_BY_TORCH)
    lines = "\n".join(imports(text + behind, others=("import torch",)))
    return f"{lines}\n\n\n{text}{behind}"


HELPERS = {
    "convolved(": OF_TORCH,
    "at(": views.AT_OF_TORCH,
    "spread(": views.SPREAD_OF_TORCH,
    "add_at(": views.ADD_AT_OF_TORCH,
}
TABLE: Table = {
    Apply: torch_primitive,
    Assemble: assemble,
    At: places.at,
    **looked_by_torch(lambda pen: pen.place if isinstance(pen, TorchPen) else ""),
    Compare: compare,
    Places: counted,
    Einsum: contraction,
    Fits: fits,
    Item: loops.item,
    Scan: loops.scan,
    Literal: einsum.literal,
    Map: elementwise,
    Normal: normal,
    Permutation: permutation,
    Reduce: reduction,
    SizeOf: einsum.size,
}


def is_split(value: Value) -> bool:
    """Whether a contraction is taken two tensors at a time."""
    return is_open(value) or einsum.is_beyond(value)


TARGET = Target(
    TABLE,
    is_split,
    pen=TorchPen,
    complete=complete,
    runs="of_torch",
)
