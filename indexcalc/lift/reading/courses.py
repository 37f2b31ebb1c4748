"""What a loop goes through: a sequence that is written out, or places along an axis with one index for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indexcalc.lift.arrays.array import Array, axis_of, number, whole_number
from indexcalc.lift.arrays.conditions import compared
from indexcalc.lift.arrays.views import Elements
from indexcalc.lift.arrays.whole import UNIT, Whole
from indexcalc.lift.errors import RaisesError, UndecidedError, UnreadableError
from indexcalc.lift.reading.solving import Rounds
from indexcalc.lift.reading.values import Items, Mapping, Ref, Span, Value
from indexcalc.terms import ONE, Index, Product, Range

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader

MOST = 64  # rounds of a sequence of things that are no numbers


def written_out(reader: Reader, value: Value, most: int = MOST) -> list[Value] | None:
    """The items of a sequence whose length is a number that is not too large; else none."""
    if isinstance(value, str):
        return list(value)
    if isinstance(value, tuple):
        return list(value)
    content = reader.content(value)
    if isinstance(content, Mapping):
        return list(content.items)
    items = reader.listed(value)
    if items is not None:
        return list(items)
    if isinstance(value, Span):
        return _numbers(value, most)
    if isinstance(value, Items):
        return _items(reader, value, most)
    array = reader.state.store.array(value)
    if not array.rank:
        return None
    length = array.axes[0].size.number
    if length is None or length > most:
        return None
    return [row(reader, value, number(n)) for n in range(length)]


def _numbers(span: Span, most: int) -> list[Value] | None:
    count = (span.stop - span.start).number
    if count is None or not -most <= count <= most * abs(span.step):
        return None
    return [whole_number(span.start + Whole.of(n)) for n in range(0, count, span.step)]


def _items(reader: Reader, value: Items, most: int) -> list[Value] | None:
    if value.kind == "reversed":
        found = written_out(reader, value.parts[0], most)
        return None if found is None else found[::-1]
    if value.kind == "enumerate":
        found = written_out(reader, value.parts[0], most)
        return None if found is None else [(number(n), each) for n, each in enumerate(found)]
    parts = [written_out(reader, each, most) for each in value.parts]
    if any(part is None for part in parts):
        return None
    return [tuple(row) for row in zip(*(part for part in parts if part is not None), strict=False)]


def row(reader: Reader, value: Value, place: Array) -> Value:
    """value[place]."""
    store = reader.state.store
    if isinstance(value, Ref):
        view = store.viewed(value, Elements((place,)))
        found = store.array(view)
        return view if found.rank or reader.library(found) == "torch" else store.new(found)
    return store.new(Elements((place,)).read(store.array(value)))


@dataclass(frozen=True)
class Course:
    """What a loop goes through with an index: start, stop, backwards, and the item of each round."""

    start: Whole
    stop: Whole
    backwards: bool
    item: Callable[[Array], Value]


def course(reader: Reader, value: Value) -> Course:
    """The course of a loop over something whose length is no number."""
    if isinstance(value, Span):
        if value.step == 1:
            return Course(value.start, value.stop, False, lambda place: place)
        if value.step == -1:
            return Course(value.stop + UNIT, value.start + UNIT, True, lambda place: place)
        raise UnreadableError(f"a range with step {value.step}")
    if isinstance(value, Items):
        return _course_of_items(reader, value)
    array = reader.state.store.array(value)
    if not array.rank:
        raise RaisesError("a number is gone through")
    return Course(Whole(), array.axes[0].size, False, lambda place: row(reader, value, place))


def _course_of_items(reader: Reader, value: Items) -> Course:
    if value.kind == "reversed":
        inner = course(reader, value.parts[0])
        return replace(inner, backwards=not inner.backwards)
    if value.kind == "enumerate":
        inner = course(reader, value.parts[0])
        if len(value.parts) > 1 or inner.start != Whole() or inner.backwards:
            raise UnreadableError("enumerate from another start")
        return replace(inner, item=lambda place: (place, inner.item(place)))
    parts = [course(reader, each) for each in value.parts]
    if any(each.start != Whole() or each.backwards for each in parts):
        raise UnreadableError("zip of ranges that do not begin at 0")
    if any(each.stop != parts[0].stop for each in parts):
        raise UndecidedError("zip of sequences of different lengths")
    return replace(parts[0], item=lambda place: tuple(each.item(place) for each in parts))


def _exact(way: Course) -> Range | None:
    """The range that has just the rounds of a loop that begins at 0; none where there is no such."""
    form = way.stop.form
    if way.start != Whole() or form is None or form.letters or form.is_constant:
        return None
    factors = axis_of(way.stop).factors
    return factors[0].range if len(factors) == 1 else None


def index_for(reader: Reader, way: Course) -> Rounds:
    """The index of a loop: over a range that holds all its rounds."""
    if not way.start.at_least():
        raise UnreadableError("a loop that may begin below 0")
    reader.rounds += 1
    exact = _exact(way)
    if exact is not None:
        index = Index("l", exact, 100000 + reader.rounds)
        return Rounds(index, ONE, way.start, way.stop, way.backwards, (way.stop - way.start).at_least(1))
    candidates: list[Range] = []
    for monomial, _ in way.stop.terms:
        for atom in monomial:
            range = atom if isinstance(atom, Range) else atom.range
            if range not in candidates:
                candidates.append(range)
    count = way.stop.number
    if count is not None and count > 0:
        from indexcalc.lift.arrays.array import range_of

        candidates.append(range_of(count))
    for range in candidates:
        if (Whole.atom(range) - way.stop).at_least():
            index = Index("l", range, 100000 + reader.rounds)
            here = Whole.atom(index)
            inside = Product(compared("<=", way.start, here), compared("<", here, way.stop))
            sure = (way.stop - way.start).at_least(1)
            return Rounds(index, inside, way.start, way.stop, way.backwards, sure)
    raise UnreadableError("how often a loop goes round is not known")
