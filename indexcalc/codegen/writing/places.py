"""Elements at affine places of an axis, and conditions between places, as source for each library."""

from __future__ import annotations

from indexcalc.affine import Form, constant
from indexcalc.codegen.programs.program import At, Axes, Fits, Value
from indexcalc.codegen.writing.pen import RELATION, Pen, Text


def start_of(pen: Pen, form: Form, shift: int) -> str:
    """The value of a form where all indices are at their first place, as text."""
    number = form.constant + sum(times for _, times in form.letters) + shift
    text = ""
    for range, times in form.sizes:
        word = pen.size(range) if abs(times) == 1 else f"{abs(times)} * {pen.size(range)}"
        text += f" {'-' if times < 0 else '+'} {word}" if text else f"{'-' if times < 0 else ''}{word}"
    if not text:
        return str(number)
    return f"{text} {'-' if number < 0 else '+'} {abs(number)}" if number else text


def at(pen: Pen, value: Value, name: str) -> Text:
    """The elements of an array at shifted places."""
    assert isinstance(value.op, At)
    (use,) = value.operands
    axis, form = value.op.axis, value.op.form
    axes = use.axes
    place = axes.index(axis)
    operand = pen.operand(use, axes).text
    operand = operand if value.op.step == 1 else f"spread({operand}, {place}, {value.op.step})"
    words = [operand, str(place), start_of(pen, form, -value.op.step)]
    along = [(axes.index(index), times) for index, times in form.letters if index in axes]
    own = [(index, times) for index, times in form.letters if index not in axes]
    words += [f"({pen.size(index.range)}, {times})" for index, times in own]
    words += [f"along={tuple(along)}"] if along else []
    if value.op.period != constant(0):
        words.append(f"period={start_of(pen, value.op.period, 0)}")
    result: Axes = (*axes[:place], *(index for index, _ in own), *axes[place + 1 :])
    return pen.view(Text(f"at({', '.join(words)})"), result, value.axes)


def fits(pen: Pen, value: Value, name: str, arange: str = "np.arange({0})") -> Text:
    """A condition between places, as truth values."""
    assert isinstance(value.op, Fits)
    text = affine(pen, value.op.form, [_along(pen, index, value.axes, arange) for index, _ in value.op.form.letters])
    return related(pen, value, text)


def affine(pen: Pen, form: Form, words: list[str]) -> str:
    """A form, for words that give the places of its indices counted from 0."""
    text = ""
    for (_, times), word in zip(form.letters, words, strict=True):
        part = word if abs(times) == 1 else f"{abs(times)} * {word}"
        text += f" {'-' if times < 0 else '+'} {part}" if text else f"{'-' if times < 0 else ''}{part}"
    start = start_of(pen, form, 0)
    if not text:
        return start
    if start[0] == "-" and start[1:].isdecimal():
        return f"{text} - {start[1:]}"
    return f"{text} + {start}" if start != "0" else text


def related(pen: Pen, value: Value, text: str) -> Text:
    """The relation of a form with 0."""
    assert isinstance(value.op, Fits)
    if value.op.period != constant(0):
        return Text(f"({text}) % ({start_of(pen, value.op.period, 0)}) == 0", RELATION)
    return Text(f"{text} {value.op.relation} 0", RELATION)


def _along(pen: Pen, index: object, axes: Axes, arange: str) -> str:
    place = next(place for place, each in enumerate(axes) if each is index)
    after = len(axes) - place - 1
    text = arange.format(pen.size(axes[place].range))
    return f"{text}[:{', None' * after}]" if after else text

