"""The target `einsum`: code as one writes it by hand, one np.einsum a contraction, made to be read."""

from __future__ import annotations

from string import ascii_letters

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.codegen.programs.program import (
    RELATIONS,
    Apply,
    Assemble,
    Axes,
    Compare,
    Einsum,
    Literal,
    Map,
    Normal,
    Permutation,
    Places,
    Reduce,
    SizeOf,
    Use,
    Value,
)
from indexcalc.codegen.writing.algebra import primitive
from indexcalc.codegen.writing.choices import choice
from indexcalc.codegen.writing.constants import degree, is_root, may_overflow
from indexcalc.codegen.writing.lookups import LOOKED
from indexcalc.codegen.writing.loops import SHIFTED
from indexcalc.codegen.writing.names import subscripts
from indexcalc.codegen.writing.pen import (
    ADDITION,
    ATOM,
    MULTIPLICATION,
    NEGATION,
    POWER,
    RELATION,
    Pen,
    Table,
    Target,
    Text,
    axis_text,
    element,
    is_identity,
    is_mask,
    is_near,
    is_plain,
    turned,
)
from indexcalc.codegen.writing.scalars import number, same, scalar
from indexcalc.codegen.writing.signs import negated

# ----- Numbers ---------------------------------------------------------------------------------------------------


def literal(pen: Pen, value: Value, name: str) -> Text:
    """A number."""
    assert isinstance(value.op, Literal)
    return number(value.op.value)


def size(pen: Pen, value: Value, name: str) -> Text:
    """The size of a range."""
    assert isinstance(value.op, SizeOf)
    return Text(pen.size(value.op.range))


# ----- Elementwise operations ------------------------------------------------------------------------------------

EXTRA = {"logaddexp": "np.logaddexp({0}, {1})", "sqrt": "np.sqrt({0})", "sigmoid_of_minus": "sigmoid_of_minus({0})"}


def elementwise(pen: Pen, value: Value, name: str) -> Text:
    """A function, element by element."""
    assert isinstance(value.op, Map)
    function = value.op.function
    if function in ARITHMETIC:
        return ARITHMETIC[function](pen, value, name)
    if function in RELATIONS:
        return relation(pen, value, name)
    arguments = [pen.operand(use, value.axes).text for use in value.operands]
    if function in pen.given:
        return Text(f"{pen.given[function]}({', '.join(arguments)})")
    if is_plain(value):
        return scalar(function, arguments) if function != "sqrt" or is_root(value) else root(arguments[0])
    return Text(call(function, arguments))


def call(function: str, arguments: list[str]) -> str:
    """A function of arrays."""
    return (EXTRA.get(function) or FUNCTIONS[function].spelled("numpy")).format(*arguments)


def root(argument: str) -> Text:
    """The root of a Python number; its value is one too, since a number of numpy would decide the type of arrays."""
    return Text(f"{argument if argument.isalnum() else f'({argument})'}**0.5", POWER)


def addition(pen: Pen, value: Value, name: str) -> Text:
    """x + y - z."""
    text = ""
    for use in value.operands:
        sign, inner = signed(pen, use, value.axes)
        word = inner.within(MULTIPLICATION if sign == "-" else ADDITION)
        text = f"{text} {sign} {word}" if text else word if sign == "+" else negated(inner, use.value, NEGATION)
    return Text(text, ADDITION)


def signed(pen: Pen, use: Use, axes: Axes) -> tuple[str, Text]:
    """The sign of an addend, and the addend without it."""
    value = use.value
    if isinstance(value.op, Literal) and value.op.value < 0:
        return "-", number(-value.op.value)
    if value.op == Map("neg") and value not in pen.names:
        inner = value.operands[0].renamed(dict(zip(value.axes, use.indices, strict=True)))
        return "-", pen.operand(inner, axes)
    return "+", pen.operand(use, axes)


def multiplication(pen: Pen, value: Value, name: str) -> Text:
    """x * y."""
    words = [pen.operand(use, value.axes) for use in value.operands]
    if may_overflow(value):
        place = next(place for place, use in enumerate(value.operands) if degree(use.value))
        words[place] = Text(f"float({words[place].text})")
    first, *others = words
    return Text(" * ".join([first.within(MULTIPLICATION), *(each.within(NEGATION) for each in others)]), MULTIPLICATION)


def division(pen: Pen, value: Value, name: str) -> Text:
    """x / y."""
    upper, lower = (pen.operand(use, value.axes) for use in value.operands)
    return Text(f"{upper.within(MULTIPLICATION)} / {lower.within(NEGATION)}", MULTIPLICATION)


def negation(pen: Pen, value: Value, name: str) -> Text:
    """-x."""
    text = pen.operand(value.operands[0], value.axes)
    level = NEGATION if text.level >= NEGATION else MULTIPLICATION
    return Text(negated(text, value, MULTIPLICATION), level)


def power(pen: Pen, value: Value, name: str) -> Text:
    """x**y."""
    base, exponent = (pen.operand(use, value.axes) for use in value.operands)
    if is_plain(value) and is_root(value):
        return Text(f"math.pow({base.text}, {exponent.text})")
    if is_plain(value) and may_overflow(value):
        base = Text(f"float({base.text})")
    return Text(f"{base.within(ATOM)}**{exponent.within(ATOM)}", POWER)


def relation(pen: Pen, value: Value, name: str) -> Text:
    """x < y; a number stands on the right. What may differ by rounding alone is equal (see `same`)."""
    assert isinstance(value.op, Map)
    sign = value.op.function
    if is_near(value):
        return same([pen.operand(use, value.axes).text for use in value.operands], f"np.finfo({pen.dtype})")
    left, right = (pen.operand(use, value.axes).within(ADDITION) for use in value.operands)
    if isinstance(value.operands[0].value.op, Literal):
        left, right, sign = right, left, {"<": ">", "<=": ">=", "==": "=="}[sign]
    return Text(f"{left} {sign} {right}", RELATION)


ARITHMETIC = {
    "add": addition,
    "div": division,
    "mul": multiplication,
    "neg": negation,
    "pow": power,
    "where": choice,
}

# ----- Contractions and reductions -------------------------------------------------------------------------------


def contraction(pen: Pen, value: Value, name: str) -> Text:
    """A product that needs no axis moved or added is written with *, any other one as an einsum."""
    factors = sorted(value.operands, key=lambda use: use.indices != value.axes)
    aligned = all(use.indices == value.axes[len(value.axes) - len(use.indices) :] for use in factors)
    if aligned and len(factors) > 1 and factors[0].indices == value.axes:
        masks = all(is_mask(use.value) for use in factors)
        words = [(pen.operand if masks else pen.text)(use, value.axes) for use in factors]
        return Text(" * ".join(word.within(NEGATION) for word in words), MULTIPLICATION)
    return einsum(pen, value, name)


def einsum(pen: Pen, value: Value, name: str) -> Text:
    """One call of np.einsum."""
    planned = len(value.operands) > 2 and len(value.letters) > len(value.axes)
    masks = [use for use in value.operands if is_mask(use.value)]
    counted = masks if planned and _are_counted(value, masks) else masks[: len(masks) == len(value.operands)]
    words: list[str] = []
    indices: list[Axes] = []
    for use in value.operands:
        text = pen.value(use.value)
        if use in counted:
            text = pen.number(use, text)
        text, rest = element(text, use.indices)
        words.append(text.text)
        indices.append(rest)
    path = ", optimize=True" if planned else ""
    return Text(f"np.einsum('{subscripts(indices, value.axes)}', {', '.join(words)}{path})")


def _are_counted(value: Value, masks: list[Use]) -> bool:
    """Whether truth values may be summed by themselves on the path of an einsum: numpy would only say if one holds."""
    others = [use for use in value.operands if use not in masks]
    apart = set().union(value.axes, *(use.axes for use in others))
    return len(masks) > 1 or any(not set(use.axes) <= apart for use in masks)


MOST_OPERANDS = 60  # np.einsum takes 63, and a path needs room


def is_beyond(value: Value) -> bool:
    """Whether a contraction is more than one call of np.einsum takes."""
    too_many = len(value.operands) > MOST_OPERANDS or len(value.letters) > len(ascii_letters)
    return isinstance(value.op, Einsum) and too_many


def reduction(pen: Pen, value: Value, name: str) -> Text:
    """A product, maximum or minimum over axes."""
    assert isinstance(value.op, Reduce)
    use = value.operands[0]
    axes = use.axes
    text = pen.operand(use, axes).within(ATOM)
    over = [axis for axis in axes if axis not in value.axes]
    result = Text(f"{text}.{value.op.kind}({'' if len(over) == len(axes) else 'axis=' + axis_text(over, axes)})")
    return turned(result, axes, value)


def normal(pen: Pen, value: Value, name: str) -> Text:
    """softmax, log_softmax, logsumexp: shifted by the maximum, so that nothing overflows."""
    assert isinstance(value.op, Normal)
    use = value.operands[0]
    axes = use.axes if value.op.kind == "logsumexp" else value.axes
    text = pen.named(use, axes)
    where = axis_text(value.op.over, axes)
    whole = len(value.op.over) == len(axes)
    keep = "" if whole else f"axis={where}, keepdims=True"
    if value.op.kind == "logsumexp":
        peak = pen.fresh.take("peak")
        pen.lines.append(f"{peak} = {text}.max({keep})")
        total = f"np.log(np.exp({text} - {peak}).sum({'' if whole else f'axis={where}'}))"
        return turned(Text(f"{total} + {peak if whole else f'{peak}.squeeze({where})'}", ADDITION), axes, value)
    if value.op.kind == "softmax":
        pen.lines.append(f"{name} = np.exp({text} - {text}.max({keep}))")
        pen.lines.append(f"{name} /= {name}.sum({keep})")
    else:
        pen.lines.append(f"{name} = {text} - {text}.max({keep})")
        pen.lines.append(f"{name} -= np.log(np.exp({name}).sum({keep}))")
    return Text(name)


# ----- Constants and structure -----------------------------------------------------------------------------------


def compare(pen: Pen, value: Value, name: str) -> Text:
    """A relation between indices."""
    assert isinstance(value.op, Compare)
    left, right = value.op.left, value.op.right
    sides = []
    for index in (left, right):
        if index.place is not None:
            sides.append(str(index.place - 1))
        else:
            column = len(value.axes) == 2 and index is value.axes[0]
            sides.append(f"np.arange({pen.size(index.range)}){'[:, None]' if column else ''}")
    return Text(f"{sides[0]} {value.op.relation} {sides[1]}", RELATION)


def counted(pen: Pen, value: Value, name: str) -> Text:
    """The places of an index, counted from 1."""
    assert isinstance(value.op, Places)
    return Text(f"np.arange(1, {pen.size(value.op.index.range)} + 1)")


def permutation(pen: Pen, value: Value, name: str) -> Text:
    """The permutation symbol."""
    assert isinstance(value.op, Permutation)
    pen.lines.append(f"{name} = np.zeros((3, 3, 3), dtype={pen.dtype})")
    pen.lines.append(f"{name}[[0, 1, 2], [1, 2, 0], [2, 0, 1]] = 1")
    pen.lines.append(f"{name}[[0, 2, 1], [2, 1, 0], [1, 0, 2]] = -1")
    return pen.view(Text(name), value.op.slots, value.axes)


def assemble(pen: Pen, value: Value, name: str) -> Text:
    """Zeros with diagonals written into them."""
    assert isinstance(value.op, Assemble)
    if is_identity(value):
        return Text(f"np.eye({pen.size(value.axes[0].range)}{_kind(pen)})")
    if not value.operands:
        return Text(f"np.zeros({pen.shape(value.axes)}{_kind(pen)})")
    write_parts(pen, value, name)
    return Text(name)


def write_parts(pen: Pen, value: Value, name: str, first: int = 0) -> None:
    """The lines for the parts of an array from the given one on."""
    assert isinstance(value.op, Assemble)
    writes = list(zip(value.op.patterns, value.op.replaces, value.operands, strict=True))
    for part, (pattern, replaces, use) in enumerate(writes[first:], first):
        axes = tuple(dict.fromkeys(index for index in pattern if index.place is None))
        sign, text = signed(pen, use, axes)
        word = negated(text, use.value, MULTIPLICATION) if sign == "-" else text.text
        if part == 0 and axes == pattern and set(use.axes) == set(axes):
            pen.lines.append(f"{name} = {text.within(ATOM) + '.copy()' if pen.is_kept(use) else word}")
            continue
        if part == 0:
            empty = "np.empty" if axes == pattern else "zeros"
            pen.lines.append(f"{name} = {empty}({pen.shape(value.axes)}{_kind(pen)})")
        place = _place(name, pattern, axes)
        adds = part > 0 and not replaces
        pen.lines.append(f"{place} {sign}= {text.text}" if adds else f"{place} = {word}")


def _kind(pen: Pen) -> str:
    """The type of a new array, where it is not the usual one."""
    return "" if pen.dtype == "float" else f", dtype={pen.dtype}"


def _place(name: str, pattern: Axes, axes: Axes) -> str:
    """The elements of an array where the axes agree with a pattern, to be written to."""
    text, indices = element(Text(name), pattern)
    if len(set(indices)) < len(indices):
        return f"np.einsum('{subscripts([indices], axes)}', {text.text})[...]"
    return text.text if text.text != name else f"{name}[...]"


TABLE: Table = {
    **LOOKED,
    **SHIFTED,
    Apply: primitive,
    Assemble: assemble,
    Compare: compare,
    Places: counted,
    Einsum: contraction,
    Literal: literal,
    Map: elementwise,
    Normal: normal,
    Permutation: permutation,
    Reduce: reduction,
    SizeOf: size,
}
TARGET = Target(TABLE, is_beyond, associates=False)
