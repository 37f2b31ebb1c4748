"""Elements at other places than those where the loops are: shifted places, and those that are looked up."""

from __future__ import annotations

from indexcalc.affine import constant, size_form
from indexcalc.codegen.loops.loops import place_of
from indexcalc.codegen.loops.nests import LoopPen
from indexcalc.codegen.programs.program import At, Axes, Chosen, Fits, Gather, Use, Value
from indexcalc.codegen.programs.whole import is_whole
from indexcalc.codegen.writing import places
from indexcalc.codegen.writing.pen import ATOM, RELATION, Pen, Table, Text
from indexcalc.errors import IndexcalcError
from indexcalc.terms import Index


def element_at(pen: LoopPen, use: Use, axis: Index, place: str) -> Text:
    """An element of an operand, with a place of one of its axes."""
    outer = pen.at
    pen.at = {**outer, axis: place}
    text = pen.operand(use, ())
    pen.at = outer
    return text


def looked_up(pen: LoopPen, use: Use) -> str:
    """The place that is looked up."""
    if not is_whole(use.value):
        cause = "code for numba looks up places that arguments say, and no others"
        raise IndexcalcError(cause, "Give what is looked up as an array, or choose another backend")
    text = pen.text(use, ()).text
    return f"int({text})" if isinstance(use.value.op, At) else text


def gather(pen: Pen, value: Value, name: str) -> Text:
    """An element at a place that is looked up."""
    assert isinstance(value.op, Gather) and isinstance(pen, LoopPen)
    use, looked = value.operands
    return element_at(pen, use, value.op.axis, looked_up(pen, looked))


def chosen(pen: Pen, value: Value, name: str) -> Text:
    """Whether a place is the one that is looked up."""
    assert isinstance(value.op, Chosen) and isinstance(pen, LoopPen)
    return Text(f"{looked_up(pen, value.operands[0])} == {place_of(value.op.place, pen.at)}", RELATION)


def words(pen: LoopPen, letters: Axes) -> list[str]:
    """The places where the loops are, in brackets where they are sums."""
    found = [place_of(index, pen.at) for index in letters]
    return [each if each.isidentifier() or each.isdecimal() or each[-1:] == "]" else f"({each})" for each in found]


def at(pen: Pen, value: Value, name: str) -> Text:
    """An element at a shifted place, 0 where there is none."""
    assert isinstance(value.op, At) and isinstance(pen, LoopPen)
    form, period, axis = value.op.form, value.op.period, value.op.axis
    step = value.op.step
    place = places.affine(pen, form - constant(step), words(pen, form.free))
    if period != constant(0):
        place = f"(({place}) % ({places.start_of(pen, period, 0)}))"
        is_inside = (size_form(axis.range) - period).is_positive()
        text = element_at(pen, value.operands[0], axis, place)
        return text if is_inside else _guarded(text, [f"{place} < {pen.size(axis.range)}"])
    tests = []
    if step > 1:
        tests.append(f"({place}) % {step} == 0")
        place = f"(({place}) // {step})"
    if not (form - constant(step)).is_positive():
        tests.append(f"0 <= {place}")
    if not (size_form(axis.range).times(step) - form).is_positive():
        tests.append(f"{place} < {pen.size(axis.range)}")
    return _guarded(element_at(pen, value.operands[0], axis, place), tests)


def _guarded(text: Text, tests: list[str]) -> Text:
    """A text, or 0 where a test does not hold."""
    return Text(f"({text.text} if {' and '.join(tests)} else 0.0)", ATOM) if tests else text


def fits(pen: Pen, value: Value, name: str) -> Text:
    """A condition between places."""
    assert isinstance(value.op, Fits) and isinstance(pen, LoopPen)
    form = value.op.form
    return places.related(pen, value, places.affine(pen, form, words(pen, form.free)))


ELSEWHERE: Table = {At: at, Chosen: chosen, Fits: fits, Gather: gather}
