"""Comprehensions: lists whose items are written out where they are few, else an array with one index for all."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from indexcalc.lift.arrays.array import Array
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.errors import UnreadableError
from indexcalc.lift.reading.courses import course, index_for, written_out
from indexcalc.lift.reading.rounds import FEW, rows_of
from indexcalc.lift.reading.solving import Rounds
from indexcalc.lift.reading.values import Listed, Value

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader


def comprehended(reader: Reader, node: ast.ListComp | ast.GeneratorExp) -> Value:
    """[element for target in iterable]: a list, or an array with a first axis."""
    return _comprehended(reader, node.elt, node.generators)


def _comprehended(reader: Reader, element: ast.expr, generators: Sequence[ast.comprehension]) -> Value:
    first, *rest = generators
    if first.is_async:
        raise UnreadableError("an asynchronous comprehension")
    value = reader.value(first.iter)
    names = dict(reader.state.frame.names)
    few = written_out(reader, value, FEW)

    def body() -> Value:
        return _comprehended(reader, element, rest) if rest else reader.value(element)

    try:
        if few is not None:
            items: list[Value] = []
            for item in few:
                reader.assign(first.target, item)
                if not all(_holds(reader, each) for each in first.ifs):
                    continue
                found = body()
                items += reader.sequence(found) if rest else [found]
            return reader.state.store.new(Listed(items))
        if first.ifs:
            raise UnreadableError("a comprehension with a condition")
        way = course(reader, value)
        rounds = index_for(reader, way)
        place = Array((), Whole.atom(rounds.index).term(), "int", Whole.atom(rounds.index))
        reader.assign(first.target, way.item(place))
        cells = dict(reader.state.store.cells)
        found = reader.state.store.resolved(body())
        if any(reader.state.store.cells.get(cell) is not content for cell, content in cells.items()):
            raise UnreadableError("a comprehension changes something")
    finally:
        reader.state.frame.names = names
    return reader.state.store.new(_joined(rounds, found, bool(rest)))


def _holds(reader: Reader, condition: ast.expr) -> bool:
    found = reader.truth(reader.value(condition))
    if not isinstance(found, bool):
        raise UnreadableError("a comprehension with a condition")
    return found


def _joined(rounds: Rounds, found: Any, nested: bool) -> Array:
    """The rows of a comprehension; those of one inside are joined to one axis."""
    from indexcalc.lift.arrays.shaping import merged_axis
    from indexcalc.lift.library.making import literal

    found = literal(found) if isinstance(found, list | tuple) else found
    if not isinstance(found, Array):
        raise UnreadableError("a list of what is no array")
    rows = rows_of(rounds, found)
    return merged_axis(rows, 0, 1) if nested and rows.rank > 1 else rows
